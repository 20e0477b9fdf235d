//! A client tells how she fares after a session.

use super::{SignedInClient, own};
use crate::{
    clinic::Clinics,
    store::{self, Result},
    sync::push,
};
use domain::{
    command::Change,
    ids::{ReportId, SessionId},
    rejection::Rejection,
};

/// `false`: that is no session of hers that was held, or she has told all there is room for.
pub async fn report(clinics: &Clinics, who: SignedInClient, session: SessionId, worried: bool, text: String) -> Result<bool> {
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let Some(own) = own(clinics, &mut tx, who).await? else { return Ok(false) };
    tx.commit().await?;
    let Some(known) = own.chart.session(session) else { return Ok(false) };
    // The same form sent twice.
    let again = known.reports.last().is_some_and(|last| last.worried == worried && last.text == text.trim() && last.answered.is_none());
    if again {
        return Ok(true);
    }
    let change = Change::ReportAfterSession { session, report: ReportId(clinics.host.uuid()), worried, text };
    let taken: std::result::Result<_, Rejection> = push::receive_from_client(clinics, who.clinic, who.client, change).await?;
    Ok(taken.is_ok())
}
