//! The origin guard: nothing that changes something is accepted from another site (OWASP CSRF
//! Prevention, "Fetch Metadata"; ASVS 5.0, 3.5).
//!
//! Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin`. A program
//! says neither, and brings no cookie: it passes. A request with a cookie and without either is
//! refused. Only reports of browsers come so, some with cookies: nothing is done for who sends them.

use auth::weakened::{self, Defence};
use auth::{Context, ErrorCode};
use axum::extract::Request;
use axum::http::header::{COOKIE, ORIGIN};
use axum::http::{HeaderMap, Method};

use super::explain;
use crate::browser_reports::REPORTS;
use crate::problem::Refused;

/// Refuses unsafe requests of other sites.
pub fn refuse_cross_site(request: &Request, public_url: &str) -> Option<Refused> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let is_passed = is_own(request.headers(), public_url) || weakened::is_off(Defence::Origin);
    if safe || is_passed || is_bare_report(request) {
        explain::note_origin(request.headers());
        return None;
    }
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    Some(Refused::new(ErrorCode::CrossSite, locale))
}

fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    match (headers.get("sec-fetch-site"), headers.get(ORIGIN)) {
        (Some(site), _) => matches!(site.as_bytes(), b"same-origin" | b"none"),
        (None, Some(origin)) => origin.as_bytes() == public_url.as_bytes(),
        (None, None) => !headers.contains_key(COOKIE),
    }
}

/// A report that a browser sends by itself, without saying from where. One that names another site is refused.
fn is_bare_report(request: &Request) -> bool {
    request.uri().path() == REPORTS && !request.headers().contains_key("sec-fetch-site")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        is_own(&headers, "https://id.example.com")
    }

    #[test]
    fn only_our_own_pages_and_programs_pass() {
        assert!(own(&[("sec-fetch-site", "same-origin"), ("cookie", "a=b")]));
        assert!(own(&[("origin", "https://id.example.com"), ("cookie", "a=b")]));
        assert!(own(&[]), "a program without cookies");
        for refused in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", "https://id.example.com.evil.example")],
            &[("cookie", "a=b")],
        ] {
            assert!(!own(refused), "{refused:?}");
        }
    }
}
