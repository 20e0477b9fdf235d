//! What brought clients back, what must never happen, and a clinic of which nothing can be said yet.

use crate::{
    clinic::{self, CLINIC, PACKAGE, PROVIDER, client, record, session},
    device::signed_in,
    follow_up::desk::{Desk, at},
};
use domain::{
    booking::Time,
    command::Change,
    follow_up::{
        call_list::{Action, Outcome},
        kind::Kind,
    },
    ids::AppointmentId,
    numbers::{After, Lapses, Metric, Numbers, Rebooked, Share, Span, Table},
    time::Day,
};
use server::{
    follow_up::call_list,
    numbers::{self, csv},
    store::{self, numbers::names::Names},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

async fn book(desk: &Desk, n: u128, starts: &str) {
    let time = Time { provider: PROVIDER, starts: at(starts), minutes: 30, room: None, device: None };
    let appointment = AppointmentId(desk.clinics.host.uuid());
    let book = Change::BookSession { session: session(n, 1), appointment, time, procedures: vec![], despite: String::new() };
    desk.applied(client(n), book).await;
}

async fn sign(desk: &Desk, n: u128) {
    let sign = Change::SignSession { session: session(n, 1), record: record(session(n, 1), 10), rest: None };
    desk.applied(client(n), sign).await;
}

async fn call(desk: &Desk, n: u128) {
    let list = call_list::of_clinic(&desk.clinics, CLINIC).await.unwrap();
    let entry = list.iter().find(|one| one.entry.client == client(n)).unwrap().id;
    let what = Action::Called { outcome: Outcome::NoAnswer, minutes: 4 };
    call_list::log(&desk.clinics, &signed_in(), entry, what, String::new()).await.unwrap().unwrap();
}

async fn read(desk: &Desk, span: Span) -> Numbers {
    numbers::read(&desk.clinics, CLINIC, span).await.unwrap()
}

/// Everybody's first session is due on 15 January, and its window ends on the 22nd. Reminders go on 13, 24 and 29 January and on
/// 5 February; on the 12th comes the call list.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn who_comes_back_is_counted_after_the_last_thing_that_was_done(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::unreachable(options, 8).await;
    for n in 0..7 {
        desk.give_contact(n).await;
    }
    let server = desk.server().await;
    let first = Day::new(2026, 1, 2).unwrap();
    for days in 0..=62 {
        let day = first.plus(days);
        desk.clock.set(&format!("{day}T16:00:00Z"));
        server.once().await.unwrap();
        match (day.0.month(), day.0.day()) {
            // Before the window ended; nobody says afterwards what came of it.
            (1, 20) => book(&desk, 5, "2026-02-10T16:00:00Z").await,
            (1, 23) => book(&desk, 1, "2026-01-26T15:00:00Z").await,
            (1, 25) => book(&desk, 0, "2026-01-30T15:00:00Z").await,
            // Without a booking.
            (1, 26) => {
                sign(&desk, 6).await;
                sign(&desk, 1).await;
            }
            (1, 27) => book(&desk, 7, "2026-02-02T15:00:00Z").await,
            (1, 30) => sign(&desk, 0).await,
            (2, 2) => sign(&desk, 7).await,
            (2, 12) => {
                desk.clock.pass(60);
                call(&desk, 2).await;
            }
            (2, 13) => book(&desk, 2, "2026-02-20T15:00:00Z").await,
            (2, 20) => {
                sign(&desk, 2).await;
                // Later than 28 days.
                book(&desk, 4, "2026-02-24T15:00:00Z").await;
            }
            (2, 24) => sign(&desk, 4).await,
            _ => {}
        }
    }
    let numbers = read(&desk, Span::default()).await;
    let by = |after, reached, rebooked| Rebooked { after, reached, rebooked };
    let wanted = Lapses {
        open: 2,
        passed: 7,
        rebooked: 5,
        by: vec![
            by(After::Nothing, 7, 1),
            by(After::Rung(1), 6, 1),
            by(After::Rung(2), 5, 2),
            by(After::Rung(3), 3, 0),
            by(After::Rung(4), 3, 0),
            by(After::Call, 1, 1),
        ],
    };
    assert_eq!(numbers.lapses, wanted);
    assert_eq!(numbers.rebooked(), Share::new(5, 7));
    // Of four sessions at 402 the first is worth 100. The one who was called, and the one nothing reached, are not counted.
    let package = numbers.packages.iter().find(|one| one.package == PACKAGE).unwrap();
    assert_eq!((package.recovered, package.recovered_minor, numbers.recovered_minor()), (4, 400, 400));
    assert_eq!((package.series, package.price_minor, package.delivered), (8, 402, 6));
    let calls = &numbers.calls;
    assert_eq!((calls.open, calls.opened, calls.median_wait_minutes, calls.minutes), (2, 4, Some(60), 4));
    assert_eq!(calls.outcomes.iter().map(|one| (one.outcome.as_str(), one.calls)).collect::<Vec<_>>(), [("No answer", 1)]);
    assert_eq!((numbers.zero.after_booking, numbers.zero.twice, numbers.zero.fifth), (0, 0, 0));

    // Only those that were delivered in the days asked for.
    let february = Span { from: Day::new(2026, 2, 1), until: Day::new(2026, 2, 28) };
    let numbers = read(&desk, february).await;
    assert_eq!((numbers.recovered_minor(), numbers.lapses.passed, numbers.mature(), numbers.young), (100, 0, 0, 0));

    // What must be nothing is seen when it is something.
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let change = async |tx: &mut store::Tx, sql: &'static str, n: u128| {
        let done = sqlx::query(sql).bind(CLINIC.0).bind(client(n).0).bind(session(n, 1).0).execute(&mut **tx).await.unwrap();
        assert_eq!(done.rows_affected(), 1, "{sql}");
    };
    let after = "update touch set state = 'accepted', why = null, tried_at = '2026-01-24T16:00:00Z', accepted_at = '2026-01-24T16:00:00Z'
        where clinic_id = $1 and client_id = $2 and session_id = $3 and kind = 'recovery_soft'";
    change(&mut tx, after, 1).await;
    let twice = "insert into attempt (clinic_id, token, touch_id, channel, server, started_at, outcome, finished_at)
        select clinic_id, gen_random_uuid(), touch_id, channel, server, started_at, outcome, finished_at from attempt
        where clinic_id = $1 and outcome = 'accepted' and touch_id = (
            select id from touch where clinic_id = $1 and client_id = $2 and session_id = $3 and kind = 'recovery_soft')";
    change(&mut tx, twice, 0).await;
    let fifth = "update touch set rung = 1, day_0 = '2026-01-01'
        where clinic_id = $1 and client_id = $2 and session_id = $3 and kind = 'rebooking_prompt' and state = 'accepted'";
    change(&mut tx, fifth, 3).await;
    tx.commit().await.unwrap();
    let numbers = read(&desk, Span::default()).await;
    assert_eq!((numbers.zero.after_booking, numbers.zero.twice, numbers.zero.fifth), (1, 1, 1));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn of_an_empty_clinic_nothing_is_said_and_every_table_has_its_head(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 0).await;
    let (mut tx, asked, catalogue) = numbers::begin(&clinics, CLINIC, Span::default()).await.unwrap();
    let numbers = store::numbers::read(&mut tx, &asked).await.unwrap();
    assert_eq!((numbers.mature(), numbers.series_completion().percent(), numbers.calls.median_age_days), (0, None, None));
    let names = Names::of(&mut tx, CLINIC, &numbers).await.unwrap();
    for table in Table::ALL {
        let body = String::from_utf8(csv::table(table, &numbers, &names, &catalogue).unwrap()).unwrap();
        let lines = match table {
            Table::Lapses => 2,
            Table::Calls => 6,
            Table::Zero => 4,
            Table::Definitions => Metric::ALL.len() + 2,
            _ => 1,
        };
        assert_eq!(body.lines().count(), lines, "{table:?}: {body}");
        assert!(!body.contains("NaN") && !body.contains("inf"), "{body}");
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn every_touch_is_a_line_with_all_that_became_of_it(_: PgPoolOptions, options: PgConnectOptions) {
    use futures::TryStreamExt;
    let desk = Desk::open(options, 2).await;
    let server = desk.server().await;
    desk.clock.set("2026-01-13T16:00:00Z");
    server.once().await.unwrap();
    let (mut tx, asked, catalogue) = numbers::begin(&desk.clinics, CLINIC, Span::default()).await.unwrap();
    let all: Vec<_> = store::numbers::timeline::lines(&mut tx, &asked, None).try_collect().await.unwrap();
    let hers: Vec<_> = store::numbers::timeline::lines(&mut tx, &asked, Some(client(1))).try_collect().await.unwrap();
    assert_eq!((all.len(), hers.len()), (2 * hers.len(), desk.touches(1).await.len()));
    let reminder = hers.into_iter().find(|line| line.kind == Kind::Reminder && line.accepted.is_some()).unwrap();
    let line = csv::touch(reminder, &catalogue.clock);
    assert_eq!(line[..7], ["Client 1", "LHR", "1", "Reminder to book", "2026-01-13 10:00", "2026-01-13 10:00", "Sent"].map(str::to_owned));
    assert!(line[10].ends_with("claimed; 2026-01-13 10:00 attempted; 2026-01-13 10:00 accepted"), "{}", line[10]);
    assert!(line[11].contains("SMS: accepted") && line[11].contains("e-mail: accepted"), "{}", line[11]);
    // Of January only.
    let january = Span { from: Day::new(2026, 1, 1), until: Day::new(2026, 1, 31) };
    drop(tx);
    let (mut tx, asked, _) = numbers::begin(&desk.clinics, CLINIC, january).await.unwrap();
    let some: Vec<_> = store::numbers::timeline::lines(&mut tx, &asked, None).try_collect().await.unwrap();
    assert!(!some.is_empty() && some.len() < all.len());
}

#[test]
fn a_name_is_never_taken_for_a_formula() {
    let mut lines = csv::Lines::new(&["Client"]).unwrap();
    for name in ["=cmd|'/c calc'!A1", "+1", "@sum", "\t=1", "Maya, \"the\" Chen"] {
        lines.add([name.to_owned()]).unwrap();
    }
    let body = String::from_utf8(lines.body().unwrap()).unwrap();
    assert_eq!(body, "Client\n'=cmd|'/c calc'!A1\n'+1\n'@sum\n'\t=1\n\"Maya, \"\"the\"\" Chen\"\n");
}
