//! Several devices in any order of doing, losing, repeating, delaying and crashing. Whatever happened: in the end every device
//! equals one that starts from nothing, every saved command is in Postgres once or visibly set aside, and no signed session
//! ever changes.

use crate::{
    clinic::{self, CLINIC, client, record, session},
    device::{Device, Fault, signed_in},
};
use app::{api::Numbered, sync::Replica};
use domain::{
    booking::Time,
    chart::Chart,
    command::{Change, Command, Decision},
    ids::{AddendumId, AppointmentId, ClientId, CommandId, PlanEventId, PlanId, SessionId},
    plan::PlanAction,
    session::Signed,
    status::SessionStatus,
    sync::Outcome,
    time::Moment,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use server::{clinic::Clinics, store, sync::push};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{collections::HashMap, sync::Arc};

const CLIENTS: u128 = 2;
const DEVICES: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Sign {
        device: usize,
        client: u128,
        number: u16,
        pulse: i64,
    },
    Addendum {
        device: usize,
        client: u128,
        number: u16,
    },
    Contact {
        device: usize,
        client: u128,
    },
    Sell {
        device: usize,
        client: u128,
    },
    Plan {
        device: usize,
        client: u128,
        what: i64,
    },
    /// Books an open session into one of few slots, or moves or cancels the booking it has.
    Book {
        device: usize,
        client: u128,
        number: u16,
        slot: i64,
        keep: bool,
    },
    /// Settles the first item that waits for a decision.
    Decide {
        device: usize,
        client: u128,
        keep: bool,
    },
    Push {
        device: usize,
        fault: Fault,
    },
    Pull {
        device: usize,
        fault: Fault,
    },
    Kill {
        device: usize,
    },
    Tidy {
        device: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..DEVICES;
    let client = 0..CLIENTS;
    let fault = prop_oneof![
        4 => Just(Fault::None),
        1 => Just(Fault::LostOnTheWay),
        1 => Just(Fault::AnswerLost),
        1 => Just(Fault::Twice),
        1 => Just(Fault::CutShort),
    ];
    let at = (device.clone(), client, 1..=clinic::SESSIONS, 1..60_i64, any::<bool>());
    prop_oneof![
        3 => at.clone().prop_map(|(device, client, number, pulse, _)| Step::Sign { device, client, number, pulse }),
        2 => at.clone().prop_map(|(device, client, number, ..)| Step::Addendum { device, client, number }),
        1 => at.clone().prop_map(|(device, client, ..)| Step::Contact { device, client }),
        3 => at.clone().prop_map(|(device, client, number, slot, keep)| Step::Book { device, client, number, slot, keep }),
        1 => at.clone().prop_map(|(device, client, ..)| Step::Sell { device, client }),
        2 => at.clone().prop_map(|(device, client, _, what, _)| Step::Plan { device, client, what }),
        1 => at.prop_map(|(device, client, _, _, keep)| Step::Decide { device, client, keep }),
        4 => (device.clone(), fault.clone()).prop_map(|(device, fault)| Step::Push { device, fault }),
        3 => (device.clone(), fault).prop_map(|(device, fault)| Step::Pull { device, fault }),
        1 => device.clone().prop_map(|device| Step::Kill { device }),
        1 => device.prop_map(|device| Step::Tidy { device }),
    ]
}

/// A number for each new thing, so that ids differ.
fn fresh(counter: &mut u128) -> u128 {
    *counter += 1;
    5_000_000 + *counter
}

fn change(step: &Step, chart: &Chart, counter: &mut u128) -> Option<Change> {
    match step {
        Step::Sign { client, number, pulse, .. } => {
            let session = session(*client, *number);
            Some(Change::SignSession { session, record: record(session, *pulse), rest: None })
        }
        Step::Addendum { client, number, .. } => {
            let addendum = AddendumId(clinic::id(fresh(counter)));
            Some(Change::AddAddendum { session: session(*client, *number), addendum, text: "more".into() })
        }
        Step::Contact { .. } => {
            let based_on = chart.client.contact.version;
            Some(Change::CorrectContact { based_on, phone: fresh(counter).to_string(), email: String::new() })
        }
        Step::Book { client, number, slot, keep, .. } => {
            let session = session(*client, *number);
            // Twelve slots of half an hour, each overlapping the next.
            let starts = Moment::from_millis(1_900_000_000_000 + slot % 12 * 20 * 60_000);
            let time = Time { provider: clinic::PROVIDER, starts, minutes: 30, room: None, device: None };
            let despite = String::new();
            Some(match chart.session(session)?.first_booking() {
                None => {
                    let appointment = AppointmentId(clinic::id(fresh(counter)));
                    Change::BookSession { session, appointment, time, procedures: vec![], despite }
                }
                Some(booked) if *keep => Change::MoveBooking { session, appointment: booked.id, time, despite },
                Some(booked) => Change::CancelBooking { session, appointment: booked.id, no_show: false, reason: "ill".into() },
            })
        }
        Step::Sell { .. } => {
            let sessions = (0..clinic::SESSIONS).map(|_| SessionId(clinic::id(fresh(counter)))).collect();
            let plan = PlanId(clinic::id(fresh(counter)));
            Some(Change::SellPackage { plan, package: clinic::PACKAGE, sessions, price_minor: 100, paid: None })
        }
        Step::Plan { what, .. } => {
            let plan = chart.plans.get(usize::try_from(*what).unwrap() % chart.plans.len())?.id;
            let action = match what % 7 {
                0 | 1 => PlanAction::Freeze { until: None },
                2 | 3 => PlanAction::Resume,
                4 => PlanAction::Extend { sessions: vec![SessionId(clinic::id(fresh(counter)))] },
                5 => PlanAction::Refund { minor: 1 },
                _ => PlanAction::Void,
            };
            Some(Change::ChangePlan { plan, event: PlanEventId(clinic::id(fresh(counter))), action, reason: "why not".into() })
        }
        Step::Decide { keep, .. } => {
            let command = chart.undecided().next()?.command;
            let addendum = AddendumId(clinic::id(fresh(counter)));
            let decision = if *keep { Decision::Keep { addendum } } else { Decision::Discard { reason: "twice".into() } };
            Some(Change::Decide { command, decision })
        }
        Step::Push { .. } | Step::Pull { .. } | Step::Kill { .. } | Step::Tidy { .. } => None,
    }
}

/// Signed sessions as they were first seen; none may ever look different.
#[derive(Default)]
struct Witness(HashMap<SessionId, Signed>);

impl Witness {
    /// Only what the server has said is a record; what a device signed ahead of it may yet be set aside.
    fn look(&mut self, device: &Device) {
        device.engine.read(|replica| {
            for session in replica.mirror().flat_map(|mirrored| &mirrored.chart.sessions) {
                if let Some(signed) = &session.signed {
                    let first = self.0.entry(session.id).or_insert_with(|| signed.clone());
                    assert_eq!(first, signed, "a signed session changed");
                }
            }
        });
    }
}

/// What is counted in different ways comes to the same, and no series has more than it sold.
fn counts_agree(chart: &Chart) {
    let listed = chart.listed();
    for plan in &chart.plans {
        let balance = chart.balance(plan.id);
        let completed = listed.iter().filter(|one| one.plan.id == plan.id && one.status == SessionStatus::Completed).count();
        assert_eq!(completed, usize::from(balance.delivered));
        assert!(balance.delivered <= balance.purchased);
        assert!(balance.remaining() == 0 || balance.remaining() + balance.delivered == balance.purchased);
        let extended: usize =
            plan.events.iter().map(|event| if let PlanAction::Extend { sessions } = &event.action { sessions.len() } else { 0 }).sum();
        assert_eq!(usize::from(balance.purchased), usize::from(clinic::SESSIONS) + extended);
        assert!((0..=plan.price_minor).contains(&plan.paid_minor()));
    }
}

async fn run(clinics: &Arc<Clinics>, steps: Vec<Step>) {
    let mut devices = Vec::new();
    for name in 0..DEVICES {
        devices.push(Some(Device::new(u8::try_from(name).unwrap() + 1, clinics).await));
    }
    let mut recorded: Vec<(ClientId, CommandId)> = Vec::new();
    let (mut counter, mut witness) = (0, Witness::default());
    for step in &steps {
        match step {
            Step::Sign { device, client: n, .. }
            | Step::Addendum { device, client: n, .. }
            | Step::Contact { device, client: n }
            | Step::Sell { device, client: n }
            | Step::Book { device, client: n, .. }
            | Step::Plan { device, client: n, .. }
            | Step::Decide { device, client: n, .. } => {
                let device = devices[*device].as_ref().unwrap();
                let Some(chart) = device.engine.read(|replica| replica.chart(client(*n))) else { continue };
                if let Some(change) = change(step, &chart, &mut counter)
                    && let Ok(command) = device.engine.record(client(*n), change, None).await
                {
                    recorded.push((client(*n), command));
                }
            }
            Step::Push { device, fault } => {
                let device = devices[*device].as_ref().unwrap();
                device.fault.set(*fault);
                let _ = device.engine.push().await;
                device.fault.set(Fault::None);
            }
            Step::Pull { device, fault } => {
                let device = devices[*device].as_ref().unwrap();
                device.fault.set(*fault);
                let _ = device.engine.pull(|| ()).await;
                device.fault.set(Fault::None);
                witness.look(device);
            }
            Step::Kill { device } => {
                let killed = devices[*device].take().unwrap();
                devices[*device] = Some(killed.kill().await);
            }
            Step::Tidy { device } => devices[*device].as_ref().unwrap().engine.tidy().await.unwrap(),
        }
    }
    // The network is back for everyone; the second round brings what others pushed after.
    let devices: Vec<_> = devices.into_iter().map(Option::unwrap).collect();
    for _ in 0..2 {
        for device in &devices {
            device.sync().await;
            witness.look(device);
        }
    }
    let fresh = Device::new(99, clinics).await;
    fresh.sync().await;
    witness.look(&fresh);
    let expected = charts(&fresh);
    for chart in &expected {
        counts_agree(chart);
    }
    let booked: Vec<_> = expected.iter().flat_map(|chart| &chart.sessions).flat_map(|session| &session.appointments).collect();
    for (n, one) in booked.iter().enumerate() {
        assert!(!booked[..n].iter().any(|other| other.overlaps(one)), "the provider is in two places at once");
    }
    for device in devices {
        assert_eq!(charts(&device), expected, "a device differs from a fresh one");
        assert!(device.disk.outbox().is_empty(), "a command was left behind: {:?}", device.disk.outbox());
        // And the same once more from its disk.
        let again = device.kill().await;
        assert_eq!(charts(&again), expected, "a device differs from a fresh one after a restart");
    }
    for (client, command) in recorded {
        let (receipts, outcome) = receipt(clinics, command).await;
        assert_eq!(receipts, 1, "a saved command is in Postgres {receipts} times");
        let set_aside = expected.iter().find(|chart| chart.client.id == client).unwrap().set_aside.iter();
        let shown = set_aside.filter(|item| item.command == command).count();
        assert_eq!(shown, usize::from(matches!(outcome, Outcome::SetAside { .. })), "set aside, but not to be seen");
    }
    assert_eq!(rebuilt(clinics).await, expected, "tables and snapshots differ");
}

fn charts(device: &Device) -> Vec<Chart> {
    let mut charts: Vec<_> = device.engine.read(|replica: &Replica| replica.charts().map(|chart| chart.as_ref().clone()).collect());
    charts.sort_by_key(|chart| chart.client.id);
    charts
}

async fn receipt(clinics: &Clinics, command: CommandId) -> (usize, Outcome) {
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    let rows: Vec<(serde_json::Value,)> =
        sqlx::query_as("select outcome from receipt where command_id = $1").bind(command.0).fetch_all(&mut *tx).await.unwrap();
    (rows.len(), serde_json::from_value(rows[0].0.clone()).unwrap())
}

async fn rebuilt(clinics: &Clinics) -> Vec<Chart> {
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    let clients: Vec<_> = (0..CLIENTS).map(client).collect();
    store::chart::rebuild(&mut tx, CLINIC, &clients).await.unwrap()
}

/// Each case has a database of its own, so they are told apart by the seed.
async fn some_interleavings(options: PgConnectOptions, seed: u64, steps: usize) {
    let mut seed_bytes = [0; 32];
    seed_bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &seed_bytes);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let steps = prop::collection::vec(step(), steps..=steps).new_tree(&mut runner).unwrap().current();
    let clinics = clinic::open(options, CLIENTS).await;
    run(&clinics, steps).await;
}

macro_rules! interleavings {
    ($($name:ident: $seed:literal,)*) => {$(
        #[sqlx::test(migrator = "server::database::MIGRATIONS")]
        async fn $name(_: PgPoolOptions, options: PgConnectOptions) {
            some_interleavings(options, $seed, 220).await;
        }
    )*};
}

interleavings! {
    interleaving_1: 1,
    interleaving_2: 2,
    interleaving_3: 3,
    interleaving_4: 4,
    interleaving_5: 5,
    interleaving_6: 6,
    interleaving_7: 7,
    interleaving_8: 8,
}

/// Many devices push at the same moment while one keeps pulling: were versions handed out before their commits, as a sequence
/// does, the reader would step over the slower ones and never see them.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_reader_steps_over_nothing_while_others_write(_: PgPoolOptions, options: PgConnectOptions) {
    const WRITERS: u128 = 8;
    const EACH: u128 = 40;
    // Each chart changes once: a change that was stepped over is not mended by a later one.
    let clinics = clinic::open(options, WRITERS * EACH).await;
    let reader = Device::new(1, &clinics).await;
    reader.sync().await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let clinics = clinics.clone();
            tokio::spawn(async move {
                for n in 0..EACH {
                    let change = Change::CorrectContact { based_on: 0, phone: format!("{writer}-{n}"), email: String::new() };
                    let command = Command {
                        v: 1,
                        id: CommandId(clinic::id(9_000_000 + writer * 1000 + n)),
                        clinic: CLINIC,
                        installation: domain::ids::InstallationId(clinic::id(writer)),
                        client: client(writer * EACH + n),
                        by: clinic::PROVIDER,
                        at: Moment::from_millis(0),
                        change,
                    };
                    let text = serde_json::to_string(&command).unwrap();
                    let numbered = Numbered { number: u64::try_from(n).unwrap(), text };
                    let outcome = push::receive(&clinics, &signed_in(), command.installation, &numbered).await.unwrap();
                    assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
                }
            })
        })
        .collect();
    while writers.iter().any(|writer| !writer.is_finished()) {
        reader.engine.pull(|| ()).await.unwrap();
    }
    for writer in writers {
        writer.await.unwrap();
    }
    reader.sync().await;
    let fresh = Device::new(2, &clinics).await;
    fresh.sync().await;
    assert_eq!(charts(&reader), charts(&fresh));
}
