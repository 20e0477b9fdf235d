//! Which messages clients want.

use crate::store::{Result, Tx};
use app::api::messages::MessageChoices;
use domain::{
    ids::{ClientId, ClinicId},
    time::Moment,
};
use jiff_sqlx::ToSqlx;
use std::collections::HashMap;

/// What the client chose; what is presumed where she has not.
pub async fn of_client(tx: &mut Tx, clinic: ClinicId, client: ClientId) -> Result<MessageChoices> {
    Ok(of_clients(tx, clinic, &[client]).await?.remove(&client).unwrap_or_default())
}

/// What each of these clients chose who did.
pub async fn of_clients(tx: &mut Tx, clinic: ClinicId, clients: &[ClientId]) -> Result<HashMap<ClientId, MessageChoices>> {
    let ids: Vec<_> = clients.iter().map(|client| client.0).collect();
    let rows = sqlx::query!(
        "select client_id, email_reminders, email_offers, sms_reminders, sms_offers from message_choice
         where clinic_id = $1 and client_id = any($2)",
        clinic.0,
        &ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    let choices = rows.into_iter().map(|row| {
        let choices = MessageChoices {
            email_reminders: row.email_reminders,
            email_offers: row.email_offers,
            sms_reminders: row.sms_reminders,
            sms_offers: row.sms_offers,
        };
        (ClientId(row.client_id), choices)
    });
    Ok(choices.collect())
}

pub async fn save(tx: &mut Tx, clinic: ClinicId, client: ClientId, choices: MessageChoices, at: Moment) -> Result<()> {
    sqlx::query!(
        "insert into message_choice (clinic_id, client_id, email_reminders, email_offers, sms_reminders, sms_offers, chosen_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (clinic_id, client_id) do update set email_reminders = excluded.email_reminders,
             email_offers = excluded.email_offers, sms_reminders = excluded.sms_reminders, sms_offers = excluded.sms_offers,
             chosen_at = excluded.chosen_at",
        clinic.0,
        client.0,
        choices.email_reminders,
        choices.email_offers,
        choices.sms_reminders,
        choices.sms_offers,
        at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
