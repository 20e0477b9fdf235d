//! A year of a whole clinic on a moved clock: clients who come, forget, book early, bounce, complain, stop, pause and leave, some of them
//! at the very moment in which they are being asked; servers that are down for days and end in the midst of things. After every step it
//! is looked at from outside, by other means than the engine's: nothing may have gone to anybody to whom it must not, and nothing may be
//! forgotten.
//!
//! In the checks it is a small clinic. `cargo xtask year` runs a large one, and the same clients once more at a clinic that follows
//! nobody up. Their answers are assumed: it says what the rules do, and nothing about what people would do.

mod callbacks;
mod carrier;
pub mod dice;
mod numbers;
mod people;
mod report;
mod servers;
mod witness;

use super::{
    carriers::set_sms,
    desk::{Desk, at},
};
use crate::device::signed_in;
use callbacks::Callbacks;
use carrier::Line;
use domain::follow_up::{kind::Kind, policy::Policies};
use numbers::Numbers;
use people::People;
use report::Report;
use server::follow_up::policies;
use servers::Servers;
use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::sync::Arc;
use tokio::sync::oneshot;
use witness::Witness;

/// Clients in the checks, a third of whom have two series; CADENCE_YEAR asks for more.
const PLANS: u128 = 30;
const SEED: u64 = 20_260_102;
const DAYS: i64 = 400;
const DAY: i64 = 24 * 60 * 60 * 1000;
/// Whatever is due within it is done in one step, so that nothing is late by more than what counts as on time.
const STEP: i64 = 4 * 60 * 1000;

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_year_of_a_clinic_breaks_no_rule(_: PgPoolOptions, options: PgConnectOptions) {
    let asked = |name: &str| std::env::var(name).ok().and_then(|number| number.parse().ok());
    let plans = asked("CADENCE_YEAR").unwrap_or(PLANS);
    let seed = asked("CADENCE_YEAR_SEED").map_or(SEED, |seed| u64::try_from(seed).unwrap_or(SEED));
    let follows_up = std::env::var("CADENCE_YEAR_WITHOUT").is_err();
    let report = live_through(options, plans, seed, follows_up).await;
    println!("{report}");
    if follows_up {
        report.is_no_empty_year();
    }
}

/// A clinic that begins to follow up after a month, asks for a booking three days before the session is due and again the morning after,
/// and has a carrier that can be asked.
async fn open(options: PgConnectOptions, plans: u128) -> (Arc<Desk>, i64) {
    let desk = Arc::new(Desk::unreachable(options.clone(), plans).await);
    let followed_since = desk.clinics.host.now().millis() + 30 * DAY;
    let mut owner = PgConnection::connect_with(&options).await.unwrap();
    sqlx::query("update follow_up_policy set followed_since = to_timestamp($1 / 1000.0)")
        .bind(followed_since)
        .execute(&mut owner)
        .await
        .unwrap();
    let mut policies = Policies::standard();
    for rule in &mut policies.usual.rules {
        match rule.kind {
            Kind::RebookingPrompt => rule.offset = 3,
            // Early in the morning after the prompt's day, as soon as the night is over.
            Kind::Reminder => rule.offset = 51,
            _ => {}
        }
    }
    policies::save(&desk.clinics, &signed_in(), &policies, 0).await.unwrap().unwrap();
    // Nobody is there: what goes out goes by `carrier::Call`.
    set_sms(&desk, "http://127.0.0.1:9").await;
    (desk, followed_since)
}

async fn live_through(options: PgConnectOptions, plans: u128, seed: u64, follows_up: bool) -> Report {
    let (desk, followed_since) = open(options, plans).await;
    let line = Arc::new(Line::new(desk.clock.clone(), Numbers::draw(plans, seed), seed));
    let mut people = People::new(desk.clone(), line.clone(), plans, seed).await;
    let mut callbacks = Callbacks::new(desk.clone(), seed);
    let mut servers = Servers::new(&desk, &line, plans, seed, follows_up).await;
    let mut witness = Witness::new(desk.clone(), line.clone(), followed_since);
    let end = desk.clinics.host.now().millis() + DAYS * DAY;
    let mut shown = 0;
    loop {
        let now = desk.clinics.host.now().millis();
        let next = servers.next(now).await.into_iter().chain(people.next()).chain(callbacks.next()).min().unwrap_or(i64::MAX);
        if next > end {
            break;
        }
        let now = next.max(now) + STEP;
        desk.clock.set_millis(now);
        // Some act before the servers look, some in the very moment, and some while the carrier is being called for them.
        people.act_before(now).await;
        let (done, all_done) = oneshot::channel();
        let run = async {
            servers.run(now).await;
            done.send(())
        };
        let (acted, told, _) = tokio::join!(people.act_beside(now, all_done), callbacks.tell(&line, now), run);
        callbacks.hear(&line, now);
        // What somebody did just then may be due at once, after the servers looked.
        witness.look(&mut people, !acted && !told && servers.are_settled(now)).await;
        people.answer(now);
        let day = (now - (end - DAYS * DAY)) / DAY;
        if day / 50 > shown {
            shown = day / 50;
            desk.count_rows().await;
            eprintln!("day {day}: {} messages", line.taken());
        }
    }
    servers.end(end).await;
    witness.look(&mut people, true).await;
    // Where nobody follows up, what was planned lies about, as it must.
    if follows_up {
        witness.finds_nothing(end, &servers).await;
    }
    Report::of(&desk, &line, &people, &servers, plans, seed, at(super::desk::START)).await
}
