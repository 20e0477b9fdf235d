//! Taking in commands: each in a transaction of its own, answered only once it is durable.

use crate::{
    clinic::Clinics,
    consents,
    store::{
        self, Result, Tx, chart, clinic,
        receipt::{self, Origin},
    },
};
use app::api::{Numbered, SignedIn};
use domain::{
    catalogue::Catalogue,
    chart::{Chart, SetAside},
    command::{Change, Command, Refusal},
    ids::{ClientId, InstallationId},
    plan::PlanAction,
    rejection::Rejection,
    sync::Outcome,
};
use sha2::{Digest, Sha256};

/// Takes in one command and says what became of it. An error means that nothing did: the device tries again.
pub async fn receive(clinics: &Clinics, signed_in: &SignedIn, installation: InstallationId, numbered: &Numbered) -> Result<Outcome> {
    let command = match readable(&numbered.text, signed_in) {
        Ok(command) => command,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let origin = Origin { installation, number: numbered.number, signed_in: signed_in.staff, received_at: clinics.host.now() };
    let content_hash = Sha256::digest(numbered.text.as_bytes());

    let mut tx = store::begin(&clinics.pool, command.clinic).await?;
    let version = clinic::lock_version(&mut tx, command.clinic).await?;
    if let Some(receipt) = receipt::lookup(&mut tx, command.clinic, command.id).await? {
        let same = receipt.content_hash == content_hash.as_slice();
        return Ok(if same { receipt.outcome } else { Outcome::Refused(Refusal::IdReused) });
    }
    let Some(before) = chart::load(&mut tx, command.clinic, command.client).await? else {
        return Ok(Outcome::Refused(Refusal::UnknownClient));
    };
    let catalogue = clinics.catalogue(&mut tx, command.clinic, version.catalogue).await?;
    let applied = match before.apply(&command.change, command.author(), &catalogue) {
        Ok(after) => save(&mut tx, &command, &catalogue, version.version, [&before, &after], origin).await?,
        Err(rejection) => Err(rejection),
    };
    let outcome = match applied {
        Ok(version) => Outcome::Applied { version: version.unsigned_abs() },
        Err(rejection) => {
            let next = version.version + 1;
            let after = before.with_set_aside(set_aside(&command, rejection.clone()));
            chart::save(&mut tx, command.clinic, next, &before, &after).await?;
            raise(&mut tx, &command, command.client, next, origin).await?;
            Outcome::SetAside { version: next.unsigned_abs(), rejection }
        }
    };
    receipt::add(&mut tx, command.clinic, command.id, &numbered.text, &content_hash, origin, &outcome).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Reads a command, and refuses what must not reach a chart.
fn readable(text: &str, signed_in: &SignedIn) -> std::result::Result<Command, Refusal> {
    let command = Command::parse(text)?;
    if command.clinic != signed_in.clinic {
        return Err(Refusal::ForeignClinic);
    }
    if command.by != signed_in.staff {
        return Err(Refusal::WrongAuthor);
    }
    // Postgres keeps every character but this one. Two backslashes are a backslash somebody typed.
    if text.replace(r"\\", "").contains(r"\u0000") {
        return Err(Refusal::Malformed);
    }
    Ok(command)
}

/// Writes what a change made of the chart, and says at which version it stands there. A constraint that stands in its way is
/// a rejection, and leaves nothing behind.
async fn save(
    tx: &mut Tx,
    command: &Command,
    catalogue: &Catalogue,
    version: i64,
    charts: [&Chart; 2],
    origin: Origin,
) -> Result<std::result::Result<i64, Rejection>> {
    sqlx::query!("savepoint change").execute(&mut **tx).await?;
    let saved = write(tx, command, catalogue, version, charts, origin).await;
    let rejection = match saved {
        Ok(Ok(version)) => return Ok(Ok(version)),
        Ok(Err(rejection)) => rejection,
        Err(error) => error.rejection().ok_or(error)?,
    };
    sqlx::query!("rollback to savepoint change").execute(&mut **tx).await?;
    Ok(Err(rejection))
}

async fn write(
    tx: &mut Tx,
    command: &Command,
    catalogue: &Catalogue,
    mut version: i64,
    [before, after]: [&Chart; 2],
    origin: Origin,
) -> Result<std::result::Result<i64, Rejection>> {
    match &command.change {
        Change::ChangePlan { plan, action: action @ PlanAction::Transfer { to, .. }, reason, .. } => {
            // Both charts change, or neither. Each has a version of its own.
            let Some(other) = chart::load(tx, command.clinic, *to).await? else { return Ok(Err(Rejection::NotThere)) };
            let received = match other.receive(before, *plan, action, reason, command.author(), catalogue) {
                Ok(received) => received,
                Err(rejection) => return Ok(Err(rejection)),
            };
            version += 1;
            chart::save(tx, command.clinic, version, &other, &received).await?;
            raise(tx, command, *to, version, origin).await?;
        }
        Change::SignConsent(signing) => consents::keep(tx, command.clinic, catalogue, before, after, signing).await?,
        _ => {}
    }
    version += 1;
    chart::save(tx, command.clinic, version, before, after).await?;
    raise(tx, command, command.client, version, origin).await?;
    Ok(Ok(version))
}

async fn raise(tx: &mut Tx, command: &Command, client: ClientId, version: i64, origin: Origin) -> Result<()> {
    let change = clinic::Change { client: Some(client), command: Some(command.id), by: Some(command.by), at: origin.received_at };
    clinic::raise_version(tx, command.clinic, version, change).await
}

fn set_aside(command: &Command, rejection: Rejection) -> SetAside {
    SetAside { command: command.id, change: command.change.clone(), by: command.by, at: command.at, rejection, decided: None }
}
