//! What the accountant gets: a line for everything that was delivered, and for every movement of money.

use domain::{
    billing::{Billing, BillingItem},
    catalogue::Catalogue,
    chart::Chart,
    ids::{SessionId, StaffId},
    money,
    plan::PlanAction,
    time::{Day, Moment},
};

/// The days a list covers, both included.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: Option<Day>,
    pub to: Option<Day>,
}

impl Span {
    fn holds(self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

pub const HEAD: [&str; 13] =
    ["Day", "Kind", "Client", "Series", "Session", "Of", "Provider", "Amount", "Currency", "Billing", "Remark", "Series id", "Session id"];

/// One line of the list.
pub type Line = [String; 13];

const OUTSIDE: &str = "Treatment outside any series";

/// What is the same for all lines of a chart.
struct Lines<'a> {
    chart: &'a Chart,
    catalogue: &'a Catalogue,
    span: Span,
    lines: Vec<(Moment, Line)>,
}

/// The lines of one chart within the span, by day: delivered sessions with what each is worth, treatments outside any series,
/// payments and refunds.
pub fn lines(chart: &Chart, catalogue: &Catalogue, span: Span) -> Vec<Line> {
    let mut lines = Lines { chart, catalogue, span, lines: Vec::new() };
    lines.add_sessions();
    lines.add_outside();
    lines.add_money();
    lines.lines.sort_by_key(|(at, _)| *at);
    lines.lines.into_iter().map(|(_, line)| line).collect()
}

impl Lines<'_> {
    fn add(&mut self, at: Moment, line: Line) {
        let day = self.catalogue.clock.day(at);
        if self.span.holds(day) {
            let [_, rest @ ..] = line;
            let mut dated = vec![day.to_string()];
            dated.extend(rest.into_iter().map(harmless));
            if let Ok(line) = dated.try_into() {
                self.lines.push((at, line));
            }
        }
    }

    fn add_sessions(&mut self) {
        for plan in &self.chart.plans {
            let purchased = self.chart.balance(plan.id).purchased;
            for (session, billing, worth) in self.chart.worth_of_sessions(plan.id) {
                let Some((visit, session)) = self.chart.delivered_in(session).zip(self.chart.session(session)) else { continue };
                let Some(signed) = &visit.signed else { continue };
                let settled = self.settled(BillingItem::Session(session.id)).filter(|_| billing == Billing::Settled);
                self.add(
                    signed.at,
                    [
                        String::new(),
                        "Session delivered".into(),
                        self.chart.client.name.clone(),
                        plan.name.clone(),
                        session.number.to_string(),
                        purchased.to_string(),
                        self.catalogue.staff_name(signed.by),
                        self.amount(worth),
                        self.catalogue.currency.clone(),
                        billing.label().into(),
                        settled.unwrap_or_default(),
                        plan.id.to_string(),
                        session.id.to_string(),
                    ],
                );
            }
        }
    }

    /// What no series counts: treatments beside one, on whichever day, and what was charted a second time.
    fn add_outside(&mut self) {
        for visit in &self.chart.sessions {
            let Some(signed) = &visit.signed else { continue };
            let beside = (0..).zip(&signed.record.treatments).filter(|(_, treatment)| treatment.counts_for.is_none());
            for (position, _) in beside {
                self.add_item(signed.at, OUTSIDE, signed.by, BillingItem::Treatment { visit: visit.id, position }, visit.id);
            }
            for added in visit.addenda.iter().filter(|addendum| addendum.is_outside()) {
                let kind = if added.delivers { OUTSIDE } else { "Charted again" };
                self.add_item(added.at, kind, added.by, BillingItem::Again { visit: visit.id, addendum: added.id }, visit.id);
            }
        }
    }

    fn add_item(&mut self, at: Moment, kind: &str, by: StaffId, item: BillingItem, visit: SessionId) {
        let settled = self.settled(item);
        let billing = if settled.is_some() { Billing::Settled } else { Billing::Unbilled };
        self.add(
            at,
            [
                String::new(),
                kind.into(),
                self.chart.client.name.clone(),
                String::new(),
                String::new(),
                String::new(),
                self.catalogue.staff_name(by),
                String::new(),
                self.catalogue.currency.clone(),
                billing.label().into(),
                settled.unwrap_or_default(),
                String::new(),
                visit.to_string(),
            ],
        );
    }

    fn add_money(&mut self) {
        for plan in &self.chart.plans {
            for event in &plan.events {
                let (kind, minor, how) = match &event.action {
                    PlanAction::Pay { minor, how } => ("Payment", *minor, how.label()),
                    PlanAction::Refund { minor } => ("Refund", -*minor, ""),
                    _ => continue,
                };
                let remark = [how, event.remark.text.as_str()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": ");
                self.add(
                    event.remark.at,
                    [
                        String::new(),
                        kind.into(),
                        self.chart.client.name.clone(),
                        plan.name.clone(),
                        String::new(),
                        String::new(),
                        self.catalogue.staff_name(event.remark.by),
                        self.amount(minor),
                        self.catalogue.currency.clone(),
                        String::new(),
                        remark,
                        plan.id.to_string(),
                        String::new(),
                    ],
                );
            }
        }
    }

    /// What was made of it, if somebody settled it.
    fn settled(&self, item: BillingItem) -> Option<String> {
        let settlement = self.chart.settlements.iter().find(|settlement| settlement.item == item)?;
        let charged = match settlement.charged_minor {
            0 => "Let go".to_owned(),
            minor => format!("Charged {}", self.amount(minor)),
        };
        Some(format!("{charged}: {}", settlement.remark.text))
    }

    fn amount(&self, minor: i64) -> String {
        money::typed(minor, &self.catalogue.currency)
    }
}

/// A text that a spreadsheet would take for a formula is given as text. A negative amount is none.
pub fn harmless(text: String) -> String {
    let digits = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_amount = text.strip_prefix('-').is_some_and(digits);
    let begins_like_one = text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(['=', '+', '-', '@']);
    if begins_like_one && !is_amount { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests;
