//! The only module that exists on the server alone: the request, its cookies, the engine.

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Locale};
use http::header::{ACCEPT, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::error::AppError;

mod cookie_of;
mod cookies;
mod federation;
mod impersonated;
mod invitation;
mod last_way;
mod passkeys;
mod program;
mod recovery_codes;
mod setup;

pub use cookie_of::cookie_of;
pub use cookies::*;
pub use federation::*;
pub use impersonated::{Impersonated, impersonated};
pub use invitation::{forget_invitation, keep_invitation, kept_invitation};
pub use last_way::{PASSKEY_WAY, PASSWORD_WAY, last_way, remember_way};
pub use passkeys::*;
pub use program::*;
pub use recovery_codes::show_recovery_codes;
pub use setup::*;

/// A theme that the reader chose over the system's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The theme as the document names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the theme's name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.as_str() == name)
    }
}

/// What the reader chose about language and look.
#[derive(Clone, Copy, Default)]
pub struct Preferences {
    /// The language.
    pub locale: Locale,
    /// The theme; the system's when none.
    pub theme: Option<Theme>,
}

/// The preferences of this request, read by a layer; a plain page knows no request and is given them.
pub fn preferences() -> Preferences {
    use_context::<Preferences>()
        .or_else(|| from_request(|parts| parts.extensions.get::<Preferences>().copied()))
        .unwrap_or_default()
}

/// The engine.
///
/// # Panics
/// When called outside a request: the router provides the engine for each.
pub fn auth() -> Auth {
    expect_context::<Auth>()
}

/// Who asks, from where.
pub fn context() -> Context {
    from_request(|parts| parts.extensions.get::<Context>().cloned()).unwrap_or_else(|| Context {
        address: String::new(),
        device: String::new(),
        locale: Locale::default(),
        request_id: String::new(),
    })
}

/// The session of this request: proved by a layer, from the bearer token of a script call or from
/// the cookie of a navigation.
///
/// # Errors
/// What the layer found wrong: [`ErrorCode::InvalidToken`] or [`ErrorCode::SignedOut`].
pub fn caller() -> Result<Caller, AppError> {
    from_request(|parts| parts.extensions.get::<Result<Caller, ErrorCode>>().cloned())
        .unwrap_or(Err(ErrorCode::SignedOut))
        .map_err(AppError::from)
}

/// The path of this request.
pub fn path() -> Option<String> {
    from_request(|parts| Some(parts.uri.path().to_owned()))
}

/// Whether the request is a form post of the browser itself, without script.
pub fn is_form_post() -> bool {
    from_request(|parts| {
        parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).map(|accept| accept.contains("text/html"))
    })
    .unwrap_or(false)
}

/// Sends a form post on to a page; scripts navigate by themselves.
pub fn see_other(path: &str) {
    if is_form_post() {
        leptos_axum::redirect(path);
    }
}

/// The status of the page being rendered.
pub fn set_status(code: ErrorCode) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(code.status())) {
        response.set_status(status);
    }
}

/// Says when the page's form may be sent again (RFC 9110, 10.2.3).
pub fn set_retry_after(seconds: u32) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(RETRY_AFTER, HeaderValue::from(seconds));
    }
}

fn from_request<T>(read: impl FnOnce(&Parts) -> Option<T>) -> Option<T> {
    use_context::<Parts>().as_ref().and_then(read)
}
