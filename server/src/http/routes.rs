//! Every address the server answers, and who may ask for it. The router is made of this table, so nothing is reachable that does not
//! stand here.

use super::{
    Edge,
    access::Access::{self, Anyone, Client, EditsCatalogue, ReadsAudit, RunsClinic, SeesNumbers, Staff, Treats},
    accounts, announcements, bookings, carriers, consent, feeds, health, invitation, me, numbers, own_account, passkey, photos, quarantine,
    second_step, server_function, shared, sign_in, sms,
};
use axum::{
    extract::DefaultBodyLimit,
    http::Method,
    routing::{MethodRouter, get, post, put},
};

pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    pub(super) handler: MethodRouter<Edge>,
}

/// The server functions by their addresses; one that is missing here answers to nobody.
const FUNCTIONS: [(&str, Access); 27] = [
    ("/api/sign-out", Anyone),
    ("/api/who", Staff),
    ("/api/push", Staff),
    ("/api/pull", Staff),
    ("/api/edit-catalogue", EditsCatalogue),
    ("/api/people", RunsClinic),
    ("/api/change-people", RunsClinic),
    ("/api/signed-document", Staff),
    ("/api/open", Staff),
    ("/api/set-pin", Staff),
    // Whoever sits at a browser of the clinic: it has a cookie of its own.
    ("/api/switch", Anyone),
    ("/api/standing", Anyone),
    ("/api/quarantine", Anyone),
    ("/api/wiped", Anyone),
    ("/api/installations", RunsClinic),
    ("/api/change-installation", RunsClinic),
    ("/api/looked", Staff),
    ("/api/audit-of-client", ReadsAudit),
    ("/api/client-messages", Staff),
    ("/api/invite-client", Staff),
    ("/api/client-language", Staff),
    ("/api/client-follow-up", Staff),
    ("/api/call-list", Staff),
    ("/api/log-call", Staff),
    ("/api/numbers", SeesNumbers),
    ("/api/follow-up-policies", EditsCatalogue),
    ("/api/save-follow-up-policies", EditsCatalogue),
];

pub fn routes() -> Vec<Route> {
    let route = |method, path, access, handler| Route { method, path, access, handler };
    let mut routes = vec![
        route(Method::GET, "/live", Staff, get(announcements)),
        route(Method::GET, "/health", Anyone, get(health)),
        route(Method::GET, "/accounts.csv", Staff, get(accounts::list)),
        route(Method::GET, app::api::numbers::NUMBERS_CSV, SeesNumbers, get(numbers::table)),
        route(Method::GET, app::api::numbers::TOUCHES_CSV, SeesNumbers, get(numbers::touches)),
        route(Method::GET, "/touches/{client}", Staff, get(numbers::touches_of_client)),
        route(Method::GET, "/consents/{client}/{form}/{signed_at}", Staff, get(consent::document)),
        route(Method::GET, "/quarantine/{installation}", RunsClinic, get(quarantine::list)),
        route(Method::GET, "/photos/{photo}", Treats, get(photos::picture)),
        route(Method::GET, "/photos/{photo}/thumbnail", Treats, get(photos::thumbnail)),
        route(Method::GET, "/photos/{photo}/upload", Treats, get(photos::stand)),
        route(Method::PUT, "/photos/{photo}/upload/{offset}", Treats, put(photos::receive)),
        // Whoever has the token.
        route(Method::GET, "/shared/{token}", Anyone, get(shared::show)),
        route(Method::GET, "/shared/{token}/picture", Anyone, get(shared::picture)),
        route(Method::GET, "/invitation/{token}", Anyone, get(invitation::show)),
        route(Method::POST, "/invitation/{token}", Anyone, post(invitation::choose)),
        route(Method::POST, "/invitation/{token}/app", Anyone, post(invitation::accept_app)),
        route(Method::POST, "/invitation/{token}/passkey", Anyone, post(invitation::accept_passkey)),
        route(Method::POST, "/invitation/{token}/passkey/options", Anyone, post(invitation::passkey_options)),
        route(Method::GET, app::sign_in::SIGN_IN, Anyone, get(sign_in::show)),
        route(Method::POST, app::sign_in::SIGN_IN, Anyone, post(sign_in::receive)),
        route(Method::GET, app::sign_in::SECOND_STEP, Anyone, get(second_step::show)),
        route(Method::POST, app::sign_in::SECOND_STEP, Anyone, post(second_step::receive)),
        route(Method::POST, app::sign_in::PASSKEY_SIGN_IN, Anyone, post(passkey::receive)),
        route(Method::POST, app::sign_in::PASSKEY_OPTIONS, Anyone, post(passkey::options)),
        // Everybody's own sign-in.
        route(Method::GET, app::sign_in::ACCOUNT, Staff, get(own_account::show)),
        route(Method::POST, "/account/confirm", Staff, post(own_account::confirm)),
        route(Method::POST, "/account/app", Staff, post(own_account::offer_app)),
        route(Method::POST, "/account/app/confirm", Staff, post(own_account::confirm_app)),
        route(Method::POST, "/account/codes", Staff, post(own_account::new_codes)),
        route(Method::POST, "/account/passkey", Staff, post(own_account::add_passkey)),
        route(Method::POST, "/account/passkey/options", Staff, post(own_account::passkey_options)),
        route(Method::POST, "/account/passkey/remove", Staff, post(own_account::remove_passkey)),
        // The clients' own pages. The first shows nobody how to get in.
        route(Method::GET, app::me::ME, Anyone, get(me::show)),
        route(Method::POST, app::me::ASK, Anyone, post(me::ask)),
        route(Method::GET, "/me/link/{token}", Anyone, get(me::follow)),
        route(Method::POST, "/me/link/{token}", Anyone, post(me::open)),
        // Whoever has the link that books one session.
        route(Method::GET, "/me/at/{token}", Anyone, get(me::look_at)),
        route(Method::POST, "/me/at/{token}", Anyone, post(me::book_at)),
        // The carrier of SMS: it signs what it hands in.
        route(Method::POST, "/sms/status/{message}", Anyone, post(sms::status)),
        route(Method::POST, "/sms/incoming/{clinic}", Anyone, post(sms::incoming)),
        // Other booking systems: they sign what they tell.
        route(Method::POST, "/webhooks/bookings/{feed}", Anyone, post(bookings::receive).layer(DefaultBodyLimit::max(bookings::LARGEST))),
        // Whose a booking is, everybody may say; who connects a system runs the clinic.
        route(Method::GET, app::settings::FEEDS, Staff, get(feeds::show)),
        route(Method::POST, "/elsewhere/pick", Staff, post(feeds::pick)),
        route(Method::POST, "/elsewhere/make", RunsClinic, post(feeds::make)),
        route(Method::POST, "/elsewhere/service", RunsClinic, post(feeds::set_service)),
        route(Method::POST, "/elsewhere/secret", RunsClinic, post(feeds::renew)),
        route(Method::POST, "/elsewhere/remove", RunsClinic, post(feeds::remove)),
        // By what messages travel.
        route(Method::GET, app::settings::CARRIERS, RunsClinic, get(carriers::show)),
        route(Method::POST, "/carriers/email", RunsClinic, post(carriers::set_email)),
        route(Method::POST, "/carriers/sms", RunsClinic, post(carriers::set_sms)),
        route(Method::POST, "/carriers/remove", RunsClinic, post(carriers::remove)),
        route(Method::POST, "/carriers/test", RunsClinic, post(carriers::test)),
        route(Method::POST, app::me::SIGN_OUT, Client, post(me::sign_out)),
        route(Method::GET, app::me::CHOICES, Client, get(me::choices)),
        route(Method::POST, app::me::CHOICES, Client, post(me::choose)),
        route(Method::GET, "/me/book/{session}", Client, get(me::times)),
        route(Method::POST, "/me/book/{session}", Client, post(me::book)),
        route(Method::POST, "/me/cancel/{appointment}", Client, post(me::cancel)),
        route(Method::GET, "/me/consent/{plan}/{form}", Client, get(me::sheet)),
        route(Method::POST, "/me/consent/{plan}/{form}", Client, post(me::sign)),
        route(Method::POST, "/me/report/{session}", Client, post(me::tell)),
        route(Method::GET, app::me::PHOTOS, Client, get(me::photos)),
        route(Method::GET, "/me/photos/{photo}", Client, get(me::picture)),
        route(Method::GET, "/me/photos/{photo}/thumbnail", Client, get(me::thumbnail)),
    ];
    routes.extend(FUNCTIONS.map(|(path, access)| route(Method::POST, path, access, post(server_function))));
    routes
}
