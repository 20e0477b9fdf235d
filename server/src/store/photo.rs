//! What the database knows of pictures besides their charts: whose they are, what lies in the photo store, which address shows what.

use super::{Result, Tx};
use domain::{
    ids::{ClientId, ClinicId, PhotoId, ShareId},
    photo::PhotoFile,
};
use sqlx::PgPool;

/// A photograph as the record names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub client: ClientId,
    pub file: PhotoFile,
    /// The photo store has the picture.
    pub arrived: bool,
}

/// What the photo store holds of a photograph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    pub sha256: String,
    pub bytes: u32,
    pub thumbnail_bytes: u32,
}

/// The photograph of this clinic with this id.
pub async fn find(tx: &mut Tx, clinic: ClinicId, photo: PhotoId) -> Result<Option<Recorded>> {
    let row = sqlx::query!(
        r#"select client_id, sha256, bytes, width, height, arrived_at is not null as "arrived!" from photo where clinic_id = $1 and id = $2"#,
        clinic.0,
        photo.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Recorded {
        client: ClientId(row.client_id),
        file: PhotoFile {
            sha256: row.sha256,
            bytes: row.bytes.unsigned_abs(),
            width: u16::try_from(row.width).unwrap_or_default(),
            height: u16::try_from(row.height).unwrap_or_default(),
        },
        arrived: row.arrived,
    }))
}

/// Notes what was put into the photo store.
pub async fn file(tx: &mut Tx, clinic: ClinicId, photo: PhotoId, filed: &Filed) -> Result<()> {
    let signed = |bytes: u32| i32::try_from(bytes).unwrap_or(i32::MAX);
    sqlx::query!(
        "insert into photo_file (clinic_id, photo_id, sha256, bytes, thumbnail_bytes) values ($1, $2, $3, $4, $5)",
        clinic.0,
        photo.0,
        filed.sha256,
        signed(filed.bytes),
        signed(filed.thumbnail_bytes),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Which shared picture an address means. Whoever asks belongs to no clinic: the row shows itself to those who know its token.
pub async fn find_share(pool: &PgPool, token: &str) -> Result<Option<(ClinicId, ClientId, ShareId)>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.share_token', $1, true)", token).fetch_one(&mut *tx).await?;
    let row = sqlx::query!("select clinic_id, client_id, id from photo_share where token = $1", token).fetch_optional(&mut *tx).await?;
    tx.commit().await?;
    Ok(row.map(|row| (ClinicId(row.clinic_id), ClientId(row.client_id), ShareId(row.id))))
}

/// In whose chart a shared picture stands.
pub async fn client_of_share(tx: &mut Tx, clinic: ClinicId, share: ShareId) -> Result<Option<ClientId>> {
    let client = sqlx::query_scalar!("select client_id from photo_share where clinic_id = $1 and id = $2", clinic.0, share.0)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(client.map(ClientId))
}
