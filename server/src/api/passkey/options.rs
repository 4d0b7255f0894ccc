//! `POST /api/v1/passkeys/options`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};

use super::PasskeyOptions;
use crate::problem::{Problem, Refused};

/// Asks for a new passkey of the signed-in person: a question for `navigator.credentials.create`. Those that the
/// account has are excluded.
#[utoipa::path(post, path = "/passkeys/options", tag = "passkey", responses(
    (status = 200, description = "The question and its ticket.", body = PasskeyOptions),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: there are no passkeys here, or the account has twenty", body = Problem, content_type = "application/problem+json"),
))]
pub async fn passkey_options(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<PasskeyOptions>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let asked = flow::passkey_options(&auth, &caller).await;
    asked.map(|request| Json(request.into())).map_err(|error| Refused::from_error(&error, context.locale))
}
