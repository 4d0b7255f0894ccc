//! `PUT /api/v1/me/avatar`

use auth::avatar::MEDIA_TYPES;
use auth::view::Me;
use auth::{Auth, Context, ErrorCode, Scope, flow};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use super::any_caller::AnyCaller;
use super::me::MeShape;
use crate::problem::{Problem, Refused};

/// Gives the signed-in person another picture. What is in the file counts, whatever the header says: the
/// middle of the picture is kept, 256 pixels square, and nothing else of the file. At most 1 MB and 4096
/// pixels a side.
#[utoipa::path(put, path = "/me/avatar", tag = "account",
    request_body(description = "The file.", content(("image/png"), ("image/jpeg"), ("image/webp"))),
    responses(
    (status = 200, description = "The person as known now, with the path of the picture.", body = MeShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: a personal access token needs `profile:write`", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "`unsupported_media_type`: neither PNG, JPEG nor WebP", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: `invalid_image` or `image_too_large`", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_avatar(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
    headers: HeaderMap,
    file: Bytes,
) -> Result<Json<Me>, Refused> {
    let actor = caller.with(Scope::ProfileWrite)?;
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !MEDIA_TYPES.iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        return Err(Refused::new(ErrorCode::UnsupportedMediaType, context.locale));
    }
    let done = flow::change_avatar(&auth, &actor, file.into(), &context).await;
    done.map_err(|error| Refused::from_error(&error, context.locale))?;
    auth.me(actor).await.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
