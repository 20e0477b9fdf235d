//! By type of package, and what is listed apart.

use super::{Asked, count, small};
use crate::store::{Result, Tx};
use domain::{
    follow_up::touch_state::MATURE_AFTER_DAYS,
    ids::{ClientId, PackageId, PlanId},
    numbers::{Apart, ApartBecause, OfPackage},
    time::Day,
};
use jiff_sqlx::{Date, ToSqlx};

/// Series sold in the span, and what was recovered in it.
pub async fn read(tx: &mut Tx, asked: &Asked) -> Result<Vec<OfPackage>> {
    let rows = sqlx::query!(
        r#"with plan as materialized (select * from numbers_plan($1)), sold as (
               select package_id, count(*) as series, round(avg(price_minor))::bigint as price_minor, sum(sold) as sold, sum(delivered) as delivered,
                   count(*) filter (where is_mature) as mature, count(*) filter (where is_mature and delivered >= sold) as complete,
                   coalesce(sum(sold) filter (where is_mature), 0) as mature_sold,
                   coalesce(sum(delivered) filter (where is_mature), 0) as mature_delivered, sum(stranded_minor)::bigint as stranded_minor
               from (select *, $4 - sold_on > (sold - 1) * interval_days + $6 as is_mature from plan) plan
               where apart is null and sold_on >= coalesce($2, '-infinity'::date) and sold_on <= coalesce($3, 'infinity'::date)
               group by package_id
           ), ended as (
               -- A session that lapsed twice was brought back from the last one.
               select distinct on (session_id) * from numbers_lapse($1, $5) order by session_id, day_0 desc
           ), recovered as (
               select plan.package_id, count(*) as sessions, sum(session.worth_minor)::bigint as minor
               from ended
               join numbers_session($1) session on session.session_id = ended.session_id
               join plan on plan.plan_id = ended.plan_id
               where session.visited_at is not null and cardinality(ended.rungs) > 0 and plan.apart is null
                 and coalesce(ended.called_at > least(ended.booked_at, ended.visited_at), true)
                 and session.visited_at >= coalesce($7, '-infinity'::timestamptz) and session.visited_at < coalesce($8, 'infinity'::timestamptz)
               group by plan.package_id
           )
           select package.id as "package!", package.name as "name!", coalesce(sold.series, 0) as "series!", coalesce(sold.price_minor, 0) as "price!",
               coalesce(sold.sold, 0) as "sold!", coalesce(sold.delivered, 0) as "delivered!", coalesce(sold.mature, 0) as "mature!",
               coalesce(sold.complete, 0) as "complete!", coalesce(sold.mature_sold, 0) as "mature_sold!",
               coalesce(sold.mature_delivered, 0) as "mature_delivered!", coalesce(sold.stranded_minor, 0) as "stranded!",
               coalesce(recovered.sessions, 0) as "recovered!", coalesce(recovered.minor, 0) as "recovered_minor!"
           from sold full join recovered on recovered.package_id = sold.package_id
           join package on package.clinic_id = $1 and package.id = coalesce(sold.package_id, recovered.package_id)
           order by sold.series desc nulls last, package.name"#,
        asked.clinic.0,
        asked.span.from.map(|day| day.0.to_sqlx()) as _,
        asked.span.until.map(|day| day.0.to_sqlx()) as _,
        asked.today.0.to_sqlx() as _,
        asked.now.timestamp().to_sqlx() as _,
        MATURE_AFTER_DAYS,
        asked.from.map(|at| at.timestamp().to_sqlx()) as _,
        asked.until.map(|at| at.timestamp().to_sqlx()) as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| OfPackage {
            package: PackageId(row.package),
            name: row.name,
            series: count(row.series),
            price_minor: row.price,
            sold: count(row.sold),
            delivered: count(row.delivered),
            mature: count(row.mature),
            complete: count(row.complete),
            mature_sold: count(row.mature_sold),
            mature_delivered: count(row.mature_delivered),
            stranded_minor: row.stranded,
            recovered: count(row.recovered),
            recovered_minor: row.recovered_minor,
        })
        .collect())
}

/// Series that are counted nowhere else, the latest first.
pub async fn apart(tx: &mut Tx, asked: &Asked) -> Result<Vec<Apart>> {
    let rows = sqlx::query!(
        r#"select client_id as "client!", plan_id as "plan!", name as "name!", apart as "because!", sold_on as "sold_on!: Date", sold as "sold!",
               delivered as "delivered!", refunded_minor as "refunded!"
           from numbers_plan($1)
           where apart is not null and sold_on >= coalesce($2, '-infinity'::date) and sold_on <= coalesce($3, 'infinity'::date)
           order by sold_on desc, plan_id"#,
        asked.clinic.0,
        asked.span.from.map(|day| day.0.to_sqlx()) as _,
        asked.span.until.map(|day| day.0.to_sqlx()) as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Apart {
                client: ClientId(row.client),
                plan: PlanId(row.plan),
                name: row.name,
                because: ApartBecause::by_code(&row.because)?,
                sold_on: Day(row.sold_on.to_jiff()),
                sold: small(row.sold),
                delivered: small(row.delivered),
                refunded_minor: row.refunded,
            })
        })
        .collect())
}
