//! What the desk needs to know about one booking, from its chart.

use crate::words;
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    consent::Why,
    ids::{AppointmentId, SessionId},
    status::SessionStatus,
    time::Moment,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    pub name: String,
    /// `Laser hair removal · 5 of 6`.
    pub series: String,
    /// `Sat 21 Nov, 09:00–09:30`.
    pub when: String,
    /// `A. Osei · Room 2 · Clarity II`.
    pub with: String,
    /// "Maya has 2 of 6 sessions remaining. Next session is #5."
    pub says: String,
    /// What to know before: too soon after something else, or a consent that is missing.
    pub warnings: Vec<String>,
    /// Why it was booked despite what was too soon.
    pub despite: Option<String>,
    /// More can be offered now.
    pub offer: Option<String>,
    /// When the client checked in.
    pub arrived: Option<String>,
    /// It can be checked in: it is its day, and it is not over and done with.
    pub is_its_day: bool,
    pub completed: bool,
    /// The visit whose chart to open.
    pub charted_in: SessionId,
}

pub fn details(chart: &Chart, session: SessionId, appointment: AppointmentId, catalogue: &Catalogue, now: Moment) -> Option<Details> {
    let session = chart.session(session)?;
    let booked = session.booking(appointment)?;
    let plan = chart.plan(session.plan)?;
    let clock = &catalogue.clock;
    let day = clock.day(booked.starts);
    let all_done = chart.listed_session(session).is_some_and(|listed| listed.status == SessionStatus::Completed);
    let completed = session.is_held(booked) || all_done;
    let room = booked.room.and_then(|room| catalogue.room(room)).map(|room| room.name.clone());
    let device = booked.device.and_then(|device| catalogue.device(device)).map(|device| device.model.clone());
    let with: Vec<_> = std::iter::once(catalogue.staff_name(booked.provider)).chain(room).chain(device).collect();
    let mut warnings = Vec::new();
    // What was done then was done; the warnings are for what is still to come.
    if !completed {
        let concerns = chart.spacing_concerns(&chart.intended(plan.id), day, catalogue);
        warnings.extend(concerns.iter().map(|concern| concern.sentence()));
        let missing = chart.asked(plan.id, catalogue).into_iter().filter(|asked| asked.why == Why::Missing);
        let names = missing.filter_map(|asked| catalogue.consent_form(asked.form));
        warnings.extend(names.map(|form| format!("The consent “{}” is not signed.", form.name)));
    }
    let balance = chart.balance(plan.id);
    let first_name = chart.client.first_name();
    Some(Details {
        name: chart.client.name.clone(),
        series: words::series(chart, session.id),
        when: format!("{}, {}–{}", day.heading(), clock.time(booked.starts), clock.time(booked.ends())),
        with: with.join(" · "),
        says: balance.sentence(first_name),
        warnings,
        despite: booked.despite.clone(),
        offer: chart.offer_due(plan.id).then(|| balance.offer(first_name)),
        arrived: booked.arrived.map(|at| clock.time(at)),
        is_its_day: !completed && day == clock.day(now),
        completed,
        charted_in: chart.delivered_in(session.id).map_or(session.id, |visit| visit.id),
    })
}

/// Sessions that can be booked: of each series the first that is not booked yet, or not wholly.
pub fn to_book(chart: &Chart) -> Vec<(SessionId, String)> {
    let first = |plan: &domain::plan::Plan| {
        let open = chart.sessions.iter().filter(|session| session.plan == plan.id);
        let open = open.filter(|session| crate::booking::model::ahead(chart, session.id).is_some_and(|ahead| ahead.more));
        open.min_by_key(|session| session.number).map(|session| (session.id, words::series(chart, session.id)))
    };
    chart.plans.iter().filter_map(first).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn the_panel_says_what_remains_and_what_to_offer() {
        let catalogue = sample::catalogue();
        let mut chart = sample::chart(6);
        for number in 1..=4 {
            chart = sample::signed(&chart, &catalogue, number, 18);
        }
        chart.sessions[4].appointments = sample::booked("2026-11-21T09:00:00Z");
        let id = chart.sessions[4].appointments[0].id;
        let shown = |chart: &Chart, now: &str| details(chart, sample::session(5), id, &catalogue, sample::moment(now)).unwrap();
        let before = shown(&chart, "2026-11-20T09:00:00Z");
        assert_eq!(before.says, "Maya has 2 of 6 sessions remaining. Next session is #5.");
        assert_eq!(before.when, "Sat 21 Nov, 09:00–09:30");
        assert_eq!(before.offer.as_deref(), Some("Maya’s second-to-last session. Maintenance package available."));
        assert!(!before.is_its_day && !before.completed && before.warnings.is_empty());
        assert!(shown(&chart, "2026-11-21T08:00:00Z").is_its_day);
        assert_eq!(to_book(&chart), [(sample::session(6), "Laser hair removal · 6 of 6".to_owned())]);
    }

    #[test]
    fn what_is_too_soon_is_said_until_it_is_done() {
        let mut catalogue = sample::catalogue();
        let template = catalogue.devices[0].handpieces[0].template;
        catalogue.spacing = vec![domain::spacing::SpacingRule { earlier: template, later: template, region: None, days: 28 }];
        let mut chart = sample::signed(&sample::chart(2), &catalogue, 1, 18);
        chart.sessions[1].appointments = sample::booked("2026-01-20T09:00:00Z");
        let id = chart.sessions[1].appointments[0].id;
        let shown = details(&chart, sample::session(2), id, &catalogue, sample::moment("2026-01-12T09:00:00Z")).unwrap();
        assert!(shown.warnings.iter().any(|words| words.contains("10 days before; 28 are usual.")), "{:?}", shown.warnings);
    }
}
