//! What is sent, to whom and how often.

use super::desk::{Desk, Mood, ORIGIN, REMINDER, at, channels};
use crate::{
    clinic::{CLINIC, client, record, session},
    device::signed_in,
};
use app::api::{
    SignedIn,
    messages::{Channel, MessageChoices},
};
use domain::{
    catalogue::Role,
    command::Change,
    follow_up::{
        kind::Kind,
        policy::Policies,
        touch_state::{State, Why},
    },
};
use server::{
    follow_up::{
        policies, seen, timeline,
        transport::{Answer, InApp},
    },
    own_pages::messages,
    store::{self, follow_up::stop, own_pages::choice},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::sync::watch;

const MANY: u128 = 120;

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn four_servers_send_nothing_twice_and_miss_nobody(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, MANY).await;
    desk.clock.set(REMINDER);
    let mut servers = Vec::new();
    for _ in 0..4 {
        let server = desk.server().await;
        servers.push(tokio::spawn(async move { server.once().await.unwrap() }));
    }
    for server in servers {
        server.await.unwrap();
    }
    let sent = desk.carrier.has();
    // Once by each channel, and the prompt of five days ago is late by too much.
    let to: HashSet<_> = sent.iter().map(|outgoing| outgoing.to.clone()).collect();
    let tokens: HashSet<_> = sent.iter().map(|outgoing| outgoing.token).collect();
    let many = usize::try_from(MANY).unwrap();
    assert_eq!((sent.len(), to.len(), tokens.len()), (2 * many, 2 * many, 2 * many));
    assert_eq!(desk.count("select count(*) from message where attempt is not null").await, i64::try_from(2 * MANY).unwrap());
    for n in 0..MANY {
        assert_eq!(desk.state(n, Kind::Reminder).await, State::Accepted);
        assert_eq!(desk.state(n, Kind::RebookingPrompt).await, State::Expired);
    }
    // And nothing more the next time.
    desk.clock.pass(30);
    desk.server().await.once().await.unwrap();
    assert_eq!(desk.carrier.has().len(), 2 * many);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_text_is_filled_with_what_is_so(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let server = desk.server().await;
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    desk.applied(client(0), sign).await;
    server.once().await.unwrap();
    let aftercare = desk.carrier.has();
    assert_eq!(channels(&aftercare), [Channel::Email]);
    let text = &aftercare[0].text;
    assert!(text.starts_with("Hi Client,") && text.contains("Cheek L: Lutronic Clarity II, Pulse 10"), "{text}");
    assert!(
        text.contains(&format!("{ORIGIN}/me")) && text.contains("A. Osei and everybody at Test clinic") && !text.contains("{{"),
        "{text}"
    );

    // Those who do not treat learn that it was sent, and not what was done.
    let read = async |role| {
        let who = SignedIn { role, ..signed_in() };
        let messages = messages::of_client(&desk.clinics, &who, client(0)).await.unwrap().unwrap().messages;
        let touches = seen::of_client(&desk.clinics, &who, client(0)).await.unwrap().unwrap();
        let tried: Vec<_> = touches.into_iter().flat_map(|touch| touch.tries).filter_map(|tried| tried.text).collect();
        (messages.into_iter().map(|message| message.text).collect::<Vec<_>>(), tried)
    };
    let tells = |texts: &[String]| texts.iter().any(|text| text.contains("Pulse 10"));
    let (messages, tried) = read(Role::Provider).await;
    assert!(tells(&messages) && tells(&tried));
    for role in [Role::FrontDesk, Role::Coordinator] {
        let (messages, tried) = read(role).await;
        assert!(messages.len() == 1 && !tells(&messages) && tried.is_empty(), "{messages:?} {tried:?}");
    }

    // Session 2 is due on 13 February; the prompt goes a week earlier.
    desk.clock.set("2026-02-06T16:00:00Z");
    server.once().await.unwrap();
    let sent = desk.carrier.has();
    let prompt = sent.last().unwrap();
    assert_eq!((sent.len(), prompt.channel, prompt.to.as_str()), (2, Channel::Sms, "+1 312 555 0000"));
    let link = format!("{ORIGIN}/me/at/");
    assert!(prompt.text.contains("session 2 is due around 13 February") && prompt.text.contains(&link), "{}", prompt.text);
    // Real times, and nothing of what is treated.
    assert!(prompt.text.contains("Still free: ") && !prompt.text.contains("LHR"), "{}", prompt.text);
    let told = timeline::of_plan(&desk.clinics, CLINIC, crate::clinic::plan(0, false)).await.unwrap();
    let prompt = told.iter().find(|one| one.touch.kind == Kind::RebookingPrompt && one.touch.state.0 == State::Accepted).unwrap();
    let states: Vec<_> = prompt.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [State::Planned, State::Claimed, State::Attempted, State::Accepted]);
    assert_eq!(prompt.tries.len(), 1);
    assert!(prompt.tries[0].text.as_ref().unwrap().contains("Still free"));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn after_three_days_without_a_server_only_the_newest_goes(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let mut edited = Policies::standard();
    edited.usual.rules.iter_mut().filter(|rule| rule.kind == Kind::RebookingPrompt).for_each(|rule| rule.offset = 3);
    policies::save(&desk.clinics, &signed_in(), &edited, 0).await.unwrap().unwrap();
    let server = desk.server().await;
    desk.clock.set("2026-01-11T15:00:00Z");
    server.once().await.unwrap();
    // The prompt was due on the 12th and could still go, the reminder on the 13th.
    desk.clock.set("2026-01-14T15:00:00Z");
    server.once().await.unwrap();
    assert_eq!(channels(&desk.carrier.has()), [Channel::Sms, Channel::Email]);
    assert!(desk.carrier.has()[0].text.contains("is due on 15 January and not booked yet"));
    assert_eq!(desk.state(0, Kind::RebookingPrompt).await, State::Expired);
    assert_eq!(desk.state(0, Kind::Reminder).await, State::Accepted);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn stop_and_choices_are_kept_to(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::unreachable(options, 5).await;
    for n in 0..4 {
        desk.give_contact(n).await;
    }
    let now = desk.clinics.host.now();
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    stop::set(&mut tx, CLINIC, client(0), Some(now), now).await.unwrap();
    let no_reminders = MessageChoices { email_reminders: false, sms_reminders: false, ..MessageChoices::default() };
    choice::save(&mut tx, CLINIC, client(1), &no_reminders, now).await.unwrap();
    let only_email = MessageChoices { sms_reminders: false, ..MessageChoices::default() };
    choice::save(&mut tx, CLINIC, client(2), &only_email, now).await.unwrap();
    tx.commit().await.unwrap();
    desk.clock.set(REMINDER);
    desk.server().await.once().await.unwrap();
    let reminder =
        async |n| desk.touches(n).await.into_iter().find(|row| row.kind == Kind::Reminder && row.due_at.0 == at(REMINDER)).unwrap();
    assert_eq!(reminder(0).await.why, Some(Why::OptedOut));
    assert_eq!(reminder(1).await.why, Some(Why::NotWanted));
    assert_eq!(reminder(4).await.why, Some(Why::NoAddress));
    let sent = desk.carrier.has();
    let to = |n: u128| {
        channels(
            &sent
                .iter()
                .filter(|one| one.to.contains(&format!("client{n}@")) || one.to.ends_with(&format!("{n:04}")))
                .cloned()
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!((to(2), to(3).len(), sent.len()), (vec![Channel::Email], 2, 3));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_a_carrier_says_is_written_down(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let server = desk.server().await;
    desk.clock.set(REMINDER);
    desk.carrier.is(Mood::Says(Answer::Later("busy".into())));
    server.once().await.unwrap();
    assert_eq!(desk.state(0, Kind::Reminder).await, State::Planned);
    desk.clock.pass(5);
    desk.carrier.is(Mood::Says(Answer::OptedOut("21610".into())));
    server.once().await.unwrap();
    assert_eq!(desk.state(0, Kind::Reminder).await, State::Suppressed);
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    assert!(choice::with_stop(&mut tx, CLINIC, client(0)).await.unwrap().1);
    assert_eq!(desk.count("select count(*) from attempt where outcome in ('later', 'opted_out')").await, 4);
}

/// As `cadence serve` runs it.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_server_wakes_when_something_is_planned_and_stops_when_told(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(desk.server_with(Arc::new(InApp)).await.run(stopping));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    desk.applied(client(0), sign).await;
    let mut waited = 0;
    while desk.count("select count(*) from message where state = 'simulated' and attempt is not null").await == 0 {
        waited += 1;
        assert!(waited < 100, "nobody woke");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stop.send_replace(true);
    tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
}

/// The index that keeps a rung from being gone up twice speaks of a column of the database's own.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn the_database_and_the_rules_agree_on_what_may_have_gone(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let pool = &desk.clinics.pool;
    let column = "select pg_get_expr(adbin, adrelid) from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
                  where adrelid = 'touch'::regclass and attname = 'may_have_gone'";
    let column: String = sqlx::query_scalar(column).fetch_one(pool).await.unwrap();
    for state in State::ALL {
        let says: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select {column} from (select $1::text as state) as touch")))
            .bind(state.code())
            .fetch_one(pool)
            .await
            .unwrap();
        assert_eq!(says, state.may_have_gone(), "{state:?}");
    }
}
