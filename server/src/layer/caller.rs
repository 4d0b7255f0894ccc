//! Who is calling. A bearer token when there is one; else the cookie, but only for what a browser
//! does by itself: document navigations and the form posts of our own pages. A script call without
//! a bearer token is nobody's, so another site's script can do nothing. A personal access token is a bearer
//! token, too, and no session: only handlers that name a scope accept it.

use app::server::{REFRESH_COOKIE, cookie_of, refresh_cookie};
use auth::session::Caller;
use auth::token::PersonalToken;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;

use super::bearer::bearer;
use crate::problem::Refused;

/// Puts `Result<Caller, ErrorCode>` into the request, and a rotated cookie into the answer.
pub async fn caller(State(auth): State<Auth>, mut request: Request, next: Next) -> Response {
    if let Some(token) = bearer(request.headers()) {
        let found = match token {
            Ok(token) if PersonalToken::is_meant(&token) => return program(&auth, &token, request, next).await,
            Ok(token) => auth.caller_of_access_token(&token).map_err(|error| error.refusal().code),
            Err(code) => Err(code),
        };
        request.extensions_mut().insert(found);
        return private(next.run(request).await);
    }
    let Some(token) = cookie_of(request.headers(), REFRESH_COOKIE).filter(|_| is_navigation(&request)) else {
        request.extensions_mut().insert(Err::<Caller, _>(ErrorCode::SignedOut));
        return next.run(request).await;
    };
    let Some(context) = request.extensions().get::<Context>().cloned() else {
        return Refused::new(ErrorCode::Internal, auth::Locale::default()).into_response();
    };
    let resumed = match flow::resume(&auth, &token, &context).await {
        Ok(resumed) => resumed,
        Err(error) => return Refused::from_error(&error, context.locale).into_response(),
    };
    let found = resumed.as_ref().map(|resumed| resumed.caller.clone()).ok_or(ErrorCode::SignedOut);
    request.extensions_mut().insert(found);
    let mut response = private(next.run(request).await);
    // A sign-in or sign-out on the way has set the cookie already, and knows better.
    if let Some(token) = resumed.and_then(|resumed| resumed.refresh_token)
        && !sets_refresh_cookie(&response)
        && let Ok(value) = HeaderValue::from_str(&refresh_cookie(&token, auth.lifetimes().session))
    {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// A program with a personal access token. It is refused wherever a session is asked for; what it may do is
/// in an extension of its own, which is there for a good token only.
async fn program(auth: &Auth, token: &SecretString, mut request: Request, next: Next) -> Response {
    let Some(context) = request.extensions().get::<Context>().cloned() else {
        return Refused::new(ErrorCode::Internal, auth::Locale::default()).into_response();
    };
    let code = match auth.caller_of_personal_token(token, &context.address).await {
        Ok(caller) => {
            // Whoever reads the activity learns which program it was.
            request.extensions_mut().insert(Context { device: caller.device(), ..context });
            request.extensions_mut().insert(caller);
            ErrorCode::InsufficientScope
        }
        Err(error) if error.refusal().code == ErrorCode::InvalidToken => ErrorCode::InvalidToken,
        Err(error) => return Refused::from_error(&error, context.locale).into_response(),
    };
    request.extensions_mut().insert(Err::<Caller, _>(code));
    private(next.run(request).await)
}

/// A document the browser asks for by itself, or a form of our own page that it posts by itself;
/// the origin guard has refused the forms of other sites before.
fn is_navigation(request: &Request) -> bool {
    let headers = request.headers();
    let mode = headers.get("sec-fetch-mode").map(HeaderValue::as_bytes);
    let wants_document =
        headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    let method = matches!(*request.method(), Method::GET | Method::HEAD | Method::POST);
    // Programs bring a bearer token, always.
    let is_api = request.uri().path().starts_with("/api/");
    method && !is_api && wants_document && mode.is_none_or(|mode| mode == b"navigate")
}

/// What somebody may see, no cache may keep.
fn private(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn sets_refresh_cookie(response: &Response) -> bool {
    response.headers().get_all(SET_COOKIE).iter().any(|value| value.as_bytes().starts_with(REFRESH_COOKIE.as_bytes()))
}
