//! One session in the list.

use super::{
    index::provider,
    menu::{MenuButton, RowMenu},
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::{
    billing::Billing,
    booking::PastBooking,
    catalogue::Catalogue,
    chart::Chart,
    ids::{ClientId, SessionId},
    status::SessionStatus,
    time::Moment,
};
use leptos::prelude::*;

/// What a row, or the session's own page, shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub client: String,
    pub plan: String,
    /// `5 of 6`
    pub place: String,
    pub status: SessionStatus,
    pub undocumented: bool,
    /// `Sat 21 Nov 2026, 09:00`
    pub date: Option<String>,
    pub procedures: Vec<String>,
    pub provider: Option<String>,
    pub billing: Option<Billing>,
    pub says: String,
    /// The visit whose chart documents it: its own, or another session's.
    pub charted_in: SessionId,
    /// Bookings that were moved, cancelled or not kept.
    pub history: Vec<String>,
}

/// `Sat 21 Nov 2026, 09:00`
pub fn dated(at: Moment, catalogue: &Catalogue) -> String {
    let day = catalogue.clock.day(at);
    format!("{} {}, {}", day.heading(), day.0.year(), catalogue.clock.time(at))
}

pub fn shown(chart: &Chart, session: SessionId, catalogue: &Catalogue, now: Moment) -> Option<Shown> {
    let listed = chart.listed_session(chart.session(session)?)?;
    let balance = chart.balance(listed.plan.id);
    let ended = |past: &PastBooking| {
        let reason = if past.remark.text.is_empty() { String::new() } else { format!(": {}", past.remark.text) };
        let by = catalogue.staff_name(past.remark.by);
        let when = dated(past.appointment.starts, catalogue);
        format!("{} {when}{reason} ({by}, {})", past.end.label(), catalogue.clock.day(past.remark.at).short())
    };
    let billing = chart.session_billing(listed.plan.id).into_iter().find(|(id, _)| *id == session).map(|(_, billing)| billing);
    Some(Shown {
        history: listed.session.past_bookings.iter().map(ended).collect(),
        client: chart.client.name.clone(),
        plan: listed.plan.name.clone(),
        place: format!("{} of {}", listed.session.number, balance.purchased),
        status: listed.status,
        undocumented: listed.is_undocumented(now),
        date: listed.at.map(|at| dated(at, catalogue)),
        procedures: listed.plan.procedures.iter().map(|procedure| procedure.name.clone()).collect(),
        provider: provider(&listed)
            .map(|provider| catalogue.staff_name(provider))
            .or_else(|| listed.elsewhere.map(|kept| format!("in {}", kept.system))),
        billing,
        says: balance.sentence(chart.client.first_name()),
        charted_in: listed.visit.map_or(session, |visit| visit.id),
    })
}

/// The status as a chip; one that should have been documented stands out.
#[component]
pub fn StatusChip(status: SessionStatus, undocumented: bool) -> impl IntoView {
    let (class, icon) = match (undocumented, status) {
        (true, _) => ("chip is-warn", "alert"),
        (_, SessionStatus::AwaitingBooking) => ("chip is-outline", "circle-dashed"),
        (_, SessionStatus::PartiallyBooked) => ("chip is-outline", "calendar"),
        (_, SessionStatus::Booked) => ("chip", "calendar"),
        (_, SessionStatus::Completed) => ("chip is-ok", "check"),
    };
    view! {
        <span class=class>
            <Icon name=icon />
            {if undocumented { "Not documented" } else { status.label() }}
        </span>
    }
}

/// How it stands with the money; what was delivered and not billed stands out.
#[component]
pub fn BillingWords(billing: Billing) -> impl IntoView {
    let unbilled = billing == Billing::Unbilled;
    view! {
        <span class:chip=unbilled class:is-warn=unbilled>
            {unbilled.then(|| view! { <Icon name="alert" /> })}
            {billing.label()}
        </span>
    }
}

/// `position` counts from 0.
#[component]
pub fn SessionRow(client: ClientId, session: SessionId, position: usize, menu: RowMenu) -> impl IntoView {
    let workspace = use_workspace();
    let shown = Memo::new(move |_| {
        let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue())?;
        shown(&chart, session, &catalogue, workspace.now.get())
    });
    view! {
        // The head is row 1.
        <div class="session-row" role="row" aria-rowindex=position + 2>
            {move || {
                shown
                    .get()
                    .map(|shown| {
                        let about = format!("{}, {} {}", shown.client, shown.plan, shown.place);
                        view! {
                            <span role="cell" class="c-client">
                                <a href=format!("/sessions/{client}/{session}") title=shown.client.clone()>
                                    {shown.client.clone()}
                                    <span class="vh">{format!(", {} {}", shown.plan, shown.place)}</span>
                                </a>
                            </span>
                            <span role="cell" class="c-plan">
                                {shown.plan}
                            </span>
                            <span role="cell" class="c-place num">
                                {shown.place}
                            </span>
                            <span role="cell" class="c-status">
                                <StatusChip status=shown.status undocumented=shown.undocumented />
                            </span>
                            <span role="cell" class="c-date num">
                                {shown.date.unwrap_or_else(|| "not booked".to_owned())}
                            </span>
                            <span role="cell" class="c-parts soft">
                                {shown.procedures.join(", ")}
                            </span>
                            <span role="cell" class="c-who">
                                {shown.provider.unwrap_or_default()}
                            </span>
                            <span role="cell" class="c-bill">
                                {shown.billing.map(|billing| view! { <BillingWords billing /> })}
                            </span>
                            <span role="cell" class="c-more">
                                <MenuButton menu client session about />
                            </span>
                        }
                    })
            }}
        </div>
    }
}
