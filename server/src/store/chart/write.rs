//! Writing charts: new rows, the few that may change, and the snapshot, in one transaction.

use super::{
    rows::{Rows, client_row},
    snapshot,
};
use crate::store::{Result, Tx};
use domain::{chart::Chart, ids::ClinicId, session::Appointment};
use sqlx::types::Json;

/// Adds whole charts, with the version at which each appears.
pub async fn add(tx: &mut Tx, clinic: ClinicId, charts: &[(i64, Chart)]) -> Result<()> {
    let mut rows = Rows::default();
    for (_, chart) in charts {
        rows.add_new(clinic, None, chart);
    }
    insert(tx, &rows).await?;
    snapshot::save(tx, clinic, charts.iter().map(|(version, chart)| (*version, chart))).await
}

/// Saves what a change made of a chart.
pub async fn save(tx: &mut Tx, clinic: ClinicId, version: i64, before: &Chart, after: &Chart) -> Result<()> {
    let mut rows = Rows::default();
    rows.add_new(clinic, Some(before), after);
    // What was moved or cancelled gives its time free before anything is booked.
    for session in &before.sessions {
        let after = after.session(session.id);
        let kept = |booked: &Appointment| after.and_then(|after| after.booking(booked.id)) == Some(booked);
        for gone in session.appointments.iter().filter(|booked| !kept(booked)) {
            sqlx::query!("delete from appointment where clinic_id = $1 and id = $2", clinic.0, gone.id.0).execute(&mut **tx).await?;
        }
    }
    insert(tx, &rows).await?;
    if before.client != after.client {
        let row = client_row(clinic, &after.client);
        sqlx::query!(
            "update client set phone = $3, email = $4, contact_version = $5 where clinic_id = $1 and id = $2",
            clinic.0,
            row.id.0,
            row.phone,
            row.email,
            i32::try_from(row.contact_version).unwrap_or(i32::MAX),
        )
        .execute(&mut **tx)
        .await?;
    }
    for note in before.device_notes.iter().filter(|note| !after.device_notes.contains(note)) {
        sqlx::query!("delete from device_note where clinic_id = $1 and id = $2", clinic.0, note.id.0).execute(&mut **tx).await?;
    }
    let marks = |chart: &Chart| chart.photos.iter().flat_map(|photo| photo.marks.iter().map(|mark| mark.id)).collect::<Vec<_>>();
    let kept = marks(after);
    for mark in marks(before).into_iter().filter(|mark| !kept.contains(mark)) {
        sqlx::query!("delete from photo_mark where clinic_id = $1 and id = $2", clinic.0, mark.0).execute(&mut **tx).await?;
    }
    snapshot::save(tx, clinic, std::iter::once((version, after))).await
}

/// Sends each table's rows as one JSON record set, in the order in which tables refer to each other.
async fn insert(tx: &mut Tx, rows: &Rows) -> Result<()> {
    macro_rules! insert {
        ($rows:expr, $sql:literal) => {
            if !$rows.is_empty() {
                sqlx::query!($sql, Json(&$rows) as _).execute(&mut **tx).await?;
            }
        };
    }
    insert!(rows.clients, "insert into client select * from jsonb_populate_recordset(null::client, $1)");
    insert!(rows.plans, "insert into plan select * from jsonb_populate_recordset(null::plan, $1)");
    insert!(rows.plan_procedures, "insert into plan_procedure select * from jsonb_populate_recordset(null::plan_procedure, $1)");
    insert!(rows.plan_events, "insert into plan_event select * from jsonb_populate_recordset(null::plan_event, $1)");
    insert!(rows.sessions, "insert into session select * from jsonb_populate_recordset(null::session, $1)");
    insert!(rows.appointments, "insert into appointment select * from jsonb_populate_recordset(null::appointment, $1)");
    insert!(rows.past_bookings, "insert into past_booking select * from jsonb_populate_recordset(null::past_booking, $1)");
    insert!(rows.signed, "insert into signed_session select * from jsonb_populate_recordset(null::signed_session, $1)");
    insert!(rows.deliveries, "insert into delivery select * from jsonb_populate_recordset(null::delivery, $1)");
    insert!(rows.treatments, "insert into treatment select * from jsonb_populate_recordset(null::treatment, $1)");
    insert!(rows.areas, "insert into treated_area select * from jsonb_populate_recordset(null::treated_area, $1)");
    insert!(rows.readings, "insert into reading select * from jsonb_populate_recordset(null::reading, $1)");
    insert!(rows.decisions, "insert into note_decision select * from jsonb_populate_recordset(null::note_decision, $1)");
    insert!(rows.addenda, "insert into addendum select * from jsonb_populate_recordset(null::addendum, $1)");
    insert!(rows.co_signatures, "insert into co_signature select * from jsonb_populate_recordset(null::co_signature, $1)");
    insert!(rows.follow_ups, "insert into follow_up select * from jsonb_populate_recordset(null::follow_up, $1)");
    insert!(
        rows.reports,
        "insert into client_report select * from jsonb_populate_recordset(null::client_report, $1)
         on conflict (clinic_id, id) do update
         set answered_by = excluded.answered_by, answered_at = excluded.answered_at, answer = excluded.answer"
    );
    insert!(rows.device_notes, "insert into device_note select * from jsonb_populate_recordset(null::device_note, $1)");
    insert!(
        rows.set_aside,
        "insert into set_aside select * from jsonb_populate_recordset(null::set_aside, $1)
         on conflict (clinic_id, command_id) do update
         set decided_by = excluded.decided_by, decided_at = excluded.decided_at, decision = excluded.decision"
    );
    insert!(
        rows.consents,
        "insert into consent select * from jsonb_populate_recordset(null::consent, $1)
         on conflict (clinic_id, client_id, position) do update
         set withdrawn_by = excluded.withdrawn_by, withdrawn_at = excluded.withdrawn_at, withdrawn_text = excluded.withdrawn_text"
    );
    insert!(rows.settlements, "insert into settlement select * from jsonb_populate_recordset(null::settlement, $1)");
    insert!(
        rows.photos,
        "insert into photo select * from jsonb_populate_recordset(null::photo, $1)
         on conflict (clinic_id, id) do update
         set arrived_at = excluded.arrived_at, released_by = excluded.released_by, released_at = excluded.released_at,
             removed_by = excluded.removed_by, removed_at = excluded.removed_at, removed_text = excluded.removed_text"
    );
    insert!(rows.photo_marks, "insert into photo_mark select * from jsonb_populate_recordset(null::photo_mark, $1)");
    insert!(rows.photo_skips, "insert into photo_skip select * from jsonb_populate_recordset(null::photo_skip, $1)");
    insert!(
        rows.photo_shares,
        "insert into photo_share select * from jsonb_populate_recordset(null::photo_share, $1)
         on conflict (clinic_id, id) do update
         set revoked_by = excluded.revoked_by, revoked_at = excluded.revoked_at, revoked_text = excluded.revoked_text"
    );
    Ok(())
}
