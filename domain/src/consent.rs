//! What a client agrees to, in writing: once for a series; and apart from it, whether photographs may be used.

use crate::{
    catalogue::Catalogue,
    chart::{Author, Chart, checked},
    ids::{ConsentFormId, PlanId, StaffId},
    rejection::Rejection,
    session::Remark,
    time::{Day, Moment},
};
use serde::{Deserialize, Serialize};

/// A form of the clinic. Published versions never change; the draft is what becomes the next one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentForm {
    pub id: ConsentFormId,
    pub kind: ConsentKind,
    pub name: String,
    pub draft: Elements,
    /// Oldest first; all stay on file.
    pub versions: Vec<ConsentVersion>,
    /// No longer asked for.
    pub retired: bool,
    /// Raised at each edit, so that two editors cannot overwrite each other.
    pub edits: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ConsentKind {
    /// Signed once for a series.
    Treatment,
    /// Signed for scopes, until a day.
    Photo,
}

/// The six things a form has to say, in the order of [`ELEMENTS`].
pub type Elements = [String; 6];

pub const ELEMENTS: [&str; 6] =
    ["What is done", "Risks", "Alternatives", "What to expect", "Aftercare", "Your right to ask and to withdraw"];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentVersion {
    /// Counts from 1.
    pub number: u32,
    pub elements: Elements,
    /// It says something that earlier ones did not: who signed one of those is asked to sign again, never forced.
    pub material: bool,
    pub published_at: Moment,
    pub published_by: StaffId,
}

/// That somebody signed. The document itself is at the clinic's server, as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub form: ConsentFormId,
    pub version: u32,
    /// The series it is for; `None` for photographs.
    pub plan: Option<PlanId>,
    /// Who signed, if not the client: a parent, a guardian.
    pub signer: Option<String>,
    /// Who was there.
    pub by: StaffId,
    pub at: Moment,
    pub photo: Option<PhotoTerms>,
    pub withdrawn: Option<Remark>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoTerms {
    pub scopes: Vec<PhotoScope>,
    /// The last day on which it holds; `None` until it is withdrawn.
    pub until: Option<Day>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PhotoScope {
    Record,
    Teaching,
    Publication,
    Website,
    Social,
    Advertising,
}

/// What is signed: which version, by whom, and the ink.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signing {
    pub form: ConsentFormId,
    pub version: u32,
    pub plan: Option<PlanId>,
    pub signer: Option<String>,
    pub photo: Option<PhotoTerms>,
    pub ink: Ink,
}

/// Strokes of points, on a field of [`INK_WIDTH`] × [`INK_HEIGHT`].
pub type Ink = Vec<Vec<(u16, u16)>>;

pub const INK_WIDTH: u16 = 1000;
pub const INK_HEIGHT: u16 = 400;
/// More than anybody's name has.
pub const MOST_INK: usize = 6000;
const LONGEST_NAME: usize = 200;
const LONGEST_ELEMENT: usize = 20_000;

/// A form that a series asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub form: ConsentFormId,
    /// The version to sign.
    pub version: u32,
    pub why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing is signed: no session of the series can be.
    Missing,
    /// A newer version says something material. Asked for, never forced.
    Newer { signed: u32 },
}

impl PhotoScope {
    pub const ALL: [Self; 6] = [Self::Record, Self::Teaching, Self::Publication, Self::Website, Self::Social, Self::Advertising];

    pub fn label(self) -> &'static str {
        match self {
            Self::Record => "In my treatment record",
            Self::Teaching => "Teaching of staff",
            Self::Publication => "Medical publication",
            Self::Website => "The clinic’s website",
            Self::Social => "Social media",
            Self::Advertising => "Advertising",
        }
    }
}

impl ConsentKind {
    pub fn label(self) -> &'static str {
        match self {
            Self::Treatment => "Treatment",
            Self::Photo => "Photographs",
        }
    }
}

impl ConsentForm {
    /// The version that is signed now.
    pub fn current(&self) -> Option<&ConsentVersion> {
        self.versions.last()
    }

    pub fn version(&self, number: u32) -> Option<&ConsentVersion> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// What is wrong with it, in words for the person who edits it; empty when the draft can be saved.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let name = self.name.trim();
        if name.is_empty() || name.len() > LONGEST_NAME {
            faults.push("The form needs a name.".to_owned());
        }
        if self.draft.iter().any(|text| text.len() > LONGEST_ELEMENT) {
            faults.push("One of its texts is too long to be read by anybody.".to_owned());
        }
        faults
    }

    /// Which of the six elements the draft lacks; empty when it can be published.
    pub fn lacks(&self) -> Vec<&'static str> {
        ELEMENTS.into_iter().zip(&self.draft).filter(|(_, text)| text.trim().is_empty()).map(|(label, _)| label).collect()
    }

    /// The draft differs from what is signed now.
    pub fn has_changes(&self) -> bool {
        self.current().is_none_or(|current| current.elements != self.draft)
    }
}

impl Chart {
    /// The signatures that hold for a form and a series, the latest version last.
    fn signed_for(&self, form: ConsentFormId, plan: PlanId) -> Option<&Consent> {
        let live = self.consents.iter().filter(|consent| consent.form == form && consent.plan == Some(plan) && consent.withdrawn.is_none());
        live.max_by_key(|consent| consent.version)
    }

    /// What a series still asks to be signed.
    pub fn asked(&self, plan: PlanId, catalogue: &Catalogue) -> Vec<Asked> {
        let package = self.plan(plan).and_then(|plan| catalogue.package(plan.package));
        let forms = package.into_iter().flat_map(|package| &package.consents).filter_map(|form| catalogue.consent_form(*form));
        let asked = |form: &ConsentForm| {
            let current = form.current().filter(|_| !form.retired && form.kind == ConsentKind::Treatment)?;
            let why = match self.signed_for(form.id, plan) {
                None => Why::Missing,
                Some(signed) => {
                    let material = form.versions.iter().any(|version| version.number > signed.version && version.material);
                    material.then_some(Why::Newer { signed: signed.version })?
                }
            };
            Some(Asked { form: form.id, version: current.number, why })
        };
        forms.filter_map(asked).collect()
    }

    /// The form without whose signature no session of this series can be signed.
    pub fn lacks_consent(&self, plan: PlanId, catalogue: &Catalogue) -> Option<String> {
        let missing = self.asked(plan, catalogue).into_iter().find(|asked| asked.why == Why::Missing)?;
        catalogue.consent_form(missing.form).map(|form| form.name.clone())
    }

    /// The photo consent that holds on a day: the latest that is neither withdrawn nor run out.
    pub fn photo_consent(&self, today: Day) -> Option<&Consent> {
        let holds = |consent: &&Consent| {
            let terms = consent.photo.as_ref().filter(|_| consent.withdrawn.is_none());
            terms.is_some_and(|terms| terms.until.is_none_or(|until| today <= until))
        };
        self.consents.iter().filter(holds).max_by_key(|consent| consent.at)
    }

    /// Whether photographs may be used so, on that day.
    pub fn photos_may(&self, scope: PhotoScope, today: Day) -> bool {
        self.photo_consent(today).and_then(|consent| consent.photo.as_ref()).is_some_and(|terms| terms.scopes.contains(&scope))
    }

    pub(crate) fn sign_consent(&mut self, signing: &Signing, author: Author, catalogue: &Catalogue) -> Result<(), Rejection> {
        let form = catalogue.consent_form(signing.form).filter(|form| !form.retired).ok_or(Rejection::UnknownForm)?;
        form.version(signing.version).ok_or(Rejection::UnknownForm)?;
        let points: usize = signing.ink.iter().map(Vec::len).sum();
        let on_field = |point: &(u16, u16)| point.0 <= INK_WIDTH && point.1 <= INK_HEIGHT;
        if !(2..=MOST_INK).contains(&points) || !signing.ink.iter().flatten().all(on_field) {
            return Err(Rejection::NoInk);
        }
        let signer = signing.signer.as_deref().map(str::trim).filter(|name| !name.is_empty());
        if signer.is_some_and(|name| name.len() > LONGEST_NAME) {
            return Err(Rejection::TooMuch { what: "text in a name".to_owned() });
        }
        match (form.kind, signing.plan, &signing.photo) {
            (ConsentKind::Treatment, Some(plan), None) => {
                let plan = self.plan(plan).ok_or(Rejection::UnknownPlan)?;
                // Two devices, two taps: one signature.
                let same = |consent: &Consent| {
                    (consent.form, consent.version, consent.plan) == (form.id, signing.version, Some(plan.id))
                        && consent.withdrawn.is_none()
                };
                if self.consents.iter().any(same) {
                    return Ok(());
                }
            }
            (ConsentKind::Photo, None, Some(terms)) => {
                let today = catalogue.clock.day(author.at);
                if terms.scopes.is_empty() || terms.until.is_some_and(|until| until < today) {
                    return Err(Rejection::Unfit { field: "What photographs may be used for, or until when".to_owned() });
                }
                if self.consents.iter().any(|consent| consent.form == form.id && consent.at == author.at) {
                    return Ok(());
                }
            }
            _ => return Err(Rejection::UnknownForm),
        }
        // A form and a moment name a signature and its document, for ever.
        if self.consents.iter().any(|consent| consent.form == form.id && consent.at == author.at) {
            return Err(Rejection::Exists);
        }
        self.consents.push(Consent {
            form: form.id,
            version: signing.version,
            plan: signing.plan,
            signer: signer.map(str::to_owned),
            by: author.staff,
            at: author.at,
            photo: signing.photo.clone(),
            withdrawn: None,
        });
        Ok(())
    }

    /// `signed_at` says which signature of the form is meant.
    pub(crate) fn withdraw_consent(
        &mut self,
        form: ConsentFormId,
        signed_at: Moment,
        reason: &str,
        author: Author,
    ) -> Result<(), Rejection> {
        let text = checked(reason)?;
        let signed = self.consents.iter_mut().find(|consent| consent.form == form && consent.at == signed_at).ok_or(Rejection::NotThere)?;
        if signed.withdrawn.is_some() {
            return Err(Rejection::AlreadyDecided);
        }
        signed.withdrawn = Some(Remark { by: author.staff, at: author.at, text });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::{Role, Staff},
        client::{Client, Contact},
        command::Change,
        hours::OpeningHours,
        ids::{ClientId, ClinicId, PackageId},
        package::Package,
        plan::Plan,
        time::ClinicClock,
    };
    use uuid::Uuid;

    const STAFF: StaffId = StaffId(Uuid::from_u128(1));
    const FORM: ConsentFormId = ConsentFormId(Uuid::from_u128(2));
    const PHOTOS: ConsentFormId = ConsentFormId(Uuid::from_u128(3));

    fn plan(n: u128) -> PlanId {
        PlanId(Uuid::from_u128(10 + n))
    }

    fn day() -> Day {
        Day::new(2026, 1, 1).expect("a day")
    }

    fn form(id: ConsentFormId, kind: ConsentKind, versions: u32) -> ConsentForm {
        let elements = ELEMENTS.map(str::to_owned);
        let version = |number| ConsentVersion {
            number,
            elements: elements.clone(),
            material: number == 3,
            published_at: Moment::from_millis(0),
            published_by: STAFF,
        };
        let versions = (1..=versions).map(version).collect();
        ConsentForm { id, kind, name: "Laser".into(), draft: elements.clone(), versions, retired: false, edits: 1 }
    }

    fn catalogue(versions: u32) -> Catalogue {
        let package = Package {
            id: PackageId(Uuid::nil()),
            name: "LHR".into(),
            price_minor: 1,
            sessions: 1,
            interval_days: 1,
            procedures: vec![],
            consents: vec![FORM],
            view_sets: vec![],
            retired: false,
            version: 1,
        };
        Catalogue {
            clinic: ClinicId(Uuid::nil()),
            name: String::new(),
            currency: "USD".into(),
            clock: ClinicClock { zone: "UTC".into(), offsets: vec![] },
            hours: OpeningHours::default(),
            staff: vec![Staff { id: STAFF, name: "Kim Vale".into(), role: Role::FrontDesk, active: true }],
            devices: vec![],
            templates: vec![],
            packages: vec![package],
            rooms: vec![],
            consent_forms: vec![form(FORM, ConsentKind::Treatment, versions), form(PHOTOS, ConsentKind::Photo, 1)],
            spacing: vec![],
            view_sets: vec![],
            maintenance_percent: 15,
        }
    }

    /// A client with two series of the same package.
    fn chart() -> Chart {
        let client = Client {
            id: ClientId(Uuid::nil()),
            name: "Maya Chen".into(),
            birth_date: day(),
            skin_type: None,
            allergies: String::new(),
            contact: Contact::default(),
        };
        let sold = |n| Plan {
            id: plan(n),
            package: PackageId(Uuid::nil()),
            name: "LHR".into(),
            price_minor: 1,
            interval_days: 1,
            sold_on: day(),
            sold_by: None,
            paid_before_minor: 0,
            procedures: vec![],
            events: vec![],
        };
        Chart { plans: vec![sold(1), sold(2)], ..Chart::new(client) }
    }

    fn at(millis: i64) -> Author {
        Author { staff: STAFF, at: Moment::from_millis(1_790_000_000_000 + millis) }
    }

    fn signing(n: u128, version: u32) -> Signing {
        Signing { form: FORM, version, plan: Some(plan(n)), signer: None, photo: None, ink: vec![vec![(1, 1), (9, 9)]] }
    }

    fn photos(scopes: Vec<PhotoScope>, until: Option<Day>) -> Change {
        let photo = Some(PhotoTerms { scopes, until });
        Change::SignConsent(Signing { form: PHOTOS, version: 1, plan: None, signer: None, photo, ink: vec![vec![(1, 1), (9, 9)]] })
    }

    #[test]
    fn however_often_it_is_signed_one_signature_is_left() {
        let catalogue = catalogue(2);
        let mut chart = chart();
        for again in 0..5 {
            chart = chart.apply(&Change::SignConsent(signing(1, 2)), at(again), &catalogue).expect("no harm");
        }
        assert_eq!(chart.consents.len(), 1);
        assert!(chart.asked(plan(1), &catalogue).is_empty());
        assert_eq!(chart.lacks_consent(plan(2), &catalogue).as_deref(), Some("Laser"));
    }

    #[test]
    fn a_form_and_a_moment_name_one_signature() {
        let catalogue = catalogue(2);
        let chart = chart().apply(&Change::SignConsent(signing(1, 2)), at(0), &catalogue).expect("signed");
        let other_series = Change::SignConsent(signing(2, 2));
        assert_eq!(chart.apply(&other_series, at(0), &catalogue), Err(Rejection::Exists));
        assert!(chart.apply(&other_series, at(1), &catalogue).is_ok());
    }

    #[test]
    fn a_newer_version_is_asked_for_and_the_older_one_holds() {
        let chart = chart().apply(&Change::SignConsent(signing(1, 2)), at(0), &catalogue(2)).expect("signed");
        let asked = chart.asked(plan(1), &catalogue(3));
        assert_eq!(asked, [Asked { form: FORM, version: 3, why: Why::Newer { signed: 2 } }]);
        assert_eq!(chart.lacks_consent(plan(1), &catalogue(3)), None);
        let withdraw = Change::WithdrawConsent { form: FORM, signed_at: at(0).at, reason: "changed her mind".into() };
        let chart = chart.apply(&withdraw, at(5), &catalogue(3)).expect("withdrawn");
        assert!(chart.lacks_consent(plan(1), &catalogue(3)).is_some());
        assert_eq!(chart.consents.len(), 1);
    }

    #[test]
    fn photographs_may_be_used_for_what_was_ticked_and_until_the_day() {
        let catalogue = catalogue(1);
        let today = catalogue.clock.day(at(0).at);
        let nothing = chart().apply(&photos(vec![], None), at(0), &catalogue);
        assert!(matches!(nothing, Err(Rejection::Unfit { .. })));
        let over = chart().apply(&photos(vec![PhotoScope::Record], Some(today.plus(-1))), at(0), &catalogue);
        assert!(matches!(over, Err(Rejection::Unfit { .. })));
        let chart = chart().apply(&photos(vec![PhotoScope::Teaching], Some(today)), at(0), &catalogue).expect("signed");
        assert!(chart.photos_may(PhotoScope::Teaching, today));
        assert!(!chart.photos_may(PhotoScope::Website, today) && !chart.photos_may(PhotoScope::Teaching, today.plus(1)));
    }
}
