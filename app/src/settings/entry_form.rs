//! The frame of a form of the settings: its head, what is told of it, and the bar that saves it.

use super::{
    desk::{Desk, Editor},
    entry_page::EntryEditor,
    focus::focus_soon,
    saving::{NewerNotice, OtherNotice, Refusal, SaveButton, Saving},
};
use crate::{
    icon::Icon,
    workspace::{Workspace, use_workspace},
};
use domain::catalogue::Catalogue;
use leptos::{ev::SubmitEvent, prelude::*};
use uuid::Uuid;

/// What can be taken out of use, and in which words.
#[derive(Clone, Copy)]
pub struct Retirement {
    pub retired: RwSignal<bool>,
    /// `Stop selling`.
    pub stop: &'static str,
    /// `Sell again`.
    pub again: &'static str,
}

/// A part of the settings that is saved as a whole, and that there is once.
pub trait PartEditor: Editor {
    /// What is saved by now is something else than what the edit is based on.
    fn is_outdated(&self, catalogue: &Catalogue) -> bool;

    fn saving(&self) -> Saving;

    /// Sends it, if nothing is wrong with it.
    fn send(self, workspace: Workspace, catalogue: &Catalogue);
}

/// The form of an entry, with its inputs as children.
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
    let form = Form {
        key: "set-h",
        title: Signal::derive(move || editor.title()),
        note,
        changed,
        is_new: Memo::new(move |_| editor.is_new()),
        saving: editor.saving(),
        save_words,
        retirement,
        forget: forget(desk, editor.id(), "set-h"),
        save: Callback::new(move |()| {
            if let Some(catalogue) = untrack(|| workspace.catalogue()) {
                editor.send(workspace, &catalogue);
            }
        }),
    };
    desk.follow(editor.id(), move || newer.get().is_some(), changed);
    let notice = view! { <NewerNotice newer changed show=form.forget /> }.into_any();
    view! { <Frame form standing notice children /> }
}

/// The form of a part, with its inputs as children.
#[component]
pub fn PartForm<E: PartEditor>(
    editor: E,
    desk: Desk<E>,
    /// Which part, for the ids on the page.
    key: &'static str,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] standing: ViewFn,
    #[prop(into)] note: Signal<String>,
    children: Children,
) -> impl IntoView {
    let workspace = use_workspace();
    let changed = Memo::new(move |_| editor.has_changes());
    let other = Signal::derive(move || {
        let outdated = workspace.catalogue().is_some_and(|catalogue| editor.is_outdated(&catalogue));
        outdated && !editor.saving().is_busy()
    });
    let form = Form {
        key,
        title,
        note,
        changed,
        is_new: Memo::new(|_| false),
        saving: editor.saving(),
        save_words: Signal::stored("Save".to_owned()),
        retirement: None,
        forget: forget(desk, PART, key),
        save: Callback::new(move |()| {
            if let Some(catalogue) = untrack(|| workspace.catalogue()) {
                editor.send(workspace, &catalogue);
            }
        }),
    };
    desk.follow(PART, move || other.get(), changed);
    let notice = view! { <OtherNotice other changed show=form.forget /> }.into_any();
    view! { <Frame form standing notice children /> }
}

/// The place of a part's editor on its desk: there is one.
pub const PART: Uuid = Uuid::nil();

/// Forgets what was typed, and leads to the head of the form that is made anew.
pub fn forget<E: Editor>(desk: Desk<E>, id: Uuid, key: &'static str) -> Callback<()> {
    Callback::new(move |()| {
        desk.forget(id);
        focus_soon(format!("#{key}"));
    })
}

/// What the frame shows of a form, whatever is edited in it.
#[derive(Clone, Copy)]
pub struct Form {
    /// The id of its heading.
    pub key: &'static str,
    pub title: Signal<String>,
    pub note: Signal<String>,
    pub changed: Memo<bool>,
    pub is_new: Memo<bool>,
    pub saving: Saving,
    pub save_words: Signal<String>,
    pub retirement: Option<Retirement>,
    pub forget: Callback<()>,
    pub save: Callback<()>,
}

/// A form as all of the settings look, with its inputs as children.
#[component]
pub fn Frame(form: Form, standing: ViewFn, notice: AnyView, children: Children) -> impl IntoView {
    view! {
        <form class="set-form card" aria-labelledby=form.key on:submit=|event: SubmitEvent| event.prevent_default()>
            <header>
                <h2 id=form.key tabindex="-1">
                    {form.title}
                </h2>
                {standing.run()}
            </header>
            {notice}
            {children()}
            <Refusal saving=form.saving />
            <SaveBar form />
        </form>
    }
}

#[component]
fn SaveBar(form: Form) -> impl IntoView {
    let Form { note, changed, is_new, saving, save_words, retirement, forget, save, .. } = form;
    let ready = Signal::derive(move || changed.get() || is_new.get());
    view! {
        <div class="save-bar">
            <p>{note}</p>
            <Show when=move || !saving.is_busy() && ready.get()>
                <button class="btn" type="button" on:click=move |_| forget.run(())>
                    {move || if is_new.get() { "Discard" } else { "Undo changes" }}
                </button>
            </Show>
            {retirement.map(|retirement| view! { <Retire retirement is_new /> })}
            <SaveButton saving words=save_words ready changed save />
        </div>
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
    /// The opposite of it.
    #[prop(default = "in use")]
    used: &'static str,
) -> impl IntoView {
    view! {
        <span role="status">
            {move || match (is_new.get(), retired.get(), waits.get()) {
                (true, _, _) => view! { <span class="chip">"new"</span> }.into_any(),
                (_, true, true) => view! { <span class="chip is-warn">{out} " once saved"</span> }.into_any(),
                (_, false, true) => view! { <span class="chip is-warn">{used} " once saved"</span> }.into_any(),
                (_, true, false) => view! { <span class="chip">{out}</span> }.into_any(),
                (_, false, false) => {
                    view! {
                        <span class="chip is-ok">
                            <Icon name="check" />
                            {used}
                        </span>
                    }
                        .into_any()
                }
            }}
        </span>
    }
}
