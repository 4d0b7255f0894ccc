//! `PUT /api/v1/organizations/{organization}/documents/{document}/state`

use auth::flow::DocumentCaller;
use auth::form::DocumentStateForm;
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

/// Where the document is to stand.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::DocumentStateForm` for the document")]
struct ChangeDocumentState {
    /// `published` of a draft, `archived` of what is published, `draft` of what is archived.
    #[schema(example = "published")]
    state: String,
}

/// Publishes, archives or brings back a document. Asking for the state it is in changes nothing.
#[utoipa::path(put, path = "/organizations/{organization}/documents/{document}/state", request_body = ChangeDocumentState, tag = "document", params(
    ("organization" = String, Path, description = "The organization."),
    ("document" = String, Path, description = "The document."),
), responses(
    (status = 200, description = "The document as it is now.", body = DocumentShape),
    (status = 400, description = "`malformed_request`: the body cannot be read, or an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`; `reauthentication_required`: call `/reauthenticate`, then repeat this; `second_factor_required`; `insufficient_scope`: a personal access token needs `documents:write`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no organization of yours, no document of it, or none that you may read", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: another state follows; `changed_meanwhile`: it changed in this moment", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_document_state(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
    path: Result<Path<(String, String)>, PathRejection>,
    body: Result<JsonBody<DocumentStateForm>, Refused>,
) -> Result<Json<DocumentView>, Refused> {
    let who = DocumentCaller::over_api(caller.with(Scope::DocumentsWrite)?);
    let (organization, document) = document_of(path, context.locale)?;
    let JsonBody(form) = body?;
    let state = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let changed = flow::change_document_state(&auth, &who, &organization, &document, state, &context).await;
    changed.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
