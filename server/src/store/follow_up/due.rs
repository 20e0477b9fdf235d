//! When a clinic is to be looked at next: the last row each transaction locks.

use crate::store::{Result, Tx};
use domain::{ids::ClinicId, time::Moment};
use jiff_sqlx::ToSqlx;

/// The channel on which it is announced that something is due earlier than was known. The clinic is the payload.
pub const CHANNEL: &str = "cadence_follow_up";

/// Something is due then; announced when nothing was due as early.
pub async fn sooner(tx: &mut Tx, clinic: ClinicId, at: Moment) -> Result<()> {
    sqlx::query!(
        "with before as (
            select next_at from follow_up_due where clinic_id = $1 for update
         ), lowered as (
            update follow_up_due set next_at = $2 from before
            where follow_up_due.clinic_id = $1 and (before.next_at is null or before.next_at > $2) returning 1
         )
         select pg_notify($3, $1::text) from lowered",
        clinic.0,
        at.timestamp().to_sqlx() as _,
        CHANNEL,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(())
}

/// Looks up what is due next. Locked first and looked up after, so that whatever somebody has just planned is seen.
pub async fn settle(tx: &mut Tx, clinic: ClinicId) -> Result<()> {
    sqlx::query!("select next_at is null as never from follow_up_due where clinic_id = $1 for update", clinic.0)
        .fetch_optional(&mut **tx)
        .await?;
    sqlx::query!(
        "update follow_up_due set next_at = least(
            (select min(look_at) from touch where clinic_id = $1 and look_at is not null),
            (select min(replan_at) from follow_up_chart where clinic_id = $1 and replan_at is not null)
         ) where clinic_id = $1",
        clinic.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
