//! Reading charts from their tables: after an update that changed the snapshots' format, and to prove that
//! the two say the same.

use super::{rows::Rows, snapshot};
use crate::store::{Result, Tx, follow_up::elsewhere};
use domain::{
    chart::Chart,
    ids::{ClientId, ClinicId},
    sync::PAGE_FORMAT,
};
use sqlx::types::Json;

/// The charts of these clients, from the tables.
pub async fn rebuild(tx: &mut Tx, clinic: ClinicId, clients: &[ClientId]) -> Result<Vec<Chart>> {
    let bookings = elsewhere::of_clients(tx, clinic, clients).await?;
    let clients: Vec<_> = clients.iter().map(|client| client.0).collect();
    macro_rules! read {
        ($sql:literal) => {
            sqlx::query_scalar!($sql, clinic.0, &clients).fetch_all(&mut **tx).await?.into_iter().map(|Json(row)| row).collect()
        };
    }
    let rows = Rows {
        clients: read!(r#"select to_json(r) as "row!: Json<_>" from client r where clinic_id = $1 and id = any($2) order by id"#),
        plans: read!(r#"select to_json(r) as "row!: Json<_>" from plan r where clinic_id = $1 and client_id = any($2) order by position"#),
        plan_procedures: read!(
            r#"select to_json(r) as "row!: Json<_>" from plan_procedure r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        plan_events: read!(
            r#"select to_json(r) as "row!: Json<_>" from plan_event r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        sessions: read!(
            r#"select to_json(r) as "row!: Json<_>" from session r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        // In the order in which a chart holds them: by the moment they were made, which their ids tell.
        appointments: read!(
            r#"select to_json(r) as "row!: Json<_>" from appointment r where clinic_id = $1 and client_id = any($2) order by id"#
        ),
        past_bookings: read!(
            r#"select to_json(r) as "row!: Json<_>" from past_booking r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        signed: read!(r#"select to_json(r) as "row!: Json<_>" from signed_session r where clinic_id = $1 and client_id = any($2)"#),
        // Derived from the treatments.
        deliveries: Vec::new(),
        treatments: read!(
            r#"select to_json(r) as "row!: Json<_>" from treatment r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        areas: read!(
            r#"select to_json(r) as "row!: Json<_>" from treated_area r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        readings: read!(
            r#"select to_json(r) as "row!: Json<_>" from reading r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        decisions: read!(r#"select to_json(r) as "row!: Json<_>" from note_decision r where clinic_id = $1 and client_id = any($2)"#),
        addenda: read!(
            r#"select to_json(r) as "row!: Json<_>" from addendum r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        co_signatures: read!(r#"select to_json(r) as "row!: Json<_>" from co_signature r where clinic_id = $1 and client_id = any($2)"#),
        follow_ups: read!(r#"select to_json(r) as "row!: Json<_>" from follow_up r where clinic_id = $1 and client_id = any($2)"#),
        reports: read!(
            r#"select to_json(r) as "row!: Json<_>" from client_report r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        device_notes: read!(
            r#"select to_json(r) as "row!: Json<_>" from device_note r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        set_aside: read!(
            r#"select to_json(r) as "row!: Json<_>" from set_aside r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        consents: read!(
            r#"select to_json(r) as "row!: Json<_>" from consent r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        settlements: read!(
            r#"select to_json(r) as "row!: Json<_>" from settlement r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        photos: read!(
            r#"select to_json(r) as "row!: Json<_>" from photo r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        photo_marks: read!(
            r#"select to_json(r) as "row!: Json<_>" from photo_mark r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
        photo_skips: read!(r#"select to_json(r) as "row!: Json<_>" from photo_skip r where clinic_id = $1 and client_id = any($2)"#),
        photo_shares: read!(
            r#"select to_json(r) as "row!: Json<_>" from photo_share r where clinic_id = $1 and client_id = any($2) order by position"#
        ),
    };
    let mut charts = rows.into_charts();
    for (client, kept) in bookings {
        charts.iter_mut().filter(|chart| chart.client.id == client).for_each(|chart| chart.elsewhere.push(kept.booking.clone()));
    }
    Ok(charts)
}

/// Rebuilds a batch of snapshots that an older version wrote; returns how many it found.
pub async fn rebuild_outdated(tx: &mut Tx, clinic: ClinicId) -> Result<usize> {
    const BATCH: i64 = 500;
    let outdated = sqlx::query!(
        "select client_id, version from chart_snapshot where clinic_id = $1 and format <> $2 limit $3",
        clinic.0,
        PAGE_FORMAT.cast_signed(),
        BATCH
    )
    .fetch_all(&mut **tx)
    .await?;
    let clients: Vec<_> = outdated.iter().map(|row| ClientId(row.client_id)).collect();
    let charts = rebuild(tx, clinic, &clients).await?;
    let version = |chart: &Chart| outdated.iter().find(|row| row.client_id == chart.client.id.0).map_or(0, |row| row.version);
    snapshot::save(tx, clinic, charts.iter().map(|chart| (version(chart), chart))).await?;
    Ok(outdated.len())
}
