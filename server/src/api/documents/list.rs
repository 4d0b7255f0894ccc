//! `GET /api/v1/organizations/{organization}/documents`

use auth::flow::DocumentCaller;
use auth::form::DocumentListForm;
use auth::view::DocumentPage;
use auth::{Auth, Context, Scope, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};

use super::organization_of;
use super::shape::DocumentPageShape;
use crate::api::any_caller::AnyCaller;
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// The documents of an organization that you may read, a page at a time.
#[utoipa::path(get, path = "/organizations/{organization}/documents", tag = "document", params(
    ("organization" = String, Path, description = "The organization."),
    ("state" = Option<String>, Query, description = "`draft`, `published` or `archived`; all without it"),
    ("owner" = Option<String>, Query, description = "`me` for your own; all without it"),
    ("q" = Option<String>, Query, description = "The beginning of a title"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = DocumentPageShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`, or the id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`; `second_factor_required`; `insufficient_scope`: a personal access token needs `documents:read`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no organization of yours", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_documents(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
    path: Result<Path<String>, PathRejection>,
    query: Result<QueryOf<DocumentListForm>, Refused>,
) -> Result<Json<DocumentPage>, Refused> {
    let who = DocumentCaller::over_api(caller.with(Scope::DocumentsRead)?);
    let organization = organization_of(path, context.locale)?;
    let QueryOf(form) = query?;
    let wanted = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let page = flow::list_documents(&auth, &who, &organization, wanted, &context).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
