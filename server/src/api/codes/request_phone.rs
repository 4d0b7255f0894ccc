//! `POST /api/v1/factors/phone`

use auth::form::PhoneNumberForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// A phone number.
#[derive(ToSchema)]
#[schema(as = PhoneNumber)]
#[expect(dead_code, reason = "the shape of `auth::form::PhoneNumberForm` for the document")]
struct PhoneNumberShape {
    /// With a plus and the country code (E.164).
    #[schema(example = "+447700900123")]
    phone_number: String,
}

/// Sends a code to a phone number, which proves itself with it. Until then an older number stays the factor.
#[utoipa::path(post, path = "/factors/phone", request_body = PhoneNumberShape, tag = "factor", responses(
    (status = 202, description = "A code is on its way."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: no SMS are sent here", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `invalid_phone_number`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_soon`, with Retry-After: 30 s between two codes; five an hour and ten a day", body = Problem, content_type = "application/problem+json"),
))]
pub async fn request_phone(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<PhoneNumberForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let number = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::request_phone(&auth, &caller, &number, &context).await;
    done.map(|()| StatusCode::ACCEPTED).map_err(|error| Refused::from_error(&error, context.locale))
}
