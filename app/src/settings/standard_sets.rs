//! A clinic's first sets of views: the standard ones, saved one after the other.

use super::{focus::focus_soon, side_list::HEADING};
use crate::{
    api::{self, ApiError, CatalogueEdit},
    icon::Icon,
    this_tab::of_this_tab,
    workspace::{Workspace, use_workspace},
};
use domain::view::{ViewSet, standard_sets};
use leptos::{prelude::*, task::spawn_local};

/// How far saving them is. It lasts as long as the tab, so that what failed can be gone on with after looking elsewhere.
#[derive(Clone, Copy)]
struct StandardSets {
    /// Those that are not saved yet, once it was begun. They keep their ids, so that none is saved twice.
    waiting: RwSignal<Vec<ViewSet>>,
    /// How many there were.
    all: RwSignal<usize>,
    state: RwSignal<State>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Busy,
    Failed(String),
    Done,
}

impl StandardSets {
    fn new() -> Self {
        Self { waiting: RwSignal::new(Vec::new()), all: RwSignal::new(0), state: RwSignal::new(State::Idle) }
    }

    fn is(&self, state: &State) -> bool {
        self.state.with(|is| is == state)
    }

    fn saved(&self) -> usize {
        self.all.get() - self.waiting.with(Vec::len)
    }

    fn begin(&self, sets: Vec<ViewSet>) {
        self.all.set(sets.len());
        self.waiting.set(sets);
    }

    /// Begins, or goes on with those that are left.
    fn save(self, workspace: Workspace) {
        if untrack(|| self.is(&State::Busy)) {
            return;
        }
        if self.waiting.with_untracked(Vec::is_empty) {
            self.begin(standard_sets(|| workspace.new_id()));
        }
        self.state.set(State::Busy);
        spawn_local(async move {
            self.send_all(api::edit_catalogue).await;
            workspace.sync();
        });
    }

    /// Sends one after the other, until one is refused.
    async fn send_all<F: Future<Output = Result<(), ApiError>>>(&self, send: impl Fn(CatalogueEdit) -> F) {
        while let Some(Some(set)) = self.waiting.try_with_untracked(|waiting| waiting.first().cloned()) {
            match send(CatalogueEdit::ViewSet(set)).await {
                // Its id was made here: what stands there already is this very set, whose answer was lost.
                Ok(()) | Err(ApiError::Stale) => {
                    self.waiting.try_update(|waiting| waiting.remove(0));
                }
                Err(error) => {
                    self.state.try_set(State::Failed(error.to_string()));
                    return;
                }
            }
        }
        self.state.try_set(State::Done);
    }

    fn button_words(&self) -> String {
        match self.state.get() {
            State::Idle | State::Done => "Start from the standard sets".to_owned(),
            State::Busy => format!("Saving {} of {}…", self.saved() + 1, self.all.get()),
            State::Failed(_) if self.saved() == 0 => "Try again".to_owned(),
            State::Failed(_) => format!("Save the other {}", self.waiting.with(Vec::len)),
        }
    }

    fn told(&self) -> Option<String> {
        match self.state.get() {
            State::Idle | State::Failed(_) => None,
            State::Busy => self.waiting.with(|waiting| waiting.first().map(|set| format!("Saving “{}”.", set.name))),
            State::Done => Some(format!("All {} standard sets are saved.", self.all.get())),
        }
    }

    fn refusal(&self) -> Option<String> {
        let State::Failed(error) = self.state.get() else { return None };
        Some(format!("{error} {} of {} standard sets are saved.", self.saved(), self.all.get()))
    }
}

/// Offered while the clinic has no set; then how it goes, and what is left if it does not.
#[component]
pub fn StandardSetsOffer() -> impl IntoView {
    let workspace = use_workspace();
    let standard = of_this_tab(StandardSets::new);
    let none = Memo::new(move |_| workspace.catalogue().is_some_and(|catalogue| catalogue.view_sets.is_empty()));
    if untrack(|| standard.is(&State::Done)) {
        // It was told before the page was left.
        standard.state.set(State::Idle);
    }
    let offered = move || match standard.state.get() {
        State::Idle => none.get(),
        State::Busy | State::Failed(_) => true,
        State::Done => false,
    };
    let busy = move || standard.is(&State::Busy);
    // The first form is there only once the sets have come back with the catalogue.
    Effect::new(move |begun: Option<bool>| {
        let begun = busy() || begun == Some(true);
        let arrived = begun && standard.is(&State::Done) && !none.get();
        if arrived {
            go_on_at_the_form();
        }
        begun && !arrived
    });
    view! {
        <Show when=offered>
            <button
                class="btn primary"
                type="button"
                aria-disabled=move || busy().to_string()
                on:click=move |_| standard.save(workspace)
            >
                {move || standard.button_words()}
            </button>
        </Show>
        <div role="status" class="newer">
            {move || standard.told().map(|words| view! { <p class="soft small">{words}</p> })}
        </div>
        {move || {
            standard
                .refusal()
                .map(|words| {
                    view! {
                        <p class="say is-refused" role="alert">
                            <Icon name="refuse" />
                            <span>{words}</span>
                        </p>
                    }
                })
        }}
    }
}

/// The button goes away with what it did. Whoever was on it goes on at the first set; whoever is elsewhere by now stays there.
fn go_on_at_the_form() {
    request_animation_frame(|| {
        if document().active_element().is_none_or(|at| at.tag_name() == "BODY") {
            focus_soon(HEADING.to_owned());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::reactive::owner::Owner;
    use std::{
        cell::RefCell,
        pin::pin,
        task::{Context, Poll, Waker},
    };
    use uuid::Uuid;

    fn done_at_once(work: impl Future<Output = ()>) {
        assert_eq!(pin!(work).poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(()));
    }

    #[test]
    fn what_failed_is_gone_on_with_and_nothing_is_saved_twice() {
        let owner = Owner::new();
        owner.set();
        let mut n = 0;
        let standard = StandardSets::new();
        standard.begin(standard_sets(|| {
            n += 1;
            Uuid::from_u128(n)
        }));
        let sent = RefCell::new(Vec::new());
        let clinic = |answer: fn(usize) -> Result<(), ApiError>| {
            let sent = &sent;
            move |edit| {
                let CatalogueEdit::ViewSet(set) = edit else { panic!("only sets are sent") };
                sent.borrow_mut().push(set.name);
                std::future::ready(answer(sent.borrow().len()))
            }
        };
        done_at_once(standard.send_all(clinic(|n| if n < 3 { Ok(()) } else { Err(ApiError::Unreachable) })));
        assert_eq!(*sent.borrow(), ["Face", "Face, at rest and in motion", "Body"]);
        assert_eq!(standard.refusal().unwrap(), "The clinic's server cannot be reached. 2 of 5 standard sets are saved.");
        assert_eq!(standard.button_words(), "Save the other 3");
        sent.borrow_mut().clear();
        // The third had arrived; only its answer was lost.
        done_at_once(standard.send_all(clinic(|n| if n == 1 { Err(ApiError::Stale) } else { Ok(()) })));
        assert_eq!(*sent.borrow(), ["Body", "Legs", "Armpits"]);
        assert_eq!((standard.refusal(), standard.told().unwrap().as_str()), (None, "All 5 standard sets are saved."));
    }
}
