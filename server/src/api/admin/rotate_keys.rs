//! `POST /api/v1/admin/keys/rotate`

use auth::session::Caller;
use auth::view::KeyView;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;

use super::list_keys::KeyShape;
use crate::problem::{Problem, Refused};

/// Publishes the next key. It signs once every other service can know it.
#[utoipa::path(post, path = "/admin/keys/rotate", tag = "admin", responses(
    (status = 201, description = "The next key.", body = KeyShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_keys`: twenty keys were made within a day; the command line goes on", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_rotate_keys(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<(StatusCode, Json<KeyView>), Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let key = flow::admin_rotate_keys(&auth, &caller, &context).await;
    key.map(|key| (StatusCode::CREATED, Json(key))).map_err(|error| Refused::from_error(&error, context.locale))
}
