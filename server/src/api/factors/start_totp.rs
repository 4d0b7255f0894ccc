//! `POST /api/v1/factors/totp`

use auth::flow::TotpEnrolment;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// A key that waits for its first code. No `Debug`.
#[derive(Serialize, ToSchema)]
pub struct TotpKey {
    /// The key that is typed into an app: base32 (RFC 4648, 6), 160 bits.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// The same as a link, for a QR code.
    #[schema(example = "otpauth://totp/Keywright:alice%40example.com?secret=…&issuer=Keywright")]
    uri: String,
}

/// Makes the key of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds). It waits 15 minutes for its first
/// right code, in this session, and an older one that waits is dead. Until then no sign-in asks for it.
#[utoipa::path(post, path = "/factors/totp", tag = "factor", responses(
    (status = 200, description = "The key, this once.", body = TotpKey),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
))]
pub async fn start_totp(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<TotpKey>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let begun = flow::start_totp(&auth, &caller).await;
    begun.map(|enrolment| Json(enrolment.into())).map_err(|error| Refused::from_error(&error, context.locale))
}

impl From<TotpEnrolment> for TotpKey {
    fn from(enrolment: TotpEnrolment) -> Self {
        Self { secret: enrolment.secret.expose_secret().to_owned(), uri: enrolment.uri.expose_secret().to_owned() }
    }
}
