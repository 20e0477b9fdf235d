//! How many bookings a second one clinic's calendar takes: several devices sign in to a running server and book free quarter
//! hours as fast as it answers. Called by `cargo xtask bench`; writes one line of JSON.

use anyhow::{Context, ensure};
use app::{
    api::{Numbered, PullRequest, PushRequest, SignedIn},
    sign_in::SIGN_IN,
};
use clap::Parser;
use domain::{
    booking::{Time, free_times},
    catalogue::Catalogue,
    chart::Chart,
    command::{COMMAND_VERSION, Change, Command},
    ids::{AppointmentId, ClientId, CommandId, InstallationId, SessionId},
    plan::Standing,
    status::SessionStatus,
    sync::{Outcome, Page, decode},
    time::Moment,
};
use serde::{Serialize, de::DeserializeOwned};
use server::host::{Host, Machine};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    sync::Barrier,
    time::Instant,
};

#[derive(Parser)]
struct Arguments {
    /// Where the server listens.
    address: String,
    #[arg(long, default_value = "osei@demo.clinic")]
    email: String,
    #[arg(long, default_value = "cadence-demo")]
    password: String,
    #[arg(long, default_value_t = 8)]
    devices: usize,
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Commands in one request.
    #[arg(long, default_value_t = 1)]
    batch: usize,
    /// Wishes to draw up beforehand: more than can be met in that time.
    #[arg(long, default_value_t = 12_000)]
    most: usize,
}

/// What came of it.
#[derive(Serialize)]
struct Told {
    devices: usize,
    batch: usize,
    bookings: usize,
    /// Anything but a booking, by what was answered.
    others: BTreeMap<String, usize>,
    seconds: f64,
    per_second: f64,
    /// From a request to its answer.
    p50_ms: f64,
    p95_ms: f64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let mut line = Line::open(&arguments.address).await?;
    line.sign_in(&arguments.email, &arguments.password).await?;
    let signed_in: SignedIn = line.ask("who", &serde_json::json!({})).await?;
    let (catalogue, charts) = everything(&mut line).await?;
    let wishes = wishes(&catalogue, &charts, Machine.now(), arguments.most);
    ensure!(wishes.len() > arguments.devices, "the clinic has no sessions that could be booked; seed a larger one");

    let start = Arc::new(Barrier::new(arguments.devices + 1));
    let mut devices = Vec::new();
    for device in 0..arguments.devices {
        let own: Vec<_> = wishes.iter().skip(device).step_by(arguments.devices).cloned().collect();
        let mut line = Line { cookie: line.cookie.clone(), ..Line::open(&arguments.address).await? };
        let (start, signed_in) = (start.clone(), signed_in.clone());
        let (batch, patience) = (arguments.batch.max(1), Duration::from_secs(arguments.seconds));
        devices.push(tokio::spawn(async move {
            let requests = requests(&signed_in, own, batch);
            start.wait().await;
            book(&mut line, requests, patience).await
        }));
    }
    start.wait().await;
    let began = Instant::now();
    let (mut outcomes, mut waits) = (Vec::new(), Vec::new());
    for device in devices {
        let (answers, took) = device.await??;
        outcomes.extend(answers);
        waits.extend(took);
    }
    let seconds = began.elapsed().as_secs_f64();
    let told = tell(&arguments, &outcomes, waits, seconds);
    println!("{}", serde_json::to_string(&told)?);
    Ok(())
}

fn tell(arguments: &Arguments, outcomes: &[Outcome], mut waits: Vec<Duration>, seconds: f64) -> Told {
    let mut others = BTreeMap::new();
    for outcome in outcomes {
        let words = match outcome {
            Outcome::Applied { .. } => continue,
            Outcome::SetAside { rejection, .. } => rejection.to_string(),
            Outcome::Refused(refusal) => refusal.to_string(),
        };
        *others.entry(words).or_default() += 1;
    }
    let bookings = outcomes.len() - others.values().sum::<usize>();
    waits.sort_unstable();
    let percentile =
        |p: usize| waits.get((waits.len() * p / 100).min(waits.len().saturating_sub(1))).map_or(0.0, |wait| wait.as_secs_f64() * 1000.0);
    let per_second = f64::from(u32::try_from(bookings).unwrap_or(u32::MAX)) / seconds;
    let Arguments { devices, batch, .. } = *arguments;
    Told { devices, batch, bookings, others, seconds, per_second, p50_ms: percentile(50), p95_ms: percentile(95) }
}

/// The clinic, as a new device reads it.
async fn everything(line: &mut Line) -> anyhow::Result<(Catalogue, Vec<Chart>)> {
    let (mut request, mut charts, mut catalogue) = (PullRequest { since: 0, epoch: None, by: None }, Vec::new(), None);
    loop {
        let bytes =
            line.post("/api/pull", "application/json", &serde_json::to_vec(&serde_json::json!({ "request": request }))?).await?.body;
        let page = Page::decode(&bytes)?;
        if let Some(body) = page.catalogue {
            catalogue = Some(decode(&body.0)?);
        }
        for chart in page.charts {
            charts.push(decode(&chart.body.0)?);
        }
        request = PullRequest { since: page.to, epoch: Some(page.epoch), by: None };
        if page.to >= page.latest {
            return Ok((catalogue.context("the server sent no catalogue")?, charts));
        }
    }
}

/// Free quarter hours for different clients, from tomorrow on, spread over all who treat; no two of them want the same thing.
fn wishes(catalogue: &Catalogue, charts: &[Chart], now: Moment, most: usize) -> Vec<(ClientId, SessionId, Time)> {
    let booked =
        |chart: &Chart| -> Vec<Time> { chart.sessions.iter().flat_map(|session| session.appointments.iter().map(|a| a.time())).collect() };
    let mut taken: BTreeMap<_, Vec<Time>> = BTreeMap::new();
    for time in charts.iter().flat_map(booked).filter(|time| time.starts >= now) {
        taken.entry(catalogue.clock.day(time.starts)).or_default().push(time);
    }
    let open = charts.iter().filter_map(|chart| {
        let open =
            |one: &domain::status::Listed<'_>| one.status == SessionStatus::AwaitingBooking && one.plan.standing() == Standing::Active;
        let session = chart.listed().into_iter().find(open)?.session.id;
        Some((chart.client.id, session, booked(chart)))
    });
    let mut waiting: VecDeque<_> = open.collect();
    let mut wishes = Vec::new();
    let rooms: Vec<_> = catalogue.rooms.iter().filter(|room| !room.retired).collect();
    for day in 1..=180 {
        let day = catalogue.clock.day(now).plus(day);
        let taken = taken.remove(&day).unwrap_or_default();
        let free = |(n, provider): (usize, &domain::catalogue::Staff)| {
            let room = rooms.get(n % rooms.len().max(1)).map(|room| room.id);
            let wanted = Time { provider: provider.id, starts: now, minutes: 15, room, device: None };
            free_times(catalogue, &taken, wanted, day, now).into_iter().map(move |starts| Time { starts, ..wanted }).collect::<Vec<_>>()
        };
        let mut of_day: Vec<_> = catalogue.providers().enumerate().flat_map(free).collect();
        of_day.sort_by_key(|time| (time.starts, time.provider));
        for time in of_day {
            // Whoever has something else then waits for the next.
            let Some(place) = waiting.iter().take(8).position(|(.., booked)| !booked.iter().any(|other| other.overlaps(time))) else {
                continue;
            };
            if let Some((client, session, _)) = waiting.remove(place) {
                wishes.push((client, session, time));
            }
            if wishes.len() == most {
                return wishes;
            }
        }
    }
    wishes
}

/// One device's commands, ready to be sent.
fn requests(signed_in: &SignedIn, wishes: Vec<(ClientId, SessionId, Time)>, batch: usize) -> Vec<Vec<u8>> {
    let host: &dyn Host = &Machine;
    let installation = InstallationId(host.uuid());
    let command = |(client, session, time): &(ClientId, SessionId, Time)| Command {
        v: COMMAND_VERSION,
        id: CommandId(host.uuid()),
        clinic: signed_in.clinic,
        installation,
        client: *client,
        by: signed_in.staff,
        at: host.now(),
        change: Change::BookSession {
            session: *session,
            appointment: AppointmentId(host.uuid()),
            time: *time,
            procedures: Vec::new(),
            // Where spacing would ask why.
            despite: "measured".to_owned(),
        },
    };
    let numbered = |(number, wish)| Numbered { number, text: serde_json::to_string(&command(wish)).unwrap_or_default() };
    let commands: Vec<_> = (1..).zip(&wishes).map(numbered).collect();
    let request = |commands: &[Numbered]| {
        let request = PushRequest { installation, by: Some(signed_in.staff), commands: commands.to_vec() };
        serde_json::to_vec(&serde_json::json!({ "request": request })).unwrap_or_default()
    };
    commands.chunks(batch).map(request).collect()
}

/// Sends one after the other until time is up.
async fn book(line: &mut Line, requests: Vec<Vec<u8>>, patience: Duration) -> anyhow::Result<(Vec<Outcome>, Vec<Duration>)> {
    let (began, mut outcomes, mut waits) = (Instant::now(), Vec::new(), Vec::new());
    for request in requests {
        let sent = Instant::now();
        if sent - began >= patience {
            break;
        }
        let answer = line.post("/api/push", "application/json", &request).await?;
        ensure!(answer.status == 200, "the server answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        waits.push(sent.elapsed());
        outcomes.extend(serde_json::from_slice::<Vec<Outcome>>(&answer.body)?);
    }
    Ok((outcomes, waits))
}

/// One connection to the server, as a browser keeps one.
struct Line {
    stream: BufReader<TcpStream>,
    host: String,
    cookie: String,
}

struct Answer {
    status: u16,
    /// What it wants to be kept; what it takes away is left out.
    cookies: Vec<String>,
    body: Vec<u8>,
}

impl Line {
    async fn open(address: &str) -> anyhow::Result<Self> {
        let host = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let stream = TcpStream::connect(&host).await.with_context(|| format!("nobody answers at {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), host, cookie: String::new() })
    }

    async fn sign_in(&mut self, email: &str, password: &str) -> anyhow::Result<()> {
        let form = format!("email={}&password={password}", email.replace('@', "%40"));
        let answer = self.post(SIGN_IN, "application/x-www-form-urlencoded", form.as_bytes()).await?;
        ensure!(answer.status == 303, "signing in was answered with {}", answer.status);
        ensure!(!answer.cookies.is_empty(), "signing in brought no cookie");
        self.cookie = answer.cookies.join("; ");
        Ok(())
    }

    async fn ask<T: DeserializeOwned>(&mut self, endpoint: &str, request: &impl Serialize) -> anyhow::Result<T> {
        let answer = self.post(&format!("/api/{endpoint}"), "application/json", &serde_json::to_vec(request)?).await?;
        ensure!(answer.status == 200, "{endpoint} was answered with {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        Ok(serde_json::from_slice(&answer.body)?)
    }

    async fn post(&mut self, path: &str, content_type: &str, body: &[u8]) -> anyhow::Result<Answer> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
            self.host,
            self.cookie,
            body.len()
        );
        self.stream.get_mut().write_all(&[head.as_bytes(), body].concat()).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> anyhow::Result<Answer> {
        let status = self.line().await?.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no answer")?;
        let mut answer = Answer { status, cookies: Vec::new(), body: Vec::new() };
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(':') else { break };
            match (name.to_ascii_lowercase().as_str(), value.trim()) {
                ("content-length", value) => length = value.parse()?,
                ("transfer-encoding", "chunked") => chunked = true,
                ("set-cookie", value) => {
                    let pair = value.split(';').next().unwrap_or_default();
                    answer.cookies.extend((!pair.ends_with('=')).then(|| pair.to_owned()));
                }
                _ => {}
            }
        }
        while chunked {
            let size = usize::from_str_radix(self.line().await?.trim(), 16)?;
            self.read_into(&mut answer.body, size).await?;
            self.line().await?;
            chunked = size > 0;
        }
        self.read_into(&mut answer.body, length).await?;
        Ok(answer)
    }

    async fn read_into(&mut self, body: &mut Vec<u8>, size: usize) -> anyhow::Result<()> {
        let from = body.len();
        body.resize(from + size, 0);
        self.stream.read_exact(&mut body[from..]).await?;
        Ok(())
    }

    async fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        ensure!(self.stream.read_line(&mut line).await? > 0, "the server hung up");
        Ok(line.trim_end().to_owned())
    }
}
