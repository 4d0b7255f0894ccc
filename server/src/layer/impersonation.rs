//! Whoever acts in somebody else's place sees, and changes nothing. It is refused here, in one place, before any handler:
//! a route is closed to them until it is named below. With the choice to write, what belongs to organizations is open, and
//! never what belongs to the account.
//!
//! Around every request of somebody signed in stands what no flow is handed: how it came in, and who acts in whose place.

use app::error::AppError;
use app::server::Impersonated;
use auth::session::{Around, Caller, Impersonation};
use auth::{Auth, Context, ErrorCode, LocalPath};
use axum::extract::Request;
use axum::http::header::{ACCEPT, REFERER};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::server_fn::error::ServerFnUrlError;

use super::form_answer::page_of;
use crate::problem::Refused;

/// What ends it, and what reads although it is posted.
const FORMS: [&str; 4] = ["/rpc/end_impersonation", "/rpc/sign_out", "/rpc/me", "/rpc/choose_theme"];
/// What ends it, for programs.
const CALLS: [(Method, &str); 2] =
    [(Method::DELETE, "/api/v1/admin/impersonation"), (Method::POST, "/api/v1/sign-out")];
/// What is decided without a change.
const QUESTIONS: [&str; 1] = ["/api/v1/authorize"];
/// What belongs to organizations: open with the choice to write.
const OF_ORGANIZATIONS: [&str; 2] = ["/api/v1/orgs/", "/api/v1/organizations/"];

/// Refuses changes in another's place, and tells what stands around the request.
pub async fn around<F>(auth: &Auth, mut request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let extensions = request.extensions();
    let Some(Ok(caller)) = extensions.get::<Result<Caller, ErrorCode>>() else {
        return next(request).await;
    };
    let context = extensions.get::<Context>().cloned();
    let locale = context.as_ref().map(|context| context.locale).unwrap_or_default();
    let is_api = request.uri().path().starts_with("/api/");
    let around = Around {
        method: if is_api { "api" } else { "page" },
        impersonator: caller.impersonation.as_ref().map(|by| by.impersonator.clone()),
        context,
    };
    let acting = caller.impersonation.clone().map(|by| (by, caller.clone()));
    if let Some((by, caller)) = acting {
        if !is_open(request.method(), request.uri().path(), &by) {
            return refused(&request).unwrap_or_else(|| Refused::new(ErrorCode::ReadOnly, locale).into_response());
        }
        // For the banner of every page. A session that ended meanwhile shows none.
        if !is_api && let Ok(me) = Box::pin(auth.me(&caller)).await {
            let until = me.session.as_ref().map(|session| session.expires_at);
            request.extensions_mut().insert(Impersonated { name: me.name, until, writes: by.writes });
        }
    }
    around.run(next(request)).await
}

/// Whether something may be done in another's place.
fn is_open(method: &Method, path: &str, by: &Impersonation) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let ends = FORMS.contains(&path) || CALLS.iter().any(|(of, call)| of == method && *call == path);
    let asks = QUESTIONS.contains(&path);
    let is_of_organizations =
        OF_ORGANIZATIONS.iter().any(|prefix| path.starts_with(prefix)) || page_of(path).starts_with("/orgs");
    ends || asks || (by.writes && is_of_organizations)
}

/// A browser that posted a form by itself is led back to its page, which says why; none for all others.
fn refused(request: &Request) -> Option<Response> {
    let path = request.uri().path();
    if !path.starts_with("/rpc/") || !wants_page(request.headers()) {
        return None;
    }
    let page = page_before(request.headers()).unwrap_or_else(|| page_of(path).to_owned());
    let refusal = ServerFnUrlError::new(path, AppError::from(ErrorCode::ReadOnly));
    let url = refusal.to_url(&format!("http://localhost{page}")).ok()?;
    let there = format!("{}?{}", url.path(), url.query()?);
    Some(Redirect::to(&there).into_response())
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).map(HeaderValue::as_bytes).unwrap_or_default().windows(9).any(|word| word == b"text/html")
}

/// The page of ours that the form stands on, as far as the browser says it.
fn page_before(headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(REFERER)?.to_str().ok()?;
    let (_, rest) = referer.split_once("://")?;
    let path = rest.find('/').map(|at| &rest[at..])?;
    let path = path.split(['?', '#']).next()?;
    LocalPath::parse(path).map(|path| path.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth::id::UserId;

    fn open(method: &Method, path: &str, writes: bool) -> bool {
        is_open(method, path, &Impersonation { impersonator: UserId("ada".into()), writes })
    }

    #[test]
    fn everything_is_read_and_nothing_changed_but_the_way_out() {
        for writes in [false, true] {
            for path in ["/dashboard", "/api/v1/me", "/account/security", "/orgs/acme"] {
                assert!(open(&Method::GET, path, writes), "{path}");
            }
            assert!(open(&Method::POST, "/rpc/end_impersonation", writes));
            assert!(open(&Method::POST, "/rpc/sign_out", writes) && open(&Method::POST, "/rpc/me", writes));
            assert!(open(&Method::DELETE, "/api/v1/admin/impersonation", writes));
            for (method, path) in [
                (Method::PATCH, "/api/v1/me"),
                (Method::POST, "/api/v1/tokens"),
                (Method::DELETE, "/api/v1/sessions/x"),
                (Method::POST, "/api/v1/reauthenticate"),
                (Method::POST, "/api/v1/me/deletion"),
                (Method::POST, "/api/v1/admin/users/x/suspend"),
                (Method::POST, "/api/v1/nothing"),
                (Method::POST, "/rpc/change_name"),
                (Method::POST, "/rpc/change_password"),
                (Method::POST, "/rpc/choose_locale"),
                (Method::POST, "/rpc/secure_account_by_event"),
                (Method::POST, "/rpc/start_impersonation"),
                (Method::POST, "/rpc/nothing"),
                (Method::PUT, "/api/v1/me/avatar"),
                (Method::from_bytes(b"PURGE").unwrap(), "/dashboard"),
            ] {
                assert!(!open(&method, path, writes), "{method} {path}");
            }
        }
    }

    #[test]
    fn with_the_choice_to_write_organizations_are_open() {
        for path in ["/api/v1/orgs/x/documents", "/api/v1/organizations/x"] {
            assert!(open(&Method::POST, path, true) && !open(&Method::POST, path, false), "{path}");
        }
        assert!(!open(&Method::POST, "/api/v1/orgsx", true));
    }
}
