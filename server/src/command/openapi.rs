//! `keywright openapi`

use crate::api;

/// Prints the OpenAPI document.
///
/// # Errors
/// When it cannot be written.
pub fn openapi() -> anyhow::Result<()> {
    println!("{}", api::document().to_pretty_json()?);
    Ok(())
}
