//! `GET /api/v1/me/export`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde_json::Value;

use crate::problem::{Problem, Refused};

/// Everything that is known of the person, in one document. Times are RFC 3339.
#[utoipa::path(get, path = "/me/export", tag = "account", responses(
    (status = 200, description = "`account`, `sessions`, `organizations`, `email_changes` and `activity`.", body = Object),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn export_data(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<Value>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let _turn = crate::export::turn().await.map_err(|refusal| Refused::new(refusal, context.locale))?;
    let data = flow::export_data(&auth, &caller, &context).await;
    data.map(|data| Json(data.to_json())).map_err(|error| Refused::from_error(&error, context.locale))
}
