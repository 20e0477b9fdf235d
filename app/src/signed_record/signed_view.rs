//! A signed session: locked, with what was added since.

use super::{
    facts::RecordFacts,
    record_view::FactsView,
    remark_form::RemarkForm,
    saved::{addendum_waits, follow_up_waits, signing_waits},
};
use crate::{
    icon::Icon,
    photos::SessionPhotos,
    problem::Problem,
    recording::Recording,
    words,
    workspace::{Link, use_workspace},
};
use domain::{
    chart::Author,
    command::Change,
    ids::{AddendumId, ClientId, SessionId},
    session::{Addendum, Remark},
    time::Moment,
};
use leptos::prelude::*;

/// The session as it was signed, its addenda, and the forms that add to it. Goes into the chart's main column.
#[component]
pub fn SignedView(
    client: ClientId,
    session: SessionId,
    /// What comes next for the client: right below who signed, where it is seen.
    children: Children,
) -> impl IntoView {
    view! {
        <SignedBy client session />
        <CoSigning client session />
        <StillToDo client session />
        {children()}
        <SignedRecord client session />
        <SessionPhotos client session />
        <FollowUp client session />
        <Addenda client session />
    }
}

/// Who signed, when, and where that is saved.
#[component]
fn SignedBy(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let said = Memo::new(move |_| {
        let (chart, catalogue) = (workspace.chart(client)?, workspace.catalogue()?);
        let signed = chart.session(session)?.signed.as_ref()?;
        let who = format!("Signed by {}, {}.", words::full_name(&catalogue, signed.by), words::moment(&catalogue.clock, signed.at));
        let waits = workspace.read(|replica| signing_waits(replica, session, signed));
        Some((who, waits))
    });
    let place = move |waits: bool| match (waits, workspace.link.get()) {
        (false, _) => "Saved at the clinic.",
        (true, Link::Online | Link::Connecting) => "Saved here, on its way to the clinic.",
        (true, Link::SignedOut) => "Saved here, goes to the clinic once you sign in again.",
        (true, Link::Mismatch) => "Saved here, goes to the clinic once the app is updated.",
        (true, Link::Offline) => "Saved here, goes to the clinic when the network is back.",
    };
    view! {
        <div class="signed-by">
            <Icon name="lock" />
            <p role="status">
                {move || said.get().map(|(who, waits)| view! { <b>{who}</b> " " {move || place(waits)} })}
            </p>
        </div>
    }
}

/// A director's name beside who signed, or the button that puts it there.
#[component]
fn CoSigning(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let recording = Recording::new(client);
    let state = Memo::new(move |_| {
        let (chart, catalogue) = (workspace.chart(client)?, workspace.catalogue()?);
        let session = chart.session(session)?;
        let signed = session.signed.as_ref()?;
        let words =
            |by: &Author| format!("Co-signed by {}, {}.", words::full_name(&catalogue, by.staff), words::moment(&catalogue.clock, by.at));
        let me = workspace.signed_in.with(|who| who.as_ref().map(|who| who.staff));
        Some((session.co_signed.as_ref().map(words), workspace.directs() && me != Some(signed.by)))
    });
    let co_sign = move |_| recording.record(Change::CoSign { session }, "It is not co-signed.", || ());
    move || match state.get() {
        Some((Some(words), _)) => view! {
            <p class="signed-by">
                <Icon name="check" />
                <span>{words}</span>
            </p>
        }
        .into_any(),
        Some((None, true)) => view! {
            <div class="btn-row">
                <button class="btn" type="button" aria-disabled=move || recording.busy.get().to_string() on:click=co_sign>
                    <Icon name="pen" />
                    "Co-sign"
                </button>
            </div>
            <Problem words=recording.problem />
        }
        .into_any(),
        _ => ().into_any(),
    }
}

#[component]
fn SignedRecord(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let shown = Memo::new(move |_| {
        let (chart, catalogue) = (workspace.chart(client)?, workspace.catalogue()?);
        let signed = chart.session(session)?.signed.as_ref()?;
        let label = format!("{}, signed {}", words::series(&chart, session), catalogue.clock.day(signed.at).long());
        Some((RecordFacts::new(&signed.record, &chart, &catalogue), label))
    });
    move || {
        shown.get().map(|(facts, label)| {
            view! {
                <h2 class="vh">{label.clone()}</h2>
                <FactsView facts label />
            }
        })
    }
}

/// How the client says she fares, what an adverse event asks for, and what was done about either.
#[component]
fn FollowUp(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let state = Memo::new(move |_| {
        let chart = workspace.chart(client)?;
        let session = chart.session(session)?;
        let open = session.needs_follow_up();
        let mut done: Vec<_> =
            session.reports.iter().filter_map(|report| report.answered.clone()).chain(session.followed_up.clone()).collect();
        done.sort_by_key(|remark| remark.at);
        // One remark may answer several things.
        done.dedup();
        let told: Vec<_> = session.reports.iter().map(|report| (report.at, words::report(report))).collect();
        (open || !done.is_empty() || !told.is_empty()).then_some((told, done, open))
    });
    view! {
        <Show when=move || state.with(Option::is_some)>
            <section class="sec" aria-label="Follow-up">
                <div class="sec-head">
                    <h2>"Follow-up"</h2>
                </div>
                {move || {
                    state
                        .get()
                        .map(|(told, done, open)| {
                            view! {
                                {told.into_iter().map(|(at, text)| view! { <Told client at text /> }).collect_view()}
                                {done.into_iter().map(|remark| view! { <Followed session remark /> }).collect_view()}
                                {open.then(|| view! { <FollowUpForm client session /> })}
                            }
                        })
                }}
            </section>
        </Show>
    }
}

/// A report of the client.
#[component]
fn Told(client: ClientId, at: Moment, text: String) -> impl IntoView {
    let workspace = use_workspace();
    let head = workspace
        .catalogue()
        .zip(workspace.chart(client))
        .map(|(catalogue, chart)| format!("{} · {}", chart.client.name, words::moment(&catalogue.clock, at)));
    view! {
        <article class="addendum">
            <header>{head} " · from her own pages"</header>
            <p>{text}</p>
        </article>
    }
}

#[component]
fn Followed(session: SessionId, remark: Remark) -> impl IntoView {
    let workspace = use_workspace();
    let waits = Memo::new(move |_| workspace.read(|replica| follow_up_waits(replica, session)));
    let head = workspace
        .catalogue()
        .map(|catalogue| format!("{} · {}", words::full_name(&catalogue, remark.by), words::moment(&catalogue.clock, remark.at)));
    view! {
        <article class="addendum">
            <header>{head} " · " <Place waits /></header>
            <p>{remark.text}</p>
        </article>
    }
}

/// Closes what waits for a provider; for those who treat.
#[component]
pub fn FollowUpForm(
    client: ClientId,
    session: SessionId,
    /// Told once it is closed.
    #[prop(default = Callback::new(|()| ()))]
    done: Callback<()>,
) -> impl IntoView {
    let workspace = use_workspace();
    let charts = move || workspace.treats();
    let change = Callback::new(move |(text,): (String,)| Change::CloseFollowUp { session, text });
    view! {
        <p class="say is-warn">
            <Icon name="alert" />
            <span>"This waits for a provider. It stays in Needs attention until somebody has followed it up."</span>
        </p>
        <Show when=charts>
            <RemarkForm
                about=format!("follow-up-{session}")
                client
                change
                label="What was found, and what was done"
                placeholder="e.g. Seen today. Healed without a mark."
                button="Close the follow-up"
                icon="check"
                empty="Write what was found first: the follow-up is closed with it."
                done
            />
        </Show>
    }
}

#[component]
fn Addenda(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let addenda = Memo::new(move |_| {
        let chart = workspace.chart(client);
        chart.and_then(|chart| chart.session(session).map(|session| session.addenda.clone())).unwrap_or_default()
    });
    let charts = move || workspace.treats();
    let change = Callback::new(move |(text,): (String,)| Change::AddAddendum { session, addendum: AddendumId(workspace.new_id()), text });
    view! {
        <section class="sec" aria-labelledby="addenda">
            <div class="sec-head">
                <h2 id="addenda">"Addenda"</h2>
            </div>
            <Show when=move || addenda.with(Vec::is_empty)>
                <p class="soft">"Nothing was added since it was signed."</p>
            </Show>
            <For each=move || addenda.get() key=|addendum| addendum.id let:addendum>
                <AddendumItem client addendum />
            </For>
            <Show when=charts>
                <RemarkForm
                    about=format!("addendum-{session}")
                    client
                    change
                    label="Add to this record"
                    placeholder="What was learnt since. The signed record stays as it is."
                    button="Add"
                    icon="addendum"
                    empty="There is nothing to add yet: write what was learnt since."
                />
            </Show>
        </section>
    }
}

#[component]
fn AddendumItem(client: ClientId, addendum: Addendum) -> impl IntoView {
    let workspace = use_workspace();
    let id = addendum.id;
    let waits = Memo::new(move |_| workspace.read(|replica| addendum_waits(replica, id)));
    let (by, at, record) = (addendum.by, addendum.at, addendum.record);
    // What was left for another day counts; the same charted twice does not.
    let label = if addendum.delivers { "What was left of this session" } else { "Second charting of this session" };
    let head = move || {
        let catalogue = workspace.catalogue()?;
        Some(format!("{} · {}", words::full_name(&catalogue, by), words::moment(&catalogue.clock, at)))
    };
    let facts = Memo::new(move |_| {
        let (chart, catalogue) = (workspace.chart(client)?, workspace.catalogue()?);
        record.as_ref().map(|record| RecordFacts::new(record, &chart, &catalogue))
    });
    view! {
        <article class="addendum">
            <header>{head} " · " <Place waits /></header>
            <p>{addendum.text}</p>
            {move || facts.get().map(|facts| view! { <FactsView facts label /> })}
        </article>
    }
}

/// What of this session was left for another day.
#[component]
fn StillToDo(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let left = Memo::new(move |_| {
        let chart = workspace.chart(client)?;
        let plan = chart.plan(chart.session(session)?.plan)?;
        let names: Vec<_> = chart.outstanding(session).into_iter().map(|left| left.name.clone()).collect();
        let open = !names.is_empty() && !plan.standing().is_over();
        open.then(|| (names, !chart.unbooked(session).is_empty()))
    });
    let charts = move || workspace.treats();
    move || {
        left.get().map(|(names, can_book)| {
            let verb = if names.len() == 1 { "is" } else { "are" };
            view! {
                <div class="say is-warn still-to-do">
                    <Icon name="circle-dashed" />
                    <span>
                        <b>{format!("{} {verb} still to be done.", names.join(", "))}</b>
                    </span>
                    <div class="btn-row">
                        {can_book
                            .then(|| {
                                view! {
                                    <a class="btn" href=format!("/sessions/{client}/{session}?book=1")>
                                        <Icon name="calendar" />
                                        "Book it"
                                    </a>
                                }
                            })}
                        <Show when=charts>
                            <a class="btn primary" href=format!("/clients/{client}/sessions/{session}?rest=1")>
                                <Icon name="pen" />
                                "Chart it"
                            </a>
                        </Show>
                    </div>
                </div>
            }
        })
    }
}

/// Where something is saved.
#[component]
fn Place(waits: Memo<bool>) -> impl IntoView {
    view! {
        <span class="chip">
            {move || {
                let (icon, words) = if waits.get() { ("tablet", "saved here") } else { ("check", "at the clinic") };
                view! {
                    <Icon name=icon />
                    {words}
                }
            }}
        </span>
    }
}
