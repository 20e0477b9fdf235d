//! Taking what is due: a server takes some, writes down by what it is about to try, and commits before it tries. Whatever another
//! server took and never spoke of again is settled here, too.

use super::{
    BATCH, FollowUp,
    late::Pace,
    look::Look,
    news::{ASK_EVERY_MINUTES, ToAsk, retry},
    reach::{channel, way},
};
use crate::{
    store::{
        self, Result, Tx,
        chart::Stamp,
        follow_up::{
            attempt::{self, Finished, Outcome, Try},
            due, say_now,
            touch::{self, StateCode, TouchRow},
        },
        own_pages::booking_link::{self, BookingLink},
    },
    token,
};
use domain::{
    follow_up::{
        recheck::{ASK_MINUTES, AfterCrash, Decision, after_crash},
        touch_state::{State, Why},
    },
    ids::{ClientId, ClinicId, PlanId, SessionId},
    time::Moment,
};
use std::collections::HashMap;
use uuid::Uuid;

/// A server that took a touch and has said nothing of it for so long has ended.
pub const CLAIM_MINUTES: i64 = 5;

/// A link that books is good for so long, unless the session is booked before: until the next message has brought another.
pub const LINK_DAYS: i64 = 14;

/// A touch this server is about to try.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub clinic: ClinicId,
    pub client: ClientId,
    pub plan: PlanId,
    pub session: SessionId,
    pub touch: Uuid,
    /// One for each channel.
    pub tries: Vec<Try>,
    /// Of what asks to book: in what its link ends. Kept only as a hash, and by whom the message goes.
    pub link: Option<String>,
}

impl Claimed {
    /// None of its tries was made after all.
    pub(super) fn withheld(&self) -> Vec<Finished> {
        self.tries.iter().map(|one| Finished::as_(Outcome::Withheld, one.token)).collect()
    }
}

pub struct Batch {
    /// How many were looked at.
    pub taken: usize,
    pub claimed: Vec<Claimed>,
    /// What carriers are to be asked about.
    pub asks: Vec<ToAsk>,
}

pub(super) fn minutes_after(at: Moment, minutes: i64) -> Moment {
    Moment::from_millis(at.millis() + minutes * 60_000)
}

impl FollowUp {
    /// Takes a batch of what is due at a clinic.
    pub async fn claim(&self, clinic: ClinicId) -> Result<Batch> {
        let now = self.clinics.host.now();
        let mut tx = store::begin(&self.clinics.pool, clinic).await?;
        say_now(&mut tx, now).await?;
        let mut rows = touch::take_due(&mut tx, clinic, now, BATCH).await?;
        let mut pace = Pace::of(&mut tx, clinic, &rows, now).await?;
        let mut clients: Vec<_> = rows.iter().map(|row| row.client_id).collect();
        clients.sort_unstable();
        clients.dedup();
        let mut looks = Look::at_all(&mut tx, &self.clinics, clinic, &clients).await?;
        let taken: Vec<_> = rows.iter().map(|row| row.id).collect();
        let mut unsaid: HashMap<_, Vec<_>> = HashMap::new();
        for (touch, one, started) in attempt::open(&mut tx, clinic, &taken).await? {
            unsaid.entry(touch).or_default().push((one, started));
        }
        let (mut claimed, mut retries, mut asks, mut unknown) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for row in &mut rows {
            let unsaid = unsaid.remove(&row.id).unwrap_or_default();
            let tries = || unsaid.iter().map(|(one, _)| Finished::as_(Outcome::Unknown, one.token));
            let until = unsaid.last().map(|(_, started)| minutes_after(*started, CLAIM_MINUTES));
            let Some(look) = looks.get_mut(&row.client_id) else {
                row.look_at = None;
                continue;
            };
            match (row.state.0, until) {
                // Taken, ended, and planned again since: whoever had taken it may be sending it.
                (State::Planned, Some(until)) if until > now => row.look_at = Some(Stamp(until)),
                (State::Planned, None) if row.tried_at.is_none() => match look.decide(row) {
                    Decision::Send(ways) => match pace.hold(&mut tx, row).await? {
                        Some(until) => settle(row, &Decision::Wait(until), look, now),
                        None => {
                            claimed.push(self.take(row, ways.into_iter().map(channel), now));
                            look.mark_taken(row);
                        }
                    },
                    decision => settle(row, &decision, look, now),
                },
                (State::Planned | State::Claimed, _) => {
                    unknown.extend(tries());
                    nobody_knows(row, look, unsaid.first().map(|(_, started)| *started), now);
                }
                (State::Uncertain, _) => {
                    retries.extend(self.after_crash(&mut tx, row, look, now).await?);
                    if row.look_at.is_some() {
                        asks.extend(self.to_ask(&mut tx, row, look).await?);
                    }
                }
                // Taken, and ended since: if who had taken it is gone, nobody knows either.
                _ => {
                    unknown.extend(tries());
                    row.tried_at = row.tried_at.or(unsaid.first().map(|(_, started)| Stamp(*started)));
                    row.look_at = None;
                }
            }
        }
        attempt::finish(&mut tx, clinic, &unknown, now).await?;
        touch::save(&mut tx, &rows).await?;
        touch::add(&mut tx, &retries).await?;
        self.write_down(&mut tx, clinic, &claimed, now).await?;
        due::settle(&mut tx, clinic).await?;
        tx.commit().await?;
        Ok(Batch { taken: rows.len(), claimed, asks })
    }

    fn take(&self, row: &mut TouchRow, channels: impl Iterator<Item = app::api::messages::Channel>, now: Moment) -> Claimed {
        let host = self.clinics.host.as_ref();
        let tries = channels.map(|channel| Try { token: host.uuid(), channel }).collect();
        let link = row.kind.is_nudge().then(|| token::draw_short(host));
        row.become_(State::Claimed, now);
        row.look_at = Some(Stamp(minutes_after(now, CLAIM_MINUTES)));
        Claimed { clinic: row.clinic_id, client: row.client_id, plan: row.plan_id, session: row.session_id, touch: row.id, tries, link }
    }

    /// Tries and links are there before a message goes, whatever happens then.
    async fn write_down(&self, tx: &mut Tx, clinic: ClinicId, claimed: &[Claimed], now: Moment) -> Result<()> {
        let tries: Vec<_> = claimed.iter().flat_map(|claimed| claimed.tries.iter().map(|one| (claimed.touch, *one))).collect();
        attempt::add(tx, clinic, self.server, now, &tries).await?;
        let link = |claimed: &Claimed| {
            let booking = BookingLink { client: claimed.client, session: claimed.session, touch: claimed.touch };
            Some((token::hash(claimed.link.as_deref()?), booking))
        };
        let links: Vec<_> = claimed.iter().filter_map(link).collect();
        booking_link::add(tx, clinic, &links, now, minutes_after(now, LINK_DAYS * 24 * 60)).await
    }

    /// What becomes of a touch nobody knows about: perhaps another one, by the other channel.
    async fn after_crash(&self, tx: &mut Tx, row: &mut TouchRow, look: &Look, now: Moment) -> Result<Option<TouchRow>> {
        let look_at = row.look_at.take();
        let identity = row.identity();
        let tried = attempt::last_unknown(tx, row.clinic_id, row.id).await?;
        let planned = (tried, look.touch(&identity), look.policy(row.plan_id).rule(row.kind));
        let (Some((tried, started)), Some(touch), Some(rule)) = planned else { return Ok(None) };
        let (last_ask, next) = (minutes_after(started, ASK_MINUTES), minutes_after(now, ASK_EVERY_MINUTES));
        if now >= last_ask && look_at.is_some_and(|Stamp(at)| at < last_ask) {
            // The time to ask has passed and nobody was there, as after an outage: it is asked about all the same.
            row.look_at = Some(Stamp(next));
            return Ok(None);
        }
        match after_crash(touch, rule, look.reach, way(tried), started, now) {
            AfterCrash::Ask { until } => row.look_at = Some(Stamp(until.min(next))),
            AfterCrash::Send(other) if row.retry_of.is_none() => {
                return Ok(Some(retry(row, channel(other), self.clinics.host.uuid(), now)));
            }
            // One retry is enough, whatever becomes of it.
            AfterCrash::Drop | AfterCrash::Send(_) => {
                tracing::warn!(touch = %row.id, "nobody knows whether a message went out; it is given up");
            }
        }
        Ok(None)
    }

    /// Gives back what was taken and not begun, so that any server may take it.
    pub async fn give_back(&self, claimed: &Claimed) -> Result<()> {
        let now = self.clinics.host.now();
        let mut tx = store::begin(&self.clinics.pool, claimed.clinic).await?;
        let Some(mut row) = touch::lock(&mut tx, claimed.clinic, claimed.touch).await? else { return Ok(()) };
        attempt::finish(&mut tx, claimed.clinic, &claimed.withheld(), now).await?;
        if row.state.0 == State::Claimed {
            row.plan(now, now);
            touch::save(&mut tx, &[row]).await?;
        }
        due::sooner(&mut tx, claimed.clinic, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A server has taken it, and ended: it may have gone, or not.
fn nobody_knows(row: &mut TouchRow, look: &Look, started: Option<Moment>, now: Moment) {
    let same_rung = |other: &&TouchRow| {
        other.id != row.id && other.retry_of.is_none() && (other.lapse(), other.rung) == (row.lapse(), row.rung) && row.rung.is_some()
    };
    if row.retry_of.is_none() && look.rows.iter().filter(same_rung).any(TouchRow::may_have_gone) {
        row.suppress(Why::AlreadySent, now);
        return;
    }
    let started = started.or(row.tried_at.map(|Stamp(at)| at)).unwrap_or(row.since.0);
    row.become_(State::Uncertain, now);
    row.tried_at = Some(Stamp(started));
    // To be asked about at once.
    row.look_at = Some(Stamp(started.min(now)));
}

/// What a decision other than to send makes of a touch.
pub(super) fn settle(row: &mut TouchRow, decision: &Decision, look: &Look, now: Moment) {
    match decision {
        Decision::Send(_) => {}
        Decision::Call => {
            row.become_(State::Accepted, now);
            row.accepted_at = Some(Stamp(now));
        }
        Decision::Wait(until) => {
            // No step of its own while it only waits on.
            if row.state.0 != State::Planned {
                row.plan(*until, now);
            }
            row.state = StateCode(State::Planned);
            row.look_at = Some(Stamp(*until));
        }
        Decision::Suppress(why) => row.suppress(*why, now),
        Decision::Merge { into } => {
            row.become_(State::Merged, now);
            row.merged_into = look.id_of(into);
        }
        Decision::Expire => row.become_(State::Expired, now),
    }
}
