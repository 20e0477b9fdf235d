//! Reading e-mails that a mail server hands in: what it could not deliver, and what clients answer.

use super::{received::Incoming, transport::News};
use app::api::messages::Channel;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What a returned e-mail tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Of the try it is about.
    pub token: Uuid,
    pub news: News,
}

/// `None`: it tells of no message of ours, or only that it takes longer. `recipient` is to whom the mail server was to deliver it, where
/// it says so.
pub fn returned(mail: &[u8], recipient: Option<&str>) -> Option<Returned> {
    let message = MessageParser::default().parse(mail)?;
    let status = message.parts.iter().find(|part| is(part, "message", "delivery-status"))?;
    let news = news(&text_of(status)?)?;
    Some(Returned { token: token(&message, recipient)?, news })
}

fn is(part: &MessagePart<'_>, ctype: &str, subtype: &str) -> bool {
    part.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case(ctype) && kind.subtype().is_some_and(|known| known.eq_ignore_ascii_case(subtype))
    })
}

fn text_of(part: &MessagePart<'_>) -> Option<String> {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => Some(text.clone().into_owned()),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        // Read as a message of its own: fields and nothing below them.
        PartType::Message(message) => Some(String::from_utf8_lossy(message.raw_message()).into_owned()),
        PartType::Multipart(_) => None,
    }
}

/// A field of a delivery status (RFC 3464), wherever it stands: of one recipient there is one of each.
fn field(status: &str, wanted: &str) -> Option<String> {
    let mut lines = status.lines();
    let first = lines.by_ref().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
    })?;
    let folded = lines.take_while(|line| line.starts_with([' ', '\t'])).map(str::trim);
    Some(std::iter::once(first.as_str()).chain(folded).collect::<Vec<_>>().join(" "))
}

fn news(status: &str) -> Option<News> {
    let action = field(status, "Action")?.to_ascii_lowercase();
    match action.split_whitespace().next()? {
        "failed" => {
            let said = [field(status, "Status"), field(status, "Diagnostic-Code")].into_iter().flatten().collect::<Vec<_>>().join(": ");
            Some(News::Bounced(super::transport::words(said)))
        }
        "delivered" => Some(News::Delivered),
        // Passed on, or tried further.
        _ => None,
    }
}

/// To whom it came back, `bounce+…@`; or the number of the e-mail it is about.
fn token(message: &Message<'_>, recipient: Option<&str>) -> Option<Uuid> {
    let headers = ["Delivered-To", "X-Original-To", "Envelope-To", "To"];
    let named = headers.into_iter().filter_map(|name| message.header_raw(name));
    let returned_to = recipient.into_iter().chain(named).find_map(in_address);
    returned_to.or_else(|| {
        let original = message.parts.iter().find(|part| is(part, "message", "rfc822") || is(part, "text", "rfc822-headers"))?;
        let id = match &original.body {
            PartType::Message(original) => original.message_id()?.to_owned(),
            _ => MessageParser::default().parse(text_of(original)?.as_bytes())?.message_id()?.to_owned(),
        };
        id.split('@').next()?.parse().ok()
    })
}

fn in_address(text: &str) -> Option<Uuid> {
    text.split(['+', '@', '<', '>', ' ', ',']).find_map(|piece| if piece.len() == 32 { piece.trim().parse().ok() } else { None })
}

/// An e-mail somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub incoming: Incoming,
    /// Tries whose messages it may answer.
    pub answers: Vec<Uuid>,
}

/// `None`: a machine wrote it, or there is nothing in it that could be read.
pub fn written(mail: &[u8]) -> Option<Written> {
    let message = MessageParser::default().parse(mail)?;
    let automatic = message.header_raw("Auto-Submitted").is_some_and(|value| !value.trim().eq_ignore_ascii_case("no"));
    let bulk = message.header_raw("Precedence").is_some_and(|value| ["bulk", "junk", "list", "auto_reply"].contains(&value.trim()));
    if automatic || bulk || message.parts.iter().any(|part| is(part, "multipart", "report")) {
        return None;
    }
    let from = message.from()?.first()?.address()?.to_owned();
    let text = own_words(&message.body_text(0)?);
    // A mail without a number of its own is known by what it is.
    let id = message.message_id().map_or_else(|| hex::encode(Sha256::digest(mail)), str::to_owned);
    let named = [message.header_raw("In-Reply-To"), message.header_raw("References")];
    let pieces = named.into_iter().flatten().flat_map(|ids| ids.split(['<', '@', ' ', ',']));
    let answers = pieces.filter_map(|piece| piece.trim().parse().ok()).collect();
    (!text.is_empty()).then_some(Written { incoming: Incoming { channel: Channel::Email, from, text, id }, answers })
}

/// Without what she answers to: our own words worry nobody, and "STOP to opt out" in them asks for nothing.
fn own_words(text: &str) -> String {
    let is_quote = |line: &str| {
        let line = line.trim();
        line.starts_with('>')
            || line.starts_with("-----Original")
            || line.starts_with("________")
            || (line.starts_with("On ") && line.ends_with("wrote:"))
            || (line.starts_with("Am ") && line.ends_with("schrieb:"))
    };
    let lines = text.lines().take_while(|line| *line != "-- ");
    let mut own = Vec::new();
    for line in lines {
        if is_quote(line) {
            // What is said below a quotation still is her own.
            if line.trim().starts_with('>') {
                continue;
            }
            // Clients of mail break this line.
            break;
        }
        own.push(line);
    }
    own.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn bounce(to: &str, action: &str, original: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mx.example.com\r\nTo: <{to}>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.example.com\r\n\r\n\
             Final-Recipient: rfc822; maya@example.com\r\nAction: {action}\r\nStatus: 5.1.1\r\n\
             Diagnostic-Code: smtp; 550 5.1.1 no such\r\n user here\r\n\r\n\
             --b\r\nContent-Type: {original}\r\n\r\n\
             Message-ID: <01234567-89ab-cdef-0123-456789abcdef@clinic.example>\r\nSubject: Your session\r\n\r\n--b--\r\n"
        )
    }

    #[test]
    fn a_bounce_names_its_message() {
        let token: Uuid = TOKEN.parse().expect("a token");
        let news = News::Bounced("5.1.1: smtp; 550 5.1.1 no such user here".into());
        let wanted = Some(Returned { token, news });
        // By the address it came back to, whoever says it, or by what is returned.
        let by_address = bounce(&format!("bounce+{TOKEN}@clinic.example"), "failed", "text/plain");
        assert_eq!(returned(by_address.as_bytes(), None), wanted);
        let by_original = bounce("hello@clinic.example", "Failed", "text/rfc822-headers");
        assert_eq!(returned(by_original.as_bytes(), None), wanted);
        assert_eq!(returned(bounce("hello@clinic.example", "failed", "message/rfc822").as_bytes(), None), wanted);
        let named = bounce("hello@clinic.example", "failed", "text/plain");
        assert_eq!(returned(named.as_bytes(), Some(&format!("bounce+{TOKEN}@clinic.example"))), wanted);
        assert_eq!(returned(named.as_bytes(), None), None);
        // It is still being tried.
        assert_eq!(returned(bounce(&format!("bounce+{TOKEN}@clinic.example"), "delayed", "text/plain").as_bytes(), None), None);
        for nothing in ["", "\0\u{1}", "Subject: hello\r\n\r\nhow are you", "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"] {
            assert_eq!(returned(nothing.as_bytes(), Some(&format!("bounce+{TOKEN}@clinic.example"))), None);
        }
    }

    #[test]
    fn of_an_answer_her_own_words_are_read() {
        let mail = "From: Maya Chen <maya@example.com>\r\nMessage-ID: <1@example.com>\r\n\
                    In-Reply-To: <01234567-89ab-cdef-0123-456789abcdef@clinic.example>\r\nContent-Type: text/plain\r\n\r\n\
                    All good, thank you!\r\n\r\nOn Fri, 6 Feb 2026 at 10:00, Lindenhof <hello@clinic.example> wrote:\r\n\
                    > does anything hurt or blister? STOP to opt out\r\n";
        let Written { incoming, answers } = written(mail.as_bytes()).expect("an answer");
        assert_eq!(answers, [TOKEN.parse::<Uuid>().expect("a token")]);
        assert_eq!(
            (incoming.from.as_str(), incoming.text.as_str(), incoming.id.as_str()),
            ("maya@example.com", "All good, thank you!", "1@example.com")
        );
        let below = "From: maya@example.com\r\n\r\n> How is your skin?\r\nIt blisters.\r\n-- \r\nMaya, who never stops\r\n";
        assert_eq!(written(below.as_bytes()).expect("an answer").incoming.text, "It blisters.");
        for machine in [
            "From: maya@example.com\r\nAuto-Submitted: auto-replied\r\n\r\nI am away until Monday.",
            "From: maya@example.com\r\nPrecedence: bulk\r\n\r\nNews",
            "Subject: nobody\r\n\r\nhello",
            "From: maya@example.com\r\n\r\n> only what we wrote\r\n",
        ] {
            assert_eq!(written(machine.as_bytes()), None, "{machine}");
        }
    }
}
