//! Server functions have no protection of their own against requests that another site makes in a
//! signed-in browser. This layer is it.

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Answers 403 to a request that could change something and comes from another site.
pub async fn require(request: Request<Body>, next: Next) -> Response {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if harmless || is_same_origin(request.headers()) { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
}

/// Browsers send `Sec-Fetch-Site`, older ones `Origin`; what sends neither is no browser and carries nobody's cookie.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, origin)| origin == host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn another_site_is_told_apart() {
        assert!(is_same_origin(&headers(&[("sec-fetch-site", "same-origin"), ("host", "a")])));
        assert!(!is_same_origin(&headers(&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")])));
        assert!(!is_same_origin(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(is_same_origin(&headers(&[("origin", "https://clinic.example"), ("host", "clinic.example")])));
        assert!(!is_same_origin(&headers(&[("origin", "https://evil.example"), ("host", "clinic.example")])));
        assert!(!is_same_origin(&headers(&[("origin", "null"), ("host", "clinic.example")])));
        assert!(is_same_origin(&headers(&[("host", "clinic.example")])));
    }
}
