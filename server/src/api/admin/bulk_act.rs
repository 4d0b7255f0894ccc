//! `POST /api/v1/admin/users/bulk`

use auth::session::Caller;
use auth::view::BulkDone;
use auth::{Auth, Context, ErrorCode, Permission, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Asking;
use super::bulk_preview::LeftOutShape;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// The preview that is confirmed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmedPreview {
    /// `token` of the preview.
    #[serde(default)]
    token: String,
}

/// What was done.
#[derive(ToSchema)]
#[schema(as = BulkDone)]
#[expect(dead_code, reason = "the shape of `auth::view::BulkDone` for the document")]
struct BulkDoneShape {
    /// To how many accounts.
    done: usize,
    /// Accounts that it was not done to.
    left_out: Vec<LeftOutShape>,
}

/// Does what a preview showed, one account after the other. When it breaks off, the same token goes on.
#[utoipa::path(post, path = "/admin/users/bulk", request_body = ConfirmedPreview, tag = "admin", responses(
    (status = 200, description = "What was done.", body = BulkDoneShape),
    (status = 400, description = "`malformed_request`: no JSON of this shape", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired`: the preview is older than ten minutes, or of another session", body = Problem, content_type = "application/problem+json"),
))]
pub async fn bulk_act(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<ConfirmedPreview>, Refused>,
) -> Result<Json<BulkDone>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let asking = Asking { auth: &auth, caller: &caller, locale: context.locale };
    let ConfirmedPreview { token } = asking.body(Permission::ReadUsers, body).await?;
    let done = flow::bulk_act(&auth, &caller, &token, None, &context).await;
    done.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
