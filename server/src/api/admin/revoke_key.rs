//! `POST /api/v1/admin/keys/{id}/revoke`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Revokes a key for good: every access token it signed is refused on every node within a second.
#[utoipa::path(post, path = "/admin/keys/{id}/revoke", tag = "admin", params(
    ("id" = String, Path, description = "The key."),
), responses(
    (status = 204, description = "The key is revoked."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such key, or not an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_keys`: twenty keys were made within a day; the command line goes on", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_revoke_key(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // What cannot be read as text names no key.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let done = flow::admin_revoke_key(&auth, &caller, &id, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
