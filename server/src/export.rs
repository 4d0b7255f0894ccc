//! `GET /account/data/export`: what is known of a person as a file. A navigation of the browser, by
//! the cookie; programs use the API.

use auth::form::ExportFormat;
use auth::session::Caller;
use auth::view::CivilDay;
use auth::{Auth, Context, ErrorCode, Refusal, flow};
use axum::Router;
use axum::extract::{Extension, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::api::query::QueryOf;
use crate::problem::Refused;

/// Files that are made at the same moment: one may be as large as a hundred thousand events.
static ROOM: Semaphore = Semaphore::const_new(1);
/// How long the next one waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// Waits for its turn.
///
/// # Errors
/// [`ErrorCode::Busy`] when that takes too long.
pub async fn turn() -> Result<SemaphorePermit<'static>, Refusal> {
    match tokio::time::timeout(PATIENCE, ROOM.acquire()).await {
        Ok(Ok(permit)) => Ok(permit),
        Ok(Err(_)) | Err(_) => Err(Refusal::retry_after(ErrorCode::Busy, 5)),
    }
}

/// Where the file is asked for.
const PAGE: &str = "/account/data";

/// The route.
pub fn routes(auth: Auth) -> Router {
    Router::new().route("/account/data/export", get(export)).with_state(auth)
}

/// `?format=` says for whom the file is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    format: String,
}

/// Hands the file out, or leads to the page it is asked for on.
async fn export(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    headers: HeaderMap,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, Refused> {
    let format = ExportFormat::parse(&wanted.format).map_err(|refusal| Refused::new(refusal, context.locale))?;
    // No other site begins a download here.
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let (Ok(caller), None | Some(b"same-origin" | b"none")) = (caller, site) else {
        return Ok(Redirect::to(PAGE).into_response());
    };
    let _turn = turn().await.map_err(|refusal| Refused::new(refusal, context.locale))?;
    let data = match flow::export_data(&auth, &caller, &context).await {
        Ok(data) => data,
        Err(error) if error.refusal().code == ErrorCode::ReauthenticationRequired => {
            return Ok(Redirect::to(PAGE).into_response());
        }
        Err(error) => return Err(Refused::from_error(&error, context.locale)),
    };
    let day = CivilDay::of(data.at);
    let name = format!("keywright-{:04}-{:02}-{:02}.{}", day.year, day.month, day.day, format.as_str());
    let locale = context.locale;
    let written = tokio::task::spawn_blocking(move || match format {
        ExportFormat::Json => ("application/json", serde_json::to_string_pretty(&data.to_json()).unwrap_or_default()),
        ExportFormat::Html => ("text/html; charset=utf-8", app::page::personal_data_file(&data, locale)),
    });
    let (kind, body) = written.await.map_err(|_| Refused::new(ErrorCode::Internal, locale))?;
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], body).into_response())
}
