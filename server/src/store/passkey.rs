//! Passkeys, and the challenges that wait for their answers.

use super::{Result, Tx, second_factor::Who, unreadable_json};
use domain::{
    ids::{ClinicId, StaffId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::PgPool;
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, PasskeyRegistration};

/// A key as its person sees it.
#[derive(Clone, Debug)]
pub struct Named {
    pub id: Uuid,
    pub name: String,
    pub added_at: Moment,
    pub used_at: Option<Moment>,
}

fn written<T: Serialize>(value: &T) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(|error| unreadable_json(&error))
}

fn read<T: DeserializeOwned>(value: serde_json::Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| unreadable_json(&error))
}

pub async fn list(tx: &mut Tx, (clinic, staff): Who) -> Result<Vec<Named>> {
    let rows = sqlx::query!(
        r#"select id, name, added_at as "added_at: Timestamp", used_at as "used_at: Timestamp" from passkey
        where clinic_id = $1 and staff_id = $2 order by added_at, id"#,
        clinic.0,
        staff.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let moment = |at: Timestamp| Moment::new(at.to_jiff());
    let named = |id, name, added, used: Option<Timestamp>| Named { id, name, added_at: moment(added), used_at: used.map(moment) };
    Ok(rows.into_iter().map(|row| named(row.id, row.name, row.added_at, row.used_at)).collect())
}

/// The ids under which somebody's keys know themselves.
pub async fn credentials(tx: &mut Tx, (clinic, staff): Who) -> Result<Vec<Vec<u8>>> {
    let ids = sqlx::query_scalar!("select credential_id from passkey where clinic_id = $1 and staff_id = $2", clinic.0, staff.0)
        .fetch_all(&mut **tx)
        .await?;
    Ok(ids)
}

pub async fn add(tx: &mut Tx, (clinic, staff): Who, id: Uuid, name: &str, key: &Passkey, at: Moment) -> Result<()> {
    sqlx::query!(
        "insert into passkey (clinic_id, id, staff_id, credential_id, name, key, added_at) values ($1, $2, $3, $4, $5, $6, $7)",
        clinic.0,
        id,
        staff.0,
        key.cred_id().as_slice(),
        name,
        written(key)?,
        at.timestamp().to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn remove(tx: &mut Tx, (clinic, staff): Who, id: Uuid) -> Result<()> {
    sqlx::query!("delete from passkey where clinic_id = $1 and staff_id = $2 and id = $3", clinic.0, staff.0, id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A key somebody signs in with, locked to the end of the transaction: its counter is looked at and raised by one at a time.
pub struct Presented {
    pub who: Who,
    pub id: Uuid,
    pub key: Passkey,
}

/// Opens a transaction for whoever presents this key, if it is known and they work here.
pub async fn open(pool: &PgPool, credential: &[u8]) -> Result<Option<(Tx, Presented)>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.credential', encode($1, 'hex'), true)", credential).fetch_one(&mut *tx).await?;
    let found = sqlx::query!("select clinic_id from passkey where credential_id = $1", credential).fetch_optional(&mut *tx).await?;
    let Some(found) = found else { return Ok(None) };
    let clinic = ClinicId(found.clinic_id);
    super::enter(&mut tx, clinic).await?;
    let row =
        sqlx::query!("select id, staff_id, key from passkey where clinic_id = $1 and credential_id = $2 for update", clinic.0, credential)
            .fetch_optional(&mut *tx)
            .await?;
    let Some(row) = row else { return Ok(None) };
    let who = (clinic, StaffId(row.staff_id));
    if super::people::role(&mut tx, who.0, who.1).await?.is_none() {
        return Ok(None);
    }
    Ok(Some((tx, Presented { who, id: row.id, key: read(row.key)? })))
}

/// The key was used; its counter and flags may have changed with it.
pub async fn used(tx: &mut Tx, presented: &Presented, at: Moment) -> Result<()> {
    sqlx::query!(
        "update passkey set key = $3, used_at = $4 where clinic_id = $1 and id = $2",
        presented.who.0.0,
        presented.id,
        written(&presented.key)?,
        at.timestamp().to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Begins to add a key, in place of one that was begun before.
pub async fn begin_registration(tx: &mut Tx, (clinic, staff): Who, state: &PasskeyRegistration, ends_at: Moment) -> Result<()> {
    sqlx::query!(
        "insert into passkey_registration (clinic_id, staff_id, state, ends_at) values ($1, $2, $3, $4)
         on conflict (clinic_id, staff_id) do update set state = excluded.state, ends_at = excluded.ends_at",
        clinic.0,
        staff.0,
        written(state)?,
        ends_at.timestamp().to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes away what was begun, if it is still good.
pub async fn take_registration(tx: &mut Tx, (clinic, staff): Who, now: Moment) -> Result<Option<PasskeyRegistration>> {
    let row = sqlx::query!(
        r#"delete from passkey_registration where clinic_id = $1 and staff_id = $2 returning state, ends_at > $3 as "good!""#,
        clinic.0,
        staff.0,
        now.timestamp().to_sqlx() as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.filter(|row| row.good).map(|row| read(row.state)).transpose()
}

/// Begins a sign-in, and clears away those nobody answered.
pub async fn begin_sign_in(pool: &PgPool, about: &[u8], state: &DiscoverableAuthentication, now: Moment, ends_at: Moment) -> Result<()> {
    let mut tx = pool.begin().await?;
    sqlx::query!("delete from passkey_challenge where ends_at < $1", now.timestamp().to_sqlx() as _).execute(&mut *tx).await?;
    sqlx::query!(
        "insert into passkey_challenge (about, state, ends_at) values ($1, $2, $3)",
        about,
        written(state)?,
        ends_at.timestamp().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a challenge away, if it is still good: it is answered once, right or wrong, at whichever server.
pub async fn take_sign_in(pool: &PgPool, about: &[u8], now: Moment) -> Result<Option<DiscoverableAuthentication>> {
    let row = sqlx::query!(
        r#"delete from passkey_challenge where about = $1 returning state, ends_at > $2 as "good!""#,
        about,
        now.timestamp().to_sqlx() as _
    )
    .fetch_optional(pool)
    .await?;
    row.filter(|row| row.good).map(|row| read(row.state)).transpose()
}
