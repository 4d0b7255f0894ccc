//! `keywright serve`

use crate::{Application, Settings, telemetry};

/// Serves until a signal asks it to stop.
///
/// # Errors
/// When the settings are refused, the database cannot be opened, or a port is taken.
pub async fn serve() -> anyhow::Result<()> {
    let settings = Settings::load().await?;
    let traces = telemetry::start(&settings)?;
    if auth::weakened::is_weakened() {
        tracing::warn!("KEYWRIGHT_WEAKEN names a defence: this program does without it, for bin/attack alone");
    }
    let ended = Application::build(settings).await?.run_until_stopped().await;
    traces.stop().await;
    ended
}
