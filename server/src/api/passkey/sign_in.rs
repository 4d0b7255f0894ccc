//! `POST /api/v1/sign-in/passkey`

use app::server::{REFRESH_COOKIE, cookie_of};
use auth::flow::{self, Entered, PasskeySignIn};
use auth::form::PasskeyForm;
use auth::{Auth, Context, ErrorCode};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use secrecy::ExposeSecret;
use serde_json::json;

use super::PasskeyAnswerShape;
use crate::api::body::JsonBody;
use crate::api::sign_in::AccessGrantShape;
use crate::api::signed_in_answer::with_refresh_cookie;
use crate::problem::{Problem, Refused};

/// Signs in with a passkey alone: the person was verified by their device, so nothing else is asked for. An answer
/// that is not accepted uses its question up. When nobody has the passkey, the refusal has the member
/// `unknown_credential` with `rp_id` and `credential_id`, for `PublicKeyCredential.signalUnknownCredential`.
#[utoipa::path(post, path = "/sign-in/passkey", request_body = PasskeyAnswerShape, tag = "passkey", responses(
    (status = 200, description = "Signed in.", body = AccessGrantShape),
    (status = 403, description = "`email_not_verified`: the passkey is that of a sign-up whose address is not proved", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: there are no passkeys here; `changed_meanwhile`", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`passkey_refused`, whatever is wrong with the answer; `invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn passkey_sign_in(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<PasskeyForm>,
) -> Result<Response, Refused> {
    let (answer, _) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    match flow::passkey_sign_in(&auth, &answer, &context).await {
        Ok(PasskeySignIn::Entered(Entered::SignedIn(signed_in))) => {
            // The cookie is about to be replaced: the session it holds would live on unseen.
            if let Some(old) = cookie_of(&headers, REFRESH_COOKIE) {
                let ended = flow::sign_out(&auth, &old, &context).await;
                ended.map_err(|error| Refused::from_error(&error, context.locale))?;
            }
            Ok(with_refresh_cookie(&auth, &signed_in.refresh_token, Json(signed_in.access)))
        }
        Ok(PasskeySignIn::Entered(Entered::NeedsSecondFactor(pending))) => {
            let second_factor = json!({"ticket": pending.ticket.expose_secret(), "methods": pending.methods});
            Ok(Json(json!({"second_factor": second_factor})).into_response())
        }
        Ok(PasskeySignIn::NeedsVerification(_)) => Err(Refused::new(ErrorCode::EmailNotVerified, context.locale)),
        Ok(PasskeySignIn::Unknown(unknown)) => {
            Err(Refused::unknown_passkey(unknown.rp_id, unknown.credential_id, context.locale))
        }
        Err(error) => Err(Refused::from_error(&error, context.locale)),
    }
}
