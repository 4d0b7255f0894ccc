//! Who is calling. A bearer token when there is one; else the cookie, but only for what a browser
//! does by itself: document navigations and the form posts of our own pages. A script call without
//! a bearer token is nobody's, so another site's script can do nothing. A personal access token is a bearer
//! token, too, and no session: only handlers that name a scope accept it.

use app::server::{OWN_SESSION_COOKIE, REFRESH_COOKIE, cookie_of, refresh_cookie, set_cookie_text};
use auth::flow::Resumed;
use auth::id::UserId;
use auth::session::Caller;
use auth::token::PersonalToken;
use auth::weakened::{self, Defence};
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::Request;
use axum::http::header::{ACCEPT, CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;

use super::bearer::bearer;
use super::deadline::RenewedCookies;
use super::panic;
use crate::problem::Refused;
use crate::process::Process;

/// Puts `Result<Caller, ErrorCode>` into the request, and a rotated cookie into the answer.
pub async fn caller<F>(
    auth: &Auth,
    process: &Process,
    mut request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response
where
    F: Future<Output = Response>,
{
    if let Some(token) = bearer(request.headers()) {
        let found = match token {
            Ok(token) if PersonalToken::is_meant(&token) => return program(auth, &token, request, next).await,
            Ok(token) => auth.caller_of_access_token(&token).map_err(|error| error.refusal().code),
            Err(code) => Err(code),
        };
        if let Ok(caller) = &found {
            note_account(&caller.user_id);
            process.note_person(request.extensions(), &caller.user_id, auth.now());
        }
        request.extensions_mut().insert(found);
        return private(next(request).await);
    }
    let Some(cookies) = Cookies::of(&request) else {
        request.extensions_mut().insert(Err::<Caller, _>(ErrorCode::SignedOut));
        return next(request).await;
    };
    let Some(context) = request.extensions().get::<Context>().cloned() else {
        return Refused::new(ErrorCode::Internal, auth::Locale::default()).into_response();
    };
    // Boxed: who has no cookie would make room for it as well.
    let (resumed, returns) = match Box::pin(cookies.resume(auth, &context)).await {
        Ok(resumed) => resumed,
        Err(error) => return Refused::from_error(&error, context.locale).into_response(),
    };
    let found = resumed.as_ref().map(|resumed| resumed.caller.clone()).ok_or(ErrorCode::SignedOut);
    if let Ok(caller) = &found {
        note_account(&caller.user_id);
        process.note_person(request.extensions(), &caller.user_id, auth.now());
    }
    request.extensions_mut().insert(found);
    let token = resumed.and_then(|resumed| resumed.refresh_token);
    let renewed = token.map(|token| renewed_cookies(auth, &token, returns)).unwrap_or_default();
    if let Some(leaving) = request.extensions().get::<RenewedCookies>().filter(|_| !renewed.is_empty()) {
        leaving.keep(renewed.clone());
    }
    // Caught here already: a session that was renewed for a request that panics is renewed all the same.
    let mut response = private(panic::caught(request, next).await);
    // A sign-in or sign-out on the way has set the cookie already, and knows better.
    if !sets_refresh_cookie(&response) {
        for line in renewed {
            response.headers_mut().append(SET_COOKIE, line);
        }
    }
    response
}

/// Says in the line of the request whose account it was, so that what is refused is told with who asked (ASVS 5.0, 16.3.2).
fn note_account(id: &UserId) {
    tracing::Span::current().record("account", id.as_str());
}

/// The sessions that a browser brings with a navigation.
struct Cookies {
    session: Option<SecretString>,
    /// That of an administrator who saw the product as somebody else. It counts for what is read: a form that was made
    /// for the other person is not theirs.
    own: Option<SecretString>,
}

impl Cookies {
    /// None without any.
    fn of(request: &Request) -> Option<Self> {
        if !is_navigation(request) && !weakened::is_off(Defence::CookieForPages) {
            return None;
        }
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let session = cookie_of(request.headers(), REFRESH_COOKIE);
        let own = cookie_of(request.headers(), OWN_SESSION_COOKIE).filter(|_| reads);
        (session.is_some() || own.is_some()).then_some(Self { session, own })
    }

    /// The session that goes on, and whether it is the one that was kept aside, because the other is over.
    async fn resume(&self, auth: &Auth, context: &Context) -> auth::Result<(Option<Resumed>, bool)> {
        if let Some(token) = &self.session
            && let Some(resumed) = flow::resume(auth, token, context).await?
        {
            return Ok((Some(resumed), false));
        }
        let Some(own) = &self.own else { return Ok((None, false)) };
        let resumed = flow::resume(auth, own, context).await?;
        let back = |resumed: Resumed| {
            let refresh_token = resumed.refresh_token.or_else(|| Some(own.clone()));
            Resumed { refresh_token, ..resumed }
        };
        Ok((resumed.map(back), true))
    }
}

/// The cookies of a session that goes on with this token, and no more beside another person's where somebody `returns`.
fn renewed_cookies(auth: &Auth, token: &SecretString, returns: bool) -> Vec<HeaderValue> {
    let session = refresh_cookie(token, auth.lifetimes().session);
    let own = returns.then(|| set_cookie_text(OWN_SESSION_COOKIE, "", 0));
    [Some(session), own].into_iter().flatten().filter_map(|line| HeaderValue::from_str(&line).ok()).collect()
}

/// A program with a personal access token. It is refused wherever a session is asked for; what it may do is
/// in an extension of its own, which is there for a good token only.
async fn program<F>(
    auth: &Auth,
    token: &SecretString,
    mut request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response
where
    F: Future<Output = Response>,
{
    let Some(context) = request.extensions().get::<Context>().cloned() else {
        return Refused::new(ErrorCode::Internal, auth::Locale::default()).into_response();
    };
    let code = match Box::pin(auth.caller_of_personal_token(token, &context.address)).await {
        Ok(caller) => {
            note_account(&caller.user_id);
            // Whoever reads the activity learns which program it was.
            request.extensions_mut().insert(Context { device: caller.device(), ..context });
            request.extensions_mut().insert(caller);
            ErrorCode::InsufficientScope
        }
        Err(error) if error.refusal().code == ErrorCode::InvalidToken => ErrorCode::InvalidToken,
        Err(error) => return Refused::from_error(&error, context.locale).into_response(),
    };
    request.extensions_mut().insert(Err::<Caller, _>(code));
    private(next(request).await)
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
