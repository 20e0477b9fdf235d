//! Rooms, and the clinic's own rules: spacing, maintenance.

use super::{number, small};
use crate::store::{Result, Tx};
use domain::{
    area::Region,
    catalogue::Room,
    ids::{ClinicId, RoomId, TemplateId},
    spacing::SpacingRule,
};

pub(super) async fn read(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<Room>> {
    let rows = sqlx::query!("select id, name, retired, version from room where clinic_id = $1 order by name, id", clinic.0)
        .fetch_all(&mut **tx)
        .await?;
    let room =
        rows.into_iter().map(|row| Room { id: RoomId(row.id), name: row.name, retired: row.retired, version: row.version.unsigned_abs() });
    Ok(room.collect())
}

/// Adds a room or replaces it.
pub async fn save_room(tx: &mut Tx, clinic: ClinicId, room: &Room) -> Result<()> {
    sqlx::query!(
        "insert into room (clinic_id, id, name, retired, version) values ($1, $2, $3, $4, $5)
         on conflict (clinic_id, id) do update set name = excluded.name, retired = excluded.retired, version = excluded.version",
        clinic.0,
        room.id.0,
        room.name,
        room.retired,
        number(room.version),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

const REGIONS: [(&str, Region); 4] = [("Face", Region::Face), ("Trunk", Region::Trunk), ("Arm", Region::Arm), ("Leg", Region::Leg)];

pub(super) async fn spacing(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<SpacingRule>> {
    let rows = sqlx::query!("select earlier_id, later_id, region, days from spacing_rule where clinic_id = $1 order by position", clinic.0)
        .fetch_all(&mut **tx)
        .await?;
    let region = |name: String| REGIONS.iter().find(|(known, _)| *known == name).map(|(_, region)| *region);
    let rule = rows.into_iter().map(|row| SpacingRule {
        earlier: TemplateId(row.earlier_id),
        later: TemplateId(row.later_id),
        region: row.region.and_then(region),
        days: row.days.unsigned_abs(),
    });
    Ok(rule.collect())
}

/// Replaces the clinic's rules.
pub async fn save_spacing(tx: &mut Tx, clinic: ClinicId, rules: &[SpacingRule]) -> Result<()> {
    sqlx::query!("delete from spacing_rule where clinic_id = $1", clinic.0).execute(&mut **tx).await?;
    for (position, rule) in (0..).zip(rules) {
        let region = rule.region.and_then(|region| REGIONS.iter().find(|(_, known)| *known == region)).map(|(name, _)| *name);
        sqlx::query!(
            "insert into spacing_rule (clinic_id, position, earlier_id, later_id, region, days) values ($1, $2, $3, $4, $5, $6)",
            clinic.0,
            position,
            rule.earlier.0,
            rule.later.0,
            region,
            small(rule.days),
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// How far below retail maintenance is sold.
pub async fn save_maintenance(tx: &mut Tx, clinic: ClinicId, percent: u8) -> Result<()> {
    sqlx::query!("update clinic set maintenance_percent = $2 where clinic_id = $1", clinic.0, i16::from(percent))
        .execute(&mut **tx)
        .await?;
    Ok(())
}
