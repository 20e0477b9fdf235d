//! What a client sees of her chart. Plain data, tested without a browser; the numbers and sentences are those of the staff's pages.

use super::photos::{InView, pictures};
use crate::{
    booking::model::{self, SEARCHED_DAYS, ahead, around, due, free},
    consent::{AskedLine, asked},
    words,
};
use domain::{
    booking::Time,
    catalogue::Catalogue,
    chart::Chart,
    ids::{AppointmentId, SessionId},
    plan::{Plan, Standing},
    session::Appointment,
    time::{Day, Moment},
};

/// Her first page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    pub clinic: String,
    pub first_name: String,
    /// The zone of all times.
    pub zone: String,
    pub series: Vec<Series>,
    /// How she fares since her last visit is asked for a while.
    pub fares: Option<Fares>,
    /// What is still to be signed.
    pub to_sign: Vec<AskedLine>,
    /// The newest pair of photographs she may see.
    pub then_and_now: Option<InView>,
    /// What is over, in one line each.
    pub finished: Vec<(String, String)>,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaidAtHome {
    Booked,
    Cancelled,
    TooLateToCancel,
    Chosen,
    Signed,
    /// She told that all is well.
    Reported,
    /// She told that something worries her.
    Worried,
}

/// After a session: how she fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fares {
    pub session: SessionId,
    /// `14 Nov`, when it was.
    pub day: String,
    /// `20 Nov: All is well.`, what she told last.
    pub told: Option<String>,
}

/// So long after a session it is asked.
const ASKED_DAYS: i32 = 30;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub name: String,
    /// The one sentence all pages use.
    pub says: String,
    /// `Due from 3 Dec to 31 Dec 2026`, while something of the next session is not booked.
    pub due: Option<String>,
    pub booked: Vec<Booked>,
    /// What another system has booked for her.
    pub elsewhere: Vec<Elsewhere>,
    /// The session that can be booked here.
    pub book: Option<SessionId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    pub id: AppointmentId,
    /// `Thu 3 Dec 2026, 10:00`
    pub when: String,
    /// `Dr Ama Osei · Room 2`
    pub with: String,
    /// She can still cancel it herself.
    pub cancellable: bool,
}

/// Booked in another system, where it is moved and cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// `Thu 3 Dec 2026, 10:00`
    pub when: String,
    /// As the clinic calls it.
    pub system: String,
}

/// Times for one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offers {
    pub clinic: String,
    pub zone: String,
    pub session: SessionId,
    /// `Laser hair removal · 5 of 6`
    pub series: String,
    pub due: String,
    pub with: String,
    pub offers: Vec<Offer>,
    /// Times after these begin on that day.
    pub later: Option<Day>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    pub time: Time,
    pub day: Day,
    /// Minutes after midnight, on the clinic's clock.
    pub minute: u16,
}

impl Offer {
    /// `Thu 3 Dec, 10:00`
    pub fn words(&self) -> String {
        format!("{}, {:02}:{:02}", self.day.heading(), self.minute / 60, self.minute % 60)
    }
}

pub fn home(chart: &Chart, catalogue: &Catalogue, now: Moment) -> Home {
    let (over, going_on): (Vec<_>, Vec<_>) = chart.plans.iter().partition(|plan| chart.next_session(plan.id).is_none());
    let first_name = chart.client.first_name();
    Home {
        clinic: catalogue.name.clone(),
        first_name: first_name.to_owned(),
        zone: catalogue.clock.zone.clone(),
        series: going_on.into_iter().map(|plan| series(chart, plan, catalogue, now)).collect(),
        fares: fares(chart, catalogue, now),
        to_sign: asked(chart, catalogue),
        then_and_now: pictures(chart, catalogue).series.into_iter().find_map(|series| series.views.into_iter().next()),
        finished: over.into_iter().map(|plan| (plan.name.clone(), chart.balance(plan.id).sentence_to_client())).collect(),
    }
}

fn fares(chart: &Chart, catalogue: &Catalogue, now: Moment) -> Option<Fares> {
    let (session, signed) = chart.history().into_iter().next()?;
    let day = catalogue.clock.day(signed.at);
    let told = session.reports.last().map(|report| format!("{}: {}", catalogue.clock.day(report.at).short(), words::report(report)));
    (catalogue.clock.day(now).since(day) <= ASKED_DAYS).then(|| Fares { session: session.id, day: day.short(), told })
}

fn series(chart: &Chart, plan: &Plan, catalogue: &Catalogue, now: Moment) -> Series {
    let bookable = bookable(chart, plan);
    let sessions = chart.sessions.iter().filter(|session| session.plan == plan.id);
    let mut ahead: Vec<_> =
        sessions.flat_map(|session| session.appointments.iter().filter(move |booked| !session.is_held(booked))).collect();
    // All day long: somebody looks up where to go, or is still on the way.
    ahead.retain(|booked| catalogue.clock.day(booked.starts) >= catalogue.clock.day(now));
    ahead.sort_by_key(|booked| booked.starts);
    let ids: Vec<_> = chart.sessions.iter().filter(|session| session.plan == plan.id).map(|session| Some(session.id)).collect();
    let today = catalogue.clock.day(now);
    let elsewhere = chart.elsewhere.iter().filter(|kept| kept.is_ahead() && ids.contains(&kept.session));
    let elsewhere = elsewhere.filter(|kept| catalogue.clock.day(kept.starts) >= today);
    let due = bookable.and_then(|session| window(chart, session, catalogue, now));
    Series {
        name: plan.name.clone(),
        says: chart.balance(plan.id).sentence_to_client(),
        due: due.map(window_words),
        booked: ahead.into_iter().map(|booked| told(booked, catalogue, now)).collect(),
        elsewhere: elsewhere.map(|kept| Elsewhere { when: dated(kept.starts, catalogue), system: kept.system.clone() }).collect(),
        book: bookable,
    }
}

/// The next session of a series that goes on, while something of it is not booked.
fn bookable(chart: &Chart, plan: &Plan) -> Option<SessionId> {
    let next = chart.next_to_book(plan.id).filter(|_| plan.standing() == Standing::Active)?;
    ahead(chart, next.id)?.more.then_some(next.id)
}

/// From when to when a session is due: the days in which the staff are offered times for it.
fn window(chart: &Chart, session: SessionId, catalogue: &Catalogue, now: Moment) -> Option<(Day, Day)> {
    let due = due(chart, session, None, catalogue, catalogue.clock.day(now))?;
    Some((due.day, due.day.plus(SEARCHED_DAYS)))
}

fn window_words((from, to): (Day, Day)) -> String {
    let from = if from.0.year() == to.0.year() { from.short() } else { from.long() };
    format!("Due from {from} to {}", to.long())
}

fn told(booked: &Appointment, catalogue: &Catalogue, now: Moment) -> Booked {
    Booked {
        id: booked.id,
        when: dated(booked.starts, catalogue),
        with: place(booked.time(), catalogue),
        cancellable: domain::booking::clients_may_cancel(booked.starts, now),
    }
}

/// `Thu 3 Dec 2026, 10:00`
fn dated(starts: Moment, catalogue: &Catalogue) -> String {
    let day = catalogue.clock.day(starts);
    format!("{} {}, {}", day.heading(), day.0.year(), catalogue.clock.time(starts))
}

/// `Dr Ama Osei · Room 2`
fn place(time: Time, catalogue: &Catalogue) -> String {
    let room = time.room.and_then(|room| catalogue.room(room)).map(|room| room.name.clone());
    [Some(words::full_name(catalogue, time.provider)), room].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Times for a session of hers, computed as the staff's are: with the same person, at the usual hour, in the window in which it is due.
/// `taken` is everybody's. Beginning with `from`, where that lies in the window. `None`: she cannot book this session.
pub fn offers(chart: &Chart, session: SessionId, catalogue: &Catalogue, taken: &[Time], from: Option<Day>, now: Moment) -> Option<Offers> {
    let plan = chart.plan(chart.session(session)?.plan)?;
    bookable(chart, plan).filter(|bookable| *bookable == session)?;
    let due = due(chart, session, None, catalogue, catalogue.clock.day(now))?;
    let (first, last) = window(chart, session, catalogue, now)?;
    let around = around(taken, chart, None, due.provider);
    let begins = from.filter(|from| (first..=last).contains(from)).unwrap_or(due.day);
    let times = model::offers(catalogue, &around, due.beginning(begins), now);
    let offer = |time: Time| Offer { time, day: catalogue.clock.day(time.starts), minute: catalogue.clock.minute(time.starts) };
    let offers: Vec<_> = times.into_iter().map(offer).filter(|offer| offer.day <= last).collect();
    Some(Offers {
        clinic: catalogue.name.clone(),
        zone: catalogue.clock.zone.clone(),
        session,
        series: words::series(chart, session),
        due: window_words((first, last)),
        with: words::full_name(catalogue, due.provider),
        later: offers.last().map(|offer| offer.day.plus(1)).filter(|day| *day <= last),
        offers,
    })
}

/// The whole of a time she chose by its beginning: who, how long, where and with what are the clinic's to say. `None`: it is not, or
/// no longer, one that can be offered.
pub fn chosen(chart: &Chart, session: SessionId, catalogue: &Catalogue, taken: &[Time], starts: Moment, now: Moment) -> Option<Time> {
    let plan = chart.plan(chart.session(session)?.plan)?;
    bookable(chart, plan).filter(|bookable| *bookable == session)?;
    let due = due(chart, session, None, catalogue, catalogue.clock.day(now))?;
    let (first, last) = window(chart, session, catalogue, now)?;
    let day = catalogue.clock.day(starts);
    let around = around(taken, chart, None, due.provider);
    let offered = (first..=last).contains(&day).then(|| free(catalogue, &around, due, day, now))?;
    offered.into_iter().find(|time| time.starts == starts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::command::Change;

    #[test]
    fn how_she_fares_is_asked_for_a_month_and_what_she_told_is_shown() {
        let catalogue = sample::catalogue();
        let chart = sample::signed(&sample::chart(3), &catalogue, 1, 18);
        let asked = |chart: &Chart, at| fares(chart, &catalogue, sample::moment(at));
        assert_eq!(fares(&sample::chart(3), &catalogue, sample::moment("2026-01-11T09:00:00Z")), None);
        let fares = asked(&chart, "2026-01-11T09:00:00Z").expect("the day after");
        assert_eq!((fares.session, fares.day.as_str(), fares.told), (sample::session(1), "10 Jan", None));
        assert_eq!(asked(&chart, "2026-03-11T09:00:00Z"), None);
        let report = Change::ReportAfterSession {
            session: sample::session(1),
            report: domain::ids::ReportId(uuid::Uuid::from_u128(5)),
            worried: true,
            text: "it itches".into(),
        };
        let herself = domain::chart::Author::client(sample::moment("2026-01-11T10:00:00Z"));
        let chart = chart.apply(&report, herself, &catalogue).expect("told");
        assert_eq!(
            asked(&chart, "2026-01-12T09:00:00Z").and_then(|it| it.told).as_deref(),
            Some("11 Jan: Something worries me: it itches")
        );
    }

    #[test]
    fn a_client_reads_what_the_staff_reads() {
        let catalogue = sample::catalogue();
        let chart = sample::signed(&sample::chart(3), &catalogue, 1, 18);
        let now = sample::moment("2026-01-11T09:00:00Z");
        let home = home(&chart, &catalogue, now);
        let [series] = home.series.as_slice() else { panic!("one series: {home:?}") };
        assert_eq!(series.says, "You have 2 of 3 sessions remaining. Next session is #2.");
        assert_eq!(series.due.as_deref(), Some("Due from 21 Feb to 21 Mar 2026"));
        assert_eq!(series.book, Some(sample::session(2)));
    }

    #[test]
    fn what_another_system_has_booked_is_shown_and_not_to_be_booked() {
        let catalogue = sample::catalogue();
        let mut chart = sample::signed(&sample::chart(3), &catalogue, 1, 18);
        chart.elsewhere = vec![sample::elsewhere(2, "2026-02-24T10:00:00Z")];
        let at = |now: &str| home(&chart, &catalogue, sample::moment(now)).series.remove(0);
        let ahead = at("2026-01-11T09:00:00Z");
        let booked = Elsewhere { when: "Tue 24 Feb 2026, 10:00".into(), system: "Booker".into() };
        assert_eq!((ahead.elsewhere, ahead.book, ahead.due), (vec![booked], None, None));
        assert!(offers(&chart, sample::session(2), &catalogue, &[], None, sample::moment("2026-01-11T09:00:00Z")).is_none());
        // All day long, and not after.
        assert_eq!(at("2026-02-24T20:00:00Z").elsewhere.len(), 1);
        assert!(at("2026-02-25T09:00:00Z").elsewhere.is_empty());
        chart.elsewhere[0].unsaid = true;
        assert_eq!(home(&chart, &catalogue, sample::moment("2026-02-26T09:00:00Z")).series[0].book, Some(sample::session(2)));
    }

    #[test]
    fn the_times_are_those_the_staff_is_offered() {
        let catalogue = sample::catalogue();
        let chart = sample::signed(&sample::chart(3), &catalogue, 1, 18);
        let now = sample::moment("2026-01-11T09:00:00Z");
        let session = sample::session(2);
        let found = offers(&chart, session, &catalogue, &[], None, now).expect("it can be booked");
        let due = due(&chart, session, None, &catalogue, catalogue.clock.day(now)).expect("it is due");
        let staff = model::offers(&catalogue, &around(&[], &chart, None, due.provider), due, now);
        assert_eq!(found.offers.iter().map(|offer| offer.time).collect::<Vec<_>>(), staff);
        let first = staff[0];
        assert_eq!(chosen(&chart, session, &catalogue, &[], first.starts, now), Some(first));
        // Somebody else has it; it is long before or after it is due; it is not the session that comes next.
        assert_ne!(chosen(&chart, session, &catalogue, &[first], first.starts, now).map(|time| time.room), Some(first.room));
        let far = Moment::from_millis(first.starts.millis() + 60 * 24 * 3600 * 1000);
        assert_eq!(chosen(&chart, session, &catalogue, &[], far, now), None);
        assert_eq!(chosen(&chart, session, &catalogue, &[], now, now), None);
        assert_eq!(chosen(&chart, sample::session(3), &catalogue, &[], first.starts, now), None);
        assert!(offers(&chart, sample::session(3), &catalogue, &[], None, now).is_none());
    }
}
