//! Consent forms: drafts that change, and published versions that never do.

use super::number;
use crate::store::{Result, StoreError, Tx};
use domain::{
    consent::{ConsentForm, ConsentKind, ConsentVersion, Elements},
    ids::{ClinicId, ConsentFormId, StaffId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};

const KINDS: [(&str, ConsentKind); 2] = [("Treatment", ConsentKind::Treatment), ("Photo", ConsentKind::Photo)];

pub(super) async fn read(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<ConsentForm>> {
    let rows =
        sqlx::query!("select id, kind, name, draft, retired, edits from consent_form where clinic_id = $1 order by name, id", clinic.0)
            .fetch_all(&mut **tx)
            .await?;
    let mut forms = Vec::new();
    for row in rows {
        let kind = KINDS.iter().find(|(name, _)| *name == row.kind).map(|(_, kind)| *kind);
        forms.push(ConsentForm {
            id: ConsentFormId(row.id),
            kind: kind.ok_or_else(|| StoreError::Unreadable(format!("a form of kind {}", row.kind)))?,
            name: row.name,
            draft: elements(row.draft)?,
            versions: Vec::new(),
            retired: row.retired,
            edits: row.edits.unsigned_abs(),
        });
    }
    let versions = sqlx::query!(
        r#"select form_id, number, elements, material, published_at as "published_at: Timestamp", published_by
           from consent_version where clinic_id = $1 order by form_id, number"#,
        clinic.0
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in versions {
        let version = ConsentVersion {
            number: row.number.unsigned_abs(),
            elements: elements(row.elements)?,
            material: row.material,
            published_at: Moment::new(row.published_at.to_jiff()),
            published_by: StaffId(row.published_by),
        };
        if let Some(form) = forms.iter_mut().find(|form| form.id.0 == row.form_id) {
            form.versions.push(version);
        }
    }
    Ok(forms)
}

fn elements(texts: Vec<String>) -> Result<Elements> {
    texts.try_into().map_err(|_| StoreError::Unreadable("a form without six elements".to_owned()))
}

/// Adds a form or replaces its draft. What is published stays as it is.
pub async fn save_consent_form(tx: &mut Tx, clinic: ClinicId, form: &ConsentForm) -> Result<()> {
    let kind = KINDS.iter().find(|(_, kind)| *kind == form.kind).map_or("Treatment", |(name, _)| name);
    sqlx::query!(
        "insert into consent_form (clinic_id, id, kind, name, draft, retired, edits) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (clinic_id, id) do update
         set name = excluded.name, draft = excluded.draft, retired = excluded.retired, edits = excluded.edits",
        clinic.0,
        form.id.0,
        kind,
        form.name,
        &form.draft[..],
        form.retired,
        number(form.edits),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Publishes one version, for ever.
pub async fn publish_consent(tx: &mut Tx, clinic: ClinicId, form: ConsentFormId, version: &ConsentVersion) -> Result<()> {
    sqlx::query!(
        "insert into consent_version (clinic_id, form_id, number, elements, material, published_at, published_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
        clinic.0,
        form.0,
        number(version.number),
        &version.elements[..],
        version.material,
        version.published_at.timestamp().to_sqlx() as _,
        version.published_by.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
