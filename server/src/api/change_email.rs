//! `POST /api/v1/me/email`

use auth::form::EmailChangeForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// Another address.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::EmailChangeForm` for the document")]
struct ChangeEmail {
    /// The wanted address.
    #[schema(example = "alice@example.org")]
    email: String,
}

/// Asks for another address: it gets a mail with a link and a code and proves itself first. The answer
/// is the same for an address that has an account.
#[utoipa::path(post, path = "/me/email", request_body = ChangeEmail, tag = "account", responses(
    (status = 202, description = "A mail is on its way."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `email_unchanged`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_soon`: five changes an hour", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_email(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<EmailChangeForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let email = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::request_email_change(&auth, &caller, &email, &context).await;
    done.map(|()| StatusCode::ACCEPTED).map_err(|error| Refused::from_error(&error, context.locale))
}
