//! Which messages clients want, and how they want to be written to.

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
    Ok(with_stop(tx, clinic, client).await?.0)
}

/// The same, and whether she wrote STOP.
pub async fn with_stop(tx: &mut Tx, clinic: ClinicId, client: ClientId) -> Result<(MessageChoices, bool)> {
    Ok(of_clients(tx, clinic, &[client]).await?.remove(&client).unwrap_or_default())
}

/// The same of each of these clients who chose anything.
pub async fn of_clients(tx: &mut Tx, clinic: ClinicId, clients: &[ClientId]) -> Result<HashMap<ClientId, (MessageChoices, bool)>> {
    let ids: Vec<_> = clients.iter().map(|client| client.0).collect();
    let rows = sqlx::query!(
        r#"select client_id, email_reminders, email_offers, sms_reminders, sms_offers, language, zone,
               detail_by_sms is not null as "detail_by_sms!", stopped_at is not null as "stopped!"
           from message_choice where clinic_id = $1 and client_id = any($2)"#,
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
            language: row.language,
            zone: row.zone,
            detail_by_sms: row.detail_by_sms,
        };
        (ClientId(row.client_id), (choices, row.stopped))
    });
    Ok(choices.collect())
}

/// Where the client is, if not where the clinic is.
pub async fn zone(tx: &mut Tx, clinic: ClinicId, client: ClientId) -> Result<Option<String>> {
    let zone = sqlx::query_scalar!("select zone from message_choice where clinic_id = $1 and client_id = $2", clinic.0, client.0)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(zone.flatten())
}

/// When she agreed that an SMS says what is treated stays as it was, while she agrees.
pub async fn save(tx: &mut Tx, clinic: ClinicId, client: ClientId, choices: &MessageChoices, at: Moment) -> Result<()> {
    sqlx::query!(
        "insert into message_choice as kept (clinic_id, client_id, email_reminders, email_offers, sms_reminders, sms_offers, chosen_at,
             language, zone, detail_by_sms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when $10 then $7::timestamptz end)
         on conflict (clinic_id, client_id) do update set email_reminders = excluded.email_reminders,
             email_offers = excluded.email_offers, sms_reminders = excluded.sms_reminders, sms_offers = excluded.sms_offers,
             chosen_at = excluded.chosen_at, language = excluded.language, zone = excluded.zone,
             detail_by_sms = case when $10 then coalesce(kept.detail_by_sms, excluded.detail_by_sms) end",
        clinic.0,
        client.0,
        choices.email_reminders,
        choices.email_offers,
        choices.sms_reminders,
        choices.sms_offers,
        at.timestamp().to_sqlx() as _,
        choices.language,
        choices.zone,
        choices.detail_by_sms,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
