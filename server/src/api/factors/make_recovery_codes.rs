//! `POST /api/v1/factors/recovery-codes`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::recovery_codes_answer::texts;
use crate::problem::{Problem, Refused};

/// New recovery codes. No `Debug`.
#[derive(Serialize, ToSchema)]
pub struct MadeRecoveryCodes {
    /// Ten codes, this once.
    recovery_codes: Vec<String>,
}

/// Makes ten new recovery codes; the old ones work no more. The person is told by mail.
#[utoipa::path(post, path = "/factors/recovery-codes", tag = "factor", responses(
    (status = 200, description = "The codes, this once.", body = MadeRecoveryCodes),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: the account has no second factor", body = Problem, content_type = "application/problem+json"),
))]
pub async fn make_recovery_codes(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<MadeRecoveryCodes>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let made = flow::make_recovery_codes(&auth, &caller, &context).await;
    made.map(|codes| Json(MadeRecoveryCodes { recovery_codes: texts(&codes) }))
        .map_err(|error| Refused::from_error(&error, context.locale))
}
