//! `POST /api/v1/passkeys`

use auth::form::PasskeyForm;
use auth::session::Caller;
use auth::view::PasskeyItem;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::PasskeyItemShape;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// A passkey that a browser made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::PasskeyForm` for the document")]
struct AddPasskey {
    /// The ticket of the question.
    ceremony: String,
    /// What `PublicKeyCredential.toJSON()` gives.
    #[schema(value_type = Object)]
    credential: Value,
    /// What its owner calls it, 1 to 80 characters; as its authenticator when it is missing.
    #[schema(example = "My phone", required = false)]
    name: Option<String>,
}

/// A passkey that was added. No `Debug`: it may hold recovery codes.
#[derive(Serialize, ToSchema)]
pub struct AddedPasskey {
    /// As the list shows it.
    #[schema(value_type = PasskeyItemShape)]
    passkey: PasskeyItem,
    /// Ten recovery codes when this is the first factor of the account: shown this once. Null otherwise.
    recovery_codes: Option<Vec<String>>,
}

/// Adds the passkey that a browser made. From now on it is asked for after the password, and signs in without one. The
/// person is told by mail. An answer that is not accepted uses its question up.
#[utoipa::path(post, path = "/passkeys", request_body = AddPasskey, tag = "passkey", responses(
    (status = 201, description = "The passkey.", body = AddedPasskey),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`passkey_known`: an account has it; `factor_unavailable`: there are no passkeys here, or the account has twenty", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`passkey_refused`, whatever is wrong with the answer; `invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn add_passkey(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<PasskeyForm>, Refused>,
) -> Result<(StatusCode, Json<AddedPasskey>), Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let (answer, name) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let added = flow::add_passkey(&auth, &caller, &answer, name, &context).await;
    let added = added.map_err(|error| Refused::from_error(&error, context.locale))?;
    let texts = |codes: &auth::factor::RecoveryCodes| {
        codes.codes().iter().map(|code| code.expose_secret().to_owned()).collect::<Vec<_>>()
    };
    let recovery_codes = added.recovery_codes.as_ref().map(texts);
    Ok((StatusCode::CREATED, Json(AddedPasskey { passkey: added.passkey, recovery_codes })))
}
