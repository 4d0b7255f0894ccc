//! `GET /api/v1/trusted-devices`

use app::server::{TRUSTED_DEVICE_COOKIE, cookie_of};
use auth::session::Caller;
use auth::view::TrustedDeviceItem;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// The trusted devices, the newest first: at most twenty.
#[derive(Serialize, ToSchema)]
pub struct TrustedDevices {
    #[schema(value_type = Vec<TrustedDeviceShape>)]
    items: Vec<TrustedDeviceItem>,
}

/// A browser in which the second factor is not asked for. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = TrustedDevice)]
#[expect(dead_code, reason = "the shape of `auth::view::TrustedDeviceItem` for the document")]
struct TrustedDeviceShape {
    /// Its id; not the secret.
    id: String,
    /// Browser and system in words; empty when unknown.
    #[schema(example = "Firefox on Linux")]
    device: String,
    /// The client's address when it was trusted.
    #[schema(example = "192.0.2.1")]
    address: String,
    /// When it was trusted.
    trusted_at: i64,
    /// When it stood in for the second factor last.
    last_used_at: i64,
    /// When the factor is asked for again.
    expires_at: i64,
    /// Whether this request came with its cookie.
    is_current: bool,
}

/// The browsers in which the second factor of the account is not asked for.
#[utoipa::path(get, path = "/trusted-devices", tag = "session", responses(
    (status = 200, description = "All of them.", body = TrustedDevices),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_trusted_devices(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    headers: HeaderMap,
) -> Result<Json<TrustedDevices>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let cookie = cookie_of(&headers, TRUSTED_DEVICE_COOKIE);
    let items = flow::list_trusted_devices(&auth, &caller, cookie.as_ref()).await;
    items.map(|items| Json(TrustedDevices { items })).map_err(|error| Refused::from_error(&error, context.locale))
}
