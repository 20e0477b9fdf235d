//! Numbers and addresses at which nobody is any more.

use super::{
    carriers::{before_the_prompt, prompts},
    desk::{Desk, Mood, at, channels},
};
use crate::{
    clinic::{CLINIC, client, session},
    device::signed_in,
};
use app::api::messages::Channel;
use domain::{
    command::Change,
    follow_up::{kind::Kind, touch_state::State},
};
use server::{
    follow_up::{
        news,
        transport::{Answer, News},
    },
    own_pages::messages,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// When session 2 is due in two days.
const REMINDER_2: &str = "2026-02-11T16:00:00Z";

/// The numbers and addresses that are known to be dead.
async fn known(desk: &Desk) -> Vec<String> {
    let known = messages::of_client(&desk.clinics, &signed_in(), client(0)).await.unwrap().unwrap();
    known.came_back.into_iter().map(|one| one.address).collect()
}

/// What the last message but those of a touch of `kind` went by.
async fn by(desk: &Desk, kind: Kind) -> Vec<Channel> {
    let before = desk.carrier.has().len();
    desk.server().await.once().await.unwrap();
    let touch = desk.touches(0).await.into_iter().find(|row| row.kind == kind && row.session_id == session(0, 2)).unwrap();
    assert_eq!(touch.state.0, State::Accepted);
    channels(&desk.carrier.has()[before..])
}

/// The prompt went by SMS, and came back.
async fn came_back(options: PgConnectOptions, why: &str) -> Desk {
    let desk = before_the_prompt(options).await;
    desk.server().await.once().await.unwrap();
    let token = desk.carrier.has().last().unwrap().token;
    assert!(news::tell(&desk.clinics, token, None, &News::Bounced(why.into())).await.unwrap());
    // The same touch, by e-mail.
    desk.server().await.once().await.unwrap();
    assert_eq!(channels(&desk.carrier.has()), [Channel::Sms, Channel::Email]);
    assert_eq!(prompts(&desk).await.iter().map(|row| row.state.0).collect::<Vec<_>>(), [State::Bounced, State::Accepted]);
    desk
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_dead_number_is_not_tried_again_until_it_is_corrected(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = came_back(options, "undelivered 30005").await;
    assert_eq!(known(&desk).await, ["+1 312 555 0000"]);
    desk.clock.set(REMINDER_2);
    // By both, says the policy.
    assert_eq!(by(&desk, Kind::Reminder).await, [Channel::Email]);
    let contact = Change::CorrectContact { based_on: 1, phone: "+1 312 555 7777".into(), email: "client0@example.com".into() };
    desk.applied(client(0), contact).await;
    assert_eq!(known(&desk).await, Vec::<String>::new());
    // The window ended a week after it was due.
    desk.clock.set("2026-02-22T16:00:00Z");
    assert_eq!(by(&desk, Kind::Recovery(domain::follow_up::kind::Step::Soft)).await, [Channel::Sms]);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn switched_off_once_is_tried_again(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = came_back(options, "undelivered 30003").await;
    assert_eq!(known(&desk).await, Vec::<String>::new());
    desk.clock.set(REMINDER_2);
    assert_eq!(by(&desk, Kind::Reminder).await, [Channel::Sms, Channel::Email]);
    let sms = desk.carrier.has().into_iter().rfind(|one| one.channel == Channel::Sms).unwrap().token;
    news::tell(&desk.clinics, sms, None, &News::Bounced("undelivered 30003".into())).await.unwrap();
    assert_eq!(known(&desk).await, ["+1 312 555 0000"]);
    // After a quarter of a year it is tried once more.
    desk.clock.set("2026-05-20T16:00:00Z");
    assert_eq!(known(&desk).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_arrived_later_makes_it_good(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = came_back(options, "undelivered 30003").await;
    desk.clock.set(REMINDER_2);
    by(&desk, Kind::Reminder).await;
    let sms = desk.carrier.has().into_iter().rfind(|one| one.channel == Channel::Sms).unwrap().token;
    news::tell(&desk.clinics, sms, None, &News::Delivered).await.unwrap();
    desk.clock.set("2026-02-22T16:00:00Z");
    let soft = Kind::Recovery(domain::follow_up::kind::Step::Soft);
    assert_eq!(by(&desk, soft).await, [Channel::Sms]);
    let sms = desk.carrier.has().last().unwrap().token;
    news::tell(&desk.clinics, sms, None, &News::Bounced("undelivered 30003".into())).await.unwrap();
    assert_eq!(known(&desk).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_number_that_is_refused_is_dead_and_words_that_are_refused_kill_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = before_the_prompt(options).await;
    desk.carrier.is(Mood::Says(Answer::Refused("21614: not a mobile number".into())));
    let batch = desk.server().await.claim(CLINIC).await.unwrap();
    for claimed in &batch.claimed {
        desk.server().await.send(claimed).await.unwrap();
    }
    assert_eq!(known(&desk).await, ["+1 312 555 0000"]);
    // The e-mail is refused for what is written in it.
    desk.carrier.is(Mood::Says(Answer::Refused("permanent error (554): 5.7.1 looks like spam".into())));
    desk.server().await.once().await.unwrap();
    assert_eq!(known(&desk).await, ["+1 312 555 0000"]);
    assert_eq!(desk.count("select count(*) from attempt where address is not null").await, 2);
    desk.carrier.is(Mood::Takes);
    desk.clock.set(REMINDER_2);
    assert_eq!(by(&desk, Kind::Reminder).await, [Channel::Email]);
    assert_eq!(desk.clinics.host.now(), at(REMINDER_2));
}
