//! Which two photographs lie on the table.

use super::table::use_table;
use domain::ids::PhotoId;
use leptos::prelude::*;

#[component]
pub fn Choice() -> impl IntoView {
    let table = use_table();
    let options =
        Memo::new(move |_| table.photos().iter().map(|photo| (photo.shot.id, table.caption(photo))).collect::<Vec<(PhotoId, String)>>());
    let select = move |label: &'static str, chosen: RwSignal<Option<PhotoId>>, shown: Signal<Option<PhotoId>>| {
        view! {
            <label class="choice">
                <span>{label}</span>
                <select
                    class="input"
                    prop:value=move || shown.get().map(|id| id.to_string()).unwrap_or_default()
                    on:change=move |event| chosen.set(event_target_value(&event).parse().ok())
                >
                    <For each=move || options.get() key=Clone::clone let:option>
                        <option value=option.0.to_string() selected=move || shown.get() == Some(option.0)>
                            {option.1.clone()}
                        </option>
                    </For>
                </select>
            </label>
        }
    };
    let earlier = Signal::derive(move || table.pair().map(|(earlier, _)| earlier.shot.id));
    let later = Signal::derive(move || table.pair().map(|(_, later)| later.shot.id));
    view! { <div class="choices">{select("Before", table.earlier, earlier)} {select("After", table.later, later)}</div> }
}
