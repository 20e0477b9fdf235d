use super::{pad::PinPad, use_door};
use crate::{
    api::installation::{LEASE_HOURS, LOCKS_AFTER_MINUTES, pin_fault},
    icon::Icon,
    ports::Pin,
    workspace::use_workspace,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;

/// What is typed at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The PIN there is.
    Was,
    New,
    Again,
    Done,
}

/// Choosing a PIN, changing it, or telling this device the one there is.
#[component]
pub fn PinPage() -> impl IntoView {
    let (door, workspace) = (use_door(), use_workspace());
    let begins = move || if door.pin.get_untracked() == Pin::None { Step::New } else { Step::Was };
    let (step, typed, busy) = (RwSignal::new(begins()), RwSignal::new(String::new()), RwSignal::new(false));
    let (was, new, problem) = (StoredValue::new(None::<String>), StoredValue::new(String::new()), RwSignal::new(None::<String>));
    // Known a moment after the page is there.
    Effect::new(move |_| {
        if door.pin.get() != Pin::None && step.get_untracked() == Step::New && was.with_value(Option::is_none) && !busy.get_untracked() {
            step.set(Step::Was);
        }
    });
    let save = move |pin: String| {
        busy.set(true);
        spawn_local(async move {
            let answer = door.vault().choose_pin(&pin, was.get_value().as_deref()).await;
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    door.pin.try_set(Pin::Here);
                    step.try_set(Step::Done);
                }
                Err(error) => {
                    problem.try_set(Some(error.to_string()));
                    step.try_set(begins());
                }
            }
        });
    };
    let tell_this_device = move |pin: String| {
        let Some(staff) = workspace.signed_in.with_untracked(|who| who.as_ref().map(|who| who.staff)) else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = door.vault().open(staff, &pin).await;
            busy.try_set(false);
            match answer {
                Ok(()) if door.pin.try_get_untracked() == Some(Pin::Elsewhere) => {
                    door.pin.try_set(Pin::Here);
                    step.try_set(Step::Done);
                }
                Ok(()) => {
                    was.set_value(Some(pin));
                    step.try_set(Step::New);
                }
                Err(error) => {
                    problem.try_set(Some(error.to_string()));
                }
            }
        });
    };
    let whole = move |pin: String| {
        typed.set(String::new());
        problem.set(None);
        match step.get_untracked() {
            Step::Was => tell_this_device(pin),
            Step::New => match pin_fault(&pin) {
                Some(fault) => problem.set(Some(fault.to_owned())),
                None => {
                    new.set_value(pin);
                    step.set(Step::Again);
                }
            },
            Step::Again if new.with_value(|new| *new == pin) => save(pin),
            Step::Again => {
                problem.set(Some("The two were not the same. Choose it once more.".to_owned()));
                step.set(Step::New);
            }
            Step::Done => {}
        }
    };
    let words = move || match (step.get(), door.pin.get()) {
        (Step::Was, Pin::Elsewhere) => "Type your PIN once, and it opens this device too.",
        (Step::Was, _) => "Type the PIN you have now.",
        (Step::New, _) => "Type six digits that nobody guesses.",
        (Step::Again, _) => "And once more.",
        (Step::Done, _) => "",
    };
    view! {
        <div class="page pin-page">
            <h1>"Your PIN"</h1>
            <p class="soft">
                "With it you open this device in two seconds, for " {LEASE_HOURS} " hours also without the network. It locks by itself after "
                {LOCKS_AFTER_MINUTES} " minutes, and colleagues who share it see nothing of what you left open."
            </p>
            <Show when=move || problem.with(Option::is_some)>
                <p class="say is-refused" role="alert">
                    <Icon name="refuse" />
                    <span>{move || problem.get()}</span>
                </p>
            </Show>
            <Show
                when=move || step.get() != Step::Done
                fallback=|| {
                    view! {
                        <p class="say is-ok" role="status">
                            <Icon name="check-circle" />
                            <span>"Your PIN opens this device."</span>
                        </p>
                        <A href="/" attr:class="btn primary">
                            "Go to Today"
                        </A>
                    }
                }
            >
                <div class="card pin-card">
                    <p role="status">{move || if busy.get() { "Asking the clinic’s server…" } else { words() }}</p>
                    <PinPad typed busy=busy.into() whole />
                </div>
            </Show>
        </div>
    }
}
