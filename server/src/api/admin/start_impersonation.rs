//! `POST /api/v1/admin/users/{id}/impersonate`

use auth::flow::Impersonating;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Field, Permission, Refusal, Remark, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Asking;
use crate::api::body::JsonBody;
use crate::api::signed_in_answer::no_store;
use crate::problem::{Problem, Refused};

/// Why, and how far.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Impersonate {
    /// Why, for the log, up to 500 characters.
    #[serde(default)]
    #[schema(example = "Ticket 4711: the members page stays empty")]
    reason: String,
    /// Whether what belongs to organizations may be changed; only for an administrator of everything.
    #[serde(default)]
    #[schema(required = false)]
    writes: bool,
}

/// An access token of somebody else's account. There is no refresh token: it ends with the token, or is begun anew.
#[derive(Serialize, ToSchema)]
pub struct ImpersonationGrant {
    /// The JWT (RFC 9068) with `act` (RFC 8693, 4.1): who acts.
    access_token: String,
    /// Always `Bearer` (RFC 6750).
    token_type: String,
    /// Seconds until it ends.
    expires_in: u32,
    /// When the session ends at the latest, in milliseconds since 1970.
    until: i64,
}

/// Starts a session as somebody else: read-only, half an hour at most. The person is told by mail. The session of whoever
/// asks stays as it is.
#[utoipa::path(post, path = "/admin/users/{id}/impersonate", request_body = Impersonate, tag = "admin", params(
    ("id" = String, Path, description = "The account."),
), responses(
    (status = 200, description = "The session.", body = ImpersonationGrant),
    (status = 400, description = "`malformed_request`: no id, or no JSON of this shape", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `forbidden`: your own account, somebody who looks after the product, or changes that you may not make", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such account, or not an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: the account is suspended or about to go", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: no reason", body = Problem, content_type = "application/problem+json"),
))]
pub async fn start_impersonation(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<JsonBody<Impersonate>, Refused>,
) -> Result<Response, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let asking = Asking { auth: &auth, caller: &caller, locale: context.locale };
    let id = asking.user(Permission::ImpersonateUsers, id).await?;
    let Impersonate { reason, writes } = asking.body(Permission::ImpersonateUsers, body).await?;
    let refused = |issue| Refused::new(Refusal::invalid(vec![(Field::Reason, issue)]), context.locale);
    let reason = asking.permitted(Permission::ImpersonateUsers, Remark::parse(&reason).map_err(refused)).await?;
    let started = flow::start_impersonation(&auth, &caller, &id, &Impersonating { reason, writes }, &context).await;
    let started = started.map_err(|error| Refused::from_error(&error, context.locale))?;
    Ok(no_store(Json(ImpersonationGrant {
        access_token: started.access.access_token,
        token_type: started.access.token_type,
        expires_in: started.access.expires_in,
        until: started.until.0,
    })))
}
