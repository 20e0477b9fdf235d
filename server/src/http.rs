//! The HTTP edge: server functions, announcements, files.

pub mod access;
mod accounts;
pub mod bookings;
mod carriers;
mod consent;
pub mod cookie;
mod feeds;
mod files;
mod forms;
mod invitation;
mod me;
mod numbers;
mod own_account;
mod page;
mod passkey;
mod photos;
mod quarantine;
pub mod routes;
mod same_origin;
mod second_step;
mod shared;
mod sign_in;
mod sms;

use crate::{
    backend::RequestBackend, clinic::Clinics, follow_up::transport::Transport, installations::agent_name, store::StoreError, sync::live,
    ways_in::WaysIn,
};
use app::api::{ApiError, Backend, SignedIn};
use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::{DefaultBodyLimit, State},
    http::{HeaderName, HeaderValue, Request, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
};
use cookie::{CookieName, Purpose};
use leptos::prelude::{expect_context, provide_context};
use std::{path::PathBuf, sync::Arc};
use tower_http::{CompressionLevel, compression::CompressionLayer, set_header::SetResponseHeaderLayer};

/// What the edge is told at start.
#[derive(Clone)]
pub struct Edge {
    pub clinics: Arc<Clinics>,
    pub cookie_name: CookieName,
    pub ways_in: Arc<WaysIn>,
    /// Where people reach this server, as in `https://clinic.example`: what stands in links. Never taken from a request, which could
    /// name another place.
    pub origin: Arc<str>,
    /// What carries messages to clients.
    pub transport: Arc<dyn Transport>,
    /// Folder of the built app.
    pub site: PathBuf,
}

/// A push of fifty commands of the largest size, and their envelope.
const LARGEST_REQUEST: usize = 14 * 1024 * 1024;

pub fn router(edge: Edge) -> Router {
    let header = |name: HeaderName, value: &'static str| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let routed = routes::routes().into_iter().fold(Router::new(), |router, route| {
        let guard = middleware::from_fn_with_state((edge.clone(), route.access), access::require);
        router.route(route.path, route.handler.layer(guard))
    });
    routed
        .fallback(files::serve)
        .layer(middleware::from_fn(same_origin::require))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(3)))
        .layer(header(header::CONTENT_SECURITY_POLICY, page::POLICY_OF_FILES))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "no-referrer"))
        .layer(header(header::X_FRAME_OPTIONS, "DENY"))
        .with_state(edge)
}

/// How a request is answered that the database would not do. Logged where it is the server's fault.
fn status_of(error: &StoreError, what: &'static str) -> StatusCode {
    if error.is_unstorable() {
        return StatusCode::BAD_REQUEST;
    }
    tracing::error!(%error, "{what}");
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn server_function(State(edge): State<Edge>, request: Request<Body>) -> Response {
    let token = cookie::read(request.headers(), edge.cookie_name, Purpose::SignIn);
    let installation = cookie::read(request.headers(), edge.cookie_name, Purpose::Installation);
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).map(agent_name).unwrap_or_default();
    let visitor = request.extensions().get::<SignedIn>().cloned();
    let context = move || {
        let backend = RequestBackend {
            clinics: edge.clinics.clone(),
            cookie_name: edge.cookie_name,
            token: token.clone(),
            installation: installation.clone(),
            agent: agent.clone(),
            visitor: visitor.clone(),
            origin: edge.origin.clone(),
            transport: edge.transport.clone(),
            response: expect_context(),
        };
        provide_context::<Arc<dyn Backend>>(Arc::new(backend));
    };
    told_apart(leptos_axum::handle_server_fns_with_context(context, request).await.into_response()).await
}

/// Longer than what any error says.
const LONGEST_ERROR: usize = 64 * 1024;

/// The framework answers every error with 500, and says in the body which. Only what is the server's fault stays one.
async fn told_apart(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_ERROR).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let Ok(error) = serde_json::from_slice(&body) else { return Response::from_parts(head, Body::from(body)) };
    head.status = match error {
        ApiError::SignedOut | ApiError::Locked | ApiError::WrongPin => StatusCode::UNAUTHORIZED,
        ApiError::NotAllowed => StatusCode::FORBIDDEN,
        ApiError::Stale => StatusCode::CONFLICT,
        ApiError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        ApiError::Mismatch => StatusCode::BAD_REQUEST,
        ApiError::TooManyPins => StatusCode::TOO_MANY_REQUESTS,
        ApiError::Unreachable | ApiError::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    };
    Response::from_parts(head, Body::from(body))
}

async fn announcements(State(edge): State<Edge>, Extension(signed_in): Extension<SignedIn>) -> Response {
    match live::stream(edge.clinics, signed_in.clinic).await {
        Ok(stream) => stream.into_response(),
        Err(error) => status_of(&error, "announcements failed").into_response(),
    }
}

/// Answers while the database does.
async fn health(State(edge): State<Edge>) -> Response {
    match sqlx::query_scalar!("select 1").fetch_one(&edge.clinics.pool).await {
        Ok(_) => "well".into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
