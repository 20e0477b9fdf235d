//! When the clinic is open, and when its people work.

use super::small;
use crate::store::{Result, Tx};
use domain::{
    hours::{Open, OpeningHours, StaffHours, Week},
    ids::{ClinicId, StaffId},
    time::Day,
};

pub(super) async fn read(tx: &mut Tx, clinic: ClinicId) -> Result<OpeningHours> {
    let rows = sqlx::query!("select weekday, opens, closes from opening_hours where clinic_id = $1 order by weekday, opens", clinic.0)
        .fetch_all(&mut **tx)
        .await?;
    let mut hours = OpeningHours::default();
    if !rows.is_empty() {
        hours.week = Week::default();
    }
    for row in rows {
        add(&mut hours.week, row.weekday, row.opens, row.closes);
    }
    let closures = sqlx::query!(r#"select (day - date '1970-01-01') as "day!" from closure where clinic_id = $1 order by day"#, clinic.0)
        .fetch_all(&mut **tx)
        .await?;
    hours.closures = closures.into_iter().filter_map(|row| Day::from_number(row.day)).collect();
    let rows = sqlx::query!(
        "select staff_id, weekday, opens, closes from staff_hours where clinic_id = $1 order by staff_id, weekday, opens",
        clinic.0
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let staff = StaffId(row.staff_id);
        if hours.staff.last().is_none_or(|own| own.staff != staff) {
            hours.staff.push(StaffHours { staff, week: Week::default() });
        }
        if let Some(own) = hours.staff.last_mut() {
            add(&mut own.week, row.weekday, row.opens, row.closes);
        }
    }
    Ok(hours)
}

/// The row without a weekday says only that somebody has hours of their own.
fn add(week: &mut Week, weekday: i16, opens: i16, closes: i16) {
    if let Some(spans) = usize::try_from(weekday).ok().and_then(|day| week.get_mut(day)) {
        spans.push(Open { from: opens.unsigned_abs(), to: closes.unsigned_abs() });
    }
}

/// Replaces the weekly hours, the closures, and everybody's own hours.
pub async fn save_hours(tx: &mut Tx, clinic: ClinicId, hours: &OpeningHours) -> Result<()> {
    sqlx::query!("delete from opening_hours where clinic_id = $1", clinic.0).execute(&mut **tx).await?;
    sqlx::query!("delete from closure where clinic_id = $1", clinic.0).execute(&mut **tx).await?;
    sqlx::query!("delete from staff_hours where clinic_id = $1", clinic.0).execute(&mut **tx).await?;
    for (weekday, span) in spans(&hours.week) {
        sqlx::query!(
            "insert into opening_hours (clinic_id, weekday, opens, closes) values ($1, $2, $3, $4)",
            clinic.0,
            weekday,
            small(span.from),
            small(span.to),
        )
        .execute(&mut **tx)
        .await?;
    }
    for day in &hours.closures {
        sqlx::query!("insert into closure (clinic_id, day) values ($1, date '1970-01-01' + $2::int)", clinic.0, day.number())
            .execute(&mut **tx)
            .await?;
    }
    for own in &hours.staff {
        let marker = (-1, Open { from: 0, to: 0 });
        for (weekday, span) in std::iter::once(marker).chain(spans(&own.week)) {
            sqlx::query!(
                "insert into staff_hours (clinic_id, staff_id, weekday, opens, closes) values ($1, $2, $3, $4, $5)",
                clinic.0,
                own.staff.0,
                weekday,
                small(span.from),
                small(span.to),
            )
            .execute(&mut **tx)
            .await?;
        }
    }
    Ok(())
}

fn spans(week: &Week) -> impl Iterator<Item = (i16, Open)> {
    (0..).zip(week).flat_map(|(weekday, spans)| spans.iter().map(move |span| (weekday, *span)))
}
