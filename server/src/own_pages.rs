//! The clients' own pages: getting in, what is written to them, and what they change. Drawn in `http/me`.

pub mod booking;
pub mod choices;
pub mod getting_in;
pub mod messages;
pub mod one_booking;
pub mod report;
pub mod signing;

use crate::{
    clinic::Clinics,
    store::{self, chart, clinic},
};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    ids::{ClientId, ClinicId},
};
use std::sync::Arc;

/// A client whose browser is signed in. Never staff, whatever else that browser may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedInClient {
    pub clinic: ClinicId,
    pub client: ClientId,
}

/// Her own chart, and the clinic it is at. There is no way to ask for another's.
pub struct Own {
    pub chart: Chart,
    pub catalogue: Arc<Catalogue>,
}

/// `None`: she has no chart any more.
pub async fn own(clinics: &Clinics, tx: &mut store::Tx, who: SignedInClient) -> store::Result<Option<Own>> {
    let version = clinic::read_version(tx, who.clinic).await?;
    let catalogue = clinics.catalogue(tx, who.clinic, version.catalogue).await?;
    Ok(chart::load(tx, who.clinic, who.client).await?.map(|chart| Own { chart, catalogue }))
}
