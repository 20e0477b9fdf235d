//! Edits of the catalogue: each is checked against what stands there, saved, and becomes a new version of the clinic.

use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    store::{self, StoreError, Tx, catalogue, clinic, follow_up},
};
use app::api::{ApiError, CatalogueEdit, SignedIn};
use domain::{
    audit::Action,
    catalogue::{Catalogue, MAINTENANCE_PERCENT},
    consent::{ConsentForm, ConsentVersion},
    ids::ConsentFormId,
    spacing,
    time::Moment,
};

/// Why an edit was not saved.
#[derive(Debug)]
pub enum EditError {
    Api(ApiError),
    Store(StoreError),
}

impl From<StoreError> for EditError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

type Result<T> = std::result::Result<T, EditError>;

/// Saves an edit, when there is nothing against it.
pub async fn save(clinics: &Clinics, signed_in: &SignedIn, edit: CatalogueEdit) -> Result<()> {
    let (id, at) = (signed_in.clinic, clinics.host.now());
    let entry = audited(signed_in, &edit);
    let mut tx = store::begin(&clinics.pool, id).await?;
    let version = clinic::lock_version(&mut tx, id).await?;
    let current = clinics.catalogue(&mut tx, id, version.catalogue).await?;
    let moves_due_dates = matches!(edit, CatalogueEdit::Spacing { .. });
    write(&mut tx, &current, signed_in, at, edit).await?;
    if moves_due_dates {
        follow_up::replan_all(&mut tx, id).await?;
        follow_up::due::sooner(&mut tx, id, at).await?;
    }
    let change = clinic::Change { client: None, command: None, by: Some(signed_in.staff), at };
    clinic::raise_version(&mut tx, id, version.version + 1, change).await?;
    audit::add(&mut tx, clinics, id, entry).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(())
}

/// Which kind, and of what.
fn audited(signed_in: &SignedIn, edit: &CatalogueEdit) -> Entry {
    let entry = |action| Entry::by_staff(signed_in.staff, action);
    match edit {
        CatalogueEdit::Device(device) => entry(Action::EditDevice).id("device", device.id.0),
        CatalogueEdit::Template(template) => entry(Action::EditTemplate).id("template", template.id.0),
        CatalogueEdit::Package(package) => entry(Action::EditPackage).id("package", package.id.0),
        CatalogueEdit::Room(room) => entry(Action::EditRoom).id("room", room.id.0),
        CatalogueEdit::ConsentForm(form) => entry(Action::EditConsentForm).id("form", form.id.0),
        CatalogueEdit::PublishConsent { form, .. } => entry(Action::PublishConsentForm).id("form", form.0),
        CatalogueEdit::Hours { .. } => entry(Action::EditHours),
        CatalogueEdit::Spacing { now, .. } => entry(Action::EditSpacing).count("rules", now.len()),
        CatalogueEdit::ViewSet(set) => entry(Action::EditViews).id("view_set", set.id.0),
        CatalogueEdit::Maintenance { now, .. } => entry(Action::EditMaintenance).count("percent", usize::from(*now)),
    }
}

async fn write(tx: &mut Tx, current: &Catalogue, signed_in: &SignedIn, at: Moment, edit: CatalogueEdit) -> Result<()> {
    let id = signed_in.clinic;
    match edit {
        CatalogueEdit::Device(mut device) => {
            based_on(current.device(device.id).map_or(0, |saved| saved.version), device.version)?;
            check(device.faults(&current.templates))?;
            device.version += 1;
            catalogue::save_device(tx, id, &device).await?;
        }
        CatalogueEdit::Template(mut template) => {
            based_on(current.latest_template(template.id).map_or(0, |saved| saved.version), template.version)?;
            check(template.faults())?;
            template.version += 1;
            catalogue::add_template(tx, id, &template, Some(signed_in.staff), at).await?;
        }
        CatalogueEdit::Package(mut package) => {
            based_on(current.package(package.id).map_or(0, |saved| saved.version), package.version)?;
            check(package.faults())?;
            let unknown = package.consents.iter().any(|id| current.consent_form(*id).is_none())
                || package.view_sets.iter().any(|id| current.view_set(*id).is_none())
                || package.procedures.iter().filter_map(|procedure| procedure.template).any(|id| current.latest_template(id).is_none());
            check(if unknown {
                vec!["The package names something that is not in the clinic’s catalogue.".to_owned()]
            } else {
                Vec::new()
            })?;
            package.version += 1;
            catalogue::save_package(tx, id, &package).await?;
        }
        CatalogueEdit::Room(mut room) => {
            based_on(current.room(room.id).map_or(0, |saved| saved.version), room.version)?;
            check(room.faults())?;
            room.version += 1;
            catalogue::save_room(tx, id, &room).await?;
        }
        CatalogueEdit::ConsentForm(mut form) => {
            based_on(current.consent_form(form.id).map_or(0, |saved| saved.edits), form.edits)?;
            check(form.faults())?;
            form.edits += 1;
            catalogue::save_consent_form(tx, id, &form).await?;
        }
        CatalogueEdit::PublishConsent { form, edits, material } => publish(tx, current, signed_in, at, (form, edits, material)).await?,
        CatalogueEdit::Hours { was, now } => {
            based_on(&current.hours, &was)?;
            check(now.faults())?;
            let unknown = now.staff.iter().any(|own| current.staff_member(own.staff).is_none());
            check(if unknown {
                vec!["Somebody with hours of their own is not one of the clinic’s staff.".to_owned()]
            } else {
                Vec::new()
            })?;
            catalogue::save_hours(tx, id, &now).await?;
        }
        CatalogueEdit::Spacing { was, now } => {
            based_on(&current.spacing, &was)?;
            check(spacing::faults(&now))?;
            let unknown = now.iter().flat_map(|rule| [rule.earlier, rule.later]).any(|id| current.latest_template(id).is_none());
            check(if unknown { vec!["A rule names a treatment that is not in the clinic’s catalogue.".to_owned()] } else { Vec::new() })?;
            catalogue::save_spacing(tx, id, &now).await?;
        }
        CatalogueEdit::ViewSet(mut set) => {
            based_on(current.view_set(set.id).map_or(0, |saved| saved.version), set.version)?;
            check(set.faults())?;
            check(set.faults_beside(&current.view_sets))?;
            set.version += 1;
            catalogue::save_view_set(tx, id, &set).await?;
        }
        CatalogueEdit::Maintenance { was, now } => {
            based_on(current.maintenance_percent, was)?;
            let fits = MAINTENANCE_PERCENT.contains(&now);
            check(if fits { Vec::new() } else { vec!["Maintenance is 15 to 20 % below retail.".to_owned()] })?;
            catalogue::save_maintenance(tx, id, now).await?;
        }
    }
    Ok(())
}

async fn publish(
    tx: &mut Tx,
    current: &Catalogue,
    signed_in: &SignedIn,
    at: Moment,
    (form, edits, material): (ConsentFormId, u32, bool),
) -> Result<()> {
    if !current.directs(signed_in.staff) {
        return Err(EditError::Api(ApiError::NotAllowed));
    }
    let saved = current.consent_form(form).ok_or(EditError::Api(ApiError::Stale))?;
    based_on(saved.edits, edits)?;
    check(saved.lacks().into_iter().map(|element| format!("“{element}” is missing; without it the form cannot be published.")).collect())?;
    check(if saved.has_changes() { Vec::new() } else { vec!["This text is published already.".to_owned()] })?;
    let version = ConsentVersion {
        number: saved.current().map_or(0, |version| version.number) + 1,
        elements: saved.draft.clone(),
        material,
        published_at: at,
        published_by: signed_in.staff,
    };
    catalogue::publish_consent(tx, signed_in.clinic, form, &version).await?;
    // Whoever had the draft open is told that it is published meanwhile.
    let published = ConsentForm { edits: saved.edits + 1, ..saved.clone() };
    catalogue::save_consent_form(tx, signed_in.clinic, &published).await?;
    Ok(())
}

/// Two editors cannot overwrite each other.
pub(crate) fn based_on<T: PartialEq>(stands: T, seen: T) -> Result<()> {
    if stands == seen { Ok(()) } else { Err(EditError::Api(ApiError::Stale)) }
}

pub(crate) fn check(faults: Vec<String>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(EditError::Api(ApiError::Invalid(faults))) }
}
