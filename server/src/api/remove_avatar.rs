//! `DELETE /api/v1/me/avatar`

use auth::{Auth, Context, Scope, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;

use super::any_caller::AnyCaller;
use crate::problem::{Problem, Refused};

/// Removes the picture of the signed-in person; its path leads nowhere from then on.
#[utoipa::path(delete, path = "/me/avatar", tag = "account", responses(
    (status = 204, description = "There is no picture; also when there was none."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: a personal access token needs `profile:write`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn remove_avatar(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
) -> Result<StatusCode, Refused> {
    let actor = caller.with(Scope::ProfileWrite)?;
    let done = flow::remove_avatar(&auth, actor, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
