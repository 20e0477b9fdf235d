//! A year of a whole clinic on a moved clock: clients who come, forget, book early, bounce, complain, stop, pause and leave; servers that
//! are down for days and end in the midst of things. After every step it is looked at from outside, by other means than the engine's:
//! nothing may have gone to anybody to whom it must not, and nothing may be forgotten.
//!
//! In the checks it is a small clinic. `cargo xtask year` runs a large one, and the same clients once more at a clinic that follows
//! nobody up. Their answers are assumed: it says what the rules do, and nothing about what people would do.

mod callbacks;
mod carrier;
pub mod dice;
mod people;
mod report;
mod servers;
mod witness;

use super::desk::{Desk, at};
use callbacks::Callbacks;
use carrier::Line;
use people::People;
use report::Report;
use servers::Servers;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;
use witness::Witness;

/// Series in the checks; CADENCE_YEAR asks for more.
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

async fn live_through(options: PgConnectOptions, plans: u128, seed: u64, follows_up: bool) -> Report {
    let desk = Arc::new(Desk::unreachable(options, plans).await);
    let line = Arc::new(Line::new(desk.clock.clone(), seed));
    let mut people = People::new(desk.clone(), line.clone(), plans, seed).await;
    let mut callbacks = Callbacks::new(desk.clone(), plans, seed);
    let mut servers = Servers::new(&desk, &line, seed, follows_up).await;
    let mut witness = Witness::new(desk.clone(), line.clone());
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
        // Some act before the servers look, and some in the very moment.
        people.act_before(now).await;
        let (acted, told, ()) = tokio::join!(people.act_beside(now), callbacks.tell(now), servers.run(now));
        callbacks.hear(&line, now);
        // What somebody did just then may be due at once, after the servers looked.
        witness.look(&mut people, !acted && !told && servers.are_settled(now)).await;
        people.answer(now);
        let day = (now - (end - DAYS * DAY)) / DAY;
        if day / 50 > shown {
            shown = day / 50;
            eprintln!("day {day}: {} messages", line.taken());
        }
    }
    servers.end(end).await;
    witness.look(&mut people, true).await;
    // Where nobody follows up, what was planned lies about, as it must.
    if follows_up {
        witness.finds_nothing(end).await;
    }
    Report::of(&desk, &line, &people, &servers, plans, seed, at(super::desk::START)).await
}
