//! SMS, by the Messages resource of Twilio's REST interface.

use super::{Answer, LONGEST_GREETING, Listed, News, Outgoing, Question, words};
use app::api::carriers::SmsCarrier;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::time::Moment;
use reqwest::{StatusCode, header::CONTENT_TYPE, redirect::Policy};
use ring::hmac;
use serde::Deserialize;
use std::{sync::Arc, time::Duration};
use url::form_urlencoded::Serializer;
use uuid::Uuid;

const USUAL_BASE: &str = "https://api.twilio.com";

/// The client does not want any: she wrote STOP to this number.
const OPTED_OUT: i64 = 21610;

/// Its clock and ours differ by no more, as far as lists are concerned.
const CLOCKS_DIFFER: i64 = 5_000;

/// Where what becomes of a message is told: on this server.
pub fn status_path(token: Uuid) -> String {
    format!("/sms/status/{token}")
}

/// Where what clients write is handed in: on this server.
pub fn incoming_path(clinic: domain::ids::ClinicId) -> String {
    format!("/sms/incoming/{clinic}")
}

pub struct Client {
    origin: Arc<str>,
    http: reqwest::Client,
}

#[derive(Deserialize)]
struct Taken {
    sid: String,
}

#[derive(Deserialize)]
struct Fault {
    code: i64,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct List {
    messages: Vec<OnList>,
}

#[derive(Deserialize)]
struct OnList {
    sid: String,
    direction: String,
    date_created: String,
    status: String,
    error_code: Option<i64>,
}

impl Client {
    pub fn new(origin: Arc<str>) -> Result<Self, reqwest::Error> {
        // Whoever else has chosen already has chosen the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder().connect_timeout(LONGEST_GREETING).redirect(Policy::none());
        Ok(Self { origin, http: builder.build()? })
    }

    pub async fn send(&self, carrier: &SmsCarrier, secret: &str, outgoing: &Outgoing) -> Answer {
        let sender = if carrier.from.starts_with('+') { "From" } else { "MessagingServiceSid" };
        let status = outgoing.heard_of.then(|| format!("{}{}", self.origin, status_path(outgoing.token)));
        let form = Serializer::new(String::new())
            .append_pair("To", &international(&outgoing.to, &carrier.country))
            .append_pair(sender, &carrier.from)
            .append_pair("Body", &outgoing.text)
            .extend_pairs(status.map(|status| ("StatusCallback", status)))
            .finish();
        let request = self.http.post(messages(carrier)).basic_auth(&carrier.account, Some(secret));
        let sent = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form).send().await;
        let response = match sent {
            Ok(response) => response,
            // Nobody was there to take it.
            Err(error) if error.is_connect() => return Answer::Later(words("the carrier cannot be reached")),
            Err(error) => return Answer::Unknown(words(error.without_url().to_string())),
        };
        let status = response.status();
        match response.bytes().await {
            Ok(body) => answer(status, &body),
            Err(error) => Answer::Unknown(words(error.without_url().to_string())),
        }
    }

    /// What went to that number about that time.
    pub async fn ask(&self, carrier: &SmsCarrier, secret: &str, question: &Question) -> Vec<Listed> {
        let to = international(&question.to, &carrier.country);
        let asked = Serializer::new(String::new()).append_pair("To", &to).append_pair("PageSize", "50").finish();
        let request = self.http.get(format!("{}?{asked}", messages(carrier))).basic_auth(&carrier.account, Some(secret));
        let list = async { request.timeout(Duration::from_secs(4)).send().await?.error_for_status()?.bytes().await };
        let list: Option<List> = list.await.ok().and_then(|body| serde_json::from_slice(&body).ok());
        let Some(list) = list else { return Vec::new() };
        let (from, until) = (question.started.millis() - CLOCKS_DIFFER, question.until.millis() + CLOCKS_DIFFER);
        let fits =
            |one: &OnList| one.direction.starts_with("outbound") && created(one).is_some_and(|at| (from..=until).contains(&at.millis()));
        let listed = |one: OnList| Some(Listed { news: news(&one.status, one.error_code)?, id: one.sid });
        list.messages.into_iter().filter(fits).filter_map(listed).collect()
    }
}

fn messages(carrier: &SmsCarrier) -> String {
    let base = if carrier.base.is_empty() { USUAL_BASE } else { carrier.base.trim_end_matches('/') };
    format!("{base}/2010-04-01/Accounts/{}/Messages.json", carrier.account)
}

fn created(one: &OnList) -> Option<Moment> {
    Some(Moment::new(jiff::fmt::rfc2822::parse(&one.date_created).ok()?.timestamp()))
}

fn answer(status: StatusCode, body: &[u8]) -> Answer {
    let fault = serde_json::from_slice::<Fault>(body).ok();
    let said = || match &fault {
        Some(Fault { code, message }) => words(format!("{code}: {message}")),
        None => words(format!("HTTP {}", status.as_u16())),
    };
    match status.as_u16() {
        200 | 201 => match serde_json::from_slice::<Taken>(body) {
            Ok(Taken { sid }) => Answer::Accepted { id: Some(words(sid)) },
            // It says that it has it, and does not say under which number.
            Err(_) => Answer::Unknown("the carrier's answer cannot be read".to_owned()),
        },
        // Too many at once. Or the account is not right, which its owner can put right.
        429 | 401 | 403 | 404 => Answer::Later(said()),
        400..=499 if fault.as_ref().is_some_and(|fault| fault.code == OPTED_OUT) => Answer::OptedOut(said()),
        400..=499 => Answer::Refused(said()),
        // It failed on its side: before or after it had taken it.
        _ => Answer::Unknown(said()),
    }
}

/// What a status says; `None`: nothing we know.
pub fn news(status: &str, error: Option<i64>) -> Option<News> {
    let why = || error.map_or_else(|| words(status), |code| format!("{} {code}", words(status)));
    match status {
        "accepted" | "scheduled" | "queued" | "sending" | "sent" => Some(News::Accepted),
        "delivered" | "read" => Some(News::Delivered),
        "undelivered" | "failed" | "canceled" if error == Some(OPTED_OUT) => Some(News::OptedOut(why())),
        "undelivered" | "failed" | "canceled" => Some(News::Bounced(why())),
        _ => None,
    }
}

/// The number in international form, as far as that can be told: with the country of the clinic where none stands there.
pub fn international(number: &str, country: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if number.trim_start().starts_with('+') || country.is_empty() {
        return format!("+{digits}");
    }
    match (digits.strip_prefix("00"), country) {
        (Some(digits), _) => format!("+{digits}"),
        // Written with the one before it, as North Americans do.
        (None, "1") if digits.len() == 11 && digits.starts_with('1') => format!("+{digits}"),
        (None, _) => format!("+{country}{}", digits.strip_prefix('0').unwrap_or(&digits)),
    }
}

/// What is signed: the whole address as the carrier was told it, and all fields by their names.
fn signed(address: &str, fields: &[(String, String)]) -> Vec<u8> {
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort();
    fields.dedup();
    fields.into_iter().fold(address.to_owned(), |text, (name, value)| text + name + value).into_bytes()
}

fn key(secret: &str) -> hmac::Key {
    // The carrier's choice. Forging it would need more than two texts of the same hash.
    hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes())
}

/// As the carrier signs what it hands in.
pub fn signature(secret: &str, address: &str, fields: &[(String, String)]) -> String {
    STANDARD.encode(hmac::sign(&key(secret), &signed(address, fields)))
}

/// Whether the carrier has signed it. Takes the same time for every signature.
pub fn is_signed(secret: &str, address: &str, fields: &[(String, String)], signature: &str) -> bool {
    // Whoever knows an empty secret is everybody.
    !secret.is_empty() && STANDARD.decode(signature).is_ok_and(|tag| hmac::verify(&key(secret), &signed(address, fields), &tag).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// The example of the carrier's own documentation.
    #[test]
    fn a_signature_is_that_of_the_carriers_documentation() {
        let call = fields(&[
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ]);
        let address = "https://mycompany.com/myapp.php?foo=1&bar=2";
        assert_eq!(signature("12345", address, &call), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        assert!(is_signed("12345", address, &call, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        let mut reversed = call.clone();
        reversed.reverse();
        assert!(is_signed("12345", address, &reversed, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        for (secret, address, call, signature) in [
            ("12346", address, &call, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            ("12345", "https://mycompany.com/myapp.php?foo=1&bar=3", &call, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            ("12345", address, &fields(&[("Digits", "1234")]), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            ("12345", address, &call, "SSOYDt4T1cUTdK1PDd93/VVr8B8="),
            ("12345", address, &call, ""),
            ("12345", address, &call, "not base64 at all"),
        ] {
            assert!(!is_signed(secret, address, call, signature), "{secret} {address} {signature}");
        }
        assert!(!is_signed("", address, &call, &signature("", address, &call)));
    }

    #[test]
    fn only_what_was_surely_not_taken_is_tried_again() {
        let said = |status: u16, body: &str| answer(StatusCode::from_u16(status).unwrap(), body.as_bytes());
        assert_eq!(said(201, r#"{"sid":"SM1","status":"queued"}"#), Answer::Accepted { id: Some("SM1".into()) });
        assert!(matches!(said(400, r#"{"code":21610,"message":"unsubscribed"}"#), Answer::OptedOut(words) if words.starts_with("21610")));
        assert!(matches!(said(400, r#"{"code":21211,"message":"not a number"}"#), Answer::Refused(_)));
        assert!(matches!(said(400, "<html>"), Answer::Refused(_)));
        for status in [429, 401] {
            assert!(matches!(said(status, r#"{"code":20429}"#), Answer::Later(_)));
        }
        for (status, body) in [(500, ""), (503, "{}"), (504, ""), (302, ""), (201, "{}"), (201, "")] {
            assert!(matches!(said(status, body), Answer::Unknown(_)), "{status} {body}");
        }
    }

    #[test]
    fn a_status_is_read() {
        for status in ["queued", "sending", "sent"] {
            assert_eq!(news(status, None), Some(News::Accepted));
        }
        assert_eq!(news("delivered", None), Some(News::Delivered));
        assert_eq!(news("undelivered", Some(30003)), Some(News::Bounced("undelivered 30003".into())));
        assert!(matches!(news("failed", Some(21610)), Some(News::OptedOut(_))));
        assert_eq!(news("receiving", None), None);
    }

    #[test]
    fn a_number_gets_its_country() {
        for (number, country, wanted) in [
            ("+1 (312) 555-0100", "49", "+13125550100"),
            ("(312) 555-0100", "1", "+13125550100"),
            ("1 312 555 0100", "1", "+13125550100"),
            ("0170 1234567", "49", "+491701234567"),
            ("0049 170 1234567", "1", "+491701234567"),
            ("312 555 0100", "", "+3125550100"),
        ] {
            assert_eq!(international(number, country), wanted, "{number}");
        }
    }
}
