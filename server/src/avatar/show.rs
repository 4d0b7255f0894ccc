//! `GET /avatars/{id}`: a picture, for whoever was shown its address.

use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::problem::Refused;

/// An address shows one picture for ever or nothing: a change gives another address.
const KEEP: &str = "public, max-age=31536000, immutable";

/// Shows the picture with this id.
pub async fn show(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Refused> {
    // What cannot be read as text names no picture.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let found = flow::avatar(&auth, &id).await.map_err(|error| Refused::from_error(&error, context.locale))?;
    let avatar = found.ok_or_else(|| Refused::new(ErrorCode::NotFound, context.locale))?;
    let headers = [(CONTENT_TYPE, avatar.media_type()), (CACHE_CONTROL, KEEP)];
    Ok((headers, avatar.into_bytes()).into_response())
}
