//! `GET /api/v1/tokens`

use auth::session::Caller;
use auth::view::TokenItem;
use auth::{Auth, Context, Cursor, ErrorCode, Page, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::query::QueryOf;
use crate::problem::{Problem, Refused};

/// Where the list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    after: Option<Cursor>,
}

/// One page of personal access tokens, the newest first.
#[derive(ToSchema)]
#[schema(as = TokenPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct TokenPageShape {
    /// At most 50 tokens.
    items: Vec<TokenItemShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// A personal access token, without its secret. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = TokenItem)]
#[expect(dead_code, reason = "the shape of `auth::view::TokenItem` for the document")]
struct TokenItemShape {
    /// Its id; not the secret.
    id: String,
    /// What its owner calls it.
    #[schema(example = "Nightly report")]
    name: String,
    /// What it allows.
    scopes: Vec<String>,
    /// When it was made.
    created_at: i64,
    /// When it ends; null: never.
    expires_at: Option<i64>,
    /// When it was last used, to within a minute; null: never.
    last_used_at: Option<i64>,
    /// The client's address at that use.
    #[schema(example = "192.0.2.1")]
    last_used_address: Option<String>,
}

/// The personal access tokens of the account that were not revoked, a page at a time. One that ended stays
/// among them for 90 days.
#[utoipa::path(get, path = "/tokens", tag = "token", params(
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = TokenPageShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_tokens(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Json<Page<TokenItem>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let page = flow::list_tokens(&auth, &caller, wanted.after).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
