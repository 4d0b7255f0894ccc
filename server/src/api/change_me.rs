//! `PATCH /api/v1/me`

use auth::form::NameForm;
use auth::session::Caller;
use auth::view::Me;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use super::body::JsonBody;
use super::me::MeShape;
use crate::problem::{Problem, Refused};

/// What is to change.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::NameForm` for the document")]
struct ChangeName {
    /// What the person wants to be called.
    #[schema(example = "Alice")]
    name: String,
}

/// Changes the name of the signed-in person.
#[utoipa::path(patch, path = "/me", request_body = ChangeName, tag = "account", responses(
    (status = 200, description = "The person as known now.", body = MeShape),
    (status = 401, description = "`signed_out` or `token_expired`", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_name(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    JsonBody(form): JsonBody<NameForm>,
) -> Result<Json<Me>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let name = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::change_name(&auth, &caller, name, &context).await;
    done.map_err(|error| Refused::from_error(&error, context.locale))?;
    auth.me(&caller).await.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
