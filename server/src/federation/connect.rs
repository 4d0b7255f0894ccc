//! `GET /account/connections/{provider}/connect`: begins to connect an account of a provider, and leads there.

use app::server::{FEDERATION_COOKIE, cookie_of, federation_cookie_text};
use auth::federation::Prompt;
use auth::flow::{self, StartFederation};
use auth::session::Caller;
use auth::{Context, ErrorCode, LocalPath};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, Request, State};
use axum::http::HeaderMap;
use axum::http::header::REFERER;
use axum::response::Response;

use super::{CONNECTIONS, Federation, code_of, not_connected, see_other};

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
    let (true, Some(next)) = (is_from_page(request.headers(), &federation.public_url), LocalPath::parse(CONNECTED))
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

/// Whether the page of connections asks. That it is a page of ours is not enough: a link to our sign-in page says where
/// to go on afterwards, and so could begin a connection that nobody wanted. The page is in the `Referer`; where that is
/// taken out on the way, `Sec-Fetch-Site` is believed.
fn is_from_page(headers: &HeaderMap, public_url: &str) -> bool {
    let is_own = headers.get("sec-fetch-site").map(|site| site.as_bytes() == b"same-origin");
    let is_page = headers.get(REFERER).map(|referer| {
        let page = referer.as_bytes().strip_prefix(public_url.as_bytes());
        let page = page.and_then(|page| page.split(|byte| matches!(byte, b'?' | b'#')).next());
        page == Some(CONNECTIONS.as_bytes())
    });
    match (is_own, is_page) {
        (None, None) => false,
        (is_own, is_page) => is_own.unwrap_or(true) && is_page.unwrap_or(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn from_page(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        is_from_page(&headers, "https://id.example.com")
    }

    #[test]
    fn only_the_page_of_connections_begins_one() {
        let page = ("referer", "https://id.example.com/account/connections?refused=provider_refused");
        assert!(from_page(&[("sec-fetch-site", "same-origin"), page]));
        assert!(from_page(&[page]), "an older browser");
        assert!(from_page(&[("sec-fetch-site", "same-origin")]), "without a Referer");
        for refused in [
            &[][..],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), page],
            &[("sec-fetch-site", "same-origin"), ("referer", "https://id.example.com/sign-in?next=/account")],
            &[("sec-fetch-site", "same-origin"), ("referer", "https://id.example.com/account/confirm")],
            &[("referer", "https://evil.example/account/connections")],
            &[("referer", "https://id.example.com.evil.example/account/connections")],
            &[("referer", "https://id.example.com/account/connectionsx")],
        ] {
            assert!(!from_page(refused), "{refused:?}");
        }
    }
}
