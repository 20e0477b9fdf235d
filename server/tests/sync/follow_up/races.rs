//! Bookings against sends: whoever has booked, and has been told so, is not asked to book.

use super::{
    booked::book,
    desk::{Desk, REMINDER, at},
};
use crate::clinic::{CLINIC, client};
use app::api::messages::Channel;
use async_trait::async_trait;
use domain::{ids::ClientId, sync::Outcome, time::Moment};
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

/// Bookings that race with a send; CADENCE_RACES asks for more.
const RACES: u128 = 2_000;

/// Knows who has been told that a booking stands, and counts what reaches them afterwards.
#[derive(Default)]
struct Witness {
    /// By their phone number.
    booked: Mutex<HashSet<String>>,
    after_booking: AtomicUsize,
    sent: AtomicUsize,
    tokens: Mutex<HashMap<uuid::Uuid, usize>>,
}

#[async_trait]
impl Transport for Witness {
    async fn send(&self, outgoing: &Outgoing) -> Answer {
        // A carrier takes its time, one more than another.
        tokio::time::sleep(Duration::from_micros(u64::from(outgoing.token.as_bytes()[15]) * 12)).await;
        *self.tokens.lock().unwrap().entry(outgoing.token).or_default() += 1;
        if outgoing.channel == Channel::Sms {
            self.sent.fetch_add(1, Ordering::SeqCst);
            if self.booked.lock().unwrap().contains(&outgoing.to) {
                self.after_booking.fetch_add(1, Ordering::SeqCst);
            }
        }
        Answer::Accepted { id: None }
    }
}

fn phone(n: u128) -> String {
    format!("+1 312 555 {n:04}")
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nothing_is_sent_after_a_booking_was_acknowledged(_: PgPoolOptions, options: PgConnectOptions) {
    let races = std::env::var("CADENCE_RACES").ok().and_then(|count| count.parse().ok()).unwrap_or(RACES);
    let desk = Arc::new(Desk::open(options, races).await);
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
            let (client, n) = (claimed.client, numbers[&claimed.client]);
            let (desk, witness, server) = (desk.clone(), witness.clone(), servers[place % servers.len()].clone());
            // Bookings go one after the other, sends at once: about as long after the claim, each in its turn.
            let wait = Duration::from_micros(u64::try_from(place * 7_919 % 50).unwrap() * 12_000);
            tasks.push(tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                server.send(&claimed).await.unwrap();
            }));
            tasks.push(tokio::spawn(async move {
                let starts = Moment::from_millis(at("2026-03-01T00:00:00Z").millis() + i64::try_from(n).unwrap() * 30 * 60_000);
                let outcome = desk.hand_in(client, book(n, 1, starts)).await;
                assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
                witness.booked.lock().unwrap().insert(phone(n));
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
    let (sent, after) = (witness.sent.load(Ordering::SeqCst), witness.after_booking.load(Ordering::SeqCst));
    println!("{pairs} races: {sent} sent before the booking, {} not sent, {after} sent after it", pairs - sent);
    assert_eq!(after, 0, "sent after an acknowledged booking");
    assert_eq!(u128::try_from(pairs).unwrap(), races);
    assert!(witness.tokens.lock().unwrap().values().all(|times| *times == 1));
    // Otherwise it was no race.
    assert!(sent * 20 > pairs && sent * 20 < pairs * 19, "{sent} of {pairs}");
}
