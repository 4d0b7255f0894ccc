//! `GET /admin/audit/export` and `GET /orgs/{slug}/audit/export`: the audit log as a file. A navigation of the browser, by
//! the cookie; programs use the API.

use auth::form::{AuditFilter, AuditFormat};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Permission, flow};
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::answer;
use crate::api::audit::ExportQuery;
use crate::api::query::QueryOf;
use crate::problem::Refused;

/// The routes.
pub fn routes(auth: Auth) -> Router {
    Router::new()
        .route("/admin/audit/export", get(platform))
        .route("/orgs/{slug}/audit/export", get(organization))
        .with_state(auth)
}

async fn platform(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    headers: HeaderMap,
    query: Result<QueryOf<ExportQuery>, Refused>,
) -> Result<Response, Refused> {
    let Some(caller) = caller_of(caller, &headers) else { return Ok(Redirect::to("/admin/audit").into_response()) };
    let permitted = flow::require_permission(&auth, &caller, Permission::ReadAudit).await;
    permitted.map_err(|error| Refused::from_error(&error, context.locale))?;
    let (filter, format) = filter_of(&auth, &caller, query, &context).await?;
    let export = flow::export_audit(&auth, &caller, &filter, format, &context).await;
    let export = export.map_err(|error| Refused::from_error(&error, context.locale))?;
    Ok(answer(export, format, auth.now()))
}

async fn organization(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    headers: HeaderMap,
    slug: Result<Path<String>, PathRejection>,
    query: Result<QueryOf<ExportQuery>, Refused>,
) -> Result<Response, Refused> {
    let Path(slug) = slug.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let Some(caller) = caller_of(caller, &headers) else {
        return Ok(Redirect::to("/dashboard").into_response());
    };
    let id = flow::organization_of_slug(&auth, &caller, &slug).await;
    let id = id.map_err(|error| Refused::from_error(&error, context.locale))?;
    let (filter, format) = filter_of(&auth, &caller, query, &context).await?;
    let export = flow::export_organization_audit(&auth, &caller, &id, &filter, format, &context).await;
    let export = export.map_err(|error| Refused::from_error(&error, context.locale))?;
    Ok(answer(export, format, auth.now()))
}

/// Who is signed in, when it is our own page that leads here: no other site begins a download.
fn caller_of(caller: Result<Caller, ErrorCode>, headers: &HeaderMap) -> Option<Caller> {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    caller.ok().filter(|_| matches!(site, None | Some(b"same-origin" | b"none")))
}

/// What is looked for. Days are those of the reader, as the page shows them.
async fn filter_of(
    auth: &Auth,
    caller: &Caller,
    query: Result<QueryOf<ExportQuery>, Refused>,
    context: &Context,
) -> Result<(AuditFilter, AuditFormat), Refused> {
    let me = auth.me(caller).await.map_err(|error| Refused::from_error(&error, context.locale))?;
    let QueryOf(query) = query?;
    query.parse(me.time_zone.as_ref(), context.locale)
}
