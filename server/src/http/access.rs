//! Who is let through to a route: the one place where that is decided.

use super::{Edge, cookie, me, page};
use crate::backend::signed_in;
use app::{api::ApiError, sign_in::NotAllowedPage};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::catalogue::Role;
use leptos::prelude::{FromServerFnError, view};

/// Who may ask. What of it is somebody's own, such as one clinic's charts, the database sees to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Without signing in.
    Anyone,
    /// Everybody who works at the clinic.
    Staff,
    /// Those who treat: charts' clinical parts, photographs.
    Treats,
    EditsCatalogue,
    /// The owner: who works here, how they get in, and at which browsers.
    RunsClinic,
    /// Those who answer for who looks at whom.
    ReadsAudit,
    /// Those who run the clinic's business: what is sold, lost and brought back.
    SeesNumbers,
    /// A client, on her own pages. What of it is hers, is found through her own chart and no other way.
    Client,
}

impl Access {
    pub fn admits(self, role: Role) -> bool {
        match self {
            Self::Anyone | Self::Staff => true,
            Self::Treats => role.charts(),
            Self::EditsCatalogue => role.edits_catalogue(),
            Self::RunsClinic => role.runs_clinic(),
            Self::ReadsAudit => role.reads_audit(),
            Self::SeesNumbers => role.sees_numbers(),
            // Whoever works at the clinic is no client by that; there is another sign-in for it.
            Self::Client => false,
        }
    }
}

/// So much of a refused request's body is read all the same: a line that is closed in the middle of sending loses the answer.
const READ_ANYWAY: usize = 512 * 1024;

/// Hands the request on with [`app::api::SignedIn`] beside it, or turns it away. Asked at every request, so a role that was taken
/// away ends with the one before.
pub async fn require(State((edge, access)): State<(Edge, Access)>, mut request: Request, next: Next) -> Response {
    if access == Access::Anyone {
        return next.run(request).await;
    }
    if access == Access::Client {
        return require_client(&edge, request, next).await;
    }
    let token = cookie::read(request.headers(), edge.cookie_name, cookie::Purpose::SignIn);
    let (status, error) = match signed_in(&edge.clinics, token.as_deref()).await {
        Ok(signed_in) if access.admits(signed_in.role) => {
            request.extensions_mut().insert(signed_in);
            return next.run(request).await;
        }
        Ok(_) if wants_a_page(&request) => {
            let mut response = page::draw(&edge, "Not for your role", || view! { <NotAllowedPage /> }).await;
            *response.status_mut() = StatusCode::FORBIDDEN;
            return response;
        }
        Ok(_) => (StatusCode::FORBIDDEN, ApiError::NotAllowed),
        // Who opens a page in a browser is led to where they sign in.
        Err(ApiError::SignedOut) if wants_a_page(&request) => {
            let wanted = request.uri().path_and_query().map_or("/", |it| it.as_str());
            return Redirect::to(&app::sign_in::address(wanted)).into_response();
        }
        Err(error @ ApiError::SignedOut) => (StatusCode::UNAUTHORIZED, error),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error),
    };
    refuse(status, &error, request.into_body()).await
}

/// Hands the request on with [`crate::own_pages::SignedInClient`] beside it, or shows how to get in.
async fn require_client(edge: &Edge, mut request: Request, next: Next) -> Response {
    match me::visitor(edge, request.headers()).await {
        Ok(Some(client)) => {
            request.extensions_mut().insert(client);
            next.run(request).await
        }
        Ok(None) => {
            let _ = to_bytes(request.into_body(), READ_ANYWAY).await;
            me::signed_out(edge)
        }
        Err(error) => {
            tracing::error!(%error, "a client's sign-in could not be looked up");
            refuse(StatusCode::INTERNAL_SERVER_ERROR, &ApiError::Internal, request.into_body()).await
        }
    }
}

fn wants_a_page(request: &Request) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    request.method() == Method::GET && accepts.is_some_and(|accepts| accepts.starts_with("text/html"))
}

/// In the words in which server functions are answered.
async fn refuse(status: StatusCode, error: &ApiError, body: Body) -> Response {
    let _ = to_bytes(body, READ_ANYWAY).await;
    (status, error.ser()).into_response()
}
