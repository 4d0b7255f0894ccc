//! `GET /api/v1/admin/statistics`

use auth::session::Caller;
use auth::view::Statistics;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// The last thirty days of UTC. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = Statistics)]
#[expect(dead_code, reason = "the shape of `auth::view::Statistics` for the document")]
struct StatisticsShape {
    /// When they were counted last; null: not yet.
    counted_at: Option<i64>,
    /// Each day, the eldest first; the last one is today.
    days: Vec<StatisticsDayShape>,
}

/// A day.
#[derive(ToSchema)]
#[schema(as = StatisticsDay)]
#[expect(dead_code, reason = "the shape of `auth::view::StatisticsDay` for the document")]
struct StatisticsDayShape {
    /// Its first moment.
    start: i64,
    /// Sign-ins by how they were proved.
    sign_ins: SignInCountsShape,
    /// Refused passwords and factors; those of one account within a minute count once.
    refused: i64,
    /// Accounts that were used; null where nobody counted.
    active: Option<i64>,
    /// All accounts; null where nobody counted.
    accounts: Option<i64>,
    /// Those of them with a strong second factor.
    with_factor: Option<i64>,
}

/// Sign-ins by how they were proved.
#[derive(ToSchema)]
#[schema(as = SignInCounts)]
#[expect(dead_code, reason = "the shape of `auth::view::SignInCounts` for the document")]
struct SignInCountsShape {
    /// By a password.
    password: i64,
    /// By a passkey.
    passkey: i64,
    /// By a provider.
    provider: i64,
    /// In any other way.
    other: i64,
}

/// What happened on each of the last thirty days.
#[utoipa::path(get, path = "/admin/statistics", tag = "admin", responses(
    (status = 200, description = "The days.", body = StatisticsShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not permitted", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_show_statistics(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<Statistics>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let statistics = flow::show_statistics(&auth, &caller).await;
    statistics.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
