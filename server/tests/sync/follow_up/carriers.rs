//! Messages that really leave: by a real mail server, and by what speaks like Twilio.

mod links;
mod mail_server;
mod mails;
mod page;
pub mod telephone;
mod texts;
mod written;

use super::desk::{Clock, Desk, ORIGIN};
use crate::{
    clinic::{CLINIC, client, record, session},
    device::signed_in,
    photos::studio::ways_in,
};
use app::api::{
    carriers::{EmailCarrier, Security, SmsCarrier},
    messages::Channel,
};
use domain::{
    command::Change,
    follow_up::{kind::Kind, touch_state::State},
};
use server::{
    carriers,
    follow_up::{FollowUp, transport::Carriers},
    store::{
        self,
        follow_up::{carrier::Settings, touch::TouchRow},
    },
};
use sqlx::postgres::PgConnectOptions;
use std::sync::Arc;
use uuid::Uuid;

pub const TOKEN: &str = "the account's secret token";
/// When session 2 is due in a week.
pub const PROMPT: &str = "2026-02-06T16:00:00Z";

pub fn account() -> String {
    format!("AC{}", "0a".repeat(16))
}

pub async fn set_sms(desk: &Desk, base: &str) {
    let carrier = SmsCarrier { account: account(), from: "+13125559999".into(), country: "1".into(), base: base.into() };
    carriers::set(&desk.clinics, &ways_in().key, &signed_in(), Settings::Sms(carrier), TOKEN).await.unwrap().unwrap();
}

pub async fn set_email(desk: &Desk, port: u16, security: Security) {
    let carrier = EmailCarrier {
        host: "127.0.0.1".into(),
        port,
        security,
        user: "clinic".into(),
        from_name: "Test clinic".into(),
        from_address: "hello@clinic.example".into(),
        bounces: "bounce@clinic.example".into(),
    };
    carriers::set(&desk.clinics, &ways_in().key, &signed_in(), Settings::Email(carrier), "secret").await.unwrap().unwrap();
}

/// A server process that hands messages to the carriers that are set.
pub async fn server(desk: &Desk) -> FollowUp {
    desk.server_with(Arc::new(transport(&desk.clock))).await
}

pub fn transport(clock: &Arc<Clock>) -> Carriers {
    Carriers::new(Arc::new(ways_in()), ORIGIN.into(), clock.clone()).unwrap()
}

/// One client whose second session is to be booked; the aftercare of the first has gone, to nobody.
pub async fn before_the_prompt(options: PgConnectOptions) -> Desk {
    let desk = Desk::open(options, 1).await;
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    desk.applied(client(0), sign).await;
    server(&desk).await.once().await.unwrap();
    desk.clock.set(PROMPT);
    desk
}

/// The prompt to book session 2, and what it was retried by.
pub async fn prompts(desk: &Desk) -> Vec<TouchRow> {
    let mut rows: Vec<_> =
        desk.touches(0).await.into_iter().filter(|row| row.kind == Kind::RebookingPrompt && row.session_id == session(0, 2)).collect();
    rows.sort_by_key(|row| row.retry_of.is_some());
    rows
}

pub async fn prompt_is(desk: &Desk) -> State {
    prompts(desk).await[0].state.0
}

/// All tries of a channel: their tokens, what came of them, and what became of them.
pub async fn tries(desk: &Desk, channel: Channel) -> Vec<(Uuid, Option<String>, Option<String>)> {
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let name = if channel == Channel::Sms { "Sms" } else { "Email" };
    sqlx::query_as("select token, outcome, became from attempt where channel = $1 and started_at >= '2026-02-06' order by started_at")
        .bind(name)
        .fetch_all(&mut *tx)
        .await
        .unwrap()
}
