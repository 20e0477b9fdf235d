//! Every touch with all that became of it, as it is downloaded.

use super::Asked;
use crate::store::{Result, Tx};
use domain::{
    follow_up::{
        kind::Kind,
        touch_state::{State, Why},
    },
    ids::ClientId,
    time::Moment,
};
use futures::{Stream, TryStreamExt};
use jiff_sqlx::{Timestamp, ToSqlx};
use sqlx::types::Json;

/// One touch.
#[derive(Clone, Debug)]
pub struct Line {
    pub client: String,
    pub series: String,
    pub number: u16,
    pub kind: Kind,
    pub due: Moment,
    pub accepted: Option<Moment>,
    pub state: State,
    pub since: Moment,
    pub why: Option<Why>,
    /// The same once more by another channel.
    pub again: bool,
    /// `2026-01-13 10:00 accepted; …`, on the clinic's clock.
    pub steps: String,
    /// `2026-01-13 10:00 SMS: accepted; …`, with what the carrier answered.
    pub tries: String,
}

struct Row {
    client: String,
    series: String,
    number: i16,
    kind: String,
    due_at: Timestamp,
    accepted_at: Option<Timestamp>,
    state: String,
    since: Timestamp,
    why: Option<Json<Why>>,
    again: bool,
    steps: String,
    tries: String,
}

/// `None`: a newer version knows more kinds and states than this one.
fn read(row: Row) -> Option<Line> {
    Some(Line {
        kind: row.kind.parse().ok()?,
        state: State::by_code(&row.state)?,
        client: row.client,
        series: row.series,
        number: u16::try_from(row.number).unwrap_or_default(),
        due: Moment::new(row.due_at.to_jiff()),
        accepted: row.accepted_at.map(|at| Moment::new(at.to_jiff())),
        since: Moment::new(row.since.to_jiff()),
        why: row.why.map(|Json(why)| why),
        again: row.again,
        steps: row.steps,
        tries: row.tries,
    })
}

/// Those due in the span, of one client or of all, by client and then by when they are due.
pub fn lines<'a>(tx: &'a mut Tx, asked: &Asked, client: Option<ClientId>) -> impl Stream<Item = Result<Line>> + Send + 'a {
    let rows = sqlx::query_as!(
        Row,
        r#"select client.name as client, plan.name as series, session.number, touch.kind, touch.due_at as "due_at: Timestamp",
               touch.accepted_at as "accepted_at: Timestamp", touch.state, touch.since as "since: Timestamp", touch.why as "why: Json<Why>",
               touch.retry_of is not null as "again!",
               coalesce((select string_agg(to_char(step.at at time zone zone, 'YYYY-MM-DD HH24:MI ') || step.state, '; ' order by step.number)
                   from touch_step step where step.clinic_id = $1 and step.touch_id = touch.id), '') as "steps!",
               coalesce((select string_agg(to_char(tried.started_at at time zone zone, 'YYYY-MM-DD HH24:MI ')
                       || case tried.channel when 'Sms' then 'SMS' else 'e-mail' end || ': ' || coalesce(tried.outcome, 'being tried')
                       || coalesce(', ' || tried.answer, ''), '; ' order by tried.started_at, tried.token)
                   from attempt tried where tried.clinic_id = $1 and tried.touch_id = touch.id), '') as "tries!"
           from touch
           join clinic on clinic.clinic_id = $1
           join client on client.clinic_id = $1 and client.id = touch.client_id
           join plan on plan.clinic_id = $1 and plan.id = touch.plan_id
           join session on session.clinic_id = $1 and session.id = touch.session_id
           where touch.clinic_id = $1 and touch.due_at >= coalesce($2, '-infinity'::timestamptz)
             and touch.due_at < coalesce($3, 'infinity'::timestamptz) and ($4::uuid is null or touch.client_id = $4)
           order by client.name, client.id, touch.due_at, touch.id"#,
        asked.clinic.0,
        asked.from.map(|at| at.timestamp().to_sqlx()) as _,
        asked.until.map(|at| at.timestamp().to_sqlx()) as _,
        client.map(|client| client.0) as _,
    )
    .fetch(&mut **tx);
    let line = |row| futures::future::ok(read(row));
    rows.try_filter_map(line).map_err(Into::into)
}
