//! `GET /sign-in/with/{provider}/callback`: somebody comes back from a provider. What was begun in this browser is
//! finished, whatever it was; everything else changes nothing and leads to a page that says so.

use app::server::{
    FEDERATION_COOKIE, REFRESH_COOKIE, SECOND_FACTOR_COOKIE, TRUSTED_DEVICE_COOKIE, cookie_of, federation_cookie_text,
    last_way_text, pending_connection_text, refresh_cookie, set_cookie_text,
};
use app::session::{after_sign_in, two_step_path};
use auth::flow::{self, Entered, Federated, FederationAnswer, FederationFinished, FederationRefused, SignedIn};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, ProviderId};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};

use super::parameters::{Parameters, Unclear};
use super::{Federation, code_of, native, not_connected, refused, see_other};

/// Finishes what was begun.
pub(super) async fn callback(
    State(federation): State<Federation>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    name: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let Some(provider) = federation.offered(name) else { return federation.not_found(request).await };
    let (parts, _) = request.into_parts();
    let Ok(answer) = Parameters::of(&parts.uri).and_then(|query| answer(&provider, &query, &parts.headers)) else {
        return refused(&provider, ErrorCode::FederationExpired);
    };
    // Whoever owes a second factor signs in like others, and connects nothing.
    let caller = caller.ok().filter(|caller| !caller.is_limited);
    let trusted = cookie_of(&parts.headers, TRUSTED_DEVICE_COOKIE);
    let auth = &federation.auth;
    match flow::finish_federation(auth, answer, caller.as_ref(), trusted.as_ref(), &context).await {
        Ok(finished) => {
            let led = lead_on((auth, &provider), finished, &parts.headers, &context).await;
            led.unwrap_or_else(|error| refused(&provider, code_of(&error)))
        }
        Err(FederationRefused { native: Some(app), .. }) => see_other(&app, &[]),
        Err(FederationRefused { refusal, is_connect: true, .. }) => not_connected(code_of(&refusal)),
        Err(FederationRefused { refusal, .. }) => refused(&provider, code_of(&refusal)),
    }
}

/// What the provider sent, and the browser with it.
fn answer(provider: &ProviderId, query: &Parameters, headers: &HeaderMap) -> Result<FederationAnswer, Unclear> {
    Ok(FederationAnswer {
        provider: provider.clone(),
        state: query.one("state")?.map(SecretString::from),
        code: query.one("code")?.map(SecretString::from),
        iss: query.one("iss")?,
        error: query.one("error")?,
        browser: cookie_of(headers, FEDERATION_COOKIE),
    })
}

/// Sets the cookies of what was finished, and goes on.
async fn lead_on(
    (auth, provider): (&Auth, &ProviderId),
    finished: FederationFinished,
    headers: &HeaderMap,
    context: &Context,
) -> auth::Result<Response> {
    let FederationFinished { outcome, next } = finished;
    Ok(match outcome {
        Federated::Entered(Entered::SignedIn(signed_in)) => {
            let [refresh, second_factor] = enter(auth, &signed_in, headers, context).await?;
            see_other(&after_sign_in(next.as_str()), &[refresh, second_factor, last_way_text(provider)])
        }
        Federated::Entered(Entered::NeedsSecondFactor(pending)) => {
            let ticket = pending.ticket.expose_secret();
            let cookie = set_cookie_text(SECOND_FACTOR_COOKIE, ticket, flow::SECOND_FACTOR_SECONDS);
            see_other(&two_step_path(None, next.as_str()), &[cookie, last_way_text(provider)])
        }
        Federated::Connected => see_other(next.as_str(), &[]),
        Federated::NeedsProof(ticket) => waiting(auth, &ticket, "/connect-account"),
        Federated::NeedsAddress(ticket) => waiting(auth, &ticket, "/finish-sign-up"),
        Federated::Native(question) => {
            // The browser may have begun nothing itself: from here on it is the one that is asked.
            let cookie = federation_cookie_text(&question.browser, auth.lifetimes().federation_flow);
            see_other(&native::page(provider, Some(&question.ticket)), &[cookie])
        }
    })
}

/// The cookies of a sign-in, as the form with a password sets them.
async fn enter(auth: &Auth, signed_in: &SignedIn, headers: &HeaderMap, context: &Context) -> auth::Result<[String; 2]> {
    // The cookie is about to be replaced: the session it holds would live on unseen.
    if let Some(old) = cookie_of(headers, REFRESH_COOKIE) {
        flow::sign_out(auth, &old, context).await?;
    }
    let token = &signed_in.refresh_token;
    // Another person's half of a sign-in may wait in this browser.
    Ok([refresh_cookie(token, auth.lifetimes().session), set_cookie_text(SECOND_FACTOR_COOKIE, "", 0)])
}

/// Keeps the ticket of somebody who is not let in yet.
fn waiting(auth: &Auth, ticket: &SecretString, page: &str) -> Response {
    see_other(page, &[pending_connection_text(ticket, auth.lifetimes().pending_connection)])
}
