//! `GET /api/v1/admin/keys`

use auth::session::Caller;
use auth::view::KeyView;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// Every key.
#[derive(Serialize)]
pub struct KeyList {
    items: Vec<KeyView>,
}

/// Every key that signs, signed or will sign access tokens.
#[derive(ToSchema)]
#[schema(as = KeyList)]
#[expect(dead_code, reason = "the shape of `KeyList` for the document")]
struct KeyListShape {
    /// The keys.
    items: Vec<KeyShape>,
}

/// A key. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = Key)]
#[expect(dead_code, reason = "the shape of `auth::view::KeyView` for the document")]
pub struct KeyShape {
    /// Its name, `kid` in tokens.
    id: String,
    /// Its one algorithm.
    #[schema(example = "EdDSA")]
    algorithm: String,
    /// `next`, `signing`, `verifying`, `retired` or `revoked`.
    #[schema(example = "signing")]
    state: String,
    /// When it was published.
    created_at: i64,
    /// From when it signs.
    signs_from: i64,
    /// Until when tokens it signed are accepted; null while that is open.
    verifies_until: Option<i64>,
    /// When it was revoked, if it was.
    revoked_at: Option<i64>,
}

/// The keys of access tokens, without anything secret.
#[utoipa::path(get, path = "/admin/keys", tag = "admin", responses(
    (status = 200, description = "Every key.", body = KeyListShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_keys(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<KeyList>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let keys = flow::admin_list_keys(&auth, &caller).await;
    keys.map(|items| Json(KeyList { items })).map_err(|error| Refused::from_error(&error, context.locale))
}
