//! `GET /api/v1/admin/users/{id}`

use auth::session::Caller;
use auth::view::UserDetails;
use auth::{Auth, Context, ErrorCode, Permission, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use utoipa::ToSchema;

use super::Asking;
use super::list_users::UserItemShape;
use crate::api::list_activity::ActivityItemShape;
use crate::problem::{Problem, Refused};

/// An account with all that administrators see of it. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = UserDetails)]
#[expect(dead_code, reason = "the shape of `auth::view::UserDetails` for the document")]
struct UserDetailsShape {
    /// As the list shows it.
    user: UserItemShape,
    /// How it is suspended; null when it is not.
    suspension: Option<SuspensionShape>,
    /// When it goes, if that was asked for.
    delete_at: Option<i64>,
    /// Whether there is a password to sign in with.
    has_password: bool,
    /// The organizations its person is in.
    organizations: Vec<UserOrganizationShape>,
    /// What happened to it last, newest first: at most 20 events.
    activity: Vec<ActivityItemShape>,
    /// What you may do to it.
    acts: UserActsShape,
}

/// How an account is suspended.
#[derive(ToSchema)]
#[schema(as = Suspension)]
#[expect(dead_code, reason = "the shape of `auth::view::Suspension` for the document")]
struct SuspensionShape {
    /// When it began.
    at: i64,
    /// When it ends by itself; null: when it is taken back.
    until: Option<i64>,
    /// What the person was told.
    reason: Option<String>,
    /// What administrators tell each other.
    note: Option<String>,
}

/// An organization that somebody is in.
#[derive(ToSchema)]
#[schema(as = UserOrganization)]
#[expect(dead_code, reason = "the shape of `auth::view::UserOrganization` for the document")]
struct UserOrganizationShape {
    /// The organization.
    id: String,
    /// Its name in addresses.
    slug: String,
    /// What it is called.
    name: String,
    /// The name of the person's role there.
    #[schema(example = "member")]
    role: String,
    /// Since when.
    joined_at: i64,
}

/// What you may do to an account.
#[derive(ToSchema)]
#[schema(as = UserActs)]
#[expect(dead_code, reason = "the shape of `auth::view::UserActs` for the document")]
#[expect(clippy::struct_excessive_bools, reason = "each act stands for itself")]
struct UserActsShape {
    /// Suspend it, and take that back.
    suspend: bool,
    /// Send the mail for a new password.
    send_reset: bool,
    /// End its sessions.
    end_sessions: bool,
    /// Take its second factors.
    reset_factors: bool,
    /// Give it another role.
    set_role: bool,
    /// See the product as its person.
    impersonate: bool,
    /// Change something as its person, in organizations.
    impersonate_writing: bool,
}

/// One account: its state, its organizations and its latest activity. Its sessions are a list of their own.
#[utoipa::path(get, path = "/admin/users/{id}", tag = "admin", params(
    ("id" = String, Path, description = "The account."),
), responses(
    (status = 200, description = "The account.", body = UserDetailsShape),
    (status = 400, description = "`malformed_request`: no id", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such account, or not an administrator", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_show_user(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<UserDetails>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let asking = Asking { auth: &auth, caller: &caller, locale: context.locale };
    let id = asking.user(Permission::ReadUsers, id).await?;
    let user = flow::admin_show_user(&auth, &caller, &id).await;
    user.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
