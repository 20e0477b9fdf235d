//! How one series stands: what was delivered, what was paid, what became of it. Plain data, tested without a browser.

use crate::words;
use domain::{
    billing::Billing,
    catalogue::Catalogue,
    chart::Chart,
    ids::{ClientId, PlanEventId, PlanId, ProcedureId, SessionId},
    money,
    plan::{Plan, PlanAction, PlanEvent, Standing},
};

/// One plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFacts {
    pub name: String,
    pub says: String,
    pub purchased: u16,
    pub delivered: u16,
    pub remaining: u16,
    /// The next session and its number.
    pub next: Option<(SessionId, u16)>,
    /// What another system has booked of it.
    pub elsewhere: Option<String>,
    pub standing: Standing,
    /// `$1,800 · 6 sessions, 42 days apart · sold 5 Nov 2026 by S. Lind`
    pub terms: String,
    pub money: Money,
    /// Maintenance was wanted when it was offered, and is not sold yet.
    pub wants_more: bool,
    pub unfinished: Vec<Unfinished>,
    /// The latest first.
    pub history: Vec<Told>,
}

/// What was paid for it and what is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// `Partly paid`
    pub label: &'static str,
    /// `Paid $900 of $1,800 · $900 owed`
    pub says: String,
    /// All is paid, and nothing else is to be told.
    pub is_plain: bool,
    pub paid_minor: i64,
    pub owed_minor: i64,
    /// Paid, and neither delivered nor settled: what a refund usually is.
    pub unused_minor: i64,
}

/// A procedure of a session that was delivered in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    pub session: SessionId,
    pub procedure: ProcedureId,
    /// `Arms, session 3`
    pub words: String,
}

/// A line of its history: words, the other client of a transfer, and who did it when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub id: PlanEventId,
    /// `Transferred 2 sessions`
    pub what: String,
    pub other: Option<Other>,
    /// `: moved away (S. Lind, 22 Nov 2026)`
    pub by: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    pub client: ClientId,
    /// `to` or `from`
    pub word: &'static str,
    /// `None` while this device does not have their chart.
    pub name: Option<String>,
}

/// The plans of a chart; what is over stands last.
pub fn order(chart: &Chart) -> Vec<PlanId> {
    let mut plans: Vec<_> = chart.plans.iter().map(|plan| (chart.next_session(plan.id).is_none(), plan.id)).collect();
    plans.sort_by_key(|(over, _)| *over);
    plans.into_iter().map(|(_, plan)| plan).collect()
}

pub fn facts(chart: &Chart, plan: PlanId, catalogue: &Catalogue, name_of: impl Fn(ClientId) -> Option<String>) -> Option<PlanFacts> {
    let terms_of = chart.plan(plan)?;
    let balance = chart.balance(plan);
    let next = chart.next_session(plan).map(|session| (session.id, session.number));
    let elsewhere = next.and_then(|(session, _)| chart.kept_elsewhere(session));
    Some(PlanFacts {
        name: terms_of.name.clone(),
        says: balance.sentence(chart.client.first_name()),
        elsewhere: elsewhere.map(|kept| words::kept_elsewhere(kept, &catalogue.clock)),
        purchased: balance.purchased,
        delivered: balance.delivered,
        remaining: balance.remaining(),
        next,
        standing: balance.standing,
        terms: terms(terms_of, catalogue),
        money: money_of(chart, terms_of, &catalogue.currency),
        wants_more: wants_more(terms_of),
        unfinished: unfinished(chart, plan),
        history: terms_of.events.iter().rev().map(|event| told(event, chart, catalogue, &name_of)).collect(),
    })
}

fn terms(plan: &Plan, catalogue: &Catalogue) -> String {
    let price = money::written(plan.price_minor, &catalogue.currency);
    let by = plan.sold_by.map_or_else(String::new, |by| format!(" by {}", catalogue.staff_name(by)));
    format!("{price} · sessions {} days apart · sold {}{by}", plan.interval_days, plan.sold_on.long())
}

fn money_of(chart: &Chart, plan: &Plan, currency: &str) -> Money {
    let billing = chart.plan_billing(plan.id);
    let sessions = chart.worth_of_sessions(plan.id);
    let sum = |wanted: &dyn Fn(SessionId, Billing) -> bool| {
        sessions.iter().filter(|(session, billing, _)| wanted(*session, *billing)).map(|(.., worth)| worth).sum::<i64>()
    };
    let settled = sum(&|_, billing| billing == Billing::Settled);
    let delivered = sum(&|session, billing| billing != Billing::Settled && chart.delivered_in(session).is_some());
    let unused = (billing.paid - delivered).max(0);
    let written = |minor: i64| money::written(minor, currency);
    let mut says = match (billing.price, billing.paid) {
        (0, 0) => "Nothing to pay".to_owned(),
        (price, paid) if price == paid => format!("Paid {}", written(paid)),
        (price, paid) => format!("Paid {} of {}", written(paid), written(price)),
    };
    let more =
        [(settled, "settled"), (billing.owed, "owed"), (if plan.standing() == Standing::Voided { unused } else { 0 }, "not delivered")];
    for (minor, word) in more.into_iter().filter(|(minor, _)| *minor > 0) {
        says.push_str(&format!(" · {} {word}", written(minor)));
    }
    let is_plain = billing.price == billing.paid && more.iter().all(|(minor, _)| *minor <= 0);
    Money { label: billing.label(), says, is_plain, paid_minor: billing.paid, owed_minor: billing.owed, unused_minor: unused }
}

fn wants_more(plan: &Plan) -> bool {
    let asked = |event: &PlanEvent| match event.action {
        PlanAction::Offer { taken } => Some(taken),
        PlanAction::Maintain { .. } => Some(false),
        _ => None,
    };
    !plan.standing().is_over() && plan.events.iter().rev().find_map(asked) == Some(true)
}

fn unfinished(chart: &Chart, plan: PlanId) -> Vec<Unfinished> {
    let begun = chart.sessions.iter().filter(|session| session.plan == plan && chart.delivered_in(session.id).is_some());
    let open = |session: &domain::session::Session| {
        let (id, number) = (session.id, session.number);
        let words = move |procedure: &domain::package::Procedure| format!("{}, session {number}", procedure.name);
        let left = chart.outstanding(id).into_iter();
        left.map(|procedure| Unfinished { session: id, procedure: procedure.id, words: words(procedure) }).collect::<Vec<_>>()
    };
    begun.flat_map(open).collect()
}

/// `Paused until 3 Mar 2027: on holiday (S. Lind, 22 Nov 2026)`
fn told(event: &PlanEvent, chart: &Chart, catalogue: &Catalogue, name_of: &impl Fn(ClientId) -> Option<String>) -> Told {
    let PlanEvent { id, action, remark } = event;
    let other = |client: ClientId, word| Some(Other { client, word, name: name_of(client) });
    let day = catalogue.clock.day(remark.at).long();
    let reason = if remark.text.is_empty() { String::new() } else { format!(": {}", remark.text) };
    Told {
        id: *id,
        what: words::plan_action(action, chart, catalogue),
        other: match action {
            PlanAction::Transfer { to, .. } => other(*to, "to"),
            PlanAction::Receive { from } => other(*from, "from"),
            _ => None,
        },
        by: format!("{reason} ({}, {day})", catalogue.staff_name(remark.by)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::{billing::BillingItem, command::Change, plan::PaymentMethod};
    use uuid::Uuid;

    fn changed(chart: &Chart, event: u128, action: PlanAction) -> Chart {
        let change =
            Change::ChangePlan { plan: sample::PLAN, event: PlanEventId(Uuid::from_u128(event)), action, reason: "asked for it".into() };
        chart.apply(&change, sample::by(sample::DESK, "2026-02-01T09:00:00Z"), &sample::catalogue()).expect("it can be")
    }

    fn of(chart: &Chart) -> PlanFacts {
        facts(chart, sample::PLAN, &sample::catalogue(), |_| Some("Jonas Weber".to_owned())).expect("the plan")
    }

    #[test]
    fn plans_say_what_remains_and_where_it_goes_on() {
        let catalogue = sample::catalogue();
        let chart = sample::signed(&sample::chart(2), &catalogue, 1, 18);
        let plan = of(&chart);
        assert_eq!(plan.says, "Maya has 1 of 2 sessions remaining. Next session is #2.");
        assert_eq!(plan.next, Some((sample::session(2), 2)));
        assert_eq!(plan.terms, "$1,800 · sessions 42 days apart · sold 1 Jan 2026");
        let chart = sample::signed(&chart, &catalogue, 2, 18);
        assert_eq!(of(&chart).next, None);
    }

    #[test]
    fn the_money_is_told_in_one_line() {
        let chart = sample::chart(6);
        let says = |chart: &Chart| (of(chart).money.label, of(chart).money.says);
        assert_eq!(says(&chart), ("Not paid", "Paid $0 of $1,800 · $1,800 owed".to_owned()));
        let part = changed(&chart, 1, PlanAction::Pay { minor: 90_000, how: PaymentMethod::Card });
        assert_eq!(says(&part), ("Partly paid", "Paid $900 of $1,800 · $900 owed".to_owned()));
        let whole = changed(&part, 2, PlanAction::Pay { minor: 90_000, how: PaymentMethod::Cash });
        assert_eq!(says(&whole), ("Paid", "Paid $1,800".to_owned()));

        let held = sample::signed(&chart, &sample::catalogue(), 1, 18);
        let item = BillingItem::Session(sample::session(1));
        let settle = Change::SettleBilling { item, charged_minor: 0, reason: "goodwill".into() };
        let settled = held.apply(&settle, sample::by(sample::DESK, "2026-02-01T09:00:00Z"), &sample::catalogue()).expect("settled");
        assert_eq!(says(&settled).1, "Paid $0 of $1,800 · $300 settled · $1,500 owed");
        let ended = changed(&sample::signed(&whole, &sample::catalogue(), 1, 18), 3, PlanAction::Void);
        assert_eq!(says(&ended).1, "Paid $1,800 · $1,500 not delivered");
        assert_eq!(of(&ended).money.unused_minor, 150_000);
    }

    #[test]
    fn the_history_names_the_other_client_and_the_latest_first() {
        let paid = changed(&sample::chart(2), 1, PlanAction::Pay { minor: 90_000, how: PaymentMethod::BankTransfer });
        let to = ClientId(Uuid::from_u128(21));
        let transfer = PlanAction::Transfer {
            to,
            plan: PlanId(Uuid::from_u128(60)),
            event: PlanEventId(Uuid::from_u128(61)),
            sessions: vec![SessionId(Uuid::from_u128(62)), SessionId(Uuid::from_u128(63))],
        };
        let history = of(&changed(&paid, 2, transfer)).history;
        assert_eq!(history[0].what, "Transferred 2 sessions");
        assert_eq!(history[0].other, Some(Other { client: to, word: "to", name: Some("Jonas Weber".to_owned()) }));
        assert_eq!(history[1].what, "Paid $900, bank transfer");
        assert_eq!(history[1].by, ": asked for it (K. Vale, 1 Feb 2026)");
    }

    #[test]
    fn who_wanted_maintenance_is_remembered_until_it_is_sold() {
        let chart = sample::chart(3);
        let chart = sample::signed(&chart, &sample::catalogue(), 1, 18);
        assert!(chart.offer_due(sample::PLAN) && !of(&chart).wants_more);
        let wanted = changed(&chart, 1, PlanAction::Offer { taken: true });
        assert!(!wanted.offer_due(sample::PLAN) && of(&wanted).wants_more);
        assert!(!of(&changed(&chart, 1, PlanAction::Offer { taken: false })).wants_more);
        let price_minor = wanted.maintenance_minor(sample::PLAN, 1, &sample::catalogue());
        let sold = changed(&wanted, 2, PlanAction::Maintain { sessions: vec![SessionId(Uuid::from_u128(64))], price_minor });
        assert!(!of(&sold).wants_more);
        assert_eq!(of(&sold).history[0].what, "Maintenance sold, 1 session for $510");
    }
}
