//! The frame of an entry's form: its head, what is told of it, and the bar that saves it.

use super::{
    desk::Desk,
    entry_page::EntryEditor,
    focus::focus_soon,
    saving::{NewerNotice, Refusal, SaveButton},
    side_list::HEADING,
};
use crate::{icon::Icon, workspace::use_workspace};
use leptos::{ev::SubmitEvent, prelude::*};

/// What can be taken out of use, and in which words.
#[derive(Clone, Copy)]
pub struct Retirement {
    pub retired: RwSignal<bool>,
    /// `Stop selling`.
    pub stop: &'static str,
    /// `Sell again`.
    pub again: &'static str,
}

/// A form with the entry's inputs as children.
#[component]
pub fn EntryForm<E: EntryEditor>(
    editor: E,
    desk: Desk<E>,
    /// Stands beside the title: whether it is in use, which version it is.
    #[prop(into)]
    standing: ViewFn,
    /// What saving means for what was done so far.
    #[prop(into)]
    note: Signal<String>,
    #[prop(optional)] retirement: Option<Retirement>,
    #[prop(default = Signal::stored("Save".to_owned()))] save_words: Signal<String>,
    children: Children,
) -> impl IntoView {
    let workspace = use_workspace();
    let changed = Memo::new(move |_| editor.has_changes());
    let newer = Signal::derive(move || {
        let saved = E::saved_version(editor.id(), &*workspace.catalogue()?)?;
        // While saving, one's own version may arrive before the answer does.
        (saved > editor.version().get() && !editor.saving().is_busy()).then_some(saved)
    });
    let forget = Callback::new(move |()| {
        desk.forget(editor.id());
        focus_soon(HEADING.to_owned());
    });
    let is_new = Memo::new(move |_| editor.is_new());
    let ready = Signal::derive(move || changed.get() || is_new.get());
    let save = Callback::new(move |()| {
        if let Some(catalogue) = untrack(|| workspace.catalogue()) {
            editor.send(workspace, &catalogue);
        }
    });
    view! {
        <form class="set-form card" aria-labelledby="set-h" on:submit=|event: SubmitEvent| event.prevent_default()>
            <header>
                <h2 id="set-h" tabindex="-1">
                    {move || editor.title()}
                </h2>
                {standing.run()}
            </header>
            <NewerNotice newer changed show=forget />
            {children()}
            <Refusal saving=editor.saving() />
            <div class="save-bar">
                <p>{note}</p>
                <Show when=move || !editor.saving().is_busy() && ready.get()>
                    <button class="btn" type="button" on:click=move |_| forget.run(())>
                        {move || if is_new.get() { "Discard" } else { "Undo changes" }}
                    </button>
                </Show>
                {retirement.map(|retirement| view! { <Retire retirement is_new /> })}
                <SaveButton saving=editor.saving() words=save_words ready changed save />
            </div>
        </form>
    }
}

#[component]
fn Retire(retirement: Retirement, is_new: Memo<bool>) -> impl IntoView {
    let Retirement { retired, stop, again } = retirement;
    view! {
        <Show when=move || !is_new.get()>
            <button class="btn" type="button" on:click=move |_| retired.update(|retired| *retired = !*retired)>
                {move || if retired.get() { again } else { stop }}
            </button>
        </Show>
    }
}

/// Whether the entry is in use, and whether that waits for the save.
#[component]
pub fn Standing(
    #[prop(into)] is_new: Signal<bool>,
    retired: RwSignal<bool>,
    #[prop(into)] waits: Signal<bool>,
    /// `retired`.
    out: &'static str,
) -> impl IntoView {
    view! {
        <span role="status">
            {move || match (is_new.get(), retired.get(), waits.get()) {
                (true, _, _) => view! { <span class="chip">"new"</span> }.into_any(),
                (_, true, true) => view! { <span class="chip is-warn">{out} " once saved"</span> }.into_any(),
                (_, false, true) => view! { <span class="chip is-warn">"in use once saved"</span> }.into_any(),
                (_, true, false) => view! { <span class="chip">{out}</span> }.into_any(),
                (_, false, false) => {
                    view! {
                        <span class="chip is-ok">
                            <Icon name="check" />
                            "in use"
                        </span>
                    }
                        .into_any()
                }
            }}
        </span>
    }
}
