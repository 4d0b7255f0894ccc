//! The way to a provider and back, as a browser goes it: five addresses that it navigates to, and that answer with
//! nothing but where to go on. They work without a script. No form begins a way: the policy of our pages forbids that
//! a post ends at another site.
//!
//! Codes and states are in these addresses, so no cache keeps an answer, and nobody is told by a `Referer` where a
//! browser comes from (RFC 9700, 4.2.4).

use auth::{Auth, Context, ErrorCode, LocalPath, ProviderId};
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request};
use axum::http::header::{CACHE_CONTROL, LOCATION, REFERER, REFERRER_POLICY, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;
use tower::ServiceExt as _;

use crate::api;
use crate::layer::refused_later::note_refusal;
use crate::problem::Refused;

mod callback;
mod connect;
mod native;
mod parameters;
mod start;

/// Below this address is what concerns one provider and nobody signed in.
pub const SIGN_IN_WITH: &str = "/sign-in/with/";
/// Where connections are shown, and connected.
const CONNECTIONS: &str = "/account/connections";

/// What the handlers need.
#[derive(Clone)]
struct Federation {
    auth: Auth,
    /// Our own address, without a slash at the end.
    public_url: Arc<str>,
    /// Shows the page of what is not there.
    not_found: Router,
}

/// The routes. `not_found` answers where no provider of a name is.
pub fn routes(auth: Auth, public_url: Arc<str>, not_found: Router) -> Router {
    Router::new()
        .route("/sign-in/with/{provider}", get(start::start).fallback(api::method_not_allowed))
        .route("/sign-in/with/{provider}/callback", get(callback::callback).fallback(api::method_not_allowed))
        .route("/sign-in/with/{provider}/app/continue", get(native::go_on).fallback(api::method_not_allowed))
        .route("/sign-in/with/{provider}/app/cancel", get(native::cancel).fallback(api::method_not_allowed))
        .route("/account/connections/{provider}/connect", get(connect::connect).fallback(api::method_not_allowed))
        .route_layer(from_fn(navigations_alone))
        .with_state(Federation { auth, public_url, not_found })
}

/// Only somebody who really goes there begins or ends anything, and nothing of it is kept.
async fn navigations_alone(request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::HEAD {
        let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
        Refused::new(ErrorCode::MethodNotAllowed, locale).into_response()
    } else if is_prefetch(request.headers()) {
        // Browsers then ask again when somebody goes there.
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    } else {
        next.run(request).await
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// Whether a browser asks before anybody wanted it to (Fetch, `Sec-Purpose`; older browsers say `Purpose`).
fn is_prefetch(headers: &HeaderMap) -> bool {
    let mut purposes = ["sec-purpose", "purpose", "x-moz"].into_iter().flat_map(|name| headers.get_all(name));
    purposes.any(|value| value.as_bytes().windows(8).any(|word| word == b"prefetch"))
}

impl Federation {
    /// The provider of an address, when there is one.
    fn offered(&self, name: Result<Path<String>, PathRejection>) -> Option<ProviderId> {
        let Path(name) = name.ok()?;
        let id = ProviderId::parse(&name)?;
        self.auth.providers().get(&id).is_some().then_some(id)
    }

    /// The page of what is not there.
    async fn not_found(self, request: Request) -> Response {
        match self.not_found.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// Whether somebody pressed a link of this page of ours. That it is a page of ours is not enough: a link to our sign-in
/// page says where to go on afterwards, and so could begin a connection that nobody wanted. The page is in the
/// `Referer`; where that is taken out on the way, `Sec-Fetch-Site` is believed.
fn is_from_page(headers: &HeaderMap, public_url: &str, page: &str) -> bool {
    let is_own = headers.get("sec-fetch-site").map(|site| site.as_bytes() == b"same-origin");
    let is_page = headers.get(REFERER).map(|referer| {
        let path = referer.as_bytes().strip_prefix(public_url.as_bytes());
        let path = path.and_then(|path| path.split(|byte| matches!(byte, b'?' | b'#')).next());
        path == Some(page.as_bytes())
    });
    match (is_own, is_page) {
        (None, None) => false,
        (is_own, is_page) => is_own.unwrap_or(true) && is_page.unwrap_or(true),
    }
}

/// An empty answer that leads on and sets these cookies. What cannot stand in a header leads to the front page.
fn see_other(place: &str, cookies: &[String]) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let place = HeaderValue::from_str(place).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, place);
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}

/// Leads to the page that says why a sign-in led nowhere: by its code, never in words of anybody else.
fn refused(provider: &ProviderId, code: ErrorCode) -> Response {
    let mut answer = see_other(&format!("{SIGN_IN_WITH}{provider}/refused?code={}", code.as_str()), &[]);
    note_refusal(&mut answer, code);
    answer
}

/// Leads back to the connections with the reason why nothing was connected, or to what is missing first.
fn not_connected(code: ErrorCode) -> Response {
    match code {
        ErrorCode::ReauthenticationRequired => see_other(&format!("/account/confirm?next={CONNECTIONS}"), &[]),
        ErrorCode::SignedOut => see_other(&app::session::sign_in_path(CONNECTIONS), &[]),
        code => {
            let mut answer = see_other(&format!("{CONNECTIONS}?refused={}", code.as_str()), &[]);
            note_refusal(&mut answer, code);
            answer
        }
    }
}

/// The code of an error; faults of ours are logged.
fn code_of(error: &auth::Error) -> ErrorCode {
    if let auth::Error::Internal(cause) = error {
        tracing::error!(error = format!("{cause:#}"), "a way to a provider failed");
    }
    error.refusal().code
}

/// Where a path of our own leads after a sign-in.
fn next_of(wanted: Option<&str>) -> Option<LocalPath> {
    LocalPath::parse(&app::session::after_sign_in(wanted.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_does_beforehand_is_known() {
        for (name, value, expected) in [
            ("sec-purpose", "prefetch", true),
            ("sec-purpose", "prefetch;prerender", true),
            ("purpose", "prefetch", true),
            ("x-moz", "prefetch", true),
            ("sec-fetch-mode", "navigate", false),
            ("sec-purpose", "", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            assert_eq!(is_prefetch(&headers), expected, "{name}: {value}");
        }
    }

    #[test]
    fn a_place_that_is_none_leads_to_the_front_page() {
        for (place, expected) in [("/dashboard", "/dashboard"), ("/a\r\nset-cookie: a=b", "/")] {
            assert_eq!(see_other(place, &[]).headers()[LOCATION], expected);
        }
    }

    #[test]
    fn a_sign_in_leads_to_a_page_of_ours_and_to_no_other_sign_in() {
        for (wanted, expected) in [
            (Some("/account?tab=1"), "/account?tab=1"),
            (Some("https://evil.example"), "/dashboard"),
            (Some("/sign-in/with/google"), "/dashboard"),
            (None, "/dashboard"),
        ] {
            assert_eq!(next_of(wanted).unwrap().as_str(), expected, "{wanted:?}");
        }
    }

    fn from_page(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        is_from_page(&headers, "https://id.example.com", CONNECTIONS)
    }

    #[test]
    fn only_the_page_of_connections_begins_one() {
        let page = ("referer", "https://id.example.com/account/connections?refused=provider_refused");
        assert!(from_page(&[("sec-fetch-site", "same-origin"), page]));
        assert!(from_page(&[page]), "an older browser");
        assert!(from_page(&[("sec-fetch-site", "same-origin")]), "without a Referer");
        for refused in [
            &[][..],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), page],
            &[("sec-fetch-site", "same-origin"), ("referer", "https://id.example.com/sign-in?next=/account")],
            &[("sec-fetch-site", "same-origin"), ("referer", "https://id.example.com/account/confirm")],
            &[("referer", "https://evil.example/account/connections")],
            &[("referer", "https://id.example.com.evil.example/account/connections")],
            &[("referer", "https://id.example.com/account/connectionsx")],
        ] {
            assert!(!from_page(refused), "{refused:?}");
        }
    }
}
