//! What a carrier tells later of what it was handed: by itself, in a returned e-mail, or when it is asked. Told twice, or in another
//! order, it comes to the same.

use super::{
    FollowUp,
    claim::{CLAIM_MINUTES, minutes_after},
    look::Look,
    reach::{channel, way},
    transport::{LONGEST_CALL, News, Question},
};
use crate::{
    clinic::Clinics,
    store::{
        self, Result, Tx,
        chart::Stamp,
        follow_up::{
            attempt::{self, Became, Finished, Outcome, Stands},
            carrier, due, lock_clients, say_now, stop,
            touch::{self, TouchRow},
        },
    },
};
use app::api::messages::Channel;
use domain::{follow_up::touch_state::State, time::Moment};
use uuid::Uuid;

/// A carrier that keeps a list is asked for what nobody knows once in so many minutes.
pub(super) const ASK_EVERY_MINUTES: i64 = 3;

/// A try to be asked about.
#[derive(Clone, Debug)]
pub struct ToAsk {
    pub token: Uuid,
    pub question: Question,
}

/// Writes down what a carrier tells of a try, and what follows from it. `false`: nobody knows that try.
pub async fn tell(clinics: &Clinics, token: Uuid, id: Option<&str>, news: &News) -> Result<bool> {
    let now = clinics.host.now();
    let Some((mut tx, clinic, whose)) = attempt::named(&clinics.pool, token).await? else { return Ok(false) };
    say_now(&mut tx, now).await?;
    // Whoever is just sending it has them: what came of that is written down first.
    lock_clients(&mut tx, clinic, &[whose.client]).await?;
    let Some(mut row) = touch::lock(&mut tx, clinic, whose.touch).await? else { return Ok(false) };
    let tries = attempt::of_touch(&mut tx, clinic, row.id).await?;
    let Some(one) = tries.iter().find(|one| one.token == token) else { return Ok(false) };
    if matches!(one.outcome, None | Some(Outcome::Unknown)) {
        attempt::was_accepted(&mut tx, clinic, token, id, now).await?;
    }
    match news {
        News::Accepted => {}
        News::Delivered if one.became.is_none() => attempt::become_(&mut tx, clinic, token, Became::Delivered, None, now).await?,
        News::Bounced(why) | News::OptedOut(why) if may_come_back(one) => {
            attempt::become_(&mut tx, clinic, token, Became::Bounced, Some(why), now).await?;
        }
        _ => {}
    }
    if matches!(news, News::OptedOut(_)) {
        stop::set(&mut tx, clinic, whose.client, Some(now), now).await?;
    }
    if one.outcome.is_none() {
        // The server that tried it ended, or it would have been locked.
        let others = tries.iter().filter(|other| other.token != token && other.outcome.is_none());
        let unknown: Vec<_> = others.map(|other| Finished::as_(Outcome::Unknown, other.token)).collect();
        attempt::finish(&mut tx, clinic, &unknown, now).await?;
    }
    let tries = attempt::of_touch(&mut tx, clinic, row.id).await?;
    let follow_due = follow(&mut tx, clinics, &mut row, &tries, now).await?.then_some(now);
    if let Some(first) = follow_due {
        due::sooner(&mut tx, clinic, first).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// A text message that was delivered stays so, whatever is told after it. A mail server may accept what a later one returns.
fn may_come_back(one: &Stands) -> bool {
    match one.became {
        None => true,
        Some(Became::Delivered) => one.channel == Channel::Email,
        Some(Became::Bounced) => false,
    }
}

/// What became of a touch, by all its tries: what reached furthest.
fn state_of(tries: &[Stands]) -> Option<State> {
    let any = |which: fn(&Stands) -> bool| tries.iter().any(which);
    if any(|one| one.became == Some(Became::Delivered)) {
        Some(State::Delivered)
    } else if any(|one| one.outcome == Some(Outcome::Accepted) && one.became.is_none()) {
        Some(State::Accepted)
    } else if any(|one| one.outcome == Some(Outcome::Unknown) || one.outcome.is_none()) {
        Some(State::Uncertain)
    } else if any(|one| one.became == Some(Became::Bounced)) {
        Some(State::Bounced)
    } else {
        None
    }
}

/// Whether something is to be sent for it.
async fn follow(tx: &mut Tx, clinics: &Clinics, row: &mut TouchRow, tries: &[Stands], now: Moment) -> Result<bool> {
    let Some(state) = state_of(tries) else { return Ok(false) };
    if row.state.0 == State::Claimed {
        // It was handed over, and the server that did it ended.
        row.become_(State::Attempted, now);
        row.tried_at = tried_at(tries);
        touch::save(tx, std::slice::from_ref(row)).await?;
    }
    if row.state.0 == State::Attempted || row.state.0 == State::Uncertain {
        // As it was, however late it is known.
        row.accepted_at = row.accepted_at.or(tries.iter().find(|one| one.outcome == Some(Outcome::Accepted)).map(|one| Stamp(one.started)));
    }
    if row.state.0 == State::Attempted && matches!(state, State::Delivered | State::Bounced) {
        row.become_(State::Accepted, now);
        touch::save(tx, std::slice::from_ref(row)).await?;
    }
    if row.state.0 == state || !row.state.0.may_become(state) {
        if row.tried_at.is_none() {
            // It was ended while it was sent, and stays ended; that she has it counts all the same.
            row.tried_at = tried_at(tries);
            touch::save(tx, std::slice::from_ref(row)).await?;
        }
        return Ok(false);
    }
    row.become_(state, now);
    touch::save(tx, std::slice::from_ref(row)).await?;
    if row.state.0 == State::Bounced
        && let Some(look) = Look::at(tx, clinics, row.clinic_id, row.client_id).await?
        && let Some(retry) = by_other_channel(&look, row, &channels(tries), clinics.host.uuid(), now)
    {
        touch::add(tx, &[retry]).await?;
        return Ok(true);
    }
    Ok(false)
}

/// What the carrier was called for, and did not put off: some of it may have gone.
fn made(tries: &[Stands]) -> impl Iterator<Item = &Stands> {
    tries.iter().filter(|one| !matches!(one.outcome, Some(Outcome::Withheld | Outcome::Later)))
}

fn channels(tries: &[Stands]) -> Vec<Channel> {
    made(tries).map(|one| one.channel).collect()
}

fn tried_at(tries: &[Stands]) -> Option<Stamp> {
    made(tries).map(|one| Stamp(one.started)).next()
}

/// The same touch by a channel that was not tried, because by those nothing arrives. `None`: there is none in which something may be
/// said, or it was said so before. STOP is no bounce: what she does not need takes no other way.
pub(super) fn by_other_channel(look: &Look, row: &TouchRow, tried: &[Channel], id: Uuid, now: Moment) -> Option<TouchRow> {
    let is_said = row.retry_of.is_some() || look.rows.iter().any(|other| other.retry_of == Some(row.id));
    let is_late = row.expires_at.is_some_and(|Stamp(at)| at <= now);
    if is_said || is_late || !row.kind.is_message() {
        return None;
    }
    let rule = look.policy(row.plan_id).rule(row.kind)?;
    let tried: Vec<_> = tried.iter().copied().map(way).collect();
    let other = look.reach.after_bounce(rule, &tried)?;
    Some(retry(row, channel(other), id, now))
}

/// The same touch once more, linked to the one it retries.
pub(super) fn retry(row: &TouchRow, channel: Channel, id: Uuid, now: Moment) -> TouchRow {
    let mut retry = TouchRow { id, retry_of: Some(row.id), channel: Some(channel), ..row.clone() };
    (retry.tried_at, retry.accepted_at) = (None, None);
    retry.plan(now, now);
    retry
}

impl FollowUp {
    /// What is to be asked of a touch nobody knows about.
    pub(super) async fn to_ask(&self, tx: &mut Tx, row: &TouchRow, look: &Look) -> Result<Vec<ToAsk>> {
        let Some(kept) = carrier::read(tx, row.clinic_id, Channel::Sms).await? else { return Ok(Vec::new()) };
        let tries = attempt::of_touch(tx, row.clinic_id, row.id).await?;
        let unknown = tries.iter().filter(|one| one.channel == Channel::Sms && one.outcome == Some(Outcome::Unknown));
        let ask = |one: &Stands| ToAsk {
            token: one.token,
            question: Question {
                clinic: row.clinic_id,
                to: look.address(Channel::Sms).to_owned(),
                started: one.started,
                until: minutes_after(one.started, CLAIM_MINUTES),
                carrier: kept.clone(),
            },
        };
        Ok(unknown.map(ask).collect())
    }

    /// Asks the carrier; nothing is held meanwhile. Only one message may fit: of several nobody could say which it is.
    pub async fn ask(&self, ask: &ToAsk) -> Result<()> {
        let listed = tokio::time::timeout(LONGEST_CALL, self.transport.ask(&ask.question)).await.unwrap_or_default();
        if listed.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = listed.iter().map(|one| one.id.clone()).collect();
        let mut tx = store::begin(&self.clinics.pool, ask.question.clinic).await?;
        let known = attempt::known_ids(&mut tx, ask.question.clinic, &ids).await?;
        tx.commit().await?;
        let unknown: Vec<_> = listed.iter().filter(|one| !known.contains(&one.id)).collect();
        if let [one] = unknown.as_slice() {
            tell(&self.clinics, ask.token, Some(&one.id), &one.news).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stands(channel: Channel, outcome: Option<Outcome>, became: Option<Became>) -> Stands {
        Stands { token: Uuid::nil(), channel, started: Moment::from_millis(0), outcome, became }
    }

    #[test]
    fn what_reached_furthest_is_what_became_of_it() {
        use Channel::{Email, Sms};
        let accepted = Some(Outcome::Accepted);
        for (tries, wanted) in [
            (vec![stands(Sms, accepted, Some(Became::Bounced)), stands(Email, accepted, None)], Some(State::Accepted)),
            (vec![stands(Sms, accepted, Some(Became::Bounced)), stands(Email, Some(Outcome::Refused), None)], Some(State::Bounced)),
            (vec![stands(Sms, accepted, Some(Became::Delivered)), stands(Email, accepted, Some(Became::Bounced))], Some(State::Delivered)),
            (vec![stands(Sms, accepted, Some(Became::Bounced)), stands(Email, Some(Outcome::Unknown), None)], Some(State::Uncertain)),
            (vec![stands(Sms, Some(Outcome::Withheld), None)], None),
        ] {
            assert_eq!(state_of(&tries), wanted, "{tries:?}");
        }
    }

    #[test]
    fn delivered_by_sms_never_goes_back() {
        assert!(!may_come_back(&stands(Channel::Sms, Some(Outcome::Accepted), Some(Became::Delivered))));
        assert!(may_come_back(&stands(Channel::Email, Some(Outcome::Accepted), Some(Became::Delivered))));
        assert!(may_come_back(&stands(Channel::Sms, Some(Outcome::Accepted), None)));
    }
}
