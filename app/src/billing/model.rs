//! What was delivered and no payment covers, from all charts: plain data, tested without a browser.

use crate::words;
use domain::{
    billing::{BillingItem, ExceptionKind, Settlement},
    catalogue::Catalogue,
    chart::Chart,
    ids::{ClientId, PlanId, SessionId},
    money,
    rejection::Rejection,
    time::{Day, Moment},
};
use std::sync::Arc;

/// One exception, as far as the list needs it to be sorted and added up. What else a row shows is read when it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    pub client: ClientId,
    pub kind: ExceptionKind,
    visit: SessionId,
    pub plan: Option<PlanId>,
    at: Moment,
    pub worth_minor: Option<i64>,
}

/// All that is open, the latest first.
pub fn open<'a>(charts: impl Iterator<Item = &'a Arc<Chart>>) -> Vec<Line> {
    let of_chart = |chart: &'a Arc<Chart>| {
        let client = chart.client.id;
        chart.exceptions().into_iter().map(move |exception| Line {
            client,
            kind: exception.kind,
            visit: exception.visit,
            plan: exception.plan,
            at: exception.at,
            worth_minor: exception.worth_minor,
        })
    };
    let mut lines: Vec<_> = charts.flat_map(of_chart).collect();
    lines.sort_by_key(|line| (std::cmp::Reverse(line.at), line.client));
    lines
}

/// `7 open, $2,310 in all, 2 without a price`.
pub fn total(lines: &[Line], currency: &str) -> String {
    let (open, worth) = (lines.len(), lines.iter().filter_map(|line| line.worth_minor).sum::<i64>());
    let without = lines.iter().filter(|line| line.worth_minor.is_none()).count();
    let mut words = format!("{} open", words::thousands(open));
    if worth > 0 {
        words.push_str(&format!(", {} in all", money::written(worth, currency)));
    }
    if without > 0 {
        words.push_str(&format!(", {} without a price", words::thousands(without)));
    }
    words
}

/// What a row shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub day: String,
    pub client: String,
    pub what: String,
    /// Where the session is that it is about, or in which it was done.
    pub path: String,
    pub worth: Option<String>,
}

pub fn shown(line: &Line, chart: &Chart, catalogue: &Catalogue) -> Shown {
    Shown {
        day: catalogue.clock.day(line.at).long(),
        client: chart.client.name.clone(),
        what: what(line.kind, line.visit, chart, catalogue),
        path: path(line),
        worth: line.worth_minor.map(|minor| money::written(minor, &catalogue.currency)),
    }
}

fn path(line: &Line) -> String {
    let Line { client, kind, visit, .. } = line;
    match kind {
        ExceptionKind::Item(BillingItem::Session(session)) => format!("/sessions/{client}/{session}"),
        ExceptionKind::Item(_) => format!("/sessions/{client}/{visit}"),
        // Not delivered, and so perhaps not listed; its chart is there.
        ExceptionKind::PastThePackage(_) => format!("/clients/{client}/sessions/{visit}"),
    }
}

fn what(kind: ExceptionKind, visit: SessionId, chart: &Chart, catalogue: &Catalogue) -> String {
    match kind {
        ExceptionKind::Item(item) => item_words(item, chart, catalogue),
        ExceptionKind::PastThePackage(command) => {
            let waiting = chart.undecided().find(|item| item.command == command);
            let past =
                waiting.is_some_and(|item| matches!(item.rejection, Rejection::AlreadyDelivered { .. } | Rejection::PlanEnded { .. }));
            let why = if past { "past the package" } else { "charted, not counted yet" };
            format!("{}, {why}", words::series(chart, visit))
        }
    }
}

fn item_words(item: BillingItem, chart: &Chart, catalogue: &Catalogue) -> String {
    match item {
        BillingItem::Session(session) => words::series(chart, session),
        BillingItem::Treatment { visit, position } => {
            let signed = chart.session(visit).and_then(|visit| visit.signed.as_ref());
            let treatment = signed.and_then(|signed| signed.record.treatments.get(usize::from(position)));
            let device = treatment.and_then(|treatment| catalogue.device(treatment.device));
            format!("Outside any series, {}", device.map_or("a device no longer listed", |device| device.model.as_str()))
        }
        BillingItem::Again { visit, addendum } => {
            let added = chart.session(visit).and_then(|visit| visit.addenda.iter().find(|added| added.id == addendum));
            let why = if added.is_some_and(|added| added.delivers) { "with something outside the series" } else { "charted again" };
            format!("{}, {why}", words::series(chart, visit))
        }
    }
}

/// What names one thing among all: in ids of inputs, and for what is half typed.
pub fn key(item: BillingItem) -> String {
    match item {
        BillingItem::Session(session) => session.to_string(),
        BillingItem::Treatment { visit, position } => format!("{visit}-{position}"),
        BillingItem::Again { addendum, .. } => addendum.to_string(),
    }
}

/// What somebody settled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settled {
    at: Moment,
    pub client: ClientId,
    pub name: String,
    /// `Laser hair removal · 5 of 6`.
    pub what: String,
    /// `Let go: goodwill (K. Vale, 22 Nov 2026)`.
    pub how: String,
}

/// The last settlements, the latest first.
pub fn settled<'a>(charts: impl Iterator<Item = &'a Arc<Chart>>, catalogue: &Catalogue, most: usize) -> Vec<Settled> {
    let of_chart = |chart: &'a Arc<Chart>| chart.settlements.iter().map(move |settlement| (settlement, chart));
    let mut settled: Vec<_> = charts.flat_map(of_chart).collect();
    settled.sort_by_key(|(settlement, chart)| (std::cmp::Reverse(settlement.remark.at), chart.client.id));
    settled.truncate(most);
    let line = |(settlement, chart): (&Settlement, &Arc<Chart>)| Settled {
        at: settlement.remark.at,
        client: chart.client.id,
        name: chart.client.name.clone(),
        what: item_words(settlement.item, chart, catalogue),
        how: how(settlement, catalogue),
    };
    settled.into_iter().map(line).collect()
}

fn how(settlement: &Settlement, catalogue: &Catalogue) -> String {
    let Settlement { charged_minor, remark, .. } = settlement;
    let charged = match charged_minor {
        0 => "Let go".to_owned(),
        minor => format!("Charged {} elsewhere", money::written(*minor, &catalogue.currency)),
    };
    format!("{charged}: {} ({}, {})", remark.text, catalogue.staff_name(remark.by), catalogue.clock.day(remark.at).long())
}

/// The first day of the month, and today.
pub fn month_so_far(today: Day) -> (Day, Day) {
    let Day(date) = today;
    (Day::new(date.year(), date.month(), 1).unwrap_or(today), today)
}

/// Where the accountant's list for these days is, or what is wrong with them.
pub fn accounts(from: &str, to: &str) -> Result<String, &'static str> {
    match (from.parse::<Day>(), to.parse::<Day>()) {
        (Ok(from), Ok(to)) if from <= to => Ok(format!("/accounts.csv?from={from}&to={to}")),
        (Ok(_), Ok(_)) => Err("The first day is after the last one."),
        _ => Err("Choose both days."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::command::Change;

    fn settle(item: BillingItem, charged_minor: i64) -> Change {
        Change::SettleBilling { item, charged_minor, reason: "goodwill".into() }
    }

    #[test]
    fn the_unpaid_is_listed_added_up_and_leaves_once_it_is_settled() {
        let catalogue = sample::catalogue();
        let chart = sample::signed(&sample::chart(6), &catalogue, 1, 18);
        let chart = sample::signed(&chart, &catalogue, 2, 18);
        let lines = open([Arc::new(chart.clone())].iter());
        assert_eq!(total(&lines, "USD"), "2 open, $600 in all");
        let told = shown(&lines[0], &chart, &catalogue);
        assert_eq!(
            (told.day.as_str(), told.what.as_str(), told.worth.as_deref()),
            ("10 Feb 2026", "Laser hair removal · 2 of 6", Some("$300"))
        );

        let item = BillingItem::Session(sample::session(2));
        let desk = sample::by(sample::DESK, "2026-03-01T09:00:00Z");
        let chart = Arc::new(chart.apply(&settle(item, 25_000), desk, &catalogue).expect("settled"));
        assert_eq!(total(&open([&chart].into_iter()), "USD"), "1 open, $300 in all");
        let settled = settled([&chart].into_iter(), &catalogue, 10);
        assert_eq!(settled[0].how, "Charged $250 elsewhere: goodwill (K. Vale, 1 Mar 2026)");
        assert_eq!(settled[0].what, "Laser hair removal · 2 of 6");
    }

    #[test]
    fn what_was_done_beside_a_series_names_the_device_and_has_no_price() {
        let catalogue = sample::catalogue();
        let mut chart = sample::signed(&sample::chart(6), &catalogue, 1, 18);
        chart.plans[0].paid_before_minor = 180_000;
        let signed = chart.sessions[0].signed.as_mut().expect("signed");
        let mut beside = signed.record.treatments[0].clone();
        beside.counts_for = None;
        signed.record.treatments.push(beside);
        let lines = open([Arc::new(chart.clone())].iter());
        assert_eq!(total(&lines, "USD"), "1 open, 1 without a price");
        assert_eq!(shown(&lines[0], &chart, &catalogue).what, "Outside any series, Clarity II");
        assert_eq!(open([Arc::new(sample::chart(6))].iter()), []);
    }

    #[test]
    fn the_accountants_days_are_checked() {
        assert_eq!(month_so_far(sample::day("2026-11-22")), (sample::day("2026-11-01"), sample::day("2026-11-22")));
        assert_eq!(accounts("2026-11-01", "2026-11-22"), Ok("/accounts.csv?from=2026-11-01&to=2026-11-22".to_owned()));
        assert!(accounts("2026-11-22", "2026-11-01").is_err());
        assert!(accounts("", "2026-11-01").is_err());
    }
}
