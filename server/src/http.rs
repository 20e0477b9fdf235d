//! The HTTP edge: server functions, announcements, files.

mod accounts;
mod consent;
pub mod cookie;
mod files;
mod photos;
mod same_origin;
mod shared;
mod sign_in;

use crate::{
    backend::{RequestBackend, signed_in},
    clinic::Clinics,
    sync::live,
};
use app::api::{ApiError, Backend, SignedIn};
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use cookie::CookieName;
use leptos::prelude::{expect_context, provide_context};
use std::{path::PathBuf, sync::Arc};
use tower_http::{CompressionLevel, compression::CompressionLayer, set_header::SetResponseHeaderLayer};

/// What the edge is told at start.
#[derive(Clone)]
pub struct Edge {
    pub clinics: Arc<Clinics>,
    pub cookie_name: CookieName,
    /// Folder of the built app.
    pub site: PathBuf,
}

/// A push of fifty commands of the largest size, and their envelope.
const LARGEST_REQUEST: usize = 14 * 1024 * 1024;

/// Scripts and styles only from here; Wasm may be compiled. Nothing may frame the record.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

pub fn router(edge: Edge) -> Router {
    let header = |name: HeaderName, value: &'static str| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .route("/api/{*endpoint}", post(server_function))
        .route("/live", get(announcements))
        .route("/health", get(health))
        .route("/accounts.csv", get(accounts::list))
        .route("/consents/{client}/{form}/{signed_at}", get(consent::document))
        .route("/photos/{photo}", get(photos::picture))
        .route("/photos/{photo}/thumbnail", get(photos::thumbnail))
        .route("/photos/{photo}/upload", get(photos::stand))
        .route("/photos/{photo}/upload/{offset}", put(photos::receive))
        .route("/shared/{token}", get(shared::page))
        .route("/shared/{token}/picture", get(shared::picture))
        .route(app::sign_in::SIGN_IN, get(sign_in::show).post(sign_in::receive))
        .fallback(files::serve)
        .layer(middleware::from_fn(same_origin::require))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(3)))
        .layer(header(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "no-referrer"))
        .layer(header(header::X_FRAME_OPTIONS, "DENY"))
        .with_state(edge)
}

async fn server_function(State(edge): State<Edge>, request: Request<axum::body::Body>) -> Response {
    let token = cookie::read(request.headers(), edge.cookie_name);
    let context = move || {
        let backend = RequestBackend {
            clinics: edge.clinics.clone(),
            cookie_name: edge.cookie_name,
            token: token.clone(),
            response: expect_context(),
        };
        provide_context::<Arc<dyn Backend>>(Arc::new(backend));
    };
    leptos_axum::handle_server_fns_with_context(context, request).await.into_response()
}

/// Who asks; or how to turn them away.
async fn visitor(edge: &Edge, headers: &HeaderMap) -> Result<SignedIn, StatusCode> {
    let token = cookie::read(headers, edge.cookie_name);
    signed_in(&edge.clinics, token.as_deref()).await.map_err(|error| match error {
        ApiError::SignedOut => StatusCode::UNAUTHORIZED,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    })
}

async fn announcements(State(edge): State<Edge>, headers: HeaderMap) -> Response {
    let signed_in = match visitor(&edge, &headers).await {
        Ok(signed_in) => signed_in,
        Err(status) => return status.into_response(),
    };
    match live::stream(edge.clinics, signed_in.clinic).await {
        Ok(stream) => stream.into_response(),
        Err(error) => {
            tracing::error!(%error, "announcements failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Answers while the database does.
async fn health(State(edge): State<Edge>) -> Response {
    match sqlx::query_scalar!("select 1").fetch_one(&edge.clinics.pool).await {
        Ok(_) => "well".into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
