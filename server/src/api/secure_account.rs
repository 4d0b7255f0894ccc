//! `POST /api/v1/not-me`

use auth::form::LinkForm;
use auth::{Auth, Context, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;

use super::body::JsonBody;
use super::mailed_link::MailedLink;
use crate::problem::{Problem, Refused};

/// "This was not me", with the token of a notice: every session ends, the password is void, and a mail leads
/// to a new one.
#[utoipa::path(post, path = "/not-me", request_body = MailedLink, tag = "account", responses(
    (status = 204, description = "The account is secured."),
    (status = 410, description = "`link_expired`: used, too old, or invented", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn secure_account(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    JsonBody(form): JsonBody<LinkForm>,
) -> Result<StatusCode, Refused> {
    let token = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::secure_account_by_link(&auth, &token, &context).await;
    done.map(|_| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
