//! `GET /api/v1/sessions`

use auth::view::SessionItem;
use auth::{Auth, Context, Cursor, Page, Scope, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::any_caller::AnyCaller;
use super::query::QueryOf;
use crate::problem::{Problem, Refused};

/// Where the list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    after: Option<Cursor>,
}

/// One page of sessions, the newest seen first.
#[derive(ToSchema)]
#[schema(as = SessionPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct SessionPageShape {
    /// At most 50 sessions.
    items: Vec<SessionItemShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// A signed-in device. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = SessionItem)]
#[expect(dead_code, reason = "the shape of `auth::view::SessionItem` for the document")]
struct SessionItemShape {
    /// The session; not a secret.
    id: String,
    /// Browser and system in words; empty when unknown.
    #[schema(example = "Firefox on Linux")]
    device: String,
    /// How it signed in (`amr`, RFC 8176).
    #[schema(example = "pwd")]
    method: String,
    /// The second factor that was proved in it last; null when none was.
    #[schema(example = "totp")]
    factor: Option<String>,
    /// The client's address when it signed in.
    #[schema(example = "192.0.2.1")]
    address: String,
    /// When it signed in.
    signed_in_at: i64,
    /// When it last renewed its access token.
    last_seen_at: i64,
    /// Whether it is the session of this request.
    is_current: bool,
    /// Whether an administrator acts in it in your place.
    is_impersonation: bool,
}

/// The devices that are signed in to the account, a page at a time.
#[utoipa::path(get, path = "/sessions", tag = "session", params(
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = SessionPageShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: a personal access token needs `sessions:read`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_sessions(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Json<Page<SessionItem>>, Refused> {
    let actor = caller.with(Scope::SessionsRead)?;
    let page = flow::list_sessions(&auth, actor, wanted.after).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
