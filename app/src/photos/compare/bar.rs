//! How the two are looked at.

use super::{
    choice::Choice,
    gaze::Gaze,
    table::{Laying, Mode, use_table},
};
use crate::{
    icon::Icon,
    photos::{release::Releases, retake::TakeOut, sharing::ShareSheet},
};
use leptos::prelude::*;

#[component]
pub fn Bar() -> impl IntoView {
    let table = use_table();
    let modes = Mode::ALL.map(|mode| {
        view! {
            <button type="button" aria-pressed=move || (table.mode.get() == mode).to_string() on:click=move |_| table.mode.set(mode)>
                {mode.label()}
            </button>
        }
    });
    let laid = move || table.laying.with(|laying| matches!(laying, Laying::Laid(_)));
    let has_gains = move || table.laying.with(|laying| matches!(laying, Laying::Laid(laid) if laid.gains.is_some()));
    let graded = move || matches!(table.mode.get(), Mode::Slider | Mode::Overlay);
    let near = move || table.gaze.with(|gaze| *gaze != Gaze::default());
    let not_all = move || table.mode.get() != Mode::All;
    let sharing = RwSignal::new(false);
    let taking_out = RwSignal::new(false);
    let grade = move |event| {
        if let Ok(part) = event_target_value(&event).parse() {
            table.part.set(part);
        }
    };
    let later = move || table.pair().map(|(_, later)| later.shot.id);
    view! {
        <div class="compare-bar">
            <div class="seg" role="group" aria-label="How">
                {modes.collect_view()}
            </div>
            <Show when=not_all>
                <Choice />
                <div class="compare-switches">
                    <button
                        class="btn toggle"
                        type="button"
                        aria-pressed=move || (table.registered.get() && laid()).to_string()
                        aria-disabled=move || (!laid()).to_string()
                        on:click=move |_| table.registered.update(|registered| *registered = !*registered)
                    >
                        {move || if table.registered.get() && laid() { "Registered" } else { "Original" }}
                    </button>
                    <button
                        class="btn toggle"
                        type="button"
                        aria-pressed=move || (table.same_light.get() && has_gains() && table.registered.get()).to_string()
                        aria-disabled=move || (!has_gains() || !table.registered.get()).to_string()
                        on:click=move |_| table.same_light.update(|same| *same = !*same)
                    >
                        <Icon name="sun" />
                        "Same light"
                    </button>
                    <button
                        class="btn toggle"
                        type="button"
                        aria-pressed=move || table.marks.get().to_string()
                        on:click=move |_| table.marks.update(|marks| *marks = !*marks)
                    >
                        "Marks"
                    </button>
                    <button
                        class="btn toggle"
                        type="button"
                        aria-pressed=move || table.marking.get().to_string()
                        on:click=move |_| {
                            table.marks.set(true);
                            table.marking.update(|marking| *marking = !*marking);
                        }
                    >
                        <Icon name="plus" />
                        "Mark"
                    </button>
                    <Show when=near>
                        <button class="btn" type="button" on:click=move |_| table.gaze.set(Gaze::default())>
                            "All of it"
                        </button>
                    </Show>
                    <button class="btn" type="button" on:click=move |_| taking_out.set(true)>
                        <Icon name="trash" />
                        "Take out"
                    </button>
                    <Releases client=table.client pair=Signal::derive(move || {
                        table.pair().map(|(earlier, later)| (earlier.shot.id, later.shot.id))
                    }) />
                    <button class="btn" type="button" on:click=move |_| sharing.set(true)>
                        <Icon name="share" />
                        "Share"
                    </button>
                </div>
            </Show>
            <Show when=graded>
                <label class="grade">
                    <span class="vh">{move || if table.mode.get() == Mode::Slider { "Where the two meet" } else { "How much of the later shows" }}</span>
                    <span aria-hidden="true">"Before"</span>
                    <input type="range" min="0" max="100" step="0.5" prop:value=move || table.part.get().to_string() on:input=grade />
                    <span aria-hidden="true">"After"</span>
                </label>
            </Show>
            <Show when=move || taking_out.get()>
                <div class="say compare-out">
                    <p>"The photograph on the right is taken out of the record. It stays on file at the clinic."</p>
                    {move || {
                        later().map(|photo| view! { <TakeOut client=table.client photo close=Callback::new(move |()| taking_out.set(false)) /> })
                    }}
                </div>
            </Show>
        </div>
        <Show when=move || sharing.get()>
            <ShareSheet close=Callback::new(move |()| sharing.set(false)) client=table.client pair=Signal::derive(move || {
                table.pair().map(|(earlier, later)| (earlier.shot.id, later.shot.id))
            }) />
        </Show>
    }
}
