//! The clinic's version: the number by which devices know what they have not seen yet.

use super::{Result, Tx};
use domain::ids::{ClientId, ClinicId, CommandId, EpochId, StaffId};
use domain::time::Moment;
use jiff_sqlx::ToSqlx;

/// The channel on which every commit of a change is announced, as `clinic:version`.
pub const CHANNEL: &str = "cadence_version";

#[derive(Clone, Copy, Debug)]
pub struct Version {
    pub version: i64,
    pub catalogue: i64,
    pub epoch: EpochId,
}

/// Reads the version and locks it to the end of the transaction: changes of one clinic happen one after
/// the other, so that their numbers become visible in order. A sequence would not promise that.
pub async fn lock_version(tx: &mut Tx, clinic: ClinicId) -> Result<Version> {
    let row = sqlx::query!("select version, catalogue_version, epoch from clinic_version where clinic_id = $1 for update", clinic.0)
        .fetch_one(&mut **tx)
        .await?;
    Ok(Version { version: row.version, catalogue: row.catalogue_version, epoch: EpochId(row.epoch) })
}

pub async fn read_version(tx: &mut Tx, clinic: ClinicId) -> Result<Version> {
    let row = sqlx::query!("select version, catalogue_version, epoch from clinic_version where clinic_id = $1", clinic.0)
        .fetch_one(&mut **tx)
        .await?;
    Ok(Version { version: row.version, catalogue: row.catalogue_version, epoch: EpochId(row.epoch) })
}

/// What a version was about.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// `None`: the catalogue.
    pub client: Option<ClientId>,
    pub command: Option<CommandId>,
    pub by: Option<StaffId>,
    pub at: Moment,
}

/// Raises the version, logs what it was about, and announces it when the transaction commits.
pub async fn raise_version(tx: &mut Tx, clinic: ClinicId, version: i64, change: Change) -> Result<()> {
    sqlx::query!(
        "with raised as (
            update clinic_version set version = $2, catalogue_version = case when $7 then $2 else catalogue_version end where clinic_id = $1
        ), logged as (
            insert into change_log (clinic_id, version, client_id, command_id, changed_by, changed_at) values ($1, $2, $3, $4, $5, $6)
        )
        select pg_notify($8, $1::text || ':' || $2::text)",
        clinic.0,
        version,
        change.client.map(|id| id.0),
        change.command.map(|id| id.0),
        change.by.map(|id| id.0),
        change.at.timestamp().to_sqlx() as _,
        change.client.is_none(),
        CHANNEL,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

/// The same for many charts at once, as when a clinic is filled.
pub async fn raise_versions(tx: &mut Tx, clinic: ClinicId, changes: &[(i64, ClientId)], at: Moment) -> Result<()> {
    let (versions, clients): (Vec<_>, Vec<_>) = changes.iter().map(|(version, client)| (*version, client.0)).unzip();
    let Some(last) = versions.iter().max().copied() else { return Ok(()) };
    sqlx::query!(
        "with logged as (
            insert into change_log (clinic_id, version, client_id, changed_at)
            select $1, version, client_id, $4 from unnest($2::bigint[], $3::uuid[]) as new (version, client_id)
        ), raised as (
            update clinic_version set version = $5 where clinic_id = $1
        )
        select pg_notify($6, $1::text || ':' || $5::text)",
        clinic.0,
        &versions,
        &clients,
        at.timestamp().to_sqlx() as _,
        last,
        CHANNEL,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

/// A new clinic, with nothing in it. Its clients are followed up from then on, whatever history is brought along.
pub async fn add(tx: &mut Tx, clinic: ClinicId, name: &str, zone: &str, currency: &str, epoch: EpochId, at: Moment) -> Result<()> {
    sqlx::query!("insert into clinic (clinic_id, name, zone, currency) values ($1, $2, $3, $4)", clinic.0, name, zone, currency)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("insert into clinic_version (clinic_id, epoch) values ($1, $2)", clinic.0, epoch.0).execute(&mut **tx).await?;
    super::follow_up::add_clinic(tx, clinic, at).await
}
