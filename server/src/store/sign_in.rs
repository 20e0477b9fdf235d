//! Accounts, and the browsers that are signed in.

use super::Result;
use app::api::SignedIn;
use domain::{
    catalogue::Role,
    ids::{ClinicId, StaffId},
    time::Moment,
};
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;
use uuid::Uuid;

/// What is needed to check a password.
#[derive(Debug)]
pub struct Account {
    pub clinic: ClinicId,
    pub staff: StaffId,
    pub password_hash: String,
}

/// By e-mail address, in whatever letter case it was typed; of somebody who still works here. Whoever has chosen no password yet
/// has a hash that no password fits.
pub async fn find_account(pool: &PgPool, email: &str) -> Result<Option<Account>> {
    let email = super::storable(&email.trim().to_lowercase());
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.email', $1, true)", email).fetch_one(&mut *tx).await?;
    let row =
        sqlx::query!(r#"select clinic_id, staff_id, coalesce(password_hash, '') as "password_hash!" from account where email = $1"#, email)
            .fetch_optional(&mut *tx)
            .await?;
    let account =
        row.map(|row| Account { clinic: ClinicId(row.clinic_id), staff: StaffId(row.staff_id), password_hash: row.password_hash });
    // Asked of nobody too, so that it takes as long for an address that is not known.
    let (clinic, staff) = account.as_ref().map_or((ClinicId(Uuid::nil()), StaffId(Uuid::nil())), |account| (account.clinic, account.staff));
    super::enter(&mut tx, clinic).await?;
    let works_here = sqlx::query_scalar!(
        r#"select exists(select from staff where clinic_id = $1 and id = $2 and active) as "works_here!""#,
        clinic.0,
        staff.0
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(account.filter(|_| works_here))
}

pub async fn add_account(tx: &mut super::Tx, account: &Account, email: &str) -> Result<()> {
    sqlx::query!(
        "insert into account (clinic_id, staff_id, email, password_hash) values ($1, $2, lower($3), $4)",
        account.clinic.0,
        account.staff.0,
        email,
        account.password_hash,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Signs a browser in, and clears away this clinic's sign-ins that have ended.
pub async fn begin(
    tx: &mut super::Tx,
    (clinic, staff): (ClinicId, StaffId),
    token_hash: &[u8],
    since: Moment,
    ends_at: Moment,
) -> Result<()> {
    sqlx::query!("delete from sign_in where clinic_id = $1 and ends_at < $2", clinic.0, since.timestamp().to_sqlx() as _)
        .execute(&mut **tx)
        .await?;
    sqlx::query!(
        "insert into sign_in (clinic_id, token_hash, staff_id, since, ends_at) values ($1, $2, $3, $4, $5)",
        clinic.0,
        token_hash,
        staff.0,
        since.timestamp().to_sqlx() as _,
        ends_at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update account set signed_in_last = $3 where clinic_id = $1 and staff_id = $2",
        clinic.0,
        staff.0,
        since.timestamp().to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whose browser presents this cookie, if it is still good and they still work here.
pub async fn find(pool: &PgPool, token_hash: &[u8], now: Moment) -> Result<Option<SignedIn>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.token_hash', encode($1, 'hex'), true)", token_hash).fetch_one(&mut *tx).await?;
    let found = sqlx::query!(
        "select clinic_id, staff_id from sign_in where token_hash = $1 and ends_at > $2",
        token_hash,
        now.timestamp().to_sqlx() as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(found) = found else { return Ok(None) };
    super::enter(&mut tx, ClinicId(found.clinic_id)).await?;
    let staff = sqlx::query!("select name, role from staff where clinic_id = $1 and id = $2 and active", found.clinic_id, found.staff_id)
        .fetch_optional(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(staff.and_then(|staff| {
        let role = role_from_name(&staff.role)?;
        Some(SignedIn { clinic: ClinicId(found.clinic_id), staff: StaffId(found.staff_id), name: staff.name, role })
    }))
}

pub async fn remove(pool: &PgPool, clinic: ClinicId, token_hash: &[u8]) -> Result<()> {
    let mut tx = super::begin(pool, clinic).await?;
    remove_within(&mut tx, clinic, token_hash).await?;
    tx.commit().await?;
    Ok(())
}

/// The same within a transaction.
pub async fn remove_within(tx: &mut super::Tx, clinic: ClinicId, token_hash: &[u8]) -> Result<()> {
    sqlx::query!("delete from sign_in where clinic_id = $1 and token_hash = $2", clinic.0, token_hash).execute(&mut **tx).await?;
    Ok(())
}

/// A role as the `staff` table spells it: like the variant.
pub fn role_name(role: Role) -> String {
    format!("{role:?}")
}

pub fn role_from_name(name: &str) -> Option<Role> {
    [Role::Provider, Role::FrontDesk, Role::Coordinator, Role::MedicalDirector, Role::Owner]
        .into_iter()
        .find(|role| role_name(*role) == name)
}
