//! The clinic's numbers: read in one snapshot ([`crate::store::numbers`]), and written as files ([`csv`]).

pub mod csv;

use crate::{
    clinic::Clinics,
    store::{
        self, Result, Tx, clinic,
        numbers::{self, Asked},
    },
};
use domain::{
    catalogue::Catalogue,
    ids::ClinicId,
    numbers::{Numbers, Span},
};
use std::sync::Arc;

/// A transaction in which everything is read as it stands at one moment, and what is asked for in it.
pub async fn begin(clinics: &Clinics, id: ClinicId, span: Span) -> Result<(Tx, Asked, Arc<Catalogue>)> {
    let mut tx = clinics.pool.begin().await?;
    numbers::snapshot(&mut tx).await?;
    store::enter(&mut tx, id).await?;
    let version = clinic::read_version(&mut tx, id).await?;
    let catalogue = clinics.catalogue(&mut tx, id, version.catalogue).await?;
    let asked = Asked::new(id, span, &catalogue.clock, clinics.host.now());
    Ok((tx, asked, catalogue))
}

pub async fn read(clinics: &Clinics, id: ClinicId, span: Span) -> Result<Numbers> {
    let (mut tx, asked, _) = begin(clinics, id, span).await?;
    numbers::read(&mut tx, &asked).await
}
