//! What somebody typed, in lines a person can read, copy and enter again.

use crate::signed_record::rows;
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    command::{Change, Decision},
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
