//! The call list in numbers.

use super::{Asked, count, ledger::OpenCalls};
use crate::store::{Result, Tx};
use domain::numbers::{Calls, OutcomeCount};
use jiff_sqlx::ToSqlx;

pub async fn read(tx: &mut Tx, asked: &Asked, now: OpenCalls) -> Result<Calls> {
    let opened = sqlx::query!(
        r#"select count(*) as "opened!",
               percentile_disc(0.5) within group (order by (extract(epoch from first.made_at - touch.accepted_at) / 60)::bigint)
                   filter (where first.made_at is not null) as "wait"
           from touch
           left join (
               select touch_id, min(made_at) as made_at from call_step where clinic_id = $1 and what ? 'Called' group by touch_id
           ) first on first.touch_id = touch.id
           where touch.clinic_id = $1 and touch.kind = 'flag' and touch.state = 'accepted'
             and touch.accepted_at >= coalesce($2, '-infinity'::timestamptz) and touch.accepted_at < coalesce($3, 'infinity'::timestamptz)"#,
        asked.clinic.0,
        asked.from.map(|at| at.timestamp().to_sqlx()) as _,
        asked.until.map(|at| at.timestamp().to_sqlx()) as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    let called = sqlx::query!(
        r#"select case when jsonb_typeof(outcome) = 'object' then (select key from jsonb_object_keys(outcome) as key limit 1)
                   else outcome #>> '{}' end as "outcome!",
               count(*) as "calls!", coalesce(sum(minutes), 0)::bigint as "minutes!"
           from (
               select what -> 'Called' -> 'outcome' as outcome, (what -> 'Called' ->> 'minutes')::integer as minutes from call_step
               where clinic_id = $1 and what ? 'Called'
                 and made_at >= coalesce($2, '-infinity'::timestamptz) and made_at < coalesce($3, 'infinity'::timestamptz)
           ) called
           group by 1 order by 2 desc, 1"#,
        asked.clinic.0,
        asked.from.map(|at| at.timestamp().to_sqlx()) as _,
        asked.until.map(|at| at.timestamp().to_sqlx()) as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    // Before the clinic followed up nobody could log anything.
    let days = sqlx::query_scalar!(
        r#"select (least(coalesce($3::date, $4::date), $4) - greatest(coalesce($2::date, '0001-01-01'), (followed_since at time zone zone)::date) + 1)::bigint
               as "days!"
           from follow_up_policy join clinic on clinic.clinic_id = follow_up_policy.clinic_id where follow_up_policy.clinic_id = $1"#,
        asked.clinic.0,
        asked.span.from.map(|day| day.0.to_sqlx()) as _,
        asked.span.until.map(|day| day.0.to_sqlx()) as _,
        asked.today.0.to_sqlx() as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Calls {
        open: now.open,
        opened: count(opened.opened),
        median_age_days: now.age_days,
        median_wait_minutes: opened.wait.map(|minutes| count(minutes.max(0))),
        minutes: count(called.iter().map(|row| row.minutes).sum()),
        outcomes: called.iter().map(|row| OutcomeCount::of(&row.outcome, count(row.calls))).collect(),
        days: count(days.max(0)),
    })
}
