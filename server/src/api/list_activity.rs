//! `GET /api/v1/activity`

use auth::form::ActivityForm;
use auth::view::ActivityItem;
use auth::{Auth, Context, Page, Scope, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use super::any_caller::AnyCaller;
use super::query::QueryOf;
use crate::problem::{Problem, Refused};

/// One page of events, newest first.
#[derive(ToSchema)]
#[schema(as = ActivityPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct ActivityPageShape {
    /// At most 50 events.
    items: Vec<ActivityItemShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// Something that happened to the account. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = ActivityItem)]
#[expect(dead_code, reason = "the shape of `auth::view::ActivityItem` for the document")]
pub struct ActivityItemShape {
    /// The event; not a secret.
    id: String,
    /// When.
    at: i64,
    /// What. More kinds will come.
    #[schema(example = "session.started")]
    kind: String,
    /// Browser and system it was done with, in words; empty when unknown.
    #[schema(example = "Firefox on Linux")]
    device: String,
    /// The client's address.
    #[schema(example = "192.0.2.1")]
    address: String,
    /// The session it was done to, or done by.
    session_id: Option<String>,
}

/// What happened to the account, a page at a time.
#[utoipa::path(get, path = "/activity", tag = "account", params(
    ("filter" = Option<String>, Query, description = "`all`, `sign_in`, `password`, `address`, `profile` or `administration`"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = ActivityPageShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: a personal access token needs `activity:read`", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: no such filter", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_activity(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
    QueryOf(form): QueryOf<ActivityForm>,
) -> Result<Json<Page<ActivityItem>>, Refused> {
    let actor = caller.with(Scope::ActivityRead)?;
    let (filter, after) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let page = flow::list_activity(&auth, actor, filter, after).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
