//! Why tries that were begun were not made. Whoever begins one has looked at all that is known: so something has happened to her just then.

use crate::{
    clinic::CLINIC,
    follow_up::{desk::Desk, year::carrier::Line},
};
use domain::ids::ClientId;
use server::store;

/// Tries that were withheld after `since`, up to `now`, and nobody can say what for.
pub async fn unexplained(desk: &Desk, line: &Line, since: i64, now: i64) -> Vec<String> {
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let withheld: Vec<(uuid::Uuid, String, i64, i64)> = sqlx::query_as(
        "select client_id, kind, (extract(epoch from started_at) * 1000)::bigint, (extract(epoch from finished_at) * 1000)::bigint
         from attempt join touch on touch.clinic_id = attempt.clinic_id and touch.id = touch_id
         where outcome = 'withheld' and finished_at > to_timestamp($1 / 1000.0) and finished_at <= to_timestamp($2 / 1000.0)",
    )
    .bind(since)
    .bind(now)
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    let mut stirred = line.stirred.lock().unwrap();
    let is_explained =
        |client: ClientId, from: i64, to: i64| stirred.iter().any(|(whose, at)| *whose == client && (from..=to).contains(at));
    let unexplained = withheld.into_iter().filter(|(client, _, from, to)| !is_explained(ClientId(*client), *from, *to));
    let unexplained =
        unexplained.map(|(client, kind, at, _)| format!("begun and not made, and nothing happened: {kind} of {client} at {at}"));
    let unexplained = unexplained.collect();
    stirred.retain(|(_, at)| *at > now);
    unexplained
}
