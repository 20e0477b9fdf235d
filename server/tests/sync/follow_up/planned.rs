//! What is planned, and that it is planned with what it follows from.

use super::desk::{Desk, at};
use crate::{
    clinic::{CLINIC, PACKAGE, SESSIONS, client, id, plan, record, session},
    device::signed_in,
};
use domain::{
    command::Change,
    follow_up::{
        kind::{Kind, Step},
        policy::Policies,
        touch_state::{State, Why},
    },
    ids::{ClientId, PlanEventId, PlanId, SessionId},
    plan::PlanAction,
};
use server::{
    follow_up::{
        planning,
        policies::{self, Refused},
    },
    store::{
        self,
        follow_up::{touch, touch::TouchRow},
    },
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const NUDGES: [Kind; 6] = [
    Kind::RebookingPrompt,
    Kind::Reminder,
    Kind::Recovery(Step::Soft),
    Kind::Recovery(Step::Value),
    Kind::Recovery(Step::Last),
    Kind::Flag,
];

fn sessions(from: u128) -> Vec<SessionId> {
    (0..u128::from(SESSIONS)).map(|n| SessionId(id(from + n))).collect()
}

async fn of(desk: &Desk, owner: ClientId, plan: PlanId) -> Vec<TouchRow> {
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let touches = touch::of_client(&mut tx, CLINIC, owner).await.unwrap();
    touches.into_iter().filter(|row| row.plan_id == plan).collect()
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_sale_plans_the_series_and_a_transfer_hands_it_on(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 2).await;
    let sold = PlanId(id(5_000));
    let sale = Change::SellPackage { plan: sold, package: PACKAGE, sessions: sessions(5_001), price_minor: 402, paid: None };
    desk.applied(client(0), sale).await;
    let planned = of(&desk, client(0), sold).await;
    assert_eq!(planned.iter().map(|row| row.kind).collect::<Vec<_>>(), NUDGES);
    assert!(planned.iter().all(|row| row.state.0 == State::Planned && row.session_id == SessionId(id(5_001))));
    // Sold on 2 January, due two weeks later; on the clinic's clock it is six hours earlier.
    let due: Vec<_> = planned.iter().map(|row| row.due_at.0).collect();
    assert_eq!(due[..2], [at("2026-01-09T16:00:00Z"), at("2026-01-14T16:00:00Z")]);
    assert_eq!(desk.count("select count(*) from follow_up_due where next_at <= '2026-01-08T16:00:00Z'").await, 1);

    let (to, event) = (client(1), PlanEventId(id(5_100)));
    let action = PlanAction::Transfer { to, plan: PlanId(id(5_200)), event: PlanEventId(id(5_101)), sessions: sessions(5_201) };
    desk.applied(client(0), Change::ChangePlan { plan: sold, event, action, reason: "to her sister".into() }).await;
    let left = of(&desk, client(0), sold).await;
    assert!(left.iter().all(|row| row.why == Some(Why::Ended)), "{left:?}");
    let received = of(&desk, client(1), PlanId(id(5_200))).await;
    assert_eq!(received.iter().filter(|row| row.state.0 == State::Planned).count(), NUDGES.len());
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_came_by_another_way_is_planned_at_the_start_and_planning_twice_changes_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    // Written by a seed or an import, past the commands.
    crate::clinic::open(options.clone(), 3).await;
    let desk = Desk::beside(options).await;
    assert_eq!(desk.touches(0).await.len(), 0);
    desk.server().await.once().await.unwrap();
    for n in 0..3 {
        let planned = of(&desk, client(n), plan(n, true)).await;
        assert_eq!(planned.iter().map(|row| row.kind).collect::<Vec<_>>(), NUDGES);
    }
    let before = desk.count("select count(*) from touch_step").await;
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    store::follow_up::replan_all(&mut tx, CLINIC).await.unwrap();
    tx.commit().await.unwrap();
    desk.server().await.once().await.unwrap();
    assert_eq!(desk.count("select count(*) from touch_step").await, before);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_visit_moves_the_series_on(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    desk.applied(client(0), sign).await;
    let touches = desk.touches(0).await;
    let of_session = |number: u16, state: State| {
        let rows = touches.iter().filter(move |row| row.session_id == session(0, number) && row.state.0 == state);
        rows.map(|row| row.kind).collect::<Vec<_>>()
    };
    assert_eq!(of_session(1, State::Planned), [Kind::Aftercare, Kind::CheckIn, Kind::Midpoint]);
    assert_eq!(of_session(1, State::Suppressed), NUDGES);
    assert_eq!(of_session(2, State::Planned), NUDGES);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn where_nothing_waits_nobody_looks(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let next = async || store::follow_up::millis_until_next(&desk.clinics.pool, desk.clinics.host.now()).await.unwrap();
    let server = desk.server().await;
    server.once().await.unwrap();
    assert!(next().await.is_some_and(|millis| millis > 60_000));
    let end = Change::ChangePlan { plan: plan(0, false), event: PlanEventId(id(5_300)), action: PlanAction::Void, reason: "moved".into() };
    desk.applied(client(0), end).await;
    server.once().await.unwrap();
    assert_eq!(next().await, None);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn edited_policies_plan_all_charts_anew_in_batches(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 30).await;
    let mut edited = Policies::standard();
    edited.usual.minute = 12 * 60;
    let refused = policies::save(
        &desk.clinics,
        &signed_in(),
        &Policies { usual: domain::follow_up::policy::Policy { minute: 60, ..edited.usual.clone() }, ..edited.clone() },
        0,
    )
    .await
    .unwrap();
    assert!(matches!(refused, Err(Refused::Faults(_))));
    assert_eq!(policies::save(&desk.clinics, &signed_in(), &edited, 0).await.unwrap(), Ok(()));
    assert_eq!(policies::save(&desk.clinics, &signed_in(), &edited, 0).await.unwrap(), Err(Refused::Stale));
    let waiting = planning::waiting(&desk.clinics, CLINIC).await.unwrap();
    assert_eq!(waiting.len(), 30);
    planning::catch_up(&desk.clinics, CLINIC, &waiting[..12]).await.unwrap();
    assert_eq!(planning::waiting(&desk.clinics, CLINIC).await.unwrap(), waiting[12..]);
    // Whoever looked before somebody else has planned them plans them no second time.
    let before = desk.count("select count(*) from touch_step").await;
    planning::catch_up(&desk.clinics, CLINIC, &waiting[..12]).await.unwrap();
    assert_eq!(desk.count("select count(*) from touch_step").await, before);
    planning::catch_up(&desk.clinics, CLINIC, &waiting).await.unwrap();
    assert_eq!(planning::waiting(&desk.clinics, CLINIC).await.unwrap(), []);
    for n in 0..30 {
        let touches = of(&desk, client(n), plan(n, false)).await;
        assert_eq!(touches[0].due_at.0, at("2026-01-08T18:00:00Z"), "{n}");
    }
    let before = desk.count("select count(*) from touch_step").await;
    desk.server().await.once().await.unwrap();
    assert_eq!(desk.count("select count(*) from touch_step").await, before);
}
