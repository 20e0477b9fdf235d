//! Bookings elsewhere against sends: once the other system has its answer, nobody is asked to book any more.

use super::{System, take};
use crate::{
    clinic::{CLINIC, client},
    follow_up::desk::{Desk, REMINDER},
};
use app::api::messages::Channel;
use async_trait::async_trait;
use domain::{follow_up::elsewhere::BookingState, ids::ClientId};
use server::follow_up::{
    FollowUp,
    transport::{Answer, Outgoing, Transport},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Events that race with a send; CADENCE_RACES asks for more.
const RACES: u128 = 1_000;

/// Knows of whom another system was told that her booking is known, and counts what reaches them afterwards.
#[derive(Default)]
struct Witness {
    /// By their phone number.
    answered: Mutex<HashSet<String>>,
    after: AtomicUsize,
    sent: AtomicUsize,
}

#[async_trait]
impl Transport for Witness {
    async fn send(&self, outgoing: &Outgoing) -> Answer {
        // A carrier takes its time, one more than another.
        tokio::time::sleep(Duration::from_micros(u64::from(outgoing.token.as_bytes()[15]) * 12)).await;
        if outgoing.channel == Channel::Sms {
            self.sent.fetch_add(1, Ordering::SeqCst);
            if self.answered.lock().unwrap().contains(&outgoing.to) {
                self.after.fetch_add(1, Ordering::SeqCst);
            }
        }
        Answer::Accepted { id: None }
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nothing_is_sent_after_an_event_was_answered(_: PgPoolOptions, options: PgConnectOptions) {
    let races = std::env::var("CADENCE_RACES").ok().and_then(|count| count.parse().ok()).unwrap_or(RACES);
    let desk = Arc::new(Desk::open(options, races).await);
    let system = System::connect(&desk.clinics).await;
    let witness = Arc::new(Witness::default());
    let mut servers: Vec<Arc<FollowUp>> = Vec::new();
    for _ in 0..4 {
        servers.push(Arc::new(desk.server_with(witness.clone()).await));
    }
    desk.clock.set(REMINDER);
    let numbers: HashMap<ClientId, u128> = (0..races).map(|n| (client(n), n)).collect();
    let (mut pairs, mut round) = (0, 0);
    loop {
        let batch = servers[round % servers.len()].claim(CLINIC).await.unwrap();
        if batch.taken == 0 {
            break;
        }
        round += 1;
        let mut tasks = Vec::new();
        for (place, claimed) in batch.claimed.into_iter().enumerate() {
            pairs += 1;
            let n = numbers[&claimed.client];
            let (desk, witness, server) = (desk.clone(), witness.clone(), servers[place % servers.len()].clone());
            let told = system.told(n, &format!("b-{n}"), BookingState::Booked, REMINDER, "2026-03-01T16:00:00Z");
            // Events go one after the other, sends at once: about as long after the claim, each in its turn.
            let wait = Duration::from_micros(u64::try_from(place * 7_919 % 50).unwrap() * 12_000);
            tasks.push(tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                server.send(&claimed).await.unwrap();
            }));
            tasks.push(tokio::spawn(async move {
                assert!(take(&desk, &told).await);
                witness.answered.lock().unwrap().insert(format!("+1 312 555 {n:04}"));
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    }
    // Nobody waits for another try.
    desk.clock.pass(60);
    for server in &servers {
        server.once().await.unwrap();
    }
    let (sent, after) = (witness.sent.load(Ordering::SeqCst), witness.after.load(Ordering::SeqCst));
    println!("{pairs} races: {sent} sent before the event was answered, {} not sent, {after} sent after it", pairs - sent);
    assert_eq!(after, 0, "sent after an event that was answered");
    assert_eq!(u128::try_from(pairs).unwrap(), races);
    // Otherwise it was no race.
    assert!(sent * 20 > pairs && sent * 20 < pairs * 19, "{sent} of {pairs}");
}
