//! The server's side of the app's server functions.

use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    editing,
    follow_up::{self, transport::Transport},
    getting_in,
    http::cookie::{self, CookieName, Purpose},
    installations::{self, InstallationError, LetIn, Presented},
    numbers,
    own_pages::{
        choices,
        messages::{self, Uninvited},
    },
    password, people,
    store::{self, StoreError, consent, second_factor, sign_in, sign_in_try},
    sync::{pull, push},
    token,
};
use app::api::{
    ApiError, Backend, CatalogueEdit, DocumentFacts, Invitation, ListedPerson, PeopleEdit, PullRequest, PushRequest, SignedIn,
    audit::{AuditAsked, AuditPage, LOOKS_BATCH, LookedRequest},
    follow_up::{CallLogged, FollowUpTouch, OnCallList},
    installation::{InstallationAct, InstallationFacts, Opened, PinTyped, Standing, Unsent},
    messages::Correspondence,
    numbers::KeptPolicies,
};
use async_trait::async_trait;
use domain::{
    audit::{Action, Who},
    follow_up::policy::Policies,
    ids::{ClientId, ClinicId, ConsentFormId, InstallationId, StaffId},
    numbers::{Numbers, Span},
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
    /// The browser's own token.
    pub installation: Option<String>,
    /// What the browser calls itself.
    pub agent: String,
    /// Who presented it, where the route asks for somebody.
    pub visitor: Option<SignedIn>,
    /// As in [`crate::http::Edge`].
    pub origin: Arc<str>,
    pub transport: Arc<dyn Transport>,
    pub response: ResponseOptions,
}

/// A sign-in lasts so long: a working day and the night shift after it.
pub const SIGN_IN_SECONDS: i64 = 14 * 3600;

/// Who presents this token.
pub async fn signed_in(clinics: &Clinics, token: Option<&str>) -> Result<SignedIn, ApiError> {
    let token = token.ok_or(ApiError::SignedOut)?;
    sign_in::find(&clinics.pool, &token::hash(token), clinics.host.now()).await.map_err(internal)?.ok_or(ApiError::SignedOut)
}

/// An address is tried so often within that time; then nobody is let in by it, whatever the password.
pub const MOST_TRIES: i32 = 10;
pub const TRIES_SECONDS: i64 = 15 * 60;

/// The same of every address, whether it is known here or not.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("E-mail or password is not right.")]
    WrongPassword,
    #[error("This address was tried too often. Wait a quarter of an hour; everything saved here is kept.")]
    TooManyTries,
    #[error("Something went wrong on the server. It was noted; try again.")]
    Store(#[from] StoreError),
}

/// What a right password leads to.
#[derive(Debug)]
pub enum Began {
    /// Who has nothing beside the password is in; the sign-in's token.
    SignedIn(String),
    /// The second step is still to be taken; what names it.
    SecondStep(String),
}

/// Looks at address and password, and begins a sign-in, in place of the one this browser had.
pub async fn sign_in(clinics: &Arc<Clinics>, email: &str, password: &str, replaced: Option<&str>) -> Result<Began, SignInError> {
    let about = Sha256::digest(email.trim().to_lowercase().as_bytes()).to_vec();
    let now = clinics.host.now();
    let from = Moment::from_millis(now.millis() - TRIES_SECONDS * 1000);
    let tries = sign_in_try::count(&clinics.pool, &about, now, from).await?;
    if tries > MOST_TRIES {
        // Once, however many follow.
        if tries == MOST_TRIES + 1 {
            tokio::spawn(note_too_many_tries(clinics.clone(), email.to_owned()));
        }
        return Err(SignInError::TooManyTries);
    }
    let account = sign_in::find_account(&clinics.pool, email).await?;
    let right = password::verify_aside(password, account.as_ref().map(|account| account.password_hash.clone())).await;
    let Some(account) = account.as_ref().filter(|_| right) else {
        if let Some(account) = account {
            // Beside the answer: one that takes longer would tell that the address is known.
            tokio::spawn(note_refused(clinics.clone(), account.clinic, account.staff, Action::SignInFailed));
        }
        return Err(SignInError::WrongPassword);
    };
    sign_in_try::forget(&clinics.pool, &about).await?;
    let who = (account.clinic, account.staff);
    let mut tx = store::begin(&clinics.pool, account.clinic).await?;
    let began = if second_factor::read(&mut tx, who).await?.has_second() {
        let step = token::draw(clinics.host.as_ref());
        second_factor::add_step(&mut tx, who, &token::hash(&step), now, getting_in::after(now, getting_in::STEP_SECONDS)).await?;
        Began::SecondStep(step)
    } else {
        Began::SignedIn(getting_in::begin(&mut tx, clinics, who, replaced, Action::SignIn).await?)
    };
    tx.commit().await.map_err(StoreError::from)?;
    Ok(began)
}

/// Whoever tried is not known, only in whose name.
async fn note_refused(clinics: Arc<Clinics>, clinic: ClinicId, staff: StaffId, action: Action) {
    if let Err(error) = audit::note(&clinics, clinic, Entry::by(Who::Nobody, action).id("staff", staff.0)).await {
        tracing::error!(%error, "a refused sign-in could not be noted");
    }
}

async fn note_too_many_tries(clinics: Arc<Clinics>, email: String) {
    match sign_in::find_account(&clinics.pool, &email).await {
        Ok(Some(account)) => note_refused(clinics, account.clinic, account.staff, Action::TooManyTries).await,
        Ok(None) => {}
        Err(error) => tracing::error!(%error, "too many tries to sign in could not be noted"),
    }
}

fn internal(error: StoreError) -> ApiError {
    if error.is_unstorable() {
        return ApiError::Invalid(vec![
            "Something in this cannot be kept: an odd character, a number that is too large, or far too much.".to_owned(),
        ]);
    }
    tracing::error!(%error, "a request failed");
    ApiError::Internal
}

fn not_saved(error: editing::EditError) -> ApiError {
    match error {
        editing::EditError::Api(error) => error,
        editing::EditError::Store(error) => internal(error),
    }
}

impl RequestBackend {
    /// Let through by [`crate::http::access`].
    fn visitor(&self) -> Result<&SignedIn, ApiError> {
        self.visitor.as_ref().ok_or(ApiError::SignedOut)
    }

    /// Whoever is signed in, if it is still the one the device believes it is.
    fn still(&self, by: Option<StaffId>) -> Result<&SignedIn, ApiError> {
        self.visitor().and_then(|visitor| if by.is_none_or(|by| by == visitor.staff) { Ok(visitor) } else { Err(ApiError::SignedOut) })
    }
}

impl RequestBackend {
    fn presented(&self) -> Presented<'_> {
        Presented { token: self.token.as_deref(), installation: self.installation.as_deref(), agent: &self.agent }
    }

    fn set_cookie(&self, cookie: axum::http::HeaderValue) {
        self.response.append_header(axum::http::header::SET_COOKIE, cookie);
    }

    fn let_in(&self, let_in: LetIn) -> Opened {
        let cookies = [
            (Purpose::SignIn, let_in.sign_in, SIGN_IN_SECONDS),
            (Purpose::Installation, let_in.installation, cookie::INSTALLATION_SECONDS),
        ];
        for (purpose, token, seconds) in cookies {
            if let Some(token) = token {
                self.set_cookie(cookie::value(self.cookie_name, purpose, &token, seconds));
            }
        }
        let_in.opened
    }
}

fn refused(error: InstallationError) -> ApiError {
    match error {
        InstallationError::Api(error) => error,
        InstallationError::Store(error) => internal(error),
    }
}

#[async_trait]
impl Backend for RequestBackend {
    async fn sign_out(&self) -> Result<(), ApiError> {
        if let Some(token) = &self.token
            && let Ok(signed_in) = signed_in(&self.clinics, Some(token)).await
        {
            audit::note(&self.clinics, signed_in.clinic, Entry::by_staff(signed_in.staff, Action::SignOut)).await.map_err(internal)?;
            sign_in::remove(&self.clinics.pool, signed_in.clinic, &token::hash(token)).await.map_err(internal)?;
        }
        self.set_cookie(cookie::removal(self.cookie_name, Purpose::SignIn));
        Ok(())
    }

    async fn who(&self) -> Result<SignedIn, ApiError> {
        self.visitor().cloned()
    }

    async fn push(&self, request: PushRequest) -> Result<Vec<Outcome>, ApiError> {
        let signed_in = self.still(request.by)?;
        let mut outcomes = Vec::with_capacity(request.commands.len());
        for command in &request.commands {
            match push::receive(&self.clinics, signed_in, request.installation, command).await {
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
        let signed_in = self.still(request.by)?;
        let page = pull::page(&self.clinics, signed_in.clinic, signed_in.role, request).await.map_err(internal)?;
        Ok(Body(page.encode()))
    }

    async fn edit_catalogue(&self, edit: CatalogueEdit) -> Result<(), ApiError> {
        editing::save(&self.clinics, self.visitor()?, edit).await.map_err(not_saved)
    }

    async fn people(&self) -> Result<Vec<ListedPerson>, ApiError> {
        people::list(&self.clinics, self.visitor()?).await.map_err(internal)
    }

    async fn change_people(&self, edit: PeopleEdit) -> Result<Option<Invitation>, ApiError> {
        people::change(&self.clinics, self.visitor()?, edit).await.map_err(not_saved)
    }

    async fn signed_document(&self, client: ClientId, form: ConsentFormId, signed_at: Moment) -> Result<Option<DocumentFacts>, ApiError> {
        let signed_in = self.visitor()?;
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

    async fn open(&self, id: InstallationId) -> Result<Opened, ApiError> {
        let let_in = installations::open(&self.clinics, self.visitor()?, id, self.presented()).await.map_err(refused)?;
        Ok(self.let_in(let_in))
    }

    async fn switch(&self, typed: PinTyped) -> Result<Opened, ApiError> {
        let let_in = installations::switch(&self.clinics, typed, self.presented()).await.map_err(refused)?;
        Ok(self.let_in(let_in))
    }

    async fn set_pin(&self, id: InstallationId, pin: String, was: Option<String>) -> Result<Opened, ApiError> {
        let let_in = installations::set_pin(&self.clinics, self.visitor()?, id, (pin, was), self.presented()).await.map_err(refused)?;
        Ok(self.let_in(let_in))
    }

    async fn standing(&self, id: InstallationId) -> Result<Standing, ApiError> {
        installations::standing(&self.clinics, id, self.presented()).await.map_err(refused)
    }

    async fn quarantine(&self, id: InstallationId, unsent: Vec<Unsent>) -> Result<(), ApiError> {
        installations::quarantine(&self.clinics, id, &unsent, self.presented()).await.map_err(refused)
    }

    async fn wiped(&self, id: InstallationId) -> Result<(), ApiError> {
        installations::wiped(&self.clinics, id, self.presented()).await.map_err(refused)
    }

    async fn installations(&self) -> Result<Vec<InstallationFacts>, ApiError> {
        let clinic = self.visitor()?.clinic;
        let found = async {
            let mut tx = store::begin(&self.clinics.pool, clinic).await?;
            store::installation::all(&mut tx, clinic).await
        };
        found.await.map_err(internal)
    }

    async fn change_installation(&self, id: InstallationId, act: InstallationAct) -> Result<(), ApiError> {
        installations::change(&self.clinics, self.visitor()?, id, act).await.map_err(refused)
    }

    async fn looked(&self, request: LookedRequest) -> Result<(), ApiError> {
        let signed_in = self.still(Some(request.by))?;
        if request.looks.len() > LOOKS_BATCH {
            return Err(ApiError::Mismatch);
        }
        audit::looks::take(&self.clinics, signed_in, &request.looks).await.map_err(internal)
    }

    async fn audit_of_client(&self, asked: AuditAsked) -> Result<AuditPage, ApiError> {
        audit::of_client::page(&self.clinics, self.visitor()?, asked).await.map_err(internal)
    }

    async fn client_follow_up(&self, client: ClientId) -> Result<Vec<FollowUpTouch>, ApiError> {
        let found = follow_up::seen::of_client(&self.clinics, self.visitor()?, client).await.map_err(internal)?;
        found.ok_or_else(|| ApiError::Invalid(vec!["This client is not at the clinic yet.".to_owned()]))
    }

    async fn call_list(&self) -> Result<Vec<OnCallList>, ApiError> {
        follow_up::seen::calls(&self.clinics, self.visitor()?).await.map_err(internal)
    }

    async fn log_call(&self, logged: CallLogged) -> Result<Vec<OnCallList>, ApiError> {
        follow_up::seen::log(&self.clinics, self.visitor()?, logged).await.map_err(internal)??;
        self.call_list().await
    }

    async fn client_messages(&self, client: ClientId) -> Result<Correspondence, ApiError> {
        let found = messages::of_client(&self.clinics, self.visitor()?, client).await.map_err(internal)?;
        found.ok_or_else(|| ApiError::Invalid(vec!["This client is not at the clinic yet.".to_owned()]))
    }

    async fn invite_client(&self, client: ClientId) -> Result<Correspondence, ApiError> {
        match messages::invite(&self.clinics, self.transport.as_ref(), self.visitor()?, &self.origin, client).await.map_err(internal)? {
            Ok(()) => self.client_messages(client).await,
            Err(Uninvited::UnknownClient) => Err(ApiError::Invalid(vec!["This client is not at the clinic yet.".to_owned()])),
            Err(Uninvited::NoAddress) => {
                Err(ApiError::Invalid(vec!["Neither an e-mail address nor a phone number is on file.".to_owned()]))
            }
        }
    }

    async fn client_language(&self, client: ClientId, language: Option<String>) -> Result<Correspondence, ApiError> {
        match choices::set_language(&self.clinics, self.visitor()?, client, language).await.map_err(internal)? {
            true => self.client_messages(client).await,
            false => Err(ApiError::Invalid(vec!["This client is not at the clinic yet.".to_owned()])),
        }
    }

    async fn numbers(&self, span: Span) -> Result<Numbers, ApiError> {
        numbers::read(&self.clinics, self.visitor()?.clinic, span).await.map_err(internal)
    }

    async fn follow_up_policies(&self) -> Result<KeptPolicies, ApiError> {
        let kept = follow_up::policies::read(&self.clinics, self.visitor()?.clinic).await.map_err(internal)?;
        Ok(KeptPolicies { policies: kept.policies, version: kept.version })
    }

    async fn save_follow_up_policies(&self, policies: Policies, based_on: u32) -> Result<KeptPolicies, ApiError> {
        match follow_up::policies::save(&self.clinics, self.visitor()?, &policies, based_on).await.map_err(internal)? {
            Ok(()) => self.follow_up_policies().await,
            Err(follow_up::policies::Refused::NotAllowed) => Err(ApiError::NotAllowed),
            Err(follow_up::policies::Refused::Faults(faults)) => Err(ApiError::Invalid(faults)),
            Err(follow_up::policies::Refused::Stale) => Err(ApiError::Stale),
        }
    }
}
