//! Where somebody who was invited chooses how to get in.

use super::{
    Edge, cookie,
    forms::{Code, Key, Password},
    page,
    second_step::status_of,
};
use crate::{
    backend,
    getting_in::StepError,
    invitations::{Accepted, InvitationError, Invited, Link},
};
use app::sign_in::{CodesPage, FactorPage, GonePage, InvitationPage, Offer, invitation_address};
use axum::{
    Form, Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::view;

fn link<'a>(edge: &'a Edge, token: &'a str) -> Link<'a> {
    Link { clinics: &edge.clinics, ways: &edge.ways_in, token }
}

/// Looking changes nothing: who reads mail for others opens links too.
pub async fn show(State(edge): State<Edge>, Path(token): Path<String>) -> Response {
    stands(&edge, &token, None).await
}

pub async fn choose(State(edge): State<Edge>, Path(token): Path<String>, Form(chosen): Form<Password>) -> Response {
    match link(&edge, &token).choose(&chosen.password).await {
        Ok(()) => Redirect::to(&invitation_address(&token)).into_response(),
        Err(error) => refused(&edge, &token, error).await,
    }
}

pub async fn accept_app(State(edge): State<Edge>, Path(token): Path<String>, Form(typed): Form<Code>) -> Response {
    let accepted = link(&edge, &token).accept_app(&typed.code).await;
    answer(&edge, &token, accepted).await
}

pub async fn passkey_options(State(edge): State<Edge>, Path(token): Path<String>) -> Response {
    match link(&edge, &token).begin_passkey().await {
        Ok(options) => ([(header::CACHE_CONTROL, "no-store")], Json(serde_json::json!({ "options": options }))).into_response(),
        Err(InvitationError::Gone) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => refused(&edge, &token, error).await,
    }
}

pub async fn accept_passkey(State(edge): State<Edge>, Path(token): Path<String>, Form(key): Form<Key>) -> Response {
    let accepted = link(&edge, &token).accept_passkey(&key.name, &key.answer).await;
    answer(&edge, &token, accepted).await
}

async fn answer(edge: &Edge, token: &str, accepted: Result<Accepted, InvitationError>) -> Response {
    match accepted {
        Ok(Accepted { sign_in, codes }) => {
            let mut response = page::draw(edge, "Recovery codes", || view! { <CodesPage codes next="/".to_owned() /> }).await;
            response
                .headers_mut()
                .append(header::SET_COOKIE, cookie::value(edge.cookie_name, cookie::Purpose::SignIn, &sign_in, backend::SIGN_IN_SECONDS));
            response
        }
        Err(error) => refused(edge, token, error).await,
    }
}

/// The page as the link stands, with what is wrong; or one that says that the link is dead.
async fn refused(edge: &Edge, token: &str, error: InvitationError) -> Response {
    let words = error.to_string();
    let status = match error {
        InvitationError::Gone => return gone(edge).await,
        InvitationError::Password(_) => StatusCode::UNPROCESSABLE_ENTITY,
        InvitationError::Factor(error) => status_of(&error),
        InvitationError::Store(error) => return status_of(&StepError::Store(error)).into_response(),
    };
    let mut response = stands(edge, token, Some(words)).await;
    if response.status().is_success() {
        *response.status_mut() = status;
    }
    response
}

async fn gone(edge: &Edge) -> Response {
    let mut response = page::draw(edge, "Invitation", || view! { <GonePage /> }).await;
    if response.status().is_success() {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// First the password, then what is asked for beside it.
async fn stands(edge: &Edge, token: &str, problem: Option<String>) -> Response {
    let link = link(edge, token);
    let invited = match link.look().await {
        Ok(invited) => invited,
        Err(InvitationError::Store(error)) => return status_of(&StepError::Store(error)).into_response(),
        Err(_) => return gone(edge).await,
    };
    let address = invitation_address(token);
    match link.offered(&invited) {
        Some(offered) => {
            let offer = Offer { text: offered.text, qr: offered.qr };
            page::draw(edge, "Invitation", || view! { <FactorPage address offer problem /> }).await
        }
        None => {
            let Invited { clinic_name, name, role, email, .. } = invited;
            page::draw(edge, "Invitation", || view! { <InvitationPage address clinic=clinic_name name role email problem /> }).await
        }
    }
}
