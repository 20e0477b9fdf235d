//! What is written to clients beside their series, and what the staff sees of all that was written and came back.

use super::{choices, getting_in::LINK_SECONDS};
use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    follow_up::{
        reach,
        transport::{Answer, LONGEST_CALL, Outgoing, Transport},
    },
    store::{
        self, Result,
        follow_up::{
            carrier,
            reply::{self, Received},
        },
        own_pages::{
            address::{self, OnFile},
            choice,
            message::{self, Message},
        },
    },
};
use app::{
    api::{
        SignedIn,
        messages::{CameBack, Channel, Correspondence, ReceivedMessage, SentMessage, Travel},
    },
    me::{ME, link_address},
};
use domain::{
    audit::Action,
    client::Contact,
    follow_up::replies::Wish,
    ids::{ClientId, ClinicId, StaffId},
};

/// A token in a link: at least so many hexadecimal digits.
const TOKEN_DIGITS: usize = 32;

/// What a client reads who asked for a link.
pub fn link_text(on_file: &OnFile, origin: &str, token: &str) -> String {
    let first_name = first_name(on_file);
    format!(
        "Hello {first_name}, here is the link to your own pages at {}: {origin}{} It works once, for {} minutes, in the browser in which \
         you asked for it. If you did not ask, there is nothing to do.",
        on_file.clinic,
        link_address(token),
        LINK_SECONDS / 60,
    )
}

fn invitation_text(on_file: &OnFile, origin: &str) -> String {
    let first_name = first_name(on_file);
    format!(
        "Hello {first_name}, {} has pages of your own for you: your sessions, your next appointment and your photos. {origin}{ME}",
        on_file.clinic
    )
}

fn first_name(on_file: &OnFile) -> &str {
    on_file.name.split_whitespace().next().unwrap_or(&on_file.name)
}

/// Everything written to a client, as the staff may read it. `None`: the clinic has no such client.
pub async fn of_client(clinics: &Clinics, who: &SignedIn, client: ClientId) -> Result<Option<Correspondence>> {
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let Some(OnFile { email, phone, .. }) = address::on_file(&mut tx, who.clinic, client).await? else { return Ok(None) };
    let (choices, stopped) = choice::with_stop(&mut tx, who.clinic, client).await?;
    let languages = choices::languages(&mut tx, who.clinic).await?;
    let contact = Contact { version: 0, phone, email };
    let dead = reach::dead(&mut tx, who.clinic, client, &contact, clinics.host.now()).await?;
    let came_back = dead.into_iter().map(|one| CameBack {
        channel: one.channel,
        address: if one.channel == Channel::Sms { contact.phone.clone() } else { contact.email.clone() },
        at: one.at,
        said: one.said,
    });
    let came_back = came_back.collect();
    let written = message::of_client(&mut tx, who.clinic, client, who.role.charts()).await?;
    let received = reply::of_client(&mut tx, who.clinic, client).await?;
    let heard = |received: Received| ReceivedMessage {
        channel: received.channel,
        from: received.address,
        // How she fares is for those who treat, as on her chart.
        text: if received.says.worried && !who.role.charts() { WITHHELD.to_owned() } else { received.text },
        at: received.at,
        stops: received.says.wish == Some(Wish::Stop),
        worried: received.says.worried,
    };
    let seen = |message: Message| SentMessage {
        channel: message.channel,
        to: message.address,
        text: without_token(&message.text),
        at: message.made_at,
        by: message.made_by,
        travel: message.travel,
    };
    let (messages, received) = (written.into_iter().map(seen).collect(), received.into_iter().map(heard).collect());
    Ok(Some(Correspondence { choices, messages, received, stopped, languages, came_back }))
}

/// Stands in place of words that are for those who treat.
const WITHHELD: &str = "Something worries the client. Those who treat can read it.";

/// A message that is none of a series.
pub(crate) struct Letter {
    pub channel: Channel,
    pub address: String,
    /// Of an e-mail.
    pub subject: String,
    pub text: String,
    /// `None`: the client asked for it.
    pub made_by: Option<StaffId>,
}

/// Hands a message over to the clinic's carrier, once, and writes down what came of it. Where it was handed over, without the token of
/// a link.
pub(crate) async fn deliver(
    clinics: &Clinics,
    transport: &dyn Transport,
    clinic: ClinicId,
    client: ClientId,
    letter: Letter,
) -> Result<()> {
    let Letter { channel, address, subject, text, made_by } = letter;
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let carrier = carrier::read(&mut tx, clinic, channel).await?;
    tx.commit().await?;
    let id = clinics.host.uuid();
    let subject = if channel == Channel::Email { subject } else { String::new() };
    let outgoing = Outgoing {
        clinic,
        token: id,
        channel,
        to: address.clone(),
        subject: subject.clone(),
        text: text.clone(),
        heard_of: false,
        carrier,
    };
    let answer = tokio::time::timeout(LONGEST_CALL, transport.send(&outgoing)).await;
    let (travel, carrier_id) = match answer {
        Ok(Answer::Simulated) => (Travel::Simulated, None),
        Ok(Answer::Accepted { id }) => (Travel::Sent, id),
        Ok(Answer::Refused(_) | Answer::OptedOut(_) | Answer::Later(_)) => (Travel::Failed, None),
        Ok(Answer::Unknown(_)) | Err(_) => (Travel::Unknown, None),
    };
    let text = if travel == Travel::Simulated { text } else { without_token(&text) };
    let written = Message { channel, address, subject, text, made_at: clinics.host.now(), made_by, travel, carrier_id };
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    message::add(&mut tx, clinic, id, client, &written).await?;
    tx.commit().await?;
    Ok(())
}

/// Why no invitation was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uninvited {
    UnknownClient,
    /// Neither e-mail nor phone is on file.
    NoAddress,
}

/// Writes to a client where her own pages are. It opens nothing: she asks for a link there.
pub async fn invite(
    clinics: &Clinics,
    transport: &dyn Transport,
    who: &SignedIn,
    origin: &str,
    client: ClientId,
) -> Result<std::result::Result<(), Uninvited>> {
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let Some(on_file) = address::on_file(&mut tx, who.clinic, client).await? else { return Ok(Err(Uninvited::UnknownClient)) };
    let text = invitation_text(&on_file, origin);
    let (channel, address) = match (on_file.email.trim(), on_file.phone.trim()) {
        ("", "") => return Ok(Err(Uninvited::NoAddress)),
        ("", phone) => (Channel::Sms, phone.to_owned()),
        (email, _) => (Channel::Email, email.to_owned()),
    };
    audit::add(&mut tx, clinics, who.clinic, Entry::by_staff(who.staff, Action::InviteClient).about(client)).await?;
    tx.commit().await?;
    let subject = format!("Your own pages at {}", on_file.clinic);
    let letter = Letter { channel, address, subject, text, made_by: Some(who.staff) };
    deliver(clinics, transport, who.clinic, client, letter).await?;
    Ok(Ok(()))
}

/// The same text with dots in place of each token.
pub(crate) fn without_token(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begins) = rest.find(|c: char| c.is_ascii_hexdigit()) {
        let (before, from) = rest.split_at(begins);
        let (digits, behind) = from.split_at(from.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(from.len()));
        clean.push_str(before);
        clean.push_str(if digits.len() >= TOKEN_DIGITS { "…" } else { digits });
        rest = behind;
    }
    clean + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_staff_reads_no_token() {
        let on_file =
            OnFile { clinic: "Lindenhof".into(), name: "Maya Chen".into(), email: "maya@example.com".into(), phone: String::new() };
        let token = "0a".repeat(32);
        let text = link_text(&on_file, "https://clinic.example", &token);
        assert!(text.contains(&format!("https://clinic.example/me/link/{token} ")), "{text}");
        let booking = format!("Book: https://clinic.example/me/at/{}\nLindenhof. A bed, café", "0a".repeat(16));
        assert_eq!(without_token(&booking), "Book: https://clinic.example/me/at/…\nLindenhof. A bed, café");
        let seen = without_token(&text);
        assert!(!seen.contains("0a0a") && seen.contains("https://clinic.example/me/link/… "), "{seen}");
        assert_eq!(
            without_token(&invitation_text(&on_file, "https://clinic.example")),
            invitation_text(&on_file, "https://clinic.example")
        );
    }
}
