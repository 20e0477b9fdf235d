//! Series: how far they came, where clients stay away, and who is about to.

use super::{Asked, count, small};
use crate::store::{Result, Tx};
use domain::{
    follow_up::touch_state::MATURE_AFTER_DAYS,
    ids::{ClientId, PlanId, SessionId},
    numbers::{AT_RISK_BEFORE_DAYS, AtRisk, DROPPED_AFTER_DAYS, DropOff, SeriesCount},
    time::Day,
};
use jiff_sqlx::{Date, ToSqlx};

/// Mature series of the span, by how many sessions were sold and how many are delivered.
pub async fn counts(tx: &mut Tx, asked: &Asked) -> Result<Vec<SeriesCount>> {
    let rows = sqlx::query!(
        r#"select sold as "sold!", delivered as "delivered!", count(*) as "series!" from numbers_plan($1)
           where apart is null and sold_on >= coalesce($2, '-infinity'::date) and sold_on <= coalesce($3, 'infinity'::date)
             and $4 - sold_on > (sold - 1) * interval_days + $5
           group by sold, delivered order by sold, delivered"#,
        asked.clinic.0,
        asked.span.from.map(|day| day.0.to_sqlx()) as _,
        asked.span.until.map(|day| day.0.to_sqlx()) as _,
        asked.today.0.to_sqlx() as _,
        MATURE_AFTER_DAYS,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SeriesCount { sold: small(row.sold), delivered: small(row.delivered), series: count(row.series) })
        .collect())
}

/// Series of the span that are too young to be counted.
pub async fn young(tx: &mut Tx, asked: &Asked) -> Result<u32> {
    let young = sqlx::query_scalar!(
        r#"select count(*) as "young!" from numbers_plan($1)
           where apart is null and sold_on >= coalesce($2, '-infinity'::date) and sold_on <= coalesce($3, 'infinity'::date)
             and $4 - sold_on <= (sold - 1) * interval_days + $5"#,
        asked.clinic.0,
        asked.span.from.map(|day| day.0.to_sqlx()) as _,
        asked.span.until.map(|day| day.0.to_sqlx()) as _,
        asked.today.0.to_sqlx() as _,
        MATURE_AFTER_DAYS,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(count(young))
}

/// After each session that was delivered in the span: whether the next one was booked, or held, in time.
pub async fn drop_off(tx: &mut Tx, asked: &Asked) -> Result<Vec<DropOff>> {
    let rows = sqlx::query!(
        r#"with session as materialized (select * from numbers_session($1)), passed as (
               select before.number, next.session_id, (next.visited_at at time zone zone)::date as visited, clinic.zone,
                   (before.visited_at at time zone zone)::date + plan.interval_days + $5::integer as deadline
               from session before
               join session next on next.plan_id = before.plan_id and next.number = before.number + 1 and not next.is_added
               join numbers_plan($1) plan on plan.plan_id = before.plan_id and plan.apart is null
               join clinic on clinic.clinic_id = $1
               where before.visited_at >= coalesce($2, '-infinity'::timestamptz) and before.visited_at < coalesce($3, 'infinity'::timestamptz)
           ), booked as (
               select distinct passed.session_id from passed join numbers_booking($1) booking on booking.session_id = passed.session_id
               where booking.made_at < (passed.deadline + 1)::timestamp at time zone passed.zone
                 and booking.ended_at >= (passed.deadline + 1)::timestamp at time zone passed.zone
                 and (booking.starts_at at time zone passed.zone)::date > passed.deadline - 2
           )
           select passed.number as "after!", count(*) as "passed!",
               count(*) filter (where booked.session_id is null and coalesce(passed.visited > passed.deadline, true)) as "dropped!"
           from passed left join booked on booked.session_id = passed.session_id
           where passed.deadline < $4 group by passed.number order by passed.number"#,
        asked.clinic.0,
        asked.from.map(|at| at.timestamp().to_sqlx()) as _,
        asked.until.map(|at| at.timestamp().to_sqlx()) as _,
        asked.today.0.to_sqlx() as _,
        i32::from(DROPPED_AFTER_DAYS),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| DropOff { after: small(row.after), passed: count(row.passed), dropped: count(row.dropped) }).collect())
}

/// Whose next session is due and not booked: between the second and the third first, then by what is at stake.
pub async fn at_risk(tx: &mut Tx, asked: &Asked) -> Result<Vec<AtRisk>> {
    let rows = sqlx::query!(
        r#"with session as materialized (select * from numbers_session($1)), next as (
               select distinct on (plan_id) plan_id, session_id, number from session where visited_at is null order by plan_id, number
           ), due as (
               select plan.client_id, next.plan_id, next.session_id, before.number, plan.sold, plan.stranded_minor, clinic.zone,
                   (before.visited_at at time zone zone)::date + plan.interval_days as due
               from next
               join session before on before.plan_id = next.plan_id and before.number = next.number - 1 and before.visited_at is not null
               join numbers_plan($1) plan on plan.plan_id = next.plan_id and plan.apart is null and not plan.is_over and not plan.is_paused
               join clinic on clinic.clinic_id = $1
           )
           select client_id as "client!", plan_id as "plan!", session_id as "session!", number as "after!", sold as "sold!",
               stranded_minor as "stranded!", due as "due!: Date"
           from due
           where due - $3::integer <= $2 and due + $4::integer >= $2 and not exists (
               select from appointment booked where booked.clinic_id = $1 and booked.session_id = due.session_id
                 and (booked.arrived_at is not null or $2 - (booked.starts_at at time zone due.zone)::date < 2))
           order by number = 2 desc, stranded_minor desc, due, plan_id"#,
        asked.clinic.0,
        asked.today.0.to_sqlx() as _,
        i32::from(AT_RISK_BEFORE_DAYS),
        i32::from(DROPPED_AFTER_DAYS),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AtRisk {
            client: ClientId(row.client),
            plan: PlanId(row.plan),
            session: SessionId(row.session),
            after: small(row.after),
            sold: small(row.sold),
            due: Day(row.due.to_jiff()),
            stranded_minor: row.stranded,
        })
        .collect())
}
