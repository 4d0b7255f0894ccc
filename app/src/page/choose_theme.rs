//! Choosing light or dark over what the system says, and the way back.

use leptos::prelude::*;

use crate::error::AppError;

/// The choice that follows the system, as the form names it.
pub const SYSTEM_THEME: &str = "system";

/// Remembers the theme with this browser, or forgets it so that the system's counts again.
///
/// # Errors
/// An unknown theme.
#[server(prefix = "/rpc", endpoint = "choose_theme")]
pub async fn choose_theme(#[server(default)] theme: String) -> Result<(), AppError> {
    use crate::server::{self, Theme};

    let chosen = Theme::parse(&theme);
    if chosen.is_none() && theme != SYSTEM_THEME {
        return Err(auth::ErrorCode::MalformedRequest.into());
    }
    server::remember_theme(chosen);
    Ok(())
}
