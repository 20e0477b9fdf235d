//! Other booking systems that feed a clinic.

use crate::{
    host::Host,
    store::{self, Result, Tx},
    ways_in::SecretKey,
};
use domain::{
    ids::{ClientId, ClinicId, PackageId, StaffId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};
use sqlx::PgPool;
use uuid::Uuid;

/// A feed with its secrets, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: Uuid,
    pub name: String,
    pub secret: Vec<u8>,
    /// The one before, and until when it holds.
    pub old: Option<(Vec<u8>, Moment)>,
    pub made_by: StaffId,
    pub made_at: Moment,
}

/// What a secret is sealed for: it opens for no other clinic and no other feed.
fn owner(clinic: ClinicId, feed: Uuid) -> Vec<u8> {
    [clinic.0.as_bytes().as_slice(), b" booking feed ", feed.as_bytes()].concat()
}

pub fn seal(key: &SecretKey, clinic: ClinicId, feed: Uuid, secret: &[u8], host: &dyn Host) -> Vec<u8> {
    key.seal(&owner(clinic, feed), secret, host)
}

impl Kept {
    /// The secrets that hold at that time, opened. One that was sealed by another key is none.
    pub fn secrets(&self, key: &SecretKey, clinic: ClinicId, now: Moment) -> Vec<Vec<u8>> {
        let old = self.old.iter().filter(|(_, ends)| now < *ends).map(|(secret, _)| secret);
        std::iter::once(&self.secret).chain(old).filter_map(|sealed| key.open(&owner(clinic, self.id), sealed)).collect()
    }
}

/// The feed of that id, of whichever clinic; the transaction is that clinic's. `None`: there is none, or it was removed.
pub async fn named(pool: &PgPool, id: Uuid) -> Result<Option<(Tx, ClinicId, Kept)>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.booking_feed', $1, true)", id.to_string()).fetch_one(&mut *tx).await?;
    let clinic = sqlx::query_scalar!("select clinic_id from booking_feed where id = $1", id).fetch_optional(&mut *tx).await?;
    let Some(clinic) = clinic.map(ClinicId) else { return Ok(None) };
    store::enter(&mut tx, clinic).await?;
    let kept = of_clinic(&mut tx, clinic).await?.into_iter().find(|kept| kept.id == id);
    Ok(kept.map(|kept| (tx, clinic, kept)))
}

/// Those in use, oldest first.
pub async fn of_clinic(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<Kept>> {
    let rows = sqlx::query!(
        r#"select id, name, secret, old_secret, old_ends_at as "old_ends_at: Timestamp", made_by, made_at as "made_at: Timestamp"
           from booking_feed where clinic_id = $1 and removed_at is null order by made_at, id"#,
        clinic.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        id: row.id,
        name: row.name,
        secret: row.secret,
        old: row.old_secret.zip(row.old_ends_at.map(|at| Moment::new(at.to_jiff()))),
        made_by: StaffId(row.made_by),
        made_at: Moment::new(row.made_at.to_jiff()),
    });
    Ok(kept.collect())
}

pub async fn add(tx: &mut Tx, clinic: ClinicId, kept: &Kept) -> Result<()> {
    sqlx::query!(
        "insert into booking_feed (clinic_id, id, name, secret, made_by, made_at) values ($1, $2, $3, $4, $5, $6)",
        clinic.0,
        kept.id,
        kept.name,
        kept.secret,
        kept.made_by.0,
        kept.made_at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Another secret; the one before holds until then. `false`: there is no such feed.
pub async fn renew(tx: &mut Tx, clinic: ClinicId, id: Uuid, secret: &[u8], old_ends: Moment) -> Result<bool> {
    let renewed = sqlx::query!(
        "update booking_feed set old_secret = secret, old_ends_at = $4, secret = $3
         where clinic_id = $1 and id = $2 and removed_at is null",
        clinic.0,
        id,
        secret,
        old_ends.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(renewed.rows_affected() == 1)
}

/// Nothing is heard from it any more. `false`: there is no such feed.
pub async fn remove(tx: &mut Tx, clinic: ClinicId, id: Uuid, at: Moment) -> Result<bool> {
    let removed = sqlx::query!(
        "update booking_feed set removed_at = $3 where clinic_id = $1 and id = $2 and removed_at is null",
        clinic.0,
        id,
        at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(removed.rows_affected() == 1)
}

/// What a service of the other system is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// Nobody has said.
    Unsaid,
    Package(PackageId),
    NoSeries,
}

/// Every service that was heard of or set, in small letters, with what it is here.
pub async fn services(tx: &mut Tx, clinic: ClinicId, feed: Uuid) -> Result<Vec<(String, Means)>> {
    let rows = sqlx::query!(
        r#"select service as "service!", known.service is not null as "said!", package_id
           from (select distinct lower(service) as service from booking_elsewhere
                 where clinic_id = $1 and feed_id = $2 and service <> '') heard
           full join (select * from feed_service where clinic_id = $1 and feed_id = $2) known using (service) order by 1"#,
        clinic.0,
        feed,
    )
    .fetch_all(&mut **tx)
    .await?;
    let means = |said, package: Option<Uuid>| match (said, package) {
        (false, _) => Means::Unsaid,
        (true, Some(package)) => Means::Package(PackageId(package)),
        (true, None) => Means::NoSeries,
    };
    Ok(rows.into_iter().map(|row| (row.service, means(row.said, row.package_id))).collect())
}

pub async fn set_service(tx: &mut Tx, clinic: ClinicId, feed: Uuid, service: &str, means: Means) -> Result<()> {
    let package = match means {
        Means::Unsaid => {
            sqlx::query!("delete from feed_service where clinic_id = $1 and feed_id = $2 and service = lower($3)", clinic.0, feed, service)
                .execute(&mut **tx)
                .await?;
            return Ok(());
        }
        Means::Package(package) => Some(package.0),
        Means::NoSeries => None,
    };
    sqlx::query!(
        "insert into feed_service (clinic_id, feed_id, service, package_id) values ($1, $2, lower($3), $4)
         on conflict (clinic_id, feed_id, service) do update set package_id = excluded.package_id",
        clinic.0,
        feed,
        service,
        package,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// From now on the other system's id of a client is that client here.
pub async fn set_client(tx: &mut Tx, clinic: ClinicId, feed: Uuid, their_client: &str, client: ClientId) -> Result<()> {
    sqlx::query!(
        "insert into feed_client (clinic_id, feed_id, their_client, client_id) values ($1, $2, $3, $4)
         on conflict (clinic_id, feed_id, their_client) do update set client_id = excluded.client_id",
        clinic.0,
        feed,
        their_client,
        client.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The charts of everybody with a booking of this feed are to be planned anew; of one service of it, where one is named.
pub async fn replan(tx: &mut Tx, clinic: ClinicId, feed: Uuid, service: Option<&str>) -> Result<()> {
    sqlx::query!(
        "update follow_up_chart set replan_at = '-infinity' where clinic_id = $1 and client_id in (
            select client_id from booking_elsewhere where clinic_id = $1 and feed_id = $2 and ($3::text is null or lower(service) = lower($3)))",
        clinic.0,
        feed,
        service,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
