//! `GET /api/v1/admin/mails`

use auth::session::Caller;
use auth::view::{MailItem, MailState};
use auth::{Auth, Context, Cursor, ErrorCode, Page, Permission, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// Which mails, and where the list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    state: Option<MailState>,
    after: Option<Cursor>,
}

/// One page of mails and SMS, the newest first.
#[derive(ToSchema)]
#[schema(as = MailPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct MailPageShape {
    /// At most 50 mails.
    items: Vec<MailShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// A mail or an SMS, without what is in it. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = Mail)]
#[expect(dead_code, reason = "the shape of `auth::view::MailItem` for the document")]
struct MailShape {
    /// Its id, which is also in its `Message-ID`.
    id: String,
    /// What it is for, or `sms`; null when an older version sent it.
    #[schema(example = "verify_email")]
    kind: Option<String>,
    /// To whom, masked; null when an older version sent it.
    #[schema(example = "a•••@example.com")]
    recipient: Option<String>,
    /// `waiting`, `sent` or `dead`.
    #[schema(example = "sent")]
    state: String,
    /// How often it was tried.
    attempts: i64,
    /// Why it did not leave the last time.
    last_error: Option<String>,
    /// When it was promised.
    created_at: i64,
    /// When it is tried again, while it waits.
    next_at: Option<i64>,
    /// When it was sent, or given up.
    ended_at: Option<i64>,
    /// Whether the link or code in it is over: it is not sent again.
    is_outdated: bool,
}

/// Mails and SMS that wait, that were sent in the last seven days, and that could not be delivered.
#[utoipa::path(get, path = "/admin/mails", tag = "admin", params(
    ("state" = Option<String>, Query, description = "`waiting`, `sent` or `dead`; all without it"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = MailPageShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`, or there is no such `state`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator who may", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_mails(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    query: Result<QueryOf<Wanted>, Refused>,
) -> Result<Json<Page<MailItem>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // To others nothing is there, however they ask.
    let permitted = flow::require_permission(&auth, &caller, Permission::ReadMails).await;
    permitted.map_err(|error| Refused::from_error(&error, context.locale))?;
    let QueryOf(Wanted { state, after }) = query?;
    let page = flow::list_mails(&auth, &caller, state, after).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
