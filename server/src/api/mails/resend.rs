//! `POST /api/v1/admin/mails/{id}/resend`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Sends a mail once more that waits or could not be delivered. Its tries begin anew.
#[utoipa::path(post, path = "/admin/mails/{id}/resend", tag = "admin", params(
    ("id" = String, Path, description = "The mail."),
), responses(
    (status = 202, description = "It leaves at once."),
    (status = 400, description = "`malformed_request`: the id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such mail, or not an administrator who may", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: it was sent, or is on its way", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired`: its link or code is over, so it would help nobody", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_resend_mail(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // What cannot be read as text is no id; the flow says so, once it knows who asks.
    let id = id.map(|Path(id)| id).unwrap_or_default();
    let done = flow::resend_mail(&auth, &caller, &id, &context).await;
    done.map(|()| StatusCode::ACCEPTED).map_err(|error| Refused::from_error(&error, context.locale))
}
