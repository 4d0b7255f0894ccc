//! `GET /api/v1/admin/sessions/{id}`

use auth::id::SessionId;
use auth::session::Caller;
use auth::view::Family;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use utoipa::ToSchema;

use super::list_sessions::{AnySessionShape, OriginShape};
use crate::problem::{Problem, Refused};

/// A session with its refresh token family. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = Family)]
#[expect(dead_code, reason = "the shape of `auth::view::Family` for the document")]
struct FamilyShape {
    /// Whose it is.
    user_id: String,
    /// The proved address of the person.
    email: String,
    /// What the person wants to be called.
    name: String,
    /// The session.
    session: AnySessionShape,
    /// How many tokens there were, the first included.
    tokens: i64,
    /// The tokens in their order, or with `slot_seconds` how many there were in each slot of time.
    steps: Vec<FamilyStepShape>,
    /// How long a slot is; null when each token stands alone, as up to 60 do.
    slot_seconds: Option<i64>,
    /// Whether there were more steps than are told: at most 300.
    is_cut: bool,
    /// Where a token was used again after its time.
    reuse: Option<ReuseShape>,
    /// Who ended the session, where that is known.
    ended_from: Option<OriginShape>,
}

/// A token, or those of one slot of time and one device.
#[derive(ToSchema)]
#[schema(as = FamilyStep)]
#[expect(dead_code, reason = "the shape of `auth::view::FamilyStep` for the document")]
struct FamilyStepShape {
    /// The generation of the first: 0 is the token of the sign-in.
    first: i64,
    /// The generation of the last.
    last: i64,
    /// How many there are.
    tokens: i64,
    /// When the first was issued.
    since: i64,
    /// When the last was issued.
    until: i64,
    /// Who got them.
    origin: OriginShape,
}

/// A token that was used again after its time: two parties hold it.
#[derive(ToSchema)]
#[schema(as = Reuse)]
#[expect(dead_code, reason = "the shape of `auth::view::Reuse` for the document")]
struct ReuseShape {
    /// When.
    at: i64,
    /// The generation of the token; null where it was not noted.
    generation: Option<i64>,
    /// Who used it.
    origin: OriginShape,
}

/// A session of anybody, live or ended, with its refresh token family.
#[utoipa::path(get, path = "/admin/sessions/{id}", tag = "admin", params(
    ("id" = String, Path, description = "The session."),
), responses(
    (status = 200, description = "The session and its family.", body = FamilyShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such session, or not an administrator", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_show_session(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Family>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // What cannot be read as text names no session.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let family = flow::admin_show_session(&auth, &caller, &SessionId(id)).await;
    family.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
