//! `PUT /api/v1/organizations/{organization}/documents/{document}/sensitivity`

use auth::flow::DocumentCaller;
use auth::form::SensitivityForm;
use auth::view::DocumentView;
use auth::{Auth, Context, Scope, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use utoipa::ToSchema;

use super::document_of;
use super::shape::DocumentShape;
use crate::api::any_caller::AnyCaller;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// How sensitive the document is to be.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::SensitivityForm` for the document")]
struct ChangeDocumentSensitivity {
    /// `public`, `internal`, `confidential` or `secret`.
    #[schema(example = "confidential")]
    sensitivity: String,
}

/// Says how sensitive a document is.
#[utoipa::path(put, path = "/organizations/{organization}/documents/{document}/sensitivity", request_body = ChangeDocumentSensitivity, tag = "document", params(
    ("organization" = String, Path, description = "The organization."),
    ("document" = String, Path, description = "The document."),
), responses(
    (status = 200, description = "The document as it is now.", body = DocumentShape),
    (status = 400, description = "`malformed_request`: the body cannot be read, or an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`; `reauthentication_required`: call `/reauthenticate`, then repeat this; `second_factor_required`; `insufficient_scope`: a personal access token needs `documents:write`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no organization of yours, no document of it, or none that you may read", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`changed_meanwhile`: it changed in this moment", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_document_sensitivity(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
    path: Result<Path<(String, String)>, PathRejection>,
    body: Result<JsonBody<SensitivityForm>, Refused>,
) -> Result<Json<DocumentView>, Refused> {
    let who = DocumentCaller::over_api(caller.with(Scope::DocumentsWrite)?);
    let (organization, document) = document_of(path, context.locale)?;
    let JsonBody(form) = body?;
    let sensitivity = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let changed = flow::change_document_sensitivity(&auth, &who, &organization, &document, sensitivity, &context).await;
    changed.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
