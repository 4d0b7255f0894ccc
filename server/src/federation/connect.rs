//! `GET /account/connections/{provider}/connect`: begins to connect an account of a provider, and leads there.

use app::server::{FEDERATION_COOKIE, cookie_of, federation_cookie_text};
use auth::federation::Prompt;
use auth::flow::{self, StartFederation};
use auth::session::Caller;
use auth::{Context, ErrorCode, LocalPath};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, Request, State};
use axum::response::Response;

use super::{CONNECTIONS, Federation, code_of, is_from_page, not_connected, see_other};

/// Where to go on when it is connected.
const CONNECTED: &str = "/account/connections?note=connected";

/// Begins a connection of whoever is signed in, when they pressed the button on its page.
pub(super) async fn connect(
    State(federation): State<Federation>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    name: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let Ok(caller) = caller else { return not_connected(ErrorCode::SignedOut) };
    let Some(provider) = federation.offered(name) else { return federation.not_found(request).await };
    let (true, Some(next)) =
        (is_from_page(request.headers(), &federation.public_url, CONNECTIONS), LocalPath::parse(CONNECTED))
    else {
        return see_other(CONNECTIONS, &[]);
    };
    let browser = cookie_of(request.headers(), FEDERATION_COOKIE);
    let start = StartFederation { provider, next, browser, prompt: Prompt::Nothing };
    match flow::start_connection(&federation.auth, &caller, start, &context).await {
        Ok(started) => {
            let seconds = federation.auth.lifetimes().federation_flow;
            see_other(&started.url, &[federation_cookie_text(&started.browser, seconds)])
        }
        Err(error) => not_connected(code_of(&error)),
    }
}
