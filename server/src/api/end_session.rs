//! `DELETE /api/v1/sessions/{id}`

use auth::id::SessionId;
use auth::{Auth, Context, ErrorCode, Scope, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use super::any_caller::AnyCaller;
use crate::problem::{Problem, Refused};

/// Ends one session of the account, on every node within a second. Ending it again changes nothing. Another one than that of
/// the access token asks for a fresh proof of the person; a personal access token has none to ask.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "session", params(
    ("id" = String, Path, description = "The session."),
), responses(
    (status = 204, description = "The session is over."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `insufficient_scope`: a personal access token needs `sessions:write`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no session of this account", body = Problem, content_type = "application/problem+json"),
))]
pub async fn end_session(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let actor = caller.with(Scope::SessionsWrite)?;
    // What cannot be read as text names no session.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let done = flow::end_session(&auth, actor, &SessionId(id), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
