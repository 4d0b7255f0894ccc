//! `POST /api/v1/sign-in`

use app::server::{REFRESH_COOKIE, TRUSTED_DEVICE_COOKIE, cookie_of};
use auth::flow::{self, SignIn as Outcome};
use auth::form::SignInForm;
use auth::{Auth, Context, ErrorCode, FactorMethod};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::Response;
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::JsonBody;
use super::signed_in_answer::{no_store, with_refresh_cookie};
use crate::problem::{Problem, Refused};

/// Address and password.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::SignInForm` for the document")]
struct SignIn {
    /// The address.
    #[schema(example = "alice@example.com")]
    email: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
}

/// An access token (RFC 9068); the refresh token is in the cookie `__Host-refresh`.
#[derive(ToSchema)]
#[schema(as = AccessGrant)]
#[expect(dead_code, reason = "the shape of `auth::view::AccessGrant` for the document")]
pub struct AccessGrantShape {
    /// The JWT.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: String,
    /// Seconds until it ends.
    #[schema(example = 300)]
    expires_in: u32,
}

/// Instead of an access token: the account has a second factor, which goes to `/second-factor`.
#[derive(Serialize, ToSchema)]
pub struct SecondFactorNeeded {
    /// What to go on with.
    second_factor: PendingSecondFactor,
}

/// A sign-in that waits for its second factor.
#[derive(Serialize, ToSchema)]
pub struct PendingSecondFactor {
    /// Leads to the second half, for ten minutes, and to nothing else.
    ticket: String,
    /// The factors that may be proved, strongest first; `recovery_code`, the last resort, at the end.
    #[schema(value_type = Vec<String>, example = json!(["passkey", "totp", "recovery_code"]))]
    methods: Vec<FactorMethod>,
}

/// Signs in with address and password. An account with a second factor is answered with `SecondFactorNeeded` and no
/// cookie, unless the cookie of a trusted device is sent. One that signs in in an unusual way is answered so in any case: one
/// without factors gets a code by mail.
#[utoipa::path(post, path = "/sign-in", request_body = SignIn, tag = "session", responses(
    (status = 200, description = "Signed in, or `SecondFactorNeeded`: `{\"second_factor\": {\"ticket\": …, \"methods\": […]}}`.", body = AccessGrantShape),
    (status = 401, description = "`invalid_credentials`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`email_not_verified`: a mail with a code is on its way", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`changed_meanwhile`: the password was changed in this moment", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_attempts`, with Retry-After and perhaps work that spares the wait", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn sign_in(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<SignInForm>,
) -> Result<Response, Refused> {
    let credentials = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let trusted = cookie_of(&headers, TRUSTED_DEVICE_COOKIE);
    match flow::sign_in(&auth, credentials, trusted.as_ref(), &context).await {
        Ok(Outcome::SignedIn(signed_in)) => {
            // The cookie is about to be replaced: the session it holds would live on unseen.
            if let Some(old) = cookie_of(&headers, REFRESH_COOKIE) {
                let ended = flow::sign_out(&auth, &old, &context).await;
                ended.map_err(|error| Refused::from_error(&error, context.locale))?;
            }
            Ok(with_refresh_cookie(&auth, &signed_in.refresh_token, Json(signed_in.access)))
        }
        Ok(Outcome::NeedsSecondFactor(pending)) => {
            let ticket = pending.ticket.expose_secret().to_owned();
            let second_factor = PendingSecondFactor { ticket, methods: pending.methods };
            Ok(no_store(Json(SecondFactorNeeded { second_factor })))
        }
        Ok(Outcome::NeedsVerification(_)) => Err(Refused::new(ErrorCode::EmailNotVerified, context.locale)),
        Err(error) => Err(Refused::from_error(&error, context.locale)),
    }
}
