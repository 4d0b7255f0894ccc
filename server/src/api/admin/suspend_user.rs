//! `POST /api/v1/admin/users/{id}/suspend`

use auth::form::SuspensionForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Permission, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::Asking;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// How an account is suspended.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::SuspensionForm` for the document")]
pub struct Suspend {
    /// When it ends by itself, in milliseconds since 1970; null: when it is taken back.
    #[schema(required = false)]
    until: Option<i64>,
    /// What the person is told, up to 500 characters; may be empty.
    #[schema(required = false)]
    reason: String,
    /// Why, for the log and other administrators, up to 500 characters.
    #[schema(example = "Sends spam, ticket 4711")]
    note: String,
}

/// Suspends an account: every session ends on every node within a second, tokens of programs are refused, and nobody gets
/// in until then. The person is told by mail. One that is suspended already is suspended in this way from now on.
#[utoipa::path(post, path = "/admin/users/{id}/suspend", request_body = Suspend, tag = "admin", params(
    ("id" = String, Path, description = "The account."),
), responses(
    (status = 204, description = "The account is suspended."),
    (status = 400, description = "`malformed_request`: no id, or no JSON of this shape", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `forbidden`: your own account, or one that may do what you may not", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such account, or not an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`last_administrator`: nobody would be left who looks after the product", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: an end that is not to come or more than ten years away, no note", body = Problem, content_type = "application/problem+json"),
))]
pub async fn suspend_user(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<JsonBody<SuspensionForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let asking = Asking { auth: &auth, caller: &caller, locale: context.locale };
    let id = asking.user(Permission::SuspendUsers, id).await?;
    let form = asking.body(Permission::SuspendUsers, body).await?;
    let wanted = form.parse(auth.now()).map_err(|refusal| Refused::new(refusal, context.locale));
    let wanted = asking.permitted(Permission::SuspendUsers, wanted).await?;
    let done = flow::suspend_user(&auth, &caller, &id, &wanted, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
