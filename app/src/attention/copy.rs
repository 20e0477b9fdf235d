//! What was typed, with a button that copies it.

use crate::icon::Icon;
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

/// Shows a kept text. Where the browser does not let it be copied, it is laid out selected instead.
#[component]
pub fn KeptText(text: String, #[prop(default = "btn")] button_class: &'static str) -> impl IntoView {
    let (copied, by_hand) = (RwSignal::new(false), RwSignal::new(false));
    let area = NodeRef::<html::Textarea>::new();
    let kept = StoredValue::new(text);
    let copy = move |_| {
        spawn_local(async move {
            let Some(text) = kept.try_get_value() else { return };
            let done = write(&text).await;
            copied.try_set(done);
            by_hand.try_set(!done);
        });
    };
    // Selected once it is on the page.
    Effect::new(move |_| {
        if by_hand.get()
            && let Some(area) = area.get()
        {
            let _ = area.focus();
            area.select();
        }
    });
    view! {
        <Show
            when=move || by_hand.get()
            fallback=move || {
                view! {
                    <pre class="kept" tabindex="0" aria-label="What was typed">
                        {kept.get_value()}
                    </pre>
                }
            }
        >
            <p class="say is-warn" role="alert">
                <Icon name="alert" />
                <span>"This browser does not let Cadence copy. The text is selected: copy it with Ctrl or Command and C, or by a long press."</span>
            </p>
            <textarea class="textarea kept" readonly node_ref=area aria-label="What was typed" prop:value=kept.get_value()></textarea>
        </Show>
        <div class="btn-row">
            <button class=button_class type="button" on:click=copy>
                <Icon name="copy" />
                "Copy text"
            </button>
            <span class="soft" role="status">
                {move || copied.get().then_some("Copied.")}
            </span>
        </div>
    }
}

/// Whether the text is in the clipboard now.
async fn write(text: &str) -> bool {
    // Without a secure connection browsers have no clipboard object at all.
    if !window().is_secure_context() {
        return false;
    }
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}
