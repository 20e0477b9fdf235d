//! What is made of sessions, series, bookings and lapses: one statement (`ledger.sql`), because deriving those is what takes the time.

use super::{Asked, count};
use crate::store::{Result, Tx};
use domain::{
    follow_up::{
        kind::MOST_RUNGS,
        touch_state::{MATURE_AFTER_DAYS, REBOOKED_WITHIN_DAYS},
    },
    numbers::{
        AT_RISK_BEFORE_DAYS, After, Apart, AtRisk, DROPPED_AFTER_DAYS, DropOff, Lapses, Numbers, OfMonth, OfPackage, Rebooked, SeriesCount,
    },
};
use jiff_sqlx::ToSqlx;
use serde::Deserialize;
use sqlx::types::Json;

/// The numbers without those of messages and calls.
pub struct Ledger {
    pub numbers: Numbers,
    pub open_calls: OpenCalls,
}

/// Series on the call list now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenCalls {
    pub open: u32,
    /// The middle one.
    pub age_days: Option<u32>,
}

/// How many lapses came as far as a step, 0 to 5, and in how many it was the last one before the booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
struct Step {
    step: u8,
    reached: u32,
    rebooked: u32,
}

pub async fn read(tx: &mut Tx, asked: &Asked) -> Result<Ledger> {
    let row = sqlx::query_file!(
        "src/store/numbers/ledger.sql",
        asked.clinic.0,
        asked.span.from.map(|day| day.0.to_sqlx()) as _,
        asked.span.until.map(|day| day.0.to_sqlx()) as _,
        asked.from.map(|at| at.timestamp().to_sqlx()) as _,
        asked.until.map(|at| at.timestamp().to_sqlx()) as _,
        asked.today.0.to_sqlx() as _,
        asked.now.timestamp().to_sqlx() as _,
        MATURE_AFTER_DAYS,
        i32::from(DROPPED_AFTER_DAYS),
        i32::from(AT_RISK_BEFORE_DAYS),
        REBOOKED_WITHIN_DAYS,
    )
    .fetch_one(&mut **tx)
    .await?;
    let by = row.steps.0.into_iter().map(|Step { step, reached, rebooked }| Rebooked { after: after(step), reached, rebooked });
    let numbers = Numbers {
        series: row.series.0,
        young: count(row.young),
        drop_off: row.drop_off.0,
        months: row.months.0,
        at_risk: row.at_risk.0,
        lapses: Lapses {
            open: count(row.lapses_open),
            passed: count(row.lapses_passed),
            rebooked: count(row.lapses_rebooked),
            by: by.collect(),
        },
        packages: row.packages.0,
        apart: row.apart.0,
        ..Numbers::default()
    };
    let age_days = row.calls_age.and_then(|days| u32::try_from(days).ok());
    Ok(Ledger { numbers, open_calls: OpenCalls { open: count(row.calls_open), age_days } })
}

fn after(step: u8) -> After {
    match step {
        0 => After::Nothing,
        rung if rung <= MOST_RUNGS => After::Rung(rung),
        _ => After::Call,
    }
}
