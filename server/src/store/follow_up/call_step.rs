//! What people did about stalled series.

use crate::store::{Result, Tx};
use domain::{
    follow_up::call_list::{Action, Outcome, Step},
    ids::{ClientId, ClinicId, PlanId, StaffId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};
use sqlx::types::Json;
use std::collections::HashMap;
use uuid::Uuid;

pub async fn add(tx: &mut Tx, clinic: ClinicId, flag: Uuid, client: ClientId, plan: PlanId, step: &Step) -> Result<()> {
    sqlx::query!(
        "insert into call_step (clinic_id, touch_id, number, client_id, plan_id, made_by, made_at, what, note)
         select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8 from call_step where clinic_id = $1 and touch_id = $2",
        clinic.0,
        flag,
        client.0,
        plan.0,
        step.by.0,
        step.at.timestamp().to_sqlx() as _,
        Json(step.what) as _,
        step.note,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Of all entries, oldest first: which one, and what.
pub async fn all(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<(Uuid, Step)>> {
    let rows = sqlx::query!(
        r#"select touch_id, made_by, made_at as "made_at: Timestamp", what as "what: Json<Action>", note from call_step
           where clinic_id = $1 order by touch_id, number"#,
        clinic.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    let step = |by, at: Timestamp, Json(what), note| Step { by: StaffId(by), at: Moment::new(at.to_jiff()), what, note };
    Ok(rows.into_iter().map(|row| (row.touch_id, step(row.made_by, row.made_at, row.what, row.note))).collect())
}

/// Plans these clients told somebody not to go on with, and when.
pub async fn declined(tx: &mut Tx, clinic: ClinicId, clients: &[ClientId]) -> Result<HashMap<ClientId, Vec<(PlanId, Moment)>>> {
    let ids: Vec<_> = clients.iter().map(|client| client.0).collect();
    let rows = sqlx::query!(
        r#"select client_id, plan_id, made_at as "made_at: Timestamp", what as "what: Json<Action>" from call_step
           where clinic_id = $1 and client_id = any($2)"#,
        clinic.0,
        &ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    let declined = |what: Action| matches!(what, Action::Called { outcome: Outcome::DoesNotGoOn, .. });
    let mut plans: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows.into_iter().filter(|row| declined(row.what.0)) {
        plans.entry(ClientId(row.client_id)).or_default().push((PlanId(row.plan_id), Moment::new(row.made_at.to_jiff())));
    }
    Ok(plans)
}
