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
use tokio::sync::watch;

/// Bookings that race with a send; CADENCE_RACES asks for more.
const RACES: u128 = 2_000;

/// Knows of whom it was acknowledged that she is booked, and counts what reaches them afterwards.
#[derive(Default)]
struct Witness {
    /// By their phone number.
    acknowledged: Mutex<HashSet<String>>,
    after: AtomicUsize,
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
            if self.acknowledged.lock().unwrap().contains(&outgoing.to) {
                self.after.fetch_add(1, Ordering::SeqCst);
            }
        }
        Answer::Accepted { id: None }
    }
}

/// How many clients race: so many, or what CADENCE_RACES asks for.
pub fn races(usual: u128) -> u128 {
    std::env::var("CADENCE_RACES").ok().and_then(|count| count.parse().ok()).unwrap_or(usual)
}

/// Lets every client's reminder race with what `book` makes of her number: that she is booked, until it is acknowledged.
pub async fn race<B: Future<Output = ()> + Send + 'static>(desk: &Desk, races: u128, book: impl Fn(u128) -> B) {
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
        if round == 2 {
            desk.count_rows().await;
        }
        let mut tasks = Vec::new();
        let (acknowledged, _) = watch::channel(0);
        let last = batch.claimed.len();
        for (place, claimed) in batch.claimed.into_iter().enumerate() {
            pairs += 1;
            let n = numbers[&claimed.client];
            let (booking, witness, server) = (book(n), witness.clone(), servers[place % servers.len()].clone());
            // Bookings go one after the other, about in this order: a message goes some bookings before its own, or after.
            let turn = (place + place * 7_919 % 9).saturating_sub(4).min(last);
            let (said, mut heard) = (acknowledged.clone(), acknowledged.subscribe());
            tasks.push(tokio::spawn(async move {
                heard.wait_for(|many| *many >= turn).await.unwrap();
                server.send(&claimed).await.unwrap();
            }));
            tasks.push(tokio::spawn(async move {
                booking.await;
                witness.acknowledged.lock().unwrap().insert(format!("+1 312 555 {n:04}"));
                said.send_modify(|many| *many += 1);
            }));
        }
        drop(acknowledged);
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
    println!("{pairs} races: {sent} sent before it was acknowledged, {} not sent, {after} sent after it", pairs - sent);
    assert_eq!(after, 0, "sent after an acknowledged booking");
    assert_eq!(u128::try_from(pairs).unwrap(), races);
    assert!(witness.tokens.lock().unwrap().values().all(|times| *times == 1));
    // Otherwise it was no race.
    assert!(sent * 20 > pairs && sent * 20 < pairs * 19, "{sent} of {pairs}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nothing_is_sent_after_a_booking_was_acknowledged(_: PgPoolOptions, options: PgConnectOptions) {
    let races = races(RACES);
    let desk = Arc::new(Desk::open(options, races).await);
    race(&desk, races, |n| {
        let desk = desk.clone();
        async move {
            let starts = Moment::from_millis(at("2026-03-01T00:00:00Z").millis() + i64::try_from(n).unwrap() * 30 * 60_000);
            let outcome = desk.hand_in(client(n), book(n, 1, starts)).await;
            assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
        }
    })
    .await;
}
