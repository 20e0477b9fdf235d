//! Small wordings that several pages share.

use domain::{
    catalogue::Catalogue,
    chart::Chart,
    follow_up::elsewhere::{BookingState, Elsewhere},
    ids::{ProcedureId, SessionId, StaffId},
    money,
    plan::PlanAction,
    report::Report,
    session::Appointment,
    time::{ClinicClock, Day, Moment},
};

/// `21 Nov 2026, 09:41`: a moment with its year, for records that are kept for years.
pub fn moment(clock: &ClinicClock, at: Moment) -> String {
    format!("{}, {}", clock.day(at).long(), clock.time(at))
}

/// `Dr Ama Osei`, in full, as it stands under a signature.
pub fn full_name(catalogue: &Catalogue, staff: StaffId) -> String {
    catalogue.staff_member(staff).map_or_else(|| catalogue.staff_name(staff), |member| member.name.clone())
}

/// `A. Osei · Room 02 · Clarity II`: who holds a booking, where and with what.
pub fn booked_with(booked: &Appointment, catalogue: &Catalogue) -> String {
    let room = booked.room.and_then(|room| catalogue.room(room)).map(|room| room.name.clone());
    let device = booked.device.and_then(|device| catalogue.device(device)).map(|device| device.model.clone());
    [Some(catalogue.staff_name(booked.provider)), room, device].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `Booked in Booker: Tue 20 Jan 2026, 16:00`, or that it was held there.
pub fn kept_elsewhere(kept: &Elsewhere, clock: &ClinicClock) -> String {
    let day = clock.day(kept.starts);
    let what = if kept.state == BookingState::Completed { "Held by what is told by" } else { "Booked in" };
    format!("{what} {}: {} {}, {}", kept.system, day.heading(), day.0.year(), clock.time(kept.starts))
}

/// `in the presence of A. Osei`: how a consent was signed. What a client signed on her own pages, nobody of the staff was there for.
pub fn witnessed(catalogue: &Catalogue, by: StaffId) -> String {
    if by == StaffId::CLIENT {
        "on a device of the client’s own".to_owned()
    } else {
        format!("in the presence of {}", catalogue.staff_name(by))
    }
}

/// `1 pulse`, `42 pulses`.
pub fn count(n: impl Into<u64>, one: &str, many: &str) -> String {
    let n = n.into();
    format!("{n} {}", if n == 1 { one } else { many })
}

/// `Laser hair removal · 5 of 6`: a session's place in its series.
pub fn series(chart: &Chart, session: SessionId) -> String {
    let Some(session) = chart.session(session) else { return "A session of another chart".to_owned() };
    let name = chart.plan(session.plan).map_or("Unknown plan", |plan| plan.name.as_str());
    format!("{name} · {} of {}", session.number, chart.balance(session.plan).purchased)
}

/// `Paused until 3 Mar 2027`, `Paid $450, card`: what became of a series.
pub fn plan_action(action: &PlanAction, chart: &Chart, catalogue: &Catalogue) -> String {
    let sum = |minor: i64| money::written(minor, &catalogue.currency);
    let sessions = |sessions: &[SessionId]| count(sessions.len() as u64, "session", "sessions");
    let more = match action {
        PlanAction::Freeze { until: Some(day) } => format!(" until {}", day.long()),
        PlanAction::Extend { sessions: added } => format!(" by {}", sessions(added)),
        PlanAction::Refund { minor } => format!(" {}", sum(*minor)),
        PlanAction::Pay { minor, how } => format!(" {}, {}", sum(*minor), how.label().to_lowercase()),
        PlanAction::Transfer { sessions: given, .. } => format!(" {}", sessions(given)),
        PlanAction::Maintain { sessions: sold, price_minor } => format!(", {} for {}", sessions(sold), sum(*price_minor)),
        PlanAction::GiveUp { session, procedure } => format!(", {}", procedure_of(chart, *session, *procedure)),
        PlanAction::Freeze { until: None }
        | PlanAction::Resume
        | PlanAction::Void
        | PlanAction::Receive { .. }
        | PlanAction::Offer { .. } => String::new(),
    };
    format!("{}{more}", action.label())
}

/// `Legs, session 3`.
fn procedure_of(chart: &Chart, session: SessionId, procedure: ProcedureId) -> String {
    let known = chart.session(session).and_then(|session| Some((session.number, chart.plan(session.plan)?)));
    let Some((number, plan)) = known else { return "a session of another chart".to_owned() };
    let name = plan.procedures.iter().find(|one| one.id == procedure).map_or("a procedure no longer listed", |one| one.name.as_str());
    format!("{name}, session {number}")
}

/// `today`, `13 days ago`, `6 weeks ago`, `in 5 days`: how far a day is from today.
pub fn ago(day: Day, today: Day) -> String {
    let days = i64::from(today.since(day));
    match days {
        0 => return "today".to_owned(),
        1 => return "yesterday".to_owned(),
        -1 => return "tomorrow".to_owned(),
        _ => {}
    }
    let distance = days.unsigned_abs();
    let (n, one, many) = match distance {
        ..=20 => (distance, "day", "days"),
        21..=69 => (distance / 7, "week", "weeks"),
        70..=729 => (distance / 30, "month", "months"),
        _ => (distance / 365, "year", "years"),
    };
    let span = count(n, one, many);
    if days > 0 { format!("{span} ago") } else { format!("in {span}") }
}

/// `10 of 1,284`, or `1,284`.
pub fn counted(found: usize, all: usize) -> String {
    if found == all { thousands(all) } else { format!("{} of {}", thousands(found), thousands(all)) }
}

pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut spaced = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            spaced.push(',');
        }
        spaced.push(digit);
    }
    spaced
}

/// What a client told of how she fares: `Something worries me: it itches.`
pub fn report(report: &Report) -> String {
    let says = if report.worried { "Something worries me" } else { "All is well" };
    if report.text.is_empty() { format!("{says}.") } else { format!("{says}: {}", report.text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_read_as_people_say_them() {
        let today = Day::new(2026, 11, 21).expect("a day");
        let said = |days: i32| ago(today.plus(days), today);
        assert_eq!(said(0), "today");
        assert_eq!(said(-1), "yesterday");
        assert_eq!(said(-13), "13 days ago");
        assert_eq!(said(-42), "6 weeks ago");
        assert_eq!(said(-75), "2 months ago");
        assert_eq!(said(-400), "13 months ago");
        assert_eq!(said(-800), "2 years ago");
        assert_eq!(said(5), "in 5 days");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(count(1_u32, "pulse", "pulses"), "1 pulse");
        assert_eq!(count(0_u32, "pulse", "pulses"), "0 pulses");
    }

    #[test]
    fn the_count_reads_well() {
        assert_eq!(counted(10, 1_284), "10 of 1,284");
        assert_eq!(counted(1_234_567, 1_234_567), "1,234,567");
        assert_eq!(counted(0, 0), "0");
    }
}
