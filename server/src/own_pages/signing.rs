//! A client signs what is asked of her, on a device of her own.

use super::{SignedInClient, own};
use crate::{
    clinic::Clinics,
    store::{self, Result},
    sync::push,
};
use app::me::{SignProblem, ToSign, is_own_name, to_sign};
use domain::{
    command::Change,
    consent::{Ink, Signing},
    ids::{ConsentFormId, PlanId},
    rejection::Rejection,
};

/// What the form sent.
#[derive(Clone, Debug)]
pub struct Signed<'a> {
    /// The version she read.
    pub version: u32,
    pub name: &'a str,
    /// Strokes of points, as JSON; empty without a script.
    pub ink: &'a str,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// It is not asked of her, or not any more.
    NotThere,
    /// With the form as it stands.
    Problem(ToSign, SignProblem),
}

pub async fn sheet(clinics: &Clinics, who: SignedInClient, plan: PlanId, form: ConsentFormId) -> Result<Option<ToSign>> {
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let own = own(clinics, &mut tx, who).await?;
    tx.commit().await?;
    Ok(own.and_then(|own| to_sign(&own.chart, &own.catalogue, plan, form)))
}

pub async fn sign(clinics: &Clinics, who: SignedInClient, plan: PlanId, form: ConsentFormId, signed: Signed<'_>) -> Result<Outcome> {
    let Some(sheet) = sheet(clinics, who, plan, form).await? else { return Ok(Outcome::NotThere) };
    let problem = |problem| Ok(Outcome::Problem(sheet.clone(), problem));
    if signed.version != sheet.version {
        return problem(SignProblem::Changed);
    }
    if !is_own_name(&sheet.client, signed.name) {
        return problem(SignProblem::Name);
    }
    let Ok(ink) = serde_json::from_str::<Ink>(signed.ink) else { return problem(SignProblem::NoInk) };
    let signing = Signing { form, version: sheet.version, plan: Some(plan), signer: None, photo: None, ink };
    match push::receive_from_client(clinics, who.clinic, who.client, Change::SignConsent(signing)).await? {
        Ok(_) => Ok(Outcome::Done),
        Err(Rejection::NoInk) => problem(SignProblem::NoInk),
        // Another tap, or the clinic, was quicker.
        Err(_) => problem(SignProblem::Changed),
    }
}
