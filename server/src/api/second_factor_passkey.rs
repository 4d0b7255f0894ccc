//! `POST /api/v1/second-factor/passkey`

use app::server::{SECOND_FACTOR_COOKIE, cookie_of};
use auth::form::TicketForm;
use auth::{Auth, Context, flow};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::Response;
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::JsonBody;
use super::signed_in_answer::no_store;
use crate::problem::{Problem, Refused};

/// The ticket of a sign-in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::TicketForm` for the document")]
struct Ticket {
    /// The ticket that the sign-in gave. Our own page leaves it out: its cookie carries it.
    ticket: Option<String>,
}

/// What a browser needs to ask for a passkey.
#[derive(Serialize, ToSchema)]
pub struct PasskeyOptions {
    /// Comes back with the answer.
    ceremony: String,
    /// For `navigator.credentials.get` (`parseRequestOptionsFromJSON`).
    #[schema(value_type = Object)]
    options: serde_json::Value,
}

/// The options of a passkey for the second half of a sign-in: good once, for five minutes.
#[utoipa::path(post, path = "/second-factor/passkey", request_body = Ticket, tag = "session", responses(
    (status = 200, description = "The options.", body = PasskeyOptions),
    (status = 409, description = "`factor_unavailable`: the account has no passkey", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`second_factor_expired`: sign in again", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn second_factor_passkey(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<TicketForm>,
) -> Result<Response, Refused> {
    // The origin guard has refused a cookie that another site's page sends along.
    let cookie = cookie_of(&headers, SECOND_FACTOR_COOKIE);
    let ticket = form.parse(cookie).map_err(|refusal| Refused::new(refusal, context.locale))?;
    let asked = flow::second_factor_passkey(&auth, &ticket).await;
    let asked = asked.map_err(|error| Refused::from_error(&error, context.locale))?;
    let ceremony = asked.ceremony.expose_secret().to_owned();
    Ok(no_store(Json(PasskeyOptions { ceremony, options: asked.options })))
}
