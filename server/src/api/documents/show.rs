//! `GET /api/v1/organizations/{organization}/documents/{document}`

use auth::flow::DocumentCaller;
use auth::view::DocumentView;
use auth::{Auth, Context, Scope, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};

use super::document_of;
use super::shape::DocumentShape;
use crate::api::any_caller::AnyCaller;
use crate::problem::{Problem, Refused};

/// A document, and what you may do with it.
#[utoipa::path(get, path = "/organizations/{organization}/documents/{document}", tag = "document", params(
    ("organization" = String, Path, description = "The organization."),
    ("document" = String, Path, description = "The document."),
), responses(
    (status = 200, description = "The document.", body = DocumentShape),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`; `reauthentication_required`: call `/reauthenticate`, then repeat this; `second_factor_required`; `insufficient_scope`: a personal access token needs `documents:read`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no organization of yours, no document of it, or none that you may read", body = Problem, content_type = "application/problem+json"),
))]
pub async fn show_document(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Json<DocumentView>, Refused> {
    let who = DocumentCaller::over_api(caller.with(Scope::DocumentsRead)?);
    let (organization, document) = document_of(path, context.locale)?;
    let shown = flow::show_document(&auth, &who, &organization, &document, &context).await;
    shown.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
