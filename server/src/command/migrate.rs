//! `keywright migrate`

use auth::store::{DatabaseSettings, Store};

use crate::Settings;

/// Brings the database up to date and says so.
///
/// # Errors
/// When the settings are refused or a migration fails.
pub async fn migrate() -> anyhow::Result<()> {
    let settings = Settings::load().await?;
    settings.prepare_folder()?;
    Store::open(&DatabaseSettings { migrates: true, ..settings.database() }).await?.close().await;
    println!("The database is up to date.");
    Ok(())
}
