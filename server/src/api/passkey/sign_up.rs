//! `POST /api/v1/sign-up/passkey`

use auth::form::PasskeySignUpForm;
use auth::{Auth, Context, flow};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// The account to be made, with its passkey.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::PasskeySignUpForm` for the document")]
struct PasskeySignUp {
    /// The address to prove: that of the question.
    #[schema(example = "alice@example.com")]
    email: String,
    /// What the person wants to be called.
    #[schema(example = "Alice")]
    name: String,
    /// The ticket of the question.
    ceremony: String,
    /// What `PublicKeyCredential.toJSON()` gives.
    #[schema(value_type = Object)]
    credential: Value,
}

/// A sign-up that waits for its address. Whoever has the ticket made the passkey: `POST /verify-email` takes it with the
/// code of the mail.
#[derive(Serialize, ToSchema)]
pub struct WaitingSignUp {
    /// A secret.
    ticket: String,
}

/// Creates an account with a passkey and no password, which waits for its address to be proved. The answer is the same
/// for new and known addresses; the mail differs. An answer that is not accepted uses its question up.
#[utoipa::path(post, path = "/sign-up/passkey", request_body = PasskeySignUp, tag = "passkey", responses(
    (status = 202, description = "A mail is on its way.", body = WaitingSignUp),
    (status = 409, description = "`passkey_known`: an account has this passkey; `factor_unavailable`: there are no passkeys here", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`passkey_refused`, whatever is wrong with the answer; `invalid_fields`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_attempts`, with Retry-After and perhaps work that spares the wait", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn passkey_sign_up(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    JsonBody(form): JsonBody<PasskeySignUpForm>,
) -> Result<(StatusCode, Json<WaitingSignUp>), Refused> {
    let (account, answer) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::passkey_sign_up(&auth, account, &answer, &context).await;
    let waiting = |ticket: SecretString| WaitingSignUp { ticket: ticket.expose_secret().to_owned() };
    done.map(|ticket| (StatusCode::ACCEPTED, Json(waiting(ticket))))
        .map_err(|error| Refused::from_error(&error, context.locale))
}
