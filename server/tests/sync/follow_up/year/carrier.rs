//! The carrier of that year: mostly it takes what it is given. It knows dead numbers, is busy, loses its line, and sometimes a server
//! ends while it calls; in some weeks ten times as often. It keeps a list of what it took, and can be asked. Some act at the very moment
//! in which it is called for them.

use super::{dice::Dice, numbers::Numbers};
use crate::follow_up::desk::Clock;
use app::api::messages::Channel;
use async_trait::async_trait;
use domain::{ids::ClientId, time::Moment};
use server::{
    follow_up::transport::{Answer, Listed, News, Outgoing, Question, Transport},
    host::Host,
};
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Notify, mpsc, oneshot};
use uuid::Uuid;

/// A message that the carrier has.
#[derive(Clone, Debug)]
pub struct Taken {
    pub token: Uuid,
    pub channel: Channel,
    pub to: String,
    pub at: Moment,
    /// In the order of all that happened.
    pub order: u64,
}

/// The carrier is just being called with this, and waits a little for her to act.
pub struct Asked {
    pub token: Uuid,
    pub acted: oneshot::Sender<()>,
}

/// So long it waits; what she does takes a few thousandths of a second, unless it has to wait for the message.
const WAITS: Duration = Duration::from_millis(40);

pub struct Line {
    clock: Arc<Clock>,
    dice: Mutex<Dice>,
    /// Everything that is ordered gets the next number.
    order: AtomicU64,
    taken: Mutex<Vec<Taken>>,
    pub numbers: Numbers,
    /// Who hears for whom it is being called.
    asks: Mutex<Option<mpsc::UnboundedSender<Asked>>>,
    /// To whom something happened beside the servers, and when: she did something, or was called for.
    pub stirred: Mutex<HashSet<(ClientId, i64)>>,
    /// Numbers whose owner said STOP to the carrier itself.
    pub opted_out: Mutex<HashSet<String>>,
    /// When the clinic was told of that, by number; if the server that was told did not end just then.
    pub told_opted_out: Mutex<HashMap<String, Moment>>,
    /// Numbers that were tried again although the clinic had been told.
    pub tried_again: Mutex<Vec<String>>,
    /// When a line broke or a server ended: of what was being tried then nobody can know.
    pub troubled: Mutex<HashSet<i64>>,
    pub said: Mutex<HashMap<&'static str, u64>>,
    /// The year is over: nothing goes wrong any more.
    pub is_calm: AtomicBool,
}

/// In one week of so many there is trouble.
const BAD_WEEK: i64 = 9;

impl Line {
    pub fn new(clock: Arc<Clock>, numbers: Numbers, seed: u64) -> Self {
        Self {
            clock,
            dice: Mutex::new(Dice::new(seed, 1)),
            order: AtomicU64::new(1),
            taken: Mutex::default(),
            numbers,
            asks: Mutex::default(),
            stirred: Mutex::default(),
            opted_out: Mutex::default(),
            told_opted_out: Mutex::default(),
            tried_again: Mutex::default(),
            troubled: Mutex::default(),
            said: Mutex::default(),
            is_calm: AtomicBool::new(false),
        }
    }

    pub fn next_in_order(&self) -> u64 {
        self.order.fetch_add(1, Ordering::SeqCst)
    }

    pub fn taken(&self) -> usize {
        self.taken.lock().unwrap().len()
    }

    pub fn taken_since(&self, number: usize) -> Vec<Taken> {
        self.taken.lock().unwrap()[number..].to_vec()
    }

    fn says(&self, what: &'static str) {
        *self.said.lock().unwrap().entry(what).or_default() += 1;
    }

    /// Something goes wrong.
    pub fn is_troubled(&self) {
        self.troubled.lock().unwrap().insert(self.clock.now().millis());
    }

    /// Something happened to her.
    pub fn stirs(&self, client: ClientId, at: i64) {
        self.stirred.lock().unwrap().insert((client, at));
    }

    /// For whom it is being called from now on.
    pub fn calls(&self) -> mpsc::UnboundedReceiver<Asked> {
        let (asks, calls) = mpsc::unbounded_channel();
        *self.asks.lock().unwrap() = Some(asks);
        calls
    }

    /// Lets her act, and waits for it a little.
    pub async fn lets_her_act(&self, token: Uuid) {
        let (acted, waits) = oneshot::channel();
        let is_heard = self.asks.lock().unwrap().as_ref().is_some_and(|asks| asks.send(Asked { token, acted }).is_ok());
        if is_heard {
            let _: Result<_, _> = tokio::time::timeout(WAITS, waits).await;
        }
    }

    fn takes(&self, outgoing: &Outgoing, order: u64) {
        let at = self.clock.now();
        self.taken.lock().unwrap().push(Taken { token: outgoing.token, channel: outgoing.channel, to: outgoing.to.clone(), at, order });
    }
}

pub fn phone(n: u128) -> String {
    format!("+1 312 555 {n:04}")
}

pub fn address(n: u128) -> String {
    format!("client{n}@example.com")
}

/// Whose phone or address it is.
pub fn owner(to: &str) -> ClientId {
    let digits = match to.strip_prefix("+1 312 555 ") {
        Some(digits) => digits,
        None => to.trim_start_matches("client").split('@').next().unwrap_or_default(),
    };
    crate::clinic::client(digits.parse().expect("a phone or an address of that year"))
}

/// One server's call to it. `ends`: that server ends now.
pub struct Call {
    pub line: Arc<Line>,
    pub ends: Arc<Notify>,
}

#[async_trait]
impl Transport for Call {
    async fn send(&self, outgoing: &Outgoing) -> Answer {
        let line = &self.line;
        let (fate, pause, acts) = {
            let mut dice = line.dice.lock().unwrap();
            (dice.below(1_000), dice.below(3_000), dice.falls(150))
        };
        line.stirs(owner(&outgoing.to), line.clock.now().millis());
        // Whoever books, or says STOP, in the meantime is told so only after this.
        if acts && !line.is_calm.load(Ordering::SeqCst) {
            line.lets_her_act(outgoing.token).await;
        }
        tokio::time::sleep(Duration::from_micros(pause)).await;
        let order = line.next_in_order();
        let at = line.clock.now();
        let fate = if at.millis().div_euclid(7 * super::DAY) % BAD_WEEK == 0 { fate / 10 } else { fate };
        if line.numbers.dead.contains(&outgoing.to) {
            line.says("refused");
            return Answer::Refused("30003 Unreachable destination handset".into());
        }
        if line.opted_out.lock().unwrap().contains(&outgoing.to) {
            line.says("opted out");
            if line.told_opted_out.lock().unwrap().insert(outgoing.to.clone(), at).is_some() {
                line.tried_again.lock().unwrap().push(outgoing.to.clone());
            }
            return Answer::OptedOut("21610 Attempt to send to unsubscribed recipient".into());
        }
        // Half of it went all the same.
        let fate = if line.numbers.foggy.contains(&outgoing.to) { 20 + fate % 8 } else { fate };
        let fate = if line.is_calm.load(Ordering::SeqCst) { 999 } else { fate };
        if fate < 8 || (20..28).contains(&fate) {
            line.is_troubled();
        }
        match fate {
            0..4 => {
                line.says("server ended before it heard");
                self.ends.notify_one();
                std::future::pending().await
            }
            4..8 => {
                line.takes(outgoing, order);
                line.says("server ended after it had it");
                self.ends.notify_one();
                std::future::pending().await
            }
            8..20 => {
                line.says("busy");
                Answer::Later("429 Too many requests".into())
            }
            20..24 => {
                line.takes(outgoing, order);
                line.says("line broke after it had it");
                Answer::Unknown("connection reset".into())
            }
            24..28 => {
                line.says("line broke before");
                Answer::Unknown("connection reset".into())
            }
            _ => {
                line.takes(outgoing, order);
                Answer::Accepted { id: Some(format!("SM{order:032}")) }
            }
        }
    }

    async fn ask(&self, question: &Question) -> Vec<Listed> {
        let taken = self.line.taken.lock().unwrap();
        let fits =
            |one: &&Taken| one.channel == Channel::Sms && one.to == question.to && (question.started..=question.until).contains(&one.at);
        taken.iter().filter(fits).map(|one| Listed { id: format!("SM{:032}", one.order), news: News::Accepted }).collect()
    }
}
