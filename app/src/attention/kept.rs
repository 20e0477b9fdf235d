//! What somebody typed, in lines a person can read, copy and enter again.

use crate::{signed_record::rows, words};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    command::{Change, Decision},
    money,
    plan::PlanAction,
};

/// Every word and number of a change.
pub fn lines(change: &Change, chart: &Chart, catalogue: &Catalogue) -> Vec<String> {
    match change {
        Change::SignSession { record, .. } => {
            rows(record, chart, catalogue).into_iter().map(|row| format!("{}: {}", row.label, row.value)).collect()
        }
        Change::AddAddendum { text, .. } | Change::CloseFollowUp { text, .. } => vec![text.clone()],
        Change::PinDeviceNote { device, text, .. } => {
            let device = catalogue.device(*device).map_or("A device no longer listed", |device| device.model.as_str());
            vec![format!("Device: {device}"), text.clone()]
        }
        Change::UnpinDeviceNote { note } => {
            let text = chart.device_notes.iter().find(|pinned| pinned.id == *note).map(|pinned| pinned.remark.text.clone());
            vec![text.map_or_else(|| "The note is gone already.".to_owned(), |text| format!("Note: {text}"))]
        }
        Change::CorrectContact { phone, email, .. } => vec![format!("Phone: {phone}"), format!("E-mail: {email}")],
        Change::BookSession { time, .. } | Change::MoveBooking { time, .. } => {
            let when = words::moment(&catalogue.clock, time.starts);
            vec![format!("{when}, {} minutes", time.minutes), format!("With {}", catalogue.staff_name(time.provider))]
        }
        Change::CancelBooking { reason, .. } => vec![change.label().to_owned(), format!("Reason: {reason}")],
        Change::SellPackage { package, sessions, price_minor, .. } => {
            let name = catalogue.package(*package).map_or("A package no longer listed", |package| package.name.as_str());
            let price = money::written(*price_minor, &catalogue.currency);
            vec![format!("Package: {name}"), format!("Sessions: {}", sessions.len()), format!("Price: {price}")]
        }
        Change::ChangePlan { plan, action, reason, .. } => {
            let name = chart.plan(*plan).map_or("A series no longer listed", |plan| plan.name.as_str());
            let more = match action {
                PlanAction::Extend { sessions } => format!(" by {} sessions", sessions.len()),
                PlanAction::Refund { minor } => format!(": {}", money::written(*minor, &catalogue.currency)),
                PlanAction::Freeze { until: Some(day) } => format!(" until {}", day.long()),
                PlanAction::Freeze { until: None } | PlanAction::Resume | PlanAction::Void => String::new(),
            };
            vec![format!("Series: {name}"), format!("{}{more}", action.label()), format!("Reason: {reason}")]
        }
        Change::Decide { decision: Decision::Keep { .. }, .. } => vec!["Decision: keep it.".to_owned()],
        Change::Decide { decision: Decision::Discard { reason }, .. } => {
            vec!["Decision: discard it.".to_owned(), format!("Reason: {reason}")]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn a_record_reads_as_lines() {
        let (chart, catalogue) = (sample::chart(6), sample::catalogue());
        let change = Change::SignSession { session: sample::session(1), record: sample::record(&chart, &catalogue, 1, 18) };
        let lines = lines(&change, &chart, &catalogue);
        assert_eq!(lines[0], "Device: Clarity II · 755 nm");
        assert!(lines.contains(&"Fluence: 18 J/cm²".to_owned()));
    }
}
