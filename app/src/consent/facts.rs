//! How the consents of a client stand: what is asked, and what was signed.

use crate::{sync::Replica, words};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    command::Change,
    consent::{Consent, ConsentKind, PhotoTerms, Why},
    ids::{ClientId, ConsentFormId, PlanId},
    plan::Plan,
    time::{Day, Moment},
};

/// A form that a series asks to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AskedLine {
    pub plan: PlanId,
    pub form: ConsentFormId,
    /// What the form is called.
    pub name: String,
    /// `Laser hair removal, sold 5 Nov 2026`.
    pub series: String,
    /// The version to sign.
    pub version: u32,
    /// The version that is signed and stays valid; `None` when nothing is.
    pub signed: Option<u32>,
}

/// What series that still go on ask for.
pub fn asked(chart: &Chart, catalogue: &Catalogue) -> Vec<AskedLine> {
    let going_on = chart.plans.iter().filter(|plan| chart.next_session(plan.id).is_some());
    let lines = going_on.flat_map(|plan| {
        chart.asked(plan.id, catalogue).into_iter().map(|asked| AskedLine {
            plan: plan.id,
            form: asked.form,
            name: form_name(catalogue, asked.form),
            series: series(plan),
            version: asked.version,
            signed: match asked.why {
                Why::Missing => None,
                Why::Newer { signed } => Some(signed),
            },
        })
    });
    let mut lines: Vec<_> = lines.collect();
    // What stands in the way comes first.
    lines.sort_by_key(|line| line.signed.is_some());
    lines
}

/// A signature on the client's page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SignatureLine {
    pub form: ConsentFormId,
    pub at: Moment,
    /// `Laser and light treatment, version 2`.
    pub title: String,
    /// The series; for photographs what they may be used for, and until when.
    pub terms: String,
    /// `22 Nov 2026, 09:41, in the presence of A. Osei`.
    pub signed: String,
    pub standing: Standing,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    Holds,
    /// Its day has passed.
    RunOut,
    /// Another one was signed since, and holds in its place.
    Replaced,
    /// By whom, when and why.
    Withdrawn(String),
}

/// All signatures, the latest first.
pub fn signatures(chart: &Chart, catalogue: &Catalogue, today: Day) -> Vec<SignatureLine> {
    let photo = chart.photo_consent(today).map(|consent| (consent.form, consent.at));
    let line = |consent: &Consent| SignatureLine {
        form: consent.form,
        at: consent.at,
        title: format!("{}, version {}", form_name(catalogue, consent.form), consent.version),
        terms: match (&consent.photo, consent.plan) {
            (Some(terms), _) => photo_terms(terms),
            (None, Some(plan)) => chart.plan(plan).map_or_else(|| "A series no longer here".to_owned(), series),
            (None, None) => String::new(),
        },
        signed: {
            let when = words::moment(&catalogue.clock, consent.at);
            let signer = consent.signer.as_ref().map_or_else(String::new, |signer| format!(" by {signer} for the client"));
            format!("Signed{signer} {when}, {}", words::witnessed(catalogue, consent.by))
        },
        standing: standing(consent, photo, catalogue, today),
    };
    let mut lines: Vec<_> = chart.consents.iter().map(line).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    lines
}

fn standing(consent: &Consent, photo: Option<(ConsentFormId, Moment)>, catalogue: &Catalogue, today: Day) -> Standing {
    if let Some(remark) = &consent.withdrawn {
        let when = words::moment(&catalogue.clock, remark.at);
        return Standing::Withdrawn(format!("{} ({}, {when})", remark.text, catalogue.staff_name(remark.by)));
    }
    match &consent.photo {
        Some(terms) if terms.until.is_some_and(|until| until < today) => Standing::RunOut,
        Some(_) if photo != Some((consent.form, consent.at)) => Standing::Replaced,
        _ => Standing::Holds,
    }
}

/// A form for photographs that can be signed at any time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhotoForm {
    pub id: ConsentFormId,
    pub name: String,
}

pub fn photo_forms(catalogue: &Catalogue) -> Vec<PhotoForm> {
    let forms = catalogue.consent_forms.iter().filter(|form| form.kind == ConsentKind::Photo && !form.retired && form.current().is_some());
    forms.map(|form| PhotoForm { id: form.id, name: form.name.clone() }).collect()
}

/// `Laser hair removal, sold 5 Nov 2026`: one client may buy the same package again.
pub fn series(plan: &Plan) -> String {
    format!("{}, sold {}", plan.name, plan.sold_on.long())
}

fn form_name(catalogue: &Catalogue, form: ConsentFormId) -> String {
    catalogue.consent_form(form).map_or_else(|| "A form no longer listed".to_owned(), |form| form.name.clone())
}

/// `Teaching of staff; The clinic’s website, until 3 Mar 2027`.
fn photo_terms(terms: &PhotoTerms) -> String {
    let scopes: Vec<_> = terms.scopes.iter().map(|scope| scope.label()).collect();
    let until = terms.until.map_or_else(|| "until withdrawn".to_owned(), |day| format!("until {}", day.long()));
    format!("{}; {until}", scopes.join(", "))
}

/// This signature is not at the clinic yet, and so its document is not drawn.
pub fn waits(replica: &Replica, client: ClientId, form: ConsentFormId, at: Moment) -> bool {
    replica.unsent().filter_map(|pending| pending.command.as_ref()).any(|command| {
        let same = command.client == client && command.at == at;
        same && matches!(&command.change, Change::SignConsent(signing) if signing.form == form)
    })
}

/// A clinic with two forms, for the tests of this folder.
#[cfg(test)]
pub mod example {
    use crate::signed_record::sample;
    use domain::{
        catalogue::Catalogue,
        chart::Chart,
        command::Change,
        consent::{ConsentForm, ConsentKind, ConsentVersion, ELEMENTS, PhotoTerms, Signing},
        ids::{ConsentFormId, PackageId},
        package::Package,
        time::Moment,
    };
    use uuid::Uuid;

    pub const FORM: ConsentFormId = ConsentFormId(Uuid::from_u128(80));
    pub const PHOTOS: ConsentFormId = ConsentFormId(Uuid::from_u128(81));

    fn form(id: ConsentFormId, kind: ConsentKind, name: &str, versions: u32) -> ConsentForm {
        let elements = ELEMENTS.map(|label| format!("{label}."));
        let version = |number| ConsentVersion {
            number,
            elements: elements.clone(),
            material: number > 1,
            published_at: Moment::from_millis(0),
            published_by: sample::PROVIDER,
        };
        let versions = (1..=versions).map(version).collect();
        ConsentForm { id, kind, name: name.into(), draft: elements.clone(), versions, retired: false, edits: 1 }
    }

    /// With so many versions of the form for treatment.
    pub fn catalogue(versions: u32) -> Catalogue {
        let mut catalogue = sample::catalogue();
        catalogue.consent_forms = vec![
            form(FORM, ConsentKind::Treatment, "Laser and light treatment", versions),
            form(PHOTOS, ConsentKind::Photo, "Photographs", 1),
        ];
        catalogue.packages = vec![Package {
            id: PackageId(Uuid::from_u128(11)),
            name: "Laser hair removal".into(),
            price_minor: 180_000,
            sessions: 6,
            interval_days: 42,
            procedures: vec![],
            consents: vec![FORM],
            view_sets: vec![],
            retired: false,
            version: 1,
        }];
        catalogue
    }

    fn apply(chart: &Chart, catalogue: &Catalogue, signing: Signing, at: &str) -> Chart {
        chart.apply(&Change::SignConsent(signing), sample::by(sample::PROVIDER, at), catalogue).expect("it can be signed")
    }

    fn ink() -> domain::consent::Ink {
        vec![vec![(10, 10), (90, 40)]]
    }

    pub fn signed(chart: &Chart, catalogue: &Catalogue, version: u32) -> Chart {
        let signing = Signing { form: FORM, version, plan: Some(sample::PLAN), signer: None, photo: None, ink: ink() };
        apply(chart, catalogue, signing, "2026-01-10T09:00:00Z")
    }

    pub fn photographed(chart: &Chart, catalogue: &Catalogue, terms: PhotoTerms, at: &str) -> Chart {
        let signing = Signing { form: PHOTOS, version: 1, plan: None, signer: Some("Anna Chen".into()), photo: Some(terms), ink: ink() };
        apply(chart, catalogue, signing, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::consent::PhotoScope;

    #[test]
    fn what_is_asked_says_what_stays_valid() {
        let chart = sample::chart(2);
        let first = asked(&chart, &example::catalogue(1)).remove(0);
        assert_eq!((first.version, first.signed, first.series.as_str()), (1, None, "Laser hair removal, sold 1 Jan 2026"));
        let chart = example::signed(&chart, &example::catalogue(1), 1);
        assert!(asked(&chart, &example::catalogue(1)).is_empty());
        let newer = asked(&chart, &example::catalogue(2)).remove(0);
        assert_eq!((newer.version, newer.signed), (2, Some(1)));
        // A series that is over asks for nothing.
        assert!(asked(&sample::chart(0), &example::catalogue(1)).is_empty());
    }

    #[test]
    fn signatures_say_how_they_stand() {
        let catalogue = example::catalogue(1);
        let terms = |scopes, until: Option<&str>| PhotoTerms { scopes, until: until.map(sample::day) };
        let chart = example::signed(&sample::chart(2), &catalogue, 1);
        let short = terms(vec![PhotoScope::Teaching], Some("2026-03-01"));
        let chart = example::photographed(&chart, &catalogue, short, "2026-01-11T09:00:00Z");
        let chart = example::photographed(&chart, &catalogue, terms(vec![PhotoScope::Record], None), "2026-01-12T09:00:00Z");
        let chart = example::photographed(&chart, &catalogue, terms(vec![PhotoScope::Website], None), "2026-01-13T09:00:00Z");
        let withdraw = Change::WithdrawConsent {
            form: example::PHOTOS,
            signed_at: sample::moment("2026-01-13T09:00:00Z"),
            reason: "Changed her mind".into(),
        };
        let chart = chart.apply(&withdraw, sample::by(sample::PROVIDER, "2026-01-14T09:00:00Z"), &catalogue).expect("withdrawn");
        let lines = signatures(&chart, &catalogue, sample::day("2026-01-20"));
        assert_eq!(
            lines.iter().map(|line| line.standing.clone()).collect::<Vec<_>>(),
            [
                Standing::Withdrawn("Changed her mind (A. Osei, 14 Jan 2026, 09:00)".into()),
                Standing::Holds,
                Standing::Replaced,
                Standing::Holds
            ]
        );
        assert_eq!(lines[2].terms, "Teaching of staff; until 1 Mar 2026");
        assert_eq!(lines[1].signed, "Signed by Anna Chen for the client 12 Jan 2026, 09:00, in the presence of A. Osei");
        assert_eq!(lines[3].title, "Laser and light treatment, version 1");
        let later = signatures(&chart, &catalogue, sample::day("2026-03-02"));
        assert_eq!(later[2].standing, Standing::RunOut);
        assert_eq!(photo_forms(&catalogue).len(), 1);
    }
}
