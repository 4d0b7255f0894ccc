//! `POST /api/v1/sign-in/passkey/options`

use auth::{Auth, Context, flow};
use axum::Json;
use axum::extract::{Extension, State};

use super::PasskeyOptions;
use crate::problem::{Problem, Refused};

/// Asks for any passkey that the browser finds: a question for `navigator.credentials.get`, also for autofill
/// (`mediation: "conditional"`).
#[utoipa::path(post, path = "/sign-in/passkey/options", tag = "passkey", responses(
    (status = 200, description = "The question and its ticket.", body = PasskeyOptions),
    (status = 409, description = "`factor_unavailable`: there are no passkeys here", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_attempts`, with Retry-After and perhaps work that spares the wait", body = Problem, content_type = "application/problem+json"),
))]
pub async fn passkey_sign_in_options(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
) -> Result<Json<PasskeyOptions>, Refused> {
    let asked = flow::begin_passkey_sign_in(&auth).await;
    asked.map(|request| Json(request.into())).map_err(|error| Refused::from_error(&error, context.locale))
}
