//! What stands around every page: who is signed in, where one can go, and where the entries are saved.

mod banners;
mod looks;
mod pages;
mod place;
mod routes;
mod staff_menu;
mod sync_pill;

use crate::{
    icon::Icon,
    lock::Door,
    ports::{OpenPhotoRoom, Vault},
    sign_in::SIGN_IN,
    today::TodayPage,
    workspace::{Workspace, use_workspace},
};
use banners::Banners;
use leptos::prelude::*;
use leptos_router::{
    components::{A, Router},
    hooks::use_location,
};
use looks::note_looks;
use pages::{OtherPages, SecondPiece, name_the_page};
use place::{Stepped, place_in_page};
use staff_menu::StaffMenu;
use std::rc::Rc;
pub use sync_pill::{SyncPill, pill};

/// The staff's app: one shell, whichever address it was opened at.
#[component]
pub fn StaffApp(workspace: Workspace, vault: Rc<dyn Vault>, open_photos: OpenPhotoRoom) -> impl IntoView {
    provide_context(workspace);
    provide_context(Door::new(vault));
    provide_context(open_photos);
    provide_context(SecondPiece::fetch());
    provide_context(Stepped::listen());
    view! {
        <Router>
            <Shell />
        </Router>
    }
}

#[component]
fn Shell() -> impl IntoView {
    let location = use_location();
    // Told apart here, without the router's tables: those come with the second piece.
    let shows_a_day = Memo::new(move |_| location.pathname.with(|path| path == "/" || path.starts_with("/day/") || path == SIGN_IN));
    let charting = move || location.pathname.with(|path| path.starts_with("/clients/") && path.contains("/sessions/"));
    let place = place_in_page();
    note_looks();
    view! {
        <a class="skip" href="#main">
            "Skip to the page"
        </a>
        <div class="shell" class:is-chart=charting>
            <Banners />
            <header class="top">
                <ClinicName />
                <SyncPill />
                <StaffMenu />
            </header>
            <Rail />
            <main id="main" tabindex="-1" node_ref=place.scroller on:scroll=move |_| place.scrolled()>
                <Show when=move || shows_a_day.get()>
                    <Day />
                </Show>
                <OtherPages shows_a_day />
            </main>
        </div>
    }
}

#[component]
fn Day() -> impl IntoView {
    name_the_page("Today");
    view! { <TodayPage /> }
}

#[component]
fn ClinicName() -> impl IntoView {
    let workspace = use_workspace();
    let name = move || workspace.catalogue().map_or_else(|| "Cadence".to_owned(), |catalogue| catalogue.name.clone());
    view! {
        <A href="/" attr:class="brand">
            <svg class="mark" aria-hidden="true">
                <use href="/icons.svg#mark" />
            </svg>
            <span class="brand-name">{name}</span>
            <span class="vh">": Today"</span>
        </A>
    }
}

#[component]
fn Rail() -> impl IntoView {
    let workspace = use_workspace();
    let waiting = Memo::new(move |_| workspace.attention_count());
    let edits = move || workspace.edits_catalogue();
    let sees_numbers = move || workspace.sees_numbers();
    view! {
        <nav class="rail" aria-label="Main">
            <A href="/" exact=true>
                <Icon name="today" />
                <span>"Today"</span>
            </A>
            <A href="/calendar">
                <Icon name="calendar" />
                <span>"Calendar"</span>
            </A>
            <A href="/clients">
                <Icon name="clients" />
                <span>"Clients"</span>
            </A>
            <A href="/sessions">
                <Icon name="list" />
                <span>"Sessions"</span>
            </A>
            <A href="/attention">
                <Icon name="attention" />
                <span class="rail-words">
                    <span>"Needs "</span>
                    "attention"
                </span>
                <Show when=move || { waiting.get() > 0 }>
                    <span class="badge" aria-hidden="true">
                        {waiting}
                    </span>
                    <span class="vh">", " {waiting} " waiting"</span>
                </Show>
            </A>
            <Show when=sees_numbers>
                <A href="/numbers">
                    <Icon name="numbers" />
                    <span>"Numbers"</span>
                </A>
            </Show>
            <Show when=edits>
                <A href="/settings">
                    <Icon name="settings" />
                    <span>"Settings"</span>
                </A>
            </Show>
        </nav>
    }
}
