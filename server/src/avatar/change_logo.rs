//! `POST /rpc/change_logo`: the form of an organization's settings that sends a logo.

use app::error::AppError;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Refusal, flow};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Extension, Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::form::{PictureForm, read, wants_page};

/// Makes the file of the form the logo of the organization that it names.
pub async fn change_logo(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    headers: HeaderMap,
    // Looked at after the caller: a stranger hears 401, whatever was sent.
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    match change(&auth, caller, form, &context).await {
        Ok(slug) if wants_page(&headers) => {
            Redirect::to(&format!("/orgs/{slug}/settings?note=logo_saved")).into_response()
        }
        Ok(_) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => PictureForm::Logo.refused(refusal, &headers, context.locale),
    }
}

/// Gives the slug of the organization.
async fn change(
    auth: &Auth,
    caller: Result<Caller, ErrorCode>,
    form: Result<Multipart, MultipartRejection>,
    context: &Context,
) -> Result<String, Refusal> {
    let caller = caller?;
    let form = form.map_err(|_| ErrorCode::UnsupportedMediaType)?;
    let sent = read(PictureForm::Logo, form).await?;
    let refused = |error: auth::Error| AppError::from(error).0;
    let id = flow::organization_of_slug(auth, &caller, &sent.organization).await.map_err(refused)?;
    flow::change_logo(auth, &caller, &id, sent.file.into(), context).await.map_err(refused)?;
    let shown = flow::show_organization(auth, &caller, &id, context).await.map_err(refused)?;
    Ok(shown.slug.to_string())
}
