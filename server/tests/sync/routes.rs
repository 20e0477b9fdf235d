//! Every address × everybody who could ask × whose it is.

use crate::{
    clients_pages::phone::Phone,
    clinic::{self, CLINIC, client},
    photos::{
        browser::{Browser, hash},
        files,
        studio::{DESK, Studio},
    },
};
use app::api::photos::PIECE_HASH;
use domain::catalogue::Role::{self, Coordinator, FrontDesk, MedicalDirector, Owner, Provider};
use leptos::server_fn::axum::server_fn_paths;
use server::http::{access::Access, routes::routes};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::collections::BTreeSet;

const EVERYBODY: &[Role] = &[Provider, FrontDesk, Coordinator, MedicalDirector, Owner];
const WHO_TREAT: &[Role] = &[Provider, MedicalDirector, Owner];
const WHO_ANSWER_FOR_IT: &[Role] = &[MedicalDirector, Owner];
const WHO_EDIT: &[Role] = &[MedicalDirector, Owner];
const WHO_SEE_NUMBERS: &[Role] = &[Coordinator, MedicalDirector, Owner];
const WHO_RUN: &[Role] = &[Owner];

/// Method, address, who may ask when signed in, and what a stranger of another clinic gets who has the right role.
type Line = (&'static str, &'static str, Option<&'static [Role]>, Option<u16>);

/// Written down apart from the routes: a new one fails here until somebody has thought about it. No roles: no sign-in is needed.
const TABLE: [Line; 80] = [
    ("GET", "/live", Some(EVERYBODY), None),
    ("GET", "/health", None, None),
    ("GET", "/accounts.csv", Some(EVERYBODY), None),
    // Without the name of a table there is none.
    ("GET", "/numbers.csv", Some(WHO_SEE_NUMBERS), None),
    ("GET", "/touches.csv", Some(WHO_SEE_NUMBERS), None),
    ("GET", "/touches/{client}", Some(EVERYBODY), Some(404)),
    ("GET", "/consents/{client}/{form}/{signed_at}", Some(EVERYBODY), Some(404)),
    ("GET", "/photos/{photo}", Some(WHO_TREAT), Some(404)),
    ("GET", "/photos/{photo}/thumbnail", Some(WHO_TREAT), Some(404)),
    ("GET", "/photos/{photo}/upload", Some(WHO_TREAT), Some(404)),
    ("PUT", "/photos/{photo}/upload/{offset}", Some(WHO_TREAT), Some(404)),
    ("GET", "/shared/{token}", None, Some(404)),
    ("GET", "/shared/{token}/picture", None, Some(404)),
    ("GET", "/invitation/{token}", None, Some(404)),
    ("POST", "/invitation/{token}", None, None),
    ("POST", "/invitation/{token}/app", None, None),
    ("POST", "/invitation/{token}/passkey", None, None),
    ("POST", "/invitation/{token}/passkey/options", None, Some(404)),
    ("GET", "/sign-in", None, None),
    ("POST", "/sign-in", None, None),
    ("GET", "/sign-in/second-step", None, None),
    ("POST", "/sign-in/second-step", None, None),
    ("POST", "/sign-in/passkey", None, None),
    ("POST", "/sign-in/passkey/options", None, None),
    ("GET", "/account", Some(EVERYBODY), None),
    ("POST", "/account/confirm", Some(EVERYBODY), None),
    ("POST", "/account/app", Some(EVERYBODY), None),
    ("POST", "/account/app/confirm", Some(EVERYBODY), None),
    ("POST", "/account/codes", Some(EVERYBODY), None),
    ("POST", "/account/passkey", Some(EVERYBODY), None),
    ("POST", "/account/passkey/options", Some(EVERYBODY), None),
    ("POST", "/account/passkey/remove", Some(EVERYBODY), None),
    ("POST", "/api/sign-out", None, None),
    ("POST", "/api/who", Some(EVERYBODY), None),
    ("POST", "/api/push", Some(EVERYBODY), None),
    ("POST", "/api/pull", Some(EVERYBODY), None),
    ("POST", "/api/edit-catalogue", Some(WHO_EDIT), None),
    ("POST", "/api/people", Some(WHO_RUN), None),
    ("POST", "/api/change-people", Some(WHO_RUN), None),
    ("POST", "/api/signed-document", Some(EVERYBODY), None),
    ("POST", "/api/open", Some(EVERYBODY), None),
    ("POST", "/api/set-pin", Some(EVERYBODY), None),
    ("POST", "/api/switch", None, None),
    ("POST", "/api/standing", None, None),
    ("POST", "/api/quarantine", None, None),
    ("POST", "/api/wiped", None, None),
    ("POST", "/api/installations", Some(WHO_RUN), None),
    ("POST", "/api/change-installation", Some(WHO_RUN), None),
    ("GET", "/quarantine/{installation}", Some(WHO_RUN), Some(404)),
    ("POST", "/api/looked", Some(EVERYBODY), None),
    ("POST", "/api/audit-of-client", Some(WHO_ANSWER_FOR_IT), None),
    ("POST", "/api/client-messages", Some(EVERYBODY), None),
    ("POST", "/api/invite-client", Some(EVERYBODY), None),
    ("POST", "/api/client-language", Some(EVERYBODY), None),
    ("POST", "/api/client-follow-up", Some(EVERYBODY), None),
    ("POST", "/api/call-list", Some(EVERYBODY), None),
    ("POST", "/api/log-call", Some(EVERYBODY), None),
    ("POST", "/api/numbers", Some(WHO_SEE_NUMBERS), None),
    ("POST", "/api/follow-up-policies", Some(WHO_EDIT), None),
    ("POST", "/api/save-follow-up-policies", Some(WHO_EDIT), None),
    ("GET", "/me", None, None),
    ("POST", "/me/ask", None, None),
    ("GET", "/me/link/{token}", None, Some(410)),
    ("POST", "/me/link/{token}", None, Some(410)),
    ("GET", "/me/at/{token}", None, Some(410)),
    ("POST", "/me/at/{token}", None, None),
    ("POST", "/sms/status/{message}", None, Some(404)),
    ("POST", "/sms/incoming/{clinic}", None, Some(404)),
    ("POST", "/webhooks/bookings/{feed}", None, Some(401)),
    ("GET", "/elsewhere", Some(EVERYBODY), None),
    ("POST", "/elsewhere/pick", Some(EVERYBODY), None),
    ("POST", "/elsewhere/make", Some(WHO_RUN), None),
    ("POST", "/elsewhere/service", Some(WHO_RUN), None),
    ("POST", "/elsewhere/secret", Some(WHO_RUN), None),
    ("POST", "/elsewhere/remove", Some(WHO_RUN), None),
    ("GET", "/carriers", Some(WHO_RUN), None),
    ("POST", "/carriers/email", Some(WHO_RUN), None),
    ("POST", "/carriers/sms", Some(WHO_RUN), None),
    ("POST", "/carriers/remove", Some(WHO_RUN), None),
    ("POST", "/carriers/test", Some(WHO_RUN), None),
];

/// The clients' own pages: a client gets in, and nobody of the staff by being that. With what a client gets for what is not hers.
const OWN_PAGES: [(&str, &str, Option<u16>); 12] = [
    ("POST", "/me/sign-out", None),
    ("GET", "/me/messages", None),
    ("POST", "/me/messages", None),
    ("GET", "/me/book/{session}", Some(404)),
    ("POST", "/me/book/{session}", None),
    ("POST", "/me/cancel/{appointment}", Some(404)),
    ("GET", "/me/consent/{plan}/{form}", Some(404)),
    ("POST", "/me/consent/{plan}/{form}", None),
    ("POST", "/me/report/{session}", None),
    ("GET", "/me/photos", None),
    ("GET", "/me/photos/{photo}", Some(404)),
    ("GET", "/me/photos/{photo}/thumbnail", Some(404)),
];

#[test]
fn no_address_is_without_a_line_in_the_table() {
    let served: BTreeSet<_> = routes().iter().map(|route| (route.method.to_string(), route.path.to_owned())).collect();
    let lines = TABLE.iter().map(|(method, path, ..)| (*method, *path)).chain(OWN_PAGES.iter().map(|(method, path, _)| (*method, *path)));
    let told: BTreeSet<_> = lines.map(|(method, path)| (method.to_owned(), path.to_owned())).collect();
    assert_eq!(served, told);
    let functions: BTreeSet<_> = server_fn_paths().map(|(path, method)| (method.to_string(), path.to_owned())).collect();
    assert!(functions.is_subset(&served), "a server function answers to nobody: {functions:?}");
    assert_eq!(functions.len(), 27);
}

/// The address with what stands in braces filled in.
fn filled(path: &str, photo: &str) -> String {
    let client = client(0).to_string();
    let form = clinic::FORM.to_string();
    let parts = [
        ("{photo}", photo),
        ("{client}", client.as_str()),
        ("{clinic}", client.as_str()),
        ("{message}", "00000000-0000-0000-0000-0000000fffff"),
        ("{installation}", client.as_str()),
        ("{feed}", client.as_str()),
        ("{form}", form.as_str()),
        ("{signed_at}", "1"),
        ("{offset}", "0"),
        ("{token}", "nobody-knows-it"),
        ("{session}", "00000000-0000-0000-0000-0000000fffff"),
        ("{plan}", "00000000-0000-0000-0000-0000000fffff"),
        ("{appointment}", "00000000-0000-0000-0000-0000000fffff"),
    ];
    parts.into_iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
}

async fn status(browser: &Browser, method: &str, path: &str, photo: &str) -> u16 {
    let headers = [("content-type", "application/json"), (PIECE_HASH, &hash(b"{}"))];
    browser.status(method, &filled(path, photo), &headers, b"{}").await
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn every_address_admits_whom_the_table_says(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let file = files::small();
    let photo = studio.take(1, 1, &file, (400, 300)).await;
    studio.provider().await.send(photo, &file).await;
    let photo = photo.to_string();
    let nobody = studio.nobody();
    let forged = Browser { address: nobody.address, token: Some("0a".repeat(32)) };
    let stranger = studio.stranger().await;
    for (method, path, admitted, foreign) in TABLE {
        // Whoever does not sign what is handed in is told the same, signed in or not.
        let signs = path.starts_with("/webhooks/");
        let unsigned = admitted.is_some() || signs;
        for browser in [&nobody, &forged] {
            assert_eq!(status(browser, method, path, &photo).await == 401, unsigned, "{method} {path} without signing in");
        }
        for role in EVERYBODY {
            // One sign-in, whose person changes roles: each holds from the next request on.
            set_role(&studio, *role).await;
            let person = studio.desk().await;
            let admits = admitted.is_none_or(|admitted| admitted.contains(role));
            let found = status(&person, method, path, &photo).await;
            assert_eq!(found == 403, !admits, "{method} {path} as {role:?}: {found}");
            assert_eq!(found == 401, signs, "{method} {path} as {role:?}");
        }
        if let Some(expected) = foreign {
            assert_eq!(status(&stranger, method, path, &photo).await, expected, "{method} {path} of another clinic");
        }
        // A client's sign-in opens nothing of the staff's.
        if admitted.is_some() {
            let mut phone = Phone::of(&studio, CLINIC, client(0)).await;
            assert_eq!(phone.ask(method, &filled(path, &photo), "").await.status, 401, "{method} {path} as a client");
            // Nor does its token, put where the staff's belongs.
            let taken_for_staff = Browser { address: nobody.address, token: phone.cookies.remove("cadence-me") };
            assert_eq!(status(&taken_for_staff, method, path, &photo).await, 401, "{method} {path} with a client's token");
        }
    }
    for (method, path, not_hers) in OWN_PAGES {
        for browser in [&nobody, &forged, &stranger] {
            assert_eq!(status(browser, method, path, &photo).await, 401, "{method} {path}");
        }
        for role in EVERYBODY {
            set_role(&studio, *role).await;
            let person = studio.desk().await;
            assert_eq!(status(&person, method, path, &photo).await, 401, "{method} {path} as {role:?}");
            let mut taken_for_client = Phone::new(nobody.address);
            taken_for_client.cookies.insert("cadence-me".into(), person.token.unwrap());
            assert_eq!(
                taken_for_client.ask(method, &filled(path, &photo), "").await.status,
                401,
                "{method} {path} with a token of {role:?}"
            );
        }
        let found = Phone::of(&studio, CLINIC, client(0)).await.ask(method, &filled(path, &photo), "").await.status;
        assert!(found != 401 && found != 403, "{method} {path} as a client: {found}");
        assert_eq!(found, not_hers.unwrap_or(found), "{method} {path} as a client");
    }
}

pub async fn set_role(studio: &Studio, role: Role) {
    let mut tx = server::store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    sqlx::query("update staff set role = $1 where clinic_id = $2 and id = $3")
        .bind(server::store::sign_in::role_name(role))
        .bind(CLINIC.0)
        .bind(DESK.0)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn the_roles_of_each_access_are_those_of_the_table() {
    for route in routes() {
        if OWN_PAGES.iter().any(|(method, path, _)| route.method == *method && route.path == *path) {
            assert_eq!(route.access, Access::Client, "{} {}", route.method, route.path);
            continue;
        }
        let (.., admitted, _) = TABLE.into_iter().find(|(method, path, ..)| route.method == *method && route.path == *path).unwrap();
        let admits: Vec<_> = EVERYBODY.iter().copied().filter(|role| route.access.admits(*role)).collect();
        assert_eq!(admits, admitted.unwrap_or(EVERYBODY), "{} {}", route.method, route.path);
        assert_eq!(route.access == Access::Anyone, admitted.is_none(), "{} {}", route.method, route.path);
    }
}
