//! The headers of every answer (OWASP Secure Headers; ASVS 5.0, 3.4).

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, SERVER,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::content_security_policy::NOTHING;

const ALWAYS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    // Not no-referrer: a refused form post without script finds its way back by it.
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), publickey-credentials-get=(self), publickey-credentials-create=(self)",
    ),
];

/// Whether the public address is https: only then may a browser be told to insist on it.
#[derive(Clone, Copy)]
pub struct Https(pub bool);

/// Adds the headers that an answer has not chosen itself.
pub async fn headers(State(https): State<Https>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.reserve(ALWAYS.len() + 4);
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NOTHING));
    let is_picture = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"image/"));
    let keep = if is_picture { "public, max-age=86400" } else { "no-store" };
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static(keep));
    if https.0 {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    headers.remove(SERVER);
    say_encoding(headers);
    response
}

/// Files are UTF-8, and what serves them does not say so (ASVS 5.0, 4.1.1).
fn say_encoding(headers: &mut HeaderMap) {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let text = kind.filter(|kind| kind.starts_with("text/") || kind.ends_with("xml"));
    let unsaid = text.filter(|kind| !kind.contains("charset="));
    let whole = unsaid.and_then(|kind| HeaderValue::try_from(format!("{kind}; charset=utf-8")).ok());
    if let Some(whole) = whole {
        headers.insert(CONTENT_TYPE, whole);
    }
}
