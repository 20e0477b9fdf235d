//! Authenticator apps, recovery codes, and sign-ins that still owe their second step.

use super::{Result, Tx};
use domain::{
    ids::{ClinicId, StaffId},
    time::Moment,
};
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

/// Whose.
pub type Who = (ClinicId, StaffId);

/// How somebody gets in.
#[derive(Clone, Debug, Default)]
pub struct Factors {
    pub email: String,
    pub password_hash: String,
    /// Sealed; of the app that is in use.
    pub totp: Option<Vec<u8>>,
    /// Sealed; of an app that no code was confirmed of yet.
    pub offered: Option<Vec<u8>>,
    pub recovery_codes: i64,
    pub passkeys: i64,
}

impl Factors {
    /// Whether a password alone is not enough.
    pub fn has_second(&self) -> bool {
        self.totp.is_some() || self.passkeys > 0
    }
}

pub async fn read(tx: &mut Tx, (clinic, staff): Who) -> Result<Factors> {
    let row = sqlx::query!(
        r#"select email, coalesce(password_hash, '') as "password_hash!", totp_secret, totp_offered,
            (select count(*) from recovery_code where clinic_id = $1 and staff_id = $2) as "codes!",
            (select count(*) from passkey where clinic_id = $1 and staff_id = $2) as "passkeys!"
        from account where clinic_id = $1 and staff_id = $2"#,
        clinic.0,
        staff.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map_or_else(Factors::default, |row| Factors {
        email: row.email,
        password_hash: row.password_hash,
        totp: row.totp_secret,
        offered: row.totp_offered,
        recovery_codes: row.codes,
        passkeys: row.passkeys,
    }))
}

/// An app's secret, to be confirmed by a code.
pub async fn offer(tx: &mut Tx, (clinic, staff): Who, sealed: &[u8]) -> Result<()> {
    sqlx::query!("update account set totp_offered = $3 where clinic_id = $1 and staff_id = $2", clinic.0, staff.0, sealed)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Puts an app into use, in place of the one before; the code that confirmed it is used.
pub async fn set_totp(tx: &mut Tx, (clinic, staff): Who, sealed: &[u8], step: i64) -> Result<()> {
    sqlx::query!(
        "update account set totp_secret = $3, totp_step = $4, totp_offered = null where clinic_id = $1 and staff_id = $2",
        clinic.0,
        staff.0,
        sealed,
        step
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Marks the half minute as used; `false` when it, or a later one, was used before. Of many at the same moment it is for one.
pub async fn use_step(tx: &mut Tx, (clinic, staff): Who, step: i64) -> Result<bool> {
    let used = sqlx::query!(
        "update account set totp_step = $3 where clinic_id = $1 and staff_id = $2 and (totp_step is null or totp_step < $3)",
        clinic.0,
        staff.0,
        step
    )
    .execute(&mut **tx)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// In place of all there were.
pub async fn set_recovery_codes(tx: &mut Tx, (clinic, staff): Who, hashes: &[Vec<u8>]) -> Result<()> {
    sqlx::query!("delete from recovery_code where clinic_id = $1 and staff_id = $2", clinic.0, staff.0).execute(&mut **tx).await?;
    sqlx::query!(
        "insert into recovery_code (clinic_id, staff_id, code_hash) select $1, $2, unnest($3::bytea[])",
        clinic.0,
        staff.0,
        hashes
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes the code away; whether it was there.
pub async fn use_recovery_code(tx: &mut Tx, (clinic, staff): Who, hash: &[u8]) -> Result<bool> {
    let used = sqlx::query!("delete from recovery_code where clinic_id = $1 and staff_id = $2 and code_hash = $3", clinic.0, staff.0, hash)
        .execute(&mut **tx)
        .await?;
    Ok(used.rows_affected() == 1)
}

/// Everything but the password: as for somebody who is invited anew.
pub async fn clear(tx: &mut Tx, (clinic, staff): Who) -> Result<()> {
    sqlx::query!(
        "update account set totp_secret = null, totp_step = null, totp_offered = null where clinic_id = $1 and staff_id = $2",
        clinic.0,
        staff.0
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("delete from recovery_code where clinic_id = $1 and staff_id = $2", clinic.0, staff.0).execute(&mut **tx).await?;
    sqlx::query!("delete from passkey where clinic_id = $1 and staff_id = $2", clinic.0, staff.0).execute(&mut **tx).await?;
    Ok(())
}

/// Somebody's password was right.
pub async fn add_step(tx: &mut Tx, (clinic, staff): Who, token_hash: &[u8], now: Moment, ends_at: Moment) -> Result<()> {
    sqlx::query!("delete from sign_in_step where clinic_id = $1 and ends_at < $2", clinic.0, now.timestamp().to_sqlx() as _)
        .execute(&mut **tx)
        .await?;
    sqlx::query!(
        "insert into sign_in_step (clinic_id, token_hash, staff_id, ends_at) values ($1, $2, $3, $4)",
        clinic.0,
        token_hash,
        staff.0,
        ends_at.timestamp().to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Opens a transaction for whoever presents this, if their password was right a moment ago and they work here.
pub async fn open_step(pool: &PgPool, token_hash: &[u8], now: Moment) -> Result<Option<(Tx, Who)>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.token_hash', encode($1, 'hex'), true)", token_hash).fetch_one(&mut *tx).await?;
    let found = sqlx::query!(
        "select clinic_id, staff_id from sign_in_step where token_hash = $1 and ends_at > $2",
        token_hash,
        now.timestamp().to_sqlx() as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(found) = found else { return Ok(None) };
    let who = (ClinicId(found.clinic_id), StaffId(found.staff_id));
    super::enter(&mut tx, who.0).await?;
    Ok(super::people::role(&mut tx, who.0, who.1).await?.map(|_| (tx, who)))
}

/// Takes the step away; whether it was still there.
pub async fn use_up_step(tx: &mut Tx, (clinic, _): Who, token_hash: &[u8]) -> Result<bool> {
    let gone =
        sqlx::query!("delete from sign_in_step where clinic_id = $1 and token_hash = $2", clinic.0, token_hash).execute(&mut **tx).await?;
    Ok(gone.rows_affected() == 1)
}

/// The password was entered again in this browser.
pub async fn confirm(tx: &mut Tx, clinic: ClinicId, token_hash: &[u8], until: Moment) -> Result<()> {
    sqlx::query!(
        "update sign_in set confirmed_until = $3 where clinic_id = $1 and token_hash = $2",
        clinic.0,
        token_hash,
        until.timestamp().to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn is_confirmed(tx: &mut Tx, clinic: ClinicId, token_hash: &[u8], now: Moment) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists(select from sign_in where clinic_id = $1 and token_hash = $2 and confirmed_until > $3) as "is!""#,
        clinic.0,
        token_hash,
        now.timestamp().to_sqlx() as _
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(found)
}
