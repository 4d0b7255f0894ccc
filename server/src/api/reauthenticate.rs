//! `POST /api/v1/reauthenticate`

use auth::form::FreshProofForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// A fresh proof of the person, in one of three shapes: the password; a method and its code; a passkey's answer.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::FreshProofForm` for the document")]
struct Reauthenticate {
    /// The password of today. It counts for an account without a passkey, an authenticator app or a phone.
    #[schema(format = Password, required = false)]
    current_password: String,
    /// `passkey`, `totp`, `sms_code` or `recovery_code`.
    #[schema(example = "totp", required = false)]
    method: String,
    /// The code, of every method but a passkey.
    #[schema(example = "123456", required = false)]
    code: String,
    /// With a passkey: the `ceremony` of `/reauthenticate/passkey`.
    #[schema(required = false)]
    ceremony: String,
    /// With a passkey: `PublicKeyCredential.toJSON()`.
    #[schema(value_type = Object, required = false)]
    credential: String,
}

/// Proves the person behind the session once more. Risky acts are granted for 15 minutes afterwards.
///
/// An account with a strong factor is proved by a strong factor or a recovery code, and by nothing else. A refresh
/// gives an access token that says so (`amr`, `acr`, `auth_time`), and the next refresh cookie.
#[utoipa::path(post, path = "/reauthenticate", request_body = Reauthenticate, tag = "session", responses(
    (status = 204, description = "The person is proved."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: the password is no proof of this account; `methods` says what is", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: the account has no password", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`changed_meanwhile`; `factor_unavailable`: the account has no such factor, or it proves too little", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `password_wrong`; `wrong_code`; `passkey_refused`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_tries`: ten wrong passwords ended the session; `factors_locked`, with Retry-After", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn reauthenticate(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<FreshProofForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let proof = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::reauthenticate(&auth, &caller, &proof, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
