//! The first layer: who asks, from where, in which language; a request id on every answer; one
//! line in the log for each request, without its query.

use app::server::{LOCALE_COOKIE, Preferences, THEME_COOKIE, Theme, cookie_of};
use auth::request_id::within_request;
use auth::{Auth, Context, Locale, avatar};
use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::http::header::{ACCEPT_LANGUAGE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use ipnet::IpNet;
use secrecy::ExposeSecret;
use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::Instant;
use tracing::Instrument;

use super::explain;
use super::origin::origin;
use super::refused_later::tried_too_often;
use crate::device::device;
use crate::process::{FILES, NO_ROUTE, Process};
use crate::traces;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Notes what the flows need to know about the request.
pub async fn request<F>(
    trusted: &[IpNet],
    auth: &Auth,
    process: &Process,
    mut request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response
where
    F: Future<Output = Response>,
{
    let request_id = auth.new_request_id();
    let preferences = preferences(request.headers());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = origin(peer, request.headers(), trusted);
    let context = Context {
        address: origin.address(),
        device: device(header(request.headers(), &USER_AGENT)),
        locale: preferences.locale,
        request_id: request_id.clone(),
    };
    request.extensions_mut().insert(context);
    request.extensions_mut().insert(origin);
    request.extensions_mut().insert(preferences);

    // Who asks is noted by the layer that finds out (`caller.rs`).
    let span = tracing::info_span!("request", id = %request_id, account = tracing::field::Empty);
    let method = request.method().clone();
    let path = told(request.uri().path()).to_owned();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = route(matched.as_ref(), &path);
    let step = traces::begin(&method, route, &request_id, request.headers(), origin.is_listed);
    let started = Instant::now();
    let answering = explain::explain(auth, request, next).instrument(step.clone()).instrument(span.clone());
    // What it leaves to be done later names it.
    let mut response = within_request(request_id.clone(), answering).await;
    let took = started.elapsed();
    traces::end(&step, response.status());
    process.requests().note(route, response.status().as_u16(), took);
    if tried_too_often(&response) {
        process.requests().note_limited();
    }
    let milliseconds = took.as_millis();
    // Files and what load balancers ask would hide how long the rest takes.
    if !path.starts_with("/pkg/") && !path.starts_with("/health/") {
        process.note_request(took, auth.now());
    }
    span.in_scope(|| {
        let path = written(&path);
        tracing::info!(%method, path = &*path, status = response.status().as_u16(), milliseconds, "answered");
    });
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    response
}

/// The template of the route, and never what somebody wrote.
fn route<'a>(matched: Option<&'a MatchedPath>, path: &str) -> &'a str {
    match matched {
        Some(matched) => matched.as_str(),
        None if path.starts_with("/pkg/") => FILES,
        None => NO_ROUTE,
    }
}

fn preferences(headers: &HeaderMap) -> Preferences {
    let chosen = cookie_of(headers, LOCALE_COOKIE).and_then(|tag| Locale::from_tag(tag.expose_secret()));
    Preferences {
        locale: chosen.unwrap_or_else(|| Locale::from_accept_language(header(headers, &ACCEPT_LANGUAGE))),
        theme: cookie_of(headers, THEME_COOKIE).and_then(|name| Theme::parse(name.expose_secret())),
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A path without what would begin another line of the log; most have nothing of that.
fn written(path: &str) -> Cow<'_, str> {
    if path.contains(char::is_control) { path.replace(char::is_control, "?").into() } else { path.into() }
}

/// The path as it stands in the log. Whoever knows the address of a picture may see it.
fn told(path: &str) -> &str {
    match path {
        _ if path.starts_with(avatar::PATH) => "/avatars/…",
        _ if path.starts_with(avatar::LOGO_PATH) => "/organization-logos/…",
        path => path,
    }
}
