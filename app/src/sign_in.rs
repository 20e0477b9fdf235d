//! Signing in. The page itself is drawn by the server, as plain a form as there is: it stands before any of the
//! program has arrived, and works without it. The first time on a device it needs the network; after that a whole
//! day does without.

mod account;
mod invitation;
mod not_allowed;
mod page;
pub(crate) mod parts;
mod second_step;

pub use account::{Account, AccountPage, CodesPage, KeyLine, Offer};
pub use invitation::{FactorPage, GonePage, InvitationPage};
use leptos::prelude::window;
pub use not_allowed::NotAllowedPage;
pub use page::SignInPage;
pub use second_step::SecondStepPage;

/// Where the form is, and where it is sent to.
pub const SIGN_IN: &str = "/sign-in";

/// Where the second step is taken, by whoever gave the right password.
pub const SECOND_STEP: &str = "/sign-in/second-step";

/// Where a passkey's answer is sent, and where its challenge comes from.
pub const PASSKEY_SIGN_IN: &str = "/sign-in/passkey";
pub const PASSKEY_OPTIONS: &str = "/sign-in/passkey/options";

/// Everybody's page of their own sign-in.
pub const ACCOUNT: &str = "/account";

/// Where whoever was given this token chooses how to get in.
pub fn invitation_address(token: &str) -> String {
    format!("/invitation/{token}")
}

/// The sign-in page's address, from which one comes back to `next`.
pub fn address(next: &str) -> String {
    format!("{SIGN_IN}?next={}", next.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace('?', "%3F").replace('+', "%2B"))
}

/// Leaves for the sign-in page, from which one comes back here.
pub fn go_to_sign_in() {
    let location = window().location();
    let here = [location.pathname(), location.search()].into_iter().filter_map(Result::ok).collect::<String>();
    // Fails only where a page may not navigate, and then there is nothing else to do.
    let _ = location.assign(&address(&here));
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
