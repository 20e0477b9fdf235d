//! The end of every form: what saving means, and the buttons.

use super::saving::{SaveButton, Saving};
use leptos::prelude::*;

/// A switch that waits for the save: taken out of use, or back into it.
#[derive(Clone, Copy)]
pub struct Retire {
    pub retired: RwSignal<bool>,
    /// What the button says while it is in use, and once it is not.
    pub words: [&'static str; 2],
}

/// Undo, retire, save; an entry that was never saved is discarded instead.
#[component]
pub fn SaveBar(
    saving: Saving,
    /// What saving means.
    #[prop(into)]
    note: Signal<String>,
    #[prop(into, default = Signal::stored("Save".to_owned()))] words: Signal<String>,
    #[prop(into)] is_new: Signal<bool>,
    #[prop(into)] changed: Signal<bool>,
    #[prop(optional)] retire: Option<Retire>,
    forget: Callback<()>,
    save: Callback<()>,
) -> impl IntoView {
    let ready = Signal::derive(move || changed.get() || is_new.get());
    view! {
        <div class="save-bar">
            <p>{note}</p>
            <Show when=move || !saving.is_busy() && ready.get()>
                <button class="btn" type="button" on:click=move |_| forget.run(())>
                    {move || if is_new.get() { "Discard" } else { "Undo changes" }}
                </button>
            </Show>
            {retire
                .map(|Retire { retired, words: [used, unused] }| {
                    view! {
                        <Show when=move || !is_new.get()>
                            <button class="btn" type="button" on:click=move |_| retired.update(|retired| *retired = !*retired)>
                                {move || if retired.get() { unused } else { used }}
                            </button>
                        </Show>
                    }
                })}
            <SaveButton saving words ready changed save />
        </div>
    }
}
