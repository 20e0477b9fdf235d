//! What a policy would send for a series that does not exist: planned by the very rules that plan the real ones.

use domain::{
    follow_up::{
        facts::{Booking, Concern, Delivered, Facts, SessionFacts},
        kind::Kind,
        planner::{Fate, merge, plan_touches},
        policy::Policy,
        times::{hours_after, local},
        touch_state::Why,
    },
    ids::{ClientId, PackageId, PlanId, SessionId},
    plan::Standing,
    time::{ClinicClock, Day},
};
use uuid::Uuid;

/// What the client of the example does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    NotBooked,
    Booked,
    Finished,
}

/// One touch of the example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Days after the visit.
    pub day: i32,
    /// `Mon 30 Nov, 10:00`
    pub when: String,
    pub kind: Kind,
    /// Why it is not sent.
    pub why: Option<String>,
}

impl Case {
    pub const ALL: [Self; 3] = [Self::NotBooked, Self::Booked, Self::Finished];

    pub fn label(self) -> &'static str {
        match self {
            Self::NotBooked => "Not booked",
            Self::Booked => "Booked",
            Self::Finished => "Finished",
        }
    }
}

/// `Session 2 of 6, 42 days apart, was today.`
pub fn about(case: Case, sessions: u16, interval_days: u16) -> String {
    let number = last_number(case, sessions);
    format!("An example: session {number} of {sessions}, {interval_days} days apart, was today at 10:00.")
}

/// The session that was today: between the second and the third most clients waver.
fn last_number(case: Case, sessions: u16) -> u16 {
    match case {
        Case::Finished => sessions,
        Case::NotBooked | Case::Booked => 2.min(sessions.saturating_sub(1)).max(1),
    }
}

/// All touches from today on, those that are not sent with the reason. What the policy does not have is left out.
pub fn lines(policy: &Policy, sessions: u16, interval_days: u16, case: Case, clock: &ClinicClock, today: Day) -> Vec<Line> {
    let facts = facts(policy, sessions, interval_days, case, clock, today);
    let line = |touch: domain::follow_up::planner::Touch| {
        let why = match touch.fate {
            Fate::Send => None,
            // What is about an earlier session is over.
            Fate::Suppressed(Why::NotInPolicy | Why::Delivered { .. }) => return None,
            Fate::Suppressed(why) => Some(why.sentence("Maya", clock)),
            Fate::Merged { into } => Some(format!("{} within 20 hours says enough.", into.kind.label())),
        };
        let day = clock.day(touch.due);
        let when = format!("{}, {}", day.heading(), clock.time(touch.due));
        Some(Line { day: day.since(today), when, kind: touch.identity.kind, why })
    };
    let mut lines: Vec<_> = merge(plan_touches(&facts, policy, clock), |_| false).into_iter().filter_map(line).collect();
    lines.sort_by_key(|line| line.day);
    lines
}

fn facts(policy: &Policy, sessions: u16, interval_days: u16, case: Case, clock: &ClinicClock, today: Day) -> Facts {
    const TEN: u16 = 10 * 60;
    let last = last_number(case, sessions);
    let visited = |number: u16| today.plus(-i32::from(last - number) * i32::from(interval_days));
    let session = |number: u16| {
        let delivered = (number <= last).then(|| {
            let at = local(clock, visited(number), TEN);
            Delivered { at, signed: Some(at) }
        });
        let due = (number <= last + 1).then(|| if number > last { today.plus(i32::from(interval_days)) } else { visited(number) });
        let is_next = number == last + 1;
        let booking = due.filter(|_| is_next && case == Case::Booked).map(|due| Booking {
            starts: local(clock, due, TEN),
            made: Some(hours_after(local(clock, today, TEN), 1)),
            elsewhere: false,
        });
        SessionFacts {
            session: SessionId(Uuid::from_u128(u128::from(number))),
            number,
            delivered,
            due,
            bookings: booking.into_iter().collect(),
            missed: Vec::new(),
            free_since: None,
        }
    };
    Facts {
        client: ClientId(Uuid::nil()),
        plan: PlanId(Uuid::nil()),
        package: PackageId(Uuid::nil()),
        enrolled: visited(1),
        interval_days,
        tolerance_days: policy.tolerance(interval_days),
        standing: Standing::Active,
        resumed: None,
        concern: Concern::None,
        declined: None,
        // Earlier sessions are over.
        followed_since: local(clock, today, 0),
        sessions: (1..=sessions.max(1)).map(session).collect(),
        stranded_minor: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{follow_up::kind::Step, time::Moment};

    fn utc() -> ClinicClock {
        ClinicClock { zone: "UTC".into(), offsets: vec![(Moment::from_millis(0), 0)] }
    }

    fn of(policy: &Policy, case: Case) -> Vec<Line> {
        lines(policy, 6, 42, case, &utc(), Day::new(2026, 11, 23).unwrap())
    }

    fn day(lines: &[Line], kind: Kind) -> Option<i32> {
        lines.iter().find(|line| line.kind == kind && line.why.is_none()).map(|line| line.day)
    }

    #[test]
    fn an_offset_moves_its_touch() {
        let mut policy = Policy::standard();
        let before = of(&policy, Case::NotBooked);
        // Due after 42 days, the window ends after 49.
        let wanted = [
            (Kind::Aftercare, 0),
            (Kind::CheckIn, 7),
            (Kind::Midpoint, 21),
            (Kind::RebookingPrompt, 35),
            (Kind::Reminder, 40),
            (Kind::Recovery(Step::Soft), 51),
            (Kind::Recovery(Step::Value), 56),
            (Kind::Recovery(Step::Last), 63),
            (Kind::Flag, 70),
        ];
        assert_eq!(before.iter().map(|line| (line.kind, line.day)).collect::<Vec<_>>(), wanted);
        policy.rules.iter_mut().filter(|rule| rule.kind == Kind::CheckIn).for_each(|rule| rule.offset = 10);
        assert_eq!(day(&of(&policy, Case::NotBooked), Kind::CheckIn), Some(10));
        policy.tolerance_days = Some(14);
        assert_eq!(day(&of(&policy, Case::NotBooked), Kind::Recovery(Step::Soft)), Some(58));
    }

    #[test]
    fn a_booking_leaves_only_its_own_reminder() {
        let booked = of(&Policy::standard(), Case::Booked);
        assert_eq!(day(&booked, Kind::Appointment), Some(40));
        let reminder = booked.iter().find(|line| line.kind == Kind::Reminder).unwrap();
        assert_eq!(reminder.why.as_deref(), Some("Maya booked 4 January before this was due."));
    }

    #[test]
    fn a_finished_series_is_closed_and_a_light_policy_is_light() {
        let finished = of(&Policy::standard(), Case::Finished);
        assert_eq!(finished.iter().map(|line| line.kind).collect::<Vec<_>>(), [Kind::Aftercare, Kind::CheckIn, Kind::CloseOut]);
        let light = of(&Policy::light(), Case::NotBooked);
        assert_eq!(light.iter().map(|line| line.kind).collect::<Vec<_>>(), [Kind::Aftercare, Kind::Reminder]);
    }

    #[test]
    fn one_session_is_a_series_too() {
        let today = Day::new(2026, 11, 23).unwrap();
        for case in Case::ALL {
            assert!(!lines(&Policy::standard(), 1, 1, case, &utc(), today).is_empty(), "{case:?}");
        }
    }
}
