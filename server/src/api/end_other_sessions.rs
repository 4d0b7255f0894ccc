//! `POST /api/v1/sessions/end-others`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// What was ended.
#[derive(Serialize, ToSchema)]
pub struct EndedSessions {
    /// How many sessions.
    #[schema(example = 2)]
    ended: u64,
}

/// Ends every session of the account but that of the access token, on every node within a second.
#[utoipa::path(post, path = "/sessions/end-others", tag = "session", responses(
    (status = 200, description = "All others are over.", body = EndedSessions),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn end_other_sessions(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<EndedSessions>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let ended = flow::end_other_sessions(&auth, &caller, &context).await;
    ended.map(|ended| Json(EndedSessions { ended })).map_err(|error| Refused::from_error(&error, context.locale))
}
