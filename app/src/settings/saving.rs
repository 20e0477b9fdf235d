//! How a save stands, and how it is told.

use super::focus::focus_first_fault;
use crate::{
    api::{self, ApiError, CatalogueEdit},
    icon::Icon,
    workspace::Workspace,
};
use leptos::{prelude::*, task::spawn_local};

/// How the last save went.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Busy,
    Saved,
    Refused(Vec<String>),
}

/// How saving one entry stands.
#[derive(Clone, Copy)]
pub struct Saving(RwSignal<State>);

impl Saving {
    pub fn new() -> Self {
        Self(RwSignal::new(State::Idle))
    }

    pub fn is_busy(&self) -> bool {
        self.0.with(|state| *state == State::Busy)
    }

    fn is_saved(&self) -> bool {
        self.0.with(|state| *state == State::Saved)
    }

    fn refusal(&self) -> Option<Vec<String>> {
        self.0.with(|state| match state {
            State::Refused(words) => Some(words.clone()),
            State::Idle | State::Busy | State::Saved => None,
        })
    }

    pub fn begin(&self) {
        self.0.set(State::Busy);
    }

    /// Sends an edit. What follows from its being saved is done in `settle`: by then the person may have typed on, and the
    /// page may be gone.
    pub fn send(self, edit: CatalogueEdit, workspace: Workspace, settle: impl FnOnce() + 'static) {
        self.begin();
        spawn_local(async move {
            let result = api::edit_catalogue(edit).await;
            if result.is_ok() {
                settle();
            }
            self.finish(&result, workspace);
        });
    }

    /// Sends what was read of an editor's inputs, or tells what is wrong with it. `settle` gets what was saved.
    pub fn send_read<T: Clone + 'static>(
        self,
        read: Result<T, Vec<String>>,
        edit: fn(T) -> CatalogueEdit,
        workspace: Workspace,
        settle: impl FnOnce(T) + 'static,
    ) {
        match read {
            Ok(read) => self.send(edit(read.clone()), workspace, move || settle(read)),
            Err(faults) => self.refuse(faults),
        }
    }

    /// Tells what is wrong before anything was sent, and leads to the first input that is.
    pub fn refuse(&self, mut faults: Vec<String>) {
        faults.dedup();
        self.0.set(State::Refused(faults));
        focus_first_fault();
    }

    /// Tells how it ended. The page may be gone by now.
    pub fn finish(&self, result: &Result<(), ApiError>, workspace: Workspace) {
        let state = match result {
            Ok(()) => State::Saved,
            Err(ApiError::Invalid(faults)) => State::Refused(faults.clone()),
            // Whether it arrived is not known without an answer, so this does not claim that nothing was saved.
            Err(error @ (ApiError::Unreachable | ApiError::Internal)) => {
                State::Refused(vec![error.to_string(), "What you typed is still here; try again once you are online.".to_owned()])
            }
            Err(error) => State::Refused(vec![error.to_string(), "What you typed is still here.".to_owned()]),
        };
        self.0.try_set(state);
        // After a success the catalogue comes with it; after a refusal, what the refusal was about.
        workspace.sync();
    }
}

/// What was read, if there is nothing wrong with it.
pub fn faultless<T>(read: T, faults: Vec<String>) -> Result<T, Vec<String>> {
    if faults.is_empty() { Ok(read) } else { Err(faults) }
}

/// Why the last save was refused.
#[component]
pub fn Refusal(saving: Saving) -> impl IntoView {
    view! {
        <Show when=move || saving.refusal().is_some()>
            <p class="say is-refused" role="alert">
                <Icon name="refuse" />
                <span>
                    {move || {
                        let words = saving.refusal().unwrap_or_default();
                        words.into_iter().map(|words| view! { <span class="say-line">{words}</span> }).collect_view()
                    }}
                </span>
            </p>
        </Show>
    }
}

/// Tells of a version that arrived while something is typed over an older one, and shows it when asked.
#[component]
pub fn NewerNotice(newer: Signal<Option<u32>>, #[prop(into)] changed: Signal<bool>, show: Callback<()>) -> impl IntoView {
    let words = Signal::derive(move || {
        let version = newer.get().filter(|_| changed.get())?;
        Some(format!(
            "Version {version} was saved meanwhile. What you typed is still here, but it was typed over an older version and \
             cannot be saved. Show version {version}, then enter your changes again."
        ))
    });
    let show_words = Signal::derive(move || format!("Show version {}", newer.get().unwrap_or_default()));
    view! { <Meanwhile words show_words show /> }
}

/// As [`NewerNotice`], for what has no versions.
#[component]
pub fn OtherNotice(other: Signal<bool>, #[prop(into)] changed: Signal<bool>, show: Callback<()>) -> impl IntoView {
    let words = Signal::derive(move || {
        (other.get() && changed.get()).then(|| {
            "A colleague changed this meanwhile. What you typed is still here, but it cannot be saved over theirs. Show what \
             is saved, then enter your changes again."
                .to_owned()
        })
    });
    view! { <Meanwhile words show_words=Signal::stored("Show what is saved".to_owned()) show /> }
}

#[component]
fn Meanwhile(words: Signal<Option<String>>, show_words: Signal<String>, show: Callback<()>) -> impl IntoView {
    view! {
        <div role="status" class="newer">
            <Show when=move || words.with(Option::is_some)>
                <p class="say is-warn">
                    <Icon name="alert" />
                    <span>{words}</span>
                </p>
                <button class="btn" type="button" on:click=move |_| show.run(())>
                    {show_words}
                </button>
            </Show>
        </div>
    }
}

/// The button that saves, and beside it that it did.
#[component]
pub fn SaveButton(
    saving: Saving,
    #[prop(into)] words: Signal<String>,
    /// Whether there is anything to save.
    #[prop(into)]
    ready: Signal<bool>,
    #[prop(into)] changed: Signal<bool>,
    save: Callback<()>,
) -> impl IntoView {
    let waits = move || saving.is_busy() || !ready.get();
    let click = move |_| {
        if !untrack(waits) {
            save.run(());
        }
    };
    view! {
        <span class="save-state" role="status">
            <Show when=move || saving.is_saved() && !changed.get()>
                <Icon name="check-circle" />
                "Saved"
            </Show>
        </span>
        <button class="btn primary" type="button" aria-disabled=move || waits().to_string() on:click=click>
            {move || if saving.is_busy() { "Saving…".to_owned() } else { words.get() }}
        </button>
    }
}
