//! `POST /api/v1/organizations/{organization}/documents`

use auth::flow::DocumentCaller;
use auth::form::NewDocumentForm;
use auth::view::DocumentView;
use auth::{Auth, Context, Scope, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::organization_of;
use super::shape::DocumentShape;
use crate::api::any_caller::AnyCaller;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// A document that is wanted. It begins as your draft.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::NewDocumentForm` for the document")]
struct CreateDocument {
    /// What it is called, 1 to 200 characters.
    #[schema(example = "Budget 2028")]
    title: String,
    /// What it says, up to 100,000 bytes.
    #[schema(required = false)]
    body: String,
    /// The department it is for; empty: for all.
    #[schema(example = "Finance", required = false)]
    department: String,
    /// `public`, `internal`, `confidential` or `secret`; `internal` when it is missing.
    #[schema(example = "internal", required = false)]
    sensitivity: String,
}

/// Makes a document.
#[utoipa::path(post, path = "/organizations/{organization}/documents", request_body = CreateDocument, tag = "document", params(
    ("organization" = String, Path, description = "The organization."),
), responses(
    (status = 201, description = "The document.", body = DocumentShape),
    (status = 400, description = "`malformed_request`: the body cannot be read, or the id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`; `reauthentication_required`: call `/reauthenticate`, then repeat this; `second_factor_required`; `insufficient_scope`: a personal access token needs `documents:write`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no organization of yours", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`too_many`: the organization has 10,000", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn create_document(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
    path: Result<Path<String>, PathRejection>,
    body: Result<JsonBody<NewDocumentForm>, Refused>,
) -> Result<(StatusCode, Json<DocumentView>), Refused> {
    let who = DocumentCaller::over_api(caller.with(Scope::DocumentsWrite)?);
    let organization = organization_of(path, context.locale)?;
    let JsonBody(form) = body?;
    let new = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let made = flow::create_document(&auth, &who, &organization, new, &context).await;
    made.map(|document| (StatusCode::CREATED, Json(document)))
        .map_err(|error| Refused::from_error(&error, context.locale))
}
