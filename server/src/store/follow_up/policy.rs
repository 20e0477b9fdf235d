//! What a clinic sends.

use crate::store::{Result, StoreError, Tx};
use domain::{
    follow_up::policy::Policies,
    ids::{ClinicId, StaffId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};
use sqlx::types::Json;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub policies: Policies,
    /// Raised by every edit; zero: nobody has edited them.
    pub version: u32,
    pub followed_since: Moment,
}

#[derive(Clone, Copy, Debug)]
pub struct Version {
    pub version: u32,
    pub followed_since: Moment,
}

/// Of what is kept, without all the texts.
pub async fn read_version(tx: &mut Tx, clinic: ClinicId) -> Result<Version> {
    let row = sqlx::query!(
        r#"select version, followed_since as "followed_since: Timestamp" from follow_up_policy where clinic_id = $1"#,
        clinic.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or_else(nobody_said)?;
    Ok(Version { version: row.version.unsigned_abs(), followed_since: Moment::new(row.followed_since.to_jiff()) })
}

fn nobody_said() -> StoreError {
    StoreError::Unreadable("nobody said since when a clinic follows up".to_owned())
}

pub async fn read(tx: &mut Tx, clinic: ClinicId) -> Result<Kept> {
    let row = sqlx::query!(
        r#"select policies as "policies: Json<Policies>", version, followed_since as "followed_since: Timestamp"
           from follow_up_policy where clinic_id = $1"#,
        clinic.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or_else(nobody_said)?;
    Ok(Kept {
        policies: row.policies.map_or_else(Policies::standard, |Json(policies)| policies),
        version: row.version.unsigned_abs(),
        followed_since: Moment::new(row.followed_since.to_jiff()),
    })
}

/// `false`: somebody else has edited them since.
pub async fn save(tx: &mut Tx, clinic: ClinicId, policies: &Policies, based_on: u32, by: StaffId, at: Moment) -> Result<bool> {
    let saved = sqlx::query!(
        "update follow_up_policy set policies = $2, version = version + 1, edited_by = $3, edited_at = $4
         where clinic_id = $1 and version = $5",
        clinic.0,
        Json(policies) as _,
        by.0,
        at.timestamp().to_sqlx() as _,
        based_on.cast_signed(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(saved.rows_affected() == 1)
}
