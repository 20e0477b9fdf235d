//! How fast what is due goes out: one clinic with as many series as asked for, whose messages fall due at one instant or over some
//! seconds, and one server that follows up. The carrier takes everything at once. Called by `end2end/bench/follow_up.mjs` with a
//! Postgres of its own; writes one line of JSON.

use anyhow::{Context, ensure};
use async_trait::async_trait;
use clap::{Parser, ValueEnum};
use domain::{
    chart::Chart,
    client::{Client, Contact},
    follow_up::{kind::Kind, policy::Policies},
    ids::{ClientId, ClinicId, PlanId, SessionId, StaffId},
    package::Package,
    plan::Plan,
    record::Record,
    session::{Session, Signed},
    time::{ClinicClock, Moment},
};
use serde::Serialize;
use server::{
    audit::AuditKey,
    clinic::Clinics,
    database,
    demo::{self, Size},
    follow_up::{
        FollowUp,
        transport::{Answer, Outgoing, Transport},
    },
    host::{Host, Machine},
    photo_store::PhotoStore,
    seed,
    store::{self, chart, clinic, follow_up::policy},
};
use sqlx::{Connection, PgConnection, PgPool, postgres::PgConnectOptions};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, time::Instant};

#[derive(Parser)]
struct Arguments {
    /// Where databases may be made, by a role that owns everything.
    #[arg(long, env = "DATABASE_URL")]
    database_url: String,
    /// Series of which something is due.
    #[arg(long, default_value_t = 2_000)]
    due: usize,
    #[arg(long, value_enum, default_value_t = What::Aftercare)]
    what: What,
    /// They fall due one after the other, over so many seconds; only what is said after a visit can.
    #[arg(long, default_value_t = 0)]
    over: u32,
    /// Everything is due when the server starts; otherwise some seconds after.
    #[arg(long)]
    overdue: bool,
    /// Series of which nothing is due for long.
    #[arg(long, default_value_t = 0)]
    beside: i64,
    /// Leaves the clinic as it is before the first is due, for somebody else to send.
    #[arg(long)]
    prepare: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// One message, with what was done and how.
    Aftercare,
    /// Two messages, with free times and a link that books.
    Reminder,
}

impl What {
    fn kind(self) -> Kind {
        match self {
            Self::Aftercare => Kind::Aftercare,
            Self::Reminder => Kind::Reminder,
        }
    }
}

/// What came of it.
#[derive(Serialize)]
struct Told {
    due: usize,
    messages: usize,
    /// From when planning began until everything was planned.
    planning_seconds: f64,
    /// From when the first was due, or the server started, until all were accepted.
    seconds: f64,
    per_second: f64,
    /// From when one was due to when the carrier had it.
    p50_ms: f64,
    p99_ms: f64,
}

/// Stands still until it is started at some moment, and goes on from there.
struct Moved {
    start: AtomicI64,
    since: std::sync::OnceLock<Instant>,
}

impl Host for Moved {
    fn now(&self) -> Moment {
        let passed = self.since.get().map_or(0, |since| i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX));
        Moment::from_millis(self.start.load(Ordering::SeqCst).saturating_add(passed))
    }

    fn fill(&self, bytes: &mut [u8]) {
        Machine.fill(bytes);
    }
}

#[derive(Default)]
struct TakesAll(AtomicUsize);

#[async_trait]
impl Transport for TakesAll {
    async fn send(&self, _: &Outgoing) -> Answer {
        self.0.fetch_add(1, Ordering::Relaxed);
        Answer::Accepted { id: None }
    }
}

const SECOND: i64 = 1000;
const DAY: i64 = 24 * 3600 * SECOND;
/// Series of which something was due the day before.
const YESTERDAY: usize = 2_000;
/// So long before the first is due the server starts.
const LEAD: i64 = 3 * SECOND;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let (pool, mut owner) = database(&arguments.database_url).await?;
    let host = Arc::new(Moved {
        start: AtomicI64::new("2027-01-11T15:00:00Z".parse::<jiff::Timestamp>()?.as_millisecond()),
        since: Default::default(),
    });
    let demo = demo::clinic(Size { clients: 40, sessions: 240, seed: 1 }, host.now());
    seed::seed(&pool, host.as_ref(), Size { clients: 40, sessions: 240, seed: 1 }, &|_, _| {}).await?;
    let id = demo.catalogue.clinic;
    only(&pool, id, arguments.what.kind(), demo.catalogue.staff[0].id, host.now()).await?;
    // What the demo's own clients would be sent is not measured.
    sqlx::query("update follow_up_chart set replan_at = null").execute(&mut owner).await?;
    write(&pool, &demo, &arguments, host.as_ref()).await?;

    let carrier = Arc::new(TakesAll::default());
    let clinics = Arc::new(Clinics::new(pool.clone(), host.clone(), PhotoStore::in_memory(), AuditKey::new(&[7; 32])));
    let server = FollowUp::new(clinics, carrier.clone(), "https://clinic.example".into());
    let began = Instant::now();
    server.once().await?;
    let planning_seconds = began.elapsed().as_secs_f64();
    if arguments.beside > 0 {
        beside(&mut owner, arguments.beside).await?;
    }
    // A clinic that sent something yesterday, as every other day: Postgres knows its tables.
    let (_, yesterday) = planned(&mut owner, arguments.what.kind()).await?;
    host.start.store(yesterday + 60 * SECOND, Ordering::SeqCst);
    server.once().await?;
    carrier.0.store(0, Ordering::Relaxed);
    sqlx::query("vacuum analyze").execute(&mut owner).await?;

    let (planned, first) = planned(&mut owner, arguments.what.kind()).await?;
    ensure!(planned == i64::try_from(arguments.due)?, "{planned} of {} are planned", arguments.due);
    if arguments.prepare {
        return Ok(());
    }
    host.start.store(if arguments.overdue { first + SECOND } else { first - LEAD }, Ordering::SeqCst);
    host.since.set(Instant::now()).ok().context("started twice")?;
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(server.run(stopping));
    wait(&mut owner, planned, first).await?;
    stop.send(true)?;
    running.await?;

    let (p50, p99, last): (f64, f64, f64) = sqlx::query_as(
        "select percentile_cont(0.5) within group (order by late)::float8, percentile_cont(0.99) within group (order by late)::float8,
             (extract(epoch from max(accepted_at)) * 1000)::float8
         from (select accepted_at, extract(epoch from accepted_at - due_at) * 1000 as late from touch
             where state = 'accepted' and due_at >= to_timestamp($1 / 1000.0)) touch",
    )
    .bind(first)
    .fetch_one(&mut owner)
    .await?;
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this century")]
    let from = (if arguments.overdue { first + SECOND } else { first }) as f64;
    let seconds = (last - from) / 1000.0;
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let per_second = arguments.due as f64 / seconds;
    let messages = carrier.0.load(Ordering::Relaxed);
    let told = Told { due: arguments.due, messages, planning_seconds, seconds, per_second, p50_ms: p50, p99_ms: p99 };
    println!("{}", serde_json::to_string(&told)?);
    Ok(())
}

/// How many are waiting, and when the first of them is due. Those of the next years are not meant.
async fn planned(owner: &mut PgConnection, kind: Kind) -> anyhow::Result<(i64, i64)> {
    let (planned, first): (i64, Option<i64>) = sqlx::query_as(
        "select count(*), (extract(epoch from min(due_at)) * 1000)::bigint from touch
         where state = 'planned' and due_at < '2028-01-01' and kind = $1",
    )
    .bind(kind.code())
    .fetch_one(owner)
    .await?;
    Ok((planned, first.context("nothing is due")?))
}

/// An empty database of the server's own, and a connection that owns it.
async fn database(url: &str) -> anyhow::Result<(PgPool, PgConnection)> {
    let options: PgConnectOptions = url.parse()?;
    let mut owner = PgConnection::connect_with(&options).await?;
    sqlx::raw_sql("drop database if exists followed_up with (force)").execute(&mut owner).await?;
    sqlx::raw_sql("create database followed_up").execute(&mut owner).await?;
    let options = options.database("followed_up");
    let mut owner = PgConnection::connect_with(&options).await?;
    database::MIGRATIONS.run(&mut owner).await?;
    Ok((database::pool(options).await?, owner))
}

/// The clinic sends nothing else.
async fn only(pool: &PgPool, id: ClinicId, kind: Kind, by: StaffId, at: Moment) -> anyhow::Result<()> {
    let mut policies = Policies::standard();
    policies.of_packages.clear();
    policies.usual.rules.retain(|rule| rule.kind == kind);
    let mut tx = store::begin(pool, id).await?;
    ensure!(policy::save(&mut tx, id, &policies, 0, by, at).await?, "the policies were edited by somebody else");
    tx.commit().await?;
    Ok(())
}

/// Writes the charts, in lots.
async fn write(pool: &PgPool, demo: &demo::DemoClinic, arguments: &Arguments, host: &dyn Host) -> anyhow::Result<()> {
    let catalogue = &demo.catalogue;
    let package = catalogue.packages.iter().find(|package| package.procedures.len() == 1).context("no plain package")?;
    let is_plain =
        |record: &&Record| record.treatments.len() == 1 && record.response.adverse.is_none() && record.treatments[0].procedure.is_none();
    let records = demo.charts().flat_map(|chart| chart.sessions).filter_map(|session| session.signed).map(|signed| signed.record);
    let records: Vec<_> = records.collect();
    let record = records.iter().find(is_plain).context("no plain visit")?;
    let charts: Vec<_> = (0..arguments.due + YESTERDAY)
        .map(|n| series(n, package, record, &catalogue.clock, demo.catalogue.staff[0].id, arguments, host))
        .collect();
    for lot in charts.chunks(250) {
        let mut tx = store::begin(pool, catalogue.clinic).await?;
        let first = clinic::lock_version(&mut tx, catalogue.clinic).await?.version + 1;
        let lot: Vec<_> = (first..).zip(lot.iter().cloned()).collect();
        chart::add(&mut tx, catalogue.clinic, &lot).await?;
        let changes: Vec<_> = lot.iter().map(|(version, chart)| (*version, chart.client.id)).collect();
        clinic::raise_versions(&mut tx, catalogue.clinic, &changes, host.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Somebody with one series: sold tomorrow, or begun then; the last ones today.
fn series(n: usize, package: &Package, record: &Record, clock: &ClinicClock, by: StaffId, arguments: &Arguments, host: &dyn Host) -> Chart {
    let days = i64::from(n < arguments.due);
    let now = Moment::from_millis(host.now().millis() + days * DAY);
    let contact =
        Contact { version: 1, phone: format!("+1 555 {:03} {:04}", n / 10_000, n % 10_000), email: format!("client{n}@example.com") };
    let client = Client {
        id: ClientId(host.uuid()),
        name: format!("Client Number{n}"),
        birth_date: clock.day(now).plus(-12_000),
        skin_type: None,
        allergies: String::new(),
        contact,
    };
    let plan = Plan {
        id: PlanId(host.uuid()),
        package: package.id,
        name: package.name.clone(),
        price_minor: package.price_minor,
        interval_days: package.interval_days,
        sold_on: clock.day(now),
        sold_by: None,
        paid_before_minor: package.price_minor,
        procedures: package.procedures.clone(),
        events: Vec::new(),
    };
    let session = |number| {
        let id = SessionId(host.uuid());
        // Spread over the seconds asked for, a minute later.
        let spread =
            i64::try_from(n).unwrap_or_default() * i64::from(arguments.over) * SECOND / i64::try_from(arguments.due).unwrap_or(1).max(1);
        let at = Moment::from_millis(now.millis() + 60 * SECOND + spread);
        let mut record = record.clone();
        record.treatments.iter_mut().for_each(|done| done.counts_for = Some(id));
        let signed = (number == 1 && matches!(arguments.what, What::Aftercare)).then_some(Signed { by, at, record });
        Session {
            id,
            plan: plan.id,
            number,
            appointments: vec![],
            past_bookings: vec![],
            signed,
            co_signed: None,
            addenda: vec![],
            followed_up: None,
            photos_skipped: None,
            reports: vec![],
        }
    };
    let sessions = (1..=package.sessions).map(session).collect();
    Chart { plans: vec![plan.clone()], sessions, ..Chart::new(client) }
}

/// Copies one series that many times, each with two touches that are due in some years. Triggers and references are left out meanwhile.
async fn beside(owner: &mut PgConnection, many: i64) -> anyhow::Result<()> {
    sqlx::raw_sql("set session_replication_role = replica").execute(&mut *owner).await?;
    let id = |what: &str| format!("md5('{what}' || n)::uuid");
    let due = |year: u16| format!("timestamptz '{year}-01-01' + n * interval '1 minute'");
    let whose = format!("'client_id', {}, 'plan_id', {}, 'session_id', {}", id("client"), id("plan"), id("session"));
    let touch = |which: &str, kind: &str, year| {
        format!("'id', {}, {whose}, 'kind', '{kind}', 'due_at', {due}, 'look_at', {due}", id(which), due = due(year))
    };
    let copies = [
        ("client", format!("'id', {}", id("client"))),
        ("plan", format!("'id', {}, 'client_id', {}", id("plan"), id("client"))),
        ("plan_epoch", format!("'plan_id', {}", id("plan"))),
        ("session", format!("'id', {}, 'plan_id', {}, 'client_id', {}, 'number', 1", id("session"), id("plan"), id("client"))),
        ("follow_up_chart", format!("'client_id', {}, 'replan_at', null", id("client"))),
        ("touch", touch("check-in", "check_in", 2030)),
        ("touch", touch("midpoint", "midpoint", 2031)),
    ];
    for (table, values) in copies {
        let which = if table == "touch" { "where state = 'planned'" } else { "" };
        let columns: String = sqlx::query_scalar(
            "select string_agg(column_name, ', ') from information_schema.columns
             where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'",
        )
        .bind(table)
        .fetch_one(&mut *owner)
        .await?;
        let copied = columns.replace(", ", ", copy.");
        let sql = format!(
            "insert into {table} ({columns}) select copy.{copied} from {table} one, generate_series(1, {many}) n,
             jsonb_populate_record(one, jsonb_build_object({values})) copy
             where one.ctid = (select ctid from {table} {which} limit 1)"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *owner).await.with_context(|| format!("copying {table}"))?;
    }
    sqlx::raw_sql("set session_replication_role = default").execute(&mut *owner).await?;
    Ok(())
}

/// Until all of them have gone; looks often enough, and seldom enough not to be in the way.
async fn wait(owner: &mut PgConnection, planned: i64, first: i64) -> anyhow::Result<()> {
    let patience = Instant::now() + Duration::from_secs(300);
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let gone = "select count(*) from touch where state = 'accepted' and due_at >= to_timestamp($1 / 1000.0)";
        let gone: i64 = sqlx::query_scalar(gone).bind(first).fetch_one(&mut *owner).await?;
        if gone == planned {
            return Ok(());
        }
        if Instant::now() > patience {
            let states: Vec<(String, i64)> =
                sqlx::query_as("select state, count(*) from touch where due_at < '2028-01-01' group by 1").fetch_all(&mut *owner).await?;
            anyhow::bail!("only {gone} of {planned} went out in time: {states:?}");
        }
    }
}
