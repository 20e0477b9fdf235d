//! What stands around every page: who is signed in, where one can go, and where the entries are saved.

mod banners;
mod pages;
mod staff_menu;
mod sync_pill;

use crate::{
    icon::Icon,
    sign_in::Arriving,
    today::TodayPage,
    workspace::{Workspace, use_workspace},
};
use banners::Banners;
use leptos::prelude::*;
use leptos_router::{
    components::{A, Route, Router, Routes},
    hooks::use_location,
    path,
};
use pages::{Page, SecondPiece, name_the_page};
use staff_menu::StaffMenu;
pub use sync_pill::{SyncPill, pill};

/// The staff's app: one shell, whichever address it was opened at.
#[component]
pub fn StaffApp(workspace: Workspace) -> impl IntoView {
    provide_context(workspace);
    provide_context(SecondPiece::fetch());
    view! {
        <Router>
            <Show when=move || workspace.signed_in.with(Option::is_some) fallback=|| view! { <Arriving /> }>
                <Shell />
            </Show>
        </Router>
    }
}

#[component]
fn Shell() -> impl IntoView {
    let location = use_location();
    let charting = move || location.pathname.with(|path| path.starts_with("/clients/") && path.contains("/sessions/"));
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
            <main id="main" tabindex="-1">
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=Day />
                    <Route path=path!("/day/:day") view=Day />
                    <Route path=path!("/clients") view=|| view! { <Page title="Clients" which=|pages| pages.clients /> } />
                    <Route path=path!("/clients/:client") view=|| view! { <Page title="Client" which=|pages| pages.client /> } />
                    <Route path=path!("/clients/:client/sessions/:session") view=|| view! { <Page title="Chart" which=|pages| pages.charting /> } />
                    <Route path=path!("/calendar") view=|| view! { <Page title="Calendar" which=|pages| pages.calendar /> } />
                    <Route path=path!("/billing") view=|| view! { <Page title="Billing exceptions" which=|pages| pages.billing /> } />
                    <Route path=path!("/clients/:client/consent/:form") view=|| view! { <Page title="Consent" which=|pages| pages.consent /> } />
                    <Route path=path!("/attention") view=|| view! { <Page title="Needs attention" which=|pages| pages.attention /> } />
                    <Route path=path!("/settings") view=|| view! { <Page title="Devices · Settings" which=|pages| pages.devices /> } />
                    <Route path=path!("/sessions") view=|| view! { <Page title="Treatment sessions" which=|pages| pages.sessions /> } />
                    <Route path=path!("/sessions/:client/:session") view=|| view! { <Page title="Treatment session" which=|pages| pages.session /> } />
                    <Route path=path!("/settings/packages") view=|| view! { <Page title="Packages · Settings" which=|pages| pages.packages /> } />
                    <Route path=path!("/settings/forms") view=|| view! { <Page title="Consent forms · Settings" which=|pages| pages.forms /> } />
                    <Route path=path!("/settings/hours") view=|| view! { <Page title="Hours · Settings" which=|pages| pages.hours /> } />
                    <Route path=path!("/settings/rooms") view=|| view! { <Page title="Rooms · Settings" which=|pages| pages.rooms /> } />
                    <Route path=path!("/settings/rules") view=|| view! { <Page title="Rules · Settings" which=|pages| pages.rules /> } />
                    <Route path=path!("/settings/templates") view=|| view! { <Page title="Templates · Settings" which=|pages| pages.templates /> } />
                    <Route path=path!("/sign-in") view=Day />
                </Routes>
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
    let edits = move || workspace.signed_in.with(|who| who.as_ref().is_some_and(|who| who.role.edits_catalogue()));
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
                <span>"Needs attention"</span>
                <Show when=move || { waiting.get() > 0 }>
                    <span class="badge" aria-hidden="true">
                        {waiting}
                    </span>
                    <span class="vh">", " {waiting} " waiting"</span>
                </Show>
            </A>
            <Show when=edits>
                <A href="/settings">
                    <Icon name="settings" />
                    <span>"Settings"</span>
                </A>
            </Show>
        </nav>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <div class="page">
            <div class="card empty">
                <Icon name="search" />
                <h1>"There is no such page"</h1>
                <p>"The address may be mistyped, or of a client another clinic has."</p>
                <A href="/" attr:class="btn primary">
                    "Go to Today"
                </A>
            </div>
        </div>
    }
}
