//! The browsers of a clinic, and who opens them by PIN.

use super::{Result, StoreError, Tx};
use app::api::installation::{InstallationFacts, InstallationState, Share, Unsent};
use domain::{
    ids::{ClinicId, InstallationId, StaffId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};
use sqlx::PgPool;

/// A browser as the server knows it.
#[derive(Clone, Debug)]
pub struct Installation {
    pub clinic: ClinicId,
    /// `None` once it was emptied.
    pub share: Option<Share>,
    pub wipe_asked: bool,
}

fn share(bytes: Option<Vec<u8>>) -> Result<Option<Share>> {
    let whole = |bytes: Vec<u8>| bytes.try_into().map(Share).map_err(|_| StoreError::Unreadable("a share has 32 bytes".to_owned()));
    bytes.map(whole).transpose()
}

/// The browser that presents this cookie, if it is the one it says it is.
pub async fn presented(pool: &PgPool, token_hash: &[u8], id: InstallationId) -> Result<Option<Installation>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.token_hash', encode($1, 'hex'), true)", token_hash).fetch_one(&mut *tx).await?;
    let row = sqlx::query!(
        "select clinic_id, share, wipe_asked_at is not null as \"wipe_asked!\" from installation where token_hash = $1 and id = $2",
        token_hash,
        id.0,
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    row.map(|row| Ok(Installation { clinic: ClinicId(row.clinic_id), share: share(row.share)?, wipe_asked: row.wipe_asked })).transpose()
}

/// The clinic's browser of this id; locked until the transaction ends.
pub async fn find(tx: &mut Tx, clinic: ClinicId, id: InstallationId) -> Result<Option<Installation>> {
    let row = sqlx::query!(
        "select share, wipe_asked_at is not null as \"wipe_asked!\" from installation where clinic_id = $1 and id = $2 for update",
        clinic.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| Ok(Installation { clinic, share: share(row.share)?, wipe_asked: row.wipe_asked })).transpose()
}

pub struct NewInstallation<'a> {
    pub id: InstallationId,
    pub token_hash: &'a [u8],
    pub share: Share,
    pub agent: &'a str,
}

/// Takes up a browser the clinic does not know yet, or takes up again one that was emptied.
pub async fn add(tx: &mut Tx, clinic: ClinicId, staff: StaffId, new: &NewInstallation<'_>, now: Moment) -> Result<()> {
    sqlx::query!(
        "insert into installation (clinic_id, id, token_hash, share, agent, first_seen, last_seen, last_staff)
         values ($1, $2, $3, $4, $5, $6, $6, $7)
         on conflict (clinic_id, id) do update set token_hash = excluded.token_hash, share = excluded.share, agent = excluded.agent,
             last_seen = excluded.last_seen, last_staff = excluded.last_staff, wipe_asked_at = null, wipe_asked_by = null, wiped_at = null",
        clinic.0,
        new.id.0,
        new.token_hash,
        new.share.0.as_slice(),
        new.agent,
        now.timestamp().to_sqlx() as _,
        staff.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The browser goes by another cookie from now on.
pub async fn set_token(tx: &mut Tx, clinic: ClinicId, id: InstallationId, token_hash: &[u8]) -> Result<()> {
    sqlx::query!("update installation set token_hash = $3 where clinic_id = $1 and id = $2", clinic.0, id.0, token_hash)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Somebody is there now.
pub async fn seen(tx: &mut Tx, clinic: ClinicId, id: InstallationId, staff: StaffId, now: Moment) -> Result<()> {
    sqlx::query!(
        "update installation set last_seen = $3, last_staff = $4 where clinic_id = $1 and id = $2",
        clinic.0,
        id.0,
        now.timestamp().to_sqlx() as _,
        staff.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Somebody has fully signed in there, and may open it by PIN from now on.
pub async fn add_opener(tx: &mut Tx, clinic: ClinicId, id: InstallationId, staff: StaffId, at: Moment) -> Result<()> {
    sqlx::query!(
        "insert into opener (clinic_id, installation_id, staff_id, signed_in_at) values ($1, $2, $3, $4)
         on conflict (clinic_id, installation_id, staff_id) do update set signed_in_at = greatest(opener.signed_in_at, excluded.signed_in_at)",
        clinic.0,
        id.0,
        staff.0,
        at.timestamp().to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether somebody who works here may open it by PIN.
pub async fn is_opener(tx: &mut Tx, clinic: ClinicId, id: InstallationId, staff: StaffId) -> Result<bool> {
    let found = sqlx::query_scalar!(
        "select 1 from opener join staff on staff.clinic_id = opener.clinic_id and staff.id = opener.staff_id
         where opener.clinic_id = $1 and opener.installation_id = $2 and opener.staff_id = $3 and staff.active",
        clinic.0,
        id.0,
        staff.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found.is_some())
}

/// Signs out whoever is signed in there; nobody opens it by PIN without a full sign-in.
pub async fn sign_out(tx: &mut Tx, clinic: ClinicId, id: InstallationId) -> Result<()> {
    sqlx::query!("delete from opener where clinic_id = $1 and installation_id = $2", clinic.0, id.0).execute(&mut **tx).await?;
    sqlx::query!("delete from sign_in where clinic_id = $1 and installation_id = $2", clinic.0, id.0).execute(&mut **tx).await?;
    Ok(())
}

pub async fn name(tx: &mut Tx, clinic: ClinicId, id: InstallationId, name: &str) -> Result<()> {
    sqlx::query!("update installation set name = $3 where clinic_id = $1 and id = $2", clinic.0, id.0, name).execute(&mut **tx).await?;
    Ok(())
}

pub async fn ask_for_wipe(tx: &mut Tx, clinic: ClinicId, id: InstallationId, by: StaffId, now: Moment) -> Result<()> {
    sqlx::query!(
        "update installation set wipe_asked_at = $3, wipe_asked_by = $4 where clinic_id = $1 and id = $2 and wiped_at is null",
        clinic.0,
        id.0,
        now.timestamp().to_sqlx() as _,
        by.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// It is empty: its share opens nothing any more, and its cookie means nothing.
pub async fn wiped(tx: &mut Tx, clinic: ClinicId, id: InstallationId, now: Moment) -> Result<()> {
    sqlx::query!(
        "update installation set share = null, token_hash = null, wiped_at = $3 where clinic_id = $1 and id = $2",
        clinic.0,
        id.0,
        now.timestamp().to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps something that was only on a browser; a repeat changes nothing.
pub async fn quarantine(tx: &mut Tx, clinic: ClinicId, id: InstallationId, unsent: &Unsent, body: &[u8], now: Moment) -> Result<()> {
    sqlx::query!(
        "insert into quarantine (clinic_id, installation_id, place, key, body, kept_at) values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing",
        clinic.0,
        id.0,
        unsent.place,
        unsent.key,
        body,
        now.timestamp().to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// All of it, in the order in which it was kept there.
pub async fn quarantined(tx: &mut Tx, clinic: ClinicId, id: InstallationId) -> Result<Vec<(String, String, Vec<u8>)>> {
    let rows = sqlx::query!(
        "select place, key, body from quarantine where clinic_id = $1 and installation_id = $2 order by place, length(key), key",
        clinic.0,
        id.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.place, row.key, row.body)).collect())
}

/// Those last used first.
pub async fn all(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<InstallationFacts>> {
    let rows = sqlx::query!(
        "select id, name, agent, first_seen as \"first_seen: Timestamp\", last_seen as \"last_seen: Timestamp\", last_staff,
             wipe_asked_at as \"wipe_asked_at: Timestamp\", wiped_at as \"wiped_at: Timestamp\",
             (select count(*) from quarantine
              where quarantine.clinic_id = installation.clinic_id and installation_id = installation.id) as \"quarantined!\"
         from installation where clinic_id = $1 order by last_seen desc",
        clinic.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let moment = |at: Timestamp| Moment::new(at.to_jiff());
    let facts = rows.into_iter().map(|row| InstallationFacts {
        id: InstallationId(row.id),
        name: row.name,
        agent: row.agent,
        first_seen: moment(row.first_seen),
        last_seen: moment(row.last_seen),
        last_staff: StaffId(row.last_staff),
        state: match (row.wiped_at.map(moment), row.wipe_asked_at.map(moment)) {
            (Some(at), _) => InstallationState::Wiped(at),
            (None, Some(at)) => InstallationState::WipeAsked(at),
            (None, None) => InstallationState::InUse,
        },
        quarantined: u32::try_from(row.quarantined).unwrap_or(u32::MAX),
    });
    Ok(facts.collect())
}

/// Somebody's PIN, counted as one more try before anybody looks at it; `None` where there is none.
pub async fn try_pin(tx: &mut Tx, clinic: ClinicId, staff: StaffId) -> Result<Option<(String, i16)>> {
    let row = sqlx::query!(
        "update account set pin_tries = least(pin_tries + 1, 1000) where clinic_id = $1 and staff_id = $2 and pin_hash is not null
         returning pin_hash as \"pin_hash!\", pin_tries",
        clinic.0,
        staff.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| (row.pin_hash, row.pin_tries)))
}

/// The tries begin anew: the PIN was right, or there was a full sign-in.
pub async fn forget_tries(tx: &mut Tx, clinic: ClinicId, staff: StaffId) -> Result<()> {
    sqlx::query!("update account set pin_tries = 0 where clinic_id = $1 and staff_id = $2 and pin_tries > 0", clinic.0, staff.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn set_pin(tx: &mut Tx, clinic: ClinicId, staff: StaffId, hash: &str) -> Result<()> {
    sqlx::query!("update account set pin_hash = $3, pin_tries = 0 where clinic_id = $1 and staff_id = $2", clinic.0, staff.0, hash)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn has_pin(tx: &mut Tx, clinic: ClinicId, staff: StaffId) -> Result<bool> {
    let found = sqlx::query_scalar!(
        "select pin_hash is not null as \"has!\" from account where clinic_id = $1 and staff_id = $2",
        clinic.0,
        staff.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found.unwrap_or(false))
}

/// When the presented sign-in began, and notes the browser it is on.
pub async fn sign_in_began(tx: &mut Tx, clinic: ClinicId, token_hash: &[u8], id: InstallationId) -> Result<Option<Moment>> {
    let since = sqlx::query_scalar!(
        "update sign_in set installation_id = $3 where clinic_id = $1 and token_hash = $2 returning since as \"since: Timestamp\"",
        clinic.0,
        token_hash,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(since.map(|since| Moment::new(since.to_jiff())))
}

/// Whether the browser goes by that cookie.
pub async fn presented_in(tx: &mut Tx, clinic: ClinicId, token_hash: &[u8], id: InstallationId) -> Result<bool> {
    let found =
        sqlx::query_scalar!("select 1 from installation where clinic_id = $1 and id = $2 and token_hash = $3", clinic.0, id.0, token_hash)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(found.is_some())
}
