//! Photographs a session asks for: taken, or skipped with a reason.

use super::{capture_address, why::Why};
use crate::{half_typed::half_typed, icon::Icon, problem::Problem, recording::Recording, sheet::Sheet, words, workspace::use_workspace};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    command::Change,
    ids::{ClientId, SessionId},
    photo::Due,
};
use leptos::{ev::SubmitEvent, prelude::*};

/// Id of the line that asks.
pub const PHOTOS_DUE: &str = "photos-due";

/// `Photographs of the first session: 5 views`
pub fn due_words(due: &Due) -> String {
    format!("Photographs of the {}: {}", due.why.label(), words::count(due.missing.len() as u64, "view", "views"))
}

/// What is due of a session that is not signed yet.
pub fn due_in(chart: &Chart, session: SessionId, catalogue: &Catalogue) -> Option<Due> {
    let open = chart.session(session).is_some_and(|session| session.signed.is_none());
    chart.photos_due(session, catalogue).filter(|_| open)
}

/// A line that asks for them; nothing where none are due.
#[component]
pub fn PhotosDue(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let due = Memo::new(move |_| {
        let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue())?;
        due_in(&chart, session, &catalogue).map(|due| due_words(&due))
    });
    let asking = RwSignal::new(false);
    view! {
        <Show when=move || due.with(Option::is_some)>
            <div class="say photos-due" id=PHOTOS_DUE>
                <Icon name="camera" />
                <span>{move || due.get()}</span>
                <div class="btn-row">
                    <button class="btn" type="button" on:click=move |_| asking.set(true)>
                        "Skip"
                    </button>
                    <a class="btn soft-fill" href=capture_address(client, session)>
                        "Take them"
                    </a>
                </div>
            </div>
        </Show>
        <Show when=move || asking.get()>
            <SkipSheet client session close=Callback::new(move |()| asking.set(false)) />
        </Show>
    }
}

const USUAL: [&str; 4] = ["The client does not want any", "The client came made up", "Not enough time", "Nothing to be seen yet"];

/// Asks why.
#[component]
pub fn SkipSheet(client: ClientId, session: SessionId, close: Callback<()>) -> impl IntoView {
    let recording = Recording::new(client);
    let half_typed = half_typed(&format!("skip-photos/{session}"));
    let reason = half_typed.text;
    let kept = StoredValue::new(half_typed);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return recording.refuse("Say why; whoever looks for the photographs later will ask.");
        }
        let change = Change::SkipPhotos { session, reason: typed.clone() };
        recording.record(change, "The photographs were not skipped.", move || {
            kept.with_value(|kept| kept.saved(&typed));
            close.run(());
        });
    };
    view! {
        <Sheet title="Skip the photographs" close>
                <form class="plan-form" on:submit=save>
                    <Why id="skip-why" label="Why are they skipped?" usual=&USUAL reason />
                    <Problem words=recording.problem />
                    <div class="btn-row">
                        <button class="btn big primary" type="submit" aria-disabled=move || recording.busy.get().to_string()>
                            "Skip them"
                        </button>
                        <button class="btn big" type="button" on:click=move |_| close.run(())>
                            "Back"
                        </button>
                    </div>
                </form>
        </Sheet>
    }
}
