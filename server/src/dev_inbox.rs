//! `/dev/inbox`: every mail that would have left. These routes exist in development only.

use app::server::Preferences;
use app::site_files::SiteFile;
use auth::Auth;
use auth::store::DevMail;
use axum::extract::{Extension, Query, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;

use crate::layer::content_security_policy::NO_SCRIPT;
use crate::problem::Refused;

/// Mails that are shown.
const MOST: i64 = 1000;

/// The routes of the inbox.
pub fn routes(auth: Auth, style: SiteFile) -> Router {
    Router::new()
        .route("/dev/inbox", get(page))
        .route("/dev/inbox.json", get(list))
        .layer(Extension(style))
        .with_state(auth)
}

async fn page(
    State(auth): State<Auth>,
    Extension(style): Extension<SiteFile>,
    Extension(preferences): Extension<Preferences>,
    Query(filter): Query<Filter>,
) -> Response {
    match auth.store().dev_mails(filter.to.as_deref(), MOST).await {
        Ok(mails) => {
            let html = app::page::dev_inbox(mails, &style, preferences);
            ([(CONTENT_SECURITY_POLICY, NO_SCRIPT)], Html(html)).into_response()
        }
        Err(error) => Refused::from_error(&error.into(), preferences.locale).into_response(),
    }
}

/// `?to=` narrows the list to one recipient.
#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
}

async fn list(
    State(auth): State<Auth>,
    Extension(preferences): Extension<Preferences>,
    Query(filter): Query<Filter>,
) -> Result<Json<Vec<DevMail>>, Refused> {
    let mails = auth.store().dev_mails(filter.to.as_deref(), MOST).await;
    mails.map(Json).map_err(|error| Refused::from_error(&error.into(), preferences.locale))
}
