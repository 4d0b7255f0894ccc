//! `POST /api/v1/setup`

use auth::form::LinkForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// The link of the first start.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::LinkForm` for the document")]
struct SetupLink {
    /// What stands behind `token=` in the link.
    token: String,
}

/// Makes the signed-in account the first administrator's, with the link that the program printed at its start. It works
/// once, for 24 hours, and while there is no administrator.
#[utoipa::path(post, path = "/setup", request_body = SetupLink, tag = "setup", responses(
    (status = 204, description = "The account is an administrator's."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired`: used, too old or invented, or there is an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn setup(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<LinkForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let token = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::complete_setup(&auth, &caller, &token, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
