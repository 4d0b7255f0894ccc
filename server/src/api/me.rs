//! `GET /api/v1/me`

use app::server::Preferences;
use auth::{Auth, Scope};
use axum::Json;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use utoipa::ToSchema;

use super::any_caller::AnyCaller;
use super::organizations::OrganizationShape;
use super::start_account_recovery::AccountRecoveryShape;
use crate::problem::{Problem, Refused};

/// The signed-in person. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = Me)]
#[expect(dead_code, reason = "the shape of `auth::view::Me` for the document")]
pub struct MeShape {
    /// The account.
    id: String,
    /// The proved address.
    email: String,
    /// What the person wants to be called.
    name: String,
    /// What the account may do on the platform: `user`, `support`, `auditor` or `platform_admin`.
    #[schema(example = "user")]
    role: String,
    /// The language of mails, `en` or `fr`.
    locale: String,
    /// The zone that times are shown in, by its IANA name; null: UTC.
    #[schema(example = "Europe/Paris")]
    time_zone: Option<String>,
    /// The path of the picture; null without one.
    #[schema(example = "/avatars/…")]
    avatar: Option<String>,
    /// When the account was made.
    created_at: i64,
    /// Whether there is a password to sign in with.
    has_password: bool,
    /// When the account will be deleted, if that was asked for.
    delete_at: Option<i64>,
    /// From when it must have a second factor that it lacks; null when it has one or need not. Once the moment is over,
    /// everything but getting one is refused with `second_factor_required`.
    second_factor_due: Option<i64>,
    /// The recovery of the account by mail that runs; only there while one does.
    account_recovery: Option<AccountRecoveryShape>,
    /// The organizations it is in, the one it joined last first: 20 at most, and none for a personal access token.
    organizations: Vec<OrganizationShape>,
    /// The session of this request; null for a personal access token.
    session: Option<SessionShape>,
}

/// A signed-in device.
#[derive(ToSchema)]
#[schema(as = Session)]
#[expect(dead_code, reason = "the shape of `auth::view::SessionView` for the document")]
struct SessionShape {
    /// The session; not a secret.
    id: String,
    /// When it signed in.
    signed_in_at: i64,
    /// When it ends at the latest.
    expires_at: i64,
    /// Browser and system in words; empty when unknown.
    device: String,
    /// Only there, and true, when an administrator acts in it in the person's place.
    is_impersonation: Option<bool>,
}

/// The person and session behind the access token, or the person behind a personal access token.
///
/// What was changed a moment ago on another node may be half a second late.
#[utoipa::path(get, path = "/me", tag = "account", responses(
    (status = 200, description = "Who is calling.", body = MeShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: a personal access token needs `profile:read`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn me(
    State(auth): State<Auth>,
    // Not the context, whose texts would be copied: programs ask for this with every request of their own.
    Extension(preferences): Extension<Preferences>,
    caller: AnyCaller,
) -> Result<Response, Refused> {
    let refused = |error: auth::Error| Refused::from_error(&error, preferences.locale);
    if let Some(caller) = caller.session() {
        return Ok(Json(&*auth.recent_me(caller).await.map_err(refused)?).into_response());
    }
    let actor = caller.with(Scope::ProfileRead)?;
    Ok(Json(auth.me(actor).await.map_err(refused)?).into_response())
}
