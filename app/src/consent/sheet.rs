//! What the client reads before signing, and what is made of what was drawn and ticked.

use super::{facts::series, ink::Drawing};
use crate::words;
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    consent::{ConsentKind, ELEMENTS, PhotoScope, PhotoTerms, Signing},
    ids::{ConsentFormId, PlanId},
    time::Day,
};

/// A form in one version, for one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub clinic: String,
    /// What the form is called.
    pub name: String,
    pub version: u32,
    pub kind: ConsentKind,
    pub client: String,
    pub born: String,
    /// The series it is for.
    pub series: Option<String>,
    pub texts: Vec<(&'static str, String)>,
    /// When and with whom this version was signed already; it is not signed twice.
    pub signed: Option<String>,
}

/// Which form in which version, and for which series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    pub form: ConsentFormId,
    pub version: u32,
    pub plan: Option<PlanId>,
}

/// Why a form cannot be signed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsignable {
    /// Not in the catalogue, or in no such version.
    Unknown,
    Retired,
    /// It is for a series, and the address names none of this client's.
    NoSeries,
}

impl Unsignable {
    pub fn words(self) -> &'static str {
        match self {
            Self::Unknown => "The clinic has no such form, or this device has not been told of it yet.",
            Self::Retired => "This form was retired and is no longer signed.",
            Self::NoSeries => "This form is signed for a series. Open it from the client’s page.",
        }
    }
}

pub fn sheet(chart: &Chart, catalogue: &Catalogue, subject: Subject) -> Result<Sheet, Unsignable> {
    let form = catalogue.consent_form(subject.form).ok_or(Unsignable::Unknown)?;
    let version = form.version(subject.version).ok_or(Unsignable::Unknown)?;
    if form.retired {
        return Err(Unsignable::Retired);
    }
    let plan = match form.kind {
        ConsentKind::Treatment => Some(subject.plan.and_then(|plan| chart.plan(plan)).ok_or(Unsignable::NoSeries)?),
        ConsentKind::Photo => None,
    };
    let same = plan.and_then(|plan| {
        let mut live = chart.consents.iter().filter(|consent| consent.withdrawn.is_none());
        live.find(|consent| (consent.form, consent.version, consent.plan) == (form.id, version.number, Some(plan.id)))
    });
    Ok(Sheet {
        clinic: catalogue.name.clone(),
        name: form.name.clone(),
        version: version.number,
        kind: form.kind,
        client: chart.client.name.clone(),
        born: chart.client.birth_date.long(),
        series: plan.map(series),
        texts: ELEMENTS.into_iter().zip(version.elements.iter().cloned()).collect(),
        signed: same
            .map(|consent| format!("Signed {}, {}.", words::moment(&catalogue.clock, consent.at), words::witnessed(catalogue, consent.by))),
    })
}

/// What was ticked and typed beside the ink, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub signer: String,
    /// As [`scopes`] reads it.
    pub scopes: String,
    /// `2027-03-01`, or empty for no end.
    pub until: String,
}

/// The uses that are ticked, in their own order.
pub fn scopes(typed: &str) -> Vec<PhotoScope> {
    PhotoScope::ALL.into_iter().filter(|scope| typed.split('\n').any(|line| line == scope.label())).collect()
}

/// The text of these uses with one ticked or not.
pub fn ticked(typed: &str, scope: PhotoScope, on: bool) -> String {
    let kept = PhotoScope::ALL.into_iter().filter(|other| if *other == scope { on } else { scopes(typed).contains(other) });
    kept.map(PhotoScope::label).collect::<Vec<_>>().join("\n")
}

/// What is signed, or what is still missing, in words.
pub fn signing(subject: Subject, kind: ConsentKind, typed: &Typed, drawing: &Drawing, today: Day) -> Result<Signing, String> {
    let photo = match kind {
        ConsentKind::Treatment => None,
        ConsentKind::Photo => Some(photo_terms(typed, today)?),
    };
    if !drawing.is_signature() {
        return Err("There is no signature yet. Sign in the field first.".to_owned());
    }
    let signer = typed.signer.trim();
    Ok(Signing {
        form: subject.form,
        version: subject.version,
        plan: subject.plan.filter(|_| kind == ConsentKind::Treatment),
        signer: (!signer.is_empty()).then(|| signer.to_owned()),
        photo,
        ink: drawing.ink(),
    })
}

fn photo_terms(typed: &Typed, today: Day) -> Result<PhotoTerms, String> {
    let scopes = scopes(&typed.scopes);
    if scopes.is_empty() {
        return Err("Tick what the photographs may be used for: at least one of the lines.".to_owned());
    }
    let until = match typed.until.trim() {
        "" => None,
        text => Some(text.parse().ok().filter(|until| *until >= today).ok_or("Choose a last day from today on, or none.")?),
    };
    Ok(PhotoTerms { scopes, until })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        consent::{
            example,
            ink::{Dot, Tool},
        },
        signed_record::sample,
    };

    fn subject() -> Subject {
        Subject { form: example::FORM, version: 1, plan: Some(sample::PLAN) }
    }

    fn photos() -> Subject {
        Subject { form: example::PHOTOS, version: 1, plan: None }
    }

    fn drawn() -> Drawing {
        let mut drawing = Drawing::default();
        drawing.down(1, Tool::Mouse, Dot { x: 10, y: 10, width: 1.0 });
        drawing.moved(1, Dot { x: 90, y: 40, width: 1.0 });
        drawing
    }

    #[test]
    fn the_sheet_says_what_for_and_for_whom() {
        let (chart, catalogue) = (sample::chart(2), example::catalogue(2));
        let read = sheet(&chart, &catalogue, subject()).expect("it can be signed");
        assert_eq!((read.clinic.as_str(), read.client.as_str(), read.born.as_str()), ("Linden", "Maya Chen", "14 Mar 1991"));
        assert_eq!(read.texts.len(), 6);
        assert_eq!(read.signed, None);
        let signed = sheet(&example::signed(&chart, &catalogue, 1), &catalogue, subject()).expect("it is known");
        assert_eq!(signed.signed.as_deref(), Some("Signed 10 Jan 2026, 09:00, in the presence of A. Osei."));
        let refused = |subject| sheet(&chart, &catalogue, subject).expect_err("it cannot be signed");
        assert_eq!(refused(Subject { plan: None, ..subject() }), Unsignable::NoSeries);
        assert_eq!(refused(Subject { version: 9, ..subject() }), Unsignable::Unknown);
        let mut retired = example::catalogue(1);
        retired.consent_forms[0].retired = true;
        assert_eq!(sheet(&chart, &retired, subject()), Err(Unsignable::Retired));
    }

    #[test]
    fn what_is_missing_is_said_before_anything_is_signed() {
        let today = sample::day("2026-01-10");
        let mut typed = Typed::default();
        let words = signing(subject(), ConsentKind::Treatment, &typed, &Drawing::default(), today).expect_err("no ink");
        assert!(words.contains("no signature"), "{words}");
        assert!(signing(photos(), ConsentKind::Photo, &typed, &drawn(), today).is_err());
        typed.scopes = ticked(&typed.scopes, PhotoScope::Website, true);
        typed.scopes = ticked(&typed.scopes, PhotoScope::Record, true);
        typed.until = "2026-01-09".into();
        assert!(signing(photos(), ConsentKind::Photo, &typed, &drawn(), today).is_err());
        typed.until = "2026-01-10".into();
        typed.signer = " Anna Chen ".into();
        let signed = signing(photos(), ConsentKind::Photo, &typed, &drawn(), today).expect("all is there");
        let terms = PhotoTerms { scopes: vec![PhotoScope::Record, PhotoScope::Website], until: Some(today) };
        assert_eq!((signed.photo, signed.signer.as_deref(), signed.plan), (Some(terms), Some("Anna Chen"), None));
        typed.scopes = ticked(&typed.scopes, PhotoScope::Website, false);
        assert_eq!(scopes(&typed.scopes), [PhotoScope::Record]);
    }

    /// What the page lets through, the chart takes.
    #[test]
    fn what_is_made_of_it_can_be_signed() {
        let (chart, catalogue) = (sample::chart(1), example::catalogue(1));
        let signed = signing(subject(), ConsentKind::Treatment, &Typed::default(), &drawn(), sample::day("2026-01-10")).expect("signed");
        let change = domain::command::Change::SignConsent(signed);
        assert!(chart.apply(&change, sample::by(sample::DESK, "2026-01-10T09:00:00Z"), &catalogue).is_ok());
    }
}
