//! Who looks at whom: told by the address, so that no page can forget to say it.

use crate::workspace::use_workspace;
use domain::{audit::LookedPage, ids::ClientId};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Notes each look at a client for as long as the shell stands.
pub fn note_looks() {
    let (workspace, path) = (use_workspace(), use_location().pathname);
    Effect::new(move |_| match path.with(|path| looked_at(path)) {
        Some((client, page)) => workspace.looks_at(client, page),
        None => workspace.looks_away(),
    });
}

/// Whose data a page shows, and which page it is.
fn looked_at(path: &str) -> Option<(ClientId, LookedPage)> {
    let parts: Vec<_> = path.split('/').skip(1).collect();
    let (client, page) = match parts.as_slice() {
        ["clients", client, "sessions", _] => (client, LookedPage::Chart),
        ["clients", client, "sessions", _, "photos"] => (client, LookedPage::Photographs),
        ["clients", client, "compare", ..] => (client, LookedPage::Compare),
        ["clients", client, ..] => (client, LookedPage::Client),
        ["sessions", client, _] => (client, LookedPage::Session),
        _ => return None,
    };
    Some((client.parse().ok()?, page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_whose_data_it_shows() {
        let id = "0192a8b0-0000-7000-8000-000000000001";
        let client: ClientId = id.parse().unwrap();
        for (path, page) in [
            (format!("/clients/{id}"), LookedPage::Client),
            (format!("/clients/{id}/consent/{id}"), LookedPage::Client),
            (format!("/clients/{id}/sessions/{id}"), LookedPage::Chart),
            (format!("/clients/{id}/sessions/{id}/photos"), LookedPage::Photographs),
            (format!("/clients/{id}/compare/{id}/{id}"), LookedPage::Compare),
            (format!("/sessions/{id}/{id}"), LookedPage::Session),
        ] {
            assert_eq!(looked_at(&path), Some((client, page)), "{path}");
        }
        for nobody in ["/", "/clients", "/sessions", "/clients/new", "/settings/rooms", "/day/2026-11-22"] {
            assert_eq!(looked_at(nobody), None, "{nobody}");
        }
    }
}
