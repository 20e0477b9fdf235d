//! The clients of that year, and what they do by themselves, after a message, and after a call.

use super::{
    DAY,
    carrier::{Line, address, phone},
    dice::Dice,
};
use crate::{
    clinic::{CLINIC, COLLEAGUE, PACKAGE, PRICE, PROVIDER, SESSIONS, client, id, plan, record},
    follow_up::{desk::Desk, elsewhere::System},
};
use app::api::messages::Channel;
use domain::{
    booking::Time,
    chart::Author,
    command::Change,
    follow_up::{
        elsewhere::BookingState,
        kind::{Kind, Step},
    },
    ids::*,
    plan::PlanAction,
    sync::Outcome,
    time::Moment,
};
use server::{
    follow_up::{
        elsewhere,
        received::{self, Incoming},
    },
    store::{
        self, chart, clinic,
        follow_up::elsewhere::{Key, Them, Told as ToldElsewhere},
    },
    sync::push,
};
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

const HOUR: i64 = 60 * 60 * 1000;
const INTERVAL: i64 = 42;

/// How likely somebody books, in thousandths. Assumed, not measured: they only make the year lively.
pub const AT_CHECKOUT: u64 = 380;
pub const BY_HERSELF: u64 = 250;
pub const AT_SALE: u64 = 800;

/// After a message of that kind, or a call.
pub fn answers(kind: Kind) -> u64 {
    match kind {
        Kind::RebookingPrompt => 350,
        Kind::Reminder => 300,
        Kind::Midpoint => 60,
        Kind::Recovery(Step::Soft) => 160,
        Kind::Recovery(Step::Value) => 120,
        Kind::Recovery(Step::Last) => 100,
        Kind::Flag => 200,
        _ => 0,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Buys,
    Books,
    ChangesHerMind(u128),
    Visits(u128),
    /// Of her visit that another system knows of.
    IsCharted,
    /// The clinic hears what another system tells, or hears it once more.
    IsHeardOf(usize),
    Worries(usize),
    IsLookedAfter(usize),
    SaysStop,
    Pauses,
    GoesOn,
    Leaves,
}

pub struct Person {
    pub plan: PlanId,
    sessions: Vec<SessionId>,
    /// Of these, how many were delivered.
    pub delivered: usize,
    last_visit: i64,
    /// The number of the appointment, and when it is.
    booking: Option<(u128, i64)>,
    pub bought: Option<i64>,
    pub left: bool,
    /// She books in another system, which tells of it.
    elsewhere: bool,
}

/// One in so many books elsewhere.
const ELSEWHERE: usize = 10;

/// From when to when, in the order of all that happened.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: u64,
    pub to: Option<u64>,
}

impl Span {
    pub fn contains(&self, order: u64) -> bool {
        order > self.from && self.to.is_none_or(|to| order < to)
    }
}

/// What everybody was told is so.
#[derive(Default)]
pub struct Told {
    pub booked: HashMap<SessionId, Vec<Span>>,
    /// Another system has told of a booking, and has its answer.
    pub booked_elsewhere: HashMap<PlanId, Vec<Span>>,
    /// A concern is open, the series is paused, or it has ended: nothing promotional.
    pub quiet: HashMap<PlanId, Vec<Span>>,
    pub stopped: HashMap<ClientId, u64>,
}

impl Told {
    fn end<K: std::hash::Hash + Eq>(spans: &mut HashMap<K, Vec<Span>>, key: K, order: u64) {
        if let Some(last) = spans.get_mut(&key).and_then(|spans| spans.last_mut()) {
            last.to.get_or_insert(order);
        }
    }
}

fn number(client_id: ClientId) -> usize {
    usize::try_from(client_id.0.as_u128() - client(0).0.as_u128()).expect("somebody of that year")
}

pub struct People {
    desk: Arc<Desk>,
    line: Arc<Line>,
    pub all: Vec<Person>,
    dice: Vec<Dice>,
    events: BinaryHeap<Reverse<(i64, usize, Event)>>,
    /// For the very moment in which the servers look.
    with_servers: Vec<(usize, Event)>,
    /// Whose message is due after it may act in the moment in which it goes out.
    seen_until: i64,
    taken: HashSet<(StaffId, i64)>,
    appointments: u128,
    system: System,
    /// What the other system has to tell, with the number of the booking.
    outgoing: Vec<(u128, ToldElsewhere)>,
    pub told: Told,
    /// What reached somebody since the last answer.
    pub heard: Vec<(ClientId, Kind)>,
    pub did: HashMap<&'static str, u64>,
}

impl People {
    pub async fn new(desk: Arc<Desk>, line: Arc<Line>, plans: u128, seed: u64) -> Self {
        let count = usize::try_from(plans).expect("a number of people");
        let system = System::connect(&desk.clinics).await;
        let mut people = Self {
            desk,
            line,
            all: Vec::new(),
            dice: (0..plans).map(|n| Dice::new(seed, 1_000 + u64::try_from(n).expect("a small number"))).collect(),
            events: BinaryHeap::new(),
            with_servers: Vec::new(),
            seen_until: i64::MAX,
            taken: HashSet::new(),
            appointments: 700_000_000,
            system,
            outgoing: Vec::new(),
            told: Told::default(),
            heard: Vec::new(),
            did: HashMap::new(),
        };
        let start = people.desk.clinics.host.now().millis();
        people.seen_until = start;
        for n in 0..count {
            let number = u128::try_from(n).expect("a small number");
            people.desk.give_contact(number).await;
            let end = Change::ChangePlan {
                plan: plan(number, false),
                event: PlanEventId(people.desk.clinics.host.uuid()),
                action: PlanAction::Void,
                reason: "bought another".into(),
            };
            people.desk.applied(client(number), end).await;
            let first = 900_000_000 + number * 100;
            let sessions = (1..=u128::from(SESSIONS)).map(|session| SessionId(id(first + session))).collect();
            let dice = &mut people.dice[n];
            let bought = start + dice.within(0, 210) * DAY + dice.within(0, 7 * 60) * 60_000;
            let mut dead = people.line.dead.lock().unwrap();
            if dice.falls(80) {
                dead.insert(phone(number));
            }
            if dice.falls(40) {
                dead.insert(address(number));
            }
            drop(dead);
            let (stops, leaves, pauses) = (dice.falls(70), dice.falls(150), dice.falls(80));
            let day = dice.within(20, 250) * DAY + dice.within(0, 23) * HOUR;
            people.all.push(Person {
                plan: PlanId(id(first)),
                sessions,
                delivered: 0,
                last_visit: bought,
                booking: None,
                bought: None,
                left: false,
                elsewhere: n % ELSEWHERE == 7,
            });
            people.at(bought, n, Event::Buys);
            for (falls, event) in [(stops, Event::SaysStop), (leaves, Event::Leaves), (pauses, Event::Pauses)] {
                if falls {
                    people.at(bought + day, n, event);
                }
            }
        }
        people
    }

    fn at(&mut self, when: i64, who: usize, event: Event) {
        self.events.push(Reverse((when, who, event)));
    }

    /// When somebody does something.
    pub fn next(&self) -> Option<i64> {
        self.events.peek().map(|Reverse((when, ..))| *when)
    }

    /// Does what is due: half of it before the servers look, the rest beside them.
    pub async fn act_before(&mut self, now: i64) {
        while let Some(Reverse((when, who, event))) = self.events.peek().copied() {
            if when > now {
                break;
            }
            self.events.pop();
            if self.dice[who].falls(500) {
                self.with_servers.push((who, event));
            } else {
                self.act(now, who, event).await;
            }
        }
    }

    /// Whether anybody did anything.
    pub async fn act_beside(&mut self, now: i64) -> bool {
        let sudden = self.just_being_asked(now).await;
        for (who, event) in &sudden {
            // Before the claim, between it and the last look, while the carrier is called, or after it.
            let pause = self.dice[*who].below(30);
            tokio::time::sleep(Duration::from_millis(pause)).await;
            self.act(now, *who, *event).await;
            self.count("acted just as she was being asked");
        }
        let acting = std::mem::take(&mut self.with_servers);
        for (who, event) in &acting {
            self.act(now, *who, *event).await;
        }
        !acting.is_empty() || !sudden.is_empty()
    }

    /// Of those to whom something promotional is just going out, some act at that very moment.
    async fn just_being_asked(&mut self, now: i64) -> Vec<(usize, Event)> {
        let mut tx = store::begin(&self.desk.clinics.pool, CLINIC).await.unwrap();
        let asked: Vec<uuid::Uuid> = sqlx::query_scalar(
            "select distinct client_id from touch where state = 'planned' and kind not in ('aftercare', 'check_in', 'appointment', 'flag')
                and due_at > to_timestamp($1 / 1000.0) and due_at <= to_timestamp($2 / 1000.0) order by 1",
        )
        .bind(self.seen_until)
        .bind(now)
        .fetch_all(&mut *tx)
        .await
        .unwrap();
        self.seen_until = now;
        let mut sudden = Vec::new();
        for who in asked.into_iter().map(|id| number(ClientId(id))) {
            if !self.dice[who].falls(120) {
                continue;
            }
            let event = match (self.dice[who].below(10), self.all[who].delivered.checked_sub(1)) {
                (0 | 1, _) => Event::SaysStop,
                (2, _) => Event::Pauses,
                (3, Some(session)) => Event::Worries(session),
                _ => Event::Books,
            };
            sudden.push((who, event));
        }
        sudden
    }

    /// What reached somebody makes some of them book.
    pub fn answer(&mut self, now: i64) {
        for (whom, kind) in std::mem::take(&mut self.heard) {
            let who = number(whom);
            if self.dice[who].falls(answers(kind)) {
                let when = now + self.dice[who].within(1, if kind == Kind::Flag { 72 } else { 36 }) * HOUR;
                self.at(when, who, Event::Books);
            }
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.did.entry(what).or_default() += 1;
    }

    async fn tell(&self, who: usize, change: Change) -> bool {
        matches!(self.desk.hand_in(client(u128::try_from(who).expect("a small number")), change).await, Outcome::Applied { .. })
    }

    /// A booking by a path of which following up knows nothing: it is there, and nothing is planned anew for it.
    async fn tell_past_the_planner(&self, who: usize, change: Change) -> bool {
        let (clinics, whose) = (&self.desk.clinics, client(u128::try_from(who).expect("a small number")));
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
        true
    }

    async fn act(&mut self, now: i64, who: usize, event: Event) {
        match event {
            Event::Buys => self.buys(now, who).await,
            Event::Books => self.books(now, who).await,
            Event::ChangesHerMind(appointment) => self.changes_her_mind(now, who, appointment).await,
            Event::Visits(appointment) => self.visits(now, who, appointment).await,
            Event::IsCharted => self.is_charted(now, who).await,
            Event::IsHeardOf(n) => self.is_heard_of(who, n).await,
            Event::Worries(session) => self.worries(now, who, session).await,
            Event::IsLookedAfter(session) => {
                let change = Change::CloseFollowUp { session: self.all[who].sessions[session], text: "Called her: all is well.".into() };
                let order = self.line.next_in_order();
                if self.tell(who, change).await {
                    Told::end(&mut self.told.quiet, self.all[who].plan, order);
                }
            }
            Event::SaysStop => self.says_stop(who).await,
            Event::Pauses => self.pauses(now, who).await,
            Event::GoesOn => {
                let order = self.line.next_in_order();
                if self.change_plan(who, PlanAction::Resume).await {
                    Told::end(&mut self.told.quiet, self.all[who].plan, order);
                    self.at(now + self.dice[who].clone().within(1, 20) * DAY, who, Event::Books);
                }
            }
            Event::Leaves => {
                if self.all[who].bought.is_some() && self.all[who].booking.is_none() && self.change_plan(who, PlanAction::Void).await {
                    self.all[who].left = true;
                    self.hush(who);
                    self.count("left");
                }
            }
        }
    }

    fn hush(&mut self, who: usize) {
        let from = self.line.next_in_order();
        self.told.quiet.entry(self.all[who].plan).or_default().push(Span { from, to: None });
    }

    async fn change_plan(&mut self, who: usize, action: PlanAction) -> bool {
        let event = PlanEventId(self.desk.clinics.host.uuid());
        self.tell(who, Change::ChangePlan { plan: self.all[who].plan, event, action, reason: "as she asked".into() }).await
    }

    async fn buys(&mut self, now: i64, who: usize) {
        let Person { plan, sessions, .. } = &self.all[who];
        let sale = Change::SellPackage { plan: *plan, package: PACKAGE, sessions: sessions.clone(), price_minor: PRICE, paid: None };
        assert!(self.tell(who, sale).await, "a package is sold");
        self.all[who].bought = Some(now);
        if self.dice[who].falls(AT_SALE) {
            self.at(now, who, Event::Books);
        } else {
            self.perhaps_by_herself(now, who);
        }
    }

    fn perhaps_by_herself(&mut self, now: i64, who: usize) {
        if self.dice[who].falls(BY_HERSELF) {
            let when = now + self.dice[who].within(INTERVAL - 10, INTERVAL + 40) * DAY;
            self.at(when, who, Event::Books);
        }
    }

    async fn books(&mut self, now: i64, who: usize) {
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
        self.told.booked.entry(session).or_default().push(Span { from, to: None });
        self.all[who].booking = Some((appointment, starts));
        self.count("booked");
        self.goes_on_after_booking(now, who, appointment, starts);
    }

    /// What the other system tells: nine times of ten it arrives, mostly at once, now and then twice.
    async fn tells(&mut self, now: i64, who: usize, appointment: u128, state: BookingState, starts: i64) {
        let n = u128::try_from(who).expect("a small number");
        let told = ToldElsewhere {
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

    async fn is_heard_of(&mut self, who: usize, n: usize) {
        let (appointment, told) = self.outgoing[n].clone();
        let new = elsewhere::take(&self.desk.clinics, CLINIC, &told).await.unwrap();
        self.count(if new { "events new" } else { "events old or repeated" });
        let person = &self.all[who];
        // She may have changed her mind while it was on its way.
        if told.state == BookingState::Booked && person.booking.is_some_and(|(own, _)| own == appointment) {
            let from = self.line.next_in_order();
            let spans = self.told.booked_elsewhere.entry(person.plan).or_default();
            if spans.last().is_none_or(|span| span.to.is_some()) {
                spans.push(Span { from, to: None });
            }
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

    fn no_longer_booked(&mut self, who: usize) -> SessionId {
        let person = &mut self.all[who];
        person.booking = None;
        let (session, plan) = (person.sessions[person.delivered], person.plan);
        let order = self.line.next_in_order();
        Told::end(&mut self.told.booked, session, order);
        Told::end(&mut self.told.booked_elsewhere, plan, order);
        session
    }

    fn cancels(&self, session: SessionId, appointment: u128, no_show: bool) -> Change {
        Change::CancelBooking { session, appointment: AppointmentId(id(appointment)), no_show, reason: "as it was".into() }
    }

    async fn changes_her_mind(&mut self, now: i64, who: usize, appointment: u128) {
        let Some((_, starts)) = self.all[who].booking.filter(|(own, _)| *own == appointment) else { return };
        let session = self.no_longer_booked(who);
        if self.all[who].elsewhere {
            self.tells(now, who, appointment, BookingState::Cancelled, starts).await;
        } else {
            assert!(self.tell(who, self.cancels(session, appointment, false)).await, "a booking is cancelled");
        }
        self.count("cancelled");
        if self.dice[who].falls(500) {
            let when = now + self.dice[who].within(1, 10) * DAY;
            self.at(when, who, Event::Books);
        }
    }

    async fn visits(&mut self, now: i64, who: usize, appointment: u128) {
        let Some((_, starts)) = self.all[who].booking.filter(|(own, _)| *own == appointment) else { return };
        let session = self.no_longer_booked(who);
        let elsewhere = self.all[who].elsewhere;
        if self.dice[who].falls(80) {
            self.count("did not come");
            // Now and then the desk forgets to say so.
            if elsewhere {
                self.tells(now, who, appointment, BookingState::Missed, starts).await;
            } else if self.dice[who].falls(700) {
                assert!(self.tell(who, self.cancels(session, appointment, true)).await, "a no-show is told");
            }
            self.perhaps_by_herself(now - 30 * DAY, who);
            return;
        }
        if elsewhere {
            // Charted when there is time for it.
            self.tells(now, who, appointment, BookingState::Completed, starts).await;
            let when = now + self.dice[who].within(0, 20) * HOUR;
            self.at(when, who, Event::IsCharted);
            return;
        }
        self.is_charted(now, who).await;
    }

    async fn is_charted(&mut self, now: i64, who: usize) {
        let session = self.all[who].sessions[self.all[who].delivered];
        let number = i64::try_from(self.all[who].delivered).expect("a small number");
        let signed = self.tell(who, Change::SignSession { session, record: record(session, 10 + number), rest: None }).await;
        // A series that another system has a visit of may have been paused or ended before somebody charted it.
        assert!(signed || self.all[who].elsewhere, "a session is signed");
        if !signed {
            self.count("could not chart");
            return;
        }
        self.count("delivered");
        let person = &mut self.all[who];
        person.delivered += 1;
        person.last_visit = now;
        let at = person.delivered - 1;
        if person.delivered < person.sessions.len() {
            if self.dice[who].falls(AT_CHECKOUT) {
                self.at(now, who, Event::Books);
            } else {
                self.perhaps_by_herself(now, who);
            }
        }
        if self.dice[who].falls(60) {
            let when = now + self.dice[who].within(6, 72) * HOUR;
            self.at(when, who, Event::Worries(at));
        }
    }

    async fn worries(&mut self, now: i64, who: usize, session: usize) {
        // As an answer, or on her own pages.
        let told = if self.dice[who].falls(500) {
            self.writes(who, "it's blistering").await;
            true
        } else {
            let report = ReportId(self.desk.clinics.host.uuid());
            let session = self.all[who].sessions[session];
            let change = Change::ReportAfterSession { session, report, worried: true, text: "It is blistering".into() };
            let whose = client(u128::try_from(who).expect("a small number"));
            push::receive_from_client(&self.desk.clinics, CLINIC, whose, change).await.unwrap().is_ok()
        };
        if told {
            self.hush(who);
            self.count("worried");
            let when = now + self.dice[who].within(4, 12 * 24) * HOUR;
            self.at(when, who, Event::IsLookedAfter(session));
        }
    }

    /// An SMS, from her own number.
    async fn writes(&mut self, who: usize, text: &str) {
        let from = phone(u128::try_from(who).expect("a small number"));
        let id = format!("SM{:032}", self.line.next_in_order());
        let incoming = Incoming { channel: Channel::Sms, from, text: text.to_owned(), id };
        assert_eq!(received::take(&self.desk.clinics, CLINIC, &incoming).await.unwrap(), 1, "somebody has that number");
    }

    async fn says_stop(&mut self, who: usize) {
        let number = u128::try_from(who).expect("a small number");
        self.count("said stop");
        // To the carrier, which tells at the next message; or to the clinic.
        if self.dice[who].falls(400) {
            self.line.opted_out.lock().unwrap().insert(phone(number));
            return;
        }
        let text = if self.dice[who].falls(500) { "STOP" } else { "please stop texting me" };
        self.writes(who, text).await;
        let order = self.line.next_in_order();
        self.told.stopped.insert(client(number), order);
    }

    async fn pauses(&mut self, now: i64, who: usize) {
        if self.all[who].booking.is_none() && self.change_plan(who, PlanAction::Freeze { until: None }).await {
            self.hush(who);
            self.count("paused");
            let when = now + self.dice[who].within(20, 60) * DAY;
            self.at(when, who, Event::GoesOn);
        }
    }
}
