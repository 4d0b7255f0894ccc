//! `DELETE /api/v1/trusted-devices/{id}`

use auth::id::TrustedDeviceId;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Stops trusting one device: its next sign-in is asked for the second factor. Doing it again changes nothing.
#[utoipa::path(delete, path = "/trusted-devices/{id}", tag = "session", params(
    ("id" = String, Path, description = "The device."),
), responses(
    (status = 204, description = "The device is not trusted any more."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no trusted device of this account", body = Problem, content_type = "application/problem+json"),
))]
pub async fn revoke_trusted_device(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // What cannot be read as text names no device.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let done = flow::revoke_trusted_device(&auth, &caller, &TrustedDeviceId(id), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
