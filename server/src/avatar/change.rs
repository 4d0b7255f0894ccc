//! `POST /rpc/change_avatar`: the form of the profile that sends a picture.

use app::error::AppError;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Refusal, flow};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Extension, Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::form::{PictureForm, read, wants_page};

/// Makes the file of the form the picture of whoever is signed in.
pub async fn change(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    headers: HeaderMap,
    // Looked at after the caller: a stranger hears 401, whatever was sent.
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    match change_avatar(&auth, caller, form, &context).await {
        Ok(()) if wants_page(&headers) => Redirect::to("/account?note=picture_saved").into_response(),
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => PictureForm::Avatar.refused(refusal, &headers, context.locale),
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
    let file = read(PictureForm::Avatar, form).await?.file;
    let done = flow::change_avatar(auth, &caller, file.into(), context).await;
    done.map_err(|error| AppError::from(error).0)
}
