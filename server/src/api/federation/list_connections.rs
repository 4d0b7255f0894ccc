//! `GET /api/v1/connections`

use auth::session::Caller;
use auth::view::ConnectionItem;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// The connections of an account.
#[derive(Serialize, ToSchema)]
pub struct ConnectionList {
    #[schema(value_type = Vec<ConnectionItemShape>)]
    items: Vec<ConnectionItem>,
}

/// An account of a provider that opens this account. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = ConnectionItem)]
#[expect(dead_code, reason = "the shape of `auth::view::ConnectionItem` for the document")]
struct ConnectionItemShape {
    /// The connection; not a secret.
    #[schema(example = "01890a5d-ac96-774b-bcce-b302099a8057")]
    id: String,
    /// The provider's name in addresses.
    #[schema(example = "google")]
    provider: String,
    /// Its name for people; that in addresses when the settings know it no more.
    #[schema(example = "Google")]
    provider_name: String,
    /// Its picture: `google`, `github`, `microsoft`, `gitlab` or `openid`.
    #[schema(example = "google")]
    icon: String,
    /// Whether it can be used: the settings know the provider.
    is_offered: bool,
    /// The address there, as the provider last told it; null when it told none.
    #[schema(example = "alice@example.com")]
    email: Option<String>,
    /// When it was connected.
    connected_at: i64,
    /// When somebody last signed in with it; null: never.
    last_used_at: Option<i64>,
    /// Whether it may be disconnected: another way in is left.
    may_disconnect: bool,
}

/// The accounts of providers that open this account.
#[utoipa::path(get, path = "/connections", tag = "provider", responses(
    (status = 200, description = "All of them.", body = ConnectionList),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_connections(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<ConnectionList>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let items = flow::list_connections(&auth, &caller).await;
    items.map(|items| Json(ConnectionList { items })).map_err(|error| Refused::from_error(&error, context.locale))
}
