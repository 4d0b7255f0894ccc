//! `POST /api/v1/account-recovery`

use auth::form::TicketForm;
use auth::view::AccountRecovery;
use auth::{Auth, Context, flow};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// A sign-in that waits for its second factor.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::TicketForm` for the document")]
struct StartAccountRecovery {
    /// What `/sign-in` answered.
    ticket: String,
}

/// A recovery by mail that runs. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = AccountRecovery)]
#[expect(dead_code, reason = "the shape of `auth::view::AccountRecovery` for the document")]
pub struct AccountRecoveryShape {
    /// The address that the link goes to.
    #[schema(example = "alice@example.com")]
    email: String,
    /// Browser and system it was asked for with, in words; empty when unknown.
    #[schema(example = "Firefox on Linux")]
    device: String,
    /// When it was asked for.
    asked_at: i64,
    /// When the link that completes it is mailed.
    ready_at: i64,
    /// When that link ends.
    expires_at: i64,
}

/// Asks for the recovery of an account by mail: for somebody whose second factors are all lost. A link comes after 72
/// hours in which every address and every session of the account is told. Asking again changes nothing; an account has
/// none within a day after one was called off, and at most three in a week.
#[utoipa::path(post, path = "/account-recovery", request_body = StartAccountRecovery, tag = "factors", responses(
    (status = 202, description = "It runs.", body = AccountRecoveryShape),
    (status = 409, description = "`factor_unavailable`: a mailed code is asked for, and no factor", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`second_factor_expired`", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_soon`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn start_account_recovery(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    JsonBody(form): JsonBody<TicketForm>,
) -> Result<(StatusCode, Json<AccountRecovery>), Refused> {
    let ticket = form.parse(None).map_err(|refusal| Refused::new(refusal, context.locale))?;
    let started = flow::start_account_recovery(&auth, &ticket, &context).await;
    let running = started.map_err(|error| Refused::from_error(&error, context.locale))?;
    Ok((StatusCode::ACCEPTED, Json(running)))
}
