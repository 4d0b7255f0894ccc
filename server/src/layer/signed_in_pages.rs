//! Private pages answer a signed-out person before anything is rendered: an empty 303 to the
//! sign-in page. A page is private unless `app::is_public` says otherwise.

use app::server::{SECOND_FACTOR_COOKIE, cookie_of};
use app::session::after_sign_in;
use app::session::sign_in_path;
use auth::session::Caller;
use auth::{Context, ErrorCode, LocalPath};
use axum::extract::{Query, Request};
use axum::http::header::{CACHE_CONTROL, LOCATION, VARY};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::HashMap;

use crate::problem::Refused;

/// Lets public pages and signed-in people pass; who is signed in need not sign in again.
pub async fn guard(request: Request, next: Next) -> Response {
    let signed_in = matches!(request.extensions().get::<Result<Caller, ErrorCode>>(), Some(Ok(_)));
    let path = request.uri().path();
    if signed_in && ["/sign-in", "/sign-up"].contains(&path) && request.method() == Method::GET {
        let next = next_of(request.uri());
        return (StatusCode::SEE_OTHER, [(LOCATION, after_sign_in(&next)), (CACHE_CONTROL, "no-store".to_owned())])
            .into_response();
    }
    // Nothing waits in this browser.
    if path == app::TWO_STEP && cookie_of(request.headers(), SECOND_FACTOR_COOKIE).is_none() {
        let next = next_of(request.uri());
        let sign_in = LocalPath::parse(&next).map_or_else(|| "/sign-in".to_owned(), |_| sign_in_path(&next));
        return see_sign_in(sign_in);
    }
    if signed_in || app::is_public(path) {
        return next.run(request).await;
    }
    let wanted = request.uri().path_and_query().map_or(path, |both| both.as_str());
    let back = LocalPath::parse(wanted).map_or("/", |_| wanted);
    see_sign_in(sign_in_path(back))
}

fn see_sign_in(path: String) -> Response {
    let headers = [(LOCATION, path), (CACHE_CONTROL, "no-store".to_owned()), (VARY, "Cookie".to_owned())];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The page a sign-in would lead to.
fn next_of(uri: &Uri) -> String {
    Query::<HashMap<String, String>>::try_from_uri(uri)
        .ok()
        .and_then(|Query(mut query)| query.remove("next"))
        .unwrap_or_default()
}

/// A page has one address: `/dashboard/` leads to `/dashboard`, where the guard stands. At others, which
/// the router of the pages would take for it, nothing is.
pub async fn one_address(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if let Some(path) = path.strip_suffix('/').filter(|_| reads).and_then(LocalPath::parse) {
        return Redirect::permanent(path.as_str()).into_response();
    }
    if path != "/" && path.split('/').skip(1).any(|segment| matches!(segment, "" | "." | "..")) {
        let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
        return Refused::new(ErrorCode::NotFound, locale).into_response();
    }
    next.run(request).await
}
