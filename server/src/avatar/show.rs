//! `GET /avatars/{id}` and `GET /organization-logos/{id}`: a picture, for whoever was shown its address.

use auth::avatar::Avatar;
use auth::{Auth, Context, ErrorCode, Locale, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::problem::Refused;

/// An address shows one picture for ever or nothing: a change gives another address. It is somebody's, so no cache between
/// keeps it, and a browser keeps it no longer than ten minutes beyond a sign-out.
const KEEP: &str = "private, max-age=600, immutable";

/// Shows the picture of a person with this id.
pub async fn show(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Refused> {
    let id = id_of(id, context.locale)?;
    answer(flow::avatar(&auth, &id).await, context.locale)
}

/// Shows the logo with this id.
pub async fn show_logo(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Refused> {
    let id = id_of(id, context.locale)?;
    answer(flow::organization_logo(&auth, &id).await, context.locale)
}

/// What cannot be read as text names no picture.
fn id_of(id: Result<Path<String>, PathRejection>, locale: Locale) -> Result<String, Refused> {
    id.map(|Path(id)| id).map_err(|_| Refused::new(ErrorCode::NotFound, locale))
}

fn answer(found: auth::Result<Option<Avatar>>, locale: Locale) -> Result<Response, Refused> {
    let found = found.map_err(|error| Refused::from_error(&error, locale))?;
    let picture = found.ok_or_else(|| Refused::new(ErrorCode::NotFound, locale))?;
    let headers = [(CONTENT_TYPE, picture.media_type()), (CACHE_CONTROL, KEEP)];
    Ok((headers, picture.into_bytes()).into_response())
}
