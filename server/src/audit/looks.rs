//! Looks at charts. The charts are on the devices, so a look happens there, perhaps without a network, and is told afterwards.

use super::{Entry, add_after};
use crate::{
    clinic::Clinics,
    store::{self, Result},
};
use app::api::{SignedIn, audit::Look};
use domain::audit::Action;
use std::collections::HashSet;

/// Takes in looks of the one who is signed in: each once, however often it is told. Those at somebody who is not a client of this
/// clinic are passed over, and the answer does not tell.
pub async fn take(clinics: &Clinics, signed_in: &SignedIn, looks: &[Look]) -> Result<()> {
    if looks.is_empty() {
        return Ok(());
    }
    let clinic = signed_in.clinic;
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let clients = store::audit::clients(&mut tx, clinic, looks.iter().map(|look| look.client)).await?;
    // From here on nobody else adds rows: what is not known now is new.
    let end = store::audit::lock_head(&mut tx, clinic).await?;
    let mut known: HashSet<_> = store::audit::known_looks(&mut tx, clinic, looks.iter().map(|look| look.id)).await?;
    let new = looks.iter().filter(|look| clients.contains(&look.client) && known.insert(look.id));
    let entries: Vec<_> = new
        .map(|look| {
            let entry = Entry::by_staff(signed_in.staff, Action::Look).about(look.client).at(look.at);
            entry.id("look", look.id.0).word("page", look.page.word())
        })
        .collect();
    if entries.is_empty() {
        return Ok(());
    }
    add_after(&mut tx, clinics, clinic, end, entries).await?;
    tx.commit().await?;
    Ok(())
}
