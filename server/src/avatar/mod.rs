//! Pictures of people: the form that sends one, and the address that shows it.
//!
//! The form is no server function, because those read no files. It looks like one from outside: it is
//! posted to `/rpc/`, answered by 303, and a refusal comes back to its page with its words.

use app::error::AppError;
use app::page::CHANGE_AVATAR;
use auth::avatar::MAX_BYTES;
use auth::{Locale, Refusal};
use axum::extract::Request;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::server_fn::error::ServerFnUrlError;

use crate::problem::Refused;

mod change;
mod show;

pub use change::change;
pub use show::show;

/// What a request with a picture may weigh: the file, and what a form writes around it.
pub const MAX_REQUEST: usize = MAX_BYTES + 16 * 1024;
/// The page with the form.
const PAGE: &str = "/account";

/// Whether a request may carry a picture: a post of the form, or the call of a program.
pub fn is_upload(request: &Request) -> bool {
    let (method, path) = (request.method(), request.uri().path());
    (method == Method::POST && path == CHANGE_AVATAR) || (method == Method::PUT && path == "/api/v1/me/avatar")
}

/// Whether a browser posted the form by itself, and shows the page it is led to.
pub fn is_form_post(request: &Request) -> bool {
    is_upload(request) && request.uri().path() == CHANGE_AVATAR && wants_page(request.headers())
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// Leads back to the page of the form, which finds the refusal in its address as it finds those of
/// server functions.
pub fn refused_form(refusal: Refusal) -> Response {
    let url = ServerFnUrlError::new(CHANGE_AVATAR, AppError(refusal)).to_url(&format!("http://localhost{PAGE}"));
    let page = url.ok().and_then(|url| Some(format!("{PAGE}?{}", url.query()?)));
    Redirect::to(page.as_deref().unwrap_or(PAGE)).into_response()
}

/// A refusal for whoever sent the form.
fn refused(wants_page: bool, refusal: Refusal, locale: Locale) -> Response {
    if wants_page { refused_form(refusal) } else { Refused::new(refusal, locale).into_response() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth::{Field, FieldIssue};

    #[test]
    fn a_refusal_leads_to_the_page_and_says_nothing_personal() {
        let answer = refused_form(Refusal::invalid(vec![(Field::Avatar, FieldIssue::ImageTooLarge)]));
        assert_eq!(answer.status(), 303);
        let location = answer.headers()["location"].to_str().unwrap();
        let error = location.strip_prefix("/account?__path=%2Frpc%2Fchange_avatar&__err=").unwrap();
        let error = ServerFnUrlError::<AppError>::decode_err(&error.replace("%3D", "="));
        assert_eq!(error.issue(Field::Avatar), Some(FieldIssue::ImageTooLarge));
    }
}
