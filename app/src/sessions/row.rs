//! One session in the list.

use crate::{icon::Icon, workspace::use_workspace};
use domain::{
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
    pub says: String,
    /// The visit whose chart documents it: its own, or another session's.
    pub charted_in: SessionId,
    /// Bookings that were moved, cancelled or not kept.
    pub history: Vec<String>,
}

pub fn shown(chart: &Chart, session: SessionId, catalogue: &Catalogue, now: Moment) -> Option<Shown> {
    let listed = chart.listed().into_iter().find(|listed| listed.session.id == session)?;
    let balance = chart.balance(listed.plan.id);
    let signed_by = listed.visit.and_then(|visit| visit.signed.as_ref()).map(|signed| signed.by);
    let provider = signed_by.or(listed.session.first_booking().map(|booked| booked.provider));
    let date = |at| {
        let day = catalogue.clock.day(at);
        format!("{} {}, {}", day.heading(), day.0.year(), catalogue.clock.time(at))
    };
    let ended = |past: &PastBooking| {
        let reason = if past.remark.text.is_empty() { String::new() } else { format!(": {}", past.remark.text) };
        let by = catalogue.staff_name(past.remark.by);
        format!("{} {}{reason} ({by}, {})", past.end.label(), date(past.appointment.starts), catalogue.clock.day(past.remark.at).short())
    };
    Some(Shown {
        history: listed.session.past_bookings.iter().map(ended).collect(),
        client: chart.client.name.clone(),
        plan: listed.plan.name.clone(),
        place: format!("{} of {}", listed.session.number, balance.purchased),
        status: listed.status,
        undocumented: listed.is_undocumented(now),
        date: listed.at.map(date),
        procedures: listed.plan.procedures.iter().map(|procedure| procedure.name.clone()).collect(),
        provider: provider.map(|provider| catalogue.staff_name(provider)),
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

/// `position` counts from 0.
#[component]
pub fn SessionRow(client: ClientId, session: SessionId, position: usize) -> impl IntoView {
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
                        view! {
                            <span role="cell">
                                <a href=format!("/sessions/{client}/{session}") title=shown.client.clone()>
                                    {shown.client.clone()}
                                    <span class="vh">{format!(", {} {}", shown.plan, shown.place)}</span>
                                </a>
                            </span>
                            <span role="cell">{shown.plan}</span>
                            <span role="cell" class="num">
                                {shown.place}
                            </span>
                            <span role="cell">
                                <StatusChip status=shown.status undocumented=shown.undocumented />
                            </span>
                            <span role="cell" class="num">
                                {shown.date.unwrap_or_else(|| "not booked".to_owned())}
                            </span>
                            <span role="cell" class="soft">
                                {shown.procedures.join(", ")}
                            </span>
                            <span role="cell">{shown.provider.unwrap_or_default()}</span>
                        }
                    })
            }}
        </div>
    }
}
