//! What the carrier tells later of what it took: most of it minutes after, some of it twice, and not always in order.

use super::{
    carrier::{Line, Taken, owner},
    dice::Dice,
};
use crate::follow_up::desk::Desk;
use app::api::messages::Channel;
use domain::ids::ClientId;
use server::follow_up::{news, transport::News};
use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc};

const MINUTE: i64 = 60 * 1000;

pub struct Callbacks {
    desk: Arc<Desk>,
    dice: Dice,
    waiting: BinaryHeap<Reverse<(i64, u64, Told)>>,
    seen: usize,
    pub told: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    client: ClientId,
    token: uuid::Uuid,
    id: String,
    bounced: Option<bool>,
}

impl Callbacks {
    pub fn new(desk: Arc<Desk>, seed: u64) -> Self {
        Self { desk, dice: Dice::new(seed, 4), waiting: BinaryHeap::new(), seen: 0, told: 0 }
    }

    pub fn next(&self) -> Option<i64> {
        self.waiting.peek().map(|Reverse((when, ..))| *when)
    }

    /// Draws up what will be told of what was taken since.
    pub fn hear(&mut self, line: &Line, now: i64) {
        let new = line.taken_since(self.seen);
        self.seen += new.len();
        for Taken { token, to, order, at, .. } in new.into_iter().filter(|taken| taken.channel == Channel::Sms) {
            // Of some nothing is ever told, of what went wrong mostly.
            let troubled = line.troubled.lock().unwrap().contains(&at.millis());
            if self.dice.falls(if troubled { 600 } else { 30 }) {
                continue;
            }
            let bounced = line.numbers.silent.contains(&to) || self.dice.falls(10);
            let told = |bounced| Told { client: owner(&to), token, id: format!("SM{order:032}"), bounced };
            let first = now + self.dice.within(0, 9) * MINUTE;
            // "Sent" now and then comes after "delivered".
            let sent = if self.dice.falls(100) { first + 11 * MINUTE } else { first };
            self.waiting.push(Reverse((sent, order * 3, told(None))));
            let last = first + self.dice.within(0, 10) * MINUTE;
            self.waiting.push(Reverse((last, order * 3 + 1, told(Some(bounced)))));
            if self.dice.falls(50) {
                self.waiting.push(Reverse((last + MINUTE, order * 3 + 2, told(Some(bounced)))));
            }
        }
    }

    /// Whether anything was told.
    pub async fn tell(&mut self, line: &Line, now: i64) -> bool {
        let mut any = false;
        while self.next().is_some_and(|when| when <= now) {
            let Some(Reverse((.., Told { client, token, id, bounced }))) = self.waiting.pop() else { break };
            line.stirs(client, now);
            let news = match bounced {
                None => News::Accepted,
                Some(false) => News::Delivered,
                Some(true) => News::Bounced("30003".to_owned()),
            };
            assert!(news::tell(&self.desk.clinics, token, Some(&id), &news).await.unwrap(), "the token is known");
            (any, self.told) = (true, self.told + 1);
        }
        any
    }
}
