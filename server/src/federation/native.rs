//! `GET /sign-in/with/{provider}/app/continue` and `/cancel`: the answers to the page that stands before a native app
//! gets its code (RFC 8252, 8.6). Links, because a form would not be let through to the app: the policy of our pages
//! forbids that a post ends at another address. Each is good once, in its own browser, when it is pressed on the page.

use app::server::{FEDERATION_COOKIE, cookie_of};
use auth::flow::{self, NativeAnswer};
use auth::{ErrorCode, ProviderId};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};

use super::parameters::Parameters;
use super::{Federation, SIGN_IN_WITH, code_of, is_from_page, refused, see_other};

/// The length of a ticket.
const TICKET_LENGTH: usize = 43;

/// The page that asks, on which the links are. Without a ticket it says that there is nothing to ask.
pub(super) fn page(provider: &ProviderId, ticket: Option<&SecretString>) -> String {
    let query = ticket.map(|ticket| format!("?ticket={}", ticket.expose_secret())).unwrap_or_default();
    format!("{SIGN_IN_WITH}{provider}/app{query}")
}

/// The app may have its code.
pub(super) async fn go_on(
    federation: State<Federation>,
    name: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    answer(federation, name, request, NativeAnswer::Continue).await
}

/// It may not.
pub(super) async fn cancel(
    federation: State<Federation>,
    name: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    answer(federation, name, request, NativeAnswer::Cancel).await
}

async fn answer(
    State(federation): State<Federation>,
    name: Result<Path<String>, PathRejection>,
    request: Request,
    answer: NativeAnswer,
) -> Response {
    let Some(provider) = federation.offered(name) else { return federation.not_found(request).await };
    let Some(ticket) = ticket(&request) else { return see_other(&page(&provider, None), &[]) };
    if !is_from_page(request.headers(), &federation.public_url, &page(&provider, None)) {
        // Somebody else's link: the page asks once more.
        return see_other(&page(&provider, Some(&ticket)), &[]);
    }
    let Some(browser) = cookie_of(request.headers(), FEDERATION_COOKIE) else {
        return see_other(&page(&provider, None), &[]);
    };
    match flow::answer_native_arrival(&federation.auth, &provider, &ticket, &browser, answer).await {
        Ok(app) => see_other(&app, &[]),
        Err(error) => match code_of(&error) {
            ErrorCode::FederationExpired => see_other(&page(&provider, None), &[]),
            code => refused(&provider, code),
        },
    }
}

/// The ticket of the address, when it may be one: it is put into another address.
fn ticket(request: &Request) -> Option<SecretString> {
    let ticket = Parameters::of(request.uri()).and_then(|query| query.one("ticket")).ok().flatten()?;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (ticket.len() == TICKET_LENGTH && ticket.bytes().all(is_letter)).then(|| SecretString::from(ticket))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn what_is_no_ticket_goes_into_no_address() {
        let good = format!("{}-_", "a".repeat(TICKET_LENGTH - 2));
        let of = |query: &str| ticket(&Request::get(format!("/x?{query}")).body(Body::empty()).unwrap());
        assert_eq!(of(&format!("ticket={good}")).unwrap().expose_secret(), good);
        let odd = format!("{}%0d", "a".repeat(TICKET_LENGTH - 1));
        for bad in ["", "ticket=", &good, &format!("ticket={good}a"), &format!("ticket={odd}"), "ticket=a"] {
            assert!(of(bad).is_none(), "{bad}");
        }
        assert!(of(&format!("ticket={good}&ticket={good}")).is_none(), "nobody knows which counts");
    }
}
