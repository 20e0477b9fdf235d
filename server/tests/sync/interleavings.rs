//! Several devices in any order of doing, losing, repeating, delaying and crashing. Whatever happened: in the end every device
//! equals one that starts from nothing, every saved command is in Postgres once or visibly set aside, no signed session ever
//! changes, and whatever is counted is counted the same everywhere.

mod checks;
mod steps;

use crate::{
    clinic::{self, CLINIC, client},
    device::{Device, Fault, signed_in},
};
use app::{api::Numbered, sync::Replica};
use domain::{
    chart::Chart,
    command::{Change, Command},
    ids::{ClientId, CommandId, SessionId},
    session::Signed,
    sync::Outcome,
    time::Moment,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use server::{clinic::Clinics, store, sync::push};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use steps::{Fresh, Step, change, step};

const CLIENTS: u128 = 2;
const DEVICES: usize = 3;

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

async fn run(clinics: &Arc<Clinics>, steps: Vec<Step>) {
    let mut devices = Vec::new();
    for name in 0..DEVICES {
        devices.push(Some(Device::new(u8::try_from(name).unwrap() + 1, clinics).await));
    }
    let mut recorded: Vec<(ClientId, CommandId)> = Vec::new();
    let (mut fresh, mut witness) = (Fresh::default(), Witness::default());
    for step in &steps {
        match step {
            Step::Do { device, client: n, act, a, b } => {
                let device = devices[*device].as_ref().unwrap();
                let Some((chart, catalogue)) = device.engine.read(|replica| replica.chart(client(*n)).zip(replica.catalogue())) else {
                    continue;
                };
                if let Some(change) = change(*act, (*a, *b), *n, &chart, &catalogue, &mut fresh)
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
    checks::all(clinics, &expected).await;
    for device in devices {
        assert_eq!(charts(&device), expected, "a device differs from a fresh one");
        assert!(device.disk.outbox().is_empty(), "a command was left behind: {:?}", device.disk.outbox());
        // And the same once more from its disk.
        let again = device.kill().await;
        assert_eq!(charts(&again), expected, "a device differs from a fresh one after a restart");
    }
    let mut came_to = BTreeMap::<String, usize>::new();
    for (client, command) in recorded {
        let (receipts, outcome) = receipt(clinics, command).await;
        assert_eq!(receipts, 1, "a saved command is in Postgres {receipts} times");
        let set_aside = expected.iter().find(|chart| chart.client.id == client).unwrap().set_aside.iter();
        let shown = set_aside.filter(|item| item.command == command).count();
        assert_eq!(shown, usize::from(matches!(outcome, Outcome::SetAside { .. })), "set aside, but not to be seen");
        *came_to.entry(told(&outcome)).or_default() += 1;
    }
    println!("{came_to:?}");
    assert_eq!(rebuilt(clinics).await, expected, "tables and snapshots differ");
}

/// `Applied`, or why it was not.
fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Applied { .. } => "Applied".into(),
        Outcome::SetAside { rejection, .. } => format!("{rejection:?}").chars().take_while(|c| c.is_alphanumeric()).collect(),
        Outcome::Refused(refusal) => format!("refused: {refusal}"),
    }
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
