//! The list of what waits for a person.

use crate::{sync::Attention, words};
use domain::{
    billing::BillingItem,
    catalogue::Catalogue,
    chart::{Chart, SetAside},
    command::Change,
    ids::{ClientId, CommandId, SessionId},
    photo::Shot,
    plan::PlanAction,
    record::Record,
    rejection::Rejection,
    session::Session,
    time::{Day, Moment},
};
use std::sync::Arc;

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    pub kind: Kind,
    pub title: String,
    /// `Maya Chen, session 4`.
    pub about: String,
    /// `today, 09:41, A. Osei`.
    pub when: String,
}

/// What waits, and where it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The clinic has it, beside the chart.
    SetAside { client: ClientId, command: CommandId },
    /// Only this device has it.
    Refused { number: u64 },
    /// An adverse event, or a worry of the client, that nobody has followed up.
    FollowUp { client: ClientId, session: SessionId },
}

impl Kind {
    /// What it is called in the address.
    pub fn key(self) -> String {
        match self {
            Self::SetAside { command, .. } => format!("aside-{command}"),
            Self::Refused { number } => format!("refused-{number}"),
            Self::FollowUp { session, .. } => format!("event-{session}"),
        }
    }
}

/// Everything that waits, the latest first; what only this device has comes before all.
pub fn waiting<'a>(charts: impl Iterator<Item = &'a Arc<Chart>>, refused: &[Attention], catalogue: &Catalogue, today: Day) -> Vec<Item> {
    let mut names = Vec::new();
    let mut items: Vec<(Moment, Item)> = Vec::new();
    for chart in charts {
        items.extend(chart.undecided().map(|aside| (aside.at, set_aside(chart, aside, catalogue, today))));
        items.extend(
            chart.sessions.iter().filter(|session| session.needs_follow_up()).map(|session| follow_up(chart, session, catalogue, today)),
        );
        if refused.iter().any(|item| client_of(item) == Some(chart.client.id)) {
            names.push((chart.client.id, chart.client.name.clone()));
        }
    }
    items.sort_by(|(a, item_a), (b, item_b)| b.cmp(a).then_with(|| item_a.about.cmp(&item_b.about)));
    let name = |item: &Attention| names.iter().find(|(id, _)| Some(*id) == client_of(item)).map(|(_, name)| name.as_str());
    let refused = refused.iter().map(|item| refused_item(item, name(item), catalogue, today));
    refused.chain(items.into_iter().map(|(_, item)| item)).collect()
}

fn client_of(item: &Attention) -> Option<ClientId> {
    item.command.as_ref().map(|command| command.client)
}

/// What a set-aside change is called, as a title.
pub fn set_aside_title(change: &Change, rejection: &Rejection) -> &'static str {
    match (change, rejection) {
        (Change::SignSession { .. }, Rejection::AlreadySigned { .. }) => "Signed twice",
        (Change::SignSession { .. }, _) => "A session that could not be signed",
        (Change::CoSign { .. }, _) => "A session that could not be co-signed",
        (Change::AddAddendum { .. }, _) => "An addendum that could not be added",
        (Change::PinDeviceNote { .. }, _) => "A device note that could not be pinned",
        (Change::UnpinDeviceNote { .. }, _) => "A device note that could not be removed",
        (Change::ReportAfterSession { .. }, _) => "A client’s report that could not be taken in",
        (Change::CloseFollowUp { .. }, _) => "A follow-up that could not be closed",
        (Change::CorrectContact { .. }, _) => "Contact details changed twice",
        (Change::Decide { .. }, _) => "Decided twice",
        (Change::BookSession { .. }, _) => "A booking that could not be made",
        (Change::MoveBooking { .. }, _) => "A booking that could not be moved",
        (Change::CancelBooking { .. }, _) => "A booking that could not be cancelled",
        (Change::SellPackage { .. }, _) => "A sale that could not be made",
        (Change::ChangePlan { action: PlanAction::Pay { .. }, .. }, _) => "A payment that could not be noted",
        (Change::ChangePlan { action: PlanAction::Refund { .. }, .. }, _) => "A refund that could not be noted",
        (Change::ChangePlan { action: PlanAction::Transfer { .. }, .. }, _) => "A transfer that could not be made",
        (Change::ChangePlan { action: PlanAction::Maintain { .. }, .. }, _) => "Maintenance that could not be sold",
        (Change::ChangePlan { .. }, _) => "A change of a series that could not be made",
        (Change::CheckIn { .. }, _) => "A check-in that could not be noted",
        (Change::SignConsent(_), _) => "A consent that could not be signed",
        (Change::WithdrawConsent { .. }, _) => "A consent that could not be withdrawn",
        (Change::SettleBilling { .. }, _) => "A billing exception that could not be settled",
        (Change::TakePhoto(_), _) => "A photograph that could not be taken in",
        (Change::RemovePhoto { .. }, _) => "A photograph that could not be taken out",
        (Change::MarkPhoto { .. }, _) => "A mark that could not be made",
        (Change::UnmarkPhoto { .. }, _) => "A mark that could not be removed",
        (Change::ReleasePhoto { .. }, _) => "A photograph that could not be shown to the client",
        (Change::WithholdPhoto { .. }, _) => "A photograph that could not be taken from the client’s pages",
        (Change::SkipPhotos { .. }, _) => "Photographs skipped twice",
        (Change::SharePhotos(_), _) => "A picture that could not be shared",
        (Change::RevokeShare { .. }, _) => "A shared picture that could not be revoked",
    }
}

/// The session a change is about.
pub fn session_of(change: &Change) -> Option<SessionId> {
    match change {
        Change::SignSession { session, .. }
        | Change::CoSign { session }
        | Change::AddAddendum { session, .. }
        | Change::CloseFollowUp { session, .. }
        | Change::ReportAfterSession { session, .. }
        | Change::BookSession { session, .. }
        | Change::MoveBooking { session, .. }
        | Change::CancelBooking { session, .. }
        | Change::CheckIn { session, .. }
        | Change::TakePhoto(Shot { session, .. })
        | Change::SkipPhotos { session, .. } => Some(*session),
        Change::SettleBilling { item, .. } => match item {
            BillingItem::Session(session) => Some(*session),
            BillingItem::Treatment { visit, .. } | BillingItem::Again { visit, .. } => Some(*visit),
        },
        Change::PinDeviceNote { .. }
        | Change::UnpinDeviceNote { .. }
        | Change::CorrectContact { .. }
        | Change::Decide { .. }
        | Change::SellPackage { .. }
        | Change::ChangePlan { .. }
        | Change::SignConsent(_)
        | Change::RemovePhoto { .. }
        | Change::MarkPhoto { .. }
        | Change::UnmarkPhoto { .. }
        | Change::ReleasePhoto { .. }
        | Change::WithholdPhoto { .. }
        | Change::SharePhotos(_)
        | Change::RevokeShare { .. }
        | Change::WithdrawConsent { .. } => None,
    }
}

fn when(at: Moment, catalogue: &Catalogue, today: Day) -> String {
    let day = catalogue.clock.day(at);
    let day = if (0..=1).contains(&today.since(day)) { words::ago(day, today) } else { day.long() };
    format!("{day}, {}", catalogue.clock.time(at))
}

fn about(chart: &Chart, session: Option<SessionId>) -> String {
    match session.and_then(|session| chart.session(session)) {
        Some(session) => format!("{}, session {}", chart.client.name, session.number),
        None => chart.client.name.clone(),
    }
}

fn set_aside(chart: &Chart, aside: &SetAside, catalogue: &Catalogue, today: Day) -> Item {
    Item {
        kind: Kind::SetAside { client: chart.client.id, command: aside.command },
        title: set_aside_title(&aside.change, &aside.rejection).to_owned(),
        about: about(chart, session_of(&aside.change)),
        when: format!("{}, {}", when(aside.at, catalogue, today), catalogue.staff_name(aside.by)),
    }
}

fn refused_item(item: &Attention, name: Option<&str>, catalogue: &Catalogue, today: Day) -> Item {
    let when = item.command.as_ref().map(|command| format!("{}, {}", when(command.at, catalogue, today), catalogue.staff_name(command.by)));
    Item {
        kind: Kind::Refused { number: item.number },
        title: "Not taken by the clinic".to_owned(),
        about: match (&item.command, name) {
            (Some(command), Some(name)) => format!("{name}: {}", command.change.label()),
            (Some(command), None) => format!("A client not on this device: {}", command.change.label()),
            (None, _) => "An entry this version cannot read".to_owned(),
        },
        when: when.unwrap_or_else(|| "kept on this device only".to_owned()),
    }
}

/// The records of a session that tell of an adverse event.
pub fn records(session: &Session) -> impl Iterator<Item = &Record> {
    let added = session.addenda.iter().filter_map(|addendum| addendum.record.as_ref());
    session.signed.iter().map(|signed| &signed.record).chain(added)
}

fn follow_up(chart: &Chart, session: &Session, catalogue: &Catalogue, today: Day) -> (Moment, Item) {
    if let Some(report) = session.reports.iter().rev().find(|report| report.is_open()) {
        let item = Item {
            kind: Kind::FollowUp { client: chart.client.id, session: session.id },
            title: format!("{} is worried", chart.client.first_name()),
            about: about(chart, Some(session.id)),
            when: when(report.at, catalogue, today),
        };
        return (report.at, item);
    }
    let at = session.signed.as_ref().map_or(Moment::from_millis(0), |signed| signed.at);
    let grade = records(session).filter_map(|record| record.response.adverse.as_ref()).map(|event| event.grade).max().unwrap_or_default();
    let by = session.signed.as_ref().map_or_else(String::new, |signed| format!(", {}", catalogue.staff_name(signed.by)));
    let item = Item {
        kind: Kind::FollowUp { client: chart.client.id, session: session.id },
        title: format!("Adverse event, grade {grade}"),
        about: about(chart, Some(session.id)),
        when: format!("{}{by}", when(at, catalogue, today)),
    };
    (at, item)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::{command::Refusal, skin::AdverseEvent};
    use uuid::Uuid;

    #[test]
    fn what_waits_is_listed_the_latest_first_and_the_refused_on_top() {
        let catalogue = sample::catalogue();
        let chart = sample::chart(6);
        let mut bad = sample::record(&chart, &catalogue, 1, 18);
        bad.response.adverse = Some(AdverseEvent { grade: 2, text: "blister".into() });
        let sign = Change::SignSession { session: sample::session(1), record: bad.clone(), rest: None };
        let chart = chart.apply(&sign, sample::by(sample::PROVIDER, "2026-11-20T09:00:00Z"), &catalogue).expect("signed");
        let author = sample::by(sample::OTHER, "2026-11-21T09:41:00Z");
        let rejection = chart.apply(&sign, author, &catalogue).expect_err("signed already");
        let aside =
            SetAside { command: CommandId(Uuid::from_u128(70)), change: sign, by: author.staff, at: author.at, rejection, decided: None };
        let chart = Arc::new(chart.with_set_aside(aside));
        let refused = Attention { number: 7, refusal: Refusal::Malformed, text: "{".into(), command: None };
        let items = waiting([&chart].into_iter(), &[refused], &catalogue, sample::day("2026-11-21"));
        let told: Vec<_> = items.iter().map(|item| (item.title.as_str(), item.about.as_str(), item.when.as_str())).collect();
        assert_eq!(
            told,
            [
                ("Not taken by the clinic", "An entry this version cannot read", "kept on this device only"),
                ("Signed twice", "Maya Chen, session 1", "today, 09:41, S. Lind"),
                ("Adverse event, grade 2", "Maya Chen, session 1", "yesterday, 09:00, A. Osei"),
            ]
        );
        assert_eq!(items[0].kind.key(), "refused-7");
    }

    #[test]
    fn nothing_waits_in_an_ordinary_chart() {
        let catalogue = sample::catalogue();
        let chart = Arc::new(sample::signed(&sample::chart(6), &catalogue, 1, 18));
        assert!(waiting([&chart].into_iter(), &[], &catalogue, sample::day("2026-11-21")).is_empty());
    }
}
