//! The first layer: who asks, from where, in which language; a request id on every answer; one
//! line in the log for each request, without its query.

use app::server::{LOCALE_COOKIE, Preferences, THEME_COOKIE, Theme, cookie_of};
use auth::random::{Random, SystemRandom};
use auth::{Auth, Context, Locale, avatar};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;
use secrecy::ExposeSecret;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Instant;
use tracing::Instrument;

use super::explain;
use crate::device::device;
use crate::process::Process;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Notes what the flows need to know about the request.
pub async fn request(
    State((trusted, auth, process)): State<(Arc<[IpNet]>, Auth, Process)>,
    mut request: Request,
    next: Next,
) -> Response {
    // For proxies, which this is not; what routes by path has none to look at.
    if request.method() == Method::CONNECT {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let request_id = new_request_id();
    let preferences = preferences(request.headers());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let context = Context {
        address: client_address(peer, request.headers(), &trusted),
        device: device(header(request.headers(), &USER_AGENT)),
        locale: preferences.locale,
        request_id: request_id.clone(),
    };
    request.extensions_mut().insert(context);
    request.extensions_mut().insert(preferences);

    let span = tracing::info_span!("request", id = %request_id);
    let method = request.method().clone();
    let path = told(request.uri().path()).to_owned();
    let started = Instant::now();
    let mut response = explain::explain(&auth, request, next).instrument(span.clone()).await;
    let took = started.elapsed();
    let milliseconds = took.as_millis();
    // Files and what load balancers ask would hide how long the rest takes.
    if !path.starts_with("/pkg/") && !path.starts_with("/health/") {
        process.note_request(took, auth.now());
    }
    span.in_scope(|| {
        tracing::info!(%method, path = path.replace(char::is_control, "?"), status = response.status().as_u16(), milliseconds, "answered");
    });
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    response
}

/// Nobody's secret: it begins anywhere, so that those of two nodes do not meet, and goes on by a step that
/// comes around after all others.
fn new_request_id() -> String {
    static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| {
        let mut bytes = [0; 8];
        SystemRandom.fill(&mut bytes);
        AtomicU64::new(u64::from_be_bytes(bytes))
    });
    format!("{:016x}", NEXT.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed))
}

fn preferences(headers: &HeaderMap) -> Preferences {
    let chosen = cookie_of(headers, LOCALE_COOKIE).and_then(|tag| Locale::from_tag(tag.expose_secret()));
    Preferences {
        locale: chosen.unwrap_or_else(|| Locale::from_accept_language(header(headers, &ACCEPT_LANGUAGE))),
        theme: cookie_of(headers, THEME_COOKIE).and_then(|name| Theme::parse(name.expose_secret())),
    }
}

/// The right-most address that no trusted proxy added: everything left of it is hearsay.
pub fn client_address(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> String {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let Some(mut address) = peer else { return String::new() };
    address = address.to_canonical();
    // What a client wrote before the proxy's part may be anything, also no text.
    let lines = headers.get_all("x-forwarded-for").iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let hops: Vec<String> = lines.flat_map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
    for hop in hops.iter().rev() {
        if !is_trusted(&address) {
            break;
        }
        match hop_address(hop.trim()) {
            Some(next) => address = next.to_canonical(),
            None => break,
        }
    }
    address.to_string()
}

/// `192.0.2.1`, `2001:db8::1`, and both with a port.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    hop.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip())).or_else(bare)
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The path as it stands in the log. Whoever knows the address of a picture may see it.
fn told(path: &str) -> &str {
    match path {
        _ if path.starts_with(avatar::PATH) => "/avatars/…",
        _ if path.starts_with(avatar::LOGO_PATH) => "/organization-logos/…",
        path => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_bytes(forwarded.as_bytes()).unwrap());
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        client_address(peer.parse().ok(), &headers, &trusted)
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(address("203.0.113.9", "1.2.3.4", &[]), "203.0.113.9");
        assert_eq!(address("10.0.0.1", "1.2.3.4, 203.0.113.7", &["10.0.0.0/8"]), "203.0.113.7");
        assert_eq!(address("10.0.0.1", "1.2.3.4, 203.0.113.7, 10.0.0.2", &["10.0.0.0/8"]), "203.0.113.7");
        assert_eq!(address("10.0.0.1", "nonsense", &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", "\u{ff}, 203.0.113.7:4711", &["10.0.0.0/8"]), "203.0.113.7");
        assert_eq!(address("::ffff:10.0.0.1", "[2001:db8::1]:80", &["10.0.0.0/8"]), "2001:db8::1");
    }
}
