//! Guards behind guards: each is met alone here, the one before it being gone or having known nothing.

mod rows;

use super::desk::{Desk, Mood, REMINDER, at, channels};
use crate::{
    clinic::{CLINIC, PROVIDER, client, plan, record, session},
    device::signed_in,
};
use app::api::messages::Channel;
use domain::{
    command::Change,
    follow_up::{
        kind::Kind,
        policy::Policies,
        touch_state::{State, Why},
    },
    ids::PlanEventId,
    plan::PlanAction,
};
use server::{
    follow_up::{
        FollowUp,
        claim::Claimed,
        news, planning, policies,
        transport::{Answer, News},
    },
    store::{self, follow_up::touch::TouchRow},
};
use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;

/// The clinic at the moment in which everybody's reminder is due, and a server that has taken the first client's.
async fn taken(options: PgConnectOptions, clients: u128) -> (Desk, FollowUp, Claimed) {
    let desk = Desk::open(options, clients).await;
    desk.clock.set(REMINDER);
    let server = desk.server().await;
    let batch = server.claim(CLINIC).await.unwrap();
    let first = batch.claimed.into_iter().find(|claimed| claimed.client == client(0)).unwrap();
    (desk, server, first)
}

async fn reminder(desk: &Desk) -> TouchRow {
    desk.touches(0).await.into_iter().find(|row| row.kind == Kind::Reminder && row.due_at.0 == at(REMINDER)).unwrap()
}

/// Past the clinic's own programs, with the triggers of bookings out of the way.
async fn by_hand(options: &PgConnectOptions, sql: &'static str) {
    let mut owner = PgConnection::connect_with(options).await.unwrap();
    sqlx::raw_sql("alter table appointment disable trigger nudges_end; alter table booking_elsewhere disable trigger nudges_end")
        .execute(&mut owner)
        .await
        .unwrap();
    let done = sqlx::query(sql).bind(CLINIC.0).bind(session(0, 1).0).bind(PROVIDER.0).bind(client(1).0).execute(&mut owner).await.unwrap();
    assert_eq!(done.rows_affected(), 1);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_was_booked_since_it_was_planned_does_not_go_whatever_else_is_known(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, server, claimed) = taken(options.clone(), 1).await;
    let mut owner = PgConnection::connect_with(&options).await.unwrap();
    sqlx::query("update plan_epoch set epoch = epoch + 1").execute(&mut owner).await.unwrap();
    assert_eq!(server.send(&claimed).await.unwrap(), Some(State::Suppressed));
    assert_eq!((reminder(&desk).await.why, desk.carrier.has().len()), (Some(Why::NoLongerPlanned), 0));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_booking_of_which_only_its_own_row_knows_counts(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, server, claimed) = taken(options.clone(), 2).await;
    // In another's chart by mistake: hers does not show it.
    by_hand(
        &options,
        "insert into appointment (clinic_id, id, session_id, provider_id, starts_at, minutes, client_id, ends_at)
         values ($1, gen_random_uuid(), $2, $3, '2026-01-20T16:00:00Z', 30, $4, '2026-01-20T16:30:00Z')",
    )
    .await;
    assert_eq!(server.send(&claimed).await.unwrap(), Some(State::Suppressed));
    let why = Why::Booked { starts: at("2026-01-20T16:00:00Z") };
    assert_eq!((reminder(&desk).await.why, desk.carrier.has().len()), (Some(why), 0));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn and_so_does_one_of_another_system(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, server, claimed) = taken(options.clone(), 2).await;
    super::elsewhere::System::connect(&desk.clinics).await;
    by_hand(
        &options,
        "insert into booking_elsewhere (clinic_id, feed_id, booking, state, starts_at, changed_at, their_client, name, email, phone, service,
            heard_at, client_id, session_id)
         select $1, id, 'b-1', 'booked', '2026-01-20T16:00:00Z', '2026-01-13T15:00:00Z', '', '', '', '', '', '2026-01-13T15:00:00Z', $4, $2
         from booking_feed where $3 is not null",
    )
    .await;
    assert_eq!(server.send(&claimed).await.unwrap(), Some(State::Suppressed));
    let why = Why::BookedElsewhere { starts: at("2026-01-20T16:00:00Z") };
    assert_eq!((reminder(&desk).await.why, desk.carrier.has().len()), (Some(why), 0));
}

/// Its trigger ended what was there. What came back by then, and is to go by the other channel, came after it.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_booking_on_its_way_holds_up_what_came_after_its_trigger(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let server = desk.server().await;
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    desk.applied(client(0), sign).await;
    server.once().await.unwrap();
    desk.clock.set("2026-02-06T16:00:00Z");
    server.once().await.unwrap();
    let sent = desk.carrier.has();
    assert_eq!(channels(&sent), [Channel::Email, Channel::Sms]);

    let mut booking = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    sqlx::query(
        "insert into appointment (clinic_id, id, session_id, provider_id, starts_at, minutes, client_id, ends_at)
         values ($1, gen_random_uuid(), $2, $3, '2026-02-20T16:00:00Z', 30, $4, '2026-02-20T16:30:00Z')",
    )
    .bind(CLINIC.0)
    .bind(session(0, 2).0)
    .bind(PROVIDER.0)
    .bind(client(0).0)
    .execute(&mut *booking)
    .await
    .unwrap();
    let bounced = News::Bounced("30003".to_owned());
    assert!(news::tell(&desk.clinics, sent[1].token, None, &bounced).await.unwrap());
    let retry = server.claim(CLINIC).await.unwrap().claimed.pop().unwrap();
    let sending = tokio::spawn(async move { server.send(&retry).await.unwrap() });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(desk.carrier.has().len(), 2, "it went while she was being booked");
    booking.commit().await.unwrap();
    assert_eq!(sending.await.unwrap(), Some(State::Suppressed));
    assert_eq!(desk.carrier.has().len(), 2);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_was_ended_since_it_was_taken_stays_so(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, server, claimed) = taken(options, 1).await;
    // The clinic no longer sends it, and then does: what was due meanwhile is over.
    let mut without = Policies::standard();
    without.usual.rules.iter_mut().filter(|rule| rule.kind == Kind::Reminder).for_each(|rule| rule.on = false);
    for (version, policies) in [without, Policies::standard()].iter().enumerate() {
        let version = u32::try_from(version).unwrap();
        policies::save(&desk.clinics, &signed_in(), policies, version).await.unwrap().unwrap();
        let waiting = planning::waiting(&desk.clinics, CLINIC).await.unwrap();
        planning::catch_up(&desk.clinics, CLINIC, &waiting).await.unwrap();
    }
    assert_eq!(reminder(&desk).await.why, Some(Why::NotInPolicy));
    assert_eq!(server.send(&claimed).await.unwrap(), None);
    assert_eq!((reminder(&desk).await.state.0, desk.carrier.has().len()), (State::Suppressed, 0));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn who_gave_it_back_does_not_send_what_another_has_taken(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, server, claimed) = taken(options, 1).await;
    server.give_back(&claimed).await.unwrap();
    let other = desk.server().await;
    let again = other.claim(CLINIC).await.unwrap().claimed.pop().unwrap();
    assert_eq!((server.send(&claimed).await.unwrap(), desk.carrier.has().len()), (None, 0));
    assert_eq!((other.send(&again).await.unwrap(), desk.carrier.has().len()), (Some(State::Accepted), 2));
}

/// Two clients; the first has gone up the rung of her reminder under another appointment.
async fn gone_up(options: PgConnectOptions) -> (Desk, FollowUp) {
    let desk = Desk::open(options, 2).await;
    rows::copy(&desk, "'appointment', '2026-01-01T10:00:00Z', 'state', 'accepted', 'tried_at', '2026-01-01T10:00:00Z', 'look_at', null")
        .await
        .unwrap();
    let server = desk.server().await;
    (desk, server)
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_rung_is_not_gone_up_again_and_holds_up_nobody(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, server) = gone_up(options).await;
    desk.clock.set(REMINDER);
    server.once().await.unwrap();
    assert_eq!(reminder(&desk).await.why, Some(Why::AlreadySent));
    // Both would have gone in one transaction.
    assert_eq!((desk.state(1, Kind::Reminder).await, desk.carrier.has().len()), (State::Accepted, 2));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nor_is_it_doubted_when_a_server_ended_before_it_knew(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, server) = gone_up(options).await;
    desk.clock.set(REMINDER);
    assert_eq!(server.claim(CLINIC).await.unwrap().claimed.len(), 2);
    desk.clock.pass(5);
    server.once().await.unwrap();
    assert_eq!((reminder(&desk).await.why, desk.state(1, Kind::Reminder).await), (Some(Why::AlreadySent), State::Uncertain));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_retry_of_which_nobody_knows_either_is_the_last(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    desk.carrier.is(Mood::Says(Answer::Unknown("no answer".into())));
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    desk.applied(client(0), sign).await;
    for minutes in [0, 5, 10, 5, 10, 5, 60] {
        desk.clock.pass(minutes);
        desk.server().await.once().await.unwrap();
    }
    let touches = desk.touches(0).await;
    let aftercare: Vec<_> =
        touches.iter().filter(|row| row.kind == Kind::Aftercare).map(|row| (row.retry_of.is_some(), row.state.0)).collect();
    assert_eq!(aftercare.len(), 2, "{aftercare:?}");
    assert!(aftercare.iter().all(|(_, state)| *state == State::Uncertain), "{aftercare:?}");
}

/// Her answer waits for what is being sent to her, and is known to the next.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn who_is_being_written_to_is_held(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, server, claimed) = taken(options, 1).await;
    let mut held = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    store::follow_up::lock_clients(&mut held, CLINIC, &[client(0)]).await.unwrap();
    let sending = tokio::spawn(async move { server.send(&claimed).await.unwrap() });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(desk.carrier.has().len(), 0, "it went while somebody else held her");
    held.rollback().await.unwrap();
    assert_eq!(sending.await.unwrap(), Some(State::Accepted));
}

/// And whatever changes her chart waits, too: what is being sent may be a retry of which who changes it cannot know yet.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn and_her_chart_with_her(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = std::sync::Arc::new(Desk::open(options, 1).await);
    let mut held = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    store::follow_up::lock_clients(&mut held, CLINIC, &[client(0)]).await.unwrap();
    let event = PlanEventId(desk.clinics.host.uuid());
    let pause =
        Change::ChangePlan { plan: plan(0, false), event, action: PlanAction::Freeze { until: None }, reason: "as she asked".into() };
    let pausing = tokio::spawn({
        let desk = desk.clone();
        async move { desk.applied(client(0), pause).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!pausing.is_finished(), "her series was paused while something was being sent to her");
    held.rollback().await.unwrap();
    pausing.await.unwrap();
}
