//! `GET /api/v1/admin/users`

use auth::form::UserFilterForm;
use auth::session::Caller;
use auth::view::UserItem;
use auth::{Auth, Context, ErrorCode, Page, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use super::query_of;
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// One page of accounts.
#[derive(ToSchema)]
#[schema(as = UserPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct UserPageShape {
    /// At most 50 accounts; a page may have fewer, and others follow all the same.
    items: Vec<UserItemShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// An account.
#[derive(ToSchema)]
#[schema(as = UserItem)]
#[expect(dead_code, reason = "the shape of `auth::view::UserItem` for the document")]
pub struct UserItemShape {
    /// The account.
    id: String,
    /// The proved address.
    email: String,
    /// What the person wants to be called.
    name: String,
    /// `user`, `support`, `auditor` or `platform_admin`.
    #[schema(example = "user")]
    role: String,
    /// When it was made, in milliseconds since 1970.
    created_at: i64,
    /// Sessions that go on; 100 stands for 100 or more.
    live_sessions: i64,
    /// The kinds of its second factors, strongest first.
    #[schema(example = json!(["totp"]))]
    factors: Vec<String>,
    /// `active`, `suspended` or `deleting`.
    #[schema(example = "active")]
    state: String,
}

/// The accounts that a filter leaves, a page at a time: the newest first, and with `q` in the order of the word that was
/// found. Upper case and accents make no difference.
#[utoipa::path(get, path = "/admin/users", tag = "admin", params(
    ("q" = Option<String>, Query, description = "Parts of a name or address, up to five words; an address or an id in full; everybody without it"),
    ("role" = Option<String>, Query, description = "`user`, `support`, `auditor` or `platform_admin`"),
    ("state" = Option<String>, Query, description = "`active`, `suspended` or `deleting`"),
    ("second_factor" = Option<String>, Query, description = "`with` or `without`"),
    ("created_from" = Option<String>, Query, description = "The first day on which they were made, such as `2027-01-15`, in UTC"),
    ("created_to" = Option<String>, Query, description = "The last day"),
    ("organization" = Option<String>, Query, description = "The id of an organization that they are in"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = UserPageShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: no such role, state, day or organization", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_users(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    query: Result<QueryOf<UserFilterForm>, Refused>,
) -> Result<Json<Page<UserItem>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let form = query_of(&auth, &caller, query, context.locale).await?;
    let (filter, after) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let page = flow::admin_list_users(&auth, &caller, filter, after).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
