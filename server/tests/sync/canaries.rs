//! What people type never reaches what the program writes about itself: the program as it runs, with a private Postgres, with everything
//! that its own code has to say, and with whatever can go wrong going wrong.

use crate::{
    clinic::{self, CLINIC, client},
    hostile::{
        asking::{Answer, Request},
        shapes::{Shape, There, shapes},
        values::{Values, bodies, long},
    },
    photos::studio::DESK,
};
use domain::{
    catalogue::{Role, Staff},
    ids::{PhotoId, StaffId},
    time::Moment,
};
use server::{
    clinic::Clinics,
    password,
    store::{
        self, catalogue,
        own_pages::sign_in as client_sign_in,
        sign_in::{self, Account, add_account},
    },
    token,
};
use sqlx::{ConnectOptions, Executor, PgConnection, postgres::PgConnectOptions};
use std::{
    fs::{self, File, Permissions},
    net::SocketAddr,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;
use tokio::process::{Child, Command};

const PASSWORD: &str = "kanarienvogel Passwort 9";
const TOKEN: &str = "ca9a41e5ca9a41e5ca9a41e5ca9a41e5";

/// Whatever can be typed: names, addresses, numbers, notes, PINs, passwords, tokens.
fn canaries() -> Vec<String> {
    vec![
        "Kanarienvogel Müller".into(),
        "kanarienvogel@clinic.example".into(),
        "+1 555 786 4321".into(),
        "Kanarienvogel\0".into(),
        format!("kanarienvogel@{}", long(4_000)),
        "786431".into(),
        PASSWORD.into(),
        TOKEN.into(),
        "' Kanarienvogel \" \\ {}".into(),
    ]
}

/// As it would be found, whatever became of the rest.
fn found(text: &str) -> Option<String> {
    let small = text.to_lowercase();
    let line = |at: usize| small[..at].rfind('\n').map_or(0, |at| at + 1);
    let marks = ["kanarienvogel", "555 786", "5557864321", "555+786", "786431", TOKEN];
    let at = marks.iter().filter_map(|mark| small.match_indices(mark).map(|(at, _)| at).find(|at| is_alone(&small, *at, mark))).min()?;
    Some(small[line(at)..].lines().next().unwrap_or_default().chars().take(600).collect())
}

/// Six digits stand by chance within longer numbers.
fn is_alone(text: &str, at: usize, mark: &str) -> bool {
    let beside = [text[..at].chars().next_back(), text[at + mark.len()..].chars().next()];
    mark != "786431" || !beside.iter().flatten().any(char::is_ascii_hexdigit)
}

struct Program {
    child: Child,
    address: SocketAddr,
    folder: TempDir,
}

impl Program {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Postgres may be another user.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let written = |name: &str| Stdio::from(File::create(folder.path().join(name)).unwrap());
        let mut command = Command::new(env!("CARGO_BIN_EXE_cadence"));
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--site", concat!(env!("CARGO_MANIFEST_DIR"), "/../public")])
            .env_remove("DATABASE_URL")
            .env("CADENCE_DATA", folder.path().join("data"))
            .env("CADENCE_ORIGIN", "http://localhost:7300")
            // What the program says without being asked, and all that its own code says.
            .env("RUST_LOG", "warn,sqlx=error,server=trace,cadence=trace,app=trace,domain=trace")
            .stdin(Stdio::null())
            .stdout(written("stdout"))
            .stderr(written("stderr"))
            .kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        for _ in 0..600 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let said = fs::read_to_string(folder.path().join("stdout")).unwrap();
            if let Some((_, rest)) = said.split_once("Cadence is ready: http://") {
                let address = rest.lines().next().unwrap().parse().unwrap();
                return Self { child, address, folder };
            }
            if let Some(ended) = child.try_wait().unwrap() {
                panic!("it ended with {ended}: {}", fs::read_to_string(folder.path().join("stderr")).unwrap());
            }
        }
        panic!("it never was ready");
    }

    /// With every right over its database.
    fn master(&self) -> PgConnectOptions {
        let socket = self.data().join("socket");
        PgConnectOptions::new_without_pgpass().socket(socket).username("cadence_owner").database("cadence")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// All it has written about itself, and Postgres about it.
    fn log(&self) -> String {
        let read = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        [self.folder.path().join("stdout"), self.folder.path().join("stderr"), self.data().join("postgres.log")]
            .map(|path| read(&path))
            .concat()
    }
}

/// Cookies of the owner and of a client, made in the database.
async fn sign_ins(clinics: &Clinics) -> [String; 3] {
    let (staff, own) = ("5e".repeat(32), "5f".repeat(32));
    let (since, until) = (Moment::from_millis(0), Moment::from_millis(2_000_000_000_000));
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    catalogue::add_staff(&mut tx, CLINIC, &Staff { id: DESK, name: "Kanarienvogel Kaya".into(), role: Role::Owner, active: true })
        .await
        .unwrap();
    let account = Account { clinic: CLINIC, staff: DESK, password_hash: password::hash(PASSWORD, clinics.host.as_ref()) };
    add_account(&mut tx, &account, "kanarienvogel@clinic.example").await.unwrap();
    sign_in::begin(&mut tx, (CLINIC, DESK), &token::hash(&staff), since, until).await.unwrap();
    client_sign_in::add(&mut tx, CLINIC, client(0), &token::hash(&own), since, until).await.unwrap();
    sqlx::query("update client set name = 'Kanarienvogel Müller', email = 'kanarienvogel@clinic.example', phone = '+1 555 786 4321', allergies = 'Kanarienvogel'")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    [String::new(), format!("cadence={staff}"), format!("cadence-me={own}")]
}

/// The same everywhere, each with its own share of what there is.
async fn ask_everything(program: &Program, there: &There, cookies: &[String], step: usize) -> Vec<(Request, Answer)> {
    let values = Values::only(&canaries());
    let mut asked = Vec::new();
    for cookie in cookies {
        // Some end what the others come with.
        for shape in shapes(there).into_iter().filter(|shape| !shape.path.ends_with("sign-out") && shape.path != "/api/change-installation")
        {
            for mut request in of(&shape, &values, step) {
                request.headers.push(("cookie".into(), cookie.clone().into()));
                request.headers.push(("user-agent".into(), "Kanarienvogel/1.0 (iPad)".into()));
                let answer = request.ask(program.address).await;
                asked.push((request, answer));
            }
        }
    }
    asked
}

fn of(shape: &Shape, values: &Values, step: usize) -> Vec<Request> {
    let mut requests = shape.meant();
    requests.extend(shape.spoiled(values, step));
    if shape.method != "GET" {
        let broken = bodies().into_iter().chain(canaries().into_iter().map(|canary| format!("{{\"request\":\"{canary}\",").into_bytes()));
        requests.extend(shape.with(&broken.collect::<Vec<_>>()).into_iter().step_by(step));
    }
    requests
}

/// What is done to the database, what undoes it, and what the program is to complain of at least.
const SABOTAGE: [(&str, &str, &str); 6] = [
    // As a disk that is full says it, with the row in what Postgres adds.
    (
        "create function full_disk() returns trigger language plpgsql as $$ begin
            raise exception 'could not extend file: No space left on device' using errcode = '53100', detail = 'Failing row: ' || new::text, hint = new::text;
         end $$;
         create trigger full_disk before insert on receipt for each row execute function full_disk();
         create trigger full_disk before insert on message for each row execute function full_disk();
         create trigger full_disk before insert on sign_in_try for each row execute function full_disk()",
        "drop function full_disk cascade",
        "53100: could not extend file",
    ),
    // Words that hold the row themselves.
    (
        "create function talkative() returns trigger language plpgsql as $$ begin raise exception 'not this: %', new; end $$;
         create trigger talkative before insert on audit for each row execute function talkative();
         create trigger talkative before update on staff for each row execute function talkative();
         create trigger talkative before insert on receipt for each row execute function talkative();
         create trigger talkative before insert on message for each row execute function talkative()",
        "drop function talkative cascade",
        "error P0001",
    ),
    // The failing row stands in the detail.
    (
        "alter table receipt add constraint nothing check (content = '') not valid; alter table message add constraint nothing check (text = '') not valid;
         alter table account add constraint nothing check (email = '') not valid; alter table audit add constraint nothing check (action = '') not valid",
        "alter table receipt drop constraint nothing; alter table message drop constraint nothing; alter table account drop constraint nothing;
         alter table audit drop constraint nothing",
        "23514: new row for relation",
    ),
    ("revoke insert on receipt, message, audit from cadence_app", "grant insert on receipt, message, audit to cadence_app", "42501: permission denied"),
    ("alter table receipt rename to elsewhere", "alter table elsewhere rename to receipt", "42P01: relation"),
    // What was stored is not what it should be.
    (
        "update receipt set outcome = '\"Kanarienvogel\"'; update consent_form set kind = 'Treatment'; update chart_snapshot set body = 'Kanarienvogel'",
        "update chart_snapshot set format = 0",
        "cannot be read",
    ),
];

#[tokio::test]
async fn nothing_anybody_types_reaches_what_the_program_writes_about_itself() {
    let program = Program::start().await;
    let clinics: Arc<Clinics> = clinic::open(program.master(), 2).await;
    let cookies = sign_ins(&clinics).await;
    let there = There {
        staff: StaffId(DESK.0),
        email: "kanarienvogel@clinic.example".into(),
        photo: PhotoId(clinic::id(5_001)),
        invitation: TOKEN.into(),
        share: TOKEN.into(),
    };
    let asked = ask_everything(&program, &there, &cookies, 2).await;
    let went_well = asked.iter().filter(|(_, answer)| answer.status < 400).count();
    assert!(asked.len() > 500 && went_well > 100, "{} asked, {went_well} went well", asked.len());
    // The right password, and a wrong one.
    for password in [PASSWORD, "kanarienvogel falsch"] {
        let body = format!("email=kanarienvogel%40clinic.example&password={}", password.replace(' ', "+"));
        let headers = vec![("content-type".to_owned(), b"application/x-www-form-urlencoded".to_vec())];
        Request { method: "POST".into(), target: "/sign-in".into(), headers, body: body.into() }.ask(program.address).await;
    }
    assert_eq!(found(&program.log()), None);

    let mut master = program.master().connect().await.unwrap();
    for (break_it, mend_it, complaint) in SABOTAGE {
        // Nothing that is kept would hide that it is broken.
        master.execute(break_it).await.unwrap();
        let before = program.log().matches(complaint).count();
        let asked = ask_everything(&program, &there, &cookies, 7).await;
        // What was sent before is sent again.
        for (mut request, _) in asked.into_iter().filter(|(request, _)| request.target == b"/api/push").take(3) {
            request.headers.retain(|(name, _)| name != "cookie");
            request.headers.push(("cookie".into(), cookies[1].clone().into()));
            request.ask(program.address).await;
            request.ask(program.address).await;
        }
        assert_eq!(found(&program.log()), None, "{break_it}");
        assert!(program.log().matches(complaint).count() > before, "nobody complained of {complaint}:\n{}", tail(&program.log()));
        master.execute(mend_it).await.unwrap();
    }
    broken_lines(&program, &mut master, &there, &cookies).await;
    assert_eq!(found(&program.log()), None);

    // A folder for pictures that cannot be written to.
    fs::remove_dir_all(program.data().join("photos")).unwrap();
    fs::write(program.data().join("photos"), "").unwrap();
    ask_everything(&program, &there, &cookies, 60).await;

    let health = Request { method: "GET".into(), target: "/health".into(), ..Request::default() };
    assert_eq!(health.ask(program.address).await.body, "well");
    let log = program.log();
    assert_eq!(found(&log), None);
    // The log is one, and it does say what it has to.
    assert!(log.contains("a password is compared") && log.matches("ERROR").count() > 20, "{}", tail(&log));
    assert!(!log.contains("a bug at"), "{}", tail(&log));
    clinics.pool.close().await;
    drop(master);
    end(program).await;
}

/// Connections that end in the middle of whatever they do.
async fn broken_lines(program: &Program, master: &mut PgConnection, there: &There, cookies: &[String]) {
    let asking = ask_everything(program, there, cookies, 40);
    tokio::pin!(asking);
    loop {
        tokio::select! {
            _ = &mut asking => break,
            () = tokio::time::sleep(Duration::from_millis(25)) => {
                master.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'cadence_server'").await.unwrap();
            }
        }
    }
}

fn tail(log: &str) -> String {
    log.lines().rev().take(30).collect::<Vec<_>>().join("\n")
}

async fn end(mut program: Program) {
    let pid = program.child.id().expect("it runs");
    let asked = std::process::Command::new("kill").arg("-TERM").arg(pid.to_string()).status().unwrap();
    assert!(asked.success());
    assert!(program.child.wait().await.unwrap().success());
    assert_eq!(found(&program.log()), None);
}
