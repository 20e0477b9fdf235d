//! Signed consents: the document is drawn once, when the signature arrives, and kept as it is.

use crate::{
    consent_pdf::{self, Document},
    store::{self, StoreError, Tx},
};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    consent::{Consent, ELEMENTS, Ink, PhotoTerms, Signing},
    ids::{ClinicId, StaffId},
};

/// Keeps the document of a signature the chart has just taken in. A repeated one has left no trace there, and gets none here.
pub async fn keep(
    tx: &mut Tx,
    clinic: ClinicId,
    catalogue: &Catalogue,
    before: &Chart,
    after: &Chart,
    signing: &Signing,
) -> store::Result<()> {
    let Some(signed) = after.consents.get(before.consents.len()) else { return Ok(()) };
    let body = draw(catalogue, after, signed, &signing.ink)?;
    store::consent::add(tx, clinic, after.client.id, signed, &body).await
}

/// The document, from what was signed and nothing else: the same signature always gives the same bytes.
pub fn draw(catalogue: &Catalogue, chart: &Chart, signed: &Consent, ink: &Ink) -> store::Result<Vec<u8>> {
    let form = catalogue.consent_form(signed.form);
    let version = form.and_then(|form| form.version(signed.version));
    let texts = version.into_iter().flat_map(|version| &version.elements);
    let signer = signed.signer.as_deref().unwrap_or(&chart.client.name);
    let signed_at = {
        let day = catalogue.clock.day(signed.at).long();
        format!("{day}, {} ({})", catalogue.clock.time(signed.at), catalogue.clock.zone)
    };
    let series = signed.plan.and_then(|plan| chart.plan(plan));
    let witnessed = match catalogue.staff_member(signed.by) {
        _ if signed.by == StaffId::CLIENT => {
            ("Where", "On a device of the client’s own, signed in through a link sent to the client".to_owned())
        }
        Some(staff) => ("In the presence of", staff.name.clone()),
        None => ("In the presence of", String::new()),
    };
    let mut about = vec![("Client", chart.client.name.clone()), ("Born", chart.client.birth_date.long())];
    about.extend(series.map(|plan| ("Series", format!("{}, sold {}", plan.name, plan.sold_on.long()))));
    about.extend(signed.signer.as_ref().map(|signer| ("Signed for the client by", signer.clone())));
    about.extend([("Signed", signed_at.clone()), witnessed]);
    let document = Document {
        clinic: &catalogue.name,
        title: form.map_or("Consent", |form| &form.name),
        version: signed.version,
        about,
        sections: ELEMENTS.into_iter().zip(texts.map(String::as_str)).collect(),
        agreed: signed.photo.as_ref().map_or_else(Vec::new, agreed),
        ink,
        signer,
        signed_at: &signed_at,
        language: "en",
    };
    consent_pdf::render(&document).map_err(|error| StoreError::Unreadable(error.to_string()))
}

fn agreed(terms: &PhotoTerms) -> Vec<String> {
    let scopes = terms.scopes.iter().map(|scope| scope.label().to_owned());
    let until = terms.until.map_or_else(|| "Until withdrawn".to_owned(), |day| format!("Until {}", day.long()));
    scopes.chain([until]).collect()
}
