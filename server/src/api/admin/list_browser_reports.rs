//! `GET /api/v1/admin/browser-reports`

use auth::session::Caller;
use auth::view::BrowserReports;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// What browsers refused by the rules of the pages within 30 days. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = BrowserReports)]
#[expect(dead_code, reason = "the shape of `auth::view::BrowserReports` for the document")]
struct BrowserReportsShape {
    /// What was told last first, at most 100.
    items: Vec<BrowserReportShape>,
    /// How many there are, those that are not among them included.
    kinds: i64,
    /// How often they were told, all together.
    reports: i64,
}

/// A rule, what it kept out, and the page.
#[derive(ToSchema)]
#[schema(as = BrowserReport)]
#[expect(dead_code, reason = "the shape of `auth::view::BrowserReportItem` for the document")]
struct BrowserReportShape {
    /// The rule.
    #[schema(example = "img-src")]
    directive: String,
    /// What it kept out: a site, a scheme with its colon, or a word such as `inline`.
    #[schema(example = "https://evil.example")]
    blocked: String,
    /// The path of the page, without ids.
    #[schema(example = "/account")]
    path: String,
    /// How often it was told.
    reports: i64,
    /// When first.
    first_at: i64,
    /// When last.
    last_at: i64,
}

/// What browsers refused by the rules of the pages.
#[utoipa::path(get, path = "/admin/browser-reports", tag = "admin", responses(
    (status = 200, description = "What was told.", body = BrowserReportsShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not permitted", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_browser_reports(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<BrowserReports>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let reports = flow::list_browser_reports(&auth, &caller).await;
    reports.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
