//! A backup is put back: it holds the clinics apart as the original did, its audit verifies, and devices are told.

use crate::{
    audit::{anchor, verdict},
    clinic::{self, CLINIC, Counting, LASER, audit_key, client, id, session},
    device::Device,
    photos::{
        files,
        studio::{OTHER_CLINIC, Studio},
    },
    roles::{master_of, named},
};
use domain::{
    command::Change,
    ids::{AddendumId, DeviceNoteId},
};
use server::{
    audit::verify::{Fault, every_clinic},
    clinic::Clinics,
    database, store,
};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Executor, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{collections::BTreeMap, path::Path, process::Output, sync::Arc};

/// A program of the very Postgres that runs.
async fn program(options: &PgConnectOptions, name: &str) -> tokio::process::Command {
    let mut master = options.connect().await.unwrap();
    let folder: String = sqlx::query_scalar("select setting from pg_config where name = 'BINDIR'").fetch_one(&mut master).await.unwrap();
    let mut command = tokio::process::Command::new(Path::new(&folder).join(name));
    let host = options.get_socket().map_or_else(|| options.get_host().to_owned(), |socket| socket.display().to_string());
    command.env("PGHOST", host).env("PGPORT", options.get_port().to_string()).env("PGUSER", options.get_username());
    command
}

async fn dumped(options: &PgConnectOptions, by: &str, file: &Path) -> Output {
    let mut dump = program(options, "pg_dump").await;
    dump.env("PGUSER", by).arg("--format=custom").arg("--file").arg(file).arg(options.get_database().unwrap()).output().await.unwrap()
}

fn went_well(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// As whoever runs the clinic's server does it, into an empty database. Returns how to get to it.
async fn put_back(options: &PgConnectOptions, file: &Path) -> PgConnectOptions {
    let name = named(options, "back");
    let mut master = options.connect().await.unwrap();
    master.execute(AssertSqlSafe(format!("drop database if exists \"{name}\" with (force)"))).await.unwrap();
    master.execute(AssertSqlSafe(format!("create database \"{name}\""))).await.unwrap();
    let mut restore = program(options, "pg_restore").await;
    went_well(&restore.args(["--exit-on-error", "--dbname", &name]).arg(file).output().await.unwrap());
    options.clone().database(&name)
}

/// A server on the restored database, with the photo store as it is now.
async fn served(back: &PgConnectOptions, clinics: &Clinics) -> Arc<Clinics> {
    let pool = database::pool(back.clone()).await.unwrap();
    Arc::new(Clinics::new(pool, Arc::new(Counting::from(900_000)), clinics.photos.clone(), audit_key()))
}

async fn drop_again(options: &PgConnectOptions, back: &PgConnectOptions) {
    let mut master = options.connect().await.unwrap();
    master.execute(AssertSqlSafe(format!("drop database \"{}\" with (force)", back.get_database().unwrap()))).await.unwrap();
}

/// How tables are held, by whom they may be used, and what is in them.
async fn described(master: &mut PgConnection) -> BTreeMap<String, String> {
    let sql = r"select c.relname::text as name, format('%s %s %s %s %s %s',
            c.relrowsecurity, c.relforcerowsecurity,
            (select string_agg(polname || pg_get_expr(polqual, polrelid) || coalesce(pg_get_expr(polwithcheck, polrelid), ''), ';' order by polname)
                from pg_policy where polrelid = c.oid),
            c.relacl,
            (select string_agg(attname || attacl::text, ';' order by attname) from pg_attribute where attrelid = c.oid and attacl is not null),
            (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I', c.relname), false, true, '')))[1])
        from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1";
    let rows: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(master).await.unwrap();
    rows.into_iter().collect()
}

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn a_backup_that_is_put_back_is_held_apart_and_verifies(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options.clone()).await;
    let file = files::small();
    let photo = studio.take(1, 1, &file, (400, 300)).await;
    studio.provider().await.send(photo, &file).await;
    studio.provider().await.get(&format!("/photos/{photo}")).await;
    studio.stranger().await;
    anchor(&studio.clinics).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    went_well(&dumped(&options, options.get_username(), &backup).await);
    let back = put_back(&options, &backup).await;

    let mut master = options.connect().await.unwrap();
    let mut master_of_back = back.connect().await.unwrap();
    let (original, restored) = (described(&mut master).await, described(&mut master_of_back).await);
    assert_eq!(original, restored);
    assert!(
        restored.len() > 50 && restored.iter().filter(|(name, _)| !name.starts_with('_')).all(|(_, held)| held.starts_with("t t ")),
        "{restored:?}"
    );

    let clinics = served(&back, &studio.clinics).await;
    let with_a_clinic =
        "select table_name::text from information_schema.columns where table_schema = 'public' and column_name = 'clinic_id'";
    let tables: Vec<String> = sqlx::query_scalar(with_a_clinic).fetch_all(&mut master_of_back).await.unwrap();
    let mut seen = 0;
    for table in &tables {
        for clinic in [CLINIC, OTHER_CLINIC] {
            let mut tx = store::begin(&clinics.pool, clinic).await.unwrap();
            let sql = format!("select count(*), count(*) filter (where clinic_id <> $1) from {table}");
            let (all, foreign): (i64, i64) = sqlx::query_as(AssertSqlSafe(sql)).bind(clinic.0).fetch_one(&mut *tx).await.unwrap();
            assert_eq!(foreign, 0, "{table}");
            seen += all;
        }
    }
    assert!(tables.len() > 50 && seen > 30);
    // No clinic, no answer.
    assert!(sqlx::query("select count(*) from client").execute(&clinics.pool).await.is_err());
    let verdicts = every_clinic(&clinics, &|_, _, _| ()).await.unwrap();
    assert!(
        verdicts.iter().any(|verdict| verdict.clinic == CLINIC && verdict.good > 0)
            && verdicts.iter().all(|verdict| verdict.fault.is_none()),
        "{verdicts:?}"
    );

    // Whoever serves cannot make a backup that would lack every clinic, and be taken for whole.
    let role = named(&options, "backup");
    database::let_serve(&mut master, &role).await.unwrap();
    let partial = dumped(&options, &role, &folder.path().join("partial")).await;
    assert!(!partial.status.success());
    drop(master_of_back);
    drop_again(&options, &back).await;
}

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn an_older_backup_is_found_out_and_devices_are_told(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options.clone()).await;
    let addendum = |n: u128, text: &str| Change::AddAddendum { session: session(0, 1), addendum: AddendumId(id(n)), text: text.into() };
    studio.record(Change::SignSession { session: session(0, 1), record: clinic::record(session(0, 1), 10), rest: None }).await;
    let signed_in = studio.provider().await;
    assert_eq!(signed_in.get("/accounts.csv").await.status, 200);
    anchor(&studio.clinics).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    went_well(&dumped(&options, options.get_username(), &backup).await);

    // A day goes on: somebody signs out, one change arrives, another waits on a device.
    signed_in.ask("POST", "/api/sign-out", &[("content-type", "application/json")], b"{}").await;
    assert_eq!(signed_in.get("/accounts.csv").await.status, 401);
    studio.record(addendum(601, "after the backup")).await;
    anchor(&studio.clinics).await;
    assert_eq!(verdict(&studio.clinics).await.fault, None);
    let held = Device::new(7, &studio.clinics).await;
    held.sync().await;
    let note = Change::PinDeviceNote { note: DeviceNoteId(id(602)), device: LASER, text: "only on this device".into() };
    held.engine.record(client(1), note, None).await.unwrap();

    let back = put_back(&options, &backup).await;
    let clinics = served(&back, &studio.clinics).await;
    let Some((from, Fault::CutOff { to })) = verdict(&clinics).await.fault else { panic!("nobody noticed that rows are gone") };
    assert!(from <= to);
    assert!(Fault::CutOff { to }.to_string().contains("an older backup was put back"));

    // As its person does it, before anything serves.
    let mut restored = tokio::process::Command::new(env!("CARGO_BIN_EXE_cadence"));
    let output = restored.arg("restored").env("DATABASE_URL", back.to_url_lossy().to_string()).output().await.unwrap();
    went_well(&output);
    assert!(String::from_utf8_lossy(&output.stdout).contains("Clinics: 2."));
    let mut master = master_of(&options, back.get_database().unwrap()).await;
    let held_apart: bool = sqlx::query_scalar(
        "select bool_and(relforcerowsecurity) from pg_class where relname in ('clinic_version', 'sign_in', 'client_link')",
    )
    .fetch_one(&mut master)
    .await
    .unwrap();
    assert!(held_apart);
    // Whoever had signed out stays out, though the backup had the sign-in.
    let sign_ins: i64 = sqlx::query_scalar("select count(*) from sign_in").fetch_one(&mut master).await.unwrap();
    assert_eq!(sign_ins, 0);
    let epochs: Vec<sqlx::types::Uuid> = sqlx::query_scalar("select epoch from clinic_version").fetch_all(&mut master).await.unwrap();
    assert!(epochs.len() == 2 && epochs[0] != epochs[1]);

    // The clinic goes on, past the version the device had seen.
    let other = Device::new(8, &clinics).await;
    other.sync().await;
    for n in 0..4 {
        other
            .engine
            .record(client(1), Change::CorrectContact { based_on: n, phone: format!("+1 555 010{n}"), email: String::new() }, None)
            .await
            .unwrap();
        other.sync().await;
    }
    assert!(other.cursor().unwrap().version > held.cursor().unwrap().version);
    let held = held.at(clinics.clone()).await;
    held.sync().await;
    other.sync().await;
    let chart = |device: &Device, n| format!("{:?}", device.engine.read(|replica| replica.chart(client(n)).unwrap()));
    for n in [0, 1] {
        assert_eq!(chart(&held, n), chart(&other, n));
    }
    assert!(!chart(&held, 0).contains("after the backup") && chart(&held, 1).contains("only on this device"));
    drop(master);
    clinics.pool.close().await;
    drop_again(&options, &back).await;
}
