//! Signed documents, byte for byte.

use super::{Result, Tx};
use domain::{
    consent::Consent,
    ids::{ClientId, ClinicId, ConsentFormId},
    time::Moment,
};
use jiff_sqlx::ToSqlx;
use sha2::{Digest, Sha256};

/// A document as it was signed.
pub struct SignedDocument {
    /// PDF.
    pub body: Vec<u8>,
    pub sha256: Vec<u8>,
}

pub async fn add(tx: &mut Tx, clinic: ClinicId, client: ClientId, signed: &Consent, body: &[u8]) -> Result<()> {
    let fingerprint = Sha256::digest(body);
    sqlx::query!(
        "insert into consent_document (clinic_id, client_id, form_id, signed_at, sha256, body) values ($1, $2, $3, $4, $5, $6)",
        clinic.0,
        client.0,
        signed.form.0,
        signed.at.timestamp().to_sqlx() as _,
        fingerprint.as_slice(),
        body,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn find(
    tx: &mut Tx,
    clinic: ClinicId,
    client: ClientId,
    form: ConsentFormId,
    signed_at: Moment,
) -> Result<Option<SignedDocument>> {
    let row = sqlx::query!(
        "select sha256, body from consent_document where clinic_id = $1 and client_id = $2 and form_id = $3 and signed_at = $4",
        clinic.0,
        client.0,
        form.0,
        signed_at.timestamp().to_sqlx() as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| SignedDocument { body: row.body, sha256: row.sha256 }))
}
