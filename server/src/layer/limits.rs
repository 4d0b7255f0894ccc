//! What a request brings to the limits, and what its answer says of them: `RateLimit-Policy` and `RateLimit`
//! (draft-ietf-httpapi-ratelimit-headers-10), and the cookie of a device that is known from now on.
//!
//! Refreshes and everything that only reads have no limits and pay for two looks at their path.

use app::server::{KNOWN_DEVICE_COOKIE, cookie_of, set_cookie_text};
use auth::limit::{KNOWN_DEVICE_SECONDS, LimitedRequest, Standing, bring_solution};
use auth::{Auth, Context};
use axum::extract::Request;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::response::Response;
use secrecy::ExposeSecret;
use std::fmt::Write as _;

static POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
static LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// How a program brings the solution of a challenge.
const SOLUTION: &str = "keywright-solution";

/// Runs the request with what it brings, and tells what was said.
pub async fn limits<F>(auth: &Auth, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    if !is_limited(request.method(), request.uri().path()) || !auth.limits().are_on() {
        return next(request).await;
    }
    let address = request.extensions().get::<Context>().map(|context| context.address.clone()).unwrap_or_default();
    let limited = LimitedRequest::new(&address, cookie_of(request.headers(), KNOWN_DEVICE_COOKIE));
    let solution = request.headers().get(SOLUTION).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    // Boxed: what has no limits would make room for it as well. Within: what is broken off is counted with its request.
    let within = Box::pin(async {
        bring_solution(&solution);
        next(request).await
    });
    let mut response = limited.around(within).await;
    let told = limited.told();
    let headers = response.headers_mut();
    add(headers, &POLICY, &policies(&told.standings));
    add(headers, &LIMIT, &standings(&told.standings));
    if let Some(cookie) = told.known_device {
        let line = set_cookie_text(KNOWN_DEVICE_COOKIE, cookie.expose_secret(), KNOWN_DEVICE_SECONDS);
        if let Ok(value) = HeaderValue::from_str(&line) {
            headers.append(SET_COOKIE, value);
        }
    }
    response
}

/// Whether something with a limit may be done at this path, or somebody may sign in.
fn is_limited(method: &Method, path: &str) -> bool {
    let is_act = *method == Method::POST && path != "/api/v1/refresh";
    is_act || path.starts_with("/sign-in/with/")
}

fn add(headers: &mut HeaderMap, name: &HeaderName, text: &str) {
    if let Some(value) = Some(text).filter(|text| !text.is_empty()).and_then(|text| HeaderValue::from_str(text).ok()) {
        headers.insert(name.clone(), value);
    }
}

/// Such as `"sign-in-account";q=5;w=4500`.
fn policies(standings: &[Standing]) -> String {
    list(standings, |text, standing| write!(text, ";q={};w={}", standing.quota, standing.window))
}

/// Such as `"sign-in-account";r=4;t=900`.
fn standings(standings: &[Standing]) -> String {
    list(standings, |text, standing| write!(text, ";r={};t={}", standing.left, standing.reset))
}

/// A list of strings with parameters (RFC 9651, 3.1).
fn list(standings: &[Standing], parameters: impl Fn(&mut String, &Standing) -> std::fmt::Result) -> String {
    let mut text = String::new();
    for standing in standings {
        if !text.is_empty() {
            text.push_str(", ");
        }
        // Writing into a text never fails.
        let _ = write!(text, "\"{}\"", standing.policy);
        let _ = parameters(&mut text, standing);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_lists_of_strings_with_parameters() {
        let account = Standing { policy: "sign-in-account", quota: 5, window: 4500, left: 4, reset: 900 };
        let client = Standing { policy: "sign-in-client", quota: 30, window: 1800, left: 30, reset: 0 };
        assert_eq!(policies(&[account, client]), "\"sign-in-account\";q=5;w=4500, \"sign-in-client\";q=30;w=1800");
        assert_eq!(standings(&[account, client]), "\"sign-in-account\";r=4;t=900, \"sign-in-client\";r=30;t=0");
        assert_eq!(policies(&[]), "");
    }

    #[test]
    fn refreshes_and_reading_have_no_limits() {
        assert!(is_limited(&Method::POST, "/api/v1/sign-in") && is_limited(&Method::POST, "/rpc/sign_in"));
        assert!(is_limited(&Method::GET, "/sign-in/with/google/callback"));
        assert!(!is_limited(&Method::POST, "/api/v1/refresh"));
        assert!(!is_limited(&Method::GET, "/api/v1/me") && !is_limited(&Method::GET, "/sign-in"));
    }
}
