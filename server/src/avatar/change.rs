//! `POST /rpc/change_avatar`: the form of the profile that sends a picture.

use app::error::AppError;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Field, Refusal, flow};
use axum::body::Bytes;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Extension, Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::{PAGE, refused, wants_page};

/// Makes the file of the form the picture of whoever is signed in.
pub async fn change(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    headers: HeaderMap,
    // Looked at after the caller: a stranger hears 401, whatever was sent.
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let wants_page = wants_page(&headers);
    match change_avatar(&auth, caller, form, &context).await {
        Ok(()) if wants_page => Redirect::to(&format!("{PAGE}?note=picture_saved")).into_response(),
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => refused(wants_page, refusal, context.locale),
    }
}

async fn change_avatar(
    auth: &Auth,
    caller: Result<Caller, ErrorCode>,
    form: Result<Multipart, MultipartRejection>,
    context: &Context,
) -> Result<(), Refusal> {
    let caller = caller?;
    let form = form.map_err(|_| ErrorCode::UnsupportedMediaType)?;
    let file = file_of(form).await?;
    let done = flow::change_avatar(auth, &caller, file.into(), context).await;
    done.map_err(|error| AppError::from(error).0)
}

/// The one file of the form; empty when none was chosen.
async fn file_of(mut form: Multipart) -> Result<Bytes, ErrorCode> {
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(|_| ErrorCode::MalformedRequest)? {
        if field.name() != Some(Field::Avatar.as_str()) || file.is_some() {
            return Err(ErrorCode::MalformedRequest);
        }
        file = Some(field.bytes().await.map_err(|_| ErrorCode::MalformedRequest)?);
    }
    Ok(file.unwrap_or_default())
}
