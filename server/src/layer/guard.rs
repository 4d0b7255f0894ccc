//! Private pages answer a signed-out person before anything is rendered: an empty 303 to the
//! sign-in page. A page is private unless `app::PUBLIC_PATHS` names it.

use app::session::sign_in_path;
use auth::session::Caller;
use auth::{ErrorCode, LocalPath};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION, VARY};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

/// Lets public pages and signed-in people pass.
pub async fn guard(request: Request, next: Next) -> Response {
    let signed_in = matches!(request.extensions().get::<Result<Caller, ErrorCode>>(), Some(Ok(_)));
    let path = request.uri().path();
    if signed_in || app::PUBLIC_PATHS.contains(&path) {
        return next.run(request).await;
    }
    let wanted = request.uri().path_and_query().map_or(path, |both| both.as_str());
    let back = LocalPath::parse(wanted).map_or("/", |_| wanted);
    (
        StatusCode::SEE_OTHER,
        [(LOCATION, sign_in_path(back)), (CACHE_CONTROL, "no-store".to_owned()), (VARY, "Cookie".to_owned())],
    )
        .into_response()
}

/// A page has one address: `/dashboard/` leads to `/dashboard`, where the guard stands.
pub async fn without_trailing_slash(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    match path.strip_suffix('/').and_then(LocalPath::parse) {
        Some(path) => Redirect::permanent(path.as_str()).into_response(),
        None => next.run(request).await,
    }
}
