//! The sign-in cookie.

use axum::http::{HeaderMap, HeaderValue, header};
use leptos_axum::ResponseOptions;

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

/// Sets the cookie; an empty value with no seconds removes it.
pub fn set(response: &ResponseOptions, name: CookieName, value: &str, seconds: i64) {
    let secure = if name == CookieName::Host { "; Secure" } else { "" };
    let cookie = format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", name.name());
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}
