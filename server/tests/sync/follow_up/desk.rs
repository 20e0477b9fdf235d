//! The test clinic with a clock that is moved by hand, and a carrier that remembers.

use crate::{
    clinic::{self, CLINIC, audit_key, client, plan},
    device::signed_in,
};
use app::api::{Numbered, messages::Channel};
use async_trait::async_trait;
use domain::{
    command::{Change, Command},
    follow_up::{kind::Kind, touch_state::State},
    ids::*,
    plan::PlanAction,
    sync::Outcome,
    time::Moment,
};
use server::{
    clinic::Clinics,
    database,
    follow_up::{
        FollowUp,
        transport::{Answer, Outgoing, Transport},
    },
    host::Host,
    photo_store::PhotoStore,
    store::{
        self,
        follow_up::touch::{self, TouchRow},
    },
    sync::push,
};
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

/// So many clients make tables that are worth counting.
const SOME: u128 = 64;

/// Stands still until it is moved. Its random numbers never come twice.
pub struct Clock {
    millis: AtomicI64,
    drawn: AtomicU64,
}

impl Clock {
    pub fn at(time: &str) -> Arc<Self> {
        Arc::new(Self { millis: AtomicI64::new(at(time).millis()), drawn: AtomicU64::new(1) })
    }

    pub fn set(&self, time: &str) {
        self.millis.store(at(time).millis(), Ordering::SeqCst);
    }

    pub fn set_millis(&self, millis: i64) {
        self.millis.store(millis, Ordering::SeqCst);
    }

    pub fn pass(&self, minutes: i64) {
        self.millis.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }
}

impl Host for Clock {
    fn now(&self) -> Moment {
        Moment::from_millis(self.millis.load(Ordering::SeqCst))
    }

    fn fill(&self, bytes: &mut [u8]) {
        let drawn = self.drawn.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        let from = bytes.len() - drawn.len();
        bytes.fill(0);
        bytes[from..].copy_from_slice(&drawn);
    }
}

pub fn at(time: &str) -> Moment {
    Moment::new(time.parse().expect("an instant"))
}

/// What the carrier does with the next messages.
#[derive(Clone, Debug)]
pub enum Mood {
    Takes,
    /// The server ends before the carrier hears of it.
    DiesBefore,
    /// The carrier has it, and the server ends before it knows.
    DiesAfter,
    Says(Answer),
}

pub struct Carrier {
    pub mood: Mutex<Mood>,
    /// Everything it has, in order.
    pub has: Mutex<Vec<Outgoing>>,
}

impl Carrier {
    pub fn has(&self) -> Vec<Outgoing> {
        self.has.lock().unwrap().clone()
    }

    pub fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

#[async_trait]
impl Transport for Carrier {
    async fn send(&self, outgoing: &Outgoing) -> Answer {
        let mood = self.mood.lock().unwrap().clone();
        if !matches!(mood, Mood::DiesBefore | Mood::Says(_)) {
            self.has.lock().unwrap().push(outgoing.clone());
        }
        match mood {
            Mood::Takes => Answer::Accepted { id: None },
            Mood::DiesBefore | Mood::DiesAfter => std::future::pending().await,
            Mood::Says(answer) => answer,
        }
    }
}

pub struct Desk {
    pub clock: Arc<Clock>,
    pub clinics: Arc<Clinics>,
    pub carrier: Arc<Carrier>,
    options: PgConnectOptions,
}

pub const START: &str = "2026-01-02T16:00:00Z";
/// When the reminder of the first session of everybody is due: sold on 1 January, due on the 15th.
pub const REMINDER: &str = "2026-01-13T16:00:00Z";
/// What the standard texts call a link of the test's clinic.
pub const ORIGIN: &str = "https://clinic.example";

impl Desk {
    /// Everybody can be reached by both channels, and has one series that goes on: the careful one was ended.
    pub async fn open(options: PgConnectOptions, clients: u128) -> Self {
        let desk = Self::unreachable(options, clients).await;
        for n in 0..clients {
            desk.give_contact(n).await;
        }
        desk
    }

    pub async fn unreachable(options: PgConnectOptions, clients: u128) -> Self {
        clinic::open(options.clone(), clients).await;
        let desk = Self::beside(options).await;
        for n in 0..clients {
            if n == SOME {
                desk.count_rows().await;
            }
            let event = PlanEventId(desk.clinics.host.uuid());
            let end = Change::ChangePlan { plan: plan(n, true), event, action: PlanAction::Void, reason: "changed her mind".into() };
            desk.applied(client(n), end).await;
        }
        desk
    }

    /// What a clinic's Postgres does by itself within a minute, and this one is told not to do: without it, whoever has planned a statement
    /// for empty tables goes through thousands of rows for one.
    pub async fn count_rows(&self) {
        let mut owner = PgConnection::connect_with(&self.options).await.unwrap();
        sqlx::query("analyze").execute(&mut owner).await.unwrap();
    }

    /// At a clinic that is there already.
    pub async fn beside(options: PgConnectOptions) -> Self {
        let clock = Clock::at(START);
        let clinics = another(&options, &clock).await;
        let carrier = Arc::new(Carrier { mood: Mutex::new(Mood::Takes), has: Mutex::default() });
        Self { clock, clinics, carrier, options }
    }

    pub async fn give_contact(&self, n: u128) {
        let contact = Change::CorrectContact { based_on: 0, phone: format!("+1 312 555 {n:04}"), email: format!("client{n}@example.com") };
        self.applied(client(n), contact).await;
    }

    /// A server process, with connections of its own.
    pub async fn server(&self) -> FollowUp {
        self.server_with(self.carrier.clone()).await
    }

    pub async fn server_with(&self, carrier: Arc<dyn Transport>) -> FollowUp {
        FollowUp::new(another(&self.options, &self.clock).await, carrier, ORIGIN.into())
    }

    pub async fn hand_in(&self, client: ClientId, change: Change) -> Outcome {
        let at = self.clinics.host.now();
        let (installation, id) = (InstallationId(clinic::id(1)), CommandId(self.clinics.host.uuid()));
        let command = Command { v: 1, id, clinic: CLINIC, installation, client, by: signed_in().staff, at, change };
        let text = serde_json::to_string(&command).unwrap();
        push::receive(&self.clinics, &signed_in(), installation, &Numbered { number: 1, text }).await.unwrap()
    }

    pub async fn applied(&self, client: ClientId, change: Change) {
        let outcome = self.hand_in(client, change).await;
        assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    }

    pub async fn touches(&self, n: u128) -> Vec<TouchRow> {
        let mut tx = store::begin(&self.clinics.pool, CLINIC).await.unwrap();
        touch::of_client(&mut tx, CLINIC, client(n)).await.unwrap()
    }

    /// Of the series that goes on, in the order of a series.
    pub async fn states(&self, n: u128) -> Vec<(Kind, State)> {
        let touches = self.touches(n).await.into_iter().filter(|row| row.plan_id == plan(n, false));
        let mut states: Vec<_> = touches.map(|row| (row.kind, row.state.0)).collect();
        states.sort();
        states
    }

    pub async fn state(&self, n: u128, kind: Kind) -> State {
        let states = self.states(n).await;
        let of_kind: Vec<_> = states.iter().filter(|(other, _)| *other == kind).collect();
        assert_eq!(of_kind.len(), 1, "{states:?}");
        of_kind[0].1
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut tx = store::begin(&self.clinics.pool, CLINIC).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut *tx).await.unwrap()
    }
}

async fn another(options: &PgConnectOptions, clock: &Arc<Clock>) -> Arc<Clinics> {
    let pool = database::pool(options.clone()).await.unwrap();
    Arc::new(Clinics::new(pool, clock.clone(), PhotoStore::in_memory(), audit_key()))
}

pub fn channels(sent: &[Outgoing]) -> Vec<Channel> {
    sent.iter().map(|outgoing| outgoing.channel).collect()
}
