//! The cookies by which browsers are known: the staff's, and apart from them the clients'.

use axum::http::{HeaderMap, HeaderValue, header};

/// Over https the name itself makes browsers insist on `Secure`, no domain, and the root path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieName {
    /// `__Host-cadence`.
    Host,
    /// `cadence`: for plain http on the loopback address, where browsers refuse the other.
    Plain,
}

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody is signed in.
    SignIn,
    /// The password was right, and the second step is still to be taken.
    Step,
    /// The browser is one of the clinic's, whoever is signed in.
    Installation,
    /// A client is signed in, on her own pages.
    Client,
    /// The browser in which a client asked for a link.
    Asked,
}

/// A browser stays the clinic's for so long after it was last used.
pub const INSTALLATION_SECONDS: i64 = 400 * 86_400;

impl CookieName {
    fn name(self, purpose: Purpose) -> &'static str {
        match (self, purpose) {
            (Self::Host, Purpose::SignIn) => "__Host-cadence",
            (Self::Plain, Purpose::SignIn) => "cadence",
            (Self::Host, Purpose::Step) => "__Host-cadence-step",
            (Self::Plain, Purpose::Step) => "cadence-step",
            (Self::Host, Purpose::Installation) => "__Host-cadence-browser",
            (Self::Plain, Purpose::Installation) => "cadence-browser",
            (Self::Host, Purpose::Client) => "__Host-cadence-me",
            (Self::Plain, Purpose::Client) => "cadence-me",
            (Self::Host, Purpose::Asked) => "__Host-cadence-asked",
            (Self::Plain, Purpose::Asked) => "cadence-asked",
        }
    }
}

pub fn read(headers: &HeaderMap, name: CookieName, purpose: Purpose) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(key, value)| *key == name.name(purpose) && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// The `Set-Cookie` header that keeps a token, which is letters and digits, for so many seconds.
pub fn value(name: CookieName, purpose: Purpose, token: &str, seconds: i64) -> HeaderValue {
    let secure = if name == CookieName::Host { "; Secure" } else { "" };
    let cookie = format!("{}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", name.name(purpose));
    HeaderValue::from_str(&cookie).expect("a token is letters and digits")
}

/// The one that takes the cookie away.
pub fn removal(name: CookieName, purpose: Purpose) -> HeaderValue {
    value(name, purpose, "", 0)
}
