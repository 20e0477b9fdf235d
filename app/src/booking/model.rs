//! What can be booked: plain data, tested without a browser.

use domain::{
    booking::{self, Time},
    catalogue::Catalogue,
    chart::Chart,
    ids::{SessionId, StaffId},
    session::Appointment,
    time::{Day, Moment},
};

/// So many times are offered.
pub const OFFERED: usize = 3;

/// Who would hold a session, when it is due, and how long it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub provider: StaffId,
    pub day: Day,
    pub minutes: u16,
    /// The time of the visit before: people keep to their hour.
    like: Option<Moment>,
}

impl Due {
    pub fn with(self, provider: StaffId) -> Self {
        Self { provider, ..self }
    }
}

/// When a session is due: its interval after the one before it; today at the earliest.
pub fn due(chart: &Chart, session: SessionId, catalogue: &Catalogue, today: Day) -> Option<Due> {
    let session = chart.session(session)?;
    let plan = chart.plan(session.plan)?;
    let before =
        chart.sessions.iter().filter(|other| other.plan == plan.id && other.number < session.number).max_by_key(|other| other.number);
    let visit = before.and_then(|before| chart.delivered_in(before.id).or(Some(before)));
    let last = visit.and_then(|visit| visit.appointment.map(|booked| booked.starts).or(visit.signed.as_ref().map(|signed| signed.at)));
    let treats = |id: &StaffId| catalogue.staff_member(*id).is_some_and(|staff| staff.active && staff.role.charts());
    let usual = visit.and_then(|visit| visit.signed.as_ref().map(|signed| signed.by).or(visit.appointment.map(|booked| booked.provider)));
    let anybody = || catalogue.staff.iter().find(|staff| staff.active && staff.role.charts()).map(|staff| staff.id);
    let day = last.map_or(today, |last| catalogue.clock.day(last).plus(i32::from(plan.interval_days))).max(today);
    let minutes = if plan.minutes() == 0 { 45 } else { plan.minutes() };
    Some(Due { provider: usual.filter(treats).or_else(anybody)?, day, minutes, like: last })
}

/// Appointments of one provider that are still ahead.
pub fn taken<'a>(charts: impl Iterator<Item = &'a std::sync::Arc<Chart>>, provider: StaffId, now: Moment) -> Vec<Appointment> {
    let of_chart = |chart: &'a std::sync::Arc<Chart>| chart.sessions.iter().filter_map(|session| session.appointment);
    charts.flat_map(of_chart).filter(|appointment| appointment.provider == provider && appointment.ends() > now).collect()
}

/// The next free times with that provider, one a day, near the client's usual hour.
pub fn offers(catalogue: &Catalogue, taken: &[Appointment], due: Due, now: Moment) -> Vec<Time> {
    const TEN: u16 = 10 * 60;
    let like = due.like.or_else(|| catalogue.clock.instant(due.day, TEN)).unwrap_or(now);
    let wanted = Time { provider: due.provider, starts: like, minutes: due.minutes };
    booking::offers(catalogue, taken, wanted, due.day, now, OFFERED).into_iter().map(|starts| Time { starts, ..wanted }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use std::sync::Arc;

    #[test]
    fn the_next_session_is_offered_at_its_interval_with_the_same_provider_at_the_same_hour() {
        let catalogue = sample::catalogue();
        let mut chart = sample::signed(&sample::chart(3), &catalogue, 1, 18);
        chart.sessions[0].appointment = sample::booked("2026-01-10T14:00:00Z");
        let by = chart.sessions[0].signed.as_ref().unwrap().by;
        let due = due(&chart, sample::session(2), &catalogue, sample::day("2026-01-10")).unwrap();
        assert_eq!((due.provider, due.day), (by, sample::day("2026-02-21")));
        let now = sample::moment("2026-01-10T15:00:00Z");
        let offered = offers(&catalogue, &taken([Arc::new(chart)].iter(), by, now), due, now);
        let times: Vec<_> = offered.iter().map(|time| catalogue.clock.time(time.starts)).collect();
        assert_eq!(times, vec![catalogue.clock.time(sample::moment("2026-01-10T14:00:00Z")); 3]);
    }
}
