//! The audit: who did what, and who looked at whom. Rows are only ever added, and each clinic's form a chain that shows whether any was
//! changed, taken out or slipped in ([`chain`], [`verify`]).
//!
//! To add an action: one line in [`domain::audit::Action`], and where it happens
//!
//! ```ignore
//! audit::add(&mut tx, clinics, clinic, Entry::by_staff(staff, Action::EditRoom).id("room", room.0)).await?;
//! tx.commit().await?;
//! ```
//!
//! as the last thing before the commit. Adding locks the end of the clinic's chain until then: whoever asks for another lock afterwards
//! can lock up with somebody who took them in the other order, and whoever goes on working keeps everybody else waiting.

pub mod anchor;
pub mod chain;
mod entry;
pub mod key;
pub mod looks;
pub mod of_client;
pub mod seldom;
pub mod verify;

pub use entry::Entry;
pub use key::AuditKey;

use crate::{
    clinic::Clinics,
    store::{self, Result, Tx},
};
use chain::Row;
use domain::{audit::Who, ids::ClinicId};

/// Adds a row in this transaction: it is there if, and only if, what it tells of is.
pub async fn add(tx: &mut Tx, clinics: &Clinics, clinic: ClinicId, entry: Entry) -> Result<()> {
    let end = store::audit::lock_head(tx, clinic).await?;
    add_after(tx, clinics, clinic, end, vec![entry]).await
}

/// The same for several.
pub async fn add_all(tx: &mut Tx, clinics: &Clinics, clinic: ClinicId, entries: Vec<Entry>) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let end = store::audit::lock_head(tx, clinic).await?;
    add_after(tx, clinics, clinic, end, entries).await
}

/// Adds a row on its own, durably: for what changes nothing in the database, such as reading.
pub async fn note(clinics: &Clinics, clinic: ClinicId, entry: Entry) -> Result<()> {
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    add(&mut tx, clinics, clinic, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// Adds rows to a chain whose end this transaction has locked.
async fn add_after(tx: &mut Tx, clinics: &Clinics, clinic: ClinicId, end: store::audit::Head, entries: Vec<Entry>) -> Result<()> {
    let received_at = clinics.host.now();
    let store::audit::Head { mut number, hash: mut previous, .. } = end;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        number += 1;
        let (who, who_id) = match entry.who {
            Who::Staff(staff) => ("staff", Some(staff.0)),
            Who::Client(client) => ("client", Some(client.0)),
            Who::Nobody => ("nobody", None),
        };
        let mut row = Row {
            clinic,
            number,
            at: entry.at.map_or(received_at, |at| at.min(received_at)).timestamp(),
            received_at: received_at.timestamp(),
            who: who.to_owned(),
            who_id,
            action: entry.action.word().to_owned(),
            client: entry.client.map(|client| client.0),
            detail: entry.detail.into(),
            previous,
            hash: Vec::new(),
        };
        row.hash = clinics.audit.key.hash(&row).to_vec();
        previous = row.hash.clone();
        rows.push(row);
    }
    store::audit::append(tx, clinic, rows).await
}
