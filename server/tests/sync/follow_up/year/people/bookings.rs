//! How they book, here or in another system, and change their minds.

use super::{DAY, Event, HOUR, INTERVAL, People};
use crate::{
    clinic::{CLINIC, COLLEAGUE, PROVIDER, id},
    follow_up::year::carrier::{address, phone},
};
use domain::{booking::Time, chart::Author, command::Change, follow_up::elsewhere::BookingState, ids::*, time::Moment};
use server::{
    follow_up::elsewhere,
    store::{
        self, chart, clinic,
        follow_up::elsewhere::{Key, Them, Told},
    },
};

impl People {
    /// A booking by a path of which following up knows nothing: it is there, and nothing is planned anew for it.
    async fn tell_past_the_planner(&mut self, who: usize, change: Change) -> bool {
        let (clinics, whose) = (self.desk.clinics.clone(), self.client(who));
        let at = clinics.host.now();
        let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
        let version = clinic::lock_version(&mut tx, CLINIC).await.unwrap();
        store::follow_up::say_now(&mut tx, at).await.unwrap();
        let catalogue = clinics.catalogue(&mut tx, CLINIC, version.catalogue).await.unwrap();
        let before = chart::load(&mut tx, CLINIC, whose).await.unwrap().expect("her chart");
        let Ok(after) = before.apply(&change, Author { staff: PROVIDER, at }, &catalogue) else { return false };
        let next = version.version + 1;
        chart::save(&mut tx, CLINIC, next, &before, &after).await.unwrap();
        let log = clinic::Change { client: Some(whose), command: None, by: Some(PROVIDER), at };
        clinic::raise_version(&mut tx, CLINIC, next, log).await.unwrap();
        tx.commit().await.unwrap();
        self.told.past_the_planner.insert(whose);
        true
    }

    pub(super) async fn books(&mut self, now: i64, who: usize) {
        let person = &self.all[who];
        let Some(session) = person.sessions.get(person.delivered).copied().filter(|_| person.booking.is_none() && !person.left) else {
            return;
        };
        let earliest = if person.delivered == 0 { now + 2 * DAY } else { person.last_visit + INTERVAL * DAY };
        let from = earliest.max(now + DAY) + self.dice[who].within(0, 6) * DAY;
        let (provider, starts) = self.free_time(from);
        self.appointments += 1;
        let appointment = self.appointments;
        if self.all[who].elsewhere {
            self.all[who].booking = Some((appointment, starts));
            self.count("booked elsewhere");
            self.tells(now, who, appointment, BookingState::Booked, starts).await;
            self.goes_on_after_booking(now, who, appointment, starts);
            return;
        }
        let time = Time { provider, starts: Moment::from_millis(starts), minutes: 30, room: None, device: None };
        let booking =
            Change::BookSession { session, appointment: AppointmentId(id(appointment)), time, procedures: vec![], despite: String::new() };
        let elsewhere = self.dice[who].falls(100);
        let is_booked = if elsewhere { self.tell_past_the_planner(who, booking).await } else { self.tell(who, booking).await };
        if !is_booked {
            self.count("could not book");
            return;
        }
        let from = self.line.next_in_order();
        self.told.booked.begin(session, from);
        self.all[who].booking = Some((appointment, starts));
        self.count("booked");
        self.goes_on_after_booking(now, who, appointment, starts);
    }

    /// What the other system tells: nine times of ten it arrives, mostly at once, now and then twice.
    pub(super) async fn tells(&mut self, now: i64, who: usize, appointment: u128, state: BookingState, starts: i64) {
        let n = self.all[who].client;
        let told = Told {
            key: Key { feed: self.system.id, booking: format!("b-{appointment}") },
            state,
            starts: Moment::from_millis(starts),
            changed: Moment::from_millis(now),
            them: Them { email: address(n), phone: phone(n), ..Them::default() },
            service: String::new(),
        };
        let place = self.outgoing.len();
        self.outgoing.push((appointment, told));
        let (lost, late, again) = (self.dice[who].falls(100), self.dice[who].falls(250), self.dice[who].falls(250));
        let delay = self.dice[who].within(1, 48 * 60) * 60_000;
        match (lost, late) {
            (true, _) => self.count("events lost"),
            (false, true) => self.at(now + delay, who, Event::IsHeardOf(place)),
            (false, false) => self.is_heard_of(who, place).await,
        }
        if !lost && again {
            self.at(now + delay + delay / 2, who, Event::IsHeardOf(place));
        }
    }

    pub(super) async fn is_heard_of(&mut self, who: usize, n: usize) {
        let (appointment, told) = self.outgoing[n].clone();
        let new = elsewhere::take(&self.desk.clinics, CLINIC, &told).await.unwrap();
        self.count(if new { "events new" } else { "events old or repeated" });
        let person = &self.all[who];
        // She may have changed her mind while it was on its way.
        if told.state == BookingState::Booked && person.booking.is_some_and(|(own, _)| own == appointment) {
            let from = self.line.next_in_order();
            self.told.booked_elsewhere.begin(person.plan, from);
        }
    }

    fn goes_on_after_booking(&mut self, now: i64, who: usize, appointment: u128, starts: i64) {
        if self.dice[who].falls(90) {
            let when = (starts - self.dice[who].within(1, 6) * DAY).max(now + HOUR);
            self.at(when, who, Event::ChangesHerMind(appointment));
        }
        self.at(starts, who, Event::Visits(appointment));
    }

    /// The next free half hour between ten and four, Chicago's winter time, on or after that day.
    fn free_time(&mut self, from: i64) -> (StaffId, i64) {
        let midnight = from - from.rem_euclid(DAY);
        let halves = (0..).flat_map(|day| (32..44).map(move |half| midnight + day * DAY + half * 30 * 60_000));
        let mut times = halves.flat_map(|starts| [(PROVIDER, starts), (COLLEAGUE, starts)]);
        let time = times.find(|time| time.1 >= from && !self.taken.contains(time)).expect("there is always another day");
        self.taken.insert(time);
        time
    }

    pub(super) fn no_longer_booked(&mut self, who: usize) -> SessionId {
        let person = &mut self.all[who];
        person.booking = None;
        let (session, plan) = (person.sessions[person.delivered], person.plan);
        let order = self.line.next_in_order();
        self.told.booked.end(&session, order);
        self.told.booked_elsewhere.end(&plan, order);
        session
    }

    pub(super) fn cancels(&self, session: SessionId, appointment: u128, no_show: bool) -> Change {
        Change::CancelBooking { session, appointment: AppointmentId(id(appointment)), no_show, reason: "as it was".into() }
    }

    pub(super) async fn changes_her_mind(&mut self, now: i64, who: usize, appointment: u128) {
        let Some((_, starts)) = self.all[who].booking.filter(|(own, _)| *own == appointment) else { return };
        let session = self.no_longer_booked(who);
        if self.all[who].elsewhere {
            self.tells(now, who, appointment, BookingState::Cancelled, starts).await;
        } else {
            let cancels = self.cancels(session, appointment, false);
            assert!(self.tell(who, cancels).await, "a booking is cancelled");
        }
        self.count("cancelled");
        if self.dice[who].falls(500) {
            let when = now + self.dice[who].within(1, 10) * DAY;
            self.at(when, who, Event::Books);
        }
    }
}
