//! `GET /api/v1/admin/users`

use auth::session::Caller;
use auth::view::UserItem;
use auth::{Auth, Context, Cursor, ErrorCode, Page, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::query_of;
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// What is sought, and where the list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(default)]
    q: String,
    after: Option<Cursor>,
}

/// One page of accounts, the newest first.
#[derive(ToSchema)]
#[schema(as = UserPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct UserPageShape {
    /// At most 50 accounts.
    items: Vec<UserItemShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// An account.
#[derive(ToSchema)]
#[schema(as = UserItem)]
#[expect(dead_code, reason = "the shape of `auth::view::UserItem` for the document")]
struct UserItemShape {
    /// The account.
    id: String,
    /// The proved address.
    email: String,
    /// What the person wants to be called.
    name: String,
    /// `user` or `admin`.
    #[schema(example = "user")]
    role: String,
    /// When it was made, in milliseconds since 1970.
    created_at: i64,
    /// Sessions that go on; 100 stands for 100 or more.
    live_sessions: i64,
    /// The kinds of its second factors, strongest first.
    #[schema(example = json!(["totp"]))]
    factors: Vec<String>,
}

/// The accounts whose address is `q`, else begins with it, a page at a time.
#[utoipa::path(get, path = "/admin/users", tag = "admin", params(
    ("q" = Option<String>, Query, description = "An address or its beginning; everybody without it"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = UserPageShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_users(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    query: Result<QueryOf<Wanted>, Refused>,
) -> Result<Json<Page<UserItem>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let wanted = query_of(&auth, &caller, query, context.locale).await?;
    let page = flow::admin_list_users(&auth, &caller, &wanted.q, wanted.after).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
