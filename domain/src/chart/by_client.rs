//! What a client may change of her own chart, on her own pages. Everything else is the clinic's.

use super::{Author, Chart};
use crate::{
    booking::{Wish, clients_may_cancel},
    catalogue::Catalogue,
    command::Change,
    consent::Signing,
    ids::{SessionId, StaffId},
    plan::Standing,
    rejection::Rejection,
    time::Moment,
};

impl Author {
    /// The client herself.
    pub fn client(at: Moment) -> Self {
        Self { staff: StaffId::CLIENT, at }
    }

    pub fn is_client(&self) -> bool {
        self.staff == StaffId::CLIENT
    }
}

impl Chart {
    pub(super) fn change_by_client(&mut self, change: &Change, author: Author, catalogue: &Catalogue) -> Result<(), Rejection> {
        match change {
            Change::BookSession { session, appointment, time, procedures, despite } if procedures.is_empty() && despite.is_empty() => {
                self.is_next(*session)?;
                self.book(Wish { session: *session, id: *appointment, time: *time, procedures, despite }, author, catalogue)
            }
            Change::CancelBooking { session, appointment, no_show: false, reason } => {
                let booked = self.session(*session).ok_or(Rejection::UnknownSession)?.booking(*appointment).ok_or(Rejection::Stale)?;
                if !clients_may_cancel(booked.starts, author.at) {
                    return Err(Rejection::NotAllowed);
                }
                self.cancel_booking(*session, *appointment, false, reason, author)
            }
            Change::SignConsent(signing) => {
                self.is_asked(signing, catalogue)?;
                self.sign_consent(signing, author, catalogue)
            }
            Change::ReportAfterSession { session, report, worried, text } => self.report(*session, *report, *worried, text, author),
            _ => Err(Rejection::NotAllowed),
        }
    }

    /// The session that comes next in a series that is not paused, and that no other system has booked.
    fn is_next(&self, session: SessionId) -> Result<(), Rejection> {
        let plan = self.plan(self.session(session).ok_or(Rejection::UnknownSession)?.plan).ok_or(Rejection::UnknownPlan)?;
        let is_next = self.next_to_book(plan.id).is_some_and(|next| next.id == session) && self.kept_elsewhere(session).is_none();
        if is_next && plan.standing() == Standing::Active { Ok(()) } else { Err(Rejection::NotAllowed) }
    }

    /// What a series of hers asks for, in the version it asks for, and in her own name. What photographs may be used for is talked over
    /// at the clinic.
    fn is_asked(&self, signing: &Signing, catalogue: &Catalogue) -> Result<(), Rejection> {
        let asked = signing.plan.map(|plan| self.asked(plan, catalogue)).unwrap_or_default();
        let fits = asked.iter().any(|asked| (asked.form, asked.version) == (signing.form, signing.version));
        if fits && signing.signer.is_none() && signing.photo.is_none() { Ok(()) } else { Err(Rejection::NotAllowed) }
    }
}
