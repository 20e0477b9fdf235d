//! Signing a form: the client reads it on the iPad and signs below.

use super::{
    address::way_back,
    ink::Drawing,
    pad::SignaturePad,
    sheet::{Sheet, Subject, Typed, Unsignable, sheet, signing},
    terms::Terms,
};
use crate::{
    half_typed::{HalfTyped, half_typed},
    icon::Icon,
    problem::Problem,
    recording::Recording,
    this_tab::of_this_tab,
    workspace::use_workspace,
};
use domain::{
    command::Change,
    consent::ConsentKind,
    ids::{ClientId, ConsentFormId, PlanId, StaffId},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use std::{collections::HashMap, time::Duration};

/// Long enough to be read, and to hand the iPad back.
const READ_THAT: Duration = Duration::from_secs(2);

/// What lies on the table: whose, and which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked {
    client: ClientId,
    subject: Subject,
}

/// The form in the address, in the version that was current when it was opened: it does not change under the client's eyes.
#[component]
pub fn SignConsentPage() -> impl IntoView {
    let workspace = use_workspace();
    let (params, query) = (use_params_map(), use_query_map());
    let ids = Memo::new(move |_| {
        params.with(|params| {
            let client = params.get("client")?.parse::<ClientId>().ok()?;
            Some((client, params.get("form")?.parse::<ConsentFormId>().ok()?))
        })
    });
    let plan = Memo::new(move |_| query.with(|query| query.get("plan")).and_then(|plan| plan.parse::<PlanId>().ok()));
    let back = Memo::new(move |_| way_back(query.with(|query| query.get("back")), ids.get().map(|(client, _)| client)));
    // Of which form a newer version is to be read than the one it was opened with.
    let newest = RwSignal::new(None::<Subject>);
    let asked = Memo::new(move |before: Option<&Option<Asked>>| {
        let ((client, form), plan) = (ids.get()?, plan.get());
        let current = workspace.catalogue()?.consent_form(form)?.current()?.number;
        let opened = before.copied().flatten().filter(|open| (open.client, open.subject.form) == (client, form));
        let opened = newest.get().filter(|subject| subject.form == form).or(opened.map(|open| open.subject));
        let version = opened.map_or(current, |opened| opened.version);
        Some(Asked { client, subject: Subject { form, version, plan } })
    });
    let newer = Memo::new(move |_| {
        let subject = asked.get()?.subject;
        let version = workspace.catalogue()?.consent_form(subject.form)?.current()?.number;
        (version > subject.version).then_some(Subject { version, ..subject })
    });
    view! {
        <div class="page consent-page">
            <a class="btn quiet consent-back" href=back>
                <Icon name="back" />
                "Back"
            </a>
            <div role="status" class="newer">
                {move || {
                    newer
                        .get()
                        .map(|newer| {
                            view! {
                                <p class="say is-warn">
                                    <Icon name="alert" />
                                    <span>{format!("Version {} was published meanwhile.", newer.version)}</span>
                                </p>
                                <button class="btn" type="button" on:click=move |_| newest.set(Some(newer))>
                                    {format!("Read version {}", newer.version)}
                                </button>
                            }
                        })
                }}
            </div>
            {move || match asked.get() {
                Some(asked) => view! { <Form asked back /> }.into_any(),
                None => view! { <CannotSign why=Unsignable::Unknown /> }.into_any(),
            }}
        </div>
    }
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    NotHere,
    Cannot(Unsignable),
    Reading,
    /// Before, perhaps on another device.
    Already(String),
    Signed,
}

#[component]
fn Form(asked: Asked, back: Memo<String>) -> impl IntoView {
    let workspace = use_workspace();
    let Asked { client, subject } = asked;
    let shown = Memo::new(move |_| {
        let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue())?;
        Some(sheet(&chart, &catalogue, subject))
    });
    let (recording, done) = (Recording::new(client), RwSignal::new(false));
    let stage = Memo::new(move |_| {
        shown.with(|shown| match shown {
            None => Stage::NotHere,
            Some(_) if done.get() => Stage::Signed,
            Some(Err(why)) => Stage::Cannot(*why),
            // The signature is in the chart a moment before this page is told that it is kept.
            Some(Ok(Sheet { signed: Some(words), .. })) if !recording.busy.get() => Stage::Already(words.clone()),
            Some(Ok(_)) => Stage::Reading,
        })
    });
    move || match stage.get() {
        Stage::NotHere => view! { <p class="soft" role="status">"This client’s chart is not on this device yet."</p> }.into_any(),
        Stage::Cannot(why) => view! { <CannotSign why /> }.into_any(),
        Stage::Already(words) => view! { <Already words /> }.into_any(),
        Stage::Signed => view! { <Signed back /> }.into_any(),
        Stage::Reading => {
            let sheet = Memo::new(move |_| shown.get().and_then(Result::ok));
            view! {
                {move || sheet.get().map(|sheet| view! { <Text sheet /> })}
                {shown.get_untracked().and_then(Result::ok).map(|sheet| view! { <SignBelow asked kind=sheet.kind recording done /> })}
            }
            .into_any()
        }
    }
}

/// What the client reads.
#[component]
fn Text(sheet: Sheet) -> impl IntoView {
    let Sheet { clinic, name, version, client, born, series, texts, .. } = sheet;
    view! {
        <header class="consent-head">
            <p class="soft">{clinic}</p>
            <h1>{name}</h1>
            <p class="soft num">"Version " {version}</p>
            <dl class="facts consent-for">
                <dt>"For"</dt>
                <dd>
                    <b>{client}</b>
                    ", born "
                    {born}
                </dd>
                {series
                    .map(|series| {
                        view! {
                            <dt>"Series"</dt>
                            <dd>{series}</dd>
                        }
                    })}
            </dl>
        </header>
        <div class="consent-text">
            {texts
                .into_iter()
                .map(|(label, text)| {
                    view! {
                        <section>
                            <h2>{label}</h2>
                            <p>{text}</p>
                        </section>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// The ink of one form: kept while the tab is open, so that a look elsewhere does not lose it.
fn kept_ink(asked: Asked, staff: Option<StaffId>) -> ArcRwSignal<Drawing> {
    type Key = (ClientId, Subject, Option<StaffId>);
    #[derive(Clone)]
    struct KeptInk(StoredValue<HashMap<Key, ArcRwSignal<Drawing>>>);
    let kept = of_this_tab(|| KeptInk(StoredValue::new(HashMap::new()))).0;
    let key = (asked.client, asked.subject, staff);
    kept.try_update_value(|kept| kept.entry(key).or_default().clone()).unwrap_or_default()
}

#[component]
fn SignBelow(asked: Asked, kind: ConsentKind, recording: Recording, done: RwSignal<bool>) -> impl IntoView {
    let workspace = use_workspace();
    let Asked { client, subject } = asked;
    let kept = kept_ink(asked, workspace.signed_in.with_untracked(|who| who.as_ref().map(|who| who.staff)));
    let drawing = RwSignal::from(kept.clone());
    let about = |what: &str| {
        half_typed(&format!("consent/{client}/{}/{}/{what}", subject.form, subject.plan.map_or_else(String::new, |plan| plan.to_string())))
    };
    let (signer, scopes, until) = (about("signer"), about("scopes"), about("until"));
    let typed: StoredValue<[HalfTyped; 3]> = StoredValue::new([signer.clone(), scopes.clone(), until.clone()]);
    let sign = move |_| {
        let Some(today) = untrack(|| workspace.today()) else { return };
        let texts = typed.with_value(|typed| typed.each_ref().map(|half| half.text.get_untracked()));
        let [signer, scopes, until] = texts.clone();
        let read = drawing.with_untracked(|drawing| signing(subject, kind, &Typed { signer, scopes, until }, drawing, today));
        let signing = match read {
            Ok(signing) => signing,
            Err(words) => return recording.refuse(words),
        };
        let (halves, kept) = (typed.get_value(), kept.clone());
        recording.record(Change::SignConsent(signing), "It was not signed; the signature is still here.", move || {
            halves.iter().zip(&texts).for_each(|(half, text)| half.saved(text));
            kept.set(Drawing::default());
            done.try_set(true);
        });
    };
    view! {
        <section class="consent-sign card" aria-labelledby="sign-h">
            <h2 id="sign-h">"Sign"</h2>
            {(kind == ConsentKind::Photo).then(|| view! { <Terms chosen=scopes.text until=until.text /> })}
            <div class="field">
                <label for="signer">"Signed by someone else for the client"</label>
                <input class="input" id="signer" autocomplete="off" maxlength="200" aria-describedby="signer-hint" bind:value=signer.text />
                <p class="hint" id="signer-hint">
                    "The name of a parent or guardian. Empty when the client signs."
                </p>
            </div>
            <SignaturePad drawing />
            <Problem words=recording.problem />
            <div class="consent-bar">
                <button
                    class="btn big"
                    type="button"
                    aria-disabled=move || drawing.with(Drawing::is_empty).to_string()
                    on:click=move |_| drawing.update(Drawing::clear)
                >
                    <Icon name="undo" />
                    "Clear"
                </button>
                <button class="btn big primary" type="button" aria-disabled=move || recording.busy.get().to_string() on:click=sign>
                    <Icon name="signature" />
                    "Sign"
                </button>
            </div>
        </section>
    }
}

/// Said for a moment, then the page that asked for the signature is there again.
#[component]
fn Signed(back: Memo<String>) -> impl IntoView {
    let navigate = use_navigate();
    let go = Callback::new(move |()| {
        navigate(&back.get_untracked(), NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    if let Ok(waiting) = set_timeout_with_handle(move || go.run(()), READ_THAT) {
        on_cleanup(move || waiting.clear());
    }
    view! {
        <div class="card empty" role="status">
            <Icon name="check-circle" />
            <h1>"Signed"</h1>
            <p>"Signed. Saved here; the document is kept once the clinic’s server has it."</p>
            <button class="btn primary" type="button" on:click=move |_| go.run(())>
                "Go back"
            </button>
        </div>
    }
}

#[component]
fn Already(words: String) -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="check-circle" />
            <h1>"This version is signed already"</h1>
            <p>{words}</p>
        </div>
    }
}

#[component]
fn CannotSign(why: Unsignable) -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="file" />
            <h1>"This form cannot be signed here"</h1>
            <p>{why.words()}</p>
        </div>
    }
}
