//! The headers of every answer (OWASP Secure Headers; ASVS 5.0, 3.4 and 14.3). What keeps a browser apart from other sites is
//! the same everywhere. Who may keep an answer it says itself; where it says nothing, nobody may.

use app::server::REFRESH_COOKIE;
use auth::weakened::{self, Defence};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, SERVER, SET_COOKIE,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use super::content_security_policy::NOTHING;
use super::permissions_policy::PERMISSIONS;

const ALWAYS: [(HeaderName, &str); 8] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    // Not no-referrer: a refused form post without script finds its way back by it.
    (REFERRER_POLICY, "same-origin"),
    // No other page holds a window of ours, and none loads an answer of ours: so a browser keeps them in a process of their
    // own (Spectre). Not Cross-Origin-Embedder-Policy: it breaks the frames of password managers, and what is loaded from
    // elsewhere the content policy refuses as it is.
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("origin-agent-cluster"), "?1"),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), "none"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// What an answer depends on that nobody may keep, for caches that do it nevertheless.
const VARIES: &str = "accept, accept-language, authorization, cookie, sec-fetch-dest, sec-fetch-mode, sec-fetch-site";

/// What a browser forgets when nobody is signed in any more: whatever a version of ours stored. Not `"cache"`: Chromium
/// stands still for seconds over it, pages are `no-store` and pictures are kept for minutes. Not `"cookies"`: that takes the
/// language, the theme and the trusted device with it, and the cookies of every other host of the domain; the session's own
/// cookie is removed by name.
const FORGET: &str = "\"storage\"";

/// Whether the public address is https: only then may a browser be told to insist on it.
#[derive(Clone, Copy)]
pub struct Https(pub bool);

/// Adds the headers that an answer has not chosen itself.
pub fn add_headers(response: &mut Response, https: Https) {
    let headers = response.headers_mut();
    headers.reserve(ALWAYS.len() + 6);
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NOTHING));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if is_for_nobody_else(headers) {
        headers.append(VARY, HeaderValue::from_static(VARIES));
    }
    if signs_out(headers) {
        headers.insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static(FORGET));
    }
    if https.0 {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    headers.remove(SERVER);
    if weakened::is_off(Defence::Policies) {
        headers.remove(CONTENT_SECURITY_POLICY);
        headers.remove(X_FRAME_OPTIONS);
    }
    if weakened::is_off(Defence::NoStore) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    }
    say_encoding(headers);
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

/// Whether it is for whoever asked, this once.
fn is_for_nobody_else(headers: &HeaderMap) -> bool {
    headers.get(CACHE_CONTROL).is_some_and(|keep| keep.as_bytes().starts_with(b"no-store"))
}

/// Whether it takes the session's cookie away, by whatever route.
fn signs_out(headers: &HeaderMap) -> bool {
    headers
        .get_all(SET_COOKIE)
        .iter()
        .any(|line| line.as_bytes().strip_prefix(REFRESH_COOKIE.as_bytes()).is_some_and(|rest| rest.starts_with(b"=;")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::server::set_cookie_text;

    #[test]
    fn only_a_removed_session_makes_a_browser_forget() {
        for (name, value, forgets) in
            [(REFRESH_COOKIE, "", true), (REFRESH_COOKIE, "a-token", false), ("__Host-theme", "", false)]
        {
            let mut headers = HeaderMap::new();
            headers.append(SET_COOKIE, HeaderValue::from_static("__Host-locale=fr; Path=/"));
            headers.append(SET_COOKIE, HeaderValue::from_str(&set_cookie_text(name, value, 0)).unwrap());
            assert_eq!(signs_out(&headers), forgets, "{name}={value}");
        }
    }
}
