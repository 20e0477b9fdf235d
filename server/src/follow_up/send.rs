//! Sending one touch: client and plan are held, all is looked at once more, the carrier is called, and what came of it is written down.

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
        self, Result, StoreError, Tx,
        chart::Stamp,
        follow_up::{
            self as kept,
            attempt::{self, Outcome, Said, Try, Written},
            carrier, due, stop,
            touch::{self, StateCode, TouchRow},
        },
    },
};
use domain::{
    follow_up::{
        recheck::Decision,
        touch_state::{State, Why},
    },
    time::Moment,
};

/// A carrier that is busy is asked again after that.
const LATER_MINUTES: i64 = 5;

/// The index that keeps a rung of a lapse from being gone up twice.
const RUNG_ONCE: &str = "touch_rung_once";

impl FollowUp {
    /// Sends what was claimed, if it still is to be sent; says what became of it. `None`: somebody else has settled it meanwhile.
    pub async fn send(&self, claimed: &Claimed) -> Result<Option<State>> {
        match self.try_to_send(claimed).await {
            Err(error) if error.is_about(RUNG_ONCE) => self.sent_before(claimed).await,
            became => became,
        }
    }

    async fn try_to_send(&self, claimed: &Claimed) -> Result<Option<State>> {
        let clinic = claimed.clinic;
        let mut tx = store::begin(&self.clinics.pool, clinic).await?;
        let epoch = kept::lock_for_sending(&mut tx, clinic, claimed.client, claimed.plan).await?;
        let now = self.clinics.host.now();
        let row = touch::lock(&mut tx, clinic, claimed.touch).await?;
        let open: Vec<Try> = attempt::open(&mut tx, clinic, claimed.touch).await?.into_iter().map(|(one, _)| one).collect();
        let is_ours = claimed.tries.iter().all(|one| open.contains(one));
        let Some(mut row) = row.filter(|row| row.state.0 == State::Claimed && is_ours) else {
            self.withhold(&mut tx, claimed, |one| open.contains(one), now).await?;
            tx.commit().await?;
            return Ok(None);
        };
        let look = Look::at(&mut tx, &self.clinics, clinic, claimed.client).await?;
        let Some(look) = look else { return Ok(None) };
        let decision = self.last_look(&mut tx, &row, &look, epoch, now).await?;
        let ways = match &decision {
            Decision::Send(ways) => ways.iter().map(|way| channel(*way)).collect(),
            _ => Vec::new(),
        };
        let mut retry = None;
        let (to_send, withheld): (Vec<Try>, Vec<Try>) = claimed.tries.iter().partition(|one| ways.contains(&one.channel));
        self.withhold(&mut tx, claimed, |one| withheld.contains(one), now).await?;
        if to_send.is_empty() {
            match decision {
                // By another channel than was written down before: once more from the beginning.
                Decision::Send(_) => row.plan(now, now),
                decision => settle(&mut row, &decision, &look, now),
            }
        } else {
            // Before the carrier is called, so that nobody goes up the same rung beside it.
            row.become_(State::Attempted, now);
            row.tried_at = Some(Stamp(now));
            touch::save(&mut tx, std::slice::from_ref(&row)).await?;
            let answers = self.call(&mut tx, &row, &look, claimed, &to_send).await?;
            self.record(&mut tx, &mut row, &answers).await?;
            if row.state.0 == State::Failed {
                // Nothing arrives by these, so it takes the other way.
                let tried: Vec<_> = to_send.iter().map(|one| one.channel).collect();
                retry = by_other_channel(&look, &row, &tried, self.clinics.host.uuid(), now);
            }
        }
        touch::save(&mut tx, std::slice::from_ref(&row)).await?;
        touch::add(&mut tx, retry.as_slice()).await?;
        if let Some(Stamp(at)) = retry.as_ref().unwrap_or(&row).look_at {
            due::sooner(&mut tx, clinic, at).await?;
        }
        tx.commit().await?;
        Ok(Some(row.state.0))
    }

    /// The last look: by the rules, and by the rows of the diary themselves.
    async fn last_look(&self, tx: &mut Tx, row: &TouchRow, look: &Look, epoch: Option<i64>, now: Moment) -> Result<Decision> {
        let decision = look.decide(row);
        if row.kind.is_nudge() && matches!(decision, Decision::Send(_)) {
            if let Some(starts) = touch::booked(tx, row.clinic_id, row.session_id, now).await? {
                return Ok(Decision::Suppress(Why::Booked { starts }));
            }
            if epoch != Some(row.epoch) {
                return Ok(Decision::Suppress(Why::NoLongerPlanned));
            }
        }
        Ok(decision)
    }

    async fn withhold(&self, tx: &mut Tx, claimed: &Claimed, which: impl Fn(&Try) -> bool, now: Moment) -> Result<()> {
        for one in claimed.tries.iter().filter(|one| which(one)) {
            attempt::finish(tx, claimed.clinic, one.token, Outcome::Withheld, Said::default(), now).await?;
        }
        Ok(())
    }

    async fn call(&self, tx: &mut Tx, row: &TouchRow, look: &Look, claimed: &Claimed, tries: &[Try]) -> Result<Vec<(Outgoing, Answer)>> {
        let filled = Filled::of(tx, look, row, claimed.link.as_deref(), &self.origin).await?;
        let carriers = carrier::of_clinic(tx, row.clinic_id).await?;
        let outgoing = |one: &Try| {
            let (subject, text) = filled.text(one.channel);
            Outgoing {
                clinic: row.clinic_id,
                token: one.token,
                channel: one.channel,
                to: look.address(one.channel).to_owned(),
                subject,
                text,
                heard_of: true,
                carrier: carriers.iter().find(|kept| kept.settings.channel() == one.channel).cloned(),
            }
        };
        let calls = tries.iter().map(outgoing).map(async |outgoing| {
            let answer = tokio::time::timeout(LONGEST_CALL, self.transport.send(&outgoing)).await;
            let answer = answer.unwrap_or_else(|_| Answer::Unknown("no answer within five seconds".to_owned()));
            (outgoing, answer)
        });
        Ok(futures::future::join_all(calls).await)
    }

    /// Of several channels, what reached furthest is what became of the touch.
    async fn record(&self, tx: &mut Tx, row: &mut TouchRow, answers: &[(Outgoing, Answer)]) -> Result<()> {
        let now = self.clinics.host.now();
        let has = |which: fn(&Answer) -> bool| answers.iter().any(|(_, answer)| which(answer));
        for (outgoing, answer) in answers {
            let (outcome, said) = match answer {
                Answer::Accepted { id } => (Outcome::Accepted, Said { answer: None, id: id.as_deref() }),
                Answer::Simulated => (Outcome::Accepted, Said::default()),
                Answer::Refused(words) => (Outcome::Refused, Said { answer: Some(words), id: None }),
                Answer::OptedOut(words) => (Outcome::OptedOut, Said { answer: Some(words), id: None }),
                Answer::Later(words) => (Outcome::Later, Said { answer: Some(words), id: None }),
                Answer::Unknown(words) => (Outcome::Unknown, Said { answer: Some(words), id: None }),
            };
            attempt::finish(tx, row.clinic_id, outgoing.token, outcome, said, now).await?;
            if outcome == Outcome::Refused {
                attempt::came_back(tx, row.clinic_id, outgoing.token, &outgoing.to).await?;
            }
            if outcome == Outcome::Accepted {
                let simulated = *answer == Answer::Simulated;
                // Whoever may read the clinic's messages cannot book in her name.
                let text = if simulated { outgoing.text.clone() } else { without_token(&outgoing.text) };
                let written = Written {
                    channel: outgoing.channel,
                    address: &outgoing.to,
                    subject: &outgoing.subject,
                    text: &text,
                    at: now,
                    token: outgoing.token,
                    simulated,
                };
                attempt::add_message(tx, row.clinic_id, self.clinics.host.uuid(), row.client_id, &written).await?;
            }
        }
        if has(|answer| matches!(answer, Answer::OptedOut(_))) {
            stop::set(tx, row.clinic_id, row.client_id, Some(now), now).await?;
        }
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
        Ok(())
    }

    /// Somebody else went up the same rung a moment ago.
    async fn sent_before(&self, claimed: &Claimed) -> Result<Option<State>> {
        let now = self.clinics.host.now();
        let mut tx = store::begin(&self.clinics.pool, claimed.clinic).await?;
        let Some(mut row) = touch::lock(&mut tx, claimed.clinic, claimed.touch).await? else { return Ok(None) };
        if row.state != StateCode(State::Claimed) {
            return Ok(None);
        }
        self.withhold(&mut tx, claimed, |_| true, now).await?;
        row.suppress(Why::AlreadySent, now);
        touch::save(&mut tx, &[row]).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(Some(State::Suppressed))
    }
}
