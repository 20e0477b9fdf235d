//! Whoever changes a chart while something is being sent to her waits for it, and it for nobody.

use crate::{
    clinic::{CLINIC, client, plan, record, session},
    follow_up::desk::{Desk, Mood},
};
use async_trait::async_trait;
use domain::{
    command::Change,
    follow_up::{kind::Kind, touch_state::State},
    ids::PlanEventId,
    plan::PlanAction,
    sync::Outcome,
};
use server::follow_up::{
    claim::CLAIM_MINUTES,
    transport::{Answer, Outgoing, Transport},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

/// Takes its time with everything.
#[derive(Default)]
struct Slow {
    is_called: Notify,
    answers: Notify,
}

#[async_trait]
impl Transport for Slow {
    async fn send(&self, _: &Outgoing) -> Answer {
        self.is_called.notify_one();
        self.answers.notified().await;
        Answer::Accepted { id: None }
    }
}

/// The retry refers to what it retries, which whoever plans her chart anew holds already, and waits for the retry.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_chart_is_planned_anew_while_a_retry_is_sent(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Arc::new(Desk::open(options, 1).await);
    desk.carrier.is(Mood::Says(Answer::Refused("550 no such user".into())));
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    desk.applied(client(0), sign).await;
    let failed = desk.server().await.claim(CLINIC).await.unwrap().claimed.pop().unwrap();
    assert_eq!(desk.server().await.send(&failed).await.unwrap(), Some(State::Failed));

    let slow = Arc::new(Slow::default());
    let server = desk.server_with(slow.clone()).await;
    let retry = server.claim(CLINIC).await.unwrap().claimed.pop().unwrap();
    let sending = tokio::spawn(async move { server.send(&retry).await });
    slow.is_called.notified().await;
    let changing = {
        let desk = desk.clone();
        let event = PlanEventId(desk.clinics.host.uuid());
        let pause = Change::ChangePlan { plan: plan(0, false), event, action: PlanAction::Freeze { until: None }, reason: "away".into() };
        tokio::spawn(async move { desk.hand_in(client(0), pause).await })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!changing.is_finished());
    slow.answers.notify_one();
    assert_eq!(sending.await.unwrap().unwrap(), Some(State::Accepted));
    assert!(matches!(changing.await.unwrap(), Outcome::Applied { .. }));
    let touches = desk.touches(0).await;
    let aftercare = touches.iter().filter(|row| row.kind == Kind::Aftercare && row.state.0 == State::Accepted);
    assert_eq!(aftercare.count(), 1);
}

/// Five minutes after it was taken it would count as abandoned: its server may have been held up that long, and sends it now.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_is_being_sent_is_nobody_elses(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    // Aftercare: what is on a rung is written down before it goes, and held by that.
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    desk.applied(client(0), sign).await;
    let slow = Arc::new(Slow::default());
    let server = desk.server_with(slow.clone()).await;
    let claimed = server.claim(CLINIC).await.unwrap().claimed.pop().unwrap();
    let sending = tokio::spawn(async move { server.send(&claimed).await });
    slow.is_called.notified().await;
    desk.clock.pass(CLAIM_MINUTES);
    assert_eq!(desk.server().await.claim(CLINIC).await.unwrap().taken, 0);
    slow.answers.notify_one();
    assert_eq!(sending.await.unwrap().unwrap(), Some(State::Accepted));
    assert_eq!(desk.state(0, Kind::Aftercare).await, State::Accepted);
}
