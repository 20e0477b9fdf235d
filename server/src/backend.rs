//! The server's side of the app's server functions.

use crate::{
    clinic::Clinics,
    editing,
    http::cookie::{self, CookieName},
    password,
    store::{self, StoreError, consent, sign_in},
    sync::{pull, push},
};
use app::api::{ApiError, Backend, CatalogueEdit, DocumentFacts, PullRequest, PushRequest, SignedIn};
use async_trait::async_trait;
use domain::{
    ids::{ClientId, ConsentFormId, StaffId},
    sync::{Body, Outcome},
    time::Moment,
};
use leptos_axum::ResponseOptions;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The backend of one request.
pub struct RequestBackend {
    pub clinics: Arc<Clinics>,
    pub cookie_name: CookieName,
    /// The sign-in token this request presented.
    pub token: Option<String>,
    pub response: ResponseOptions,
}

/// A sign-in lasts so long: a working day and the night shift after it.
pub const SIGN_IN_SECONDS: i64 = 14 * 3600;

/// The hash under which a token is stored: whoever reads the table cannot sign in with it.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Who presents this token.
pub async fn signed_in(clinics: &Clinics, token: Option<&str>) -> Result<SignedIn, ApiError> {
    let token = token.ok_or(ApiError::SignedOut)?;
    sign_in::find(&clinics.pool, &token_hash(token), clinics.host.now()).await.map_err(internal)?.ok_or(ApiError::SignedOut)
}

/// Begins a sign-in, in place of the one this browser had; returns its token.
pub async fn sign_in(clinics: &Clinics, email: &str, password: &str, replaced: Option<&str>) -> Result<String, ApiError> {
    let account = sign_in::find_account(&clinics.pool, email).await.map_err(internal)?;
    let (hash, password) = (account.as_ref().map(|account| account.password_hash.clone()), password.to_owned());
    // Hashing takes tens of milliseconds of one core, on purpose: not on the thread that serves others.
    let right = tokio::task::spawn_blocking(move || password::verify(&password, hash.as_deref())).await.unwrap_or(false);
    let account = account.filter(|_| right).ok_or(ApiError::WrongPassword)?;
    let mut token = [0; 32];
    clinics.host.fill(&mut token);
    let token = hex::encode(token);
    let now = clinics.host.now();
    let ends_at = Moment::from_millis(now.millis() + SIGN_IN_SECONDS * 1000);
    sign_in::add(&clinics.pool, &account, &token_hash(&token), now, ends_at).await.map_err(internal)?;
    if let Some(replaced) = replaced {
        sign_in::remove(&clinics.pool, account.clinic, &token_hash(replaced)).await.map_err(internal)?;
    }
    Ok(token)
}

fn internal(error: StoreError) -> ApiError {
    tracing::error!(%error, "a request failed");
    ApiError::Internal
}

impl RequestBackend {
    async fn signed_in(&self) -> Result<SignedIn, ApiError> {
        let signed_in = signed_in(&self.clinics, self.token.as_deref()).await;
        if signed_in == Err(ApiError::SignedOut) {
            self.response.set_status(axum::http::StatusCode::UNAUTHORIZED);
        }
        signed_in
    }

    /// Whoever is signed in, if it is still the one the device believes it is.
    async fn still(&self, by: Option<StaffId>) -> Result<SignedIn, ApiError> {
        let signed_in = self.signed_in().await?;
        if by.is_none_or(|by| by == signed_in.staff) { Ok(signed_in) } else { Err(ApiError::SignedOut) }
    }
}

#[async_trait]
impl Backend for RequestBackend {
    async fn sign_out(&self) -> Result<(), ApiError> {
        if let Some(token) = &self.token
            && let Ok(signed_in) = self.signed_in().await
        {
            sign_in::remove(&self.clinics.pool, signed_in.clinic, &token_hash(token)).await.map_err(internal)?;
        }
        self.response.append_header(axum::http::header::SET_COOKIE, cookie::removal(self.cookie_name));
        Ok(())
    }

    async fn who(&self) -> Result<SignedIn, ApiError> {
        self.signed_in().await
    }

    async fn push(&self, request: PushRequest) -> Result<Vec<Outcome>, ApiError> {
        let signed_in = self.still(request.by).await?;
        let mut outcomes = Vec::with_capacity(request.commands.len());
        for command in &request.commands {
            match push::receive(&self.clinics, &signed_in, request.installation, command).await {
                Ok(outcome) => outcomes.push(outcome),
                // What was answered so far is durable; the device sends the rest again.
                Err(error) if !outcomes.is_empty() => {
                    internal(error);
                    break;
                }
                Err(error) => return Err(internal(error)),
            }
        }
        Ok(outcomes)
    }

    async fn pull(&self, request: PullRequest) -> Result<Body, ApiError> {
        let signed_in = self.still(request.by).await?;
        let page = pull::page(&self.clinics, signed_in.clinic, request).await.map_err(internal)?;
        Ok(Body(page.encode()))
    }

    async fn edit_catalogue(&self, edit: CatalogueEdit) -> Result<(), ApiError> {
        let signed_in = self.signed_in().await?;
        if !signed_in.role.edits_catalogue() {
            return Err(ApiError::NotAllowed);
        }
        editing::save(&self.clinics, &signed_in, edit).await.map_err(|error| match error {
            editing::EditError::Api(error) => error,
            editing::EditError::Store(error) => internal(error),
        })
    }
    async fn signed_document(&self, client: ClientId, form: ConsentFormId, signed_at: Moment) -> Result<Option<DocumentFacts>, ApiError> {
        let signed_in = self.signed_in().await?;
        let found = async {
            let mut tx = store::begin(&self.clinics.pool, signed_in.clinic).await?;
            consent::find(&mut tx, signed_in.clinic, client, form, signed_at).await
        };
        let document = found.await.map_err(internal)?;
        Ok(document.map(|document| DocumentFacts {
            sha256: hex::encode(&document.sha256),
            bytes: u32::try_from(document.body.len()).unwrap_or(u32::MAX),
        }))
    }
}
