//! Sessions of several procedures: which of them a treatment performs, and what is left for another day.

use super::{Charting, use_charting};
use crate::icon::Icon;
use domain::{
    chart::Chart,
    ids::{ProcedureId, SessionId, TemplateId},
    package::Procedure,
    record::{Record, Treatment},
    session::Session,
    time::{ClinicClock, Day},
};
use leptos::prelude::*;

/// A session of more than one procedure can be held, and charted, on several days.
pub fn is_in_parts(chart: &Chart, session: SessionId) -> bool {
    let plan = chart.session(session).and_then(|session| chart.plan(session.plan));
    plan.is_some_and(|plan| plan.procedures.len() > 1)
}

/// The procedures of a session that a record leaves for another day.
pub fn left_out<'a>(record: &Record, chart: &'a Chart, session: SessionId) -> Vec<&'a Procedure> {
    if !is_in_parts(chart, session) {
        return Vec::new();
    }
    let performs = |procedure: &Procedure| {
        let mut here = record.treatments.iter().filter(|treatment| treatment.counts_for == Some(session));
        here.any(|treatment| treatment.procedure.is_none_or(|performed| performed == procedure.id))
    };
    chart.outstanding(session).into_iter().filter(|procedure| !performs(procedure)).collect()
}

/// `Legs`, `Legs and Peel`, `Legs, Peel and Mask`.
pub fn names<'a>(procedures: impl IntoIterator<Item = &'a Procedure>) -> String {
    let names: Vec<_> = procedures.into_iter().map(|procedure| procedure.name.as_str()).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The session was signed, and all that is charted here is what was left of it.
pub fn is_rest(record: &Record, chart: &Chart, session: SessionId) -> bool {
    let open = chart.outstanding(session);
    let is_open = |treatment: &Treatment| {
        let procedure = treatment.procedure;
        treatment.counts_for != Some(session) || open.iter().any(|open| procedure == Some(open.id))
    };
    chart.session(session).is_some_and(|session| session.signed.is_some()) && !open.is_empty() && record.treatments.iter().all(is_open)
}

/// Of a session that is booked in parts, the chart of a day opens with what is booked for that day.
pub fn of_today(mut record: Record, session: &Session, clock: &ClinicClock, today: Day) -> Record {
    let booked: Vec<_> = session.appointments.iter().filter(|booked| clock.day(booked.starts) == today).collect();
    if booked.is_empty() || booked.iter().any(|booked| booked.procedures.is_empty()) {
        return record;
    }
    let is_booked = |procedure: ProcedureId| booked.iter().any(|booked| booked.procedures.contains(&procedure));
    record.treatments.retain(|treatment| treatment.procedure.is_none_or(is_booked));
    record
}

/// The procedure of a treatment whose device was changed: what it was, unless that is done with another kind of device.
pub fn kept_procedure(treatment: &Treatment, template: TemplateId, chart: &Chart, others: &[Treatment]) -> Option<ProcedureId> {
    let session = treatment.counts_for?;
    let plan = chart.session(session).and_then(|session| chart.plan(session.plan));
    let named = plan.and_then(|plan| plan.procedures.iter().find(|procedure| Some(procedure.id) == treatment.procedure));
    match named {
        Some(procedure) if procedure.template.is_none_or(|wanted| wanted == template) => treatment.procedure,
        Some(_) => chart.likely_procedure(session, template, others),
        None => None,
    }
}

/// Chooses the procedure, where a session has several.
#[component]
pub fn Performs() -> impl IntoView {
    let charting = use_charting();
    let choice = Memo::new(move |_| charting.treatment().map(|treatment| (treatment.counts_for, treatment.procedure)));
    let offered = Memo::new(move |_| {
        let (Some(session), chosen) = choice.get()? else { return None };
        let chart = charting.chart.get().filter(|chart| is_in_parts(chart, session))?;
        let open = chart.outstanding(session);
        let plan = chart.plan(chart.session(session)?.plan)?;
        // What was performed meanwhile is still shown where it was chosen.
        let shown = plan.procedures.iter().filter(|one| open.iter().any(|open| open.id == one.id) || Some(one.id) == chosen);
        let shown: Vec<_> = shown.map(|procedure| (procedure.id, procedure.name.clone())).collect();
        let all = chosen.is_none() || chart.delivered_in(session).is_none();
        Some((shown, all))
    });
    let choose = move |event| {
        let procedure = event_target_value(&event).parse::<ProcedureId>().ok();
        charting.edit_treatment(|treatment| treatment.procedure = procedure);
    };
    let chosen = move || choice.get().and_then(|(_, procedure)| procedure);
    let option = move |(id, name): (ProcedureId, String)| {
        view! {
            <option value=id.to_string() prop:selected=move || chosen() == Some(id)>
                {name}
            </option>
        }
    };
    move || {
        offered.get().map(|(procedures, all)| {
            view! {
                <div class="field">
                    <label for="performs">"Performs"</label>
                    <span class="select-box">
                        <select class="select" id="performs" on:change=choose>
                            {procedures.into_iter().map(option).collect_view()}
                            {all
                                .then(|| {
                                    view! {
                                        <option value="" prop:selected=move || chosen().is_none()>
                                            "All of the session"
                                        </option>
                                    }
                                })}
                        </select>
                        <Icon name="down" />
                    </span>
                </div>
            }
        })
    }
}

impl Charting {
    /// What the record leaves for another day, in words.
    pub fn left_out(&self) -> Option<String> {
        let chart = self.chart.get()?;
        self.record.with(|record| {
            let left = left_out(record, &chart, self.session);
            (!record.treatments.is_empty() && !left.is_empty()).then(|| names(left))
        })
    }

    pub fn is_rest(&self) -> bool {
        let chart = self.chart.get();
        chart.is_some_and(|chart| self.record.with(|record| is_rest(record, &chart, self.session)))
    }
}

/// Says what is left for another day. It does not keep anything from being signed.
#[component]
pub fn LeftOut() -> impl IntoView {
    let charting = use_charting();
    let left = Memo::new(move |_| charting.left_out());
    move || {
        left.get().map(|names| {
            view! {
                <p class="say" role="status">
                    <Icon name="info" />
                    <span>{format!("{names}: not charted here, and so still to be done.")}</span>
                </p>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::{catalogue::Catalogue, command::Change, ids::AppointmentId, session::Appointment};
    use uuid::Uuid;

    fn id(n: u128) -> ProcedureId {
        ProcedureId(Uuid::from_u128(n))
    }

    fn two() -> (Chart, Catalogue) {
        let catalogue = sample::catalogue();
        let mut chart = sample::chart(2);
        let procedure = |n, name: &str, template| Procedure { id: id(n), name: name.into(), minutes: 30, template };
        chart.plans[0].procedures = vec![procedure(1, "Legs", Some(catalogue.templates[0].id)), procedure(2, "Peel", None)];
        (chart, catalogue)
    }

    fn record(chart: &Chart, catalogue: &Catalogue, procedures: &[Option<u128>]) -> Record {
        let one = sample::record(chart, catalogue, 1, 18).treatments.remove(0);
        let treatments = procedures.iter().map(|n| Treatment { procedure: n.map(id), ..one.clone() }).collect();
        Record { treatments, ..Record::default() }
    }

    #[test]
    fn what_is_not_charted_is_left_out() {
        let (chart, catalogue) = two();
        let left = |procedures: &[Option<u128>]| names(left_out(&record(&chart, &catalogue, procedures), &chart, sample::session(1)));
        assert_eq!((left(&[]), left(&[Some(1)])), ("Legs and Peel".to_owned(), "Peel".to_owned()));
        assert_eq!((left(&[Some(1), Some(2)]), left(&[None])), (String::new(), String::new()));
        let mut single = chart.clone();
        single.plans[0].procedures.pop();
        assert!(left_out(&Record::default(), &single, sample::session(1)).is_empty());
    }

    #[test]
    fn what_was_left_is_told_from_a_second_charting() {
        let (chart, catalogue) = two();
        let rest = |chart: &Chart, procedures: &[Option<u128>]| is_rest(&record(chart, &catalogue, procedures), chart, sample::session(1));
        assert!(!rest(&chart, &[Some(2)]));
        let first = record(&chart, &catalogue, &[Some(1)]);
        let sign = Change::SignSession { session: sample::session(1), record: first, rest: None };
        let signed = chart.apply(&sign, sample::by(sample::PROVIDER, "2026-01-10T10:02:00Z"), &catalogue).unwrap();
        assert!(rest(&signed, &[Some(2)]) && rest(&signed, &[]));
        // Typed before somebody else signed the legs, or for the whole session.
        assert!(!rest(&signed, &[Some(1), Some(2)]) && !rest(&signed, &[None]));
    }

    #[test]
    fn a_day_opens_with_what_is_booked_for_it() {
        let (mut chart, catalogue) = two();
        let whole = record(&chart, &catalogue, &[Some(1), Some(2)]);
        let opened = |chart: &Chart, day: &str| {
            let record = of_today(whole.clone(), &chart.sessions[0], &catalogue.clock, sample::day(day));
            record.treatments.iter().map(|treatment| treatment.procedure).collect::<Vec<_>>()
        };
        assert_eq!(opened(&chart, "2026-01-12").len(), 2);
        let part = |n: u128, starts: &str| Appointment {
            id: AppointmentId(Uuid::from_u128(n)),
            procedures: vec![id(n)],
            ..sample::booked(starts).remove(0)
        };
        chart.sessions[0].appointments = vec![part(1, "2026-01-12T09:00:00Z"), part(2, "2026-01-14T09:00:00Z")];
        assert_eq!((opened(&chart, "2026-01-12"), opened(&chart, "2026-01-14")), (vec![Some(id(1))], vec![Some(id(2))]));
        assert_eq!(opened(&chart, "2026-01-13").len(), 2);
    }

    #[test]
    fn another_device_keeps_the_procedure_it_can_perform() {
        let (chart, catalogue) = two();
        let one = |n| record(&chart, &catalogue, &[Some(n)]).treatments.remove(0);
        let other = TemplateId(Uuid::from_u128(99));
        let template = catalogue.templates[0].id;
        assert_eq!(kept_procedure(&one(1), template, &chart, &[]), Some(id(1)));
        assert_eq!(kept_procedure(&one(1), other, &chart, &[]), Some(id(2)));
        assert_eq!(kept_procedure(&one(2), other, &chart, &[]), Some(id(2)));
        let whole = record(&chart, &catalogue, &[None]).treatments.remove(0);
        assert_eq!(kept_procedure(&whole, other, &chart, &[]), None);
    }
}
