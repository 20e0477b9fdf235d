//! The program's second piece: every page but the first.
//!
//! What shows the day comes first and is usable while this piece is still on its way. `xtask` cuts the program
//! where [`second_piece`] stands; the service worker keeps both, so that without a network nothing is missing.

use crate::{
    attention::AttentionPage,
    billing::BillingPage,
    calendar::CalendarPage,
    charting::ChartingPage,
    clients::{ClientPage, ClientsPage},
    consent::SignConsentPage,
    icon::Icon,
    sessions::{SessionPage, SessionsPage},
    settings::{DevicesPage, FormsPage, HoursPage, PackagesPage, RoomsPage, RulesPage, TemplatesPage},
};
use leptos::{prelude::*, task::spawn_local, wasm_split::SplitLoaderError};
use leptos_router::components::A;

/// Draws a page.
pub type Draw = fn() -> AnyView;

#[derive(Clone, Copy)]
pub struct Pages {
    pub attention: Draw,
    pub billing: Draw,
    pub calendar: Draw,
    pub charting: Draw,
    pub client: Draw,
    pub clients: Draw,
    pub consent: Draw,
    pub devices: Draw,
    pub forms: Draw,
    pub hours: Draw,
    pub packages: Draw,
    pub rooms: Draw,
    pub rules: Draw,
    pub session: Draw,
    pub sessions: Draw,
    pub templates: Draw,
}

#[leptos::wasm_split::wasm_split(pages, wasm_split_path = ::leptos::wasm_split, fallible)]
fn second_piece() -> Result<Pages, SplitLoaderError> {
    Ok(Pages {
        attention: || view! { <AttentionPage /> }.into_any(),
        billing: || view! { <BillingPage /> }.into_any(),
        calendar: || view! { <CalendarPage /> }.into_any(),
        charting: || view! { <ChartingPage /> }.into_any(),
        client: || view! { <ClientPage /> }.into_any(),
        clients: || view! { <ClientsPage /> }.into_any(),
        consent: || view! { <SignConsentPage /> }.into_any(),
        devices: || view! { <DevicesPage /> }.into_any(),
        forms: || view! { <FormsPage /> }.into_any(),
        hours: || view! { <HoursPage /> }.into_any(),
        packages: || view! { <PackagesPage /> }.into_any(),
        rooms: || view! { <RoomsPage /> }.into_any(),
        rules: || view! { <RulesPage /> }.into_any(),
        session: || view! { <SessionPage /> }.into_any(),
        sessions: || view! { <SessionsPage /> }.into_any(),
        templates: || view! { <TemplatesPage /> }.into_any(),
    })
}

/// How far the second piece is.
#[derive(Clone, Copy)]
enum Arrival {
    OnItsWay,
    Here(Pages),
    Missing,
}

#[derive(Clone, Copy)]
pub struct SecondPiece(RwSignal<Arrival>);

impl SecondPiece {
    /// Begins to load it.
    pub fn fetch() -> Self {
        let piece = Self(RwSignal::new(Arrival::OnItsWay));
        piece.load();
        piece
    }

    fn load(self) {
        self.0.set(Arrival::OnItsWay);
        spawn_local(async move {
            let arrival = match second_piece().await {
                Ok(pages) => Arrival::Here(pages),
                // What went wrong stands in the browser's console.
                Err(_) => Arrival::Missing,
            };
            self.0.try_set(arrival);
        });
    }
}

/// A page of the second piece, once that is here.
#[component]
pub fn Page(title: &'static str, which: fn(&Pages) -> Draw) -> impl IntoView {
    name_the_page(title);
    let piece: SecondPiece = expect_context();
    move || match piece.0.get() {
        Arrival::Here(pages) => which(&pages)(),
        Arrival::OnItsWay => view! { <p class="page soft" role="status">"Opening…"</p> }.into_any(),
        Arrival::Missing => view! { <NotArrived piece /> }.into_any(),
    }
}

/// What the browser's tab and history say. Never a client's name: histories lie on disks, readable.
pub fn name_the_page(title: &str) {
    document().set_title(&format!("{title} · Cadence"));
}

#[component]
fn NotArrived(piece: SecondPiece) -> impl IntoView {
    view! {
        <div class="page">
            <div class="card empty" role="alert">
                <Icon name="cloud-off" />
                <h1>"This page is not on this device yet"</h1>
                <p>"Cadence was opened here for the first time and the network broke off. Nothing is lost; what you entered is kept."</p>
                <div class="btn-row">
                    <button class="btn primary" type="button" on:click=move |_| piece.load()>
                        "Try again"
                    </button>
                    <A href="/" attr:class="btn">
                        "Go to Today"
                    </A>
                </div>
            </div>
        </div>
    }
}
