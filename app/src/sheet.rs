//! A sheet over the page: it has the focus while it is open, Escape closes it, and the focus goes back where it was.

use crate::icon::Icon;
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

/// The browser's own dialog: what lies below it cannot be reached by keys or by a screen reader.
#[component]
pub fn Sheet(
    #[prop(into)] title: Signal<String>,
    /// Beside the title, smaller.
    #[prop(into, optional)]
    of: String,
    /// Of its own look.
    #[prop(optional)]
    class: &'static str,
    /// What it holds would be lost by a careless tap: neither cross nor a tap beside it close it.
    #[prop(optional)]
    firm: bool,
    close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let before = document().active_element().and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            // Told twice it refuses, and is open already.
            let _ = dialog.show_modal();
            // Not its first field, which would bring up a keyboard.
            let _ = dialog.focus();
        }
    });
    let before = StoredValue::new_local(before);
    on_cleanup(move || {
        if let Some(element) = before.try_get_value().flatten() {
            let _ = element.focus();
        }
    });
    // Whoever opened it takes it away; by itself it would stay in the page, closed.
    let cancelled = move |event: web_sys::Event| {
        event.prevent_default();
        close.run(());
    };
    let beside = move |event: ev::MouseEvent| {
        let is_dialog = event.target().is_some_and(|target| target.dyn_ref::<web_sys::HtmlDialogElement>().is_some());
        if is_dialog && !firm {
            close.run(());
        }
    };
    view! {
        <dialog class="sheet-layer" aria-label=title tabindex="-1" node_ref=dialog on:cancel=cancelled on:click=beside>
            <section class=format!("sheet {class}")>
                <div class="sheet-head">
                    <h2>{title} {(!of.is_empty()).then(|| view! { <small>{of}</small> })}</h2>
                    <Show when=move || !firm>
                        <button class="icon-btn" type="button" aria-label="Close" on:click=move |_| close.run(())>
                            <Icon name="x" />
                        </button>
                    </Show>
                </div>
                {children()}
            </section>
        </dialog>
    }
}
