//! Staff, devices, templates, packages, rooms, hours and forms, read as one catalogue.

mod consent;
mod hours;
mod rooms;
mod views;

pub use consent::{publish_consent, save_consent_form};
pub use hours::save_hours;
pub use rooms::{save_maintenance, save_room, save_spacing};
pub use views::save_view_set;

use super::{Result, StoreError, Tx, sign_in};
use domain::{
    catalogue::{Catalogue, Device, Handpiece, Staff},
    ids::{ClinicId, ConsentFormId, DeviceId, HandpieceId, PackageId, ProcedureId, StaffId, TemplateId},
    package::{Package, Procedure},
    template::{Field, Template},
    time::{ClinicClock, Moment},
};
use jiff_sqlx::ToSqlx;
use sqlx::types::Json;

/// The whole catalogue of the transaction's clinic. `now` decides which years the clock covers.
pub async fn read(tx: &mut Tx, clinic: ClinicId, now: Moment) -> Result<Catalogue> {
    let head = sqlx::query!("select name, zone, currency, maintenance_percent from clinic where clinic_id = $1", clinic.0)
        .fetch_one(&mut **tx)
        .await?;
    let staff = sqlx::query!("select id, name, role, active from staff where clinic_id = $1 order by name", clinic.0)
        .fetch_all(&mut **tx)
        .await?
        .into_iter()
        .map(|row| {
            let role = sign_in::role_from_name(&row.role).ok_or_else(|| StoreError::Unreadable(format!("role {}", row.role)))?;
            Ok(Staff { id: StaffId(row.id), name: row.name, role, active: row.active })
        })
        .collect::<Result<_>>()?;
    Ok(Catalogue {
        clinic,
        name: head.name,
        currency: head.currency,
        hours: hours::read(tx, clinic).await?,
        clock: clock(&head.zone, now),
        staff,
        devices: devices(tx, clinic).await?,
        templates: templates(tx, clinic).await?,
        packages: packages(tx, clinic).await?,
        rooms: rooms::read(tx, clinic).await?,
        consent_forms: consent::read(tx, clinic).await?,
        spacing: rooms::spacing(tx, clinic).await?,
        view_sets: views::read(tx, clinic).await?,
        maintenance_percent: u8::try_from(head.maintenance_percent).unwrap_or_default(),
    })
}

async fn devices(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<Device>> {
    let mut devices: Vec<_> =
        sqlx::query!("select id, maker, model, retired, version from device where clinic_id = $1 order by model, maker, id", clinic.0)
            .fetch_all(&mut **tx)
            .await?
            .into_iter()
            .map(|row| Device {
                id: DeviceId(row.id),
                maker: row.maker,
                model: row.model,
                handpieces: Vec::new(),
                retired: row.retired,
                version: row.version.unsigned_abs(),
            })
            .collect();
    let handpieces = sqlx::query!(
        "select device_id, id, name, template_id, retired from handpiece where clinic_id = $1 order by device_id, position",
        clinic.0
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in handpieces {
        if let Some(device) = devices.iter_mut().find(|device| device.id.0 == row.device_id) {
            device.handpieces.push(Handpiece {
                id: HandpieceId(row.id),
                name: row.name,
                template: TemplateId(row.template_id),
                retired: row.retired,
            });
        }
    }
    Ok(devices)
}

async fn packages(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<Package>> {
    let rows = sqlx::query!(
        "select id, name, price_minor, sessions, interval_days, retired, version from package where clinic_id = $1 order by name, id",
        clinic.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut packages: Vec<_> = rows
        .into_iter()
        .map(|row| Package {
            id: PackageId(row.id),
            name: row.name,
            price_minor: row.price_minor,
            sessions: row.sessions.unsigned_abs(),
            interval_days: row.interval_days.unsigned_abs(),
            procedures: Vec::new(),
            consents: Vec::new(),
            view_sets: Vec::new(),
            retired: row.retired,
            version: row.version.unsigned_abs(),
        })
        .collect();
    let procedures = sqlx::query!(
        "select package_id, id, name, minutes, template_id from package_procedure where clinic_id = $1 order by package_id, position",
        clinic.0
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in procedures {
        if let Some(package) = packages.iter_mut().find(|package| package.id.0 == row.package_id) {
            package.procedures.push(Procedure {
                id: ProcedureId(row.id),
                name: row.name,
                minutes: row.minutes.unsigned_abs(),
                template: row.template_id.map(TemplateId),
            });
        }
    }
    let consents =
        sqlx::query!("select package_id, form_id from package_consent where clinic_id = $1 order by package_id, position", clinic.0)
            .fetch_all(&mut **tx)
            .await?;
    for row in consents {
        if let Some(package) = packages.iter_mut().find(|package| package.id.0 == row.package_id) {
            package.consents.push(ConsentFormId(row.form_id));
        }
    }
    views::add_to_packages(tx, clinic, &mut packages).await?;
    Ok(packages)
}

async fn templates(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<Template>> {
    let rows = sqlx::query!(
        r#"select template_id, version, name, source, fields as "fields: Json<Vec<Field>>"
           from template_version where clinic_id = $1 order by template_id, version"#,
        clinic.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let template = rows.into_iter().map(|row| Template {
        id: TemplateId(row.template_id),
        version: row.version.unsigned_abs(),
        name: row.name,
        fields: row.fields.0,
        source: row.source,
    });
    Ok(template.collect())
}

/// A zone's offsets from UTC, five years to either side.
pub fn clock(zone: &str, now: Moment) -> ClinicClock {
    const FIVE_YEARS: jiff::SignedDuration = jiff::SignedDuration::from_hours(5 * 366 * 24);
    let tz = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let (from, to) = (now.timestamp() - FIVE_YEARS, now.timestamp() + FIVE_YEARS);
    let mut offsets = vec![(Moment::new(from), tz.to_offset(from).seconds())];
    let following = tz.following(from).take_while(|change| change.timestamp() < to);
    offsets.extend(following.map(|change| (Moment::new(change.timestamp()), change.offset().seconds())));
    ClinicClock { zone: zone.to_owned(), offsets }
}

pub async fn add_staff(tx: &mut Tx, clinic: ClinicId, staff: &Staff) -> Result<()> {
    sqlx::query!(
        "insert into staff (clinic_id, id, name, role, active) values ($1, $2, $3, $4, $5)",
        clinic.0,
        staff.id.0,
        staff.name,
        sign_in::role_name(staff.role),
        staff.active
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds a package or replaces it. Plans sold before keep their own copy of its terms.
pub async fn save_package(tx: &mut Tx, clinic: ClinicId, package: &Package) -> Result<()> {
    sqlx::query!(
        "insert into package (clinic_id, id, name, price_minor, sessions, interval_days, retired, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (clinic_id, id) do update
         set name = excluded.name, price_minor = excluded.price_minor, sessions = excluded.sessions,
             interval_days = excluded.interval_days, retired = excluded.retired, version = excluded.version",
        clinic.0,
        package.id.0,
        package.name,
        package.price_minor,
        small(package.sessions),
        small(package.interval_days),
        package.retired,
        number(package.version),
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("delete from package_procedure where clinic_id = $1 and package_id = $2", clinic.0, package.id.0)
        .execute(&mut **tx)
        .await?;
    for (position, procedure) in (0..).zip(&package.procedures) {
        sqlx::query!(
            "insert into package_procedure (clinic_id, package_id, id, position, name, minutes, template_id) values ($1, $2, $3, $4, $5, $6, $7)",
            clinic.0,
            package.id.0,
            procedure.id.0,
            position,
            procedure.name,
            small(procedure.minutes),
            procedure.template.map(|template| template.0),
        )
        .execute(&mut **tx)
        .await?;
    }
    sqlx::query!("delete from package_consent where clinic_id = $1 and package_id = $2", clinic.0, package.id.0).execute(&mut **tx).await?;
    for (position, form) in (0..).zip(&package.consents) {
        sqlx::query!(
            "insert into package_consent (clinic_id, package_id, form_id, position) values ($1, $2, $3, $4)",
            clinic.0,
            package.id.0,
            form.0,
            position,
        )
        .execute(&mut **tx)
        .await?;
    }
    views::save_of_package(tx, clinic, package).await
}

/// Adds one version of a template.
pub async fn add_template(tx: &mut Tx, clinic: ClinicId, template: &Template, by: Option<StaffId>, at: Moment) -> Result<()> {
    sqlx::query!(
        "insert into template_version (clinic_id, template_id, version, name, source, fields, saved_at, saved_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        clinic.0,
        template.id.0,
        number(template.version),
        template.name,
        template.source,
        Json(&template.fields) as _,
        at.timestamp().to_sqlx() as _,
        by.map(|by| by.0),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds a device or replaces it. Handpieces that are no longer named stay, retired: old treatments name them.
pub async fn save_device(tx: &mut Tx, clinic: ClinicId, device: &Device) -> Result<()> {
    sqlx::query!(
        "insert into device (clinic_id, id, maker, model, retired, version) values ($1, $2, $3, $4, $5, $6)
         on conflict (clinic_id, id) do update
         set maker = excluded.maker, model = excluded.model, retired = excluded.retired, version = excluded.version",
        clinic.0,
        device.id.0,
        device.maker,
        device.model,
        device.retired,
        number(device.version),
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("update handpiece set retired = true where clinic_id = $1 and device_id = $2", clinic.0, device.id.0)
        .execute(&mut **tx)
        .await?;
    for (position, handpiece) in (0..).zip(&device.handpieces) {
        sqlx::query!(
            "insert into handpiece (clinic_id, device_id, id, position, name, template_id, retired) values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (clinic_id, device_id, id) do update
             set position = excluded.position, name = excluded.name, template_id = excluded.template_id, retired = excluded.retired",
            clinic.0,
            device.id.0,
            handpiece.id.0,
            position,
            handpiece.name,
            handpiece.template.0,
            handpiece.retired,
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

fn small(n: u16) -> i16 {
    i16::try_from(n).unwrap_or(i16::MAX)
}

fn number(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
