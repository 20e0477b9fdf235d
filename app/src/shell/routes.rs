//! Where each page is.

use super::pages::name_the_page;
use crate::{
    attention::AttentionPage,
    audit::AuditPage,
    billing::BillingPage,
    calendar::CalendarPage,
    calls::CallsPage,
    charting::ChartingPage,
    clients::{ClientPage, ClientsPage},
    consent::SignConsentPage,
    icon::Icon,
    lock::PinPage,
    numbers::NumbersPage,
    photos::{Album, CapturePage, ComparePage},
    sessions::{SessionPage, SessionsPage, prepare_list},
    settings::{
        DevicesPage, FollowUpPage, FormsPage, HoursPage, InstallationsPage, PackagesPage, PeoplePage, RoomsPage, RulesPage, TemplatesPage,
        ViewsPage,
    },
    workspace::use_workspace,
};
use leptos::prelude::*;
use leptos_router::{
    components::{A, Route, Routes},
    path,
};

#[component]
pub fn Routed() -> impl IntoView {
    prepare_list();
    provide_context(Album::open(use_workspace(), expect_context()));
    view! {
        <Routes fallback=NotFound>
            // Drawn by the first piece.
            <Route path=path!("/") view=|| () />
            <Route path=path!("/day/:day") view=|| () />
            <Route path=path!("/sign-in") view=|| () />
            <Route path=path!("/attention") view=|| page("Needs attention", AttentionPage) />
            <Route path=path!("/billing") view=|| page("Billing exceptions", BillingPage) />
            <Route path=path!("/calendar") view=|| page("Calendar", CalendarPage) />
            <Route path=path!("/calls") view=|| page("Call list", CallsPage) />
            <Route path=path!("/clients") view=|| page("Clients", ClientsPage) />
            <Route path=path!("/clients/:client") view=|| page("Client", ClientPage) />
            <Route path=path!("/clients/:client/audit") view=|| page("Who looked", AuditPage) />
            <Route path=path!("/clients/:client/consent/:form") view=|| page("Consent", SignConsentPage) />
            <Route path=path!("/clients/:client/sessions/:session") view=|| page("Chart", ChartingPage) />
            <Route path=path!("/clients/:client/sessions/:session/photos") view=|| page("Photographs", CapturePage) />
            <Route path=path!("/clients/:client/compare/:plan/:view") view=|| page("Compare", ComparePage) />
            <Route path=path!("/numbers") view=|| page("Numbers", NumbersPage) />
            <Route path=path!("/pin") view=|| page("PIN", PinPage) />
            <Route path=path!("/sessions") view=|| page("Treatment sessions", SessionsPage) />
            <Route path=path!("/sessions/:client/:session") view=|| page("Treatment session", SessionPage) />
            <Route path=path!("/settings") view=|| page("Devices · Settings", DevicesPage) />
            <Route path=path!("/settings/installations") view=|| page("iPads and computers · Settings", InstallationsPage) />
            <Route path=path!("/settings/follow-up") view=|| page("Follow-up · Settings", FollowUpPage) />
            <Route path=path!("/settings/forms") view=|| page("Consent forms · Settings", FormsPage) />
            <Route path=path!("/settings/hours") view=|| page("Hours · Settings", HoursPage) />
            <Route path=path!("/settings/packages") view=|| page("Packages · Settings", PackagesPage) />
            <Route path=path!("/settings/people") view=|| page("People · Settings", PeoplePage) />
            <Route path=path!("/settings/rooms") view=|| page("Rooms · Settings", RoomsPage) />
            <Route path=path!("/settings/rules") view=|| page("Rules · Settings", RulesPage) />
            <Route path=path!("/settings/templates") view=|| page("Templates · Settings", TemplatesPage) />
            <Route path=path!("/settings/views") view=|| page("Photographs · Settings", ViewsPage) />
        </Routes>
    }
}

fn page<V: IntoView + 'static>(title: &str, draw: impl FnOnce() -> V) -> AnyView {
    name_the_page(title);
    draw().into_any()
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
