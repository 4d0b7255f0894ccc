//! `POST /api/v1/reauthenticate/passkey`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// A challenge for a passkey. No `Debug`: the ticket is a secret until it is used.
#[derive(Serialize, ToSchema)]
pub struct StepUpChallenge {
    /// Send it back with the answer.
    ceremony: String,
    /// For `navigator.credentials.get` (WebAuthn Level 3, 5.1.4).
    #[schema(value_type = Object)]
    options: serde_json::Value,
}

/// Makes a challenge for a passkey of the account, good once, for five minutes and in this session alone. The answer
/// goes to `/reauthenticate`.
#[utoipa::path(post, path = "/reauthenticate/passkey", tag = "session", responses(
    (status = 200, description = "The challenge.", body = StepUpChallenge),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: the account has no passkey", body = Problem, content_type = "application/problem+json"),
))]
pub async fn reauthenticate_passkey(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<StepUpChallenge>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let made = flow::step_up_passkey(&auth, &caller).await;
    let made = made.map_err(|error| Refused::from_error(&error, context.locale))?;
    Ok(Json(StepUpChallenge { ceremony: made.ceremony.expose_secret().to_owned(), options: made.options }))
}
