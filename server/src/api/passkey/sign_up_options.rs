//! `POST /api/v1/sign-up/passkey/options`

use auth::form::PasskeySignUpStart;
use auth::{Auth, Context, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use super::PasskeyOptions;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// Whom a passkey is to be made for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::PasskeySignUpStart` for the document")]
struct StartPasskeySignUp {
    /// The address to prove.
    #[schema(example = "alice@example.com")]
    email: String,
    /// What the person wants to be called.
    #[schema(example = "Alice")]
    name: String,
}

/// Asks for the passkey of an account that is not there yet: a question for `navigator.credentials.create`. It is the
/// same for new and known addresses.
#[utoipa::path(post, path = "/sign-up/passkey/options", request_body = StartPasskeySignUp, tag = "passkey", responses(
    (status = 200, description = "The question and its ticket.", body = PasskeyOptions),
    (status = 409, description = "`factor_unavailable`: there are no passkeys here", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_attempts`, with Retry-After and perhaps work that spares the wait", body = Problem, content_type = "application/problem+json"),
))]
pub async fn passkey_sign_up_options(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    JsonBody(form): JsonBody<PasskeySignUpStart>,
) -> Result<Json<PasskeyOptions>, Refused> {
    let account = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let asked = flow::begin_passkey_sign_up(&auth, &account).await;
    asked.map(|request| Json(request.into())).map_err(|error| Refused::from_error(&error, context.locale))
}
