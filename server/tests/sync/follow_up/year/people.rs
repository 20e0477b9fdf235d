//! The clients of that year, and what they do by themselves, after a message, after a call, and in the midst of one.

mod bookings;
mod meanwhile;
mod told;
mod visits;

use super::{
    DAY,
    carrier::{Asked, Line},
    dice::Dice,
};
use crate::{
    clinic::{CLINIC, PACKAGE, PRICE, SESSIONS, client, id, plan},
    follow_up::{desk::Desk, elsewhere::System},
};
use domain::{
    command::Change,
    follow_up::kind::{Kind, Step},
    ids::*,
    plan::PlanAction,
    sync::Outcome,
};
use server::store::{self, follow_up::elsewhere::Told as ToldElsewhere};
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::sync::{mpsc, oneshot};
use told::Told;

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

/// Somebody with a series; of who has two, one for each.
pub struct Person {
    pub plan: PlanId,
    /// The number of the client.
    client: u128,
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

/// Who has a second series, sold at the same moment, so that both ask for a booking in the same minute. What another system tells says of
/// no series, so of two nobody could know which is meant.
fn has_two(n: usize) -> bool {
    n % 3 == 1 && !books_elsewhere(n)
}

fn books_elsewhere(n: usize) -> bool {
    n % ELSEWHERE == 7
}

pub struct People {
    desk: Arc<Desk>,
    line: Arc<Line>,
    pub all: Vec<Person>,
    by_plan: HashMap<PlanId, usize>,
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
    /// What reached somebody since the last answer, of which series.
    pub heard: Vec<(PlanId, Kind)>,
    /// Who did something since the last look at what is planned, and whose turn it is to be looked at although she did not.
    changed: HashSet<ClientId>,
    turn: usize,
    /// Whom the carrier is just being called for.
    calls: Option<mpsc::UnboundedReceiver<Asked>>,
    pub did: HashMap<&'static str, u64>,
}

impl People {
    pub async fn new(desk: Arc<Desk>, line: Arc<Line>, plans: u128, seed: u64) -> Self {
        let count = usize::try_from(plans).expect("a number of people");
        let clients = (0..count).chain((0..count).filter(|n| has_two(*n)));
        let clients: Vec<_> = clients.map(|n| u128::try_from(n).expect("a small number")).collect();
        let system = System::connect(&desk.clinics).await;
        let calls = Some(line.calls());
        let mut people = Self {
            desk,
            line,
            all: Vec::new(),
            by_plan: HashMap::new(),
            dice: (0..clients.len()).map(|who| Dice::new(seed, 1_000 + u64::try_from(who).expect("a small number"))).collect(),
            events: BinaryHeap::new(),
            with_servers: Vec::new(),
            seen_until: i64::MAX,
            taken: HashSet::new(),
            appointments: 700_000_000,
            system,
            outgoing: Vec::new(),
            told: Told::default(),
            heard: Vec::new(),
            changed: HashSet::new(),
            turn: 0,
            calls,
            did: HashMap::new(),
        };
        let start = people.desk.clinics.host.now().millis();
        people.seen_until = start;
        for (who, number) in clients.into_iter().enumerate() {
            people.meet(start, who, number).await;
        }
        people
    }

    /// Somebody who will buy a series; `number` of the client who she is.
    async fn meet(&mut self, start: i64, who: usize, number: u128) {
        let first = usize::try_from(number).expect("a small number");
        let is_first = first == who;
        if is_first {
            self.desk.give_contact(number).await;
            let end = Change::ChangePlan {
                plan: plan(number, false),
                event: PlanEventId(self.desk.clinics.host.uuid()),
                action: PlanAction::Void,
                reason: "bought another".into(),
            };
            self.desk.applied(client(number), end).await;
        }
        let ids = 900_000_000 + u128::try_from(who).expect("a small number") * 100;
        let dice = &mut self.dice[who];
        let drawn = start + dice.within(0, 210) * DAY + dice.within(0, 7 * 60) * 60_000;
        let bought = if is_first { drawn } else { self.all[first].last_visit };
        let (stops, leaves, pauses) = (dice.falls(70) && is_first, dice.falls(150), dice.falls(80));
        let day = dice.within(20, 250) * DAY + dice.within(0, 23) * HOUR;
        self.all.push(Person {
            plan: PlanId(id(ids)),
            client: number,
            sessions: (1..=u128::from(SESSIONS)).map(|session| SessionId(id(ids + session))).collect(),
            delivered: 0,
            last_visit: bought,
            booking: None,
            bought: None,
            left: false,
            elsewhere: books_elsewhere(first),
        });
        self.by_plan.insert(PlanId(id(ids)), who);
        self.at(bought, who, Event::Buys);
        for (falls, event) in [(stops, Event::SaysStop), (leaves, Event::Leaves), (pauses, Event::Pauses)] {
            if falls {
                self.at(bought + day, who, event);
            }
        }
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

    /// Whether anybody did anything, until the servers have done.
    pub async fn act_beside(&mut self, now: i64, done: oneshot::Receiver<()>) -> bool {
        let sudden = self.just_being_asked(now).await;
        for (who, event) in &sudden {
            // Before the claim, between it and the last look, while the carrier is called, or after it.
            let pause = self.dice[*who].below(30);
            tokio::time::sleep(Duration::from_millis(pause)).await;
            self.act(now, *who, *event).await;
            self.stirred(*who, now);
            self.count("acted just as she was being asked");
        }
        let acting = std::mem::take(&mut self.with_servers);
        for (who, event) in &acting {
            self.act(now, *who, *event).await;
            self.stirred(*who, now);
        }
        let meanwhile = self.act_meanwhile(now, done).await;
        meanwhile || !acting.is_empty() || !sudden.is_empty()
    }

    /// Of those to whom something promotional is just going out, some act at that very moment.
    async fn just_being_asked(&mut self, now: i64) -> Vec<(usize, Event)> {
        let mut tx = store::begin(&self.desk.clinics.pool, CLINIC).await.unwrap();
        let asked: Vec<uuid::Uuid> = sqlx::query_scalar(
            "select distinct plan_id from touch where state = 'planned' and kind not in ('aftercare', 'check_in', 'appointment', 'flag')
                and due_at > to_timestamp($1 / 1000.0) and due_at <= to_timestamp($2 / 1000.0) order by 1",
        )
        .bind(self.seen_until)
        .bind(now)
        .fetch_all(&mut *tx)
        .await
        .unwrap();
        self.seen_until = now;
        let mut sudden = Vec::new();
        for who in asked.into_iter().filter_map(|plan| self.by_plan.get(&PlanId(plan)).copied()).collect::<Vec<_>>() {
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
        for (plan, kind) in std::mem::take(&mut self.heard) {
            let Some(who) = self.by_plan.get(&plan).copied() else { continue };
            if self.dice[who].falls(answers(kind)) {
                let when = now + self.dice[who].within(1, if kind == Kind::Flag { 72 } else { 36 }) * HOUR;
                self.at(when, who, Event::Books);
            }
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.did.entry(what).or_default() += 1;
    }

    pub fn client(&self, who: usize) -> ClientId {
        client(self.all[who].client)
    }

    /// Whose touches are to be looked at: of who did something since, and now and then of everybody. Not where following up cannot know.
    pub fn next_to_look_at(&mut self) -> Vec<ClientId> {
        self.turn = (self.turn + 1) % self.all.len();
        let who = self.client(self.turn);
        self.changed.insert(who);
        self.changed.drain().filter(|client| !self.told.past_the_planner.contains(client)).collect()
    }

    /// Something happened to her beside the servers.
    fn stirred(&self, who: usize, now: i64) {
        self.line.stirs(self.client(who), now);
    }

    async fn tell(&mut self, who: usize, change: Change) -> bool {
        let whose = self.client(who);
        let is_applied = matches!(self.desk.hand_in(whose, change).await, Outcome::Applied { .. });
        if is_applied {
            self.told.past_the_planner.remove(&whose);
        }
        is_applied
    }

    async fn act(&mut self, now: i64, who: usize, event: Event) {
        self.changed.insert(self.client(who));
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
                    let whose = (self.client(who), self.all[who].sessions[session]);
                    self.told.worried.end(&whose, order);
                }
            }
            Event::SaysStop => self.says_stop(who).await,
            Event::Pauses => self.pauses(now, who).await,
            Event::GoesOn => {
                let order = self.line.next_in_order();
                if self.change_plan(who, PlanAction::Resume).await {
                    self.told.paused.end(&self.all[who].plan, order);
                    self.at(now + self.dice[who].clone().within(1, 20) * DAY, who, Event::Books);
                }
            }
            Event::Leaves => {
                if self.all[who].bought.is_some() && self.all[who].booking.is_none() && self.change_plan(who, PlanAction::Void).await {
                    self.all[who].left = true;
                    self.is_over(who);
                    self.count("left");
                }
            }
        }
    }

    /// Her series is paused, or has ended.
    fn is_over(&mut self, who: usize) {
        let from = self.line.next_in_order();
        self.told.paused.begin(self.all[who].plan, from);
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
}
