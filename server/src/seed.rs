//! Fills a database with the demo clinic, through the same tables everything else uses.

use crate::{
    consents,
    demo::{self, Size},
    host::Host,
    password,
    store::{self, catalogue, chart, clinic, sign_in},
};
use domain::{
    chart::Chart,
    ids::{ClinicId, EpochId},
};
use sqlx::PgPool;

/// Charts written in one transaction.
const BATCH: usize = 250;

/// Adds the demo clinic; tells how far it is after every batch.
pub async fn seed(pool: &PgPool, host: &dyn Host, size: Size, progress: &(dyn Fn(usize, usize) + Sync)) -> store::Result<()> {
    let demo = demo::clinic(size, host.now());
    let id = demo.catalogue.clinic;
    let mut tx = store::begin(pool, id).await?;
    clinic::add(&mut tx, id, &demo.catalogue.name, &demo.catalogue.clock.zone, &demo.catalogue.currency, EpochId(host.uuid()), host.now())
        .await?;
    for staff in &demo.catalogue.staff {
        catalogue::add_staff(&mut tx, id, staff).await?;
    }
    for template in &demo.catalogue.templates {
        catalogue::add_template(&mut tx, id, template, None, host.now()).await?;
    }
    for device in &demo.catalogue.devices {
        catalogue::save_device(&mut tx, id, device).await?;
    }
    catalogue::save_hours(&mut tx, id, &demo.catalogue.hours).await?;
    for room in &demo.catalogue.rooms {
        catalogue::save_room(&mut tx, id, room).await?;
    }
    for form in &demo.catalogue.consent_forms {
        catalogue::save_consent_form(&mut tx, id, form).await?;
        for version in &form.versions {
            catalogue::publish_consent(&mut tx, id, form.id, version).await?;
        }
    }
    catalogue::save_spacing(&mut tx, id, &demo.catalogue.spacing).await?;
    catalogue::save_maintenance(&mut tx, id, demo.catalogue.maintenance_percent).await?;
    for set in &demo.catalogue.view_sets {
        catalogue::save_view_set(&mut tx, id, set).await?;
    }
    for package in &demo.catalogue.packages {
        catalogue::save_package(&mut tx, id, package).await?;
    }
    // Hashing is slow on purpose, and all demo accounts share one password.
    let password_hash = password::hash(demo::PASSWORD, host);
    for account in &demo.accounts {
        let row = sign_in::Account { clinic: id, staff: account.staff, password_hash: password_hash.clone() };
        sign_in::add_account(&mut tx, &row, &account.email).await?;
    }
    let change = clinic::Change { client: None, command: None, by: None, at: host.now() };
    clinic::raise_version(&mut tx, id, 1, change).await?;
    tx.commit().await?;

    let total = usize::try_from(size.clients).unwrap_or(usize::MAX);
    let mut done = 0;
    let mut charts = demo.charts();
    loop {
        let batch: Vec<_> = charts.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return file_documents(pool, &demo).await;
        }
        done += batch.len();
        write(pool, host, id, batch).await?;
        progress(done, total);
    }
}

/// The two clients who are told have their signed documents on file, to be looked at. Others signed on paper, before.
async fn file_documents(pool: &PgPool, demo: &demo::DemoClinic) -> store::Result<()> {
    const TOLD: usize = 2;
    let mut tx = store::begin(pool, demo.catalogue.clinic).await?;
    for chart in (0..TOLD).filter_map(|client| demo.chart(client)) {
        for signed in &chart.consents {
            let body = consents::draw(&demo.catalogue, &chart, signed, &demo::ink(&chart.client.name))?;
            store::consent::add(&mut tx, demo.catalogue.clinic, chart.client.id, signed, &body).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Each chart gets a version of its own, so that a page never has to be cut within one.
async fn write(pool: &PgPool, host: &dyn Host, id: ClinicId, charts: Vec<Chart>) -> store::Result<()> {
    let mut tx = store::begin(pool, id).await?;
    let first = clinic::lock_version(&mut tx, id).await?.version + 1;
    let charts: Vec<_> = (first..).zip(charts).collect();
    chart::add(&mut tx, id, &charts).await?;
    let changes: Vec<_> = charts.iter().map(|(version, chart)| (*version, chart.client.id)).collect();
    clinic::raise_versions(&mut tx, id, &changes, host.now()).await?;
    tx.commit().await?;
    Ok(())
}
