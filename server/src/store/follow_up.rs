//! Following up: policies, touches, tries, and what people did about stalled series.

pub mod attempt;
pub mod call_step;
pub mod carrier;
pub mod due;
pub mod elsewhere;
pub mod feed;
pub mod policy;
pub mod reply;
pub mod stop;
pub mod touch;

use super::{Result, Tx};
use domain::{
    ids::{ClientId, ClinicId, PlanId},
    time::Moment,
};
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;
use std::collections::HashMap;

/// A clinic that was just made is followed up from then on.
pub async fn add_clinic(tx: &mut Tx, clinic: ClinicId, at: Moment) -> Result<()> {
    sqlx::query!(
        "with policy as (insert into follow_up_policy (clinic_id, followed_since) values ($1, $2))
         insert into follow_up_due (clinic_id, next_at) values ($1, '-infinity')",
        clinic.0,
        at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Tells the database's own rules what time it is here.
pub async fn say_now(tx: &mut Tx, now: Moment) -> Result<()> {
    sqlx::query!("select set_config('cadence.now', $1, true)", now.timestamp().to_string()).fetch_one(&mut **tx).await?;
    Ok(())
}

/// Whoever sends holds both to the end: messages to one client go one after the other, and neither STOP nor a booking comes between
/// the last look and the carrier. Returns how often the plan was booked; `None`: there is no such plan.
pub async fn lock_for_sending(tx: &mut Tx, clinic: ClinicId, client: ClientId, plan: PlanId) -> Result<Option<i64>> {
    lock_clients(tx, clinic, &[client]).await?;
    let epoch = sqlx::query_scalar!("select epoch from plan_epoch where clinic_id = $1 and plan_id = $2 for share", clinic.0, plan.0)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(epoch)
}

/// The same for several clients at once, as far as nobody else holds them: whoever holds some never waits for others. Returns how often
/// each plan was booked of which both are held.
pub async fn lock_those_free(tx: &mut Tx, clinic: ClinicId, wanted: &[(ClientId, PlanId)]) -> Result<HashMap<PlanId, i64>> {
    let clients: Vec<_> = wanted.iter().map(|(client, _)| client.0).collect();
    let held = sqlx::query_scalar!(
        "select id from client where clinic_id = $1 and id = any($2) order by id for no key update skip locked",
        clinic.0,
        &clients
    )
    .fetch_all(&mut **tx)
    .await?;
    let plans: Vec<_> = wanted.iter().filter(|(client, _)| held.contains(&client.0)).map(|(_, plan)| plan.0).collect();
    let rows = sqlx::query!(
        "select plan_id, epoch from plan_epoch where clinic_id = $1 and plan_id = any($2) order by plan_id for share skip locked",
        clinic.0,
        &plans
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (PlanId(row.plan_id), row.epoch)).collect())
}

/// What is sent to a client, what is heard of it, and what changes her chart go one after the other. Before anything of theirs is locked:
/// their plans, their touches.
pub async fn lock_clients(tx: &mut Tx, clinic: ClinicId, clients: &[ClientId]) -> Result<()> {
    let ids: Vec<_> = clients.iter().map(|client| client.0).collect();
    sqlx::query!("select id from client where clinic_id = $1 and id = any($2) order by id for no key update", clinic.0, &ids)
        .fetch_all(&mut **tx)
        .await?;
    Ok(())
}

/// How often each plan of a client was booked.
pub async fn epochs(tx: &mut Tx, clinic: ClinicId, client: ClientId) -> Result<Vec<(PlanId, i64)>> {
    let rows = sqlx::query!(
        "select plan_id, epoch from plan_epoch join plan on plan.clinic_id = plan_epoch.clinic_id and plan.id = plan_epoch.plan_id
         where plan_epoch.clinic_id = $1 and plan.client_id = $2",
        clinic.0,
        client.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (PlanId(row.plan_id), row.epoch)).collect())
}

/// When a chart is to be planned anew although nobody changes it.
pub async fn set_replan(tx: &mut Tx, clinic: ClinicId, client: ClientId, at: Option<Moment>) -> Result<()> {
    sqlx::query!(
        "insert into follow_up_chart (clinic_id, client_id, replan_at) values ($1, $2, $3)
         on conflict (clinic_id, client_id) do update set replan_at = excluded.replan_at
         where follow_up_chart.replan_at is distinct from excluded.replan_at",
        clinic.0,
        client.0,
        at.map(|at| at.timestamp().to_sqlx()) as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// All charts of the clinic are to be planned anew.
pub async fn replan_all(tx: &mut Tx, clinic: ClinicId) -> Result<()> {
    sqlx::query!("update follow_up_chart set replan_at = '-infinity' where clinic_id = $1", clinic.0).execute(&mut **tx).await?;
    Ok(())
}

/// Charts that are to be planned anew by now.
pub async fn to_replan(tx: &mut Tx, clinic: ClinicId, now: Moment, most: i64) -> Result<Vec<ClientId>> {
    let rows = sqlx::query_scalar!(
        "select client_id from follow_up_chart where clinic_id = $1 and replan_at <= $2 order by replan_at, client_id limit $3",
        clinic.0,
        now.timestamp().to_sqlx() as _,
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(ClientId).collect())
}

/// Which of these charts are still to be planned anew, in their order.
pub async fn still_to_replan(tx: &mut Tx, clinic: ClinicId, clients: &[ClientId], now: Moment) -> Result<Vec<ClientId>> {
    let ids: Vec<_> = clients.iter().map(|client| client.0).collect();
    let rows = sqlx::query_scalar!(
        "select client_id from follow_up_chart where clinic_id = $1 and client_id = any($2) and replan_at <= $3
         order by array_position($2, client_id)",
        clinic.0,
        &ids,
        now.timestamp().to_sqlx() as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(ClientId).collect())
}

/// Every clinic, or those for which something is due by `now`. Of no clinic's data anything but that is read.
pub async fn clinics(pool: &PgPool, due_by: Option<Moment>) -> Result<Vec<ClinicId>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.every_clinic_due', 'on', true)").fetch_one(&mut *tx).await?;
    let rows = sqlx::query_scalar!(
        "select clinic_id from follow_up_due where $1::timestamptz is null or next_at <= $1 order by next_at, clinic_id",
        due_by.map(|at| at.timestamp().to_sqlx()) as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(rows.into_iter().map(ClinicId).collect())
}

/// Milliseconds from `now` until something is due at any clinic; nothing when nothing is waiting.
pub async fn millis_until_next(pool: &PgPool, now: Moment) -> Result<Option<i64>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.every_clinic_due', 'on', true)").fetch_one(&mut *tx).await?;
    let millis = sqlx::query_scalar!(
        // `greatest` leaves out what is null, and would say "now".
        r#"select case when min(next_at) is not null then (extract(epoch from greatest(min(next_at), $1) - $1) * 1000)::bigint end as "millis"
           from follow_up_due"#,
        now.timestamp().to_sqlx() as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(millis)
}
