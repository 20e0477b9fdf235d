//! Many at the same moment, through two servers on one database: whoever is first has it, everybody else is told, and nothing is
//! there twice.

use crate::{
    clinic::{self, CLINIC, Counting, FORM, LASER, PROVIDER, ROOMS, client, part, plan, record, session},
    device::signed_in,
};
use app::api::Numbered;
use domain::{
    billing::ExceptionKind,
    booking::Time,
    catalogue::{Role, Staff},
    chart::{Author, Chart},
    command::{Change, Command},
    consent::Signing,
    ids::*,
    plan::{PaymentMethod, PlanAction},
    rejection::Rejection,
    sync::Outcome,
    time::Moment,
};
use server::{
    clinic::Clinics,
    database,
    store::{self, StoreError, catalogue, chart},
    sync::push,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;
use tokio::sync::Barrier;

const MANY: u128 = 20;
const NOON: i64 = 1_900_000_000_000;

/// Two servers of a clinic with so many clients, and as many who treat.
async fn two_servers(options: PgConnectOptions) -> [Arc<Clinics>; 2] {
    let first = clinic::open(options.clone(), MANY + 1).await;
    let mut tx = store::begin(&first.pool, CLINIC).await.unwrap();
    for n in 0..MANY {
        let staff = Staff { id: provider(n), name: format!("Dr {n}"), role: Role::Provider, active: true };
        catalogue::add_staff(&mut tx, CLINIC, &staff).await.unwrap();
    }
    tx.commit().await.unwrap();
    let pool = database::pool(options).await.unwrap();
    // Another clock, and other random numbers: two servers never draw the same.
    let second = Clinics::new(pool, Arc::new(Counting::from(500_000)), first.photos.clone(), clinic::audit_key());
    [first, Arc::new(second)]
}

fn provider(n: u128) -> StaffId {
    StaffId(clinic::id(700 + n))
}

/// Hands all of them in at once, each from an installation of its own, to one or the other server.
async fn at_once(servers: &[Arc<Clinics>; 2], changes: Vec<(ClientId, Change)>) -> Vec<Outcome> {
    let start = Arc::new(Barrier::new(changes.len()));
    let hand_in = |(n, (client, change)): (usize, (ClientId, Change))| {
        let (server, start) = (servers[n % 2].clone(), start.clone());
        let id = u128::try_from(n).unwrap();
        tokio::spawn(async move {
            let at = server.host.now();
            let installation = InstallationId(clinic::id(id));
            // The clock of the server makes each command's number another one.
            let command = CommandId(clinic::id(9_000_000 + id + 1000 * u128::try_from(at.millis()).unwrap()));
            let command = Command { v: 1, id: command, clinic: CLINIC, installation, client, by: PROVIDER, at, change };
            let text = serde_json::to_string(&command).unwrap();
            start.wait().await;
            push::receive(&server, &signed_in(), installation, &Numbered { number: 1, text }).await.unwrap()
        })
    };
    let tasks: Vec<_> = changes.into_iter().enumerate().map(hand_in).collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

/// One was applied; all others were set aside, each for that reason.
fn one_wins(outcomes: &[Outcome], reason: impl Fn(&Rejection) -> bool) {
    let applied = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Applied { .. })).count();
    let told = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::SetAside { rejection, .. } if reason(rejection))).count();
    assert_eq!((applied, told), (1, outcomes.len() - 1), "{outcomes:?}");
}

async fn charts(server: &Clinics) -> Vec<Chart> {
    let mut tx = store::begin(&server.pool, CLINIC).await.unwrap();
    let clients: Vec<_> = (0..=MANY).map(client).collect();
    let rebuilt = chart::rebuild(&mut tx, CLINIC, &clients).await.unwrap();
    for chart in &rebuilt {
        assert_eq!(chart::load(&mut tx, CLINIC, chart.client.id).await.unwrap().as_ref(), Some(chart));
    }
    rebuilt
}

fn booked(charts: &[Chart]) -> usize {
    charts.iter().flat_map(|chart| &chart.sessions).map(|session| session.appointments.len()).sum()
}

/// Times that overlap each other, all of them.
fn time(n: u128) -> Time {
    let starts = Moment::from_millis(NOON + i64::try_from(n).unwrap() * 60_000);
    Time { provider: provider(n), starts, minutes: 30, room: None, device: None }
}

fn book(session: SessionId, n: u128, time: Time) -> Change {
    Change::BookSession { session, appointment: AppointmentId(clinic::id(800 + n)), time, procedures: vec![], despite: String::new() }
}

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn a_room_is_booked_once(_: PgPoolOptions, options: PgConnectOptions) {
    let servers = two_servers(options).await;
    let wish = |n| (client(n), book(session(n, 1), n, Time { room: Some(ROOMS[0]), ..time(n) }));
    one_wins(&at_once(&servers, (0..MANY).map(wish).collect()).await, |why| *why == Rejection::RoomTaken);
    assert_eq!(booked(&charts(&servers[0]).await), 1);
}

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn a_device_is_kept_for_one(_: PgPoolOptions, options: PgConnectOptions) {
    let servers = two_servers(options).await;
    let wish = |n| (client(n), book(session(n, 1), n, Time { device: Some(LASER), ..time(n) }));
    one_wins(&at_once(&servers, (0..MANY).map(wish).collect()).await, |why| *why == Rejection::DeviceTaken);
    assert_eq!(booked(&charts(&servers[0]).await), 1);
}

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn who_treats_is_booked_once(_: PgPoolOptions, options: PgConnectOptions) {
    let servers = two_servers(options).await;
    let wish = |n| (client(n), book(session(n, 1), n, Time { provider: PROVIDER, ..time(n) }));
    one_wins(&at_once(&servers, (0..MANY).map(wish).collect()).await, |why| *why == Rejection::Taken);
    assert_eq!(booked(&charts(&servers[0]).await), 1);
}

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn a_client_is_in_one_place(_: PgPoolOptions, options: PgConnectOptions) {
    let servers = two_servers(options).await;
    // The sessions of both series, each with another provider.
    let sessions: Vec<_> =
        [0, 50].into_iter().flat_map(|more| (1..=clinic::SESSIONS).map(move |number| session(0, number + more))).collect();
    let wish = |(n, session): (u128, &SessionId)| (client(0), book(*session, n, time(n)));
    one_wins(&at_once(&servers, (0..).zip(&sessions).map(wish).collect()).await, |why| *why == Rejection::ClientBusy);
    assert_eq!(booked(&charts(&servers[0]).await), 1);
}

/// Without the lock by which a clinic's changes follow each other: constraints alone, as they would have to hold for anybody who
/// writes to these tables.
#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn the_tables_themselves_let_nothing_be_in_two_places(_: PgPoolOptions, options: PgConnectOptions) {
    let servers = two_servers(options).await;
    let wishes = [
        (Time { room: Some(ROOMS[0]), ..time(1) }, Time { room: Some(ROOMS[0]), ..time(2) }, Rejection::RoomTaken),
        (Time { device: Some(LASER), ..time(3) }, Time { device: Some(LASER), ..time(4) }, Rejection::DeviceTaken),
        (Time { provider: PROVIDER, ..time(5) }, Time { provider: PROVIDER, ..time(6) }, Rejection::Taken),
    ];
    for (n, (one, other, reason)) in (0..).zip(wishes) {
        let first = save(&servers[0], 2 * n, one).await.unwrap();
        let (server, second) = (servers[1].clone(), 2 * n + 1);
        // It waits for the first, who has not committed yet.
        let second = tokio::spawn(async move { save(&server, second, other).await.map(drop) });
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        assert!(!second.is_finished());
        first.commit().await.unwrap();
        assert_eq!(second.await.unwrap().unwrap_err().rejection(), Some(reason));
    }
    assert_eq!(booked(&charts(&servers[0]).await), 3);
}

async fn save(server: &Clinics, n: u128, time: Time) -> Result<store::Tx, StoreError> {
    let mut tx = store::begin(&server.pool, CLINIC).await?;
    let catalogue = catalogue::read(&mut tx, CLINIC, server.host.now()).await?;
    let before = chart::load(&mut tx, CLINIC, client(n)).await?.unwrap();
    let author = Author { staff: PROVIDER, at: server.host.now() };
    let after = before.apply(&book(session(n, 1), n, time), author, &catalogue).unwrap();
    chart::save(&mut tx, CLINIC, 1000 + i64::try_from(n).unwrap(), &before, &after).await?;
    Ok(tx)
}

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn the_last_session_is_delivered_once(_: PgPoolOptions, options: PgConnectOptions) {
    let servers = two_servers(options).await;
    let sign =
        |number: u16, pulse| Change::SignSession { session: session(0, number), record: record(session(0, number), pulse), rest: None };
    for number in 1..clinic::SESSIONS {
        one_wins(&at_once(&servers, vec![(client(0), sign(number, 1))]).await, |_| false);
    }
    let last = clinic::SESSIONS;
    let outcomes = at_once(&servers, (1..=10).map(|pulse| (client(0), sign(last, pulse))).collect()).await;
    one_wins(&outcomes, |why| matches!(why, Rejection::AlreadySigned { .. }));
    let chart = charts(&servers[0]).await.swap_remove(0);
    let balance = chart.balance(plan(0, false));
    assert_eq!((balance.delivered, balance.purchased, balance.remaining()), (last, last, 0));
    // What was charted past the package is seen, all of it.
    let past = chart.exceptions().into_iter().filter(|exception| matches!(exception.kind, ExceptionKind::PastThePackage(_))).count();
    assert_eq!((past, chart.undecided().count()), (9, 9));

    // The rest of a session, too: by two at once, one of whom is told.
    let half = Change::SignSession { session: session(1, 1), record: part(session(1, 1), Some(clinic::PROCEDURES[0]), 1), rest: None };
    one_wins(&at_once(&servers, vec![(client(1), half)]).await, |_| false);
    let rest = |n: u128| Change::SignSession {
        session: session(1, 1),
        record: part(session(1, 1), Some(clinic::PROCEDURES[1]), 2),
        rest: Some(AddendumId(clinic::id(900 + n))),
    };
    let outcomes = at_once(&servers, (0..10).map(|n| (client(1), rest(n))).collect()).await;
    one_wins(&outcomes, |why| matches!(why, Rejection::AlreadyDelivered { number: 1 }));
}

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn what_is_owed_is_paid_once(_: PgPoolOptions, options: PgConnectOptions) {
    let servers = two_servers(options).await;
    let owed = charts(&servers[0]).await[0].plan_billing(plan(0, false)).owed;
    assert_eq!(owed, clinic::PRICE - 100);
    let pay = |n: u128| Change::ChangePlan {
        plan: plan(0, false),
        event: PlanEventId(clinic::id(2_000 + n)),
        action: PlanAction::Pay { minor: owed, how: PaymentMethod::Card },
        reason: String::new(),
    };
    let outcomes = at_once(&servers, (0..50).map(|n| (client(0), pay(n))).collect()).await;
    one_wins(&outcomes, |why| matches!(why, Rejection::Unfit { .. }));
    let billing = charts(&servers[0]).await[0].plan_billing(plan(0, false));
    assert_eq!((billing.paid, billing.owed), (clinic::PRICE, 0));
    let mut tx = store::begin(&servers[0].pool, CLINIC).await.unwrap();
    let taken: Vec<i64> =
        sqlx::query_scalar("select (action -> 'Pay' ->> 'minor')::bigint from plan_event").fetch_all(&mut *tx).await.unwrap();
    assert_eq!(taken, [owed]);
}

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn a_series_goes_to_one_of_those_it_is_given_to(_: PgPoolOptions, options: PgConnectOptions) {
    let servers = two_servers(options).await;
    let give = |n: u128| {
        let sessions = (0..clinic::SESSIONS).map(|number| SessionId(clinic::id(50_000 + n * 10 + u128::from(number)))).collect();
        let action = PlanAction::Transfer {
            to: client(n),
            plan: PlanId(clinic::id(3_000 + n)),
            event: PlanEventId(clinic::id(4_000 + n)),
            sessions,
        };
        Change::ChangePlan { plan: plan(0, false), event: PlanEventId(clinic::id(2_000 + n)), action, reason: "a sister".into() }
    };
    let outcomes = at_once(&servers, (1..=MANY).map(|n| (client(0), give(n))).collect()).await;
    one_wins(&outcomes, |why| matches!(why, Rejection::PlanEnded { .. }));
    let charts = charts(&servers[0]).await;
    assert_eq!(charts.iter().map(|chart| chart.plans.len()).sum::<usize>(), 2 * charts.len() + 1);
    let receiver = charts.iter().find(|chart| chart.plans.len() == 3).unwrap();
    assert_eq!(receiver.balance(receiver.plans[2].id).remaining(), clinic::SESSIONS);
    assert_eq!(charts[0].balance(plan(0, false)).remaining(), 0);
}

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn a_consent_tapped_many_times_is_one_signature(_: PgPoolOptions, options: PgConnectOptions) {
    let servers = two_servers(options).await;
    let ink = vec![vec![(1, 1), (9, 9)]];
    let signing = Change::SignConsent(Signing { form: FORM, version: 1, plan: Some(plan(0, true)), signer: None, photo: None, ink });
    let outcomes = at_once(&servers, vec![(client(0), signing); 10]).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Applied { .. })), "{outcomes:?}");
    assert_eq!(charts(&servers[0]).await[0].consents.len(), 1);
    let mut tx = store::begin(&servers[0].pool, CLINIC).await.unwrap();
    let documents: i64 = sqlx::query_scalar("select count(*) from consent_document").fetch_one(&mut *tx).await.unwrap();
    assert_eq!(documents, 1);
}
