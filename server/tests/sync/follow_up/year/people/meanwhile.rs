//! Some act at the very moment in which the carrier is being called for them, or between a server's taking their message and its sending
//! it: what they are told then is so before the carrier has the message, or it waits until after.

use super::{Event, People};
use crate::{clinic::CLINIC, follow_up::year::carrier::Asked};
use domain::{follow_up::kind::Kind, ids::PlanId};
use server::store;
use tokio::sync::oneshot;

impl People {
    /// Acts whenever somebody is just being called for, until the servers have done. Whether anybody did anything.
    pub(super) async fn act_meanwhile(&mut self, now: i64, mut done: oneshot::Receiver<()>) -> bool {
        let Some(mut calls) = self.calls.take() else { return false };
        let mut any = false;
        loop {
            tokio::select! {
                biased;
                Some(asked) = calls.recv() => any |= self.answers_at_once(now, asked).await,
                _ = &mut done => break,
            }
        }
        // Nobody waits for these any more.
        while calls.try_recv().is_ok() {}
        self.calls = Some(calls);
        any
    }

    async fn answers_at_once(&mut self, now: i64, asked: Asked) -> bool {
        let mut tx = store::begin(&self.desk.clinics.pool, CLINIC).await.unwrap();
        let (plan, kind): (uuid::Uuid, String) = sqlx::query_as(
            "select plan_id, kind from attempt join touch on touch.clinic_id = attempt.clinic_id and touch.id = touch_id where token = $1",
        )
        .bind(asked.token)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        drop(tx);
        let who = self.by_plan[&PlanId(plan)];
        let kind: Kind = kind.parse().expect("a kind");
        let event = match (self.dice[who].below(20), self.all[who].delivered.checked_sub(1)) {
            (0..4, _) => Event::SaysStop,
            (4, _) => Event::Pauses,
            (5, Some(session)) => Event::Worries(session),
            _ if kind.is_nudge() => Event::Books,
            _ => return false,
        };
        self.act(now, who, event).await;
        self.stirred(who, now);
        self.count("acted while the carrier was called");
        // It may have given up waiting.
        let _: Result<_, _> = asked.acted.send(());
        true
    }
}
