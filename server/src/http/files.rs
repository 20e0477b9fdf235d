//! The built app. Hashed files never change and are kept for ever; everything else is asked for anew.
//! Any address that names no file is a page of the app.

use super::{
    Edge,
    cookie::{self, Purpose},
    page,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, Method, Request, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// What the app's worker keeps, to open it without a network at any address.
const SHELL: &str = "/index.html";
const ASKED_ANEW: HeaderValue = HeaderValue::from_static("no-cache");
const KEPT_FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub async fn serve(State(edge): State<Edge>, request: Request<Body>) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let last = request.uri().path().rsplit('/').next().unwrap_or_default();
    let is_file = last.contains('.');
    if !is_file {
        // Without a cookie there is nobody to show anything to: straight to signing in, without the program. A browser of the clinic
        // asks for a PIN by itself.
        let known = |purpose| cookie::read(request.headers(), edge.cookie_name, purpose).is_some();
        if !known(Purpose::SignIn) && !known(Purpose::Installation) {
            let wanted = request.uri().path_and_query().map_or("/", |it| it.as_str());
            return Redirect::to(&app::sign_in::address(wanted)).into_response();
        }
    }
    if !is_file || request.uri().path() == SHELL {
        let mut response = page::shell(&edge).await;
        response.headers_mut().insert(header::CACHE_CONTROL, ASKED_ANEW);
        return response;
    }
    // No file has such a name, and the operating system is not asked for one.
    if request.uri().path().contains("%00") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let for_ever = request.uri().path().starts_with("/pkg/");
    let files = ServeDir::new(&edge.site).precompressed_br().append_index_html_on_directories(false);
    let mut response = match files.oneshot(request).await {
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    };
    let kept = for_ever && response.status().is_success();
    response.headers_mut().insert(header::CACHE_CONTROL, if kept { KEPT_FOR_EVER } else { ASKED_ANEW });
    response
}
