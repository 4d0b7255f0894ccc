//! `POST /api/v1/me/deletion`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Timestamp, flow};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// When the account goes.
#[derive(Serialize, ToSchema)]
pub struct Deletion {
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    pub(super) delete_at: Timestamp,
}

/// Asks for the end of the account: it goes after 14 days. A mail brings the link that keeps it.
#[utoipa::path(post, path = "/me/deletion", tag = "account", responses(
    (status = 202, description = "The day is set.", body = Deletion),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`changed_meanwhile`: it was set before", body = Problem, content_type = "application/problem+json"),
))]
pub async fn request_deletion(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<(StatusCode, Json<Deletion>), Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let done = flow::request_deletion(&auth, &caller, &context).await;
    done.map(|delete_at| (StatusCode::ACCEPTED, Json(Deletion { delete_at })))
        .map_err(|error| Refused::from_error(&error, context.locale))
}
