//! What the audit says of one client, for those who answer for it.

use super::{Entry, add};
use crate::{
    clinic::Clinics,
    store::{self, Result, StoreError},
};
use app::api::{
    SignedIn,
    audit::{AUDIT_PAGE, AuditAsked, AuditCursor, AuditLine, AuditPage},
};
use domain::{
    audit::{Action, LookedPage, Who},
    ids::{ClientId, StaffId},
    time::Moment,
};

use super::chain::Row;

/// A page of it. To look into it is noted too, once for each time it is opened.
pub async fn page(clinics: &Clinics, signed_in: &SignedIn, asked: AuditAsked) -> Result<AuditPage> {
    let clinic = signed_in.clinic;
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    if store::audit::clients(&mut tx, clinic, [asked.client]).await?.is_empty() {
        return Ok(AuditPage::default());
    }
    let mut rows = store::audit::of_client(&mut tx, clinic, asked, AUDIT_PAGE + 1).await?;
    if asked.before.is_none() {
        add(&mut tx, clinics, clinic, Entry::by_staff(signed_in.staff, Action::ReadAudit).about(asked.client)).await?;
    }
    tx.commit().await?;
    let more = rows.len() > AUDIT_PAGE;
    rows.truncate(AUDIT_PAGE);
    let lines = rows.iter().map(line).collect::<Result<Vec<_>>>()?;
    let earlier = lines.last().filter(|_| more).map(|last| AuditCursor { at: last.at, number: last.number });
    Ok(AuditPage { lines, earlier })
}

fn line(row: &Row) -> Result<AuditLine> {
    let who = match (row.who.as_str(), row.who_id) {
        ("staff", Some(id)) => Who::Staff(StaffId(id)),
        ("client", Some(id)) => Who::Client(ClientId(id)),
        ("nobody", None) => Who::Nobody,
        _ => return Err(StoreError::Unreadable(format!("row {} of the audit is by nobody known", row.number))),
    };
    let word = |name: &str| row.detail.get(name).and_then(serde_json::Value::as_str);
    Ok(AuditLine {
        number: row.number.unsigned_abs(),
        at: Moment::new(row.at),
        received_at: Moment::new(row.received_at),
        who,
        action: Action::from_word(&row.action),
        page: word("page").and_then(LookedPage::from_word),
        set_aside: word("outcome") == Some("set-aside"),
    })
}
