//! By what a clinic's messages travel: for its owner, who sets it.

use serde::{Deserialize, Serialize};

/// How the line to a mail server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Security {
    /// Plain at first, then TLS; without it nothing is said.
    StartTls,
    /// TLS from the first byte.
    Implicit,
    /// None: only for a server on the same machine.
    None,
}

impl Security {
    pub const ALL: [Self; 3] = [Self::StartTls, Self::Implicit, Self::None];

    /// As forms send it.
    pub fn code(self) -> &'static str {
        match self {
            Self::StartTls => "starttls",
            Self::Implicit => "implicit",
            Self::None => "none",
        }
    }

    pub fn by_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|security| security.code() == code)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::StartTls => "STARTTLS (usually port 587)",
            Self::Implicit => "TLS (usually port 465)",
            Self::None => "None, for a server on the same machine",
        }
    }

    pub fn usual_port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Implicit => 465,
            Self::None => 25,
        }
    }
}

/// A mail server that takes the clinic's e-mails. Its password is kept apart and never shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailCarrier {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Empty: it asks for no sign-in.
    pub user: String,
    pub from_name: String,
    pub from_address: String,
    /// Where returned mail goes: `bounce@clinic.example` becomes `bounce+…@clinic.example`, another for each message, so that what
    /// comes back tells which it was. Empty: it returns to the sender's address.
    pub bounces: String,
}

/// An account at Twilio, or at who speaks like it. Its token is kept apart and never shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsCarrier {
    pub account: String,
    /// A number in international form, or the id of a messaging service (`MG…`).
    pub from: String,
    /// Digits of the country of numbers that are on file without one, such as `1`; empty: such a number is called as it stands.
    pub country: String,
    /// Another address than the usual one: of a region.
    pub base: String,
}

/// A carrier as its owner sees it: that is set, was typed, or is still to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown<T> {
    pub carrier: T,
    /// Whether a password or token is kept for it.
    pub has_secret: bool,
    /// `21 Nov 2026 by Dr Ama Osei`; `None`: there is none.
    pub set: Option<String>,
}

impl<T> Shown<T> {
    pub fn none(empty: T) -> Self {
        Self { carrier: empty, has_secret: false, set: None }
    }
}

impl EmailCarrier {
    /// Before anything was typed.
    pub fn empty() -> Self {
        Self {
            host: String::new(),
            port: Security::StartTls.usual_port(),
            security: Security::StartTls,
            user: String::new(),
            from_name: String::new(),
            from_address: String::new(),
            bounces: String::new(),
        }
    }

    /// What is wrong with it, in words for the person who types it; empty when it can be saved.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let host = self.host.as_str();
        if host.is_empty() || host.len() > 253 || !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte)) {
            faults.push("Type the mail server’s name, such as smtp.example.com.".to_owned());
        } else if self.security == Security::None && !is_this_machine(host) {
            faults
                .push("Without TLS only a mail server on the same machine can be used: everybody on the way could read along.".to_owned());
        }
        if self.port == 0 {
            faults.push("Type the port, usually 587.".to_owned());
        }
        if !is_address(&self.from_address) {
            faults.push("Type the e-mail address the messages come from.".to_owned());
        }
        if !self.bounces.is_empty() && (!is_address(&self.bounces) || self.bounces.contains('+')) {
            faults.push("Returned mail needs an e-mail address without a plus sign, or leave it empty.".to_owned());
        }
        if self.from_name.chars().count() > 100 || self.user.chars().count() > 200 || [&self.from_name, &self.user].iter().any(|it| odd(it))
        {
            faults.push("Name and user have to be a line of ordinary characters.".to_owned());
        }
        faults
    }
}

impl SmsCarrier {
    /// Before anything was typed.
    pub fn empty() -> Self {
        Self { account: String::new(), from: String::new(), country: String::new(), base: String::new() }
    }

    /// As [`EmailCarrier::faults`].
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !is_id(&self.account, "AC") {
            faults.push("The account’s SID begins with AC and has 32 hexadecimal digits.".to_owned());
        }
        let is_number = self.from.strip_prefix('+').is_some_and(|digits| (7..=15).contains(&digits.len()) && is_digits(digits));
        if !is_number && !is_id(&self.from, "MG") {
            faults.push(
                "Messages come from a number such as +13125550100, or from a messaging service, whose SID begins with MG.".to_owned(),
            );
        }
        if self.country.len() > 3 || !is_digits(&self.country) {
            faults.push("The country is one to three digits, such as 1 or 49.".to_owned());
        }
        let host = self.base.split_once("://").map(|(scheme, rest)| (scheme, rest.split('/').next().unwrap_or_default()));
        let fits = match host {
            None => self.base.is_empty(),
            Some(("https", host)) => {
                host.ends_with(".twilio.com") && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
            }
            Some(("http", host)) => host.rsplit_once(':').is_some_and(|(host, port)| is_this_machine(host) && is_digits(port)),
            Some(_) => false,
        };
        if !fits {
            faults.push("Another address has to be one of Twilio’s, such as https://api.dublin.ie1.twilio.com.".to_owned());
        }
        faults
    }
}

fn is_this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1")
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_id(text: &str, begins: &str) -> bool {
    text.strip_prefix(begins).is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn odd(text: &str) -> bool {
    text.chars().any(char::is_control)
}

fn is_address(text: &str) -> bool {
    let fits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic() && !b"@<>()[],;:\\\"".contains(&byte));
    text.len() <= 200 && text.split_once('@').is_some_and(|(name, place)| name.len() <= 30 && fits(name) && fits(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email() -> EmailCarrier {
        EmailCarrier {
            host: "smtp.example.com".into(),
            port: 587,
            security: Security::StartTls,
            user: "clinic".into(),
            from_name: "Lindenhof".into(),
            from_address: "hello@lindenhof.example".into(),
            bounces: "bounce@lindenhof.example".into(),
        }
    }

    fn sms() -> SmsCarrier {
        SmsCarrier { account: format!("AC{}", "0a".repeat(16)), from: "+13125550100".into(), country: "1".into(), base: String::new() }
    }

    #[test]
    fn a_mail_server_without_tls_is_on_the_same_machine() {
        assert_eq!(email().faults(), Vec::<String>::new());
        let plain = EmailCarrier { security: Security::None, ..email() };
        assert!(plain.faults()[0].contains("read along"));
        assert!(EmailCarrier { host: "127.0.0.1".into(), ..plain }.faults().is_empty());
        for (wrong, what) in [
            (EmailCarrier { host: String::new(), ..email() }, "name"),
            (EmailCarrier { host: "smtp.example.com/x".into(), ..email() }, "name"),
            (EmailCarrier { from_address: "hello".into(), ..email() }, "come from"),
            (EmailCarrier { from_address: "a@b\r\nBcc: c@d".into(), ..email() }, "come from"),
            (EmailCarrier { from_name: "a\r\nBcc: c@d".into(), ..email() }, "ordinary"),
            (EmailCarrier { bounces: "a+b@c".into(), ..email() }, "plus"),
        ] {
            assert!(wrong.faults()[0].contains(what), "{wrong:?}: {:?}", wrong.faults());
        }
    }

    #[test]
    fn an_account_is_one_of_twilios() {
        assert_eq!(sms().faults(), Vec::<String>::new());
        for base in ["https://api.dublin.ie1.twilio.com", "http://127.0.0.1:4010", "http://localhost:4010"] {
            assert!(SmsCarrier { base: base.into(), ..sms() }.faults().is_empty(), "{base}");
        }
        for base in ["http://api.twilio.com", "https://evil.example", "https://evil.example/.twilio.com", "https://a@evil.twilio.com", "x"]
        {
            assert_eq!(SmsCarrier { base: base.into(), ..sms() }.faults().len(), 1, "{base}");
        }
        assert!(SmsCarrier { from: format!("MG{}", "0a".repeat(16)), ..sms() }.faults().is_empty());
        for from in ["13125550100", "+1 312", "Clinic", ""] {
            assert_eq!(SmsCarrier { from: from.into(), ..sms() }.faults().len(), 1, "{from}");
        }
    }
}
