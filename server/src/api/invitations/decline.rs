//! `POST /api/v1/invitations/decline`

use auth::form::LinkForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;

use crate::api::body::JsonBody;
use crate::api::mailed_link::MailedLink;
use crate::problem::{Problem, Refused};

/// Declines an invitation, signed in or not. Whoever looks after the invitations of the organization sees that.
#[utoipa::path(post, path = "/invitations/decline", request_body = MailedLink, tag = "invitation", responses(
    (status = 204, description = "It is declined."),
    (status = 410, description = "`link_expired`: used, replaced, taken back, too old, or invented", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn decline_invitation(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    JsonBody(form): JsonBody<LinkForm>,
) -> Result<StatusCode, Refused> {
    let token = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::decline_invitation(&auth, caller.ok().as_ref(), &token, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
