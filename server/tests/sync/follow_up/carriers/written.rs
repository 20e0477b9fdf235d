//! What clients write back.

use super::{
    before_the_prompt, server, set_sms,
    telephone::{Telephone, call, call_with},
};
use crate::{
    clinic::{CLINIC, client, session},
    device::signed_in,
    follow_up::desk::Desk,
    photos::studio::Served,
};
use app::api::{SignedIn, messages::Channel};
use domain::{
    catalogue::Role,
    follow_up::{
        kind::Kind,
        touch_state::{State, Why},
    },
};
use server::{
    follow_up::{
        received::{self, Incoming},
        transport::twilio,
    },
    own_pages::messages,
    store::{self, chart, own_pages::choice},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const HERS: &str = "+13125550000";

async fn with_telephone(options: PgConnectOptions) -> (Desk, Telephone, Served) {
    let desk = before_the_prompt(options).await;
    let telephone = Telephone::start(&desk.clock).await;
    set_sms(&desk, &telephone.base()).await;
    let served = Served::start(desk.clinics.clone()).await;
    (desk, telephone, served)
}

async fn write(served: &Served, from: &str, sid: &str, text: &str) -> u16 {
    let fields = [("MessageSid", sid), ("From", from), ("To", "+13125559999"), ("Body", text)];
    call(served, &twilio::incoming_path(CLINIC), &fields).await.status
}

async fn is_stopped(desk: &Desk) -> bool {
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    choice::with_stop(&mut tx, CLINIC, client(0)).await.unwrap().1
}

async fn reports(desk: &Desk) -> usize {
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let chart = chart::load(&mut tx, CLINIC, client(0)).await.unwrap().unwrap();
    chart.session(session(0, 1)).unwrap().reports.iter().filter(|report| report.is_open()).count()
}

async fn prompt_why(desk: &Desk) -> (State, Option<Why>) {
    let row = desk.touches(0).await.into_iter().find(|row| row.kind == Kind::RebookingPrompt && row.session_id == session(0, 2)).unwrap();
    (row.state.0, row.why)
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn stop_is_obeyed_by_every_way_and_start_takes_it_back(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, telephone, served) = with_telephone(options).await;
    assert_eq!(write(&served, HERS, "SM1", "STOP").await, 200);
    assert!(is_stopped(&desk).await);
    server(&desk).await.once().await.unwrap();
    assert_eq!((prompt_why(&desk).await, telephone.has().len()), ((State::Suppressed, Some(Why::OptedOut)), 0));
    assert_eq!(desk.count("select count(*) from attempt where channel = 'Email' and started_at > '2026-02-01'").await, 0);
    assert_eq!(desk.count("select count(*) from audit where action = 'stop-messages' and who = 'client'").await, 1);
    // Told twice, it is the same; and an old STOP that comes again takes no START back.
    assert_eq!(write(&served, HERS, "SM2", "Start").await, 200);
    assert!(!is_stopped(&desk).await);
    assert_eq!(write(&served, HERS, "SM1", "STOP").await, 200);
    assert!(!is_stopped(&desk).await);
    // As the carrier's own list of words has it.
    let fields = [("MessageSid", "SM3"), ("From", HERS), ("Body", "ARRET"), ("OptOutType", "STOP")];
    assert_eq!(call(&served, &twilio::incoming_path(CLINIC), &fields).await.status, 200);
    assert!(is_stopped(&desk).await);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_worry_is_somebodys_task_at_once_and_what_promotes_waits(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, telephone, served) = with_telephone(options).await;
    assert_eq!(write(&served, "+1 (312) 555-0000", "SM1", "it's blistering on my calf").await, 200);
    assert_eq!(write(&served, HERS, "SM1", "it's blistering on my calf").await, 200);
    assert_eq!(reports(&desk).await, 1);
    server(&desk).await.once().await.unwrap();
    assert_eq!((prompt_why(&desk).await, telephone.has().len()), ((State::Suppressed, Some(Why::Concern)), 0));
    // Those who treat read it; the desk reads that there is something.
    let read = async |role| {
        let who = SignedIn { role, ..signed_in() };
        messages::of_client(&desk.clinics, &who, client(0)).await.unwrap().unwrap().received
    };
    let (treats, desk_reads) = (read(Role::Provider).await, read(Role::FrontDesk).await);
    assert!(treats.len() == 1 && treats[0].worried && treats[0].text.contains("blistering"), "{treats:?}");
    assert!(desk_reads.len() == 1 && desk_reads[0].worried && !desk_reads[0].text.contains("blister"), "{desk_reads:?}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn other_words_are_kept_and_change_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, telephone, served) = with_telephone(options).await;
    assert_eq!(write(&served, HERS, "SM1", "Thank you, skin feels great").await, 200);
    assert_eq!((reports(&desk).await, is_stopped(&desk).await), (0, false));
    let known = messages::of_client(&desk.clinics, &signed_in(), client(0)).await.unwrap().unwrap();
    assert_eq!(known.received.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["Thank you, skin feels great"]);
    // A number nobody has; a character nobody can keep; an empty one.
    for (from, sid, text) in [("+4930123456", "SM2", "STOP, it burns"), (HERS, "SM3", "nice\0 one"), (HERS, "SM4", ""), ("", "SM5", "STOP")]
    {
        assert_eq!(write(&served, from, sid, text).await, 200, "{sid}");
    }
    assert_eq!((desk.count("select count(*) from reply").await, is_stopped(&desk).await), (3, false));
    server(&desk).await.once().await.unwrap();
    assert_eq!(telephone.has().len(), 1);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nobody_else_writes_in_her_name(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, _telephone, served) = with_telephone(options).await;
    let fields = [("MessageSid", "SM1"), ("From", HERS), ("Body", "STOP")];
    for path in [twilio::incoming_path(CLINIC), "/sms/incoming/00000000-0000-0000-0000-00000000ffff".to_owned()] {
        assert_eq!(call_with(&served, &path, &fields, "bm90IGl0").await.status, 404);
    }
    assert_eq!((desk.count("select count(*) from reply").await, is_stopped(&desk).await), (0, false));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn an_email_is_read_as_an_sms_is(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, _telephone, _served) = with_telephone(options).await;
    let incoming =
        |id: &str, text: &str| Incoming { channel: Channel::Email, from: "Client0@Example.com".into(), text: text.into(), id: id.into() };
    assert_eq!(received::take(&desk.clinics, CLINIC, &incoming("1", "please stop emailing me")).await.unwrap(), 1);
    assert_eq!(received::take(&desk.clinics, CLINIC, &incoming("1", "please stop emailing me")).await.unwrap(), 0);
    let choices = async || {
        let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
        choice::of_client(&mut tx, CLINIC, client(0)).await.unwrap()
    };
    assert!(is_stopped(&desk).await && !choices().await.email_reminders);
    assert_eq!(received::take(&desk.clinics, CLINIC, &incoming("2", "START")).await.unwrap(), 1);
    assert!(!is_stopped(&desk).await && choices().await.email_reminders && !choices().await.email_offers);
}
