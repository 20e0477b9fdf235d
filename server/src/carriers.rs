//! By what a clinic's messages travel: its owner sets it, tries it out and takes it away. A password or token is taken in, sealed, and
//! never told again.

use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    follow_up::transport::{Answer, LONGEST_CALL, Outgoing, Transport},
    store::{
        self, Result,
        follow_up::carrier::{self, Kept, Settings},
    },
    ways_in::SecretKey,
};
use app::api::{SignedIn, messages::Channel};
use domain::{audit::Action, ids::ClinicId};

/// Longer is no password.
const LONGEST_SECRET: usize = 500;

/// At most one for each channel.
pub async fn list(clinics: &Clinics, clinic: ClinicId) -> Result<Vec<Kept>> {
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    carrier::of_clinic(&mut tx, clinic).await
}

/// Sets what carries a channel's messages. With an empty `secret` the one that is kept stays, as long as it goes to the same place; the
/// faults are words for whoever typed.
pub async fn set(
    clinics: &Clinics,
    key: &SecretKey,
    who: &SignedIn,
    settings: Settings,
    secret: &str,
) -> Result<std::result::Result<(), Vec<String>>> {
    let mut faults = match &settings {
        Settings::Email(carrier) => carrier.faults(),
        Settings::Sms(carrier) => carrier.faults(),
    };
    if secret.len() > LONGEST_SECRET || secret.chars().any(char::is_control) {
        faults.push("This is no password or token.".to_owned());
    }
    let (clinic, channel, host) = (who.clinic, settings.channel(), clinics.host.as_ref());
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let kept = carrier::read(&mut tx, clinic, channel).await?;
    let secret = match (secret, kept) {
        ("", _) if !wants_secret(&settings) => None,
        // A password is told to nobody else than it was typed for.
        ("", Some(kept)) if kept.secret.is_some() && same_place(&kept.settings, &settings) => kept.secret,
        ("", _) => {
            faults.push("Type the password or token: it is kept for the server and account it was typed for.".to_owned());
            None
        }
        (secret, _) => Some(carrier::seal(key, clinic, channel, secret, host)),
    };
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    carrier::put(&mut tx, clinic, &Kept { settings, secret, set_by: who.staff, set_at: host.now() }).await?;
    audit::add(&mut tx, clinics, clinic, Entry::by_staff(who.staff, Action::EditCarrier).word("channel", word(channel))).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

fn wants_secret(settings: &Settings) -> bool {
    match settings {
        Settings::Email(carrier) => !carrier.user.is_empty(),
        Settings::Sms(_) => true,
    }
}

fn same_place(one: &Settings, other: &Settings) -> bool {
    match (one, other) {
        (Settings::Email(one), Settings::Email(other)) => {
            (&one.host, one.port, one.security, &one.user) == (&other.host, other.port, other.security, &other.user)
        }
        (Settings::Sms(one), Settings::Sms(other)) => (&one.account, &one.base) == (&other.account, &other.base),
        _ => false,
    }
}

fn word(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "email",
        Channel::Sms => "sms",
    }
}

/// From then on that channel's messages stay in the clinic's own list.
pub async fn remove(clinics: &Clinics, who: &SignedIn, channel: Channel) -> Result<()> {
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    if carrier::remove(&mut tx, who.clinic, channel).await? {
        audit::add(&mut tx, clinics, who.clinic, Entry::by_staff(who.staff, Action::RemoveCarrier).word("channel", word(channel))).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Sends a message to whoever tries it out, and says what the carrier said.
pub async fn test(clinics: &Clinics, transport: &dyn Transport, who: &SignedIn, channel: Channel, to: &str) -> Result<Answer> {
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let carrier = carrier::read(&mut tx, who.clinic, channel).await?;
    audit::add(&mut tx, clinics, who.clinic, Entry::by_staff(who.staff, Action::TestCarrier).word("channel", word(channel))).await?;
    tx.commit().await?;
    let outgoing = Outgoing {
        clinic: who.clinic,
        token: clinics.host.uuid(),
        channel,
        to: to.trim().to_owned(),
        subject: "A test message from Cadence".to_owned(),
        text: "This is a test message from Cadence. Messages to your clients travel this way now.".to_owned(),
        heard_of: false,
        carrier,
    };
    let answer = tokio::time::timeout(LONGEST_CALL, transport.send(&outgoing)).await;
    Ok(answer.unwrap_or_else(|_| Answer::Unknown("no answer within five seconds".to_owned())))
}
