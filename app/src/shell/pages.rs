//! The program's second piece: every page but the first.
//!
//! What shows the day comes first and is usable while this piece is still on its way. `xtask` cuts the program
//! where [`second_piece`] stands; the service worker keeps both, so that without a network nothing is missing.

use super::routes::Routed;
use crate::icon::Icon;
use leptos::{prelude::*, task::spawn_local, wasm_split::SplitLoaderError};
use leptos_router::components::A;

/// Draws whichever page the address names.
type Draw = fn() -> AnyView;

#[leptos::wasm_split::wasm_split(pages, wasm_split_path = ::leptos::wasm_split, fallible)]
fn second_piece() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Routed /> }.into_any())
}

/// How far the second piece is.
#[derive(Clone, Copy)]
enum Arrival {
    OnItsWay,
    Here(Draw),
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
                Ok(draw) => Arrival::Here(draw),
                // What went wrong stands in the browser's console.
                Err(_) => Arrival::Missing,
            };
            self.0.try_set(arrival);
        });
    }
}

/// Any page but the first, once the second piece is here. It stays while a day is shown, and draws nothing then: its table of
/// addresses is what completes each step in the browser's history.
#[component]
pub fn OtherPages(shows_a_day: Memo<bool>) -> impl IntoView {
    let piece: SecondPiece = expect_context();
    let not_here = move || match piece.0.get() {
        Arrival::Missing => view! { <NotArrived piece /> }.into_any(),
        _ => view! { <p class="page soft" role="status">"Opening…"</p> }.into_any(),
    };
    move || match piece.0.get() {
        Arrival::Here(draw) => draw(),
        _ => view! { <Show when=move || !shows_a_day.get()>{not_here}</Show> }.into_any(),
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
