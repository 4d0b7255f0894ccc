//! Choosing light or dark over what the system says.

use leptos::prelude::*;

use crate::error::AppError;

/// Remembers the theme with this browser; anything but `light` and `dark` follows the system.
///
/// # Errors
/// None of its own.
#[server(prefix = "/rpc", endpoint = "choose_theme")]
pub async fn choose_theme(#[server(default)] theme: String) -> Result<(), AppError> {
    crate::server::remember_theme(crate::server::Theme::parse(&theme));
    Ok(())
}
