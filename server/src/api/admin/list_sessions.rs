//! `GET /api/v1/admin/users/{id}/sessions`

use auth::id::UserId;
use auth::session::Caller;
use auth::view::AnySession;
use auth::{Auth, Context, Cursor, ErrorCode, Page, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::query_of;
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// Where the list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    after: Option<Cursor>,
}

/// One page of sessions, the newest first.
#[derive(ToSchema)]
#[schema(as = AnySessionPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct AnySessionPageShape {
    /// At most 50 sessions.
    items: Vec<AnySessionShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// A session, live or ended. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = AnySession)]
#[expect(dead_code, reason = "the shape of `auth::view::AnySession` for the document")]
pub struct AnySessionShape {
    /// The session; not a secret.
    id: String,
    /// Where it signed in.
    origin: OriginShape,
    /// How it signed in (`amr`, RFC 8176).
    #[schema(example = "pwd")]
    method: String,
    /// When it signed in.
    signed_in_at: i64,
    /// When its newest refresh token was issued.
    last_seen_at: i64,
    /// When it ends at the latest.
    expires_at: i64,
    /// How it ended; null while it goes on.
    end: Option<SessionEndShape>,
}

/// With what and from where something was done.
#[derive(ToSchema)]
#[schema(as = Origin)]
#[expect(dead_code, reason = "the shape of `auth::view::Origin` for the document")]
pub struct OriginShape {
    /// Browser and system in words; empty when unknown.
    #[schema(example = "Firefox on Linux")]
    device: String,
    /// The client's address, empty when unknown; null for several addresses.
    #[schema(example = "192.0.2.1")]
    address: Option<String>,
}

/// The end of a session.
#[derive(ToSchema)]
#[schema(as = SessionEnd)]
#[expect(dead_code, reason = "the shape of `auth::view::SessionEnd` for the document")]
struct SessionEndShape {
    /// When.
    at: i64,
    /// Why. More reasons will come.
    #[schema(example = "signed_out")]
    reason: String,
}

/// The sessions of an account, live and ended in the last 90 days, a page at a time.
#[utoipa::path(get, path = "/admin/users/{id}/sessions", tag = "admin", params(
    ("id" = String, Path, description = "The account."),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = AnySessionPageShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such account, or not an administrator", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_sessions(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    query: Result<QueryOf<Wanted>, Refused>,
) -> Result<Json<Page<AnySession>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let wanted = query_of(&auth, &caller, query, context.locale).await?;
    // What cannot be read as text names no account.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let page = flow::admin_list_sessions(&auth, &caller, &UserId(id), wanted.after).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
