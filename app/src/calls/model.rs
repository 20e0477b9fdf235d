//! An entry of the call list in words.

use crate::{api::follow_up::OnCallList, words};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    follow_up::call_list::{Action, Step},
    ids::ClientId,
    money,
    time::Day,
};
use std::sync::Arc;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CallLine {
    pub id: Uuid,
    pub client: ClientId,
    pub name: String,
    pub phone: String,
    /// `Laser hair removal · 5 of 6`
    pub series: String,
    /// `Stalled for 41 days, since 12 Oct 2026`
    pub stalled: String,
    /// `$600`: what was sold and not delivered.
    pub stranded: String,
    pub stranded_minor: i64,
    pub currency: String,
    /// Not before that day.
    pub later: Option<String>,
    /// Who looks after it.
    pub holder: Option<String>,
    /// What people did so far, the latest first.
    pub log: Vec<String>,
}

/// Those whose charts are on this device. In the order of the list.
pub fn lines(entries: &[OnCallList], chart: impl Fn(ClientId) -> Option<Arc<Chart>>, catalogue: &Catalogue, today: Day) -> Vec<CallLine> {
    entries.iter().filter_map(|entry| Some(line(entry, &*chart(entry.client)?, catalogue, today))).collect()
}

fn line(entry: &OnCallList, chart: &Chart, catalogue: &Catalogue, today: Day) -> CallLine {
    let days = words::count(u32::try_from(today.since(entry.since)).unwrap_or_default(), "day", "days");
    let holder = entry.log.iter().rev().find_map(|step| match step.what {
        Action::HandedTo { staff } => Some(words::full_name(catalogue, staff)),
        _ => None,
    });
    CallLine {
        id: entry.id,
        client: entry.client,
        name: chart.client.name.clone(),
        phone: chart.client.contact.phone.clone(),
        series: words::series(chart, entry.session),
        stalled: format!("Stalled for {days}, since {}", entry.since.long()),
        stranded: money::written(entry.stranded_minor, &catalogue.currency),
        stranded_minor: entry.stranded_minor,
        currency: catalogue.currency.clone(),
        later: entry.later.map(Day::heading),
        holder,
        log: entry.log.iter().rev().map(|step| told(step, catalogue)).collect(),
    }
}

/// `22 Nov 2026, 10:12 · L. Fischer · No answer`
fn told(step: &Step, catalogue: &Catalogue) -> String {
    let what = match step.what {
        Action::Called { outcome, .. } => outcome.label().to_owned(),
        Action::Snoozed { until } => format!("Snoozed until {}", until.long()),
        Action::HandedTo { staff } => format!("Handed to {}", words::full_name(catalogue, staff)),
    };
    let note = if step.note.is_empty() { String::new() } else { format!(": {}", step.note) };
    format!("{} · {} · {what}{note}", words::moment(&catalogue.clock, step.at), catalogue.staff_name(step.by))
}

/// `7 series, $4,200 sold and not delivered`
pub fn all_stranded(lines: &[CallLine]) -> Option<String> {
    let first = lines.first()?;
    let sum = lines.iter().map(|line| line.stranded_minor).sum();
    Some(format!("{} series, {} sold and not delivered", lines.len(), money::written(sum, &first.currency)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::follow_up::call_list::Outcome;

    #[test]
    fn an_entry_says_whom_to_call_and_what_was_done() {
        let catalogue = sample::catalogue();
        let chart = Arc::new(sample::chart(6));
        let step = |what, note: &str| Step { by: sample::OTHER, at: sample::moment("2026-03-20T09:00:00Z"), what, note: note.into() };
        let entry = OnCallList {
            id: Uuid::from_u128(3),
            client: sample::CLIENT,
            session: sample::session(2),
            since: sample::day("2026-02-08"),
            stranded_minor: 90_000,
            later: Some(sample::day("2026-03-23")),
            log: vec![
                step(Action::Called { outcome: Outcome::NoAnswer, minutes: 2 }, ""),
                step(Action::HandedTo { staff: sample::PROVIDER }, "knows her"),
            ],
        };
        let lines = lines(&[entry], |client| (client == sample::CLIENT).then(|| chart.clone()), &catalogue, sample::day("2026-03-21"));
        let [line] = lines.as_slice() else { panic!("one line") };
        assert_eq!(line.stalled, "Stalled for 41 days, since 8 Feb 2026");
        assert_eq!(line.holder.as_deref(), Some("Dr Ama Osei"));
        assert!(line.log[0].ends_with("Handed to Dr Ama Osei: knows her"), "{:?}", line.log);
        assert!(line.log[1].ends_with("No answer"), "{:?}", line.log);
        assert!(all_stranded(&lines).is_some_and(|words| words.starts_with("1 series, ")));
    }
}
