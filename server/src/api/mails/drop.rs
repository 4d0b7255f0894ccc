//! `DELETE /api/v1/admin/mails/{id}`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Drops a mail that waits or could not be delivered: nobody gets it. One that tells somebody what an administrator did to
/// them is dropped only once it could not be delivered.
#[utoipa::path(delete, path = "/admin/mails/{id}", tag = "admin", params(
    ("id" = String, Path, description = "The mail."),
), responses(
    (status = 204, description = "It is gone."),
    (status = 400, description = "`malformed_request`: the id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: it waits, and tells of an act of administrators", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such mail, or not an administrator who may", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: it was sent, or is on its way", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_drop_mail(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // What cannot be read as text is no id; the flow says so, once it knows who asks.
    let id = id.map(|Path(id)| id).unwrap_or_default();
    let done = flow::drop_mail(&auth, &caller, &id, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
