//! One visit of a plan, and what is added to it after signing.

use crate::{
    booking::PastBooking,
    ids::{AddendumId, AppointmentId, PlanId, SessionId, StaffId},
    record::Record,
    time::Moment,
};
use serde::{Deserialize, Serialize};

/// Planned from the day the plan is sold; booked; charted; signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub plan: PlanId,
    /// 1 for the first of the series.
    pub number: u16,
    pub appointment: Option<Appointment>,
    /// Moved, cancelled, not kept; oldest first.
    pub past_bookings: Vec<PastBooking>,
    pub signed: Option<Signed>,
    pub addenda: Vec<Addendum>,
    /// Set when a provider has followed up an adverse event.
    pub followed_up: Option<Remark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    pub id: AppointmentId,
    pub provider: StaffId,
    pub starts: Moment,
    pub minutes: u16,
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
    /// A second charting of the same session that arrived later, whole.
    pub record: Option<Record>,
}

/// Who said what, when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub by: StaffId,
    pub at: Moment,
    pub text: String,
}

impl Session {
    /// An adverse event that a provider still has to follow up.
    pub fn needs_follow_up(&self) -> bool {
        use crate::skin::AdverseEvent;
        let of_concern =
            |record: &Record| record.response.adverse.as_ref().is_some_and(|event| event.grade >= AdverseEvent::FOLLOW_UP_FROM);
        let charted = self.signed.iter().map(|signed| &signed.record);
        let added = self.addenda.iter().filter_map(|addendum| addendum.record.as_ref());
        self.followed_up.is_none() && charted.chain(added).any(of_concern)
    }
}
