//! The form of one person, and the link that lets them in.

use super::{
    desk::{Desk, Editor},
    entry_form::{Form, Frame, Retirement, Standing, forget},
    input::{SelectField, TextField},
    people_editor::{PersonEditor, ROLES, Team},
    saving::NewerNotice,
};
use crate::{api::Invitation, icon::Icon, workspace::use_workspace};
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Edits one person and saves them.
pub fn person_form(editor: PersonEditor, desk: Desk<PersonEditor>, team: Team) -> AnyView {
    let workspace = use_workspace();
    let changed = Memo::new(move |_| editor.has_changes());
    let newer = Signal::derive(move || {
        let saved = team.person(editor.id.0)?.person.version;
        // While saving, one's own version may arrive before the answer does.
        (saved > editor.version.get() && !editor.saving.is_busy()).then_some(saved)
    });
    let form = Form {
        key: "set-h",
        title: Signal::derive(move || editor.title()),
        note: Signal::derive(move || {
            let words = if editor.is_new() {
                "Saving makes a link for you to pass on. By it they choose their own way in."
            } else {
                "A new role holds from the next thing they do. Whoever has left is signed out everywhere, and stays as an author."
            };
            words.to_owned()
        }),
        changed,
        is_new: Memo::new(move |_| editor.is_new()),
        saving: editor.saving,
        save_words: Signal::derive(move || if editor.is_new() { "Invite" } else { "Save" }.to_owned()),
        retirement: Some(Retirement { retired: editor.left, stop: "Has left", again: "Works here again" }),
        forget: forget(desk, editor.id.0, "set-h"),
        save: Callback::new(move |()| editor.send(workspace, team)),
    };
    desk.follow(editor.id.0, move || newer.get().is_some(), changed);
    let notice = view! { <NewerNotice newer changed show=form.forget /> }.into_any();
    let standing = move || {
        let (is_new, waits) = (Signal::derive(move || editor.is_new()), Signal::derive(move || editor.leaving_waits()));
        view! { <Standing is_new retired=editor.left waits out="has left" used="works here" /> }
    };
    let children = move || {
        let nameless = Signal::derive(move || (editor.checked.get() && editor.is_nameless()).then_some("A person needs a name."));
        let nowhere = Signal::derive(move || {
            (editor.checked.get() && editor.has_no_address()).then_some("An address such as lind@clinic.example is needed.")
        });
        let roles = Signal::stored(ROLES.map(|role| (role, role.label().to_owned())).to_vec());
        view! {
            <div class="two">
                <TextField label="Name" value=editor.name fault=nameless />
                <SelectField label="Role" choices=roles value=editor.role />
            </div>
            <TextField label="E-mail address" value=editor.email fault=nowhere />
            <Show when=move || !editor.is_new()>
                <WayIn editor team />
            </Show>
        }
        .into_any()
    };
    view! {
        <Frame form standing=standing.into() notice>
            {children()}
        </Frame>
    }
    .into_any()
}

/// How they get in, and the link by which they choose anew.
#[component]
fn WayIn(editor: PersonEditor, team: Team) -> impl IntoView {
    let workspace = use_workspace();
    let stands = move || {
        let listed = team.person(editor.id.0)?;
        let signed_in = match listed.signed_in_last {
            Some(at) => format!("Signed in last on {}.", workspace.when(at)),
            None => "Never signed in.".to_owned(),
        };
        let invited = listed.invited_until.map(|until| format!(" A link is good until {}.", workspace.when(until)));
        Some(signed_in + &invited.unwrap_or_default())
    };
    // Of what is saved: nobody is invited by an address that is still being typed.
    let may_invite = move || team.person(editor.id.0).is_some_and(|listed| listed.person.active && !listed.person.email.is_empty());
    view! {
        <div class="field">
            <h3>"Getting in"</h3>
            <p class="soft">{stands}</p>
            {move || editor.link.get().map(|link| view! { <Link link /> })}
            {move || {
                editor
                    .no_link
                    .get()
                    .map(|words| {
                        view! {
                            <p class="say is-refused" role="alert">
                                <Icon name="refuse" />
                                <span>{words}</span>
                            </p>
                        }
                    })
            }}
            <Show when=may_invite>
                <p>
                    <button class="btn" type="button" on:click=move |_| editor.invite(team)>
                        <Icon name="share" />
                        "New invitation"
                    </button>
                </p>
                <p class="hint">
                    "Also for whoever lost password or key. What they have goes on working until the link is used; a link made before does not."
                </p>
            </Show>
        </div>
    }
}

/// Shown once: the server keeps only what the link can be recognised by.
#[component]
fn Link(link: Invitation) -> impl IntoView {
    let workspace = use_workspace();
    let address = window().location().origin().unwrap_or_default() + &link.address;
    let copied = RwSignal::new(None::<bool>);
    let text = address.clone();
    let copy = move |_| {
        let text = text.clone();
        leptos::task::spawn_local(async move {
            // Without a secure connection browsers have no clipboard; the address can still be marked and copied by hand.
            let done = window().is_secure_context() && JsFuture::from(window().navigator().clipboard().write_text(&text)).await.is_ok();
            copied.try_set(Some(done));
        });
    };
    view! {
        <div class="say" role="status">
            <Icon name="check-circle" />
            <span>
                "Pass this link on, to nobody else. It is shown only here and now, works once, and until "
                {workspace.when(link.until)} "."
            </span>
        </div>
        <div class="share-address">
            <input class="input" readonly aria-label="Invitation link" value=address />
            <button class="btn" type="button" on:click=copy>
                <Icon name="copy" />
                {move || if copied.get() == Some(true) { "Copied" } else { "Copy" }}
            </button>
        </div>
        <Show when=move || copied.get() == Some(false)>
            <p class="hint" role="status">
                "This browser does not copy for you: mark the link and copy it by hand."
            </p>
        </Show>
    }
}
