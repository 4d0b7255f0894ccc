//! `GET /api/v1/admin/anomalies`

use auth::anomaly::AnomalyReason;
use auth::session::Caller;
use auth::view::Anomalies;
use auth::{Auth, Context, Cursor, ErrorCode, Permission, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::permitted_query;
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// Which ones, and where the list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    reason: Option<AnomalyReason>,
    after: Option<Cursor>,
}

/// Sign-ins that looked unusual. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = Anomalies)]
#[expect(dead_code, reason = "the shape of `auth::view::Anomalies` for the document")]
struct AnomaliesShape {
    /// Each of the last thirty days of UTC, the eldest first; the last one is today.
    days: Vec<AnomalyDayShape>,
    /// At most 50, the newest first.
    items: Vec<AnomalyShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// How many there were on a day, by reason; one with several reasons counts for each.
#[derive(ToSchema)]
#[schema(as = AnomalyDay)]
#[expect(dead_code, reason = "the shape of `auth::view::AnomalyDay` for the document")]
struct AnomalyDayShape {
    /// Its first moment.
    start: i64,
    /// Nobody travels that fast.
    impossible_travel: i64,
    /// With a device that the account had not seen.
    new_device: i64,
    /// From a client of many accounts.
    many_accounts: i64,
    /// Of an account one of whose tokens was used twice.
    token_reuse: i64,
}

/// A sign-in that looked unusual.
#[derive(ToSchema)]
#[schema(as = Anomaly)]
#[expect(dead_code, reason = "the shape of `auth::view::AnomalyItem` for the document")]
struct AnomalyShape {
    /// Which.
    id: String,
    /// Whose account it was.
    user_id: String,
    /// The proved address.
    email: String,
    /// What the person wants to be called.
    name: String,
    /// When.
    at: i64,
    /// Browser and system in words; empty when unknown.
    device: String,
    /// The client's address.
    address: String,
    /// How unusual it was: 1 to 100. From 50 on it is acted on.
    points: i64,
    /// Why: `impossible_travel`, `new_device`, `many_accounts`, `token_reuse`.
    reasons: Vec<String>,
    /// The journey that nobody makes; null where that is no reason.
    travel: Option<AnomalyTravelShape>,
    /// Accounts that came from the client for the first time within an hour.
    accounts: i64,
    /// `let_in`, `asked`, `proved` or `ended`.
    outcome: String,
}

/// A journey that nobody makes.
#[derive(ToSchema)]
#[schema(as = AnomalyTravel)]
#[expect(dead_code, reason = "the shape of `auth::view::AnomalyTravel` for the document")]
struct AnomalyTravelShape {
    /// Where the account was used last; empty when only the distance is known.
    #[schema(example = "Paris, FR")]
    from: String,
    /// Where it was used now.
    #[schema(example = "Tokyo, JP")]
    to: String,
    /// How far that is, at the least.
    kilometres: i64,
    /// In how many seconds.
    seconds: i64,
}

/// Sign-ins that looked unusual: the last thirty days as numbers, and those of the last ninety days a page at a time.
#[utoipa::path(get, path = "/admin/anomalies", tag = "admin", params(
    ("reason" = Option<String>, Query, description = "`impossible_travel`, `new_device`, `many_accounts` or `token_reuse`; all without it"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "The days, and one page.", body = AnomaliesShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`, or there is no such `reason`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not permitted", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_anomalies(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    query: Result<QueryOf<Wanted>, Refused>,
) -> Result<Json<Anomalies>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let Wanted { reason, after } =
        permitted_query(&auth, &caller, Permission::ReadAudit, query, context.locale).await?;
    let anomalies = flow::show_anomalies(&auth, &caller, reason, after).await;
    anomalies.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
