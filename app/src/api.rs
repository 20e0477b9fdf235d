//! The server functions: everything a browser asks of the server.
//!
//! Each has an explicit endpoint. Generated addresses change when a module moves, and an iPad that was
//! installed months ago would then call into nothing.

pub mod audit;
mod backend;
pub mod carriers;
mod error;
pub mod follow_up;
pub mod installation;
pub mod messages;
pub mod numbers;
mod people;
pub mod photos;
mod raw;

pub use backend::{Backend, CatalogueEdit, DocumentFacts, Numbered, PUSH_BATCH, PullRequest, PushRequest, SignedIn};
pub use error::ApiError;
pub use people::{Invitation, ListedPerson, PeopleEdit};
pub use raw::Raw;

use audit::{AuditAsked, AuditPage, LookedRequest};
use domain::{
    follow_up::policy::Policies,
    ids::{ClientId, ConsentFormId, InstallationId},
    numbers::{Numbers, Span},
    sync::{Body, Outcome},
    time::Moment,
};
use follow_up::{CallLogged, FollowUpTouch, OnCallList};
use installation::{InstallationAct, InstallationFacts, Opened, PinTyped, Standing, Unsent};
use leptos::{prelude::*, server_fn::codec::Json};
use messages::Correspondence;
use numbers::KeptPolicies;

/// The backend of the request being answered.
#[cfg(feature = "ssr")]
fn backend() -> std::sync::Arc<dyn Backend> {
    expect_context()
}

#[server(prefix = "/api", endpoint = "sign-out", input = Json, output = Json)]
pub async fn sign_out() -> Result<(), ApiError> {
    backend().sign_out().await
}

/// Who is signed in here, as the server sees it.
#[server(prefix = "/api", endpoint = "who", input = Json, output = Json)]
pub async fn who() -> Result<SignedIn, ApiError> {
    backend().who().await
}

/// Hands in commands, in the order in which they were made. One answer for each, in the same order.
#[server(prefix = "/api", endpoint = "push", input = Json, output = Json)]
pub async fn push(request: PushRequest) -> Result<Vec<Outcome>, ApiError> {
    backend().push(request).await
}

/// One [`domain::sync::Page`] of what changed, encoded.
#[server(prefix = "/api", endpoint = "pull", input = Json, output = Raw)]
pub async fn pull(request: PullRequest) -> Result<Body, ApiError> {
    backend().pull(request).await
}

/// Saves an edit of the catalogue, if it still is what the edit was based on.
#[server(prefix = "/api", endpoint = "edit-catalogue", input = Json, output = Json)]
pub async fn edit_catalogue(edit: CatalogueEdit) -> Result<(), ApiError> {
    backend().edit_catalogue(edit).await
}

/// Who works here, and how they get in.
#[server(prefix = "/api", endpoint = "people", input = Json, output = Json)]
pub async fn people() -> Result<Vec<ListedPerson>, ApiError> {
    backend().people().await
}

/// Makes an edit of who works here; answers with the link of whoever was invited with it.
#[server(prefix = "/api", endpoint = "change-people", input = Json, output = Json)]
pub async fn change_people(edit: PeopleEdit) -> Result<Option<Invitation>, ApiError> {
    backend().change_people(edit).await
}

/// The fingerprint of a signed consent's document, as it lies at the clinic.
#[server(prefix = "/api", endpoint = "signed-document", input = Json, output = Json)]
pub async fn signed_document(client: ClientId, form: ConsentFormId, signed_at: Moment) -> Result<Option<DocumentFacts>, ApiError> {
    backend().signed_document(client, form, signed_at).await
}

/// Opens this browser to who has just signed in at it, or has no PIN.
#[server(prefix = "/api", endpoint = "open", input = Json, output = Json)]
pub async fn open(installation: InstallationId) -> Result<Opened, ApiError> {
    backend().open(installation).await
}

/// Signs in by PIN, at a browser of the clinic.
#[server(prefix = "/api", endpoint = "switch", input = Json, output = Json)]
pub async fn switch(typed: PinTyped) -> Result<Opened, ApiError> {
    backend().switch(typed).await
}

/// Chooses a PIN; in place of one, by that one.
#[server(prefix = "/api", endpoint = "set-pin", input = Json, output = Json)]
pub async fn set_pin(installation: InstallationId, pin: String, was: Option<String>) -> Result<Opened, ApiError> {
    backend().set_pin(installation, pin, was).await
}

/// What the server wants of this browser.
#[server(prefix = "/api", endpoint = "standing", input = Json, output = Json)]
pub async fn standing_of(installation: InstallationId) -> Result<Standing, ApiError> {
    backend().standing(installation).await
}

/// Hands over what is only on a browser that is to be emptied.
#[server(prefix = "/api", endpoint = "quarantine", input = Json, output = Json)]
pub async fn quarantine(installation: InstallationId, unsent: Vec<Unsent>) -> Result<(), ApiError> {
    backend().quarantine(installation, unsent).await
}

/// This browser was emptied.
#[server(prefix = "/api", endpoint = "wiped", input = Json, output = Json)]
pub async fn wiped(installation: InstallationId) -> Result<(), ApiError> {
    backend().wiped(installation).await
}

/// The browsers of the clinic, those last used first.
#[server(prefix = "/api", endpoint = "installations", input = Json, output = Json)]
pub async fn installations() -> Result<Vec<InstallationFacts>, ApiError> {
    backend().installations().await
}

#[server(prefix = "/api", endpoint = "change-installation", input = Json, output = Json)]
pub async fn change_installation(installation: InstallationId, act: InstallationAct) -> Result<(), ApiError> {
    backend().change_installation(installation, act).await
}

/// Tells the clinic who looked at whom on this device. Once this is answered they need not be told again.
#[server(prefix = "/api", endpoint = "looked", input = Json, output = Json)]
pub async fn looked(request: LookedRequest) -> Result<(), ApiError> {
    backend().looked(request).await
}

/// Who did and saw what of one client, the newest first; for those who answer for it.
#[server(prefix = "/api", endpoint = "audit-of-client", input = Json, output = Json)]
pub async fn audit_of_client(asked: AuditAsked) -> Result<AuditPage, ApiError> {
    backend().audit_of_client(asked).await
}

/// What was written to a client, and which messages she wants.
#[server(prefix = "/api", endpoint = "client-messages", input = Json, output = Json)]
pub async fn client_messages(client: ClientId) -> Result<Correspondence, ApiError> {
    backend().client_messages(client).await
}

/// What a client was sent between her sessions and will be, and why something was not; by when it is due.
#[server(prefix = "/api", endpoint = "client-follow-up", input = Json, output = Json)]
pub async fn client_follow_up(client: ClientId) -> Result<Vec<FollowUpTouch>, ApiError> {
    backend().client_follow_up(client).await
}

/// The call list: whose series stalled, in the order in which they are to be called.
#[server(prefix = "/api", endpoint = "call-list", input = Json, output = Json)]
pub async fn call_list() -> Result<Vec<OnCallList>, ApiError> {
    backend().call_list().await
}

/// Notes what somebody did about an entry; answers as [`call_list`].
#[server(prefix = "/api", endpoint = "log-call", input = Json, output = Json)]
pub async fn log_call(logged: CallLogged) -> Result<Vec<OnCallList>, ApiError> {
    backend().log_call(logged).await
}

/// Writes to a client where her own pages are; answers as [`client_messages`].
#[server(prefix = "/api", endpoint = "invite-client", input = Json, output = Json)]
pub async fn invite_client(client: ClientId) -> Result<Correspondence, ApiError> {
    backend().invite_client(client).await
}

/// In which language a client is written to, `None`: the clinic's own; answers as [`client_messages`].
#[server(prefix = "/api", endpoint = "client-language", input = Json, output = Json)]
pub async fn client_language(client: ClientId, language: Option<String>) -> Result<Correspondence, ApiError> {
    backend().client_language(client, language).await
}

/// The numbers of these days, computed anew.
#[server(prefix = "/api", endpoint = "numbers", input = Json, output = Json)]
pub async fn numbers_of(span: Span) -> Result<Numbers, ApiError> {
    backend().numbers(span).await
}

/// What the clinic sends between the sessions of a series.
#[server(prefix = "/api", endpoint = "follow-up-policies", input = Json, output = Json)]
pub async fn follow_up_policies() -> Result<KeptPolicies, ApiError> {
    backend().follow_up_policies().await
}

/// Saves what is sent from now on, if nobody has since the version it is based on; answers as [`follow_up_policies`].
#[server(prefix = "/api", endpoint = "save-follow-up-policies", input = Json, output = Json)]
pub async fn save_follow_up_policies(policies: Policies, based_on: u32) -> Result<KeptPolicies, ApiError> {
    backend().save_follow_up_policies(policies, based_on).await
}
