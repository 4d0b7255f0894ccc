//! `keywright openapi`

use std::io::{ErrorKind, Write as _};

use crate::api;

/// Prints the OpenAPI document.
///
/// # Errors
/// When it cannot be written.
pub fn openapi() -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{}", api::document().to_pretty_json()?) {
        // Whoever reads has seen enough, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        outcome => Ok(outcome?),
    }
}
