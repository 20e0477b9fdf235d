//! Sending: client and plan are held, all is looked at once more, the carrier is called, and what came of it is written down.

use super::{
    FollowUp,
    claim::{Claimed, minutes_after, settle},
    look::Look,
    news::{ASK_EVERY_MINUTES, by_other_channel},
    reach::channel,
    texts::Filled,
    transport::{Answer, LONGEST_CALL, Outgoing},
};
use crate::{
    own_pages::messages::without_token,
    store::{
        self, Result, Tx,
        chart::Stamp,
        follow_up::{
            self as kept,
            attempt::{self, Finished, MessageRow, Outcome, Try},
            carrier, due, elsewhere, stop,
            touch::{self, StateCode, TouchRow},
        },
        own_pages::diary,
    },
};
use domain::{
    follow_up::{
        recheck::Decision,
        touch_state::{State, Why},
    },
    ids::{ClientId, ClinicId, PlanId, SessionId},
    time::Moment,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A carrier that is busy is asked again after that.
const LATER_MINUTES: i64 = 5;

/// The index that keeps a rung of a lapse from being gone up twice.
const RUNG_ONCE: &str = "touch_rung_once";

/// One touch on its way: how it stands, what is known of its client, and the tries that are to be made.
struct Sending<'a> {
    claimed: &'a Claimed,
    look: &'a Look,
    row: TouchRow,
    tries: Vec<Try>,
    answers: Vec<(Outgoing, Answer)>,
}

impl Sending<'_> {
    /// Of those a lapse has four at most: the next server that tries the same one has to find it written down.
    fn is_on_a_rung(&self) -> bool {
        self.row.rung.is_some()
    }
}

/// When sessions are booked, as the rows themselves say; whatever the charts do.
#[derive(Default)]
struct Booked {
    here: HashMap<SessionId, Moment>,
    elsewhere: HashMap<SessionId, Moment>,
}

impl Booked {
    async fn of(tx: &mut Tx, clinic: ClinicId, sessions: &[SessionId], now: Moment) -> Result<Self> {
        if sessions.is_empty() {
            return Ok(Self::default());
        }
        let here = touch::booked(tx, clinic, sessions, now).await?;
        Ok(Self { here, elsewhere: elsewhere::booked(tx, clinic, sessions, now).await? })
    }
}

impl FollowUp {
    /// Sends what was claimed, if it still is to be sent; says what became of it. `None`: somebody else has settled it meanwhile.
    pub async fn send(&self, claimed: &Claimed) -> Result<Option<State>> {
        let mut tx = store::begin(&self.clinics.pool, claimed.clinic).await?;
        let epoch = kept::lock_for_sending(&mut tx, claimed.clinic, claimed.client, claimed.plan).await?;
        let epochs = epoch.into_iter().map(|epoch| (claimed.plan, epoch)).collect();
        match self.send_held(tx, &[claimed], &epochs).await {
            Err(error) if error.is_about(RUNG_ONCE) => self.sent_before(claimed).await,
            Err(error) => Err(error),
            Ok(became) => Ok(became.into_iter().next()),
        }
    }

    /// Sends several of one clinic in one transaction, of each client one; one by one those whose client or plan somebody else holds.
    pub async fn send_together(&self, claimed: &[Claimed]) -> Result<()> {
        let [first, _, ..] = claimed else {
            for one in claimed {
                self.send(one).await?;
            }
            return Ok(());
        };
        let mut tx = store::begin(&self.clinics.pool, first.clinic).await?;
        let wanted: Vec<_> = claimed.iter().map(|one| (one.client, one.plan)).collect();
        let epochs = kept::lock_those_free(&mut tx, first.clinic, &wanted).await?;
        let (held, mut alone): (Vec<_>, Vec<_>) = claimed.iter().partition(|one| epochs.contains_key(&one.plan));
        match self.send_held(tx, &held, &epochs).await {
            // One of them cannot go, and which one is found out one by one: nothing was handed over.
            Err(error) if error.is_about(RUNG_ONCE) => alone = claimed.iter().collect(),
            sent => drop(sent?),
        }
        for one in alone {
            self.send(one).await?;
        }
        Ok(())
    }

    /// Sends what is held by the transaction; says what became of those nobody else has settled meanwhile.
    async fn send_held(&self, mut tx: Tx, claimed: &[&Claimed], epochs: &HashMap<PlanId, i64>) -> Result<Vec<State>> {
        let Some(clinic) = claimed.first().map(|one| one.clinic) else { return Ok(Vec::new()) };
        let now = self.clinics.host.now();
        let touches: Vec<_> = claimed.iter().map(|one| one.touch).collect();
        touch::hold(&mut tx, clinic, &touches).await?;
        let open: HashSet<Uuid> = attempt::open(&mut tx, clinic, &touches).await?.into_iter().map(|(_, one, _)| one.token).collect();
        let clients: Vec<_> = claimed.iter().map(|one| one.client).collect();
        let looks = Look::at_all(&mut tx, &self.clinics, clinic, &clients).await?;
        let sessions: Vec<_> = claimed.iter().filter(|one| one.link.is_some()).map(|one| one.session).collect();
        let booked = Booked::of(&mut tx, clinic, &sessions, now).await?;

        let (mut sending, mut withheld) = (Vec::new(), Vec::new());
        for one in claimed {
            let is_ours = one.tries.iter().all(|one| open.contains(&one.token));
            let look = looks.get(&one.client);
            let row = look.and_then(|look| look.rows.iter().find(|row| row.id == one.touch));
            let row = row.filter(|row| row.state.0 == State::Claimed && is_ours).cloned();
            let (Some(mut row), Some(look)) = (row, look) else {
                withheld.extend(one.withheld().into_iter().filter(|one| open.contains(&one.token)));
                continue;
            };
            let decision = last_look(&row, look, epochs.get(&one.plan).copied(), &booked);
            let ways: Vec<_> = match &decision {
                Decision::Send(ways) => ways.iter().map(|way| channel(*way)).collect(),
                _ => Vec::new(),
            };
            let tries: Vec<Try> = one.tries.iter().copied().filter(|one| ways.contains(&one.channel)).collect();
            let not_made = one.tries.iter().filter(|one| !ways.contains(&one.channel));
            withheld.extend(not_made.map(|one| Finished::as_(Outcome::Withheld, one.token)));
            match decision {
                Decision::Send(_) if !tries.is_empty() => {
                    row.become_(State::Attempted, now);
                    row.tried_at = Some(Stamp(now));
                }
                // By another channel than was written down before: once more from the beginning.
                Decision::Send(_) => row.plan(now, now),
                decision => settle(&mut row, &decision, look, now),
            }
            sending.push(Sending { claimed: one, look, row, tries, answers: Vec::new() });
        }
        attempt::finish(&mut tx, clinic, &withheld, now).await?;
        let (mut going, settled): (Vec<_>, Vec<_>) = sending.into_iter().partition(|one| !one.tries.is_empty());
        // Before the carrier is called, so that nobody goes up the same rung beside it.
        save(&mut tx, settled.iter().chain(going.iter().filter(|one| one.is_on_a_rung()))).await?;
        self.call(&mut tx, &mut going).await?;
        let retries = self.record(&mut tx, &mut going).await?;
        let waiting = |row: &TouchRow| row.look_at.map(|Stamp(at)| at);
        let next = going.iter().chain(&settled).map(|one| &one.row).chain(&retries).filter_map(waiting).min();
        if let Some(at) = next {
            due::sooner(&mut tx, clinic, at).await?;
        }
        tx.commit().await?;
        Ok(going.iter().chain(&settled).map(|one| one.row.state.0).collect())
    }

    /// Calls the carriers for all of them at once.
    async fn call(&self, tx: &mut Tx, going: &mut [Sending<'_>]) -> Result<()> {
        let Some(first) = going.first() else { return Ok(()) };
        let (clinic, now) = (first.row.clinic_id, first.look.now);
        let carriers = carrier::of_clinic(tx, clinic).await?;
        let asks = going.iter().any(|one| one.row.kind.is_nudge());
        let taken = if asks { diary::taken(tx, clinic, now).await? } else { Vec::new() };
        let calls = going.iter_mut().map(async |one| {
            let Sending { claimed, look, row, tries, .. } = &*one;
            let filled = Filled::of(look, row, claimed.link.as_deref(), &taken, &self.origin);
            let calls = tries.iter().map(async |made| {
                let (subject, text) = filled.text(made.channel);
                let outgoing = Outgoing {
                    clinic,
                    token: made.token,
                    channel: made.channel,
                    to: look.address(made.channel).to_owned(),
                    subject,
                    text,
                    heard_of: true,
                    carrier: carriers.iter().find(|kept| kept.settings.channel() == made.channel).cloned(),
                };
                let answer = tokio::time::timeout(LONGEST_CALL, self.transport.send(&outgoing)).await;
                let answer = answer.unwrap_or_else(|_| Answer::Unknown("no answer within five seconds".to_owned()));
                (outgoing, answer)
            });
            let answers = futures::future::join_all(calls).await;
            one.answers = answers;
        });
        futures::future::join_all(calls).await;
        Ok(())
    }

    /// Writes down what the carriers said, and what follows from it: perhaps the same by another channel, which is returned.
    async fn record(&self, tx: &mut Tx, going: &mut [Sending<'_>]) -> Result<Vec<TouchRow>> {
        let Some(clinic) = going.first().map(|one| one.row.clinic_id) else { return Ok(Vec::new()) };
        let now = self.clinics.host.now();
        let answers = || going.iter().flat_map(|one| one.answers.iter().map(|(outgoing, answer)| (one.row.client_id, outgoing, answer)));
        let finished: Vec<_> = answers().map(|(_, outgoing, answer)| finished(outgoing, answer)).collect();
        attempt::finish(tx, clinic, &finished, now).await?;
        let message = |(client, outgoing, answer)| self.message(client, outgoing, answer, now);
        let messages: Vec<_> = answers().filter_map(message).collect();
        attempt::add_messages(tx, &messages).await?;
        let opted_out: Vec<_> = answers().filter(|(.., answer)| matches!(answer, Answer::OptedOut(_))).map(|(client, ..)| client).collect();
        for client in opted_out {
            stop::set(tx, clinic, client, Some(now), now).await?;
        }
        let (mut retries, mut attempted) = (Vec::new(), Vec::new());
        for one in going.iter_mut() {
            let before = one.row.clone();
            became(&mut one.row, &one.answers, now);
            // That one was attempted before it was accepted, or failed, the database says by itself.
            if !one.is_on_a_rung() && !matches!(one.row.state.0, State::Accepted | State::Failed) {
                attempted.push(before);
            }
            if one.row.state.0 == State::Failed {
                // Nothing arrives by these, so it takes the other way.
                let tried: Vec<_> = one.tries.iter().map(|one| one.channel).collect();
                retries.extend(by_other_channel(one.look, &one.row, &tried, self.clinics.host.uuid(), now));
            }
        }
        touch::save(tx, &attempted).await?;
        save(tx, going.iter()).await?;
        touch::add(tx, &retries).await?;
        Ok(retries)
    }

    /// What is kept of what went out.
    fn message(&self, client: ClientId, outgoing: &Outgoing, answer: &Answer, now: Moment) -> Option<MessageRow> {
        // Whoever may read the clinic's messages cannot book in her name.
        let (state, text) = match answer {
            Answer::Simulated => ("simulated", outgoing.text.clone()),
            Answer::Accepted { .. } => ("sent", without_token(&outgoing.text)),
            _ => return None,
        };
        Some(MessageRow {
            clinic_id: outgoing.clinic,
            id: self.clinics.host.uuid(),
            client_id: client,
            channel: outgoing.channel,
            address: outgoing.to.clone(),
            subject: outgoing.subject.clone(),
            text,
            made_at: Stamp(now),
            state,
            attempt: outgoing.token,
        })
    }

    /// Somebody else went up the same rung a moment ago.
    async fn sent_before(&self, claimed: &Claimed) -> Result<Option<State>> {
        let now = self.clinics.host.now();
        let mut tx = store::begin(&self.clinics.pool, claimed.clinic).await?;
        let Some(mut row) = touch::lock(&mut tx, claimed.clinic, claimed.touch).await? else { return Ok(None) };
        if row.state != StateCode(State::Claimed) {
            return Ok(None);
        }
        attempt::finish(&mut tx, claimed.clinic, &claimed.withheld(), now).await?;
        row.suppress(Why::AlreadySent, now);
        touch::save(&mut tx, &[row]).await?;
        tx.commit().await?;
        Ok(Some(State::Suppressed))
    }
}

/// The last look: by the rules, and by the rows of the diary themselves.
fn last_look(row: &TouchRow, look: &Look, epoch: Option<i64>, booked: &Booked) -> Decision {
    let decision = look.decide(row);
    if row.kind.is_nudge() && matches!(decision, Decision::Send(_)) {
        if let Some(starts) = booked.here.get(&row.session_id) {
            return Decision::Suppress(Why::Booked { starts: *starts });
        }
        if let Some(starts) = booked.elsewhere.get(&row.session_id) {
            return Decision::Suppress(Why::BookedElsewhere { starts: *starts });
        }
        if epoch != Some(row.epoch) {
            return Decision::Suppress(Why::NoLongerPlanned);
        }
    }
    decision
}

async fn save<'a>(tx: &mut Tx, sending: impl Iterator<Item = &'a Sending<'a>>) -> Result<()> {
    let rows: Vec<_> = sending.map(|one| one.row.clone()).collect();
    touch::save(tx, &rows).await
}

fn finished(outgoing: &Outgoing, answer: &Answer) -> Finished {
    let (outcome, answer, id) = match answer {
        Answer::Accepted { id } => (Outcome::Accepted, None, id.clone()),
        Answer::Simulated => (Outcome::Accepted, None, None),
        Answer::Refused(words) => (Outcome::Refused, Some(words.clone()), None),
        Answer::OptedOut(words) => (Outcome::OptedOut, Some(words.clone()), None),
        Answer::Later(words) => (Outcome::Later, Some(words.clone()), None),
        Answer::Unknown(words) => (Outcome::Unknown, Some(words.clone()), None),
    };
    // Whether the address is to blame is for later.
    let address = (outcome == Outcome::Refused).then(|| outgoing.to.clone());
    Finished { token: outgoing.token, outcome, answer, id, address }
}

/// Of several channels, what reached furthest is what became of the touch.
fn became(row: &mut TouchRow, answers: &[(Outgoing, Answer)], now: Moment) {
    let has = |which: fn(&Answer) -> bool| answers.iter().any(|(_, answer)| which(answer));
    if has(|answer| matches!(answer, Answer::Accepted { .. } | Answer::Simulated)) {
        row.become_(State::Accepted, now);
        row.accepted_at = Some(Stamp(now));
    } else if has(|answer| matches!(answer, Answer::Unknown(_))) {
        row.become_(State::Uncertain, now);
        row.look_at = Some(Stamp(minutes_after(now, ASK_EVERY_MINUTES)));
    } else if has(|answer| matches!(answer, Answer::Later(_))) {
        row.plan(minutes_after(now, LATER_MINUTES), now);
        row.tried_at = None;
    } else if has(|answer| matches!(answer, Answer::OptedOut(_))) && !row.kind.is_promotional() && row.retry_of.is_none() {
        // What she needs goes by the way that is left, if there is one: that is decided anew, with what is known now.
        row.plan(now, now);
        row.tried_at = None;
    } else if has(|answer| matches!(answer, Answer::OptedOut(_))) {
        row.suppress(Why::OptedOut, now);
        row.tried_at = None;
    } else {
        row.become_(State::Failed, now);
    }
}
