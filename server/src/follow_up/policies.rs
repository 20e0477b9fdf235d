//! What a clinic sends, and editing it.

use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    store::{
        self, Result, clinic,
        follow_up::{
            self as kept, due,
            policy::{self, Kept},
        },
    },
};
use app::api::SignedIn;
use domain::{audit::Action, follow_up::policy::Policies, ids::ClinicId};

/// So many faults are told, so many characters of each.
const MOST_FAULTS: usize = 20;
const LONGEST_FAULT: usize = 300;

/// Why an edit was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is for those who edit the catalogue.
    NotAllowed,
    /// In words for the person who edits.
    Faults(Vec<String>),
    /// Somebody else has edited them since.
    Stale,
}

pub async fn read(clinics: &Clinics, clinic: ClinicId) -> Result<Kept> {
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    policy::read(&mut tx, clinic).await
}

/// Saves what is sent from now on. All charts are planned anew for it, in batches; what is sent meanwhile keeps to it already.
pub async fn save(clinics: &Clinics, who: &SignedIn, policies: &Policies, based_on: u32) -> Result<std::result::Result<(), Refused>> {
    if !who.role.edits_catalogue() {
        return Ok(Err(Refused::NotAllowed));
    }
    let faults = policies.faults();
    if !faults.is_empty() {
        // They repeat what was typed, which may be anything.
        let short = |fault: String| fault.chars().take(LONGEST_FAULT).collect::<String>();
        return Ok(Err(Refused::Faults(faults.into_iter().take(MOST_FAULTS).map(short).collect())));
    }
    let now = clinics.host.now();
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    clinic::lock_version(&mut tx, who.clinic).await?;
    if !policy::save(&mut tx, who.clinic, policies, based_on, who.staff, now).await? {
        return Ok(Err(Refused::Stale));
    }
    kept::replan_all(&mut tx, who.clinic).await?;
    due::sooner(&mut tx, who.clinic, now).await?;
    let entry = Entry::by_staff(who.staff, Action::EditFollowUp).count("packages", policies.of_packages.len());
    audit::add(&mut tx, clinics, who.clinic, entry).await?;
    tx.commit().await?;
    Ok(Ok(()))
}
