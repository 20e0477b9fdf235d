//! The audit over the real server and Postgres: what is written, that nothing of it can be changed unnoticed, and who may read it.

mod acts;
mod looks;
mod tampering;
mod writers;

use crate::clinic::{CLINIC, audit_key};
use domain::{
    audit::Who,
    ids::{ClinicId, StaffId},
};
use server::{
    audit::{
        anchor::{self, Anchored},
        chain::Row,
        verify::{self, Fault, Verdict},
    },
    clinic::Clinics,
    photo_store::PhotoStore,
    store,
};

/// All rows of the clinic, in order.
async fn rows(clinics: &Clinics, clinic: ClinicId) -> Vec<Row> {
    let mut tx = store::begin(&clinics.pool, clinic).await.unwrap();
    store::audit::page(&mut tx, clinic, 0, 10_000).await.unwrap()
}

/// Who, what, about whom, of the rows after the first so many.
async fn since(clinics: &Clinics, seen: usize) -> Vec<(String, Option<StaffId>, String, Option<u128>)> {
    let rows = rows(clinics, CLINIC).await;
    let told = |row: &Row| (row.who.clone(), row.who_id.map(StaffId), row.action.clone(), row.client.map(|client| client.as_u128()));
    rows[seen..].iter().map(told).collect()
}

fn line(who: Who, action: &str, client: Option<u128>) -> (String, Option<StaffId>, String, Option<u128>) {
    match who {
        Who::Staff(staff) => ("staff".into(), Some(staff), action.into(), client),
        _ => ("nobody".into(), None, action.into(), client),
    }
}

/// As the background task does it.
pub async fn anchor(clinics: &Clinics) {
    anchor::anchor(clinics, &mut Anchored::default()).await.unwrap();
}

/// As `cadence verify-audit` does it.
pub async fn verdict(clinics: &Clinics) -> Verdict {
    let verdicts = verify::every_clinic(clinics, &|_, _, _| ()).await.unwrap();
    verdicts.into_iter().find(|verdict| verdict.clinic == CLINIC).expect("the clinic is looked at")
}

async fn fault(clinics: &Clinics) -> Option<(i64, Fault)> {
    verdict(clinics).await.fault
}

/// Another server process with the same photo store, or another.
async fn beside(clinics: &Clinics, photos: PhotoStore) -> Clinics {
    Clinics::new(clinics.pool.clone(), clinics.host.clone(), photos, audit_key())
}
