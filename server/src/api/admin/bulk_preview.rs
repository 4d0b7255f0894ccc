//! `POST /api/v1/admin/users/bulk/preview`

use auth::form::BulkForm;
use auth::session::Caller;
use auth::view::BulkPreview;
use auth::{Auth, Context, ErrorCode, Permission, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use super::Asking;
use super::suspend_user::Suspend;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// An act on several accounts.
#[derive(ToSchema)]
#[schema(as = BulkAct)]
#[expect(dead_code, reason = "the shape of `auth::form::BulkForm` for the document")]
struct BulkShape {
    /// `suspend`, `unsuspend`, `end_sessions` or `send_reset`.
    #[schema(example = "end_sessions")]
    act: String,
    /// At most 500 accounts, by id; or `filter`.
    #[schema(required = false)]
    ids: Vec<String>,
    /// Everybody whom a filter leaves, 500 at most; or `ids`.
    filter: Option<FilterShape>,
    /// With `suspend`: how.
    #[schema(required = false)]
    suspension: Suspend,
}

/// A filter of the list of accounts: see `GET /admin/users`. What is missing filters nothing.
#[derive(ToSchema)]
#[schema(as = UserFilter)]
#[expect(dead_code, reason = "the shape of `auth::form::UserFilterForm` for the document")]
struct FilterShape {
    /// Parts of a name or address.
    q: Option<String>,
    /// A role.
    role: Option<String>,
    /// A state.
    state: Option<String>,
    /// `with` or `without`.
    second_factor: Option<String>,
    /// The first day.
    created_from: Option<String>,
    /// The last day.
    created_to: Option<String>,
    /// The id of an organization.
    organization: Option<String>,
}

/// What an act would do.
#[derive(ToSchema)]
#[schema(as = BulkPreview)]
#[expect(dead_code, reason = "the shape of `auth::view::BulkPreview` for the document")]
struct BulkPreviewShape {
    /// What does it, for ten minutes and in this session alone: send it to `/admin/users/bulk`.
    token: String,
    /// The act.
    act: String,
    /// Accounts that it would be done to.
    accounts: Vec<BulkItemShape>,
    /// Accounts that are left out.
    left_out: Vec<LeftOutShape>,
    /// Whether the filter leaves more than are done at once.
    is_cut: bool,
}

/// An account that an act would be done to.
#[derive(ToSchema)]
#[schema(as = BulkItem)]
#[expect(dead_code, reason = "the shape of `auth::view::BulkItem` for the document")]
struct BulkItemShape {
    /// The account.
    id: String,
    /// Its address.
    email: String,
}

/// An account that is left out.
#[derive(ToSchema)]
#[schema(as = LeftOut)]
#[expect(dead_code, reason = "the shape of `auth::view::LeftOutItem` for the document")]
pub struct LeftOutShape {
    /// The account.
    id: String,
    /// Its address; null when there is no such account.
    email: Option<String>,
    /// `own`, `above`, `wrong_state`, `last_administrator`, `too_soon` or `not_found`.
    #[schema(example = "wrong_state")]
    why: String,
}

/// Says what an act on several accounts would do, and who is left out and why. Nothing is done.
#[utoipa::path(post, path = "/admin/users/bulk/preview", request_body = BulkShape, tag = "admin", responses(
    (status = 200, description = "What it would do.", body = BulkPreviewShape),
    (status = 400, description = "`malformed_request`: no JSON of this shape", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn bulk_preview(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<BulkForm>, Refused>,
) -> Result<Json<BulkPreview>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let asking = Asking { auth: &auth, caller: &caller, locale: context.locale };
    let form = asking.body(Permission::ReadUsers, body).await?;
    let wanted = form.parse(auth.now()).map_err(|refusal| Refused::new(refusal, context.locale));
    let wanted = asking.permitted(Permission::ReadUsers, wanted).await?;
    let preview = flow::bulk_preview(&auth, &caller, wanted).await;
    preview.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
