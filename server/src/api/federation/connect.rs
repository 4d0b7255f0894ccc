//! `POST /api/v1/connections`

use auth::form::TicketForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// The account of a provider that waits for its account here.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::TicketForm` for the document")]
struct Connect {
    /// The ticket of `needs_proof`.
    ticket: String,
}

/// Connects the account of a provider. It needs the account whose address the provider told, signed in or proved
/// (`/reauthenticate`) after the ticket was made. The person is told by mail.
#[utoipa::path(post, path = "/connections", request_body = Connect, tag = "provider", responses(
    (status = 204, description = "It is connected: the provider opens the account from now on."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`connection_taken`: it opens another account already; `changed_meanwhile`", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`federation_expired`: the ticket was used, is too old, or is of another account", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn connect(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<TicketForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    // No cookie counts here: whoever connects says what.
    let ticket = form.parse(None).map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::connect_pending(&auth, &caller, &ticket, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
