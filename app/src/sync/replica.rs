//! What the device knows: the mirror of the server's charts, and on top of it what was done here since.

use super::diary::{Booked, Diary};
use crate::ports::{Cursor, Queued};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    command::{Command, Refusal},
    follow_up::elsewhere::Elsewhere,
    ids::{ClientId, StaffId},
    rejection::Rejection,
    sync::{Outcome, Page, Unreadable, decode},
    time::Moment,
};
use std::{
    cell::OnceCell,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

#[derive(Debug, Default)]
pub struct Replica {
    cursor: Option<Cursor>,
    /// Charts the server has in all; for the progress of a first sync.
    total: u32,
    catalogue: Option<Arc<Catalogue>>,
    /// Charts as the server has them.
    mirror: HashMap<ClientId, Mirrored>,
    /// Charts with what was done here on top, for clients with commands under way.
    ahead: HashMap<ClientId, Arc<Chart>>,
    outbox: BTreeMap<u64, Pending>,
    /// Bookings by time, of the charts as this device sees them; from when somebody first asks.
    diary: OnceCell<Diary>,
}

/// A chart as the server has it, with the clinic's version at which it last changed.
#[derive(Clone, Debug)]
pub struct Mirrored {
    pub version: u64,
    pub chart: Arc<Chart>,
    /// [`waiting_in`] this chart.
    waiting: usize,
}

/// What waits for a person in a chart: what was set aside, and adverse events to follow up.
fn waiting_in(chart: &Chart) -> usize {
    chart.undecided().count() + chart.sessions.iter().filter(|session| session.needs_follow_up()).count()
}

/// A command that is not part of the mirror yet.
#[derive(Clone, Debug)]
pub struct Pending {
    pub number: u64,
    pub text: String,
    /// `None` when this build cannot read it.
    pub command: Option<Command>,
    pub answer: Option<Outcome>,
}

/// Something only a person can settle, on this device alone: the server has no place for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attention {
    pub number: u64,
    pub refusal: Refusal,
    pub text: String,
    pub command: Option<Command>,
}

impl Pending {
    pub fn new(queued: Queued) -> Self {
        let command = Command::parse(&queued.text).ok();
        Self { number: queued.number, text: queued.text, command, answer: queued.answer }
    }

    fn client(&self) -> Option<ClientId> {
        self.command.as_ref().map(|command| command.client)
    }

    /// Waits for the server.
    fn is_unsent(&self) -> bool {
        self.answer.is_none()
    }

    /// The version with which its effect reaches the mirror.
    fn arrives_with(&self) -> Option<u64> {
        match self.answer {
            Some(Outcome::Applied { version } | Outcome::SetAside { version, .. }) => Some(version),
            Some(Outcome::Refused(_)) | None => None,
        }
    }
}

impl Replica {
    pub fn cursor(&self) -> Option<Cursor> {
        self.cursor
    }

    /// Every chart of the clinic was received at least once.
    pub fn is_whole(&self) -> bool {
        self.cursor.is_some_and(|cursor| cursor.whole)
    }

    /// Charts here, and charts there are.
    pub fn progress(&self) -> (usize, usize) {
        (self.mirror.len(), usize::try_from(self.total).unwrap_or(usize::MAX).max(self.mirror.len()))
    }

    pub fn catalogue(&self) -> Option<Arc<Catalogue>> {
        self.catalogue.clone()
    }

    /// The chart as this device sees it: the server's, with what was done here on top.
    pub fn chart(&self, client: ClientId) -> Option<Arc<Chart>> {
        self.ahead.get(&client).or_else(|| self.mirror.get(&client).map(|mirrored| &mirrored.chart)).cloned()
    }

    /// All charts, each as this device sees it.
    pub fn charts(&self) -> impl Iterator<Item = &Arc<Chart>> {
        self.mirror.iter().map(|(client, mirrored)| self.ahead.get(client).unwrap_or(&mirrored.chart))
    }

    /// Bookings that are held at some moment from `from` on and before `to`, by the time they begin. No chart is searched for them.
    pub fn bookings(&self, from: Moment, to: Moment) -> impl Iterator<Item = Booked<'_>> {
        self.diary.get_or_init(|| Diary::of(self.charts())).between(from, to)
    }

    /// What other systems keep, from `from` on and before `to`, by time.
    pub fn elsewhere(&self, from: Moment, to: Moment) -> impl Iterator<Item = (&Arc<Chart>, &Elsewhere)> {
        self.diary.get_or_init(|| Diary::of(self.charts())).elsewhere_between(from, to)
    }

    /// Bookings that are not over at `now`, however far ahead.
    pub fn bookings_ahead(&self, now: Moment) -> impl Iterator<Item = Booked<'_>> {
        self.bookings(now, Moment::from_millis(i64::MAX))
    }

    /// What waits for a person in all charts. Counted when a chart arrives: every page shows it, at every change.
    pub fn waiting_in_charts(&self) -> usize {
        let waiting =
            |(client, mirrored): (&ClientId, &Mirrored)| self.ahead.get(client).map_or(mirrored.waiting, |chart| waiting_in(chart));
        self.mirror.iter().map(waiting).sum()
    }

    /// Charts as the server has them.
    pub fn mirror(&self) -> impl Iterator<Item = &Mirrored> {
        self.mirror.values()
    }

    /// Commands the server has not answered, in order.
    pub fn unsent(&self) -> impl Iterator<Item = &Pending> {
        self.outbox.values().filter(|pending| pending.is_unsent())
    }

    /// Refused commands; their text is only here.
    pub fn attention(&self) -> Vec<Attention> {
        let refused = |pending: &Pending| match &pending.answer {
            Some(Outcome::Refused(refusal)) => Some(Attention {
                number: pending.number,
                refusal: refusal.clone(),
                text: pending.text.clone(),
                command: pending.command.clone(),
            }),
            _ => None,
        };
        self.outbox.values().filter_map(refused).collect()
    }

    /// Clients with commands the server has not answered.
    pub fn has_unsent(&self, client: ClientId) -> bool {
        self.unsent().any(|pending| pending.client() == Some(client))
    }

    /// Commands of other people than the one signed in; they wait for their author.
    pub fn unsent_of_others(&self, staff: StaffId) -> usize {
        self.unsent().filter(|pending| pending.command.as_ref().is_some_and(|command| command.by != staff)).count()
    }

    /// Decides here and now whether a command can be, as the server will decide later.
    pub fn try_out(&self, command: &Command) -> Result<(), Rejection> {
        let catalogue = self.catalogue.as_ref().ok_or(Rejection::NotThere)?;
        let chart = self.chart(command.client).ok_or(Rejection::NotThere)?;
        chart.apply(&command.change, command.author(), catalogue).map(|_| ())
    }

    pub fn add_pending(&mut self, pending: Pending) {
        let client = pending.client();
        self.outbox.insert(pending.number, pending);
        if let Some(client) = client {
            self.replay(client);
        }
    }

    pub fn answer(&mut self, number: u64, outcome: Outcome) {
        let Some(pending) = self.outbox.get_mut(&number) else { return };
        pending.answer = Some(outcome);
        if let Some(client) = pending.client() {
            self.replay(client);
        }
    }

    pub fn knows(&self, number: u64) -> bool {
        self.outbox.contains_key(&number)
    }

    pub fn dismiss(&mut self, number: u64) {
        self.outbox.remove(&number);
    }

    /// Numbers of the commands whose effect a mirror at this version contains.
    pub fn settled_by(&self, version: u64) -> Vec<u64> {
        let settled = |pending: &&Pending| pending.arrives_with().is_some_and(|with| with <= version);
        self.outbox.values().filter(settled).map(|pending| pending.number).collect()
    }

    /// Takes in a page: what the server has, from there on.
    pub fn add_page(&mut self, page: Page, cursor: Cursor, starts_anew: bool) -> Result<(), Unreadable> {
        // Decode everything first: a page is taken whole or not at all.
        let catalogue = page.catalogue.map(|body| decode::<Catalogue>(&body.0)).transpose()?;
        let charts: Vec<_> = page
            .charts
            .into_iter()
            .map(|row| {
                let chart: Chart = decode(&row.body.0)?;
                Ok(Mirrored { version: row.version, waiting: waiting_in(&chart), chart: Arc::new(chart) })
            })
            .collect::<Result<_, Unreadable>>()?;
        if starts_anew {
            self.mirror.clear();
            self.ahead.clear();
            self.diary.take();
        }
        if let Some(catalogue) = catalogue {
            self.catalogue = Some(Arc::new(catalogue));
        }
        self.total = page.total;
        self.cursor = Some(cursor);
        for number in self.settled_by(cursor.version) {
            self.outbox.remove(&number);
        }
        let changed: Vec<_> = charts.iter().map(|mirrored| mirrored.chart.client.id).collect();
        for mirrored in charts {
            self.mirror.insert(mirrored.chart.client.id, mirrored);
        }
        let ahead: Vec<_> = self.ahead.keys().copied().collect();
        for client in changed.into_iter().chain(ahead) {
            self.replay(client);
        }
        Ok(())
    }

    /// Puts what was done here on top of the mirror again. What no longer fits is left to the server,
    /// which will set it aside; its text stays in the outbox until then.
    fn replay(&mut self, client: ClientId) {
        self.put_ahead(client);
        if let Some(chart) = self.chart(client)
            && let Some(diary) = self.diary.get_mut()
        {
            diary.enter(&chart);
        }
    }

    fn put_ahead(&mut self, client: ClientId) {
        let Some((base, catalogue)) = self.mirror.get(&client).zip(self.catalogue.as_ref()) else { return };
        let commands: Vec<_> = self
            .outbox
            .values()
            .filter(|pending| pending.client() == Some(client) && !matches!(pending.answer, Some(Outcome::Refused(_))))
            .filter_map(|pending| pending.command.as_ref())
            .collect();
        if commands.is_empty() {
            self.ahead.remove(&client);
            return;
        }
        let mut chart = base.chart.as_ref().clone();
        for command in commands {
            if let Ok(next) = chart.apply(&command.change, command.author(), catalogue) {
                chart = next;
            }
        }
        self.ahead.insert(client, Arc::new(chart));
    }
}
