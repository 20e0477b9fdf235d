use super::{
    asking::{Answer, Request},
    shapes::{FEED, IPAD, LOST, There, shapes},
    values::{INJECTED, MARKUP, Values, bodies, long},
};
use crate::{
    clients_pages::phone::Phone,
    clinic::{CLINIC, client},
    people::{GOOD, NEW, invited, owned, person},
    photos::{
        files,
        studio::{DESK, OTHER_CLINIC, Studio, consent},
    },
    routes::set_role,
};
use domain::{catalogue::Role, command::Change, consent::PhotoScope, ids::ShareId, photo::Sharing};
use server::{
    http::{access::Access, routes::routes},
    password,
    store::{
        self,
        sign_in::{Account, add_account},
    },
};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Executor, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
};

/// Stands wherever the other clinic has something to hide.
const CANARY: &str = "Kanarienvogel";
const EMAIL: &str = "kaya@clinic.example";
const SHARED: &str = "0123456789abcdef0123456789abcdef";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    Staff(Role),
    Client,
}

const EVERYBODY: [Who; 7] = [
    Who::Nobody,
    Who::Staff(Role::FrontDesk),
    Who::Staff(Role::Coordinator),
    Who::Staff(Role::Provider),
    Who::Staff(Role::MedicalDirector),
    Who::Staff(Role::Owner),
    Who::Client,
];

/// Rows that anybody adds by asking, whoever that is: what is counted, told, or begun.
const OF_ANYBODY: [&str; 9] =
    ["audit", "audit_head", "client_link", "message", "passkey_registration", "passkey_challenge", "quarantine", "sign_in", "sign_in_try"];
const OF_STAFF: [&str; 28] = [
    "booking_elsewhere_placed",
    "feed_client",
    "plan_epoch",
    "touch",
    "touch_step",
    "appointment",
    "booking_heard",
    "change_log",
    "client_address",
    "consent",
    "consent_document",
    "installation",
    "opener",
    "past_booking",
    "plan",
    "plan_event",
    "plan_procedure",
    "receipt",
    "recovery_code",
    "session",
    "set_aside",
    "settlement",
    "sign_in_step",
    "account",
    "passkey_registration",
    "chart_snapshot",
    "message_choice",
    "invitation",
];
const OF_THOSE_WHO_TREAT: [&str; 16] = [
    "addendum",
    "client_report",
    "co_signature",
    "delivery",
    "device_note",
    "follow_up",
    "note_decision",
    "photo",
    "photo_file",
    "photo_mark",
    "photo_share",
    "photo_skip",
    "reading",
    "signed_session",
    "treated_area",
    "treatment",
];
const OF_THOSE_WHO_EDIT: [&str; 15] = [
    "closure",
    "consent_form",
    "consent_version",
    "device",
    "handpiece",
    "opening_hours",
    "package",
    "package_consent",
    "package_procedure",
    "package_view_set",
    "room",
    "spacing_rule",
    "staff_hours",
    "template_version",
    "view_set",
];
const OF_THE_OWNER: [&str; 4] = ["booking_feed", "carrier", "feed_service", "staff"];
const OF_A_CLIENT: [&str; 10] = [
    "appointment",
    "booking_heard",
    "change_log",
    "client_report",
    "client_sign_in",
    "consent",
    "consent_document",
    "message_choice",
    "past_booking",
    "receipt",
];
/// From which something is taken away in the course of things; from all others nothing ever is.
const COME_AND_GO: [&str; 22] = [
    "set_aside",
    "appointment",
    "carrier",
    "client_address",
    "client_link",
    "client_sign_in",
    "closure",
    "device_note",
    "feed_service",
    "invitation",
    "opener",
    "opening_hours",
    "package_procedure",
    "passkey_challenge",
    "passkey_registration",
    "photo_mark",
    "recovery_code",
    "sign_in",
    "sign_in_step",
    "sign_in_try",
    "spacing_rule",
    "staff_hours",
];

impl Who {
    fn may_add_to(self) -> BTreeSet<&'static str> {
        let mut tables = BTreeSet::from(OF_ANYBODY);
        match self {
            Self::Nobody => {}
            Self::Client => tables.extend(OF_A_CLIENT),
            Self::Staff(role) => {
                tables.extend(OF_STAFF);
                if role.charts() {
                    tables.extend(OF_THOSE_WHO_TREAT);
                }
                if role.edits_catalogue() {
                    tables.extend(OF_THOSE_WHO_EDIT);
                }
                if role.runs_clinic() {
                    tables.extend(OF_THE_OWNER);
                }
            }
        }
        tables
    }

    fn is_admitted(self, access: Access) -> bool {
        match self {
            Self::Nobody => access == Access::Anyone,
            Self::Client => matches!(access, Access::Anyone | Access::Client),
            Self::Staff(role) => access.admits(role),
        }
    }

    /// Of all there is to try, every so manieth: all of it for those who get furthest.
    fn step(self, access: Access, path: &str) -> usize {
        match self {
            // What is set aside stays in the chart, and makes it longer with each.
            Self::Staff(Role::Owner) if path == "/api/push" => 4,
            _ if !self.is_admitted(access) => 40,
            Self::Nobody | Self::Client | Self::Staff(Role::Owner) => 1,
            Self::Staff(_) if access == Access::Anyone => 40,
            Self::Staff(_) => 6,
        }
    }
}

struct House {
    studio: Studio,
    /// With every right over the database.
    master: PgConnection,
    there: There,
    /// The cookies of browsers that are the clinic's: one in use, one to be emptied.
    browsers: [String; 2],
}

impl House {
    async fn open(options: PgConnectOptions) -> Self {
        let studio = owned(options.clone()).await;
        let file = files::small();
        let [photo, after] = [studio.take(1, 1, &file, (400, 300)).await, studio.take(2, 2, &file, (400, 300)).await];
        studio.record(consent(&[PhotoScope::Record, PhotoScope::Website])).await;
        for photo in [photo, after] {
            studio.provider().await.send(photo, &file).await;
        }
        let sharing =
            Sharing { id: ShareId(crate::clinic::id(77)), token: SHARED.into(), before: photo, after, scope: PhotoScope::Website };
        studio.record(Change::SharePhotos(sharing)).await;
        studio.record(Change::ReleasePhoto { photo }).await;
        let invitation = invited(&studio.clinics, person(NEW, "Sofia Lind", Role::Provider, 0)).await;
        let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
        let account = Account { clinic: CLINIC, staff: DESK, password_hash: password::hash(GOOD, studio.clinics.host.as_ref()) };
        add_account(&mut tx, &account, EMAIL).await.unwrap();
        tx.commit().await.unwrap();
        let mut master = options.connect().await.unwrap();
        let hide = format!(
            "update client set name = '{CANARY}', email = '{CANARY}@elsewhere.example', phone = '+1 777 555 0199', allergies = '{CANARY}'
                where clinic_id = '{OTHER_CLINIC}';
             update staff set name = 'Dr {CANARY}' where clinic_id = '{OTHER_CLINIC}';
             update clinic set name = '{CANARY} clinic' where clinic_id = '{OTHER_CLINIC}';
             update chart_snapshot set format = 0 where clinic_id = '{OTHER_CLINIC}';
             insert into booking_feed (clinic_id, id, name, secret, made_by, made_at) values ('{CLINIC}', '{FEED}', 'Booker', 'x', '{DESK}', now());
             insert into booking_elsewhere (clinic_id, feed_id, booking, state, starts_at, changed_at, their_client, name, email, phone, service,
                heard_at, unplaced) values ('{CLINIC}', '{FEED}', 'b-1', 'booked', '2026-12-01T10:00:00Z', '2026-10-01T10:00:00Z', 'c-1', '', '',
                '', 'Laser', now(), 'nobody_known')"
        );
        master.execute(AssertSqlSafe(hide)).await.unwrap();
        let there = There { staff: DESK, email: EMAIL.into(), photo, invitation, share: SHARED.into() };
        let mut house = Self { studio, master, there, browsers: Default::default() };
        set_role(&house.studio, Role::Owner).await;
        house.browsers = [house.browser(IPAD).await, house.browser(LOST).await];
        let wipe = serde_json::json!({ "installation": LOST, "act": "Wipe" }).to_string();
        assert_eq!(house.api("/api/change-installation", &wipe).await.status, 200);
        house
    }

    fn address(&self) -> SocketAddr {
        self.studio.nobody().address
    }

    /// As the one at the desk.
    async fn api(&self, path: &str, body: &str) -> Answer {
        let cookie = format!("cadence={}", self.studio.desk().await.token.unwrap());
        let headers = [("content-type", "application/json"), ("cookie", cookie.as_str())]
            .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()));
        let request = Request { method: "POST".into(), target: path.into(), headers: headers.to_vec(), body: body.into() };
        request.ask(self.address()).await
    }

    /// The cookie of a new browser.
    async fn browser(&self, installation: domain::ids::InstallationId) -> String {
        // Whoever has just signed in; the last browser's sign-in belongs to it.
        let mut tx = store::begin(&self.studio.clinics.pool, CLINIC).await.unwrap();
        sqlx::query("delete from sign_in where staff_id = $1").bind(DESK.0).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        let answer = self.api("/api/open", &serde_json::json!({ "installation": installation }).to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let cookies = answer.header("set-cookie");
        let cookie = cookies.iter().find(|cookie| cookie.starts_with("cadence-browser=")).expect("a new browser gets a cookie");
        cookie.split(';').next().unwrap().to_owned()
    }

    async fn cookies(&self, who: Who) -> String {
        match who {
            Who::Nobody => self.browsers[1].clone(),
            Who::Client => {
                let phone = Phone::of(&self.studio, CLINIC, client(0)).await;
                phone.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
            }
            Who::Staff(_) => format!("cadence={}; {}", self.studio.desk().await.token.unwrap(), self.browsers[0]),
        }
    }

    async fn tables(&mut self) -> Vec<String> {
        let sql = r"select tablename::text from pg_tables where schemaname = 'public' and tablename not like '\_sqlx%' order by 1";
        sqlx::query_scalar(sql).fetch_all(&mut self.master).await.unwrap()
    }

    async fn counts(&mut self) -> BTreeMap<String, i64> {
        let mut counts = BTreeMap::new();
        for table in self.tables().await {
            let sql = AssertSqlSafe(format!("select count(*) from {table}"));
            let count = sqlx::query_scalar(sql).fetch_one(&mut self.master).await.unwrap();
            counts.insert(table, count);
        }
        counts
    }

    /// All that tables hold of somebody: rows for which `whose` is true.
    async fn fingerprint(&mut self, column: &str, whose: &str) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for table in self.tables().await {
            let has = "select exists (select from information_schema.columns where table_name = $1 and column_name = $2)";
            if sqlx::query_scalar(has).bind(&table).bind(column).fetch_one(&mut self.master).await.unwrap() {
                let sql = format!(
                    "select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {table} t where {column} = '{whose}'"
                );
                let print = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut self.master).await.unwrap();
                found.insert(table, print);
            }
        }
        found
    }

    /// What was set aside makes a chart slow in time.
    async fn clear_away(&mut self) {
        let clear = format!("delete from set_aside; update chart_snapshot set format = 0 where client_id = '{}'", client(0));
        self.master.execute(AssertSqlSafe(clear)).await.unwrap();
    }
}

/// What was wrong with answers: the first of each kind at each address.
#[derive(Default)]
struct Wrongs(BTreeMap<String, String>);

impl Wrongs {
    /// What no answer may ever be.
    fn check(&mut self, who: Who, (about, request): (&str, &Request), answer: &Answer) {
        let mut wrong = |what: &str| {
            let told = || format!("as {who:?}: {}\n{} {}", request.told(), answer.head, answer.body.chars().take(300).collect::<String>());
            self.0.entry(format!("{about}: {what}")).or_insert_with(told);
        };
        if answer.status >= 500 {
            wrong("the server failed");
        }
        let hidden = if who == Who::Client { vec![CANARY, "Client 1", "Ines Kaya"] } else { vec![CANARY] };
        for hidden in hidden.into_iter().chain(["root:x:0", "panicked at", "sqlx", "syntax error at", "DETAIL:"]) {
            if answer.body.contains(hidden) || answer.head.contains(hidden) {
                wrong(hidden);
            }
        }
        let is_page = answer.header("content-type").iter().any(|kind| kind.starts_with("text/html"));
        if is_page && answer.body.contains(MARKUP) {
            wrong("markup comes back");
        }
        if !answer.header(INJECTED).is_empty() {
            wrong("a header was slipped in");
        }
        if answer.header("location").iter().any(|leads| !leads.starts_with('/') || leads.starts_with("//") || leads.starts_with("/\\")) {
            wrong("led elsewhere");
        }
    }
}

impl Wrongs {
    /// Rows of somebody else, who had no part in it.
    fn changed(&mut self, who: Who, before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
        for (table, _) in before.iter().filter(|(table, print)| after[*table] != **print) {
            self.0.insert(format!("{who:?} changed what is not theirs in {table}"), String::new());
        }
    }
}

/// Whether a push was not answered to its end: what comes after would be handed in again and again, and never arrive.
fn unanswered(request: &Request, answer: &Answer) -> bool {
    let read = |text: &[u8]| serde_json::from_slice::<serde_json::Value>(text).unwrap_or_default();
    let (pushed, answered) = (read(&request.body), read(answer.body.as_bytes()));
    pushed["request"]["commands"].as_array().map(Vec::len) != answered.as_array().map(Vec::len)
}

/// The command after the last one that was answered.
fn first_unanswered(request: &Request, answer: &Answer) -> String {
    let read = |text: &[u8]| serde_json::from_slice::<serde_json::Value>(text).unwrap_or_default();
    let answered = read(answer.body.as_bytes()).as_array().map_or(0, Vec::len);
    read(&request.body)["request"]["commands"][answered]["text"].as_str().unwrap_or_default().chars().take(1_000).collect()
}

/// Addresses and headers that are nobody's.
fn odd() -> Vec<Request> {
    let targets = [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/pkg/..%2f..%2f..%2fetc%2fpasswd",
        "/pkg/../../../../etc/passwd",
        "//etc/passwd",
        "/.git/config",
        "/index.html/../../Cargo.toml",
        "/%00",
        "/a.b%00.html",
        "/%ff%fe",
        "/api/",
        "/api/nothing",
        "/api/..%2fhealth",
        "/me/..",
        "/photos/../accounts.csv",
        "/?next=//elsewhere.example",
        "/sign-in?next=//elsewhere.example",
        "/\\elsewhere.example",
        "/health?x=%00",
        "http://elsewhere.example/",
        "*",
    ];
    let mut all = Vec::new();
    for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "NONSENSE"] {
        for target in targets.iter().copied().chain([format!("/{}", long(9_000)).as_str(), format!("/?q={}", long(30_000)).as_str()]) {
            all.push(Request { method: method.into(), target: target.into(), ..Request::default() });
        }
    }
    let values: [&[u8]; 6] =
        [b"' or 1=1 --", b"../../etc/passwd", b"\xff\xfe", MARKUP.as_bytes(), b"0a0a; cadence-me=0a; =; ;;", b"a, b, c; q=x"];
    let long = long(8_000);
    for value in values.into_iter().chain([long.as_bytes()]) {
        for name in [
            "cookie",
            "user-agent",
            "accept",
            "accept-encoding",
            "content-type",
            "sec-fetch-site",
            "origin",
            "x-forwarded-for",
            "range",
            "if-modified-since",
        ] {
            for target in ["/me", "/accounts.csv", "/sign-in", "/index.html", "/live"] {
                all.push(Request {
                    method: "GET".into(),
                    target: target.into(),
                    headers: vec![(name.to_owned(), value.to_vec())],
                    body: Vec::new(),
                });
            }
        }
        for cookie in ["cadence", "cadence-me", "cadence-step", "cadence-asked", "cadence-browser"] {
            for (method, target) in [
                ("POST", "/api/who"),
                ("POST", "/api/standing"),
                ("GET", "/me"),
                ("GET", "/sign-in/second-step"),
                ("POST", "/api/sign-out"),
                ("GET", "/"),
            ] {
                let headers = vec![
                    ("cookie".to_owned(), [cookie.as_bytes(), b"=", value].concat()),
                    ("content-type".to_owned(), b"application/json".to_vec()),
                ];
                all.push(Request {
                    method: method.into(),
                    target: target.into(),
                    headers,
                    body: b"{\"installation\":\"00000000-0000-0000-0000-000000000001\"}".to_vec(),
                });
            }
        }
    }
    all
}

/// Even as it is meant nothing is there for these: it would take a key that signs, or a link that was sent.
const NOTHING_THERE: [&str; 23] = [
    // It would have to be signed.
    "POST /webhooks/bookings/{feed}",
    // There is no carrier that could sign, or take anything.
    "POST /sms/status/{message}",
    "POST /sms/incoming/{clinic}",
    "POST /carriers/test",
    "GET /me/at/{token}",
    "POST /me/at/{token}",
    // Nothing has stalled.
    "POST /api/log-call",
    "GET /me/book/{session}",
    "POST /account/app/confirm",
    "POST /account/confirm",
    "POST /account/passkey",
    "GET /consents/{client}/{form}/{signed_at}",
    "POST /invitation/{token}/app",
    "POST /invitation/{token}/passkey",
    "GET /me/link/{token}",
    "POST /me/link/{token}",
    "POST /sign-in",
    "POST /sign-in/passkey",
    "POST /me/cancel/{appointment}",
    "POST /account/passkey/remove",
    "POST /api/switch",
    "POST /me/report/{session}",
    "POST /me/book/{session}",
];

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn whatever_is_put_wherever_it_can_be_put_does_no_harm(_: PgPoolOptions, options: PgConnectOptions) {
    let mut house = House::open(options).await;
    let address = house.address();
    let elsewhere = house.fingerprint("clinic_id", &OTHER_CLINIC.to_string()).await;
    assert!(elsewhere.values().filter(|print| !print.is_empty()).count() >= 5, "the other clinic has something to be seen");
    let values = Values::hostile();
    let (mut sent, mut reached, mut wrongs) = (0, BTreeSet::new(), Wrongs::default());
    for who in EVERYBODY {
        if let Who::Staff(role) = who {
            set_role(&house.studio, role).await;
            // Those before have tried too often.
            house.master.execute("delete from sign_in_try").await.unwrap();
            // As when the owner says it: what was known of the catalogue is read anew.
            let anew =
                format!("update clinic_version set version = version + 1, catalogue_version = version + 1 where clinic_id = '{CLINIC}'");
            house.master.execute(AssertSqlSafe(anew)).await.unwrap();
            let form = Request {
                method: "POST".into(),
                target: "/account/confirm".into(),
                headers: vec![
                    ("cookie".into(), house.cookies(who).await.into()),
                    ("content-type".into(), b"application/x-www-form-urlencoded".to_vec()),
                ],
                body: format!("password={GOOD}").replace(' ', "+").into(),
            };
            assert_eq!(form.ask(address).await.status, 303);
        }
        let before = house.counts().await;
        let neighbour = house.fingerprint("client_id", &client(1).to_string()).await;
        for shape in shapes(&house.there) {
            let access = routes().iter().find(|route| route.path == shape.path && route.method == shape.method.as_str()).unwrap().access;
            let step = who.step(access, shape.path);
            let meant = shape.meant();
            let mut requests = meant.clone();
            requests.extend(shape.spoiled(&values, step));
            if shape.method != "GET" {
                requests.extend(shape.with(&bodies()).into_iter().step_by(step.min(4)));
            }
            let mut cookies = house.cookies(who).await;
            for (n, mut request) in requests.into_iter().enumerate() {
                // Some end what they came with.
                if shape.path.ends_with("sign-out") || request.target.starts_with(b"/api/change-installation") {
                    cookies = house.cookies(who).await;
                }
                request.headers.push(("cookie".into(), cookies.clone().into()));
                let answer = request.ask(address).await;
                wrongs.check(who, (&format!("{} {}", shape.method, shape.path), &request), &answer);
                if shape.path == "/api/push" && answer.status == 200 && unanswered(&request, &answer) {
                    wrongs
                        .0
                        .entry("POST /api/push: a command stands in the way of those after it".to_owned())
                        .or_insert_with(|| first_unanswered(&request, &answer));
                }
                if n < meant.len() && answer.status < 400 {
                    reached.insert(format!("{} {}", shape.method, shape.path));
                }
                sent += 1;
            }
            if shape.path == "/api/push" {
                house.clear_away().await;
            }
        }
        for mut request in
            odd().into_iter().step_by(if matches!(who, Who::Nobody | Who::Staff(Role::Owner) | Who::Client) { 1 } else { 10 })
        {
            if !request.headers.iter().any(|(name, _)| name == "cookie") {
                request.headers.push(("cookie".into(), house.cookies(who).await.into()));
            }
            wrongs.check(who, ("an odd request", &request), &request.ask(address).await);
            sent += 1;
        }
        let may_add_to = who.may_add_to();
        for (table, count) in house.counts().await {
            let was = before[&table];
            if count > was && !may_add_to.contains(table.as_str()) {
                wrongs.0.insert(format!("{who:?} added rows to {table}"), format!("{was} → {count}"));
            }
            if count < was && !COME_AND_GO.contains(&table.as_str()) {
                wrongs.0.insert(format!("{who:?} took rows from {table}"), format!("{was} → {count}"));
            }
        }
        if matches!(who, Who::Nobody | Who::Client) {
            wrongs.changed(who, &neighbour, &house.fingerprint("client_id", &client(1).to_string()).await);
        }
        wrongs.changed(who, &elsewhere, &house.fingerprint("clinic_id", &OTHER_CLINIC.to_string()).await);
        let well = Request { method: "GET".into(), target: "/health".into(), ..Request::default() };
        assert_eq!(well.ask(address).await.body, "well");
    }
    println!("{sent} requests");
    let all: BTreeSet<_> = routes().iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let missed: BTreeSet<_> = all.difference(&reached).map(String::as_str).collect();
    for address in missed.symmetric_difference(&BTreeSet::from(NOTHING_THERE)) {
        wrongs.0.insert(format!("{address}: what is meant is not answered as the list says"), String::new());
    }
    assert!(wrongs.0.is_empty(), "{}", wrongs.0.iter().map(|(what, told)| format!("{what}\n{told}\n\n")).collect::<String>());
}
