//! Taking in commands: each in a transaction of its own, answered only once it is durable.

use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    consents,
    follow_up::elsewhere::plan_saved,
    store::{
        self, Result, StoreError, Tx, chart, clinic,
        follow_up::{due, lock_clients, say_now},
        receipt::{self, Origin},
    },
};
use app::api::{Numbered, SignedIn};
use domain::{
    audit::{Action, Who},
    catalogue::Catalogue,
    chart::{Chart, SetAside},
    command::{COMMAND_VERSION, Change, Command, Refusal},
    ids::{ClientId, ClinicId, CommandId, InstallationId, StaffId},
    plan::PlanAction,
    rejection::Rejection,
    sync::Outcome,
    time::Moment,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Takes in one command and says what became of it. An error means that nothing did: the device tries again. What never can be kept is
/// refused instead, or nothing after it would ever arrive.
pub async fn receive(clinics: &Clinics, signed_in: &SignedIn, installation: InstallationId, numbered: &Numbered) -> Result<Outcome> {
    match take(clinics, signed_in, installation, numbered).await {
        Err(error) if error.is_unstorable() => Ok(Outcome::Refused(Refusal::Malformed)),
        taken => taken,
    }
}

async fn take(clinics: &Clinics, signed_in: &SignedIn, installation: InstallationId, numbered: &Numbered) -> Result<Outcome> {
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
    let Some((before, applied)) = attempt(&mut tx, clinics, &command, version, origin).await? else {
        return Ok(Outcome::Refused(Refusal::UnknownClient));
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
    // The last lock of all, after the version's: see [`audit`].
    audit::add_all(&mut tx, clinics, command.clinic, audited(&command, &content_hash, &outcome)).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// What a client changes on her own pages. It is a command like any other, in her own name; what cannot be is told to her at once,
/// and leaves nothing behind.
pub async fn receive_from_client(
    clinics: &Clinics,
    clinic: ClinicId,
    client: ClientId,
    change: Change,
) -> Result<std::result::Result<u64, Rejection>> {
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let (version, entries) = match apply_from_client(&mut tx, clinics, clinic, client, change).await? {
        Ok(applied) => applied,
        Err(rejection) => return Ok(Err(rejection)),
    };
    audit::add_all(&mut tx, clinics, clinic, entries).await?;
    tx.commit().await?;
    Ok(Ok(version))
}

/// The same within a transaction that does more; a rejection leaves nothing behind in it. The audit's rows are for whoever commits to
/// add, as the last thing.
pub(crate) async fn apply_from_client(
    tx: &mut Tx,
    clinics: &Clinics,
    clinic: ClinicId,
    client: ClientId,
    change: Change,
) -> Result<std::result::Result<(u64, Vec<Entry>), Rejection>> {
    let at = clinics.host.now();
    let id = CommandId(clinics.host.uuid());
    let command = Command { v: COMMAND_VERSION, id, clinic, installation: OWN_PAGES, client, by: StaffId::CLIENT, at, change };
    let origin = Origin { installation: OWN_PAGES, number: 0, signed_in: StaffId::CLIENT, received_at: at };
    let text = serde_json::to_string(&command).map_err(|_| StoreError::Unreadable("a command that cannot be written".to_owned()))?;
    let version = clinic::lock_version(tx, clinic).await?;
    let applied = attempt(tx, clinics, &command, version, origin).await?;
    let version = match applied.map(|(_, applied)| applied) {
        Some(Ok(version)) => version.unsigned_abs(),
        Some(Err(rejection)) => return Ok(Err(rejection)),
        None => return Ok(Err(Rejection::NotThere)),
    };
    let (content_hash, outcome) = (Sha256::digest(text.as_bytes()), Outcome::Applied { version });
    receipt::add(tx, clinic, id, &text, &content_hash, origin, &outcome).await?;
    Ok(Ok((version, audited(&command, &content_hash, &outcome))))
}

/// The device that a client's own pages are, in receipts: whichever it is, it keeps nothing.
const OWN_PAGES: InstallationId = InstallationId(Uuid::max());

/// Applies a command to its chart as it stands, and writes what comes of it. `None`: there is no such chart.
async fn attempt(
    tx: &mut Tx,
    clinics: &Clinics,
    command: &Command,
    version: clinic::Version,
    origin: Origin,
) -> Result<Option<(Chart, std::result::Result<i64, Rejection>)>> {
    lock_clients(tx, command.clinic, &[command.client]).await?;
    let Some(before) = chart::load(tx, command.clinic, command.client).await? else { return Ok(None) };
    let catalogue = clinics.catalogue(tx, command.clinic, version.catalogue).await?;
    say_now(tx, clinics.host.now()).await?;
    let applied = match before.apply(&command.change, command.author(), &catalogue) {
        Ok(after) => save(tx, clinics, command, &catalogue, version.version, [&before, &after], origin).await?,
        Err(rejection) => Err(rejection),
    };
    Ok(Some((before, applied)))
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
    clinics: &Clinics,
    command: &Command,
    catalogue: &Catalogue,
    version: i64,
    charts: [&Chart; 2],
    origin: Origin,
) -> Result<std::result::Result<i64, Rejection>> {
    sqlx::query!("savepoint change").execute(&mut **tx).await?;
    let saved = write(tx, clinics, command, catalogue, version, charts, origin).await;
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
    clinics: &Clinics,
    command: &Command,
    catalogue: &Catalogue,
    mut version: i64,
    [before, after]: [&Chart; 2],
    origin: Origin,
) -> Result<std::result::Result<i64, Rejection>> {
    // What is sent to clients follows from the chart, in the same transaction.
    let mut due_first: Option<Moment> = None;
    match &command.change {
        Change::ChangePlan { plan, action: action @ PlanAction::Transfer { to, .. }, reason, .. } => {
            // Both charts change, or neither. Each has a version of its own.
            lock_clients(tx, command.clinic, &[*to]).await?;
            let Some(other) = chart::load(tx, command.clinic, *to).await? else { return Ok(Err(Rejection::NotThere)) };
            let received = match other.receive(before, *plan, action, reason, command.author(), catalogue) {
                Ok(received) => received,
                Err(rejection) => return Ok(Err(rejection)),
            };
            version += 1;
            chart::save(tx, command.clinic, version, &other, &received).await?;
            due_first = plan_saved(tx, clinics, command.clinic, version, &received, catalogue).await?;
            raise(tx, command, *to, version, origin).await?;
        }
        Change::SignConsent(signing) => consents::keep(tx, command.clinic, catalogue, before, after, signing).await?,
        _ => {}
    }
    version += 1;
    chart::save(tx, command.clinic, version, before, after).await?;
    let planned = plan_saved(tx, clinics, command.clinic, version, after, catalogue).await?;
    raise(tx, command, command.client, version, origin).await?;
    if let Some(first) = due_first.into_iter().chain(planned).min() {
        due::sooner(tx, command.clinic, first).await?;
    }
    Ok(Ok(version))
}

async fn raise(tx: &mut Tx, command: &Command, client: ClientId, version: i64, origin: Origin) -> Result<()> {
    let change = clinic::Change { client: Some(client), command: Some(command.id), by: Some(command.by), at: origin.received_at };
    clinic::raise_version(tx, command.clinic, version, change).await
}

/// A row for each chart it changes.
fn audited(command: &Command, content_hash: &[u8], outcome: &Outcome) -> Vec<Entry> {
    let became = if matches!(outcome, Outcome::Applied { .. }) { "applied" } else { "set-aside" };
    let who = if command.by == StaffId::CLIENT { Who::Client(command.client) } else { Who::Staff(command.by) };
    let entry = |action, client| {
        let entry = Entry::by(who, action).about(client).at(command.at);
        entry.id("command", command.id.0).hash("content", content_hash).word("outcome", became)
    };
    let mut entries = vec![entry(Action::of(&command.change), command.client)];
    if let (Change::ChangePlan { action: PlanAction::Transfer { to, .. }, .. }, Outcome::Applied { .. }) = (&command.change, outcome) {
        entries.push(entry(Action::ReceiveSeries, *to));
    }
    entries
}

fn set_aside(command: &Command, rejection: Rejection) -> SetAside {
    SetAside { command: command.id, change: command.change.clone(), by: command.by, at: command.at, rejection, decided: None }
}
