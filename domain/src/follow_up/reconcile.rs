//! From the touches that are kept to those a plan should have: what has to change. In the transaction of whatever changed the plan.

use super::{
    planner::{Fate, Identity, Touch},
    touch_state::{State, Why},
};
use crate::time::Moment;
use std::collections::HashMap;

/// A touch as it is kept: of those with the same identity, the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub identity: Identity,
    pub state: State,
    /// It went out, or may have, whatever has ended it since.
    pub may_have_gone: bool,
    pub due: Moment,
    pub expires: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new one; as [`State::Planned`], or with its reason as suppressed or merged, so that somebody who asks gets an answer.
    Insert(Touch),
    /// It is due at another time, or planned again after all.
    Plan(Touch),
    Suppress(Identity, Why),
    Merge(Identity, Identity),
}

/// What has to change. Nothing that has left the clinic, or may have, is touched; when all is as it should be, nothing is.
pub fn reconcile(kept: &[Kept], wanted: &[Touch], now: Moment) -> Vec<Change> {
    let known: HashMap<_, _> = kept.iter().map(|kept| (kept.identity, kept)).collect();
    let asked_for: HashMap<_, _> = wanted.iter().map(|touch| (touch.identity, touch)).collect();
    let gone = kept.iter().filter(|kept| kept.state.is_pending() && !asked_for.contains_key(&kept.identity));
    let gone = gone.map(|kept| Change::Suppress(kept.identity, Why::NoLongerPlanned));
    let changed = wanted.iter().filter_map(|touch| match known.get(&touch.identity) {
        None => is_worth_keeping(touch, now).then_some(Change::Insert(*touch)),
        Some(kept) => change(kept, touch, now),
    });
    gone.chain(changed).collect()
}

fn change(kept: &Kept, touch: &Touch, now: Moment) -> Option<Change> {
    match touch.fate {
        Fate::Suppressed(why) => kept.state.is_pending().then_some(Change::Suppress(touch.identity, why)),
        Fate::Merged { into } => kept.state.is_pending().then_some(Change::Merge(touch.identity, into)),
        Fate::Send => {
            let moved = (kept.due, kept.expires) != (touch.due, touch.expires);
            let again = matches!(kept.state, State::Suppressed | State::Merged) && !kept.may_have_gone && touch.due > now;
            // One that is claimed is looked at again before it goes.
            ((kept.state == State::Planned && moved) || again).then_some(Change::Plan(*touch))
        }
    }
}

/// Which touches of a plan nobody knew of while there was time for them: they are over, and none of them is kept.
pub fn never_came(kept: &[Kept], now: Moment) -> impl Fn(&Touch) -> bool {
    move |touch| touch.is_expired(now) && !kept.iter().any(|kept| kept.identity == touch.identity)
}

/// What could not go any more, and what the policy never had, would only be noise.
fn is_worth_keeping(touch: &Touch, now: Moment) -> bool {
    match touch.fate {
        Fate::Send => !touch.is_expired(now),
        Fate::Suppressed(Why::NotInPolicy) => false,
        Fate::Suppressed(_) | Fate::Merged { .. } => touch.due > now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow_up::{
        kind::Kind,
        planner::plan_touches,
        policy::Policy,
        tests::{at, booking, chicago, series},
    };

    fn kept(touches: &[Touch]) -> Vec<Kept> {
        let keep = |touch: &Touch| Kept {
            identity: touch.identity,
            state: match touch.fate {
                Fate::Send => State::Planned,
                Fate::Suppressed(_) => State::Suppressed,
                Fate::Merged { .. } => State::Merged,
            },
            may_have_gone: false,
            due: touch.due,
            expires: touch.expires,
        };
        touches.iter().map(keep).collect()
    }

    #[test]
    fn what_changed_is_changed_and_nothing_else() {
        let (clock, policy, now) = (chicago(), Policy::standard(), at("2026-11-01T16:00:00Z"));
        let mut facts = series(&["2026-10-06T15:00:00Z"]);
        let planned = plan_touches(&facts, &policy, &clock);
        let inserted = reconcile(&[], &planned, now);
        // From the prompt of 10 November to the flag; what was due before is not made up for.
        assert_eq!(inserted.len(), 6);
        let mut rows = kept(&planned);
        assert_eq!(reconcile(&rows, &planned, now), []);
        // A booking ends the nudges that are pending; one that went stays what it is.
        let reminder = rows.iter_mut().rev().find(|row| row.identity.kind == Kind::Reminder).unwrap();
        reminder.state = State::Accepted;
        facts.sessions[1].bookings.push(booking("2026-12-03T16:00:00Z"));
        let booked = plan_touches(&facts, &policy, &clock);
        let changes = reconcile(&rows, &booked, now);
        let suppressed = changes.iter().filter(|change| matches!(change, Change::Suppress(_, Why::Booked { .. }))).count();
        assert_eq!((suppressed, changes.len()), (5, 6));
        // Cancelled again: what is still to come is planned again, and the appointment's own reminder is not.
        let rows = kept(&booked);
        let changes = reconcile(&rows, &planned, now);
        let again = changes.iter().filter(|change| matches!(change, Change::Plan(_))).count();
        let gone = changes.iter().filter(|change| matches!(change, Change::Suppress(_, Why::NoLongerPlanned))).count();
        assert_eq!((again, gone, changes.len()), (6, 1, 7));
        // Another time of day moves what is planned.
        facts.sessions[1].bookings.clear();
        let noon = Policy { minute: 12 * 60, ..policy };
        let moved = reconcile(&kept(&planned), &plan_touches(&facts, &noon, &clock), now);
        assert!(!moved.is_empty() && moved.iter().all(|change| matches!(change, Change::Plan(touch) if clock.time(touch.due) == "12:00")));
    }

    #[test]
    fn what_was_over_before_anybody_knew_of_it_never_came() {
        let prompt = plan_touches(&series(&["2026-10-06T15:00:00Z"]), &Policy::standard(), &chicago())
            .into_iter()
            .find(|touch| touch.identity.kind == Kind::RebookingPrompt)
            .unwrap();
        let over = prompt.expires.unwrap();
        let just_before = Moment::from_millis(over.millis() - 1);
        assert!(never_came(&[], over)(&prompt));
        assert!(!never_came(&[], just_before)(&prompt), "there is time for it yet");
        assert!(!never_came(&kept(&[prompt]), over)(&prompt), "it was planned in time, whatever became of it");
    }
}
