//! What a client tells the clinic of how she fares after a session.

use crate::{
    chart::{Author, Chart, checked},
    ids::{ReportId, SessionId},
    rejection::Rejection,
    session::Remark,
    time::Moment,
};
use serde::{Deserialize, Serialize};

/// So many of one session, at most: whoever has more to say is called.
pub const MOST_REPORTS: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub id: ReportId,
    pub at: Moment,
    /// Something worries her: somebody who treats looks after it.
    pub worried: bool,
    /// In her own words; may be empty.
    pub text: String,
    /// What was done about it. Nobody answers a report that all is well.
    pub answered: Option<Remark>,
}

impl Report {
    pub fn is_open(&self) -> bool {
        self.worried && self.answered.is_none()
    }
}

impl Chart {
    /// Of a session that was held.
    pub(crate) fn report(&mut self, session: SessionId, id: ReportId, worried: bool, text: &str, author: Author) -> Result<(), Rejection> {
        let text = if text.trim().is_empty() { String::new() } else { checked(text)? };
        let session = self.session_mut(session)?;
        if session.signed.is_none() {
            return Err(Rejection::NotSigned);
        }
        if session.reports.len() >= MOST_REPORTS {
            return Err(Rejection::TooMuch { what: "reports of one session".to_owned() });
        }
        session.reports.push(Report { id, at: author.at, worried, text, answered: None });
        Ok(())
    }
}
