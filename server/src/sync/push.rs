//! Taking in commands: each in a transaction of its own, answered only once it is durable.

use crate::{
    clinic::Clinics,
    store::{
        self, Result, Tx, chart, clinic,
        receipt::{self, Origin},
    },
};
use app::api::{Numbered, SignedIn};
use domain::{
    chart::{Chart, SetAside},
    command::{Command, Refusal},
    ids::InstallationId,
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
    let next = version.version + 1;
    let rejection = match before.apply(&command.change, command.author(), &catalogue) {
        Ok(after) => save(&mut tx, &command, next, &before, &after).await?,
        Err(rejection) => Some(rejection),
    };
    let version = next.unsigned_abs();
    let outcome = match rejection {
        None => Outcome::Applied { version },
        Some(rejection) => {
            let after = before.with_set_aside(set_aside(&command, rejection.clone()));
            chart::save(&mut tx, command.clinic, next, &before, &after).await?;
            Outcome::SetAside { version, rejection }
        }
    };
    receipt::add(&mut tx, command.clinic, command.id, &numbered.text, &content_hash, origin, &outcome).await?;
    let change = clinic::Change { client: Some(command.client), command: Some(command.id), by: Some(command.by), at: origin.received_at };
    clinic::raise_version(&mut tx, command.clinic, next, change).await?;
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

/// Writes the changed chart. A constraint that stands in its way is a rejection, and leaves nothing behind.
async fn save(tx: &mut Tx, command: &Command, version: i64, before: &Chart, after: &Chart) -> Result<Option<Rejection>> {
    sqlx::query!("savepoint change").execute(&mut **tx).await?;
    match chart::save(tx, command.clinic, version, before, after).await {
        Ok(()) => Ok(None),
        Err(error) => {
            let rejection = error.rejection().ok_or(error)?;
            sqlx::query!("rollback to savepoint change").execute(&mut **tx).await?;
            Ok(Some(rejection))
        }
    }
}

fn set_aside(command: &Command, rejection: Rejection) -> SetAside {
    SetAside { command: command.id, change: command.change.clone(), by: command.by, at: command.at, rejection, decided: None }
}
