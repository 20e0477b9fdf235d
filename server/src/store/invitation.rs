//! Links that let one person in, once.

use super::{Result, StoreError, Tx, sign_in};
use domain::{
    catalogue::Role,
    ids::{ClinicId, StaffId},
    time::Moment,
};
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

/// A link as it is kept.
#[derive(Debug)]
pub struct Made {
    pub token_hash: Vec<u8>,
    /// Unknown of one made on the server's own machine.
    pub by: Option<StaffId>,
    pub at: Moment,
    pub until: Moment,
}

/// In place of the one the person had.
pub async fn put(tx: &mut Tx, clinic: ClinicId, staff: StaffId, made: &Made) -> Result<()> {
    remove(tx, clinic, staff).await?;
    sqlx::query!(
        "insert into invitation (clinic_id, staff_id, token_hash, made_by, made_at, ends_at) values ($1, $2, $3, $4, $5, $6)",
        clinic.0,
        staff.0,
        made.token_hash,
        made.by.map(|by| by.0),
        made.at.timestamp().to_sqlx() as _,
        made.until.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn remove(tx: &mut Tx, clinic: ClinicId, staff: StaffId) -> Result<()> {
    sqlx::query!("delete from invitation where clinic_id = $1 and staff_id = $2", clinic.0, staff.0).execute(&mut **tx).await?;
    Ok(())
}

/// Whom a link lets in.
#[derive(Clone, Debug)]
pub struct Invited {
    pub clinic: ClinicId,
    pub clinic_name: String,
    pub staff: StaffId,
    pub name: String,
    pub role: Role,
    pub email: String,
    /// Chosen by this link, and not in use before it is used up.
    pub password_hash: Option<String>,
    /// Sealed; shown with the password's choice.
    pub totp_offered: Option<Vec<u8>>,
}

/// Opens a transaction for whoever was invited by this token, if it is still good and they work here.
pub async fn open(pool: &PgPool, token_hash: &[u8], now: Moment) -> Result<Option<(Tx, Invited)>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.token_hash', encode($1, 'hex'), true)", token_hash).fetch_one(&mut *tx).await?;
    let found = sqlx::query!(
        "select clinic_id, staff_id, password_hash, totp_offered from invitation where token_hash = $1 and ends_at > $2",
        token_hash,
        now.timestamp().to_sqlx() as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(found) = found else { return Ok(None) };
    super::enter(&mut tx, ClinicId(found.clinic_id)).await?;
    let row = sqlx::query!(
        "select clinic.name as clinic_name, staff.name, staff.role, account.email
        from staff join clinic using (clinic_id) join account on account.clinic_id = $1 and account.staff_id = staff.id
        where staff.clinic_id = $1 and staff.id = $2 and staff.active",
        found.clinic_id,
        found.staff_id
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let role = sign_in::role_from_name(&row.role).ok_or_else(|| StoreError::Unreadable(format!("role {}", row.role)))?;
    let invited = Invited {
        clinic: ClinicId(found.clinic_id),
        clinic_name: row.clinic_name,
        staff: StaffId(found.staff_id),
        name: row.name,
        role,
        email: row.email,
        password_hash: found.password_hash,
        totp_offered: found.totp_offered,
    };
    Ok(Some((tx, invited)))
}

/// Keeps a password beside the link, and the secret of an app that may come with it.
pub async fn choose(tx: &mut Tx, clinic: ClinicId, token_hash: &[u8], password_hash: &str, totp_offered: &[u8]) -> Result<()> {
    sqlx::query!(
        "update invitation set password_hash = $3, totp_offered = $4 where clinic_id = $1 and token_hash = $2",
        clinic.0,
        token_hash,
        password_hash,
        totp_offered
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes the link away; whether it was still there. Of many at the same moment it is for one.
pub async fn use_up(tx: &mut Tx, clinic: ClinicId, token_hash: &[u8]) -> Result<bool> {
    let gone =
        sqlx::query!("delete from invitation where clinic_id = $1 and token_hash = $2", clinic.0, token_hash).execute(&mut **tx).await?;
    Ok(gone.rows_affected() == 1)
}
