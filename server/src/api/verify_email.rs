//! `POST /api/v1/verify-email`

use auth::flow::{self, Proof};
use auth::form::{SignUpOf, VerifyEmailForm};
use auth::{Auth, Context};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// The proof of an address.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::VerifyEmailForm` for the document")]
struct VerifyEmail {
    /// The address that was signed up with a password.
    #[schema(example = "alice@example.com")]
    email: Option<String>,
    /// Instead of it, the ticket of a sign-up with a passkey or a provider.
    ticket: Option<String>,
    /// The six digits of the mail.
    #[schema(example = "123456")]
    code: String,
}

/// Proves an address with the mailed code; the account exists afterwards.
#[utoipa::path(post, path = "/verify-email", request_body = VerifyEmail, tag = "account", responses(
    (status = 204, description = "The address is proved."),
    (status = 410, description = "`link_expired`: the ticket is of no sign-up that waits", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`code_exhausted`: of a ticket; `too_many_attempts`, with Retry-After", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`wrong_code` or `invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn verify_email(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    JsonBody(form): JsonBody<VerifyEmailForm>,
) -> Result<StatusCode, Refused> {
    let (of, code) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let proof = match of {
        SignUpOf::Email(email) => Proof::EmailCode(email, code),
        SignUpOf::Ticket(ticket) => Proof::TicketCode(ticket, code),
    };
    let done = flow::verify_email(&auth, proof, &context).await;
    done.map(|_email| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
