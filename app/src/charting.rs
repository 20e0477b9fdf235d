//! Charting a session: what was done last time, reviewed, changed, confirmed and signed.

mod areas;
mod below;
mod device;
mod head;
mod keypad;
mod model;
mod next_note;
mod performs;
mod rail;
mod readings;
mod response;
mod rest;
mod sign_bar;
mod spacing;
mod standing_notes;
mod stepper;
mod treatments;

use crate::{
    booking::NextBooking,
    clients::SessionOffer,
    icon::Icon,
    photos::PhotosDue,
    signed_record::SignedView,
    workspace::{Workspace, use_workspace},
};
use areas::Areas;
use below::Below;
use device::DevicePickers;
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    ids::{ClientId, SessionId},
    record::{Record, Treatment},
    session::Session,
    template::Template,
};
use head::ChartHead;
use keypad::{Asked, Keypad};
use leptos::prelude::*;
use leptos_router::{
    components::{A, Redirect},
    hooks::{use_params_map, use_query_map},
};
use next_note::NextNote;
use performs::LeftOut;
use rail::{Rail, RailPanel};
use readings::Readings;
use response::Response;
use rest::ChartingRest;
use sign_bar::{SignBar, replacing};
use spacing::Spacing;
use standing_notes::StandingNotes;
use std::sync::Arc;
use treatments::Treatments;

/// What a chart's page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// The device does not have this chart, or not yet.
    Missing { fetching: bool },
    /// Being charted.
    Open,
    /// Locked.
    Signed,
}

#[component]
pub fn ChartingPage() -> impl IntoView {
    let workspace = use_workspace();
    let params = use_params_map();
    let ids = Memo::new(move |_| {
        params.with(|params| {
            let client = params.get_str("client")?.parse::<ClientId>().ok()?;
            let session = params.get_str("session")?.parse::<SessionId>().ok()?;
            Some((client, session))
        })
    });
    // What is left of a signed session is charted only when somebody asks for it.
    let query = use_query_map();
    let asks_for_rest = Memo::new(move |_| query.with(|query| query.get("rest").is_some()));
    let shown = Memo::new(move |_| {
        let fetching = workspace.read(|replica| !replica.is_whole());
        let Some((client, session)) = ids.get() else { return Shown::Missing { fetching: false } };
        let Some(chart) = workspace.chart(client).filter(|chart| chart.session(session).is_some()) else {
            return Shown::Missing { fetching };
        };
        let signed = chart.session(session).is_some_and(|session| session.signed.is_some());
        let rest = || asks_for_rest.get() && !chart.outstanding(session).is_empty();
        // What was typed here must not vanish behind what somebody else signed.
        if signed && workspace.draft(session).is_none() && !rest() { Shown::Signed } else { Shown::Open }
    });
    move || match (ids.get(), shown.get()) {
        // Those who sell and book find the session where its bookings and its balance are.
        (Some((client, session)), Shown::Open | Shown::Signed) if !workspace.treats() => {
            view! { <Redirect path=format!("/sessions/{client}/{session}") options=replacing() /> }.into_any()
        }
        (Some((client, session)), Shown::Open) => view! { <OpenChart client session /> }.into_any(),
        (Some((client, session)), Shown::Signed) => view! { <LockedChart client session /> }.into_any(),
        (_, Shown::Missing { fetching: true }) => view! { <Fetching /> }.into_any(),
        _ => view! { <Missing /> }.into_any(),
    }
}

/// What all parts of an open chart share.
#[derive(Clone, Copy)]
struct Charting {
    workspace: Workspace,
    client: ClientId,
    session: SessionId,
    record: RwSignal<Record>,
    /// Position of the treatment that is shown.
    current: RwSignal<usize>,
    /// The reading whose keypad is open.
    asked: RwSignal<Option<Asked>>,
    chart: Memo<Option<Arc<Chart>>>,
    catalogue: Memo<Option<Arc<Catalogue>>>,
}

impl Charting {
    /// Starts from the draft on this device, or from the last time.
    fn open(workspace: Workspace, client: ClientId, session: SessionId) -> Self {
        let chart = Memo::new(move |_| workspace.chart(client));
        let catalogue = Memo::new(move |_| workspace.catalogue());
        let record = match workspace.draft_untracked(session) {
            Some(draft) => draft.record.clone(),
            None => untrack(|| {
                let known = chart.get().zip(catalogue.get()).zip(workspace.today());
                let opening = known.map(|((chart, catalogue), today)| {
                    let record = chart.opening_record(session, &catalogue);
                    match chart.session(session) {
                        Some(visit) => performs::of_today(record, visit, &catalogue.clock, today),
                        None => record,
                    }
                });
                opening.unwrap_or_default()
            }),
        };
        let (record, current, asked) = (RwSignal::new(record), RwSignal::new(0), RwSignal::new(None));
        // The same session, charted on in another tab of this browser, goes on here too.
        Effect::new(move |_| {
            if let Some(draft) = workspace.draft(session)
                && record.with_untracked(|record| *record != draft.record)
            {
                record.set(draft.record.clone());
            }
        });
        Self { workspace, client, session, record, current, asked, chart, catalogue }
    }

    /// Changes the record, and keeps it on the device at once.
    fn edit(&self, change: impl FnOnce(&mut Record)) {
        self.record.update(change);
        self.workspace.save_draft(self.session, self.client, self.record.get_untracked());
    }

    /// Changes the treatment that is shown.
    fn edit_treatment(&self, change: impl FnOnce(&mut Treatment)) {
        let current = self.current.get_untracked();
        self.edit(|record| {
            if let Some(treatment) = record.treatments.get_mut(current) {
                change(treatment);
            }
        });
    }

    /// The treatment that is shown.
    fn treatment(&self) -> Option<Treatment> {
        let current = self.current.get();
        self.record.with(|record| record.treatments.get(current).cloned())
    }

    fn template(&self, treatment: &Treatment) -> Option<Template> {
        self.catalogue.with(|catalogue| catalogue.as_ref()?.template(treatment.template).cloned())
    }

    /// The visit that is charted.
    fn visit(&self) -> Option<Session> {
        self.chart.with(|chart| chart.as_ref()?.session(self.session).cloned())
    }
}

fn use_charting() -> Charting {
    expect_context()
}

/// Which part shows where there is no room for two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    Chart,
    Briefing,
    Timeline,
    Photos,
}

impl View {
    const ALL: [Self; 4] = [Self::Chart, Self::Briefing, Self::Timeline, Self::Photos];

    fn label(self) -> &'static str {
        match self {
            Self::Chart => "Chart",
            Self::Briefing => "Briefing",
            Self::Timeline => "Timeline",
            Self::Photos => "Photos",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Chart => "chart",
            Self::Briefing => "briefing",
            Self::Timeline => "timeline",
            Self::Photos => "photos",
        }
    }
}

/// The frame of a chart: head, parts, and what the caller puts into the main part.
#[component]
fn ChartFrame(
    client: ClientId,
    session: SessionId,
    /// Stands below everything and never scrolls away.
    #[prop(optional)]
    foot: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    let part = RwSignal::new(View::Chart);
    let choices = View::ALL.map(|choice| {
        view! {
            <button type="button" aria-pressed=move || (part.get() == choice).to_string() on:click=move |_| part.set(choice)>
                {choice.label()}
            </button>
        }
    });
    let panel = Signal::derive(move || match part.get() {
        View::Chart => None,
        View::Briefing => Some(RailPanel::Briefing),
        View::Timeline => Some(RailPanel::Timeline),
        View::Photos => Some(RailPanel::Photos),
    });
    view! {
        <div class="chart" data-view=move || part.get().key()>
            <ChartHead client session />
            <div class="seg chart-views" role="group" aria-label="Show">
                {choices.collect_view()}
            </div>
            <div class="chart-body">
                <div class="chart-main">
                    {children()}
                </div>
                <Below>
                    <Rail client session panel />
                </Below>
            </div>
            {foot.map(|foot| foot.run())}
        </div>
    }
}

#[component]
fn LockedChart(client: ClientId, session: SessionId) -> impl IntoView {
    view! {
        <ChartFrame client session>
            <SignedView client session>
                <SessionOffer client session />
                <NextBooking client session />
            </SignedView>
        </ChartFrame>
    }
}

#[component]
fn OpenChart(client: ClientId, session: SessionId) -> impl IntoView {
    let charting = Charting::open(use_workspace(), client, session);
    provide_context(charting);
    let treated = move || charting.record.with(|record| !record.treatments.is_empty());
    view! {
        <ChartFrame client session foot=ViewFn::from(|| view! { <SignBar /> })>
            <SignedElsewhere />
            <ChartedByOthers />
            <StandingNotes />
            <Spacing />
            <PhotosDue client session />
            <Treatments />
            <LeftOut />
            <Show when=treated>
                <div id="treatment" role="tabpanel" aria-label="Treatment" class="treatment">
                    <DevicePickers />
                    <Readings />
                    <Below>
                        <Areas />
                    </Below>
                </div>
            </Show>
            <Below>
                <Response />
                <NextNote />
            </Below>
        </ChartFrame>
        <Below>
            <Keypad />
        </Below>
    }
}

/// Somebody signed this session while it was being charted here.
#[component]
fn SignedElsewhere() -> impl IntoView {
    let charting = use_charting();
    let by = Memo::new(move |_| {
        let signed = charting.visit()?.signed?;
        let name = charting.catalogue.with(|catalogue| catalogue.as_ref().map(|catalogue| catalogue.staff_name(signed.by)))?;
        Some(format!("{name} signed this session on {}.", charting.workspace.when(signed.at)))
    });
    let drop_draft = move |_| charting.workspace.drop_draft(charting.session);
    let is_rest = Memo::new(move |_| charting.is_rest());
    view! {
        <Show when=move || is_rest.get()>
            <ChartingRest />
        </Show>
        <Show when=move || by.with(Option::is_some) && !is_rest.get()>
            <div class="say is-warn" role="alert">
                <Icon name="alert" />
                <span>
                    {move || by.get()} " What you typed is kept here. Sign it, and it goes beside the signed one for a person to decide."
                </span>
                <button class="btn" type="button" on:click=drop_draft>
                    "Throw away what I typed"
                </button>
            </div>
        </Show>
    }
}

/// A colleague left this session half charted on this device. Whose it is is said; what it says is not.
#[component]
fn ChartedByOthers() -> impl IntoView {
    let charting = use_charting();
    let names = Memo::new(move |_| {
        let others = charting.workspace.drafted_by_others(charting.session);
        let name = |by| charting.catalogue.with(|catalogue| catalogue.as_ref().map(|catalogue| catalogue.staff_name(by)));
        others.into_iter().filter_map(name).collect::<Vec<_>>().join(" and ")
    });
    view! {
        <Show when=move || names.with(|names| !names.is_empty())>
            <p class="say" role="status">
                <Icon name="user" />
                <span>{names} " began to chart this session on this device. It is kept for them; what you enter is yours."</span>
            </p>
        </Show>
    }
}

#[component]
fn Fetching() -> impl IntoView {
    view! {
        <div class="page">
            <div class="card empty" role="status">
                <Icon name="update" />
                <h1>"Fetching the clinic’s charts"</h1>
                <p>"This one has not arrived yet. It opens by itself as soon as it has."</p>
            </div>
        </div>
    }
}

#[component]
fn Missing() -> impl IntoView {
    view! {
        <div class="page">
            <div class="card empty">
                <Icon name="search" />
                <h1>"This chart is not here"</h1>
                <p>"The clinic has no such session, or this device has not been told of it yet."</p>
                <A href="/" attr:class="btn primary">
                    "Go to Today"
                </A>
            </div>
        </div>
    }
}
