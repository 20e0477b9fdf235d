//! Everybody's bookings that are still ahead: what a client's booking has to keep clear of. Times only; whose they are is not read.

use crate::store::{Result, Tx};
use domain::{
    booking::Time,
    ids::{ClinicId, DeviceId, RoomId, StaffId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};

pub async fn taken(tx: &mut Tx, clinic: ClinicId, from: Moment) -> Result<Vec<Time>> {
    let rows = sqlx::query!(
        r#"select provider_id, starts_at as "starts_at: Timestamp", minutes, room_id, device_id from appointment
           where clinic_id = $1 and ends_at > $2"#,
        clinic.0,
        from.timestamp().to_sqlx() as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let time = |starts: Timestamp| Moment::new(starts.to_jiff());
    Ok(rows
        .into_iter()
        .map(|row| Time {
            provider: StaffId(row.provider_id),
            starts: time(row.starts_at),
            minutes: row.minutes.unsigned_abs(),
            room: row.room_id.map(RoomId),
            device: row.device_id.map(DeviceId),
        })
        .collect())
}
