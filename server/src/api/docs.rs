//! The API documents itself: `/api/v1/openapi.json`, and a page for people at `/api/docs`.

use app::server::Preferences;
use app::site_files::SiteFile;
use axum::Json;
use axum::Router;
use axum::extract::Extension;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse};
use axum::routing::get;

use crate::layer::content_security_policy::NO_SCRIPT;

/// The routes of the documentation.
pub fn routes(style: SiteFile) -> Router {
    Router::new()
        .route("/api/v1/openapi.json", get(|| async { Json(super::document()) }))
        .route("/api/docs", get(page))
        .layer(Extension(style))
}

async fn page(
    Extension(style): Extension<SiteFile>,
    Extension(preferences): Extension<Preferences>,
) -> impl IntoResponse {
    let document = serde_json::to_value(super::document()).unwrap_or_default();
    let html = app::page::api_docs(&document, &style, preferences);
    ([(CONTENT_SECURITY_POLICY, NO_SCRIPT)], Html(html))
}
