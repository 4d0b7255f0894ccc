//! `POST /api/v1/account-recovery/cancel`

use auth::form::LinkForm;
use auth::{Auth, Context, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;

use super::body::JsonBody;
use super::mailed_link::MailedLink;
use crate::problem::{Problem, Refused};

/// Calls the recovery of an account off, with the mailed token. It works signed out.
#[utoipa::path(post, path = "/account-recovery/cancel", request_body = MailedLink, tag = "factors", responses(
    (status = 204, description = "It is called off."),
    (status = 410, description = "`link_expired`: it is over, or the token is invented", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn cancel_account_recovery_by_link(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    JsonBody(form): JsonBody<LinkForm>,
) -> Result<StatusCode, Refused> {
    let token = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::cancel_account_recovery_by_link(&auth, &token, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
