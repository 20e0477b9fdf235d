//! STOP.

use crate::store::{Result, Tx};
use app::api::messages::MessageChoices;
use domain::{
    ids::{ClientId, ClinicId},
    time::Moment,
};
use jiff_sqlx::ToSqlx;
use std::collections::HashSet;

/// The client is not to get any SMS from then on; `None`: may again. Waits for a message that is just going out.
pub async fn set(tx: &mut Tx, clinic: ClinicId, client: ClientId, stopped: Option<Moment>, at: Moment) -> Result<()> {
    let presumed = MessageChoices::default();
    sqlx::query!(
        "insert into message_choice (clinic_id, client_id, email_reminders, email_offers, sms_reminders, sms_offers, chosen_at, stopped_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (clinic_id, client_id) do update set stopped_at = excluded.stopped_at",
        clinic.0,
        client.0,
        presumed.email_reminders,
        presumed.email_offers,
        presumed.sms_reminders,
        presumed.sms_offers,
        at.timestamp().to_sqlx() as _,
        stopped.map(|at| at.timestamp().to_sqlx()) as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn is_stopped(tx: &mut Tx, clinic: ClinicId, client: ClientId) -> Result<bool> {
    Ok(stopped(tx, clinic, &[client]).await?.contains(&client))
}

/// Which of these clients wrote STOP.
pub async fn stopped(tx: &mut Tx, clinic: ClinicId, clients: &[ClientId]) -> Result<HashSet<ClientId>> {
    let ids: Vec<_> = clients.iter().map(|client| client.0).collect();
    let stopped = sqlx::query_scalar!(
        "select client_id from message_choice where clinic_id = $1 and client_id = any($2) and stopped_at is not null",
        clinic.0,
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(stopped.into_iter().map(ClientId).collect())
}
