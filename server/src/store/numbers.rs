//! The numbers, computed from the ledger each time they are asked for. What is counted stands in functions of the database
//! (`migrations/20261201000001_numbers_of_bookings_elsewhere.sql`), so that the tables below cannot disagree about it.

mod calls;
mod ledger;
pub mod names;
pub mod timeline;
mod touches;

use super::{Result, Tx};
use domain::{
    follow_up::times::local,
    ids::ClinicId,
    numbers::{Numbers, Span},
    time::{ClinicClock, Day, Moment},
};

/// What is asked for, and when.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub clinic: ClinicId,
    pub span: Span,
    pub today: Day,
    pub now: Moment,
    /// The span on the clinic's clock: its first instant, and the first one after it.
    from: Option<Moment>,
    until: Option<Moment>,
}

impl Asked {
    pub fn new(clinic: ClinicId, span: Span, clock: &ClinicClock, now: Moment) -> Self {
        let from = span.from.map(|day| local(clock, day, 0));
        let until = span.until.map(|day| local(clock, day.plus(1), 0));
        Self { clinic, span, today: clock.day(now), now, from, until }
    }
}

/// Makes a transaction that was just begun one in which nothing changes. Each number looks at the whole record once: joins are made by
/// hashing, since Postgres cannot know how many rows a function gives, and would otherwise look through all of them again for each.
pub async fn snapshot(tx: &mut Tx) -> Result<()> {
    sqlx::query!("set transaction isolation level repeatable read, read only").execute(&mut **tx).await?;
    sqlx::query!("select set_config('enable_nestloop', 'off', true) as joins, set_config('jit', 'off', true) as jit")
        .fetch_one(&mut **tx)
        .await?;
    Ok(())
}

/// All of them. To be read in one snapshot, or the tables may tell of different moments.
pub async fn read(tx: &mut Tx, asked: &Asked) -> Result<Numbers> {
    let ledger = ledger::read(tx, asked).await?;
    Ok(Numbers {
        touches: touches::punctual(tx, asked).await?,
        calls: calls::read(tx, asked, ledger.open_calls).await?,
        zero: touches::zero(tx, asked).await?,
        ..ledger.numbers
    })
}

/// A count of the database, as it is told.
fn count(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
