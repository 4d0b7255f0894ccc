//! `GET /sign-in/with/{provider}?next=/path`: begins a sign-in and leads to the provider. With `prove=1` the provider
//! asks for a proof even who has a session there: where a fresh proof of the person is wanted.

use app::server::{FEDERATION_COOKIE, cookie_of, federation_cookie_text};
use app::session::sign_in_path;
use auth::federation::Prompt;
use auth::flow::{self, StartFederation};
use auth::{Context, ErrorCode};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use super::parameters::Parameters;
use super::{Federation, code_of, next_of, refused, see_other};

/// Begins a sign-in. Nobody is signed in by a link of another site: such a one leads to the sign-in page.
pub(super) async fn start(
    State(federation): State<Federation>,
    Extension(context): Extension<Context>,
    name: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let Some(provider) = federation.offered(name) else { return federation.not_found(request).await };
    let wanted = Parameters::of(request.uri()).and_then(|query| query.one("next")).ok().flatten();
    let Some(next) = next_of(wanted.as_deref()) else { return refused(&provider, ErrorCode::Internal) };
    if !is_own_or_typed(request.headers()) {
        let page = if wanted.is_some() { sign_in_path(next.as_str()) } else { "/sign-in".to_owned() };
        return see_other(&page, &[]);
    }
    let browser = cookie_of(request.headers(), FEDERATION_COOKIE);
    let proves = Parameters::of(request.uri()).and_then(|query| query.one("prove")).is_ok_and(|prove| prove.is_some());
    let prompt = if proves { Prompt::Proof } else { Prompt::Nothing };
    let start = StartFederation { provider: provider.clone(), next, browser, prompt };
    match flow::start_federation(&federation.auth, start, &context).await {
        Ok(started) => {
            let seconds = federation.auth.lifetimes().federation_flow;
            see_other(&started.url, &[federation_cookie_text(&started.browser, seconds)])
        }
        Err(error) => refused(&provider, code_of(&error)),
    }
}

/// A link of ours, or an address that somebody typed. Older browsers do not say.
fn is_own_or_typed(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    matches!(site, None | Some(b"same-origin" | b"none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_other_sites_begin_nothing() {
        for (site, expected) in [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false)] {
            let mut headers = HeaderMap::new();
            headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            assert_eq!(is_own_or_typed(&headers), expected, "{site}");
        }
        assert!(is_own_or_typed(&HeaderMap::new()));
    }
}
