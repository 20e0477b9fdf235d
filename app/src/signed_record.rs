//! Signed sessions, as they stand for good: each shown with the template version it was recorded with.

mod compare;
mod facts;
mod record_view;
mod remark_form;
#[cfg(test)]
pub(crate) mod sample;
mod saved;
mod signed_view;

pub use compare::{Row, Versus, rows, side_by_side};
pub use facts::{NoteFacts, PlaceFacts, ReadingFacts, RecordFacts, TreatmentFacts};
pub use record_view::{FactsView, RecordView};
pub use remark_form::RemarkForm;
pub use saved::{addendum_waits, follow_up_waits, signing_waits};
pub use signed_view::{FollowUpForm, SignedView};
