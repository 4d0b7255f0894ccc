//! `PUT /api/v1/organizations/{organization}/logo`

use auth::avatar::MEDIA_TYPES;
use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::OrganizationView;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use super::OrganizationShape;
use crate::api::path_id::one_id;
use crate::problem::{Problem, Refused};

/// Gives an organization another logo. What is in the file counts, whatever the header says: the middle of the picture
/// is kept, 256 pixels square, and nothing else of the file. At most 1 MB and 4096 pixels a side.
/// `organization:update`.
#[utoipa::path(put, path = "/organizations/{organization}/logo", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
), request_body(description = "The file.", content(("image/png"), ("image/jpeg"), ("image/webp"))), responses(
    (status = 200, description = "The organization, with the path of the logo.", body = OrganizationShape),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "`unsupported_media_type`: neither PNG, JPEG nor WebP", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: `invalid_image` or `image_too_large`", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_logo(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    file: Bytes,
) -> Result<Json<OrganizationView>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !MEDIA_TYPES.iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        return Err(Refused::new(ErrorCode::UnsupportedMediaType, context.locale));
    }
    let refused = |error: auth::Error| Refused::from_error(&error, context.locale);
    flow::change_logo(&auth, &caller, &id, file.into(), &context).await.map_err(refused)?;
    flow::show_organization(&auth, &caller, &id, &context).await.map(Json).map_err(refused)
}
