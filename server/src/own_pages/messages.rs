//! What is written to clients. It is only written down: there is no carrier yet.

use super::getting_in::LINK_SECONDS;
use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    store::{
        self, Result,
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
        messages::{Channel, Correspondence, SentMessage},
    },
    me::{ME, link_address},
};
use domain::{audit::Action, ids::ClientId};

/// A token in a link: so many hexadecimal digits.
const TOKEN_DIGITS: usize = 64;

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
    if address::on_file(&mut tx, who.clinic, client).await?.is_none() {
        return Ok(None);
    }
    let choices = choice::of_client(&mut tx, who.clinic, client).await?;
    let written = message::of_client(&mut tx, who.clinic, client, who.role.charts()).await?;
    let seen = |message: Message| SentMessage {
        channel: message.channel,
        to: message.address,
        text: without_token(&message.text),
        at: message.made_at,
        by: message.made_by,
    };
    Ok(Some(Correspondence { choices, messages: written.into_iter().map(seen).collect() }))
}

/// Why no invitation was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uninvited {
    UnknownClient,
    /// Neither e-mail nor phone is on file.
    NoAddress,
}

/// Writes to a client where her own pages are. It opens nothing: she asks for a link there.
pub async fn invite(clinics: &Clinics, who: &SignedIn, origin: &str, client: ClientId) -> Result<std::result::Result<(), Uninvited>> {
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let Some(on_file) = address::on_file(&mut tx, who.clinic, client).await? else { return Ok(Err(Uninvited::UnknownClient)) };
    let text = invitation_text(&on_file, origin);
    let (channel, address) = match (on_file.email.trim(), on_file.phone.trim()) {
        ("", "") => return Ok(Err(Uninvited::NoAddress)),
        ("", phone) => (Channel::Sms, phone.to_owned()),
        (email, _) => (Channel::Email, email.to_owned()),
    };
    let written = Message { channel, address, text, made_at: clinics.host.now(), made_by: Some(who.staff) };
    message::add(&mut tx, who.clinic, clinics.host.uuid(), client, &written).await?;
    audit::add(&mut tx, clinics, who.clinic, Entry::by_staff(who.staff, Action::InviteClient).about(client)).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// The same text with dots in place of each token.
pub(crate) fn without_token(text: &str) -> String {
    let is_token = |piece: &str| piece.len() >= TOKEN_DIGITS && piece.bytes().all(|digit| digit.is_ascii_hexdigit());
    let clean = |word: &str| word.split('/').map(|piece| if is_token(piece) { "…" } else { piece }).collect::<Vec<_>>().join("/");
    text.split(' ').map(clean).collect::<Vec<_>>().join(" ")
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
        let seen = without_token(&text);
        assert!(!seen.contains("0a0a") && seen.contains("https://clinic.example/me/link/… "), "{seen}");
        assert_eq!(
            without_token(&invitation_text(&on_file, "https://clinic.example")),
            invitation_text(&on_file, "https://clinic.example")
        );
    }
}
