//! The sign-in cookie.

use axum::http::{HeaderMap, HeaderValue, header};

/// Over https the name itself makes browsers insist on `Secure`, no domain, and the root path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieName {
    /// `__Host-cadence`.
    Host,
    /// `cadence`: for plain http on the loopback address, where browsers refuse the other.
    Plain,
}

impl CookieName {
    fn name(self) -> &'static str {
        match self {
            Self::Host => "__Host-cadence",
            Self::Plain => "cadence",
        }
    }
}

pub fn read(headers: &HeaderMap, name: CookieName) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(key, value)| *key == name.name() && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// The `Set-Cookie` header that keeps a token, which is letters and digits, for so many seconds.
pub fn value(name: CookieName, token: &str, seconds: i64) -> HeaderValue {
    let secure = if name == CookieName::Host { "; Secure" } else { "" };
    let cookie = format!("{}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", name.name());
    HeaderValue::from_str(&cookie).expect("a token is letters and digits")
}

/// The one that takes the cookie away.
pub fn removal(name: CookieName) -> HeaderValue {
    value(name, "", 0)
}
