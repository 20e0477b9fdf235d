//! One visit of a plan, and what is added to it after signing.

use crate::{
    booking::PastBooking,
    chart::Author,
    ids::{AddendumId, AppointmentId, DeviceId, PlanId, ProcedureId, RoomId, SessionId, StaffId},
    record::Record,
    report::Report,
    time::Moment,
};
use serde::{Deserialize, Serialize};

/// Who is treated so long before the booked time is treated at it.
pub(crate) const EARLY_MILLIS: i64 = 60 * 60 * 1000;

/// Planned from the day the plan is sold; booked; charted; signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub plan: PlanId,
    /// 1 for the first of the series.
    pub number: u16,
    /// One, or several when its procedures are held at different times.
    pub appointments: Vec<Appointment>,
    /// Moved, cancelled, not kept; oldest first.
    pub past_bookings: Vec<PastBooking>,
    pub signed: Option<Signed>,
    /// The director who put a name beside who signed, and when.
    pub co_signed: Option<Author>,
    pub addenda: Vec<Addendum>,
    /// Set when a provider has followed up an adverse event.
    pub followed_up: Option<Remark>,
    /// Why no photographs were taken, where they were due.
    pub photos_skipped: Option<Remark>,
    /// How the client says she fares since, oldest first.
    pub reports: Vec<Report>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    pub id: AppointmentId,
    pub provider: StaffId,
    pub starts: Moment,
    pub minutes: u16,
    pub room: Option<RoomId>,
    /// The laser that is kept for it.
    pub device: Option<DeviceId>,
    /// What is held then; empty is the whole session.
    pub procedures: Vec<ProcedureId>,
    /// Why it was booked despite a spacing concern.
    pub despite: Option<String>,
    /// When the client checked in.
    pub arrived: Option<Moment>,
}

/// The record as it was signed. Never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    pub by: StaffId,
    pub at: Moment,
    pub record: Record,
}

/// Added after signing; itself never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addendum {
    pub id: AddendumId,
    pub by: StaffId,
    pub at: Moment,
    pub text: String,
    /// A charting that came after the signed one, whole.
    pub record: Option<Record>,
    /// That charting delivered procedures the signed one left for another day. `false`: it was the same, charted twice.
    pub delivers: bool,
}

/// Who said what, when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub by: StaffId,
    pub at: Moment,
    pub text: String,
}

impl Addendum {
    /// It charts what no series counts: the same once more, or something beside the series.
    pub fn is_outside(&self) -> bool {
        let beside = |record: &Record| record.treatments.iter().any(|done| done.counts_for.is_none());
        self.record.as_ref().is_some_and(|record| !self.delivers || beside(record))
    }
}

impl Session {
    /// Records that say what was done: the signed one, and those of procedures held on another day.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.chartings().map(|(_, record)| record)
    }

    /// The same, with who signed each and when: first what was signed first.
    pub fn chartings(&self) -> impl Iterator<Item = (Author, &Record)> {
        let signed = self.signed.iter().map(|signed| (Author { staff: signed.by, at: signed.at }, &signed.record));
        let further = self.addenda.iter().filter(|addendum| addendum.delivers);
        signed.chain(further.filter_map(|added| added.record.as_ref().map(|record| (Author { staff: added.by, at: added.at }, record))))
    }

    /// A booking whose time has come and was charted; what was left undone then needs another.
    pub fn is_held(&self, booked: &Appointment) -> bool {
        let further = self.addenda.iter().filter(|addendum| addendum.delivers).map(|addendum| addendum.at);
        let signed = self.signed.iter().map(|signed| signed.at).chain(further).max();
        signed.is_some_and(|at| at.millis() + EARLY_MILLIS >= booked.starts.millis())
    }

    /// The first of its bookings.
    pub fn first_booking(&self) -> Option<&Appointment> {
        self.appointments.iter().min_by_key(|booked| booked.starts)
    }

    pub fn booking(&self, id: AppointmentId) -> Option<&Appointment> {
        self.appointments.iter().find(|booked| booked.id == id)
    }

    /// An adverse event, or a worry of the client, that a provider still has to follow up.
    pub fn needs_follow_up(&self) -> bool {
        self.has_open_event() || self.reports.iter().any(Report::is_open)
    }

    /// An adverse event that was charted and not followed up.
    pub(crate) fn has_open_event(&self) -> bool {
        use crate::skin::AdverseEvent;
        let of_concern =
            |record: &Record| record.response.adverse.as_ref().is_some_and(|event| event.grade >= AdverseEvent::FOLLOW_UP_FROM);
        let charted = self.signed.iter().map(|signed| &signed.record);
        let added = self.addenda.iter().filter_map(|addendum| addendum.record.as_ref());
        self.followed_up.is_none() && charted.chain(added).any(of_concern)
    }
}
