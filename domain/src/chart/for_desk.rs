//! What of a chart goes to those who sell, book and call, and do not treat: whatever the ledger, the calendar and the spacing rules
//! are computed from, and nothing that was seen, measured or written of the client's body.

use super::{Chart, Decided, SetAside};
use crate::{
    command::{Change, Decision},
    record::{Record, Treatment},
    session::{Addendum, Session, Signed},
    skin::SkinResponse,
};

impl Chart {
    /// The same series, bookings and balances. What they may change ends the same on either: see the tests.
    pub fn for_desk(&self) -> Self {
        let mut chart = self.clone();
        chart.client.skin_type = None;
        chart.client.allergies.clear();
        chart.device_notes.clear();
        chart.photos.clear();
        // Their addresses show the pictures.
        chart.shares.clear();
        chart.set_aside.retain_mut(without_clinical_content);
        chart.sessions.iter_mut().for_each(without_clinical);
        chart
    }
}

/// A charting that was set aside is counted until somebody has decided about it; nothing else that is clinical is.
fn without_clinical_content(item: &mut SetAside) -> bool {
    let SetAside { change, decided, .. } = item;
    match change {
        Change::SignSession { record, .. } => {
            *record = delivered(record);
            if let Some(Decided { decision: Decision::Discard { reason }, .. }) = decided {
                reason.clear();
            }
            true
        }
        change => !change.is_clinical(),
    }
}

fn without_clinical(session: &mut Session) {
    session.followed_up = None;
    session.co_signed = None;
    session.photos_skipped = None;
    session.reports.clear();
    if let Some(Signed { record, .. }) = &mut session.signed {
        *record = delivered(record);
    }
    for Addendum { text, record, .. } in &mut session.addenda {
        text.clear();
        *record = record.as_ref().map(delivered);
    }
}

/// What it delivers, with what, and where: the ledger and the spacing rules ask for no more.
fn delivered(record: &Record) -> Record {
    let treatment = |treatment: &Treatment| Treatment { readings: Vec::new(), ..treatment.clone() };
    Record {
        treatments: record.treatments.iter().map(treatment).collect(),
        response: SkinResponse::default(),
        note: None,
        decisions: Vec::new(),
        despite: None,
    }
}
