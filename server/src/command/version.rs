//! `keywright --version`

use auth::store::MigrationState;

/// Which version this is, and the newest migration that it knows: what a database must have, or will get, such as
/// `keywright 0.1.0 (newest migration 40)`.
pub fn version() -> String {
    format!("keywright {} (newest migration {})", env!("CARGO_PKG_VERSION"), MigrationState::newest_known())
}
