//! A list of accounts as CSV (RFC 4180): `GET /api/v1/admin/users/export` for programs, `GET /admin/users/export` for a
//! browser that navigates there. It is sent while it is read, a page at a time; each page asks again who may see it.

use auth::form::{UserFilter, UserFilterForm};
use auth::session::Caller;
use auth::view::{CivilDay, UserItem};
use auth::{Auth, Context, Cursor, ErrorCode, Page, flow};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use futures::stream;
use std::io;

use crate::api::query::QueryOf;
use crate::problem::Refused;
use crate::spreadsheet::harmless;

/// The list it is asked for on.
const PAGE: &str = "/admin/users";
const COLUMNS: [&str; 8] = ["id", "email", "name", "role", "state", "created_at", "second_factors", "live_sessions"];

/// The route for browsers.
pub fn routes(auth: Auth) -> Router {
    Router::new().route("/admin/users/export", get(export)).with_state(auth)
}

/// Hands the file out, or leads to the page it is asked for on.
async fn export(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    headers: HeaderMap,
    query: Result<QueryOf<UserFilterForm>, Refused>,
) -> Result<Response, Refused> {
    // No other site begins a download here.
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let (Ok(caller), None | Some(b"same-origin" | b"none")) = (caller, site) else {
        return Ok(Redirect::to(PAGE).into_response());
    };
    let QueryOf(form) = query?;
    let (filter, _) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    match flow::export_users(&auth, &caller, &filter, &context).await {
        Ok(first) => Ok(csv(auth, caller, filter, first)),
        Err(error) if error.refusal().code == ErrorCode::ReauthenticationRequired => {
            Ok(Redirect::to(&format!("/account/confirm?next={PAGE}")).into_response())
        }
        Err(error) => Err(Refused::from_error(&error, context.locale)),
    }
}

/// What is still to be sent.
enum Rest {
    /// The first page, below the names of the columns.
    First(Page<UserItem>),
    /// The page behind this place.
    After(Cursor),
}

/// The file, from its first page on.
pub fn csv(auth: Auth, caller: Caller, filter: UserFilter, first: Page<UserItem>) -> Response {
    let day = CivilDay::of(auth.now());
    let name = format!("keywright-users-{:04}-{:02}-{:02}.csv", day.year, day.month, day.day);
    let pages = stream::unfold(Some(Rest::First(first)), move |rest| {
        let (auth, caller, filter) = (auth.clone(), caller.clone(), filter.clone());
        async move {
            let (page, is_first) = match rest? {
                Rest::First(page) => (Ok(page), true),
                Rest::After(after) => (flow::admin_list_users(&auth, &caller, filter, Some(after)).await, false),
            };
            // A file that breaks off is seen to be broken: the connection ends without its end.
            Some(match page {
                Ok(Page { items, next }) => (lines(&items, is_first), next.map(Rest::After)),
                Err(error) => (Err(io::Error::other(error.refusal().code.as_str())), None),
            })
        }
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, Body::from_stream(pages)).into_response()
}

/// Accounts as lines of the file.
fn lines(items: &[UserItem], with_columns: bool) -> io::Result<Bytes> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if with_columns {
        writer.write_record(COLUMNS)?;
    }
    for item in items {
        let factors: Vec<&str> = item.factors.iter().map(auth::FactorMethod::as_str).collect();
        writer.write_record([
            item.id.as_str(),
            &harmless(item.email.as_str()),
            &harmless(item.name.as_str()),
            item.role.as_str(),
            item.state.as_str(),
            &CivilDay::of(item.created_at).iso,
            &factors.join(" "),
            &item.live_sessions.to_string(),
        ])?;
    }
    writer.into_inner().map(Bytes::from).map_err(|error| io::Error::other(error.to_string()))
}
