//! `POST /account/recovery-codes/download`: the codes that their page shows, as a text to be kept. Works without a
//! script.
//!
//! The form brings them sealed: what is handed out was made here, in this session, within the last five minutes, and
//! nothing else can be.

use app::page::{DOWNLOAD_RECOVERY_CODES, RECOVERY_CODES};
use auth::session::Caller;
use auth::text::text_with;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::problem::Refused;

/// The route.
pub fn routes(auth: Auth) -> Router {
    Router::new().route(DOWNLOAD_RECOVERY_CODES, post(download)).with_state(auth)
}

/// What the page was given.
#[derive(Deserialize)]
struct Shown {
    /// The codes, sealed.
    #[serde(default)]
    codes: SecretString,
}

/// Hands the file out, or leads to the page.
async fn download(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    form: Result<Form<Shown>, FormRejection>,
) -> Result<Response, Refused> {
    let (Ok(caller), Ok(Form(shown))) = (caller, form) else {
        return Ok(Redirect::to(RECOVERY_CODES).into_response());
    };
    let Some(codes) = flow::open_shown_once(&auth, &caller, &shown.codes) else {
        return Ok(Redirect::to(&format!("{RECOVERY_CODES}?note=gone")).into_response());
    };
    let me = auth.me(&caller).await.map_err(|error| Refused::from_error(&error, context.locale))?;
    let say = |key: &str| text_with(context.locale, key, &[("email", me.email.as_str())]);
    let body = format!(
        "{}\n{}\n\n{}\n",
        say("page.recovery_codes.file_title"),
        say("page.recovery_codes.file_text"),
        codes.expose_secret()
    );
    let kind = (CONTENT_TYPE, "text/plain; charset=utf-8");
    let disposition = (CONTENT_DISPOSITION, "attachment; filename=\"keywright-recovery-codes.txt\"");
    Ok(([kind, disposition], body).into_response())
}
