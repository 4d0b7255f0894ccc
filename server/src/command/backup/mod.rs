//! `keywright backup`: takes, lists and tries backups, and makes the key that opens them. It may be run beside running servers.

use anyhow::Context as _;
use std::process::ExitCode;

use crate::{Settings, engine};

mod key;
mod list;
mod options;
mod verify;

pub use options::{Act, file_and_identity};

/// Does what was asked for.
///
/// # Errors
/// When the settings are refused, or it cannot be done.
pub async fn backup(act: &Act) -> anyhow::Result<ExitCode> {
    match act {
        // Nothing of it needs settings: it is made where the backups are not.
        Act::Key { file } => key::make(file).map(|()| ExitCode::SUCCESS),
        Act::Take { is_json } => take(*is_json).await,
        Act::List { is_json } => list::list(*is_json).await,
        Act::Verify { file, identity } => verify::verify(file, identity).await,
    }
}

async fn take(is_json: bool) -> anyhow::Result<ExitCode> {
    let settings = Settings::load().await?;
    let plan = settings.backup_plan();
    let target = plan.settings.target.as_ref().context("backup_place is not set: it says where backups go")?;
    let auth = engine::open(&settings).await?;
    let taken = auth.take_backup(&plan, target).await;
    auth.store().close().await;
    let taken = taken?;
    if is_json {
        println!("{}", serde_json::json!({ "name": taken.name, "bytes": taken.bytes, "manifest": taken.manifest }));
    } else {
        println!("{} ({} bytes) is in {}.", taken.name, taken.bytes, target.place);
    }
    Ok(ExitCode::SUCCESS)
}
