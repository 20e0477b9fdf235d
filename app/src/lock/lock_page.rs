use super::pad::PinPad;
use crate::{
    api::SignedIn,
    icon::Icon,
    ports::{OpenError, Vault},
    sign_in::go_to_sign_in,
};
use leptos::{prelude::*, task::spawn_local};
use std::rc::Rc;

/// What stands on the screen until somebody has opened this browser: who may, and the PIN.
#[component]
pub fn LockPage(
    vault: Rc<dyn Vault>,
    /// Those who may open it by PIN, last first.
    people: Vec<SignedIn>,
    /// Why nobody is let in without, when that is worth saying.
    problem: Option<String>,
    /// Somebody was let in.
    #[prop(into)]
    opened: Callback<()>,
) -> impl IntoView {
    let nobody = people.is_empty();
    let person = RwSignal::new(people.first().filter(|_| people.len() == 1).cloned());
    let vault = StoredValue::new_local(vault);
    let several = people.len() > 1;
    let choices = StoredValue::new(people);
    view! {
        <main class="sign-in lock" id="main">
            <div class="sign-in-card">
                <p class="sign-in-brand">
                    <svg class="mark" aria-hidden="true">
                        <use href="/icons.svg#mark" />
                    </svg>
                    "Cadence"
                </p>
                {problem
                    .map(|problem| {
                        view! {
                            <p class="say is-warn" role="status">
                                <Icon name="cloud-off" />
                                <span>{problem}</span>
                            </p>
                        }
                    })}
                {if nobody {
                    view! { <Nobody /> }.into_any()
                } else {
                    view! {
                        <Show
                            when=move || person.with(Option::is_some)
                            fallback=move || view! { <Who people=choices.get_value() person /> }
                        >
                            <ByPin vault person several opened />
                        </Show>
                    }
                        .into_any()
                }}
                <button class="btn wide" type="button" on:click=|_| go_to_sign_in()>
                    {if nobody { "Sign in" } else { "Sign in with a password" }}
                </button>
            </div>
        </main>
    }
}

#[component]
fn Nobody() -> impl IntoView {
    view! {
        <h1>"Nobody is signed in here"</h1>
        <p class="soft">
            "Signing in needs the network once; with a PIN a whole day can be charted without. Nothing saved on this device is lost."
        </p>
    }
}

#[component]
fn Who(people: Vec<SignedIn>, person: RwSignal<Option<SignedIn>>) -> impl IntoView {
    let choice = |who: SignedIn| {
        let (name, role) = (who.name.clone(), who.role.label());
        view! {
            <li>
                <button class="lock-person" type="button" on:click=move |_| person.set(Some(who.clone()))>
                    <span>
                        <b>{name}</b>
                        <span class="soft">{role}</span>
                    </span>
                    <Icon name="right" />
                </button>
            </li>
        }
    };
    view! {
        <h1>"Who is here?"</h1>
        <ul class="lock-people">{people.into_iter().map(choice).collect_view()}</ul>
    }
}

#[component]
fn ByPin(
    vault: StoredValue<Rc<dyn Vault>, LocalStorage>,
    person: RwSignal<Option<SignedIn>>,
    several: bool,
    opened: Callback<()>,
) -> impl IntoView {
    let (typed, busy, wrong) = (RwSignal::new(String::new()), RwSignal::new(false), RwSignal::new(None::<OpenError>));
    let whole = move |pin: String| {
        let Some(who) = person.get_untracked() else { return };
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            let answer = vault.get_value().open(who.staff, &pin).await;
            busy.try_set(false);
            typed.try_set(String::new());
            match answer {
                Ok(()) => opened.run(()),
                Err(error) => {
                    wrong.try_set(Some(error));
                }
            }
        });
    };
    let name = move || person.with(|who| who.as_ref().map(|who| who.name.clone()));
    view! {
        <h1>{name}</h1>
        <p class="soft" role="status">
            {move || if busy.get() { "Opening…" } else { "Type your PIN." }}
        </p>
        <Show when=move || wrong.with(Option::is_some)>
            <p class="say is-refused" role="alert">
                <Icon name="refuse" />
                <span>{move || wrong.with(|wrong| wrong.as_ref().map(ToString::to_string))}</span>
            </p>
        </Show>
        <PinPad typed busy=busy.into() whole />
        <Show when=move || several>
            <button class="btn wide" type="button" on:click=move |_| person.set(None)>
                "Somebody else"
            </button>
        </Show>
    }
}
