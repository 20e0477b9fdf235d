//! Before anybody has signed in, what is known here and what is not are answered alike, after the same work.

use crate::{
    clients_pages::phone::on_file,
    clinic::{CLINIC, COLLEAGUE, PROVIDER, client, id},
    hostile::{asking::Request, values::long},
    people::{GOOD, NEW, invited, owned, person},
    photos::studio::{DESK, Studio},
};
use domain::catalogue::Role;
use server::{
    password,
    store::{
        self,
        sign_in::{Account, add_account},
    },
};
use sqlx::{
    ConnectOptions, Connection, Executor,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// What is logged on this thread, on which everything but hashing runs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// How often each statement was made, and how often a password compared.
type Work = BTreeMap<String, usize>;

impl Log {
    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn taken(&self) -> Work {
        let text = String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap();
        let mut work = Work::new();
        for line in text.lines() {
            let statement = line.split_once("summary=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(summary, _)| summary.to_owned());
            // A new connection of the pool begins so: that depends on how many are busy, not on who asks.
            let statement = statement.filter(|statement| !statement.starts_with("set role "));
            let compared = line.contains("a password is compared").then(|| "a password".to_owned());
            if let Some(done) = statement.or(compared) {
                *work.entry(done).or_default() += 1;
            }
        }
        work
    }
}

/// An answer, without what is drawn at random and what was typed.
#[derive(Debug, PartialEq)]
struct Told {
    status: u16,
    body: String,
    leads: String,
}

struct Door {
    studio: Studio,
    log: Log,
}

impl Door {
    /// Until what is done beside the answer is done: nothing more has been written for a while.
    async fn quiet(&self) {
        for _ in 0..100 {
            let before = self.log.len();
            tokio::time::sleep(Duration::from_millis(60)).await;
            if self.log.len() == before {
                return;
            }
        }
        panic!("the server is never done");
    }

    async fn asked(&self, path: &str, cookie: &str, content_type: &str, body: &str) -> (Told, Work) {
        self.log.taken();
        let headers =
            [("content-type", content_type), ("cookie", cookie)].map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()));
        let method = if content_type.is_empty() { "GET" } else { "POST" };
        let request = Request { method: method.into(), target: path.into(), headers: headers.to_vec(), body: body.into() };
        let answer = request.ask(self.studio.nobody().address).await;
        self.quiet().await;
        let work = self.log.taken();
        let typed = body.split('&').next().and_then(|field| field.split_once('=')).map_or("", |(_, value)| value).replace("%40", "@");
        let mut text = if typed.is_empty() { answer.body.clone() } else { answer.body.replace(&typed, "TYPED") };
        // A nonce is as long as any other.
        while let Some(begins) = text.find("nonce=\"") {
            let end = begins + 7 + text[begins + 7..].find('"').unwrap();
            text.replace_range(begins..=end, "");
        }
        let token = path.rsplit('/').next().unwrap();
        (Told { status: answer.status, body: text.replace(token, "TOKEN"), leads: answer.header("location").concat() }, work)
    }

    async fn form(&self, path: &str, body: &str) -> (Told, Work) {
        self.asked(path, "", "application/x-www-form-urlencoded", body).await
    }

    async fn api(&self, path: &str, cookie: &str, body: &serde_json::Value) -> (Told, Work) {
        self.asked(path, cookie, "application/json", &body.to_string()).await
    }
}

/// Only what is written after the answer, and read for that, may differ.
fn same_work(known: &Work, unknown: &Work, beside: &[&str], what: &str) {
    for (done, times) in unknown {
        assert!(known.get(done).is_some_and(|known| known >= times), "{what}: only for the unknown: {done}\n{known:#?}\n{unknown:#?}");
    }
    for (done, times) in known {
        let more = times - unknown.get(done).unwrap_or(&0);
        let is_beside = beside.iter().any(|beside| done.contains(beside));
        assert!(more == 0 || is_beside, "{what}: only for the known: {done}\n{known:#?}\n{unknown:#?}");
    }
    assert_eq!(known.get("a password"), unknown.get("a password"), "{what}");
}

/// What tells the clinic that a sign-in was refused.
const NOTED: [&str; 6] = ["BEGIN", "select number, hash", "COMMIT", "audit", "select set_config('cadence.clinic_id'", "with added as"];
/// What sends a link.
const SENT: [&str; 9] = [
    "BEGIN",
    "COMMIT",
    "client_address",
    "client_link",
    "message",
    "select channel, settings as", // the clinic's carrier
    "select clinic.name as clinic",
    "select set_config('cadence.cl",
    "with ",
];

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn known_and_unknown_are_answered_alike_after_the_same_work(_: PgPoolOptions, options: PgConnectOptions) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        .with_env_filter(EnvFilter::new("off,sqlx::query=debug,server=trace"));
    let _logging = tracing::subscriber::set_default(subscriber.finish());

    let studio = owned(options.clone()).await;
    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let password_hash = password::hash(GOOD, studio.clinics.host.as_ref());
    for (staff, email) in [(DESK, "kaya@clinic.example"), (COLLEAGUE, "gone@clinic.example")] {
        add_account(&mut tx, &Account { clinic: CLINIC, staff, password_hash: password_hash.clone() }, email).await.unwrap();
    }
    sqlx::query("update staff set active = false where id = $1").bind(COLLEAGUE.0).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let link = invited(&studio.clinics, person(NEW, "Sofia Lind", Role::Provider, 0)).await;
    on_file(&studio, CLINIC, client(0), "client@clinic.example", "+1 555 010 7788").await;
    let door = Door { studio, log };

    // Address and password.
    let (unknown, unknown_work) = door.form("/sign-in", "email=nobody%40clinic.example&password=wrong").await;
    assert_eq!((unknown.status, unknown_work.get("a password")), (401, Some(&1)));
    let odd = format!("{}%40clinic.example", long(300));
    for known in
        ["kaya%40clinic.example", "KAYA%40clinic.example", "gone%40clinic.example", "lind%40clinic.example", "a%00b%40clinic.example", &odd]
    {
        let (told, work) = door.form("/sign-in", &format!("email={known}&password=wrong")).await;
        assert!(told.status == unknown.status && told.leads == unknown.leads, "{known}: {told:?}");
        assert_eq!(told.body.replace('\0', "").len() / 64, unknown.body.len() / 64, "{known}");
        same_work(&work, &unknown_work, &NOTED, known);
    }
    // Exactly the same, where what was typed comes back the same.
    let (known, _) = door.form("/sign-in", "email=kaya%40clinic.example&password=wrong").await;
    assert_eq!(known, unknown);
    // When it was tried too often, too; nothing is compared any more.
    let mut ends = Vec::new();
    for email in ["kaya%40clinic.example", "nobody%40clinic.example"] {
        for _ in 0..server::backend::MOST_TRIES {
            door.form("/sign-in", &format!("email={email}&password=wrong")).await;
        }
        let (told, work) = door.form("/sign-in", &format!("email={email}&password=wrong")).await;
        assert_eq!((told.status, work.get("a password")), (429, None));
        ends.push(told);
    }
    assert_eq!(ends[0], ends[1]);

    // A client's address.
    let (unknown, unknown_work) = door.form("/me/ask", "to=nobody%40clinic.example").await;
    assert_eq!(unknown.status, 200);
    for known in ["client%40clinic.example", "%2B1+555+010+7788"] {
        let (told, work) = door.form("/me/ask", &format!("to={known}")).await;
        assert_eq!(told, unknown, "{known}");
        same_work(&work, &unknown_work, &SENT, known);
    }
    let (odd, _) = door.form("/me/ask", "to=neither").await;
    assert_eq!(odd, unknown);

    // Links: one that was never made, and one that has ended.
    let never = "0a".repeat(32);
    let mut master = options.connect().await.unwrap();
    master.execute("update invitation set ends_at = '2020-01-01'").await.unwrap();
    master.close().await.unwrap();
    for (path, form) in [
        ("/invitation/TOKEN", "password=lamp+orbit+velvet+seven"),
        ("/invitation/TOKEN/app", "code=123456"),
        ("/invitation/TOKEN/passkey", "answer=%7B%7D"),
    ] {
        let (ended, ended_work) = door.form(&path.replace("TOKEN", &link), form).await;
        let (unknown, unknown_work) = door.form(&path.replace("TOKEN", &never), form).await;
        assert_eq!((ended.status, &ended.leads), (unknown.status, &unknown.leads), "{path}");
        assert_eq!(ended.body.len(), unknown.body.len(), "{path}");
        same_work(&ended_work, &unknown_work, &[], path);
        same_work(&unknown_work, &ended_work, &[], path);
    }

    // The second step, with a step that never was; a passkey, whose challenge never was.
    let bodies = ["code=123456", "code=%00"];
    let mut told = Vec::new();
    for (body, cookie) in
        [(bodies[0], String::new()), (bodies[1], format!("cadence-step={never}")), (bodies[0], "cadence-step=x".to_owned())]
    {
        told.push(door.asked("/sign-in/second-step", &cookie, "application/x-www-form-urlencoded", body).await.0);
    }
    assert!(told.iter().all(|one| *one == told[0] && one.status == 303), "{told:?}");

    // A PIN, for whoever has not the browser's own cookie: whether browser or person are known does not show.
    let pin = |installation: u128, staff: uuid::Uuid| serde_json::json!({ "typed": { "installation": id(installation), "staff": staff, "pin": "204816" } });
    let ipad = browser(&door).await;
    let (unknown, unknown_work) = door.api("/api/switch", "", &pin(999, id(998))).await;
    assert_eq!(unknown.status, 401);
    for (installation, staff) in [(950, PROVIDER.0), (950, id(998)), (999, PROVIDER.0)] {
        for cookie in ["", &format!("cadence-browser={never}")] {
            let (told, work) = door.api("/api/switch", cookie, &pin(installation, staff)).await;
            assert_eq!(told, unknown);
            if cookie.is_empty() {
                assert_eq!(work, unknown_work);
            }
        }
    }
    // At the clinic's own browser a colleague who never signed in there is nobody.
    let (colleague, colleague_work) = door.api("/api/switch", &ipad, &pin(950, DESK.0)).await;
    let (nobody, nobody_work) = door.api("/api/switch", &ipad, &pin(950, id(998))).await;
    assert_eq!((colleague, colleague_work), (nobody, nobody_work));
}

/// A browser at which somebody who treats has just signed in: its cookie.
async fn browser(door: &Door) -> String {
    let token = door.studio.provider().await.token.unwrap();
    let headers = [("content-type", "application/json".to_owned()), ("cookie", format!("cadence={token}"))]
        .map(|(name, value)| (name.to_owned(), value.into_bytes()));
    let body = serde_json::json!({ "installation": id(950) }).to_string();
    let request = Request { method: "POST".into(), target: "/api/open".into(), headers: headers.to_vec(), body: body.into() };
    let answer = request.ask(door.studio.nobody().address).await;
    let cookie = answer.header("set-cookie").into_iter().find(|cookie| cookie.starts_with("cadence-browser=")).unwrap();
    cookie.split(';').next().unwrap().to_owned()
}
