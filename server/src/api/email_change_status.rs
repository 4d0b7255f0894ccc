//! `GET /api/v1/me/email`

use auth::session::Caller;
use auth::view::EmailChangeStatus;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// Where a change of address stands. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = EmailChangeStatus)]
#[expect(dead_code, reason = "the shape of `auth::view::EmailChangeStatus` for the document")]
struct EmailChangeStatusShape {
    /// The address that must prove itself.
    waiting: Option<WaitingEmailShape>,
    /// The address that may still be taken back.
    undoable: Option<UndoableEmailShape>,
}

/// An address that must prove itself.
#[derive(ToSchema)]
#[schema(as = WaitingEmail)]
#[expect(dead_code, reason = "the shape of `auth::view::WaitingEmail` for the document")]
struct WaitingEmailShape {
    /// The wanted address.
    email: String,
    /// When link and code end.
    expires_at: i64,
    /// How often a code may still be typed.
    tries_left: u32,
}

/// An address that may still be taken back.
#[derive(ToSchema)]
#[schema(as = UndoableEmail)]
#[expect(dead_code, reason = "the shape of `auth::view::UndoableEmail` for the document")]
struct UndoableEmailShape {
    /// The address before the change.
    email: String,
    /// Until when.
    until: i64,
}

/// The address that waits to be proved, and the one that may still be taken back.
#[utoipa::path(get, path = "/me/email", tag = "account", responses(
    (status = 200, description = "Where the change stands.", body = EmailChangeStatusShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn email_change_status(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<EmailChangeStatus>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let status = flow::email_change_status(&auth, &caller).await;
    status.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
