//! What remains of a series goes to another client: both charts change, or neither.

use crate::{
    clinic::{self, CLINIC, PLAN, SESSIONS, client, id, record, session},
    device::Device,
};
use domain::{
    chart::Chart,
    command::Change,
    ids::{ClientId, PlanEventId, PlanId, SessionId},
    plan::{PlanAction, Standing},
    rejection::Rejection,
};
use server::store;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;

fn plan(n: u128) -> PlanId {
    PlanId(id(PLAN.0.as_u128() + 10_000 * (n + 1)))
}

const RECEIVED: PlanId = PlanId(id(77_000));

/// The first client's series, to another; `first` tells the new sessions apart.
fn transfer(to: ClientId, sessions: u16, first: u128) -> Change {
    let sessions = (0..u128::from(sessions)).map(|n| SessionId(id(first + n))).collect();
    let action = PlanAction::Transfer { to, plan: RECEIVED, event: PlanEventId(id(first + 50)), sessions };
    change(first + 51, action)
}

fn change(event: u128, action: PlanAction) -> Change {
    Change::ChangePlan { plan: plan(0), event: PlanEventId(id(event)), action, reason: "her sister wants them".into() }
}

fn sign(number: u16) -> Change {
    let session = session(0, number);
    Change::SignSession { session, record: record(session, 10), rest: None }
}

fn chart(device: &Device, n: u128) -> Arc<Chart> {
    device.engine.read(|replica| replica.chart(client(n))).unwrap()
}

fn set_aside(chart: &Chart) -> Vec<Rejection> {
    chart.undecided().map(|item| item.rejection.clone()).collect()
}

fn version(device: &Device) -> u64 {
    device.cursor().unwrap().version
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_transfer_changes_both_charts_and_every_device_sees_both(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 2).await;
    let (desk, other) = (Device::new(1, &clinics).await, Device::new(2, &clinics).await);
    desk.sync().await;
    other.sync().await;
    desk.engine.record(client(0), sign(1), None).await.unwrap();
    desk.sync().await;
    let before = version(&desk);

    desk.engine.record(client(0), transfer(client(1), SESSIONS - 1, 70_000), None).await.unwrap();
    // Ahead of the server the device knows one side only.
    assert_eq!(chart(&desk, 0).balance(plan(0)).standing, Standing::Transferred);
    assert!(chart(&desk, 1).plan(RECEIVED).is_none());
    desk.sync().await;
    other.sync().await;
    assert_eq!((version(&desk), version(&other)), (before + 2, before + 2));

    for device in [&desk, &other] {
        let (gave, received) = (chart(device, 0), chart(device, 1));
        assert_eq!((gave.balance(plan(0)).delivered, gave.balance(plan(0)).remaining()), (1, 0));
        assert_eq!(received.balance(RECEIVED).remaining(), SESSIONS - 1);
        let terms = received.plan(RECEIVED).unwrap();
        assert_eq!((terms.price_minor, terms.name.as_str()), (0, "LHR"));
        assert_eq!(terms.procedures, gave.plan(plan(0)).unwrap().procedures);
        let [event] = terms.events.as_slice() else { panic!("one event: {:?}", terms.events) };
        assert_eq!((&event.action, event.remark.text.as_str()), (&PlanAction::Receive { from: client(0) }, "her sister wants them"));
        assert!(received.exceptions().is_empty() && gave.exceptions().is_empty());
    }
    // Tables and snapshots say the same, and the received series is treated like any other.
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    let rebuilt = store::chart::rebuild(&mut tx, CLINIC, &[client(0), client(1)]).await.unwrap();
    assert_eq!(rebuilt, [chart(&desk, 0).as_ref().clone(), chart(&desk, 1).as_ref().clone()]);
    tx.rollback().await.unwrap();
    let first = SessionId(id(70_000));
    let received = Change::SignSession { session: first, record: record(first, 10), rest: None };
    other.engine.record(client(1), received, None).await.unwrap();
    other.sync().await;
    assert_eq!(chart(&other, 1).balance(RECEIVED).remaining(), SESSIONS - 2);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_transfer_to_nobody_is_set_aside_and_changes_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 2).await;
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    let (before, gave) = (version(&device), chart(&device, 0).plans.clone());
    let change = transfer(client(99), SESSIONS, 70_000);
    device.engine.record(client(0), change.clone(), None).await.unwrap();
    device.sync().await;
    let after = chart(&device, 0);
    assert_eq!(after.plans, gave);
    assert_eq!(after.balance(plan(0)).remaining(), SESSIONS);
    assert_eq!(set_aside(&after), [Rejection::NotThere]);
    assert_eq!(after.undecided().next().unwrap().change, change);
    assert_eq!(version(&device), before + 1);
    assert!(device.disk.outbox().is_empty());
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_session_signed_meanwhile_stops_a_transfer_and_nothing_is_lost(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 2).await;
    let (desk, room) = (Device::new(1, &clinics).await, Device::new(2, &clinics).await);
    desk.sync().await;
    room.sync().await;
    room.engine.record(client(0), sign(1), None).await.unwrap();
    desk.engine.record(client(0), transfer(client(1), SESSIONS, 70_000), None).await.unwrap();
    room.sync().await;
    desk.sync().await;
    room.sync().await;
    for device in [&desk, &room] {
        let gave = chart(device, 0);
        assert!(gave.session(session(0, 1)).unwrap().signed.is_some());
        assert_eq!(gave.balance(plan(0)).remaining(), SESSIONS - 1);
        assert_eq!(set_aside(&gave), [Rejection::Stale]);
        assert!(chart(device, 1).plan(RECEIVED).is_none());
    }
    // Looked at again, it goes through.
    desk.engine.record(client(0), transfer(client(1), SESSIONS - 1, 80_000), None).await.unwrap();
    desk.sync().await;
    assert_eq!(chart(&desk, 1).balance(RECEIVED).remaining(), SESSIONS - 1);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_was_transferred_is_neither_signed_nor_transferred_again(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 3).await;
    let (desk, room) = (Device::new(1, &clinics).await, Device::new(2, &clinics).await);
    desk.sync().await;
    room.sync().await;
    // Both without a network: the desk transfers, the room treats and gives the rest to somebody else.
    desk.engine.record(client(0), transfer(client(1), SESSIONS, 70_000), None).await.unwrap();
    room.engine.record(client(0), sign(1), None).await.unwrap();
    room.engine.record(client(0), transfer(client(2), SESSIONS - 1, 80_000), None).await.unwrap();
    desk.sync().await;
    room.sync().await;
    desk.sync().await;
    let gave = chart(&desk, 0);
    assert_eq!(gave.balance(plan(0)).standing, Standing::Transferred);
    let ended = Rejection::PlanEnded { name: "LHR".into() };
    assert_eq!(set_aside(&gave), [ended.clone(), ended]);
    assert_eq!(chart(&desk, 1).balance(RECEIVED).remaining(), SESSIONS);
    assert!(chart(&desk, 2).plan(RECEIVED).is_none());
    // What was treated is kept, and shown among the billing exceptions until somebody decides.
    assert_eq!(gave.exceptions().len(), 1);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn an_ended_series_is_not_transferred(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 2).await;
    let (desk, other) = (Device::new(1, &clinics).await, Device::new(2, &clinics).await);
    desk.sync().await;
    other.sync().await;
    other.engine.record(client(0), transfer(client(1), SESSIONS, 70_000), None).await.unwrap();
    desk.engine.record(client(0), change(90_000, PlanAction::Void), None).await.unwrap();
    desk.sync().await;
    other.sync().await;
    assert_eq!(chart(&other, 0).balance(plan(0)).standing, Standing::Voided);
    assert_eq!(set_aside(&chart(&other, 0)), [Rejection::PlanEnded { name: "LHR".into() }]);
    assert!(chart(&other, 1).plan(RECEIVED).is_none());
    // At the device that knows, it is refused at once.
    assert!(desk.engine.record(client(0), transfer(client(1), SESSIONS, 95_000), None).await.is_err());
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn an_id_that_another_chart_has_already_is_set_aside_and_holds_up_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 2).await;
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    // The new sessions would be those of the one who gives.
    let sessions = (1..=SESSIONS).map(|number| session(0, number)).collect();
    let action = PlanAction::Transfer { to: client(1), plan: RECEIVED, event: PlanEventId(id(70_000)), sessions };
    device.engine.record(client(0), change(70_001, action), None).await.unwrap();
    device.sync().await;
    assert_eq!(set_aside(&chart(&device, 0)), [Rejection::Exists]);
    assert_eq!(chart(&device, 0).balance(plan(0)).remaining(), SESSIONS);
    assert!(chart(&device, 1).plan(RECEIVED).is_none());
}
