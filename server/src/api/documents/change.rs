//! `PATCH /api/v1/organizations/{organization}/documents/{document}`

use auth::flow::DocumentCaller;
use auth::form::DocumentChangeForm;
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

/// What is to change: at least one of the first three. Whose the document is, how sensitive and in which state, each has
/// an address of its own.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::DocumentChangeForm` for the document")]
struct ChangeDocument {
    /// What it is called, 1 to 200 characters.
    #[schema(example = "Budget 2028", required = false)]
    title: String,
    /// What it says, up to 100,000 bytes.
    #[schema(required = false)]
    body: String,
    /// The department it is for; empty: for all.
    #[schema(example = "Finance", required = false)]
    department: String,
    /// The version that you read.
    #[schema(example = 3)]
    version: i64,
}

/// Changes what a document says, what it is called and whom it is for. What is missing stays.
#[utoipa::path(patch, path = "/organizations/{organization}/documents/{document}", request_body = ChangeDocument, tag = "document", params(
    ("organization" = String, Path, description = "The organization."),
    ("document" = String, Path, description = "The document."),
), responses(
    (status = 200, description = "The document as it is now.", body = DocumentShape),
    (status = 400, description = "`malformed_request`: the body cannot be read or names a field that cannot be changed here, or an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`; `reauthentication_required`: call `/reauthenticate`, then repeat this; `second_factor_required`; `insufficient_scope`: a personal access token needs `documents:write`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no organization of yours, no document of it, or none that you may read", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`changed_meanwhile`: it has another version; read it and decide anew", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_document(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
    path: Result<Path<(String, String)>, PathRejection>,
    body: Result<JsonBody<DocumentChangeForm>, Refused>,
) -> Result<Json<DocumentView>, Refused> {
    let who = DocumentCaller::over_api(caller.with(Scope::DocumentsWrite)?);
    let (organization, document) = document_of(path, context.locale)?;
    let JsonBody(form) = body?;
    let change = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let changed = flow::change_document(&auth, &who, &organization, &document, change, &context).await;
    changed.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
