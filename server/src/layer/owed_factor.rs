//! Whoever owes a second factor may get one, prove themselves, sign out and read about themselves. Everything else is
//! refused here, in one place, by the address: a route is closed to them until it is named below.
//!
//! An access token says by itself that its account owed one (it names no role), so nobody else costs a read. What it
//! says may be minutes old, so the database is asked before somebody is refused.

use app::page::SECOND_FACTOR_REQUIRED;
use auth::session::{Caller, TokenCaller};
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::Request;
use axum::http::header::{ACCEPT, CACHE_CONTROL, LOCATION};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::form_answer::page_of;
use crate::federation::SIGN_IN_WITH;
use crate::problem::Refused;

/// Pages on which a factor is set up, with those that stand before and after it.
const PAGES: [&str; 6] = [
    SECOND_FACTOR_REQUIRED,
    "/account/authenticator",
    "/account/passkeys",
    "/account/codes",
    "/account/recovery-codes",
    "/account/confirm",
];

/// Forms that belong to no page. Whoever sees this in the other's place finds the way back.
const FORMS: [&str; 5] =
    ["/rpc/sign_out", "/rpc/end_impersonation", "/rpc/me", "/rpc/choose_locale", "/rpc/choose_theme"];

/// What a program may do: read about its person, prove them, set up a factor, go on and stop.
const CALLS: [(Method, &str); 20] = [
    (Method::GET, "/api/v1/me"),
    (Method::GET, "/api/v1/sessions"),
    (Method::GET, "/api/v1/activity"),
    (Method::GET, "/api/v1/factors"),
    (Method::GET, "/api/v1/passkeys"),
    (Method::POST, "/api/v1/refresh"),
    (Method::POST, "/api/v1/sign-out"),
    (Method::DELETE, "/api/v1/admin/impersonation"),
    (Method::POST, "/api/v1/reauthenticate"),
    (Method::POST, "/api/v1/reauthenticate/passkey"),
    (Method::POST, "/api/v1/reauthenticate/send"),
    (Method::POST, "/api/v1/factors/totp"),
    (Method::POST, "/api/v1/factors/totp/confirm"),
    (Method::POST, "/api/v1/factors/recovery-codes"),
    (Method::POST, "/api/v1/factors/phone"),
    (Method::POST, "/api/v1/factors/phone/confirm"),
    (Method::POST, "/api/v1/passkeys/options"),
    (Method::POST, "/api/v1/passkeys"),
    (Method::POST, "/api/v1/factors/email-code"),
    (Method::POST, "/api/v1/factors/email-code/confirm"),
];

/// What shows nothing of anybody, and the development inbox with the codes of a set-up.
/// A sign-in with a provider is one like any other: it may be somebody else's.
const PREFIXES: [&str; 7] =
    ["/pkg/", "/health/", "/.well-known/", "/avatars/", "/organization-logos/", "/dev/", SIGN_IN_WITH];

/// Refuses whoever owes a second factor, unless the address is one of those above.
pub async fn refuse_who_owes<F>(auth: &Auth, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    if !is_limited(&request) || is_open(request.method(), request.uri().path()) {
        return next(request).await;
    }
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    if let Some(Ok(caller)) = request.extensions().get::<Result<Caller, ErrorCode>>().cloned() {
        match Box::pin(flow::owes_factor(auth, &caller)).await {
            Ok(true) => {}
            Ok(false) => return next(request).await,
            // The session ended meanwhile, and every handler says so by itself.
            Err(error) if error.refusal().code == ErrorCode::SignedOut => return next(request).await,
            Err(error) => return Refused::from_error(&error, locale).into_response(),
        }
    }
    if is_navigation(&request) {
        return (StatusCode::SEE_OTHER, [(LOCATION, SECOND_FACTOR_REQUIRED), (CACHE_CONTROL, "no-store")])
            .into_response();
    }
    Refused::new(ErrorCode::SecondFactorRequired, locale).into_response()
}

fn is_limited(request: &Request) -> bool {
    let extensions = request.extensions();
    let person = extensions.get::<Result<Caller, ErrorCode>>();
    matches!(person, Some(Ok(caller)) if caller.is_limited)
        || extensions.get::<TokenCaller>().is_some_and(|program| program.is_limited)
}

/// Whether somebody who owes a factor may come here.
fn is_open(method: &Method, path: &str) -> bool {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if path.starts_with("/api/") {
        return CALLS.iter().any(|(of, call)| of == method && *call == path) || is_leaving(method, path);
    }
    if path.starts_with("/rpc/") {
        // A form is as open as its page. One that is named nowhere would belong to the front page.
        let page = page_of(path);
        let of_page = page != "/" && (PAGES.contains(&page) || app::PUBLIC_PATHS.contains(&page));
        return of_page || FORMS.contains(&path);
    }
    reads && (PAGES.contains(&path) || app::is_public(path) || PREFIXES.iter().any(|prefix| path.starts_with(prefix)))
}

/// Whoever leaves an organization that demands a factor owes it none any more.
fn is_leaving(method: &Method, path: &str) -> bool {
    let within = path.strip_prefix("/api/v1/organizations/").and_then(|rest| rest.strip_suffix("/leave"));
    *method == Method::POST && within.is_some_and(|id| !id.is_empty() && !id.contains('/'))
}

/// A browser that shows the answer: it is led to the page that explains.
fn is_navigation(request: &Request) -> bool {
    let accepts = request.headers().get(ACCEPT).map(HeaderValue::as_bytes).unwrap_or_default();
    !request.uri().path().starts_with("/api/") && accepts.windows(9).any(|word| word == b"text/html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_is_closed() {
        for path in [
            "/dashboard",
            "/account",
            "/account/security",
            "/account/data",
            "/admin",
            "/admin/keys",
            "/nothing",
            "/account/connections/google/connect",
        ] {
            assert!(!is_open(&Method::GET, path), "{path}");
        }
        for path in ["/rpc/change_name", "/rpc/create_token", "/rpc/rotate_keys", "/rpc/nothing", "/rpc/me/x"] {
            assert!(!is_open(&Method::POST, path), "{path}");
        }
        for (method, path) in [
            (Method::GET, "/api/v1/me/export"),
            (Method::PATCH, "/api/v1/me"),
            (Method::DELETE, "/api/v1/sessions"),
            (Method::GET, "/api/v1/admin/users"),
            (Method::POST, "/api/v1/tokens"),
            (Method::GET, "/api/v1/organizations"),
            (Method::PUT, "/api/v1/me/organization"),
            (Method::DELETE, "/api/v1/factors/totp"),
            (Method::GET, "/api/v1/nothing"),
            (Method::POST, "/api/v1/organizations/x/invitations"),
            (Method::POST, "/api/v1/organizations/x/y/leave"),
            (Method::GET, "/api/v1/organizations/x/leave"),
        ] {
            assert!(!is_open(&method, path), "{method} {path}");
        }
        assert!(!is_open(&Method::POST, "/account/confirm"), "a page is read");
        assert!(is_open(&Method::POST, "/api/v1/organizations/01890a5d/leave"), "nobody is held");
    }

    #[test]
    fn the_way_to_a_factor_and_the_way_out_are_open() {
        for path in
            PAGES.into_iter().chain(["/", "/not-me", "/pkg/x.js", "/dev/inbox", "/sign-in/with/google/callback"])
        {
            assert!(is_open(&Method::GET, path), "{path}");
        }
        for path in FORMS.into_iter().chain(["/rpc/confirm_identity", "/rpc/secure_account"]) {
            assert!(is_open(&Method::POST, path), "{path}");
        }
    }
}
