//! The day's list, from the charts.

use crate::{booking::model::usual_minutes, words};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    follow_up::elsewhere::Elsewhere,
    ids::{ClientId, PlanId, SessionId, StaffId},
    session::{Appointment, Session},
    time::{Day, Moment},
};
use std::sync::Arc;

/// One appointment, or one visit without any. Says nothing that depends on the clock or on drafts, so
/// that a list only changes when a chart does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Visit {
    pub client: ClientId,
    pub session: SessionId,
    /// `None`: another system keeps it, and does not say.
    pub provider: Option<StaffId>,
    pub starts: Moment,
    pub ends: Moment,
    /// `09:00`.
    pub time: String,
    /// `2026-11-21T09:00`, for machines.
    pub datetime: String,
    /// The client's name.
    pub name: String,
    /// `Laser hair removal · 5 of 6`.
    pub series: String,
    /// What the series was treated with last; `None` before its first session.
    pub device: Option<String>,
    /// Who holds it, or in which system it is booked.
    pub provider_name: String,
    pub number: u16,
    pub purchased: u16,
    pub delivered: u16,
    pub place: Option<Place>,
    pub signed: Option<Signed>,
    /// The session cannot be signed before the client has signed a consent.
    pub consent_missing: bool,
    /// Photographs are taken in this session, and are not yet.
    pub photos_due: bool,
    /// Something about this client waits for a person.
    pub needs_attention: bool,
}

/// A place in the series that calls for a word with the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    First,
    SecondToLast,
    Last,
}

/// When and by whom a session was signed: `08:52`, or `10 Oct` on another day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signed {
    pub when: String,
    pub by: String,
}

/// How far a visit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Planned,
    /// Its time is now, and nobody has begun to chart here.
    Due,
    /// Being charted on this device.
    Draft,
    Signed,
    /// Its time is over by so many minutes, and it is not signed.
    Over(i64),
}

impl Visit {
    pub fn status(&self, has_draft: bool, now: Moment) -> Status {
        if self.signed.is_some() {
            return Status::Signed;
        }
        if has_draft {
            return Status::Draft;
        }
        if self.ends <= now {
            return Status::Over((now.millis() - self.ends.millis()) / 60_000);
        }
        if self.starts <= now { Status::Due } else { Status::Planned }
    }

    pub fn remaining(&self) -> u16 {
        self.purchased.saturating_sub(self.delivered)
    }

    /// Where the visit is opened.
    pub fn path(&self) -> String {
        format!("/clients/{}/sessions/{}", self.client, self.session)
    }
}

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Everyone who comes on a day, earliest first: each booking, here or in another system, and those signed on it without one.
pub fn day_visits<'a>(charts: impl Iterator<Item = &'a Arc<Chart>>, catalogue: &Catalogue, day: Day) -> Vec<Visit> {
    // No clock on earth is more than a day off from UTC: a cheap look spares most sessions the exact one.
    let noon = i64::from(day.number()) * DAY + DAY / 2;
    let on_day = |at: Moment| (at.millis() - noon).abs() <= 2 * DAY && catalogue.clock.day(at) == day;
    let mut visits: Vec<_> = charts
        .flat_map(|chart| {
            let of_session = move |session| coming(chart, session, on_day).into_iter().map(move |at| (session, at));
            let coming = chart.sessions.iter().flat_map(of_session);
            coming.map(move |(session, at)| visit(chart, session, at, catalogue, day))
        })
        .collect();
    visits.sort_by(|a, b| (a.starts, &a.name, a.session).cmp(&(b.starts, &b.name, b.session)));
    visits
}

/// Why somebody is listed.
#[derive(Clone, Copy)]
enum Coming<'a> {
    Booked(&'a Appointment),
    /// Another system keeps it.
    Elsewhere(&'a Elsewhere),
    /// Signed without a booking.
    WalkedIn(Signing),
}

/// Who signed, and when.
type Signing = (Moment, StaffId);

fn coming<'a>(chart: &'a Chart, session: &'a Session, on_day: impl Fn(Moment) -> bool) -> Vec<Coming<'a>> {
    let booked: Vec<_> = session.appointments.iter().filter(|booked| on_day(booked.starts)).map(Coming::Booked).collect();
    if !booked.is_empty() {
        return booked;
    }
    let signed = || signings(session).find(|(at, _)| on_day(*at)).map(Coming::WalkedIn);
    // Both may know the same visit.
    let of_session = chart.elsewhere.iter().filter(|kept| kept.session == Some(session.id) && kept.is_of_its_day());
    let elsewhere = of_session.filter(|kept| on_day(kept.starts)).min_by_key(|kept| kept.starts);
    elsewhere.map(Coming::Elsewhere).or_else(signed).into_iter().collect()
}

/// The signature, and those of what was left for another day.
fn signings(session: &Session) -> impl Iterator<Item = Signing> {
    let further = session.addenda.iter().filter(|addendum| addendum.delivers).map(|addendum| (addendum.at, addendum.by));
    session.signed.iter().map(|signed| (signed.at, signed.by)).chain(further)
}

/// The signature nearest to a booking; `None` while what is booked is still to be held.
fn signing(chart: &Chart, session: &Session, booked: &Appointment) -> Option<Signing> {
    let visit = if session.signed.is_some() { session } else { chart.delivered_in(session.id)? };
    if !session.is_held(booked) && !chart.outstanding(session.id).is_empty() {
        return None;
    }
    signings(visit).min_by_key(|(at, _)| at.millis().abs_diff(booked.starts.millis()))
}

fn visit(chart: &Chart, session: &Session, coming: Coming<'_>, catalogue: &Catalogue, day: Day) -> Visit {
    let clock = &catalogue.clock;
    let balance = chart.balance(session.plan);
    let (starts, minutes, provider, signed) = match coming {
        Coming::Booked(booked) => (booked.starts, booked.minutes, Some(booked.provider), signing(chart, session, booked)),
        Coming::Elsewhere(kept) => {
            let visit = chart.delivered_in(session.id).into_iter().flat_map(signings);
            let signed = visit.min_by_key(|(at, _)| at.millis().abs_diff(kept.starts.millis()));
            (kept.starts, usual_minutes(chart.plan(session.plan)), signed.map(|(_, by)| by), signed)
        }
        Coming::WalkedIn((at, by)) => (at, 0, Some(by), Some((at, by))),
    };
    let system = match coming {
        Coming::Elsewhere(kept) => format!("in {}", kept.system),
        _ => String::new(),
    };
    let time = clock.time(starts);
    Visit {
        client: chart.client.id,
        session: session.id,
        provider,
        starts,
        ends: Moment::from_millis(starts.millis() + i64::from(minutes) * 60_000),
        datetime: format!("{day}T{time}"),
        time,
        name: chart.client.name.clone(),
        series: words::series(chart, session.id),
        device: last_device(chart, session.plan, catalogue),
        provider_name: provider.map_or(system, |provider| catalogue.staff_name(provider)),
        number: session.number,
        purchased: balance.purchased,
        delivered: balance.delivered,
        place: if chart.delivered_in(session.id).is_none() { place(chart, session) } else { None },
        consent_missing: signed.is_none() && chart.lacks_consent(session.plan, catalogue).is_some(),
        photos_due: signed.is_none() && chart.photos_due(session.id, catalogue).is_some(),
        signed: signed.map(|(at, by)| Signed {
            when: if clock.day(at) == day { clock.time(at) } else { clock.day(at).short() },
            by: catalogue.staff_name(by),
        }),
        needs_attention: chart.undecided().next().is_some() || chart.sessions.iter().any(Session::needs_follow_up),
    }
}

/// How many sessions are left once this one comes, apart from those that come before it.
fn place(chart: &Chart, session: &Session) -> Option<Place> {
    let starts = |session: &Session| session.first_booking().map(|booked| booked.starts);
    let before = |other: &Session| match (starts(other), starts(session)) {
        (Some(other), Some(this)) => other < this,
        _ => other.number < session.number,
    };
    let open = chart.sessions.iter().filter(|other| other.plan == session.plan && chart.delivered_in(other.id).is_none());
    let left = open.filter(|other| other.id == session.id || !before(other)).count();
    match left {
        _ if session.number == 1 => Some(Place::First),
        1 => Some(Place::Last),
        2 => Some(Place::SecondToLast),
        _ => None,
    }
}

fn last_device(chart: &Chart, plan: PlanId, catalogue: &Catalogue) -> Option<String> {
    let of_plan = |session: SessionId| chart.session(session).is_some_and(|session| session.plan == plan);
    let history = chart.history();
    let mut treatments = history.iter().flat_map(|(_, signed)| &signed.record.treatments);
    let last = treatments.find(|treatment| treatment.counts_for.is_some_and(of_plan))?;
    catalogue.device(last.device).map(|device| device.model.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{consent::example, signed_record::sample};
    use domain::{command::Change, ids::ProcedureId, package::Procedure};
    use uuid::Uuid;

    const DAY: &str = "2026-11-21";

    fn visits(charts: &[Chart]) -> Vec<Visit> {
        let charts: Vec<_> = charts.iter().cloned().map(Arc::new).collect();
        day_visits(charts.iter(), &sample::catalogue(), sample::day(DAY))
    }

    fn booked(mut chart: Chart, number: usize, at: &str) -> Chart {
        chart.sessions[number - 1].appointments = sample::booked(at);
        chart
    }

    #[test]
    fn the_day_is_listed_by_time_and_by_the_clinics_clock() {
        let mut late = booked(sample::chart(6), 1, "2026-11-21T10:00:00Z");
        late.client.name = "Jonas Weber".into();
        let other_day = booked(sample::chart(6), 1, "2026-11-22T00:00:00Z");
        let early = booked(sample::chart(6), 1, "2026-11-21T09:00:00Z");
        let listed = visits(&[late, other_day, early]);
        let listed: Vec<_> = listed.iter().map(|visit| (visit.time.as_str(), visit.name.as_str())).collect();
        assert_eq!(listed, [("09:00", "Maya Chen"), ("10:00", "Jonas Weber")]);
    }

    #[test]
    fn the_fifth_of_six_is_second_to_last_and_knows_its_device() {
        let catalogue = sample::catalogue();
        let mut chart = sample::chart(6);
        for number in 1..=4 {
            chart = sample::signed(&chart, &catalogue, number, 18);
        }
        let visit = visits(&[booked(chart.clone(), 5, "2026-11-21T09:00:00Z")]).remove(0);
        assert_eq!(visit.series, "Laser hair removal · 5 of 6");
        assert_eq!((visit.remaining(), visit.place), (2, Some(Place::SecondToLast)));
        assert_eq!(visit.device.as_deref(), Some("Clarity II"));
        // With the fifth booked before it, the sixth is the last.
        let both = booked(booked(chart, 5, "2026-11-21T09:00:00Z"), 6, "2026-11-21T11:00:00Z");
        assert_eq!(visits(&[both])[1].place, Some(Place::Last));
        assert_eq!(visits(&[booked(sample::chart(6), 1, "2026-11-21T09:00:00Z")])[0].place, Some(Place::First));
    }

    #[test]
    fn who_is_booked_in_another_system_is_listed_once() {
        let catalogue = sample::catalogue();
        let mut chart = sample::chart(6);
        chart.elsewhere = vec![sample::elsewhere(1, "2026-11-21T11:00:00Z")];
        let visit = visits(std::slice::from_ref(&chart)).remove(0);
        assert_eq!((visit.time.as_str(), visit.provider, visit.provider_name.as_str()), ("11:00", None, "in Booker"));
        assert_eq!((visit.number, visit.place), (1, Some(Place::First)));
        // Both know the same visit.
        assert_eq!(visits(&[booked(chart.clone(), 1, "2026-11-21T11:00:00Z")])[0].provider, Some(sample::PROVIDER));
        let mut charted = sample::signed(&chart, &catalogue, 1, 18);
        charted.sessions[0].signed.as_mut().expect("signed").at = sample::moment("2026-11-21T11:20:00Z");
        let lines = visits(&[charted]);
        let signed: Vec<_> = lines.iter().map(|line| line.signed.as_ref().map(|signed| signed.when.as_str())).collect();
        assert_eq!(signed, [Some("11:20")]);
        chart.elsewhere[0].state = domain::follow_up::elsewhere::BookingState::Cancelled;
        assert!(visits(&[chart]).is_empty());
    }

    #[test]
    fn who_walked_in_and_was_signed_is_listed_too() {
        let catalogue = sample::catalogue();
        let mut chart = sample::signed(&sample::chart(6), &catalogue, 1, 18);
        chart.sessions[0].signed.as_mut().expect("signed").at = sample::moment("2026-11-21T12:30:00Z");
        let visit = visits(&[chart]).remove(0);
        assert_eq!(visit.time, "12:30");
        assert_eq!(visit.signed.map(|signed| signed.by).as_deref(), Some("A. Osei"));
    }

    #[test]
    fn each_booking_of_a_session_is_a_line_and_the_rest_is_open_until_it_is_held() {
        let catalogue = sample::catalogue();
        let procedure = |id, name: &str| Procedure { id: ProcedureId(Uuid::from_u128(id)), name: name.into(), minutes: 30, template: None };
        let mut chart = sample::chart(6);
        chart.plans[0].procedures = vec![procedure(1, "Legs"), procedure(2, "Arms")];
        let part = |id, at| {
            sample::booked(at).into_iter().map(move |booked| Appointment { procedures: vec![ProcedureId(Uuid::from_u128(id))], ..booked })
        };
        chart.sessions[0].appointments = part(2, "2026-01-10T14:00:00Z").chain(part(1, "2026-01-10T10:00:00Z")).collect();
        let lines = |chart: &Chart| {
            let visits = day_visits([Arc::new(chart.clone())].iter(), &catalogue, sample::day("2026-01-10"));
            visits.into_iter().map(|visit| (visit.time, visit.signed.map(|signed| signed.when))).collect::<Vec<_>>()
        };
        assert_eq!(lines(&chart), [("10:00".into(), None), ("14:00".into(), None)]);
        let mut record = sample::record(&chart, &catalogue, 1, 18);
        record.treatments[0].procedure = Some(ProcedureId(Uuid::from_u128(1)));
        let change = Change::SignSession { session: sample::session(1), record, rest: None };
        let chart = chart.apply(&change, sample::by(sample::PROVIDER, "2026-01-10T10:25:00Z"), &catalogue).expect("signed");
        assert_eq!(lines(&chart), [("10:00".into(), Some("10:25".into())), ("14:00".into(), None)]);
    }

    #[test]
    fn a_missing_consent_is_told_until_it_is_signed() {
        let catalogue = example::catalogue(1);
        let told = |chart: &Chart| {
            let charts = [Arc::new(chart.clone())];
            day_visits(charts.iter(), &catalogue, sample::day(DAY)).remove(0).consent_missing
        };
        let chart = booked(sample::chart(6), 1, "2026-11-21T09:00:00Z");
        assert!(told(&chart));
        assert!(!told(&example::signed(&chart, &catalogue, 1)));
    }

    #[test]
    fn the_status_follows_the_clock() {
        let visit = visits(&[booked(sample::chart(6), 1, "2026-11-21T09:00:00Z")]).remove(0);
        let at = |time: &str| sample::moment(&format!("2026-11-21T{time}:00Z"));
        assert_eq!(visit.status(false, at("08:59")), Status::Planned);
        assert_eq!(visit.status(false, at("09:00")), Status::Due);
        assert_eq!(visit.status(true, at("09:10")), Status::Draft);
        assert_eq!(visit.status(false, at("09:55")), Status::Over(25));
        let signed = Visit { signed: Some(Signed { when: "09:20".into(), by: "A. Osei".into() }), ..visit };
        assert_eq!(signed.status(true, at("09:55")), Status::Signed);
    }
}
