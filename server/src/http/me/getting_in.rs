//! Asking for a link, following it, and leaving.

use super::{
    NO_STORE,
    document::{self, ask as asking},
    failed, go_to,
};
use crate::{
    http::{
        Edge,
        cookie::{self, Purpose},
    },
    own_pages::getting_in::{self, ASK_SECONDS, Asked, LINK_SECONDS, SIGN_IN_SECONDS},
    store::own_pages::link::Standing,
    token,
};
use app::me::{AskSays, ME, OpenPage};
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::{IntoAny, view};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Typed {
    to: String,
}

/// One answer to everybody: the same page, with a cookie that says which browser asked.
pub async fn ask(State(edge): State<Edge>, headers: HeaderMap, Form(typed): Form<Typed>) -> Response {
    // A browser that asks twice can use both links.
    let known = cookie::read(&headers, edge.cookie_name, Purpose::Asked).filter(|browser| is_ours(browser));
    let browser = known.unwrap_or_else(|| token::draw(edge.clinics.host.as_ref()));
    let (status, says) = match getting_in::ask(&edge.clinics, &edge.transport, &edge.origin, &typed.to, &browser).await {
        Ok(Asked::Noted) => (StatusCode::OK, AskSays::Sent),
        Ok(Asked::TooOften) => (StatusCode::TOO_MANY_REQUESTS, AskSays::TooOften),
        Err(error) => return failed(&edge, &error),
    };
    let kept = cookie::value(edge.cookie_name, Purpose::Asked, &browser, LINK_SECONDS);
    let mut response = ([(header::SET_COOKIE, kept)], asking(&edge, status, says)).into_response();
    if says == AskSays::TooOften {
        response.headers_mut().insert(header::RETRY_AFTER, ASK_SECONDS.into());
    }
    response
}

/// As [`token::draw`] makes it.
fn is_ours(browser: &str) -> bool {
    browser.len() == 64 && browser.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// Shows a button, and changes nothing: whoever looks into mail follows links, too.
pub async fn follow(State(edge): State<Edge>, headers: HeaderMap, Path(token): Path<String>) -> Response {
    let browser = cookie::read(&headers, edge.cookie_name, Purpose::Asked);
    match getting_in::standing(&edge.clinics, &token, browser.as_deref()).await {
        Ok(Standing::Open) => document::page(&edge, StatusCode::OK, "Open my pages", || view! { <OpenPage token /> }.into_any()),
        Ok(standing) => no_good(&edge, standing),
        Err(error) => failed(&edge, &error),
    }
}

fn no_good(edge: &Edge, standing: Standing) -> Response {
    let says = if standing == Standing::OtherBrowser { AskSays::OtherBrowser } else { AskSays::LinkGone };
    asking(edge, StatusCode::GONE, says)
}

/// Uses the link.
pub async fn open(State(edge): State<Edge>, headers: HeaderMap, Path(token): Path<String>) -> Response {
    let [browser, replaced] = [Purpose::Asked, Purpose::Client].map(|one| cookie::read(&headers, edge.cookie_name, one));
    match getting_in::redeem(&edge.clinics, &token, browser.as_deref(), replaced.as_deref()).await {
        Ok(Some(sign_in)) => {
            let signed_in = cookie::value(edge.cookie_name, Purpose::Client, &sign_in, SIGN_IN_SECONDS);
            ([(header::SET_COOKIE, signed_in)], go_to(ME)).into_response()
        }
        Ok(None) => match getting_in::standing(&edge.clinics, &token, browser.as_deref()).await {
            Ok(standing) => no_good(&edge, standing),
            Err(error) => failed(&edge, &error),
        },
        Err(error) => failed(&edge, &error),
    }
}

pub async fn sign_out(State(edge): State<Edge>, headers: HeaderMap) -> Response {
    if let Some(token) = cookie::read(&headers, edge.cookie_name, Purpose::Client)
        && let Err(error) = getting_in::sign_out(&edge.clinics, &token).await
    {
        return failed(&edge, &error);
    }
    let gone = cookie::value(edge.cookie_name, Purpose::Client, "", 0);
    ([NO_STORE], [(header::SET_COOKIE, gone)], go_to(ME)).into_response()
}
