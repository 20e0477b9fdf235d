//! Everybody's own sign-in: looked at by whoever is signed in, changed after the password was entered again.

use super::{
    Edge, cookie,
    forms::{Code, Key, Password},
    page,
    second_step::status_of,
};
use crate::{
    getting_in::{Own, StepError},
    second_factor,
    store::passkey::Named,
};
use app::{
    api::SignedIn,
    sign_in::{ACCOUNT, Account, AccountPage, CodesPage, KeyLine, Offer},
};
use axum::{
    Extension, Form, Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::time::{ClinicClock, Moment};
use leptos::prelude::view;
use serde::Deserialize;
use uuid::Uuid;

#[derive(Deserialize)]
pub struct Which {
    id: Uuid,
}

/// Whoever asks, with the token they asked by: looked at by the layer before.
struct Asker {
    edge: Edge,
    signed_in: SignedIn,
    token: String,
}

impl Asker {
    fn new(edge: Edge, signed_in: SignedIn, headers: &HeaderMap) -> Self {
        let token = cookie::read(headers, edge.cookie_name, cookie::Purpose::SignIn).unwrap_or_default();
        Self { edge, signed_in, token }
    }

    fn own(&self) -> Own<'_> {
        Own { clinics: &self.edge.clinics, ways: &self.edge.ways_in, signed_in: &self.signed_in, token: &self.token }
    }

    /// The page again: led to when all went well, drawn with what went wrong when not.
    async fn answer<T>(&self, result: Result<T, StepError>) -> Response {
        match result {
            Ok(_) => Redirect::to(ACCOUNT).into_response(),
            Err(error) => {
                let mut response = self.page(Some(error.to_string())).await;
                *response.status_mut() = status_of(&error);
                response
            }
        }
    }

    async fn codes(&self, result: Result<Vec<String>, StepError>) -> Response {
        match result {
            Ok(codes) => page::draw(&self.edge, "Recovery codes", || view! { <CodesPage codes next=ACCOUNT.to_owned() /> }).await,
            Err(error) => self.answer::<()>(Err(error)).await,
        }
    }

    async fn page(&self, problem: Option<String>) -> Response {
        let read = async {
            let (factors, open) = self.own().look().await?;
            Ok((factors, open, self.own().passkeys().await?, self.clock().await?))
        };
        let (factors, open, keys, clock) = match read.await {
            Ok(read) => read,
            Err(error) => return status_of(&StepError::Store(error)).into_response(),
        };
        let offered = factors.offered.as_deref().filter(|_| open);
        let offer = offered.and_then(|sealed| second_factor::offer(&self.edge.ways_in.key, self.signed_in.staff, sealed, &factors.email));
        let account = Account {
            name: self.signed_in.name.clone(),
            email: factors.email,
            has_app: factors.totp.is_some(),
            recovery_codes: factors.recovery_codes,
            keys: keys.into_iter().map(|key| line(key, &clock)).collect(),
            offer: offer.map(|offer| Offer { text: offer.text, qr: offer.qr }),
            open,
        };
        page::draw(&self.edge, "Your sign-in", || view! { <AccountPage account problem /> }).await
    }

    async fn clock(&self) -> crate::store::Result<ClinicClock> {
        let mut tx = self.own().open().await?;
        let version = crate::store::clinic::read_version(&mut tx, self.signed_in.clinic).await?;
        Ok(self.edge.clinics.catalogue(&mut tx, self.signed_in.clinic, version.catalogue).await?.clock.clone())
    }
}

fn line(key: Named, clock: &ClinicClock) -> KeyLine {
    let day = |at: Moment| clock.day(at).short();
    let used = key.used_at.map_or_else(|| "never used".to_owned(), |at| format!("used {}", day(at)));
    KeyLine { id: key.id, name: key.name, note: format!("added {}, {used}", day(key.added_at)) }
}

pub async fn show(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, headers: HeaderMap) -> Response {
    Asker::new(edge, who, &headers).page(None).await
}

pub async fn confirm(
    State(edge): State<Edge>,
    Extension(who): Extension<SignedIn>,
    headers: HeaderMap,
    Form(typed): Form<Password>,
) -> Response {
    let asker = Asker::new(edge, who, &headers);
    asker.answer(asker.own().confirm(&typed.password).await).await
}

pub async fn offer_app(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, headers: HeaderMap) -> Response {
    let asker = Asker::new(edge, who, &headers);
    asker.answer(asker.own().offer_app().await).await
}

pub async fn confirm_app(
    State(edge): State<Edge>,
    Extension(who): Extension<SignedIn>,
    headers: HeaderMap,
    Form(typed): Form<Code>,
) -> Response {
    let asker = Asker::new(edge, who, &headers);
    asker.codes(asker.own().confirm_app(&typed.code).await).await
}

pub async fn new_codes(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, headers: HeaderMap) -> Response {
    let asker = Asker::new(edge, who, &headers);
    asker.codes(asker.own().new_codes().await).await
}

pub async fn passkey_options(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, headers: HeaderMap) -> Response {
    let asker = Asker::new(edge, who, &headers);
    match asker.own().begin_passkey().await {
        Ok(options) => ([(header::CACHE_CONTROL, "no-store")], Json(serde_json::json!({ "options": options }))).into_response(),
        Err(StepError::Unconfirmed) => StatusCode::CONFLICT.into_response(),
        Err(error) => status_of(&error).into_response(),
    }
}

pub async fn add_passkey(
    State(edge): State<Edge>,
    Extension(who): Extension<SignedIn>,
    headers: HeaderMap,
    Form(key): Form<Key>,
) -> Response {
    let asker = Asker::new(edge, who, &headers);
    match asker.own().add_passkey(&key.name, &key.answer).await {
        Ok(Some(codes)) => asker.codes(Ok(codes)).await,
        other => asker.answer(other).await,
    }
}

pub async fn remove_passkey(
    State(edge): State<Edge>,
    Extension(who): Extension<SignedIn>,
    headers: HeaderMap,
    Form(which): Form<Which>,
) -> Response {
    let asker = Asker::new(edge, who, &headers);
    asker.answer(asker.own().remove_passkey(which.id).await).await
}
