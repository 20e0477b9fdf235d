//! Messages: which went out on time, and what must never happen.

use super::{Asked, count};
use crate::store::{Result, Tx};
use domain::{
    follow_up::{kind::Kind, touch_state::ON_TIME_MILLIS},
    numbers::{Punctual, Zero},
};
use jiff_sqlx::ToSqlx;

/// As [`punctuality`](domain::follow_up::touch_state::punctuality) has it. A flag is no message, and what was repeated by another channel
/// counts once.
pub async fn punctual(tx: &mut Tx, asked: &Asked) -> Result<Vec<Punctual>> {
    let rows = sqlx::query!(
        r#"with due as (
               select kind, state, accepted_at, accepted_at <= due_at + $5 * interval '1 millisecond' as on_time from touch
               where clinic_id = $1 and retry_of is null and kind <> 'flag'
                 and due_at >= coalesce($2, '-infinity'::timestamptz) and due_at < coalesce($3, 'infinity'::timestamptz)
                 and (accepted_at is not null or (due_at <= $4
                     and not (state in ('suppressed', 'merged') and since <= due_at)
                     and not (state in ('planned', 'claimed') and $4 <= due_at + $5 * interval '1 millisecond')))
           )
           select kind, count(*) as "due!", count(*) filter (where on_time) as "on_time!", count(*) filter (where not on_time) as "late!",
               count(*) filter (where accepted_at is null and state = 'expired') as "expired!",
               count(*) filter (where accepted_at is null and state = 'failed') as "failed!",
               count(*) filter (where accepted_at is null and state = 'uncertain') as "uncertain!",
               count(*) filter (where accepted_at is null and state not in ('expired', 'failed', 'uncertain')) as "not_gone!"
           from due group by kind"#,
        asked.clinic.0,
        asked.from.map(|at| at.timestamp().to_sqlx()) as _,
        asked.until.map(|at| at.timestamp().to_sqlx()) as _,
        asked.now.timestamp().to_sqlx() as _,
        ON_TIME_MILLIS as f64,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut kinds: Vec<_> = rows
        .into_iter()
        .filter_map(|row| {
            Some(Punctual {
                kind: row.kind.parse::<Kind>().ok()?,
                due: count(row.due),
                on_time: count(row.on_time),
                late: count(row.late),
                expired: count(row.expired),
                failed: count(row.failed),
                uncertain: count(row.uncertain),
                not_gone: count(row.not_gone),
            })
        })
        .collect();
    kinds.sort_by_key(|one| one.kind);
    Ok(kinds)
}

pub async fn zero(tx: &mut Tx, asked: &Asked) -> Result<Zero> {
    let row = sqlx::query!(
        r#"with sent as materialized (
               select * from touch where clinic_id = $1 and accepted_at is not null and kind <> 'flag'
                 and due_at >= coalesce($2, '-infinity'::timestamptz) and due_at < coalesce($3, 'infinity'::timestamptz)
           )
           select
             (select count(distinct sent.id) from sent
                 join numbers_booking($1) booking on booking.session_id = sent.session_id
                 where sent.kind in ('rebooking_prompt', 'reminder', 'recovery_soft', 'recovery_value', 'recovery_last')
                   and sent.tried_at > booking.heard_at + interval '10 seconds'
                   and booking.made_at < sent.tried_at and booking.ended_at > sent.tried_at and booking.starts_at > sent.tried_at)
               as "after_booking!",
             (select count(*) from (
                 select 1 from sent join attempt tried on tried.clinic_id = $1 and tried.touch_id = sent.id and tried.outcome = 'accepted'
                 group by sent.id, tried.channel having count(*) > 1
                 union all
                 select 1 from sent where sent.retry_of is null
                 group by sent.plan_id, sent.session_id, sent.kind, sent.appointment having count(*) > 1) twice) as "twice!",
             (select count(*) from (
                 select 1 from sent where sent.rung is not null and sent.retry_of is null
                 group by sent.plan_id, sent.session_id, sent.appointment having count(*) > 4) fifth) as "fifth!""#,
        asked.clinic.0,
        asked.from.map(|at| at.timestamp().to_sqlx()) as _,
        asked.until.map(|at| at.timestamp().to_sqlx()) as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Zero { after_booking: count(row.after_booking), twice: count(row.twice), fifth: count(row.fifth) })
}
