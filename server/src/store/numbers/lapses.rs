//! Lapses, and what was done before clients booked again.

use super::{Asked, count};
use crate::store::{Result, Tx};
use domain::{
    follow_up::{kind::MOST_RUNGS, touch_state::REBOOKED_WITHIN_DAYS},
    numbers::{After, Lapses, Rebooked},
};
use jiff_sqlx::ToSqlx;

pub async fn read(tx: &mut Tx, asked: &Asked) -> Result<Lapses> {
    let totals = sqlx::query!(
        r#"select count(*) filter (where booked_at is null and visited_at is null) as "open!",
               count(*) filter (where $4 - day_0 > $6) as "passed!",
               count(*) filter (where $4 - day_0 > $6 and (least(booked_at, visited_at) at time zone zone)::date - day_0 <= $6) as "rebooked!"
           from numbers_lapse($1, $5) join clinic on clinic.clinic_id = $1
           where day_0 >= coalesce($2, '-infinity'::date) and day_0 <= coalesce($3, 'infinity'::date)"#,
        asked.clinic.0,
        asked.span.from.map(|day| day.0.to_sqlx()) as _,
        asked.span.until.map(|day| day.0.to_sqlx()) as _,
        asked.today.0.to_sqlx() as _,
        asked.now.timestamp().to_sqlx() as _,
        REBOOKED_WITHIN_DAYS,
    )
    .fetch_one(&mut **tx)
    .await?;
    // How far each came: nothing (0), the rungs (1 to 4), a call (5); the last of them is what was done before the booking.
    let steps = sqlx::query!(
        r#"with lapse as (
               select (least(booked_at, visited_at) at time zone zone)::date - day_0 <= $6 as rebooked,
                   array[0] || rungs::integer[] || case when called_at < least(booked_at, visited_at, 'infinity') then array[5] else '{}' end as came
               from numbers_lapse($1, $5) join clinic on clinic.clinic_id = $1
               where day_0 >= coalesce($2, '-infinity'::date) and day_0 <= coalesce($3, 'infinity'::date) and $4 - day_0 > $6
           )
           select step as "step!", count(*) as "reached!", count(*) filter (where rebooked and step = came[cardinality(came)]) as "rebooked!"
           from lapse cross join lateral unnest(came) as step group by step order by step"#,
        asked.clinic.0,
        asked.span.from.map(|day| day.0.to_sqlx()) as _,
        asked.span.until.map(|day| day.0.to_sqlx()) as _,
        asked.today.0.to_sqlx() as _,
        asked.now.timestamp().to_sqlx() as _,
        REBOOKED_WITHIN_DAYS,
    )
    .fetch_all(&mut **tx)
    .await?;
    let by = steps.into_iter().map(|row| Rebooked { after: after(row.step), reached: count(row.reached), rebooked: count(row.rebooked) });
    Ok(Lapses { open: count(totals.open), passed: count(totals.passed), rebooked: count(totals.rebooked), by: by.collect() })
}

fn after(step: i32) -> After {
    match u8::try_from(step) {
        Ok(0) => After::Nothing,
        Ok(rung) if rung <= MOST_RUNGS => After::Rung(rung),
        _ => After::Call,
    }
}
