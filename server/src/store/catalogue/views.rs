//! Sets of views, and which packages are photographed by which.

use super::number;
use crate::store::{
    Result, Tx,
    chart::{area, area_code},
};
use domain::{
    ids::{ClinicId, PackageId, ViewSetId},
    package::Package,
    view::{Setup, View, ViewSet},
};
use sqlx::types::Json;

pub(super) async fn read(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<ViewSet>> {
    let rows = sqlx::query!(
        r#"select id, name, areas, distance, light, background, views as "views: Json<Vec<View>>", retired, version
           from view_set where clinic_id = $1 order by name, id"#,
        clinic.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let set = rows.into_iter().map(|row| ViewSet {
        id: ViewSetId(row.id),
        name: row.name,
        areas: row.areas.iter().map(|code| area(code)).collect(),
        setup: Setup { distance: row.distance, light: row.light, background: row.background },
        views: row.views.0,
        retired: row.retired,
        version: row.version.unsigned_abs(),
    });
    Ok(set.collect())
}

/// Adds a set or replaces it.
pub async fn save_view_set(tx: &mut Tx, clinic: ClinicId, set: &ViewSet) -> Result<()> {
    let areas: Vec<_> = set.areas.iter().map(area_code).collect();
    sqlx::query!(
        "insert into view_set (clinic_id, id, name, areas, distance, light, background, views, retired, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (clinic_id, id) do update
         set name = excluded.name, areas = excluded.areas, distance = excluded.distance, light = excluded.light,
             background = excluded.background, views = excluded.views, retired = excluded.retired, version = excluded.version",
        clinic.0,
        set.id.0,
        set.name,
        &areas,
        set.setup.distance,
        set.setup.light,
        set.setup.background,
        Json(&set.views) as _,
        set.retired,
        number(set.version),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn add_to_packages(tx: &mut Tx, clinic: ClinicId, packages: &mut [Package]) -> Result<()> {
    let rows =
        sqlx::query!("select package_id, view_set_id from package_view_set where clinic_id = $1 order by package_id, position", clinic.0)
            .fetch_all(&mut **tx)
            .await?;
    for row in rows {
        if let Some(package) = packages.iter_mut().find(|package| package.id == PackageId(row.package_id)) {
            package.view_sets.push(ViewSetId(row.view_set_id));
        }
    }
    Ok(())
}

pub(super) async fn save_of_package(tx: &mut Tx, clinic: ClinicId, package: &Package) -> Result<()> {
    sqlx::query!("delete from package_view_set where clinic_id = $1 and package_id = $2", clinic.0, package.id.0)
        .execute(&mut **tx)
        .await?;
    for (position, set) in (0..).zip(&package.view_sets) {
        sqlx::query!(
            "insert into package_view_set (clinic_id, package_id, view_set_id, position) values ($1, $2, $3, $4)",
            clinic.0,
            package.id.0,
            set.0,
            position,
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
