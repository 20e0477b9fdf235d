//! Signing in. The page itself is drawn by the server, as plain a form as there is: it stands before any of the
//! program has arrived, and works without it. The first time on a device it needs the network; after that a whole
//! day does without.

mod arriving;
mod page;

pub use arriving::{Arriving, go_to_sign_in};
pub use page::SignInPage;

/// Where the form is, and where it is sent to.
pub const SIGN_IN: &str = "/sign-in";

/// The sign-in page's address, from which one comes back to `next`.
pub fn address(next: &str) -> String {
    format!("{SIGN_IN}?next={}", next.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace('?', "%3F").replace('+', "%2B"))
}

/// Where to go after signing in: a page of this app, never another site.
pub fn safe_next(next: &str) -> &str {
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\n', '\r', '\t']);
    if ours && !next.starts_with(SIGN_IN) { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        assert_eq!(safe_next("/clients/1/sessions/2"), "/clients/1/sessions/2");
        for outside in
            ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "", "/sign-in"]
        {
            assert_eq!(safe_next(outside), "/", "{outside}");
        }
    }

    #[test]
    fn the_way_back_survives_the_address() {
        assert_eq!(address("/day/2026-11-22"), "/sign-in?next=/day/2026-11-22");
        assert_eq!(address("/clients?q=a&b"), "/sign-in?next=/clients%3Fq=a%26b");
    }
}
