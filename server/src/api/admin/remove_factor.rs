//! `DELETE /api/v1/admin/users/{id}/factors/{factor}`

use auth::id::UserId;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, FactorMethod, Permission, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use super::Asking;
use crate::problem::{Problem, Refused};

/// Removes one kind of second factor of somebody who lost it: every passkey, the app, the number, or the codes by mail.
/// The person is told by mail at once.
#[utoipa::path(delete, path = "/admin/users/{id}/factors/{factor}", tag = "admin", params(
    ("id" = String, Path, description = "The account."),
    ("factor" = String, Path, description = "`passkey`, `totp`, `sms_code` or `email_code`"),
), responses(
    (status = 204, description = "The account has no such factor any more."),
    (status = 400, description = "`malformed_request`: no id, or no kind of factor", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `forbidden`: your own account, or one that may do what you may not", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such account, or not an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: the account has no such factor", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_remove_factor(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let asking = Asking { auth: &auth, caller: &caller, locale: context.locale };
    let named = path.ok().and_then(|Path((id, factor))| Some((UserId::parse(&id)?, FactorMethod::parse(&factor)?)));
    let named = named.ok_or_else(|| Refused::new(ErrorCode::MalformedRequest, context.locale));
    let (id, factor) = asking.permitted(Permission::ResetFactors, named).await?;
    let done = flow::admin_remove_factor(&auth, &caller, &id, factor, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
