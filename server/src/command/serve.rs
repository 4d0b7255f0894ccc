//! `keywright serve`

use crate::{Application, Settings, doctor, telemetry};

/// Serves until a signal asks it to stop.
///
/// # Errors
/// When the settings are refused, a check of `keywright doctor` is deadly in production, the database cannot be opened, or a port
/// is taken.
pub async fn serve() -> anyhow::Result<()> {
    let settings = Settings::load().await?;
    let traces = telemetry::start(&settings)?;
    if auth::weakened::is_weakened() {
        tracing::warn!("KEYWRIGHT_WEAKEN names a defence: this program does without it, for bin/attack alone");
    }
    doctor::refuse_deadly(&settings)?;
    let ended = Application::build(settings).await?.run_until_stopped().await;
    traces.stop().await;
    ended
}
