//! `POST /api/v1/providers/sign-up`

use auth::form::ProviderSignUpForm;
use auth::{Auth, Context, flow};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::Response;
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::signed_in_answer::no_store;
use crate::problem::{Problem, Refused};

/// An address and a name for somebody whose provider proves none.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::ProviderSignUpForm` for the document")]
struct ProviderSignUp {
    /// The ticket of `needs_address`.
    ticket: String,
    /// The address to prove.
    #[schema(example = "alice@example.com")]
    email: String,
    /// What the person wants to be called.
    #[schema(example = "Alice")]
    name: String,
}

/// A sign-up that waits for its address: `POST /verify-email` takes the ticket with the code of the mail.
#[derive(Serialize, ToSchema)]
pub struct WaitingProviderSignUp {
    /// A secret.
    ticket: String,
}

/// Creates an account that waits for its address to be proved, with the provider in the place of a password. The answer
/// is the same for new and known addresses; the mail differs. Nothing is connected to a known account.
#[utoipa::path(post, path = "/providers/sign-up", request_body = ProviderSignUp, tag = "provider", responses(
    (status = 202, description = "A mail is on its way.", body = WaitingProviderSignUp),
    (status = 409, description = "`connection_taken`: an account has this connection by now; sign in", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`federation_expired`: the ticket was used, or is too old; begin again", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn provider_sign_up(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    JsonBody(form): JsonBody<ProviderSignUpForm>,
) -> Result<Response, Refused> {
    let (ticket, sign_up) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::federated_sign_up(&auth, &ticket, sign_up, &context).await;
    let ticket = done.map_err(|error| Refused::from_error(&error, context.locale))?;
    let waiting = WaitingProviderSignUp { ticket: ticket.expose_secret().to_owned() };
    Ok(no_store((StatusCode::ACCEPTED, Json(waiting))))
}
