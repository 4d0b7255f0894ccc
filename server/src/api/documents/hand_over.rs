//! `PUT /api/v1/organizations/{organization}/documents/{document}/owner`

use auth::flow::DocumentCaller;
use auth::form::DocumentOwnerForm;
use auth::{Auth, Context, Scope, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::document_of;
use crate::api::any_caller::AnyCaller;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// Whose the document is to be.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::DocumentOwnerForm` for the document")]
struct HandOverDocument {
    /// The account of another member.
    #[schema(example = "01890a5d-ac96-774b-bcce-b302099a8057")]
    owner: String,
}

/// Gives a document to another member.
#[utoipa::path(put, path = "/organizations/{organization}/documents/{document}/owner", request_body = HandOverDocument, tag = "document", params(
    ("organization" = String, Path, description = "The organization."),
    ("document" = String, Path, description = "The document."),
), responses(
    (status = 204, description = "It is theirs."),
    (status = 400, description = "`malformed_request`: the body cannot be read, or an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`; `reauthentication_required`: call `/reauthenticate`, then repeat this; `second_factor_required`; `insufficient_scope`: a personal access token needs `documents:write`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no organization of yours, no document of it, or none that you may read", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`changed_meanwhile`: it changed in this moment", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: nobody in the organization has this account", body = Problem, content_type = "application/problem+json"),
))]
pub async fn hand_over_document(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
    path: Result<Path<(String, String)>, PathRejection>,
    body: Result<JsonBody<DocumentOwnerForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let who = DocumentCaller::over_api(caller.with(Scope::DocumentsWrite)?);
    let (organization, document) = document_of(path, context.locale)?;
    let JsonBody(form) = body?;
    let owner = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::hand_over_document(&auth, &who, &organization, &document, &owner, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
