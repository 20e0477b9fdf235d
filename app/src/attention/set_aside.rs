//! A change the chart could not take, kept beside it until somebody decides.

use super::{
    copy::KeptText,
    kept,
    model::{Kind, session_of, set_aside_title},
};
use crate::{
    consent::{Missing, missing, sign_address},
    icon::Icon,
    problem::Problem,
    recording::Recording,
    signed_record::{RemarkForm, Versus, rows, side_by_side},
    words,
    workspace::{Workspace, use_workspace},
};
use domain::{
    catalogue::Catalogue,
    chart::{Author, Chart, SetAside},
    command::{Change, Decision},
    ids::{AddendumId, ClientId, CommandId},
    plan::PlanAction,
    rejection::Rejection,
};
use leptos::prelude::*;

/// What can be made of it, beside discarding it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// A second charting becomes an addendum of the signed one.
    Addendum,
    /// What stood in the way of signing is out of the way: it is signed as it was charted.
    SignNow,
    /// These contact details replace those at the clinic.
    UseMine,
    /// What stood in the photograph's way is out of the way.
    TakeIn,
    /// Only what it says can be kept: copied and entered again.
    Nothing,
}

/// Two versions of the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Table {
    first: (&'static str, String),
    second: (&'static str, String),
    rows: Vec<Versus>,
}

/// What is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    head: String,
    lead: String,
    table: Option<Table>,
    text: String,
    keep: Keep,
    /// What has to be signed before it can be kept.
    unsigned: Vec<Missing>,
    clinical: bool,
    path: String,
}

fn shown(chart: &Chart, aside: &SetAside, catalogue: &Catalogue) -> Shown {
    let name = &chart.client.name;
    let session = session_of(&aside.change).and_then(|session| chart.session(session));
    let by = format!("{}, {}", catalogue.staff_name(aside.by), words::moment(&catalogue.clock, aside.at));
    let (head, lead) = match (&aside.rejection, session) {
        (Rejection::AlreadySigned { by: first, .. }, Some(session)) if matches!(aside.change, Change::SignSession { .. }) => (
            format!("Session {} of {name} was signed twice", session.number),
            format!(
                "The record of {} reached the clinic first and stands. What {} typed is kept until somebody decides.",
                catalogue.staff_name(*first),
                catalogue.staff_name(aside.by)
            ),
        ),
        (rejection, _) => {
            let title = set_aside_title(&aside.change, rejection);
            (format!("{name}: {}", title.to_lowercase()), format!("{rejection} What was typed by {by} is kept until somebody decides."))
        }
    };
    let table = table(chart, aside, catalogue, &by);
    let author = Author { staff: aside.by, at: aside.at };
    let unsigned = match (&aside.change, &aside.rejection) {
        (Change::SignSession { record, .. }, Rejection::ConsentMissing { .. }) => {
            let counted = record.treatments.iter().filter_map(|treatment| chart.session(treatment.counts_for?));
            missing(chart, catalogue, counted.map(|session| session.plan))
        }
        _ => Vec::new(),
    };
    let keep = match (&aside.change, session) {
        (Change::SignSession { .. }, Some(session)) if session.signed.is_some() => Keep::Addendum,
        // The chart decides, as it will when it is kept.
        (change @ Change::SignSession { .. }, Some(_)) if chart.apply(change, author, catalogue).is_ok() => Keep::SignNow,
        (Change::CorrectContact { .. }, _) => Keep::UseMine,
        (change @ Change::TakePhoto(_), _) if chart.apply(change, author, catalogue).is_ok() => Keep::TakeIn,
        _ => Keep::Nothing,
    };
    let path = match session {
        Some(session) => format!("/clients/{}/sessions/{}", chart.client.id, session.id),
        None => format!("/clients/{}", chart.client.id),
    };
    let text = kept::lines(&aside.change, chart, catalogue).join("\n");
    Shown { head, lead, table, text, keep, unsigned, clinical: aside.change.is_clinical(), path }
}

fn table(chart: &Chart, aside: &SetAside, catalogue: &Catalogue, by: &str) -> Option<Table> {
    match &aside.change {
        Change::SignSession { session, record, .. } => {
            let signed = chart.session(*session)?.signed.as_ref()?;
            let first_by = format!("{}, {}", catalogue.staff_name(signed.by), words::moment(&catalogue.clock, signed.at));
            Some(Table {
                first: ("Signed first", first_by),
                second: ("Typed second", by.to_owned()),
                rows: side_by_side(&rows(&signed.record, chart, catalogue), &rows(record, chart, catalogue)),
            })
        }
        Change::CorrectContact { phone, email, .. } => {
            let contact = &chart.client.contact;
            let row = |label: &str, first: &str, second: &str| {
                let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
                Versus { key: label.to_owned(), label: label.to_owned(), first: said(first), second: said(second) }
            };
            Some(Table {
                first: ("At the clinic now", String::new()),
                second: ("Typed second", by.to_owned()),
                rows: vec![row("Phone", &contact.phone, phone), row("E-mail", &contact.email, email)],
            })
        }
        _ => None,
    }
}

#[component]
pub fn SetAsideItem(client: ClientId, command: CommandId, told: RwSignal<&'static str>) -> impl IntoView {
    let workspace = use_workspace();
    let shown = Memo::new(move |_| {
        let (chart, catalogue) = (workspace.chart(client)?, workspace.catalogue()?);
        let aside = chart.undecided().find(|aside| aside.command == command)?;
        let mut shown = shown(&chart, aside, &catalogue);
        // Only the other chart knows the other's name.
        if let Change::ChangePlan { action: PlanAction::Transfer { to, .. }, .. } = &aside.change {
            let name = workspace.chart(*to).map(|other| other.client.name.clone());
            shown.text.push_str(&format!("\nTo: {}", name.unwrap_or_else(|| "a client not on this device".to_owned())));
        }
        Some(shown)
    });
    let keep = Memo::new(move |_| shown.with(|shown| shown.as_ref().map_or(Keep::Nothing, |shown| shown.keep)));
    // The chart refuses a clinical decision of those who do not treat; better said before than after.
    let may_decide = Memo::new(move |_| {
        let clinical = shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.clinical));
        !clinical || workspace.treats()
    });
    let discard = Callback::new(move |(reason,): (String,)| Change::Decide { command, decision: Decision::Discard { reason } });
    let discarded = Callback::new(move |()| {
        told.try_set("Discarded. The reason is kept with it in the chart.");
    });
    view! {
        <article class="attn-item card" aria-labelledby="attn-head">
            {move || {
                shown
                    .get()
                    .map(|Shown { head, lead, table, text, path, unsigned, .. }| {
                        view! {
                            <header>
                                <h2 id="attn-head">{head}</h2>
                                <p class="soft">
                                    {lead} " " <a href=path>"Open the chart"</a>
                                </p>
                            </header>
                            {match table {
                                Some(table) => view! { <VersusTable table /> }.into_any(),
                                None => view! { <KeptText text /> }.into_any(),
                            }}
                            <Unsigned client command unsigned />
                        }
                    })
            }}
            <Show when=move || may_decide.get() fallback=OnlyProviders>
                <div class="decide">
                    <Show when=move || keep.get() != Keep::Nothing>
                        <KeepButton workspace client command keep told />
                    </Show>
                    <RemarkForm
                        about=format!("discard-{command}")
                        client
                        change=discard
                        label="Why it is discarded (kept with the decision)"
                        placeholder="e.g. Typed twice by mistake"
                        button="Discard"
                        button_class="btn big danger"
                        icon="trash"
                        empty="It was not discarded. Say why first; the reason is kept with the decision."
                        done=discarded
                    />
                </div>
            </Show>
        </article>
    }
}

/// What the client has to sign before the session can be.
#[component]
fn Unsigned(client: ClientId, command: CommandId, unsigned: Vec<Missing>) -> impl IntoView {
    let back = format!("/attention?item={}", Kind::SetAside { client, command }.key());
    let link = move |missing: Missing| {
        view! {
            <p class="say is-warn">
                <Icon name="alert" />
                <span>{missing.words()} ". Once it is, the session can be signed as it was charted."</span>
            </p>
            <div class="btn-row">
                <a class="btn" href=sign_address(client, missing.form, Some(missing.plan), &back)>
                    <Icon name="signature" />
                    {format!("Sign “{}”", missing.name)}
                </a>
            </div>
        }
    };
    unsigned.into_iter().map(link).collect_view()
}

#[component]
fn OnlyProviders() -> impl IntoView {
    view! {
        <p class="say">
            <Icon name="info" />
            <span>"Somebody who treats clients has to decide about this. It is kept until then."</span>
        </p>
    }
}

#[component]
fn KeepButton(workspace: Workspace, client: ClientId, command: CommandId, keep: Memo<Keep>, told: RwSignal<&'static str>) -> impl IntoView {
    let recording = Recording::new(client);
    let decide = move |_| {
        let words = match keep.get_untracked() {
            Keep::UseMine => "Kept: these contact details are the client’s now.",
            Keep::TakeIn => "Kept: the photograph is part of the record now.",
            Keep::SignNow => "Signed, as it was charted and by whom it was.",
            Keep::Addendum | Keep::Nothing => "Kept: it is an addendum of the signed session now.",
        };
        let decision = Decision::Keep { addendum: AddendumId(workspace.new_id()) };
        let failed = "Nothing was decided, and what was typed is still kept.";
        recording.record(Change::Decide { command, decision }, failed, move || {
            told.try_set(words);
        });
    };
    view! {
        <Problem words=recording.problem />
        <div class="btn-row">
            <button class="btn big primary" type="button" aria-disabled=move || recording.busy.get().to_string() on:click=decide>
                {move || if keep.get() == Keep::SignNow { view! { <Icon name="signature" /> } } else { view! { <Icon name="addendum" /> } }}
                {move || match keep.get() {
                    Keep::UseMine => "Use what was typed second",
                    Keep::TakeIn => "Take it in now",
                    Keep::SignNow => "Sign it now",
                    Keep::Addendum | Keep::Nothing => "Make it an addendum",
                }}
            </button>
        </div>
    }
}

#[component]
fn VersusTable(table: Table) -> impl IntoView {
    let Table { first, second, rows } = table;
    let cell = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    let row = move |row: Versus| {
        let differs = row.differs();
        view! {
            <tr class=if differs { "is-different" } else { "is-same" }>
                <th scope="row">
                    {row.label}
                    {differs
                        .then(|| {
                            view! {
                                <span class="differs">
                                    <Icon name="alert" />
                                    "differs"
                                </span>
                            }
                        })}
                </th>
                <td data-label=first.0>{cell(row.first)}</td>
                <td data-label=second.0>{cell(row.second)}</td>
            </tr>
        }
    };
    view! {
        <table class="versus">
            <caption class="vh">"The two versions"</caption>
            <thead>
                <tr>
                    <th scope="col">
                        <span class="vh">"Field"</span>
                    </th>
                    <th scope="col">{first.0} <small>{first.1}</small></th>
                    <th scope="col">{second.0} <small>{second.1}</small></th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{consent::example, signed_record::sample};
    use uuid::Uuid;

    fn aside(chart: &Chart, change: Change) -> SetAside {
        let author = sample::by(sample::OTHER, "2026-11-21T09:41:00Z");
        let rejection = chart.apply(&change, author, &sample::catalogue()).expect_err("it is set aside");
        SetAside { command: CommandId(Uuid::from_u128(70)), change, by: author.staff, at: author.at, rejection, decided: None }
    }

    #[test]
    fn a_second_charting_is_compared_and_can_become_an_addendum() {
        let catalogue = sample::catalogue();
        let chart = sample::signed(&sample::chart(6), &catalogue, 1, 18);
        let change = Change::SignSession { session: sample::session(1), record: sample::record(&chart, &catalogue, 1, 20), rest: None };
        let shown = shown(&chart, &aside(&chart, change), &catalogue);
        assert_eq!(shown.head, "Session 1 of Maya Chen was signed twice");
        assert_eq!(shown.keep, Keep::Addendum);
        let differing: Vec<_> = shown.table.expect("two records").rows.into_iter().filter(Versus::differs).map(|row| row.label).collect();
        assert_eq!(differing, ["Fluence"]);
    }

    #[test]
    fn a_session_that_lacked_a_consent_is_signed_once_that_is() {
        let catalogue = example::catalogue(1);
        let chart = sample::chart(6);
        let change = Change::SignSession { session: sample::session(1), record: sample::record(&chart, &catalogue, 1, 20), rest: None };
        let author = sample::by(sample::OTHER, "2026-11-21T09:41:00Z");
        let rejection = chart.apply(&change, author, &catalogue).expect_err("no consent");
        let aside = SetAside { command: CommandId(Uuid::from_u128(70)), change, by: author.staff, at: author.at, rejection, decided: None };
        let before = shown(&chart, &aside, &catalogue);
        assert_eq!((before.keep, before.unsigned.len()), (Keep::Nothing, 1));
        let after = shown(&example::signed(&chart, &catalogue, 1), &aside, &catalogue);
        assert_eq!((after.keep, after.unsigned.len()), (Keep::SignNow, 0));
        assert!(after.text.contains("Fluence: 20 J/cm²"));
    }

    #[test]
    fn theirs_and_mine_stand_side_by_side() {
        let chart = sample::chart(1);
        let change = Change::CorrectContact { based_on: 0, phone: "2".into(), email: "maya@example.com".into() };
        let shown = shown(&chart, &aside(&chart, change), &sample::catalogue());
        assert_eq!((shown.keep, shown.clinical), (Keep::UseMine, false));
        let rows = shown.table.expect("two versions").rows;
        assert_eq!(rows.iter().map(Versus::differs).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn what_cannot_be_kept_can_still_be_copied() {
        let chart = sample::chart(1);
        let change =
            Change::AddAddendum { session: sample::session(1), addendum: AddendumId(Uuid::from_u128(1)), text: "No redness.".into() };
        let shown = shown(&chart, &aside(&chart, change), &sample::catalogue());
        assert_eq!((shown.keep, shown.text.as_str()), (Keep::Nothing, "No redness."));
        assert_eq!(shown.table, None);
    }
}
