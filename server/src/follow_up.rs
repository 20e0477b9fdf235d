//! Following up, as it is done: the rules are [`domain::follow_up`], here is what keeps to them.
//!
//! 1. [`planning`]: whoever changes a chart plans its touches anew, in the same transaction. What nobody changes is planned in batches.
//! 2. A booking ends what asks for one: a trigger of the database, in the booking's transaction.
//! 3. [`claim`]: a server takes what is due, writes down that it is about to try, and commits.
//! 4. [`send`]: in a second transaction it holds client and plan, looks once more ([`look`]), calls the carrier ([`transport`]) and writes
//!    down what came of it. Whatever would have changed the decision waits until then, or was there before.
//!    How she wants to be written to is [`reach`]; what an outage left over goes at a pace ([`late`]).
//! 5. A server that ends between the two leaves a try without an outcome: [`claim`] finds it, and never repeats it.
//! 6. What other booking systems keep ([`elsewhere`]) counts as what is booked here.
//! 7. What carriers tell later changes what became of it ([`news`], [`returned`]); what clients write back is [`received`].
//!
//! The touch's table is the schedule; there is no queue beside it. Any number of servers may run this.

pub mod call_list;
pub mod claim;
pub mod elsewhere;
pub mod late;
pub mod look;
pub mod news;
pub mod planning;
pub mod policies;
pub mod reach;
pub mod received;
pub mod returned;
pub mod seen;
pub mod send;
pub mod texts;
pub mod timeline;
pub mod transport;

use crate::{
    clinic::Clinics,
    store::{Result, follow_up as kept},
};
use claim::{Batch, Claimed};
use domain::ids::ClinicId;
use futures::{SinkExt, StreamExt, channel::mpsc};
use sqlx::postgres::PgListener;
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::sync::{Notify, watch};
use transport::Transport;
use uuid::Uuid;

/// Touches one transaction takes.
const BATCH: usize = 100;

/// Messages that go in one transaction. A booking of any of their series waits until the slowest of them has gone.
const TOGETHER: usize = 25;

/// Such transactions of one server at once.
const AT_ONCE: usize = 4;

/// Even when nothing is announced, the servers look so often.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Between two lots of charts that are planned anew: whoever saves something goes first.
const BREATH: Duration = Duration::from_millis(20);

/// What another server is just looking at is looked at again after that.
const SHORTEST_SLEEP: Duration = Duration::from_millis(250);

/// One server's part in following up.
pub struct FollowUp {
    clinics: Arc<Clinics>,
    transport: Arc<dyn Transport>,
    /// `https://clinic.example`, where the links lead.
    origin: Arc<str>,
    /// This process, in the tries it makes.
    server: Uuid,
}

impl FollowUp {
    pub fn new(clinics: Arc<Clinics>, transport: Arc<dyn Transport>, origin: Arc<str>) -> Self {
        let server = clinics.host.uuid();
        Self { clinics, transport, origin, server }
    }

    /// Does what is due, sleeps until the next is, and so on until told to stop. What was taken and not begun by then is given back.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let wake = Arc::new(Notify::new());
        let listener = tokio::spawn(listen(self.clinics.clone(), wake.clone()));
        let stopping = || *stop.borrow();
        // At the start every clinic is looked at: charts that came in by another way are not planned yet.
        let mut due_only = false;
        while !stopping() {
            let sleep = match self.pass(due_only, BREATH, &stopping).await {
                Ok(took) => {
                    due_only = true;
                    self.until_next(took).await.unwrap_or(LONGEST_SLEEP)
                }
                Err(error) => {
                    tracing::warn!(%error, "following up did not get through; trying again");
                    Duration::from_secs(5)
                }
            };
            let mut stopped = stop.clone();
            tokio::select! {
                changed = stopped.changed() => if changed.is_err() { break },
                () = wake.notified() => {}
                () = tokio::time::sleep(sleep) => {}
            }
        }
        listener.abort();
    }

    /// Does everything that is due now, at all clinics.
    pub async fn once(&self) -> Result<()> {
        self.pass(false, Duration::ZERO, &|| false).await.map(drop)
    }

    /// Whether anything was taken.
    async fn pass(&self, due_only: bool, breath: Duration, stopping: &(dyn Fn() -> bool + Sync)) -> Result<bool> {
        let mut took = false;
        let due_by = due_only.then(|| self.clinics.host.now());
        for clinic in kept::clinics(&self.clinics.pool, due_by).await? {
            self.catch_up(clinic, breath, stopping).await?;
            took |= self.send_due(clinic, stopping).await?;
        }
        Ok(took)
    }

    /// Takes what is due and sends it, until nothing is left. `false`: nothing was due.
    async fn send_due(&self, clinic: ClinicId, stopping: &(dyn Fn() -> bool + Sync)) -> Result<bool> {
        let mut any = false;
        loop {
            let (give, groups) = mpsc::channel(0);
            let sending = groups.map(|group| self.send_unless(group, stopping)).buffer_unordered(AT_ONCE);
            // One that fails is found again when its claim has run out; the others go on.
            let sending = sending.fold(Ok(()), async |went: Result<()>, sent| went.and(sent));
            let (took, went) = futures::join!(self.take_due(clinic, give, stopping), sending);
            // What sending itself left to do is due by now.
            if !(took? && went.map(|()| !stopping())?) {
                return Ok(any);
            }
            any = true;
        }
    }

    /// Takes what is due, a batch ahead of those who send it. `false`: nothing was due.
    async fn take_due(&self, clinic: ClinicId, mut give: mpsc::Sender<Vec<Claimed>>, stopping: &(dyn Fn() -> bool + Sync)) -> Result<bool> {
        let mut any = false;
        while !stopping() {
            let batch = self.take_batch(clinic).await?;
            any |= batch.taken > 0;
            for group in together(batch.claimed) {
                // They take all they are given.
                give.send(group).await.ok();
            }
            if batch.taken < BATCH {
                break;
            }
        }
        Ok(any)
    }

    /// Takes a batch, and asks carriers about what nobody knows.
    async fn take_batch(&self, clinic: ClinicId) -> Result<Batch> {
        let batch = self.claim(clinic).await?;
        for ask in &batch.asks {
            self.ask(ask).await?;
        }
        Ok(batch)
    }

    /// Plans anew what is waiting for it, a few charts at a time.
    async fn catch_up(&self, clinic: ClinicId, breath: Duration, stopping: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        loop {
            let waiting = planning::waiting(&self.clinics, clinic).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            for few in waiting.chunks(planning::AT_ONCE) {
                if stopping() {
                    return Ok(());
                }
                planning::catch_up(&self.clinics, clinic, few).await?;
                tokio::time::sleep(breath).await;
            }
        }
    }

    async fn send_unless(&self, group: Vec<Claimed>, stopping: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        if !stopping() {
            return self.send_together(&group).await;
        }
        for claimed in &group {
            self.give_back(claimed).await?;
        }
        Ok(())
    }

    async fn until_next(&self, took: bool) -> Result<Duration> {
        let millis = kept::millis_until_next(&self.clinics.pool, self.clinics.host.now()).await?;
        Ok(match millis {
            // It fell due while others were sent.
            Some(..=0) if took => Duration::ZERO,
            // What is due and was not taken is held by another server.
            Some(..=0) => SHORTEST_SLEEP,
            // Not a fraction of a millisecond before.
            Some(millis) => Duration::from_millis(millis.unsigned_abs() + 1).min(LONGEST_SLEEP),
            None => LONGEST_SLEEP,
        })
    }
}

/// Puts together what may go in one transaction: of each client one message.
fn together(claimed: Vec<Claimed>) -> Vec<Vec<Claimed>> {
    let mut clients = HashSet::new();
    let (first, later): (Vec<_>, Vec<_>) = claimed.into_iter().partition(|claimed| clients.insert(claimed.client));
    let groups = first.chunks(TOGETHER).map(<[_]>::to_vec);
    groups.chain(later.into_iter().map(|claimed| vec![claimed])).collect()
}

/// Wakes when anybody has planned something for earlier.
async fn listen(clinics: Arc<Clinics>, wake: Arc<Notify>) {
    loop {
        if let Err(error) = pass_on(&clinics, &wake).await {
            tracing::warn!(%error, "lost the announcements of Postgres; trying again");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn pass_on(clinics: &Clinics, wake: &Notify) -> std::result::Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(&clinics.pool).await?;
    listener.listen(kept::due::CHANNEL).await?;
    // Something may have been announced before anybody listened.
    wake.notify_one();
    loop {
        listener.recv().await?;
        wake.notify_one();
    }
}
