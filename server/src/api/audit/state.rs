//! `GET /api/v1/admin/audit/state`

use auth::session::Caller;
use auth::view::AuditState;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// Whether the audit log is whole. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = AuditState)]
#[expect(dead_code, reason = "the shape of `auth::view::AuditState` for the document")]
struct AuditStateShape {
    /// Whether nothing was found.
    is_whole: bool,
    /// When the newest part was walked.
    checked_at: i64,
    /// When all of it was walked, by the node that answers; null when only the newest part was.
    all_checked_at: Option<i64>,
    /// When the chain began; null before its first line.
    began_at: Option<i64>,
    /// The last line that was there before the chain began, and was taken as it stood; 0 when there was none.
    adopted: i64,
    /// The last line that retention took; 0 when it took none.
    cut: i64,
    /// The number of the first line that was walked; null when there is none.
    first: Option<i64>,
    /// When it was written.
    since: Option<i64>,
    /// The number of the last line.
    last: i64,
    /// Its hash. Kept elsewhere, as `last:head`, it shows later that nothing was taken from the end.
    head: String,
    /// How many lines were walked.
    count: i64,
    /// What was found, at most 100.
    faults: Vec<AuditFaultShape>,
}

/// A place where the audit log is not whole.
#[derive(ToSchema)]
#[schema(as = AuditFault)]
#[expect(dead_code, reason = "the shape of `auth::view::AuditFault` for the document")]
struct AuditFaultShape {
    /// `altered`, `missing`, `out_of_order`, `truncated_tail`, `inserted` or `unsealed_too_long`.
    #[schema(example = "altered")]
    kind: String,
    /// The number of the line, or of the first of several; null for lines that have no number.
    sequence: Option<i64>,
    /// The number of the last of several, the same for one.
    until: Option<i64>,
    /// When the line says that it was written, where there is a line.
    at: Option<i64>,
}

/// Whether the audit log is whole: its newest 1,000 lines as they are now, the rest as it was when it was last walked.
/// `keywright audit verify` walks along all of it.
#[utoipa::path(get, path = "/admin/audit/state", tag = "admin", responses(
    (status = 200, description = "How it is.", body = AuditStateShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator who may see it", body = Problem, content_type = "application/problem+json"),
))]
pub async fn audit_state(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<AuditState>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let state = flow::audit_state(&auth, &caller).await;
    state.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
