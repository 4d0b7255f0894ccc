//! `POST /api/v1/organizations`

use auth::form::OrganizationForm;
use auth::session::Caller;
use auth::view::OrganizationView;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::OrganizationShape;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// An organization that is wanted.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::OrganizationForm` for the document")]
struct CreateOrganization {
    /// What it is called, 1 to 100 characters.
    #[schema(example = "Acme")]
    name: String,
    /// What it is called in addresses; one that the name suggests without it.
    #[schema(example = "acme", required = false)]
    slug: Option<String>,
}

/// Makes an organization that the caller owns. The session works in it from then on.
#[utoipa::path(post, path = "/organizations", request_body = CreateOrganization, tag = "organization", responses(
    (status = 201, description = "The organization.", body = OrganizationShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`too_many`: the owner of 20", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `taken` of `slug`: another one is called so", body = Problem, content_type = "application/problem+json"),
))]
pub async fn create_organization(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<OrganizationForm>, Refused>,
) -> Result<(StatusCode, Json<OrganizationView>), Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let wanted = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let refused = |error: auth::Error| Refused::from_error(&error, context.locale);
    let id = flow::create_organization(&auth, &caller, wanted, &context).await.map_err(refused)?;
    let made = flow::show_organization(&auth, &caller, &id, &context).await;
    made.map(|made| (StatusCode::CREATED, Json(made))).map_err(refused)
}
