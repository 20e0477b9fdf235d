//! What speaks like Twilio's Messages, on loopback, and can be told to do what the real one does on bad days.

use super::super::desk::Clock;
use super::{TOKEN, account};
use crate::photos::{
    browser::{Answer, Browser},
    studio::Served,
};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::time::Moment;
use serde_json::json;
use server::{follow_up::transport::twilio, host::Host};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};
use url::form_urlencoded;
use uuid::Uuid;

/// What it does with the next messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// Refuses with this status and code.
    Says(u16, i64),
    /// Has the message, and answers 500 all the same.
    FailsAfter,
    /// Has the message, and hangs up.
    HangsAfter,
    /// Takes its time before it has the message, and once more before it says so. Whoever hangs up before has handed over nothing.
    Slow,
}

/// How many it is keeping waiting, by what they wait for.
#[derive(Default)]
struct Waiting {
    to_be_taken: AtomicUsize,
    to_be_told: AtomicUsize,
}

/// One who waits, or has hung up.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn on(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A message it has.
#[derive(Clone, Debug)]
pub struct Has {
    pub sid: String,
    pub form: HashMap<String, String>,
    pub created: Moment,
    pub status: &'static str,
}

struct Inside {
    clock: Arc<dyn Host>,
    mood: Mutex<Mood>,
    calls: AtomicU64,
    waiting: Waiting,
    has: Mutex<Vec<Has>>,
}

pub struct Telephone {
    inside: Arc<Inside>,
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Telephone {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Telephone {
    pub async fn start(clock: &Arc<Clock>) -> Self {
        Self::start_by(clock.clone()).await
    }

    pub async fn start_by(clock: Arc<dyn Host>) -> Self {
        let inside =
            Inside { clock, mood: Mutex::new(Mood::Takes), calls: AtomicU64::new(0), waiting: Waiting::default(), has: Mutex::default() };
        let inside = Arc::new(inside);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/2010-04-01/Accounts/{account}/Messages.json", post(take).get(list)).with_state(inside.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { inside, address, task }
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn is(&self, mood: Mood) {
        *self.inside.mood.lock().unwrap() = mood;
    }

    pub fn has(&self) -> Vec<Has> {
        self.inside.has.lock().unwrap().clone()
    }

    /// How many wait until it has their message, and how many until it says so; of [`Mood::Slow`].
    pub fn keeps_waiting(&self) -> (usize, usize) {
        let Waiting { to_be_taken, to_be_told } = &self.inside.waiting;
        (to_be_taken.load(Ordering::SeqCst), to_be_told.load(Ordering::SeqCst))
    }

    /// Lets so many minutes pass over what it has.
    pub fn age(&self, minutes: i64) {
        let earlier = |at: Moment| Moment::from_millis(at.millis() - minutes * 60_000);
        self.inside.has.lock().unwrap().iter_mut().for_each(|one| one.created = earlier(one.created));
    }

    /// What its list says of them from now on.
    pub fn set_status(&self, status: &'static str) {
        self.inside.has.lock().unwrap().iter_mut().for_each(|one| one.status = status);
    }

    /// At most one for each try, whatever happened.
    pub fn has_each_once(&self) -> bool {
        let has = self.has();
        let mut callbacks: Vec<_> = has.iter().map(|one| one.form["StatusCallback"].as_str()).collect();
        callbacks.sort_unstable();
        callbacks.windows(2).all(|pair| pair[0] != pair[1])
    }
}

fn may(headers: &HeaderMap, of: &str) -> bool {
    let wanted = format!("Basic {}", STANDARD.encode(format!("{}:{TOKEN}", account())));
    of == account() && headers.get("authorization").is_some_and(|value| value.as_bytes() == wanted.as_bytes())
}

fn fault(status: u16, code: i64) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, json!({ "code": code, "message": "as its documentation says", "status": status.as_u16() }).to_string()).into_response()
}

async fn take(State(inside): State<Arc<Inside>>, Path(of): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    if !may(&headers, &of) {
        return fault(401, 20003);
    }
    let mood = *inside.mood.lock().unwrap();
    if let Mood::Says(status, code) = mood {
        return fault(status, code);
    }
    let form: HashMap<_, _> = form_urlencoded::parse(&body).into_owned().collect();
    let call = inside.calls.fetch_add(1, Ordering::SeqCst);
    let pause = |times: u64| tokio::time::sleep(Duration::from_millis(call * times % 240));
    if mood == Mood::Slow {
        let _waits = Waits::on(&inside.waiting.to_be_taken);
        pause(7_919).await;
    }
    let sid = {
        let mut has = inside.has.lock().unwrap();
        let sid = format!("SM{:032x}", has.len() + 1);
        has.push(Has { sid: sid.clone(), form, created: inside.clock.now(), status: "queued" });
        sid
    };
    if mood == Mood::Slow {
        let _waits = Waits::on(&inside.waiting.to_be_told);
        pause(104_729).await;
    }
    match mood {
        Mood::FailsAfter => fault(500, 20500),
        Mood::HangsAfter => std::future::pending().await,
        _ => (StatusCode::CREATED, json!({ "sid": sid, "status": "queued", "error_code": null }).to_string()).into_response(),
    }
}

async fn list(
    State(inside): State<Arc<Inside>>,
    Path(of): Path<String>,
    Query(asked): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if !may(&headers, &of) {
        return fault(401, 20003);
    }
    let has = inside.has.lock().unwrap();
    let messages: Vec<_> = has
        .iter()
        .rev()
        .filter(|one| one.form.get("To") == asked.get("To"))
        .map(|one| {
            json!({
                "sid": one.sid, "to": one.form["To"], "body": one.form["Body"], "direction": "outbound-api",
                "date_created": one.created.timestamp().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string(), "status": one.status, "error_code": null,
            })
        })
        .collect();
    json!({ "messages": messages }).to_string().into_response()
}

/// The origin of the tests' HTTP server: what Twilio is told to call, and signs.
const CALLED: &str = "http://clinic.example";

/// Calls the clinic's server, signed as Twilio signs.
pub async fn call(server: &Served, path: &str, fields: &[(&str, &str)]) -> Answer {
    let owned: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let signature = twilio::signature(TOKEN, &format!("{CALLED}{path}"), &owned);
    call_with(server, path, fields, &signature).await
}

pub async fn call_with(server: &Served, path: &str, fields: &[(&str, &str)], signature: &str) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("x-twilio-signature", signature)];
    let browser = Browser { address: server.address, token: None };
    browser.ask("POST", path, &headers, body.as_bytes()).await
}

/// Tells what became of a message.
pub async fn tell(server: &Served, token: Uuid, status: &str, error: Option<&str>) -> u16 {
    let mut fields = vec![("MessageSid", "SM00000000000000000000000000000001"), ("MessageStatus", status), ("To", "+13125550000")];
    fields.extend(error.map(|error| ("ErrorCode", error)));
    call(server, &twilio::status_path(token), &fields).await.status
}
