//! STOP.

use crate::store::{Result, Tx};
use app::api::messages::MessageChoices;
use domain::{
    ids::{ClientId, ClinicId},
    time::Moment,
};
use jiff_sqlx::ToSqlx;

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
