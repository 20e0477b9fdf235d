//! What a session consists of, and how each part of it stands: plain data, tested without a browser.

use super::row::dated;
use crate::words;
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    ids::{ProcedureId, SessionId},
    package::Procedure,
    session::Appointment,
};

/// One procedure of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub name: String,
    pub state: State,
    /// `Sat 21 Nov 2026, 09:00, A. Osei`: when and by whom it was, or will be.
    pub says: String,
    /// The visit in whose chart it stands.
    pub visit: Option<SessionId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Performed,
    Booked,
    NotBooked,
    /// Will not be performed.
    GivenUp,
}

impl State {
    pub fn label(self) -> &'static str {
        match self {
            Self::Performed => "Performed",
            Self::Booked => "Booked",
            Self::NotBooked => "Not booked",
            Self::GivenUp => "Given up",
        }
    }

    pub fn icon(self) -> &'static str {
        match self {
            Self::Performed => "check",
            Self::Booked => "calendar",
            Self::NotBooked => "circle-dashed",
            Self::GivenUp => "minus",
        }
    }
}

/// Every procedure of a session; one for the whole of it where the plan names none.
pub fn items(chart: &Chart, session: SessionId, catalogue: &Catalogue) -> Vec<Item> {
    let Some(known) = chart.session(session) else { return Vec::new() };
    let Some(plan) = chart.plan(known.plan) else { return Vec::new() };
    if plan.procedures.is_empty() {
        let is_open = chart.delivered_in(session).is_none();
        return vec![item(chart, session, "The whole session", None, is_open, catalogue)];
    }
    let open: Vec<_> = chart.outstanding(session).iter().map(|procedure| procedure.id).collect();
    let of = |procedure: &Procedure| item(chart, session, &procedure.name, Some(procedure.id), open.contains(&procedure.id), catalogue);
    plan.procedures.iter().map(of).collect()
}

fn item(chart: &Chart, session: SessionId, name: &str, procedure: Option<ProcedureId>, is_open: bool, catalogue: &Catalogue) -> Item {
    let item = |state, says, visit| Item { name: name.to_owned(), state, says, visit };
    let performs = |done: Option<ProcedureId>| done.is_none() || procedure.is_none() || done == procedure;
    let done = chart
        .chartings()
        .into_iter()
        .rev()
        .find(|charting| charting.record.treatments.iter().any(|done| done.counts_for == Some(session) && performs(done.procedure)));
    if let Some(done) = done {
        let says = format!("{}, {}", dated(done.by.at, catalogue), catalogue.staff_name(done.by.staff));
        return item(State::Performed, says, Some(done.visit.id));
    }
    if !is_open {
        return item(State::GivenUp, String::new(), None);
    }
    let known = chart.session(session);
    let holds = |booked: &&Appointment| {
        let part = booked.procedures.is_empty() || procedure.is_some_and(|procedure| booked.procedures.contains(&procedure));
        part && known.is_some_and(|session| !session.is_held(booked))
    };
    match known.and_then(|session| session.appointments.iter().filter(holds).min_by_key(|booked| booked.starts)) {
        Some(booked) => {
            let says = format!("{}, {}", dated(booked.starts, catalogue), words::booked_with(booked, catalogue));
            item(State::Booked, says, None)
        }
        None => match chart.kept_elsewhere(session) {
            Some(kept) => item(State::Booked, format!("{}, in {}", dated(kept.starts, catalogue), kept.system), None),
            None => item(State::NotBooked, String::new(), None),
        },
    }
}

/// `All of it is booked`, `1 of 2 is booked`: how what is still to be held stands.
pub fn booking_words(items: &[Item]) -> String {
    let count = |state: State| items.iter().filter(|item| item.state == state).count();
    let (booked, open) = (count(State::Booked), count(State::NotBooked));
    match (booked, booked + open) {
        (_, 0) => "Nothing is left to be held".to_owned(),
        (0, _) => "Not booked".to_owned(),
        (booked, all) if booked == all => "Booked".to_owned(),
        (booked, all) => format!("{booked} of {all} booked"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::{command::Change, plan::PlanAction, plan::PlanEvent, session::Remark};
    use uuid::Uuid;

    fn procedure(n: u128, name: &str) -> Procedure {
        Procedure { id: ProcedureId(Uuid::from_u128(n)), name: name.into(), minutes: 30, template: None }
    }

    fn told(chart: &Chart) -> (Vec<(State, String)>, String) {
        let items = items(chart, sample::session(1), &sample::catalogue());
        let words = booking_words(&items);
        (items.into_iter().map(|item| (item.state, item.says)).collect(), words)
    }

    #[test]
    fn each_procedure_says_where_it_stands() {
        let catalogue = sample::catalogue();
        let mut chart = sample::chart(2);
        chart.plans[0].procedures = vec![procedure(1, "Legs"), procedure(2, "Peel"), procedure(3, "Mask")];
        assert_eq!(told(&chart).1, "Not booked");
        chart.sessions[0].appointments = sample::booked("2026-01-12T09:00:00Z");
        chart.sessions[0].appointments[0].procedures = vec![ProcedureId(Uuid::from_u128(2))];
        let mut record = sample::record(&chart, &catalogue, 1, 18);
        record.treatments[0].procedure = Some(ProcedureId(Uuid::from_u128(1)));
        let sign = Change::SignSession { session: sample::session(1), record, rest: None };
        let mut chart = chart.apply(&sign, sample::by(sample::PROVIDER, "2026-01-10T10:02:00Z"), &catalogue).unwrap();
        let (items, words) = told(&chart);
        assert_eq!(items[0], (State::Performed, "Sat 10 Jan 2026, 10:02, A. Osei".to_owned()));
        assert_eq!(items[1], (State::Booked, "Mon 12 Jan 2026, 09:00, A. Osei".to_owned()));
        assert_eq!((items[2].0, words.as_str()), (State::NotBooked, "1 of 2 booked"));
        let action = PlanAction::GiveUp { session: sample::session(1), procedure: ProcedureId(Uuid::from_u128(3)) };
        let remark = Remark { by: sample::DESK, at: sample::moment("2026-01-11T10:00:00Z"), text: "Not wanted".into() };
        chart.plans[0].events.push(PlanEvent { id: domain::ids::PlanEventId(Uuid::from_u128(9)), action, remark });
        let (items, words) = told(&chart);
        assert_eq!((items[2].0, words.as_str()), (State::GivenUp, "Booked"));
    }

    #[test]
    fn a_plan_without_procedures_is_held_as_a_whole() {
        let mut chart = sample::chart(1);
        assert_eq!(told(&chart), (vec![(State::NotBooked, String::new())], "Not booked".to_owned()));
        chart.elsewhere = vec![sample::elsewhere(1, "2026-01-12T09:00:00Z")];
        assert_eq!(told(&chart).0, [(State::Booked, "Mon 12 Jan 2026, 09:00, in Booker".to_owned())]);
        chart.sessions[0].appointments = sample::booked("2026-01-12T09:00:00Z");
        assert_eq!(told(&chart).1, "Booked");
        let signed = sample::signed(&sample::chart(1), &sample::catalogue(), 1, 18);
        assert_eq!((told(&signed).0[0].0, told(&signed).1.as_str()), (State::Performed, "Nothing is left to be held"));
    }
}
