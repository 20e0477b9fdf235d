//! The carrier of that year: mostly it takes what it is given. It knows dead numbers, is busy, loses its line, and sometimes a server
//! ends while it calls; in some weeks ten times as often. It keeps a list of what it took, and can be asked.

use super::dice::Dice;
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
use tokio::sync::Notify;
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

pub struct Line {
    clock: Arc<Clock>,
    dice: Mutex<Dice>,
    /// Everything that is ordered gets the next number.
    order: AtomicU64,
    taken: Mutex<Vec<Taken>>,
    /// Numbers and addresses that reach nobody.
    pub dead: Mutex<HashSet<String>>,
    /// Numbers whose owner said STOP to the carrier itself.
    pub opted_out: Mutex<HashSet<String>>,
    /// When the clinic was told of that, by number.
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
    pub fn new(clock: Arc<Clock>, seed: u64) -> Self {
        Self {
            clock,
            dice: Mutex::new(Dice::new(seed, 1)),
            order: AtomicU64::new(1),
            taken: Mutex::default(),
            dead: Mutex::default(),
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
        let (fate, pause) = {
            let mut dice = line.dice.lock().unwrap();
            (dice.below(1_000), dice.below(3_000))
        };
        // Whoever books, or says STOP, in the meantime is told so only after this.
        tokio::time::sleep(Duration::from_micros(pause)).await;
        let order = line.next_in_order();
        let at = line.clock.now();
        let fate = if at.millis().div_euclid(7 * super::DAY) % BAD_WEEK == 0 { fate / 10 } else { fate };
        if line.dead.lock().unwrap().contains(&outgoing.to) {
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
