//! One handpiece of a device.

use super::{
    device_editor::{DeviceEditor, PieceRow},
    focus::focus_soon,
    input::{Mark, SelectField},
};
use crate::icon::Icon;
use domain::ids::TemplateId;
use leptos::prelude::*;

/// Name, template, and the way out: removed while unsaved, retired afterwards.
#[component]
pub fn PieceLine(piece: PieceRow, editor: DeviceEditor, templates: Memo<Vec<(Option<TemplateId>, String)>>) -> impl IntoView {
    let id = piece.name_id();
    let says = format!("{id}-says");
    let place = move || editor.pieces.with(|pieces| pieces.iter().position(|other| other.id == piece.id)).map_or(1, |i| i + 1);
    let nameless = move || editor.checked.get() && piece.name.with(|name| name.trim().is_empty());
    let bare = move || editor.checked.get() && piece.template.get().is_none();
    let (name_mark, template_mark) = (Mark::new(&says, nameless), Mark::new(&says, bare));
    let fault = move || match (nameless(), bare()) {
        (true, true) => Some("This handpiece needs a name and a template."),
        (true, false) => Some("This handpiece needs a name."),
        (false, true) => Some("Choose a template."),
        (false, false) => None,
    };
    view! {
        <li>
            <div class="field">
                <label for=id.clone()>"Handpiece " {place}</label>
                <input
                    class="input"
                    id=id
                    autocomplete="off"
                    aria-invalid=name_mark.invalid()
                    aria-describedby=name_mark.described_by()
                    bind:value=piece.name
                />
            </div>
            <SelectField label="Template" choices=templates value=piece.template mark=template_mark />
            <Show when=move || piece.saved.get() fallback=move || view! { <Remove piece editor /> }>
                <Retire piece />
            </Show>
            {move || {
                let says = says.clone();
                fault()
                    .map(|words| {
                        view! {
                            <p class="piece-says" id=says>
                                <Icon name="refuse" />
                                <span>{words}</span>
                            </p>
                        }
                    })
            }}
        </li>
    }
}

#[component]
fn Remove(piece: PieceRow, editor: DeviceEditor) -> impl IntoView {
    let remove = move |_| {
        editor.remove_piece(piece.id);
        focus_soon("#add-piece".to_owned());
    };
    view! {
        <button class="icon-btn" type="button" aria-label=move || format!("Remove {}", piece.title()) on:click=remove>
            <Icon name="trash" />
        </button>
    }
}

#[component]
fn Retire(piece: PieceRow) -> impl IntoView {
    let words = move || if piece.retired.get() { "Use again" } else { "Retire" };
    view! {
        <span class="piece-end">
            <Show when=move || piece.retired.get()>
                <span class="chip">"retired"</span>
            </Show>
            <button
                class="btn quiet"
                type="button"
                aria-label=move || format!("{}: {}", words(), piece.title())
                on:click=move |_| piece.retired.update(|retired| *retired = !*retired)
            >
                {words}
            </button>
        </span>
    }
}
