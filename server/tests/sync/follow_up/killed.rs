//! Four server processes on one Postgres, killed (SIGKILL) at every step of sending and started again, until everything has come to
//! rest: of no try the carrier has two messages, by no channel has anybody got a touch twice, and of every touch it is known what became of
//! it. The program is the real one, and so is its clock; only the minutes after which a silent server counts as ended are passed by hand.

use super::{
    carriers::{
        set_sms,
        telephone::{Mood, Telephone},
    },
    desk::Desk,
    year::dice::Dice,
};
use crate::{
    clinic::{self, CLINIC, PACKAGE, SESSIONS, client, id, record},
    device::signed_in,
    roles::named,
};
use domain::{
    chart::Chart,
    client::{Client, Contact},
    command::Change,
    follow_up::{
        kind::Kind,
        policy::{Channel, Policies},
    },
    ids::{PlanId, SessionId},
    plan::Plan,
    session::Session,
    time::{Day, Moment},
};
use server::{
    database,
    follow_up::{policies, transport::twilio},
    host::{Host, Machine},
    store::{self, chart},
};
use sqlx::{
    ConnectOptions, Executor, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use uuid::Uuid;

/// Those whose reminder is due, and those who are treated while the servers die, some in each round.
const REMINDED: u128 = 140;
const TREATED: u128 = 20;
const SEED: u64 = 20_261_123;
const HOUR: i64 = 60 * 60 * 1000;

/// In the midst of what the servers are killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Some were taken, and that is not committed.
    Claiming,
    /// The carrier listens, and has not got it.
    BeforeItIsTaken,
    /// The carrier has it, and has not said so.
    Taken,
    /// It has said so, and that is not committed.
    Recording,
    /// One after the other, and another in its place.
    Anywhere,
}

const ROUNDS: [Step; 7] =
    [Step::Claiming, Step::BeforeItIsTaken, Step::Taken, Step::Recording, Step::Anywhere, Step::Anywhere, Step::Anywhere];

struct Servers {
    url: String,
    folder: TempDir,
    running: Vec<Child>,
    killed: usize,
}

impl Servers {
    /// What they need beside the database: the keys by which the test sealed and signed.
    async fn beside(options: &PgConnectOptions, owner: &mut PgConnection) -> Self {
        let role = named(options, "killed");
        database::let_serve(owner, &role).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("audit.key"), "07".repeat(32)).unwrap();
        let url = options.clone().username(&role).to_url_lossy().to_string();
        Self { url, folder, running: Vec::new(), killed: 0 }
    }

    fn start(&mut self) {
        let log = File::options().append(true).create(true).open(self.log()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_cadence"));
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--site", concat!(env!("CARGO_MANIFEST_DIR"), "/../public")])
            .env("DATABASE_URL", &self.url)
            .env("CADENCE_DATA", self.folder.path())
            .env("CADENCE_ORIGIN", "http://localhost:7300")
            .env("CADENCE_SIGN_IN_KEY", "09".repeat(32))
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true);
        self.running.push(command.spawn().unwrap());
    }

    fn start_four(&mut self) {
        (0..4).for_each(|_| self.start());
    }

    /// Without a word, as when the current fails. Only those that were started here.
    async fn kill(&mut self, n: usize) {
        let mut one = self.running.swap_remove(n);
        assert!(one.try_wait().unwrap().is_none(), "it ended by itself: {}", self.said());
        one.kill().await.unwrap();
        self.killed += 1;
    }

    async fn kill_all(&mut self) {
        for one in &mut self.running {
            assert!(one.try_wait().unwrap().is_none(), "it ended by itself");
            one.start_kill().unwrap();
        }
        for mut one in self.running.drain(..) {
            one.wait().await.unwrap();
            self.killed += 1;
        }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap()
    }
}

/// Noon at the clinic, whenever this runs: the reminders were due this morning, and no hour is quiet.
fn zone_with_noon(now: Moment) -> String {
    let hours_ahead = 12 - now.millis().div_euclid(HOUR).rem_euclid(24);
    // The sign of these names is that of the hours behind.
    format!("Etc/GMT{:+}", -hours_ahead)
}

/// One series of four sessions.
fn chart_of(n: u128, sold_on: Day) -> Chart {
    let contact = Contact { phone: format!("+1 312 555 {n:04}"), email: format!("client{n}@example.com"), ..Contact::default() };
    let born = Day::new(1990, 1, 1).unwrap();
    let name = format!("Client {n}");
    let mut chart = Chart::new(Client { id: client(n), name, birth_date: born, skin_type: None, allergies: String::new(), contact });
    let package = clinic::package(false);
    let plan = PlanId(id(20_000_000 + n));
    chart.plans.push(Plan {
        id: plan,
        package: PACKAGE,
        name: package.name,
        price_minor: package.price_minor,
        interval_days: package.interval_days,
        sold_on,
        sold_by: None,
        paid_before_minor: 0,
        procedures: package.procedures,
        events: vec![],
    });
    chart.sessions.extend((1..=SESSIONS).map(|number| Session {
        id: session_of(n, number),
        plan,
        number,
        appointments: vec![],
        past_bookings: vec![],
        signed: None,
        addenda: vec![],
        co_signed: None,
        followed_up: None,
        photos_skipped: None,
        reports: vec![],
    }));
    chart
}

fn session_of(n: u128, number: u16) -> SessionId {
    SessionId(id(30_000_000 + n * 100 + u128::from(number)))
}

/// The clinic, with everybody in it. Aftercare goes by SMS first, so that it, too, goes to the carrier that is slow.
async fn open(options: &PgConnectOptions, owner: &mut PgConnection) -> Desk {
    let now = Machine.now();
    clinic::open(options.clone(), 0).await;
    sqlx::query("update clinic set zone = $1").bind(zone_with_noon(now)).execute(&mut *owner).await.unwrap();
    let desk = Desk::beside(options.clone()).await;
    desk.clock.set_millis(now.millis());
    let mut policies = Policies::standard();
    let aftercare = policies.usual.rules.iter_mut().find(|rule| rule.kind == Kind::Aftercare).unwrap();
    aftercare.channels = vec![Channel::Sms, Channel::Email];
    policies::save(&desk.clinics, &signed_in(), &policies, 0).await.unwrap().unwrap();
    let noon = now.timestamp().to_zoned(jiff::tz::TimeZone::get(&zone_with_noon(now)).unwrap()).date();
    let today = Day(noon);
    let treated = TREATED * u128::try_from(ROUNDS.len()).unwrap();
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let version = store::clinic::lock_version(&mut tx, CLINIC).await.unwrap().version;
    // A first session is due two weeks after the sale, and its reminder goes two days before that.
    let sold = |n: u128| if n < REMINDED { today.plus(-12) } else { today };
    let charts: Vec<_> = (version + 1..).zip((0..REMINDED + treated).map(|n| chart_of(n, sold(n)))).collect();
    chart::add(&mut tx, CLINIC, &charts).await.unwrap();
    let changes: Vec<_> = charts.iter().map(|(version, chart)| (*version, chart.client.id)).collect();
    store::clinic::raise_versions(&mut tx, CLINIC, &changes, now).await.unwrap();
    tx.commit().await.unwrap();
    desk
}

async fn treat(desk: &Desk, n: u128) {
    desk.clock.set_millis(Machine.now().millis());
    let session = session_of(n, 1);
    desk.applied(client(n), Change::SignSession { session, record: record(session, 10), rest: None }).await;
}

async fn count(owner: &mut PgConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(owner).await.unwrap()
}

/// A database that is slow where the servers are to be killed.
const SLOWLY: &str = "
    create function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(tg_argv[0]::float8); return null; end $$;
    create trigger claimed_slowly after insert on attempt for each statement execute function slowly('0.012');
    create trigger recorded_slowly after update on attempt for each statement execute function slowly('0.02')";

const CLAIMING: &str = "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep' and query like 'insert into attempt%'";
const RECORDING: &str =
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep' and query like 'update attempt%'";

async fn is_in_the_midst(owner: &mut PgConnection, telephone: &Telephone, step: Step) -> bool {
    let (to_be_taken, to_be_told) = telephone.keeps_waiting();
    match step {
        Step::Claiming => count(owner, CLAIMING).await > 0,
        Step::BeforeItIsTaken => to_be_taken > 2,
        Step::Taken => to_be_told > 2,
        Step::Recording => count(owner, RECORDING).await > 0,
        Step::Anywhere => to_be_taken + to_be_told > 0,
    }
}

/// Looks every few milliseconds until it is so; the time is bounded.
async fn until(what: &str, servers: &Servers, mut is: impl AsyncFnMut() -> bool) {
    for _ in 0..2_000 {
        if is().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("never {what}: {}", servers.said());
}

/// Nobody runs; so many minutes pass over what was taken and over what the carrier lists.
async fn pass(owner: &mut PgConnection, telephone: &Telephone, minutes: i32) {
    // What was killed in the midst of a statement is gone when Postgres notices.
    sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename like 'killed%'")
        .execute(&mut *owner)
        .await
        .unwrap();
    for sql in [
        "update attempt set started_at = started_at - $1 * interval '1 minute'",
        "update touch set look_at = look_at - $1 * interval '1 minute' where state in ('claimed', 'uncertain')",
        "update follow_up_due set next_at = '-infinity' where $1 > 0",
    ] {
        sqlx::query(sql).bind(minutes).execute(&mut *owner).await.unwrap();
    }
    telephone.age(minutes.into());
}

const LEFT_BEHIND: &str = "select count(*) from touch where state in ('claimed', 'uncertain') and look_at <= now()";

const AT_REST: &str = "select (select count(*) from touch where look_at <= now() or state in ('claimed', 'attempted'))
    + (select count(*) from follow_up_chart where replan_at <= now())";

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn servers_that_are_killed_anywhere_send_nothing_twice_and_lose_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let url = options.to_url_lossy().to_string();
    let (mut owner, _) = database::as_owner(Some(&url), Path::new("/nowhere"), &|_| ()).await.unwrap();
    let desk = open(&options, &mut owner).await;
    let telephone = Telephone::start_by(Arc::new(Machine)).await;
    set_sms(&desk, &telephone.base()).await;
    telephone.is(Mood::Slow);
    owner.execute(SLOWLY).await.unwrap();
    let mut servers = Servers::beside(&options, &mut owner).await;
    let mut dice = Dice::new(SEED, 0);
    // What was found right after each kill: taken, tried, and with the carrier, of which nothing was written down.
    let (mut unsaid, mut with_carrier) = (0, 0);
    let mut next = REMINDED;
    for step in ROUNDS {
        servers.start_four();
        // What the servers before had taken is looked at first, and the carrier asked for it.
        until("taken up", &servers, async || count(&mut owner, LEFT_BEHIND).await == 0).await;
        let more = next + TREATED;
        while next < more {
            treat(&desk, next).await;
            next += 1;
        }
        until(&format!("{step:?}"), &servers, async || is_in_the_midst(&mut owner, &telephone, step).await).await;
        if step == Step::Anywhere {
            for _ in 0..3 {
                tokio::time::sleep(Duration::from_millis(dice.below(400))).await;
                servers.kill(usize::try_from(dice.below(4)).unwrap()).await;
                servers.start();
            }
            tokio::time::sleep(Duration::from_millis(dice.below(400))).await;
        } else {
            tokio::time::sleep(Duration::from_millis(dice.below(10))).await;
        }
        servers.kill_all().await;
        pass(&mut owner, &telephone, 6).await;
        let known = tokens(&mut owner, "select token from attempt where outcome is null").await;
        let has = telephone.has();
        unsaid += known.len();
        with_carrier += known.iter().filter(|token| has.iter().any(|one| one.form["StatusCallback"].ends_with(&path(**token)))).count();
    }
    telephone.is(Mood::Takes);
    owner.execute("drop function slowly cascade").await.unwrap();
    // A quarter of an hour in which the carrier is asked, and what is given up then.
    for minutes in [4, 4, 16, 16] {
        servers.start_four();
        until("at rest", &servers, async || count(&mut owner, AT_REST).await == 0).await;
        // What was just asked is answered.
        tokio::time::sleep(Duration::from_millis(300)).await;
        servers.kill_all().await;
        pass(&mut owner, &telephone, minutes).await;
    }
    let kills = servers.killed;
    println!("{kills} servers killed; {unsaid} tries of which nothing was written down, {with_carrier} of them with the carrier");
    assert!(unsaid > 20 && with_carrier > 4, "nothing was in the midst: {unsaid}, {with_carrier}");
    everything_is_known(&mut owner, &telephone, with_carrier).await;
}

fn path(token: Uuid) -> String {
    twilio::status_path(token)
}

async fn tokens(owner: &mut PgConnection, sql: &'static str) -> Vec<Uuid> {
    sqlx::query_scalar(sql).fetch_all(owner).await.unwrap()
}

async fn everything_is_known(owner: &mut PgConnection, telephone: &Telephone, with_carrier: usize) {
    assert!(telephone.has_each_once(), "the carrier has two messages of one try");
    let token_of = |url: &str| url.rsplit('/').next().unwrap().parse().unwrap();
    let taken: Vec<Uuid> = telephone.has().iter().map(|one| token_of(&one.form["StatusCallback"])).collect();
    let twice: i64 = sqlx::query_scalar(
        "select count(*) from (select 1 from attempt join touch on touch.id = touch_id where token = any($1)
            group by coalesce(retry_of, touch.id), attempt.channel having count(*) > 1) twice",
    )
    .bind(&taken)
    .fetch_one(&mut *owner)
    .await
    .unwrap();
    assert_eq!(twice, 0, "the carrier has a touch twice");
    // What is known to be with the carrier is; and of what it has beside that, nobody says that it has not.
    let accepted = tokens(owner, "select token from attempt where channel = 'Sms' and outcome = 'accepted'").await;
    assert!(accepted.iter().all(|token| taken.contains(token)), "it says accepted, and the carrier has not got it");
    let unknown = "select token from attempt join touch on touch.id = touch_id where outcome = 'unknown' and state = 'uncertain'";
    let unknown = tokens(owner, unknown).await;
    let unasked: Vec<_> = taken.iter().filter(|token| !accepted.contains(token)).collect();
    assert!(unasked.iter().all(|token| unknown.contains(token)), "the carrier has it, and it is not uncertain");
    // It keeps a list: what stays unknown is what was asked for by servers that were killed as well.
    assert!(unasked.len() * 2 < with_carrier, "nobody knows of {} of {with_carrier}, and the carrier lists them", unasked.len());
    let states: Vec<(String, String, i64)> =
        sqlx::query_as("select kind, state, count(*) from touch where kind in ('aftercare', 'reminder') and tried_at is not null group by 1, 2 order by 1, 2")
            .fetch_all(&mut *owner)
            .await
            .unwrap();
    println!("{states:?}; the carrier has {}, of {} of them nobody knows", taken.len(), unasked.len());
    for (what, sql) in [
        ("tries without an outcome", "select count(*) from attempt where outcome is null"),
        ("touches between two states", "select count(*) from touch where state in ('claimed', 'attempted')"),
        (
            "touches that went twice by one channel",
            "select count(*) from (select 1 from attempt join touch on touch.id = touch_id where outcome = 'accepted'
                group by coalesce(retry_of, touch.id), attempt.channel having count(*) > 1) twice",
        ),
        (
            "touches that went by another channel although it is not uncertain what became of them",
            "select count(*) from touch again join touch first on first.id = again.retry_of where first.state <> 'uncertain'",
        ),
        (
            "messages of which a try says nothing",
            "select count(*) from message where attempt in (select token from attempt where outcome <> 'accepted')",
        ),
        (
            "touches that are due and forgotten",
            "select count(*) from touch where kind in ('aftercare', 'reminder') and due_at <= now()
                and not (state in ('accepted', 'uncertain', 'suppressed') or (state = 'planned' and look_at > now()))",
        ),
        (
            "uncertain ones of a carrier that keeps a list and has them",
            "select count(*) from touch where state = 'uncertain'
                and exists (select from attempt where touch_id = touch.id and outcome = 'accepted')",
        ),
    ] {
        assert_eq!(count(owner, sql).await, 0, "{what}: {states:?}");
    }
    let went: i64 = states.iter().filter(|(_, state, _)| state == "accepted").map(|(.., n)| n).sum();
    assert!(went > 40, "{states:?}");
}
