//! By what a clinic's messages go.

use super::attempt::{channel_name, channel_of};
use crate::{
    host::Host,
    store::{Result, Tx},
    ways_in::SecretKey,
};
use app::api::{
    carriers::{EmailCarrier, SmsCarrier},
    messages::Channel,
};
use domain::{
    ids::{ClinicId, StaffId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

/// What is no secret. Kept as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Settings {
    Email(EmailCarrier),
    Sms(SmsCarrier),
}

impl Settings {
    pub fn channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Sms(_) => Channel::Sms,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub settings: Settings,
    /// Sealed; `None`: it asks for none.
    pub secret: Option<Vec<u8>>,
    pub set_by: StaffId,
    pub set_at: Moment,
}

/// What a secret is sealed for: it opens for no other clinic and no other channel.
fn owner(clinic: ClinicId, channel: Channel) -> Vec<u8> {
    [clinic.0.as_bytes().as_slice(), b" carrier ", channel_name(channel).as_bytes()].concat()
}

pub fn seal(key: &SecretKey, clinic: ClinicId, channel: Channel, secret: &str, host: &dyn Host) -> Vec<u8> {
    key.seal(&owner(clinic, channel), secret.as_bytes(), host)
}

/// The secret; empty where there is none. `None`: it was sealed by another key.
pub fn open(key: &SecretKey, clinic: ClinicId, channel: Channel, kept: &Kept) -> Option<String> {
    match &kept.secret {
        Some(sealed) => String::from_utf8(key.open(&owner(clinic, channel), sealed)?).ok(),
        None => Some(String::new()),
    }
}

/// `None`: nothing carries that channel's messages.
pub async fn read(tx: &mut Tx, clinic: ClinicId, channel: Channel) -> Result<Option<Kept>> {
    Ok(of_clinic(tx, clinic).await?.into_iter().find(|kept| kept.settings.channel() == channel))
}

/// At most one for each channel.
pub async fn of_clinic(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<Kept>> {
    let rows = sqlx::query!(
        r#"select channel, settings as "settings: Json<Settings>", secret, set_by, set_at as "set_at: Timestamp"
           from carrier where clinic_id = $1 order by channel"#,
        clinic.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let fits = |channel: &str, settings: &Settings| channel_of(channel) == settings.channel();
    let kept = rows.into_iter().filter(|row| fits(&row.channel, &row.settings.0)).map(|row| Kept {
        settings: row.settings.0,
        secret: row.secret,
        set_by: StaffId(row.set_by),
        set_at: Moment::new(row.set_at.to_jiff()),
    });
    Ok(kept.collect())
}

/// In place of what carried that channel's messages before.
pub async fn put(tx: &mut Tx, clinic: ClinicId, kept: &Kept) -> Result<()> {
    sqlx::query!(
        "insert into carrier (clinic_id, channel, settings, secret, set_by, set_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (clinic_id, channel) do update
            set settings = excluded.settings, secret = excluded.secret, set_by = excluded.set_by, set_at = excluded.set_at",
        clinic.0,
        channel_name(kept.settings.channel()),
        Json(&kept.settings) as _,
        kept.secret.as_deref(),
        kept.set_by.0,
        kept.set_at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// `false`: there was none.
pub async fn remove(tx: &mut Tx, clinic: ClinicId, channel: Channel) -> Result<bool> {
    let removed = sqlx::query!("delete from carrier where clinic_id = $1 and channel = $2", clinic.0, channel_name(channel))
        .execute(&mut **tx)
        .await?;
    Ok(removed.rows_affected() > 0)
}
