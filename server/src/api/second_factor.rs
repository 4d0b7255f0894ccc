//! `POST /api/v1/second-factor`

use app::server::{REFRESH_COOKIE, TRUSTED_DEVICE_COOKIE, cookie_of, set_cookie_text};
use auth::flow;
use auth::form::SecondFactorForm;
use auth::{Auth, Context};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::Response;
use secrecy::ExposeSecret;
use utoipa::ToSchema;

use super::body::JsonBody;
use super::sign_in::AccessGrantShape;
use super::signed_in_answer::{with_cookie, with_refresh_cookie};
use crate::problem::{Problem, Refused};

/// A proof of a second factor: a code, or the answer of a passkey.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::SecondFactorForm` for the document")]
struct SecondFactor {
    /// The ticket that the sign-in gave.
    ticket: String,
    /// The kind of factor: one of `methods` of the sign-in.
    #[schema(example = "totp")]
    method: String,
    /// The code, of every kind but `passkey`. Blanks and dashes do not count.
    #[schema(example = "123456")]
    code: Option<String>,
    /// Of a passkey: `ceremony` of its options.
    ceremony: Option<String>,
    /// Of a passkey: `PublicKeyCredential.toJSON()`.
    #[schema(value_type = Option<Object>)]
    credential: Option<serde_json::Value>,
    /// Whether the factor is not asked for with the cookie `__Host-trusted-device`, for 30 days.
    trust_device: Option<bool>,
}

/// The second half of a sign-in. A wrong code leaves the ticket alive. Five wrong codes in a row lock the account's
/// codes for a minute, each further one for longer, whatever ticket or factor they are of; a passkey still works.
#[utoipa::path(post, path = "/second-factor", request_body = SecondFactor, tag = "session", responses(
    (status = 200, description = "Signed in.", body = AccessGrantShape),
    (status = 409, description = "`factor_unavailable`: the account has no factor of this kind", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`second_factor_expired`: sign in again", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`wrong_code`, `passkey_refused` or `invalid_fields`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`factors_locked`, with Retry-After: the code was not looked at", body = Problem, content_type = "application/problem+json"),
))]
pub async fn second_factor(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<SecondFactorForm>,
) -> Result<Response, Refused> {
    let (ticket, proof, trust) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let proved = flow::second_factor(&auth, &ticket, proof, trust, &context).await;
    let proved = proved.map_err(|error| Refused::from_error(&error, context.locale))?;
    // The cookie is about to be replaced: the session it holds would live on unseen.
    if let Some(old) = cookie_of(&headers, REFRESH_COOKIE) {
        let ended = flow::sign_out(&auth, &old, &context).await;
        ended.map_err(|error| Refused::from_error(&error, context.locale))?;
    }
    let answer = with_refresh_cookie(&auth, &proved.signed_in.refresh_token, Json(proved.signed_in.access));
    Ok(match proved.trusted {
        Some(cookie) => {
            with_cookie(&set_cookie_text(TRUSTED_DEVICE_COOKIE, cookie.expose_secret(), flow::TRUST_SECONDS), answer)
        }
        None => answer,
    })
}
