//! `keywright setup link`

use auth::flow;
use secrecy::ExposeSecret;
use std::process::ExitCode;

use crate::{Settings, engine, setup_notice};

/// Prints a new link that makes the first administrator; the one before is dead. Fails once there is an administrator.
///
/// # Errors
/// When the settings are refused or the database fails.
pub async fn setup_link() -> anyhow::Result<ExitCode> {
    let settings = Settings::load().await?;
    let auth = engine::open(&settings).await?;
    let link = flow::make_setup_link(&auth).await;
    auth.store().close().await;
    match link? {
        Some(link) => {
            println!("{}", setup_notice::words(link.expose_secret()));
            Ok(ExitCode::SUCCESS)
        }
        None => {
            eprintln!(
                "keywright: there is an administrator. `keywright user role EMAIL platform_admin` makes another one."
            );
            Ok(ExitCode::FAILURE)
        }
    }
}
