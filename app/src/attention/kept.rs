//! What somebody typed, in lines a person can read, copy and enter again.

use crate::{signed_record::rows, words};
use domain::{
    booking::Time,
    catalogue::Catalogue,
    chart::Chart,
    command::{Change, Decision},
    consent::Signing,
    ids::{ConsentFormId, PhotoId, ProcedureId, SessionId, ViewId},
    money,
};

/// Every word and number of a change.
pub fn lines(change: &Change, chart: &Chart, catalogue: &Catalogue) -> Vec<String> {
    match change {
        Change::SignSession { record, .. } => {
            rows(record, chart, catalogue).into_iter().map(|row| format!("{}: {}", row.label, row.value)).collect()
        }
        Change::AddAddendum { text, .. } | Change::ReportAfterSession { text, .. } | Change::CloseFollowUp { text, .. } => {
            vec![text.clone()]
        }
        Change::PinDeviceNote { device, text, .. } => {
            let device = catalogue.device(*device).map_or("A device no longer listed", |device| device.model.as_str());
            vec![format!("Device: {device}"), text.clone()]
        }
        Change::CoSign { .. } => vec!["A name beside the signature.".to_owned()],
        Change::UnpinDeviceNote { note } => {
            let text = chart.device_notes.iter().find(|pinned| pinned.id == *note).map(|pinned| pinned.remark.text.clone());
            vec![text.map_or_else(|| "The note is gone already.".to_owned(), |text| format!("Note: {text}"))]
        }
        Change::CorrectContact { phone, email, .. } => vec![format!("Phone: {phone}"), format!("E-mail: {email}")],
        Change::BookSession { session, time, procedures, despite, .. } => {
            let mut lines = booking(*time, despite, catalogue);
            lines.extend(part(*session, procedures, chart));
            lines
        }
        Change::MoveBooking { time, despite, .. } => booking(*time, despite, catalogue),
        Change::CancelBooking { reason, .. } => vec![change.label().to_owned(), format!("Reason: {reason}")],
        Change::SellPackage { package, sessions, price_minor, paid, .. } => {
            let name = catalogue.package(*package).map_or("A package no longer listed", |package| package.name.as_str());
            let price = money::written(*price_minor, &catalogue.currency);
            let mut lines = vec![format!("Package: {name}"), format!("Sessions: {}", sessions.len()), format!("Price: {price}")];
            lines.extend(paid.map(|paid| format!("Paid: {}, {}", money::written(paid.minor, &catalogue.currency), paid.how.label())));
            lines
        }
        Change::ChangePlan { plan, action, reason, .. } => {
            let name = chart.plan(*plan).map_or("A series no longer listed", |plan| plan.name.as_str());
            let mut lines = vec![format!("Series: {name}"), words::plan_action(action, chart, catalogue)];
            lines.extend(reason_line(reason));
            lines
        }
        Change::CheckIn { session, appointment, .. } => {
            let booked = chart.session(*session).and_then(|session| session.booking(*appointment));
            let when = booked.map(|booked| format!("Booked for {}", words::moment(&catalogue.clock, booked.starts)));
            std::iter::once(change.label().to_owned()).chain(when).collect()
        }
        Change::SignConsent(signing) => consent(signing, chart, catalogue),
        Change::WithdrawConsent { form, signed_at, reason } => {
            let signed = format!("Signed: {}", words::moment(&catalogue.clock, *signed_at));
            vec![form_line(*form, catalogue), signed, format!("Reason: {reason}")]
        }
        Change::SettleBilling { charged_minor, reason, .. } => {
            vec![format!("Charged: {}", money::written(*charged_minor, &catalogue.currency)), format!("Reason: {reason}")]
        }
        Change::TakePhoto(shot) => {
            let mut lines = vec![view_line(shot.view, catalogue)];
            lines.extend(reason_line(&shot.despite));
            lines
        }
        Change::RemovePhoto { photo, reason } => photo_lines(*photo, format!("Reason: {reason}"), chart, catalogue),
        Change::MarkPhoto { photo, text, .. } => photo_lines(*photo, text.clone(), chart, catalogue),
        Change::UnmarkPhoto { photo, .. } | Change::ReleasePhoto { photo } | Change::WithholdPhoto { photo } => {
            photo_lines(*photo, change.label().to_owned(), chart, catalogue)
        }
        Change::SkipPhotos { reason, .. } | Change::RevokeShare { reason, .. } => vec![format!("Reason: {reason}")],
        Change::SharePhotos(sharing) => photo_lines(sharing.after, format!("For: {}", sharing.scope.label()), chart, catalogue),
        Change::Decide { decision: Decision::Keep { .. }, .. } => vec!["Decision: keep it.".to_owned()],
        Change::Decide { decision: Decision::Discard { reason }, .. } => {
            vec!["Decision: discard it.".to_owned(), format!("Reason: {reason}")]
        }
    }
}

fn view_line(view: ViewId, catalogue: &Catalogue) -> String {
    catalogue.view(view).map_or_else(|| "View: one no longer listed".to_owned(), |(set, view)| format!("View: {}, {}", set.name, view.name))
}

/// Which photograph, and what of it.
fn photo_lines(photo: PhotoId, what: String, chart: &Chart, catalogue: &Catalogue) -> Vec<String> {
    let photo = chart.photo(photo);
    let taken = photo.map(|photo| format!("Photograph of {}", words::moment(&catalogue.clock, photo.at)));
    let view = photo.map(|photo| view_line(photo.shot.view, catalogue));
    taken.into_iter().chain(view).chain([what]).collect()
}

fn reason_line(reason: &str) -> Option<String> {
    (!reason.is_empty()).then(|| format!("Reason: {reason}"))
}

fn booking(time: Time, despite: &str, catalogue: &Catalogue) -> Vec<String> {
    let when = words::moment(&catalogue.clock, time.starts);
    let mut lines = vec![format!("{when}, {} minutes", time.minutes), format!("With {}", catalogue.staff_name(time.provider))];
    let room = |id| catalogue.room(id).map_or("one no longer listed", |room| room.name.as_str());
    let device = |id| catalogue.device(id).map_or("one no longer listed", |device| device.model.as_str());
    lines.extend(time.room.map(|id| format!("Room: {}", room(id))));
    lines.extend(time.device.map(|id| format!("Device: {}", device(id))));
    lines.extend(reason_line(despite));
    lines
}

/// Which procedures of a session a booking is for; `None` is all that are not booked.
fn part(session: SessionId, procedures: &[ProcedureId], chart: &Chart) -> Option<String> {
    let plan = chart.session(session).and_then(|session| chart.plan(session.plan));
    let known = plan.map(|plan| plan.procedures.as_slice()).unwrap_or_default();
    let name = |id: &ProcedureId| known.iter().find(|one| one.id == *id).map_or("one no longer listed", |one| one.name.as_str());
    (!procedures.is_empty()).then(|| format!("Procedures: {}", procedures.iter().map(name).collect::<Vec<_>>().join(", ")))
}

fn form_line(form: ConsentFormId, catalogue: &Catalogue) -> String {
    format!("Form: {}", catalogue.consent_form(form).map_or("one no longer listed", |form| form.name.as_str()))
}

/// All but the ink, which has no words.
fn consent(signing: &Signing, chart: &Chart, catalogue: &Catalogue) -> Vec<String> {
    let mut lines = vec![form_line(signing.form, catalogue), format!("Version: {}", signing.version)];
    let series = |id| chart.plan(id).map_or("one no longer listed", |plan| plan.name.as_str());
    lines.extend(signing.plan.map(|id| format!("Series: {}", series(id))));
    lines.push(format!("Signed by: {}", signing.signer.as_ref().unwrap_or(&chart.client.name)));
    lines.extend(signing.photo.iter().map(|terms| {
        let scopes: Vec<_> = terms.scopes.iter().map(|scope| scope.label()).collect();
        let until = terms.until.map_or_else(String::new, |day| format!(", until {}", day.long()));
        format!("Photographs: {}{until}", scopes.join("; "))
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn a_record_reads_as_lines() {
        let (chart, catalogue) = (sample::chart(6), sample::catalogue());
        let change = Change::SignSession { session: sample::session(1), record: sample::record(&chart, &catalogue, 1, 18), rest: None };
        let lines = lines(&change, &chart, &catalogue);
        assert_eq!(lines[0], "Device: Clarity II · 755 nm");
        assert!(lines.contains(&"Fluence: 18 J/cm²".to_owned()));
    }
}
