//! `GET /api/v1/admin/settings`

use auth::session::Caller;
use auth::view::SettingItem;
use auth::{Auth, Context, ErrorCode, Permission, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// Every setting.
#[derive(Serialize)]
pub struct SettingList {
    items: Vec<SettingItem>,
}

/// The settings in effect on the node that answers.
#[derive(ToSchema)]
#[schema(as = SettingList)]
#[expect(dead_code, reason = "the shape of `SettingList` for the document")]
struct SettingListShape {
    /// Every setting, in the order of the documentation.
    items: Vec<SettingShape>,
}

/// A setting.
#[derive(ToSchema)]
#[schema(as = Setting)]
#[expect(dead_code, reason = "the shape of `auth::view::SettingItem` for the document")]
struct SettingShape {
    /// Its name in the file.
    #[schema(example = "public_url")]
    name: String,
    /// What holds; the default in words where nobody set it. Null for a secret that is set.
    value: Option<String>,
    /// `default`, `file`, `environment`, `credential` or `vault`.
    #[schema(example = "file")]
    origin: String,
    /// Whether it is a secret, or an address with one in it.
    is_secret: bool,
    /// What it is for.
    about: String,
}

/// The settings in effect. Of secrets nothing is told but that they are set.
#[utoipa::path(get, path = "/admin/settings", tag = "admin", responses(
    (status = 200, description = "Every setting.", body = SettingListShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not permitted", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_show_settings(
    State(auth): State<Auth>,
    State(settings): State<Arc<[SettingItem]>>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<SettingList>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let permitted = flow::require_permission(&auth, &caller, Permission::ReadSettings).await;
    permitted.map_err(|error| Refused::from_error(&error, context.locale))?;
    Ok(Json(SettingList { items: settings.to_vec() }))
}
