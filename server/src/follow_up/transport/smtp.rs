//! E-mail. A line to a mail server is kept open for the messages that follow. The steps are taken one by one, because what a broken line
//! means depends on where it broke: before the text was handed over nothing has gone, after that nobody knows.

use super::{Answer, LONGEST_GREETING, Outgoing, words};
use crate::host::Host;
use app::{
    api::carriers::{EmailCarrier, Security},
    me::ME,
};
use domain::ids::ClinicId;
use lettre::{
    Address, Message,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};
use tokio::sync::Semaphore;

/// Lines to each clinic's mail server at once: own judgement, mail servers turn away who opens many. They are kept open for the messages
/// that follow. A message for which none is free in time goes later.
const MOST_LINES: usize = 8;

/// Lines to the clinics' mail servers.
pub struct Lines {
    origin: Arc<str>,
    host: Arc<dyn Host>,
    turns: Mutex<HashMap<ClinicId, Arc<Semaphore>>>,
    open: Mutex<HashMap<ClinicId, Open>>,
}

/// Lines nobody is using, and to what they lead: those to another server than the one that is set now are let go.
struct Open {
    carrier: EmailCarrier,
    secret: String,
    lines: Vec<AsyncSmtpConnection>,
}

/// Why a mail server does not listen.
enum NotReady {
    Refused(String),
    Later(String),
}

impl From<Error> for NotReady {
    fn from(error: Error) -> Self {
        Self::Later(words(error.to_string()))
    }
}

impl Lines {
    pub fn new(origin: Arc<str>, host: Arc<dyn Host>) -> Self {
        Self { origin, host, turns: Mutex::default(), open: Mutex::default() }
    }

    pub async fn send(&self, carrier: &EmailCarrier, secret: &str, outgoing: &Outgoing) -> Answer {
        let Some(letter) = self.letter(carrier, outgoing) else {
            return Answer::Refused("this is no e-mail address a mail server takes".to_owned());
        };
        let ready = async {
            let turn = self.turns(outgoing.clinic).acquire_owned().await;
            let turn = turn.map_err(|_| NotReady::Later("the server is stopping".to_owned()))?;
            Ok((turn, self.ready(carrier, secret, outgoing.clinic, &letter).await?))
        };
        let (_turn, mut line) = match tokio::time::timeout(LONGEST_GREETING, ready).await {
            Ok(Ok(ready)) => ready,
            Ok(Err(NotReady::Refused(words))) => return Answer::Refused(words),
            Ok(Err(NotReady::Later(words))) => return Answer::Later(words),
            Err(_) => return Answer::Later("the mail server does not answer".to_owned()),
        };
        match line.message(&letter.text).await {
            Ok(_) => {
                self.keep(carrier, secret, outgoing.clinic, line);
                Answer::Accepted { id: None }
            }
            Err(error) if error.is_permanent() => Answer::Refused(words(error.to_string())),
            Err(error) if error.is_transient() => Answer::Later(words(error.to_string())),
            // It may have the whole of it.
            Err(error) => Answer::Unknown(words(error.to_string())),
        }
    }

    /// A line to a server that has named sender and recipient good, and waits for the text.
    async fn ready(
        &self,
        carrier: &EmailCarrier,
        secret: &str,
        clinic: ClinicId,
        letter: &Letter,
    ) -> Result<AsyncSmtpConnection, NotReady> {
        let mut line = match self.take(carrier, secret, clinic).await {
            Some(line) => line,
            None => connect(carrier, secret).await?,
        };
        let address = |error: Error| {
            let said = words(error.to_string());
            if error.is_permanent() { NotReady::Refused(said) } else { NotReady::Later(said) }
        };
        line.command(Mail::new(Some(letter.returns_to.clone()), Vec::new())).await.map_err(address)?;
        line.command(Rcpt::new(letter.to.clone(), Vec::new())).await.map_err(address)?;
        line.command(Data).await.map_err(address)?;
        Ok(line)
    }

    fn turns(&self, clinic: ClinicId) -> Arc<Semaphore> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.entry(clinic).or_insert_with(|| Arc::new(Semaphore::new(MOST_LINES))).clone()
    }

    /// One that is open, and still there.
    async fn take(&self, carrier: &EmailCarrier, secret: &str, clinic: ClinicId) -> Option<AsyncSmtpConnection> {
        loop {
            let mut line = {
                let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
                let kept = open.get_mut(&clinic)?;
                if (&kept.carrier, kept.secret.as_str()) != (carrier, secret) {
                    open.remove(&clinic);
                    return None;
                }
                kept.lines.pop()?
            };
            if line.test_connected().await {
                return Some(line);
            }
        }
    }

    fn keep(&self, carrier: &EmailCarrier, secret: &str, clinic: ClinicId, line: AsyncSmtpConnection) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Open { carrier: carrier.clone(), secret: secret.to_owned(), lines: Vec::new() };
        let kept = open.entry(clinic).or_insert_with(fresh);
        if (&kept.carrier, kept.secret.as_str()) == (carrier, secret) && kept.lines.len() < MOST_LINES {
            kept.lines.push(line);
        }
    }

    /// `None`: one of its addresses is none.
    fn letter(&self, carrier: &EmailCarrier, outgoing: &Outgoing) -> Option<Letter> {
        let from: Address = carrier.from_address.parse().ok()?;
        let to: Address = outgoing.to.parse().ok()?;
        // Other addresses need servers that take them, all the way.
        if !outgoing.to.is_ascii() {
            return None;
        }
        let returns_to = return_path(carrier, outgoing).parse().ok()?;
        let name = Some(carrier.from_name.clone()).filter(|name| !name.trim().is_empty());
        let made = SystemTime::UNIX_EPOCH + Duration::from_millis(self.host.now().millis().unsigned_abs());
        let raw = |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        let message = Message::builder()
            .message_id(Some(format!("<{}@{}>", outgoing.token, from.domain())))
            .from(Mailbox::new(name, from))
            .to(Mailbox::new(None, to.clone()))
            .date(made)
            .subject(outgoing.subject.clone())
            // The page on which she chooses which messages she gets.
            .raw_header(raw("List-Unsubscribe", format!("<{}{ME}>", self.origin)))
            .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(outgoing.text.clone())
            .ok()?;
        Some(Letter { returns_to, to, text: message.formatted() })
    }
}

/// An e-mail as it is handed over.
struct Letter {
    returns_to: Address,
    to: Address,
    text: Vec<u8>,
}

/// Where it returns to when it cannot be delivered: an address of its own, if the clinic has one for that.
fn return_path(carrier: &EmailCarrier, outgoing: &Outgoing) -> String {
    match carrier.bounces.split_once('@') {
        Some((name, place)) if outgoing.heard_of => format!("{name}+{}@{place}", outgoing.token.simple()),
        _ => carrier.from_address.clone(),
    }
}

async fn connect(carrier: &EmailCarrier, secret: &str) -> Result<AsyncSmtpConnection, NotReady> {
    let EmailCarrier { host, port, security, user, from_address, .. } = carrier;
    let hello = ClientId::Domain(from_address.split_once('@').map_or("localhost", |(_, place)| place).to_owned());
    let tls = match security {
        Security::None => None,
        Security::StartTls | Security::Implicit => Some(TlsParameters::new_rustls(host.clone())?),
    };
    let implicit = tls.clone().filter(|_| *security == Security::Implicit);
    let mut line = AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), Some(LONGEST_GREETING), &hello, implicit, None).await?;
    if let (Security::StartTls, Some(tls)) = (security, tls) {
        // A server that cannot is not spoken to any further.
        line.starttls(tls, &hello).await?;
    }
    if !user.is_empty() {
        line.auth(&[Mechanism::Plain, Mechanism::Login], &Credentials::new(user.clone(), secret.to_owned())).await?;
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Machine;
    use app::api::messages::Channel;
    use uuid::Uuid;

    fn carrier() -> EmailCarrier {
        EmailCarrier {
            host: "smtp.example.com".into(),
            port: 587,
            security: Security::StartTls,
            user: String::new(),
            from_name: "Praxis Müller".into(),
            from_address: "hello@clinic.example".into(),
            bounces: "bounce@clinic.example".into(),
        }
    }

    fn outgoing(to: &str) -> Outgoing {
        Outgoing {
            clinic: ClinicId(Uuid::from_u128(1)),
            token: Uuid::from_u128(0xabc),
            channel: Channel::Email,
            to: to.into(),
            subject: "Your session\r\nBcc: evil@example.com".into(),
            text: "Hi Maya,\n.\nsee you – soon".into(),
            heard_of: true,
            carrier: None,
        }
    }

    #[test]
    fn a_letter_says_where_it_returns_to_and_how_to_get_no_more() {
        let lines = Lines::new("https://clinic.example".into(), Arc::new(Machine));
        let letter = lines.letter(&carrier(), &outgoing("maya@example.com")).expect("a letter");
        assert_eq!(letter.returns_to.to_string(), "bounce+00000000000000000000000000000abc@clinic.example");
        let text = String::from_utf8(letter.text).expect("ascii");
        assert!(text.is_ascii() && text.contains("Message-ID: <00000000-0000-0000-0000-000000000abc@clinic.example>\r\n"), "{text}");
        assert!(text.contains("List-Unsubscribe: <https://clinic.example/me>\r\n"), "{text}");
        // A line break in what the clinic wrote begins no header.
        assert!(!text.contains("\r\nBcc:"), "{text}");
        let unheard = lines.letter(&carrier(), &Outgoing { heard_of: false, ..outgoing("maya@example.com") }).unwrap();
        assert_eq!(unheard.returns_to.to_string(), "hello@clinic.example");
        let plain = EmailCarrier { bounces: String::new(), ..carrier() };
        assert_eq!(lines.letter(&plain, &outgoing("maya@example.com")).unwrap().returns_to.to_string(), "hello@clinic.example");
        for wrong in ["", "maya", "maya@", "maya@example.com, eve@example.com", "mäya@example.com", "maya@example.com\r\nRCPT TO:<x@y.z>"]
        {
            assert!(lines.letter(&carrier(), &outgoing(wrong)).is_none(), "{wrong}");
        }
    }
}
