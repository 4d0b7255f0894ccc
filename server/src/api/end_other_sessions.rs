//! `POST /api/v1/sessions/end-others`

use auth::{Auth, Context, Scope, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::any_caller::AnyCaller;
use crate::problem::{Problem, Refused};

/// What was ended.
#[derive(Serialize, ToSchema)]
pub struct EndedSessions {
    /// How many sessions.
    #[schema(example = 2)]
    ended: u64,
}

/// Ends every session of the account but that of the access token, on every node within a second, after a fresh proof of
/// the person. A personal access token has no session, and none to ask: all end.
#[utoipa::path(post, path = "/sessions/end-others", tag = "session", responses(
    (status = 200, description = "All others are over.", body = EndedSessions),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `insufficient_scope`: a personal access token needs `sessions:write`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn end_other_sessions(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
) -> Result<Json<EndedSessions>, Refused> {
    let actor = caller.with(Scope::SessionsWrite)?;
    let ended = flow::end_other_sessions(&auth, actor, &context).await;
    ended.map(|ended| Json(EndedSessions { ended })).map_err(|error| Refused::from_error(&error, context.locale))
}
