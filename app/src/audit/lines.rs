//! The audit in words.

use crate::{api::audit::AuditLine, words};
use domain::{
    audit::{LookedPage, Who},
    catalogue::Catalogue,
    time::Day,
};

/// What happened on one day, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditDay {
    pub day: Day,
    /// `Sat 21 Nov 2026`.
    pub title: String,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub number: u64,
    /// `09:41`.
    pub time: String,
    pub who: String,
    pub what: &'static str,
    /// From which page.
    pub page: Option<&'static str>,
    /// What else is to be known of it.
    pub notes: Vec<String>,
}

/// Between a device and the clinic so much time is nothing to speak of.
const SOON_MILLIS: i64 = 5 * 60_000;

/// By day. The lines come ordered; each day is there once.
pub fn days(lines: &[AuditLine], catalogue: &Catalogue) -> Vec<AuditDay> {
    let mut days: Vec<AuditDay> = Vec::new();
    for told in lines {
        let day = catalogue.clock.day(told.at);
        if days.last().is_none_or(|last| last.day != day) {
            days.push(AuditDay { day, title: format!("{} {}", day.heading(), day.0.year()), lines: Vec::new() });
        }
        days.last_mut().expect("one was just added").lines.push(line(told, catalogue));
    }
    days
}

fn line(told: &AuditLine, catalogue: &Catalogue) -> Line {
    let late = told.received_at.millis() - told.at.millis() > SOON_MILLIS;
    let notes = [
        late.then(|| format!("Without a network: the clinic learned of it on {}.", words::moment(&catalogue.clock, told.received_at))),
        told.set_aside.then(|| "Set aside: a person had to decide.".to_owned()),
    ];
    Line {
        number: told.number,
        time: catalogue.clock.time(told.at),
        who: match told.who {
            Who::Staff(staff) => words::full_name(catalogue, staff),
            Who::Client(_) => "The client".to_owned(),
            Who::Nobody => "Somebody not signed in".to_owned(),
        },
        what: told.action.map_or("Something this version of the app has no word for", |action| action.label()),
        page: told.page.map(page),
        notes: notes.into_iter().flatten().collect(),
    }
}

fn page(page: LookedPage) -> &'static str {
    match page {
        LookedPage::Chart => "Chart",
        LookedPage::Client => "Client’s page",
        LookedPage::Session => "Treatment session",
        LookedPage::Photographs => "Photographs",
        LookedPage::Compare => "Compare",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::{audit::Action, ids::StaffId};

    fn told(number: u64, at: &str, who: Who, action: Option<Action>) -> AuditLine {
        let at = sample::moment(at);
        AuditLine { number, at, received_at: at, who, action, page: None, set_aside: false }
    }

    #[test]
    fn each_day_stands_once_with_its_lines_in_order() {
        let osei = Who::Staff(sample::PROVIDER);
        let lines = [
            told(9, "2026-11-21T09:41:00Z", osei, Some(Action::Look)),
            told(7, "2026-11-21T08:00:00Z", Who::Nobody, Some(Action::SeenOutside)),
            told(8, "2025-12-31T23:59:00Z", Who::Client(sample::CLIENT), None),
        ];
        let days = days(&lines, &sample::catalogue());
        assert_eq!(days.iter().map(|day| day.title.as_str()).collect::<Vec<_>>(), ["Sat 21 Nov 2026", "Wed 31 Dec 2025"]);
        assert_eq!(days[0].lines.iter().map(|line| line.number).collect::<Vec<_>>(), [9, 7]);
        let first = &days[0].lines[0];
        assert_eq!((first.time.as_str(), first.who.as_str(), first.what), ("09:41", "Dr Ama Osei", "Looked"));
        assert_eq!(days[0].lines[1].who, "Somebody not signed in");
        assert_eq!((days[1].lines[0].who.as_str(), days[1].lines[0].what.starts_with("Something")), ("The client", true));
    }

    #[test]
    fn what_was_told_late_or_set_aside_says_so() {
        let catalogue = sample::catalogue();
        let mut look = told(1, "2026-11-21T09:41:00Z", Who::Staff(StaffId(uuid::Uuid::nil())), Some(Action::Look));
        look.page = Some(LookedPage::Chart);
        look.received_at = sample::moment("2026-11-21T09:45:00Z");
        assert_eq!((line(&look, &catalogue).notes, line(&look, &catalogue).page), (vec![], Some("Chart")));
        assert_eq!(line(&look, &catalogue).who, "someone no longer listed");
        look.received_at = sample::moment("2026-11-23T08:00:00Z");
        look.set_aside = true;
        let notes = ["Without a network: the clinic learned of it on 23 Nov 2026, 08:00.", "Set aside: a person had to decide."];
        assert_eq!(line(&look, &catalogue).notes, notes);
    }
}
