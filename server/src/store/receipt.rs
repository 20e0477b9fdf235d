//! Receipts: the answer to every command ever received.

use super::{Result, Tx, unreadable_json};
use domain::{
    ids::{ClinicId, CommandId, InstallationId, StaffId},
    sync::Outcome,
    time::Moment,
};
use jiff_sqlx::ToSqlx;

#[derive(Debug)]
pub struct Receipt {
    pub content_hash: Vec<u8>,
    pub outcome: Outcome,
}

pub async fn lookup(tx: &mut Tx, clinic: ClinicId, command: CommandId) -> Result<Option<Receipt>> {
    let row = sqlx::query!("select content_hash, outcome from receipt where clinic_id = $1 and command_id = $2", clinic.0, command.0)
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| {
        let outcome = serde_json::from_value(row.outcome).map_err(|error| unreadable_json(&error))?;
        Ok(Receipt { content_hash: row.content_hash, outcome })
    })
    .transpose()
}

/// Where a command came from.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    pub installation: InstallationId,
    pub number: u64,
    pub signed_in: StaffId,
    pub received_at: Moment,
}

pub async fn add(
    tx: &mut Tx,
    clinic: ClinicId,
    command: CommandId,
    text: &str,
    content_hash: &[u8],
    origin: Origin,
    outcome: &Outcome,
) -> Result<()> {
    sqlx::query!(
        "insert into receipt (clinic_id, command_id, content_hash, content, installation_id, number, signed_in, received_at, outcome)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        clinic.0,
        command.0,
        content_hash,
        text,
        origin.installation.0,
        i64::try_from(origin.number).unwrap_or(i64::MAX),
        origin.signed_in.0,
        origin.received_at.timestamp().to_sqlx() as _,
        serde_json::to_value(outcome).map_err(|error| unreadable_json(&error))?,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
