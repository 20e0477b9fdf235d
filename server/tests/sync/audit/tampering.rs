//! Somebody with every right over the database, and without the key.

use super::{anchor, beside, fault, verdict};
use crate::clinic::{self, CLINIC, PROVIDER, audit_key, client, id};
use domain::audit::{Action, Who};
use server::{
    audit::{
        self, Entry,
        anchor::{Kept, kept},
        verify::Fault,
    },
    clinic::Clinics,
    host::Machine,
    photo_store::PhotoStore,
    store,
};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{path::Path, process::Stdio, sync::Arc};

const ROWS: i64 = 12;

/// Twelve rows, anchored.
async fn written(options: &PgConnectOptions) -> Arc<Clinics> {
    let clinics = clinic::open(options.clone(), 2).await;
    write(&clinics, ROWS).await;
    anchor(&clinics).await;
    clinics
}

async fn write(clinics: &Clinics, rows: i64) {
    for n in 0..rows {
        let entry = match n % 3 {
            0 => Entry::by_staff(PROVIDER, Action::SignIn),
            1 => Entry::by_staff(PROVIDER, Action::ReadPhoto).about(client(0)).id("photo", id(5_000)),
            _ => Entry::by(Who::Nobody, Action::SeenOutside).about(client(1)).count("pictures", 2),
        };
        audit::note(clinics, CLINIC, entry).await.unwrap();
    }
}

/// Everything is put back as it was before the next try.
const KEEP: &str = "create table kept as select * from audit; create table kept_head as select * from audit_head";
const PUT_BACK: &str = "truncate audit; delete from audit_head;
    insert into audit_head select * from kept_head; insert into audit select * from kept";

const FORGED: &str =
    "select clinic_id, %, at, received_at, who, who_id, action, client_id, detail, previous, sha256(hash) from kept where number = 5";

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn whatever_the_database_s_master_does_to_the_rows_is_found(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = written(&options).await;
    assert_eq!(verdict(&clinics).await.good, ROWS.unsigned_abs());
    assert_eq!(fault(&clinics).await, None);
    let mut master = PgConnection::connect_with(&options).await.unwrap();
    master.execute(KEEP).await.unwrap();

    let changed = (5, Fault::Changed);
    let at_the_end = FORGED.replace('%', "13");
    let tries = [
        ("action", "update audit set action = 'sign-out' where number = 5".to_owned(), changed),
        ("who", "update audit set who_id = gen_random_uuid() where number = 5".to_owned(), changed),
        ("nobody any more", "update audit set who = 'nobody', who_id = null where number = 5".to_owned(), changed),
        ("about whom", "update audit set client_id = gen_random_uuid() where number = 5".to_owned(), changed),
        ("about nobody", "update audit set client_id = null where number = 5".to_owned(), changed),
        ("a millionth of a second", "update audit set at = at + interval '1 microsecond' where number = 5".to_owned(), changed),
        ("arrival", "update audit set received_at = received_at - interval '1 day' where number = 5".to_owned(), changed),
        ("detail", "update audit set detail = detail || '{\"photo\": null}' where number = 5".to_owned(), changed),
        ("more detail", "update audit set detail = detail || '{\"more\": 1}' where number = 5".to_owned(), changed),
        ("hash", "update audit set hash = sha256(hash) where number = 5".to_owned(), changed),
        ("previous", "update audit set previous = sha256(hash) where number = 5".to_owned(), changed),
        // With a hash that anybody can make.
        (
            "a hash without the key",
            "update audit set action = 'sign-out', hash = sha256(previous || action::bytea) where number = 5".to_owned(),
            changed,
        ),
        ("taken out", "delete from audit where number = 5".to_owned(), (5, Fault::Missing)),
        (
            "taken out, and the others moved up",
            "delete from audit where number = 5; update audit set number = number + 100 where number > 5;
             update audit set number = number - 101 where number > 100; update audit_head set number = 11"
                .to_owned(),
            (5, Fault::OutOfOrder { written_as: Some(6) }),
        ),
        (
            "two that change places",
            "update audit set number = 100 where number = 5; update audit set number = 5 where number = 6;
             update audit set number = 6 where number = 100"
                .to_owned(),
            (5, Fault::OutOfOrder { written_as: Some(6) }),
        ),
        ("cut off", "delete from audit where number > 9".to_owned(), (10, Fault::CutOff { to: 12 })),
        (
            "cut off, and the head put back",
            "delete from audit where number > 9;
             update audit_head set number = 9, hash = (select hash from audit where number = 9)"
                .to_owned(),
            (10, Fault::CutOff { to: 12 }),
        ),
        ("an old head", "update audit_head set number = 9, hash = (select hash from audit where number = 9)".to_owned(), (9, Fault::Head)),
        ("another head", "update audit_head set hash = sha256(hash)".to_owned(), (12, Fault::Head)),
        ("no head", "delete from audit_head".to_owned(), (0, Fault::Head)),
        ("everything gone", "truncate audit; delete from audit_head".to_owned(), (1, Fault::CutOff { to: 12 })),
        ("one more", format!("insert into audit {at_the_end}"), (13, Fault::Inserted)),
        (
            "one more, with the head",
            format!("insert into audit {at_the_end}; update audit_head set number = 13, hash = (select hash from audit where number = 13)"),
            (13, Fault::Changed),
        ),
        (
            "one in between",
            format!(
                "update audit set number = number + 100 where number >= 5; update audit set number = number - 99 where number > 100;
                 insert into audit {}; update audit_head set number = 13",
                FORGED.replace('%', "5").replace("previous", "(select hash from kept where number = 4)")
            ),
            (5, Fault::Inserted),
        ),
        (
            "one before the first",
            format!("alter table audit drop constraint audit_number_check; insert into audit {}", FORGED.replace('%', "0")),
            (0, Fault::Inserted),
        ),
        (
            "a number twice",
            format!("alter table audit drop constraint audit_pkey; insert into audit {}", FORGED.replace('%', "12")),
            (12, Fault::Inserted),
        ),
    ];
    for (what, sql, expected) in tries {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut master).await.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(fault(&clinics).await, Some(expected), "{what}");
        sqlx::raw_sql(PUT_BACK).execute(&mut master).await.unwrap();
        assert_eq!(fault(&clinics).await, None, "{what}, put back");
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_chain_that_was_cut_off_and_goes_on_keeps_the_anchor_as_proof(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = written(&options).await;
    let mut master = PgConnection::connect_with(&options).await.unwrap();
    let cut = "delete from audit where number > 9; update audit_head set number = 9, hash = (select hash from audit where number = 9)";
    sqlx::raw_sql(cut).execute(&mut master).await.unwrap();
    // Servers notice nothing and write on, past the place.
    write(&clinics, 6).await;
    let before = kept(&clinics.photos, &audit_key(), CLINIC).await.unwrap();
    anchor(&clinics).await;
    assert!(matches!(&before, Kept::Anchor(anchor) if anchor.number == ROWS));
    assert_eq!(kept(&clinics.photos, &audit_key(), CLINIC).await.unwrap(), before, "the anchor has not moved");
    assert_eq!(fault(&clinics).await, Some((ROWS, Fault::Anchor)));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn an_anchor_moves_forward_only_and_is_believed_only_when_a_server_wrote_it(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = written(&options).await;
    let first = kept(&clinics.photos, &audit_key(), CLINIC).await.unwrap();
    write(&clinics, 3).await;
    anchor(&clinics).await;
    let last = kept(&clinics.photos, &audit_key(), CLINIC).await.unwrap();
    assert!(matches!((&first, &last), (Kept::Anchor(first), Kept::Anchor(last)) if (first.number, last.number) == (ROWS, ROWS + 3)));
    // A slow server's, which comes late.
    let late = beside(&clinics, clinics.photos.clone()).await;
    late.photos.put_anchor(CLINIC, 12, "written long ago".into()).await.unwrap();
    assert_eq!(kept(&clinics.photos, &audit_key(), CLINIC).await.unwrap(), last);
    assert_eq!(fault(&clinics).await, None);

    let elsewhere = beside(&clinics, PhotoStore::in_memory()).await;
    assert_eq!(fault(&elsewhere).await, Some((15, Fault::NoAnchor)));
    elsewhere.photos.put_anchor(CLINIC, 9, format!("9 {} 0 {}\n", "00".repeat(32), "00".repeat(32))).await.unwrap();
    anchor(&elsewhere).await;
    assert_eq!(fault(&elsewhere).await, Some((9, Fault::Anchor)));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn several_servers_anchor_one_chain_and_none_sets_it_back(_: PgPoolOptions, options: PgConnectOptions) {
    let folder = tempfile::tempdir().unwrap();
    let plain = clinic::open(options, 1).await;
    let photos = PhotoStore::folder(&folder.path().join("photos")).unwrap();
    let mut servers = Vec::new();
    for _ in 0..4 {
        servers.push(Arc::new(beside(&plain, photos.clone()).await));
    }
    let tasks = servers.iter().cloned().map(|server| {
        tokio::spawn(async move {
            let mut highest = 0;
            for _ in 0..8 {
                write(&server, 1).await;
                anchor(&server).await;
                let Kept::Anchor(kept) = kept(&server.photos, &audit_key(), CLINIC).await.unwrap() else { panic!("there is an anchor") };
                assert!(kept.number >= highest, "{} after {highest}", kept.number);
                highest = kept.number;
            }
        })
    });
    for task in futures::future::join_all(tasks).await {
        task.unwrap();
    }
    anchor(&servers[0]).await;
    assert_eq!(fault(&servers[0]).await, None);
    let Kept::Anchor(kept) = kept(&photos, &audit_key(), CLINIC).await.unwrap() else { panic!("there is an anchor") };
    assert_eq!(kept.number, 32);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn the_command_says_how_many_are_good_and_fails_on_the_first_that_is_bad(_: PgPoolOptions, options: PgConnectOptions) {
    let folder = tempfile::tempdir().unwrap();
    let (key_file, pictures) = (folder.path().join("audit.key"), folder.path().join("photos"));
    let key = audit::key::open(&key_file, true, &Machine).unwrap();
    let plain = clinic::open(options.clone(), 2).await;
    let clinics = Clinics::new(plain.pool.clone(), plain.host.clone(), PhotoStore::folder(&pictures).unwrap(), key);
    write(&clinics, ROWS).await;
    anchor(&clinics).await;
    let run = async |key_file: &Path| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_cadence"));
        command.arg("verify-audit").arg("--photos").arg(&pictures).arg("--audit-key").arg(key_file);
        command.env("DATABASE_URL", options.to_url_lossy().to_string()).stdin(Stdio::null());
        let output = command.output().await.unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    let (code, said) = run(&key_file).await;
    assert!(code == Some(0) && said.contains(&format!("Clinic {CLINIC}: all 12 rows are good.")), "{code:?}: {said}");

    let mut master = PgConnection::connect_with(&options).await.unwrap();
    master.execute("update audit set at = at - interval '1 hour' where number = 7").await.unwrap();
    let (code, said) = run(&key_file).await;
    assert!(code == Some(1) && said.contains("6 rows are good. BAD at number 7: changed"), "{code:?}: {said}");

    let (code, said) = run(&folder.path().join("lost.key")).await;
    assert!(code == Some(1) && said.contains("is missing"), "{code:?}: {said}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn the_server_itself_can_only_add(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = written(&options).await;
    for sql in ["update audit set at = now()", "delete from audit", "truncate audit", "delete from audit_head", "truncate audit_head"] {
        let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
        let refused = tx.execute(sql).await.expect_err(sql);
        assert_eq!(refused.as_database_error().and_then(|error| error.code()).as_deref(), Some("42501"), "{sql}: {refused}");
    }
    // Nor another clinic's, nor move every head because it may read every one.
    let mut tx = clinics.pool.begin().await.unwrap();
    tx.execute("select set_config('cadence.every_head', 'on', true)").await.unwrap();
    tx.execute("update audit_head set number = 0").await.expect_err("a head is moved on behalf of its clinic only");
}
