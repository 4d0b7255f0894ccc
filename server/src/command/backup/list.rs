//! `keywright backup list`: what is in the place.

use anyhow::Context as _;
use auth::clock::{Clock as _, SystemClock};
use auth::view::CivilDay;
use serde_json::json;
use std::io::Write as _;
use std::process::ExitCode;

use crate::Settings;

/// Lists the backups, the newest last.
pub(super) async fn list(is_json: bool) -> anyhow::Result<ExitCode> {
    let settings = Settings::load().await?;
    let target = settings.backup.target.as_ref().context("backup_place is not set: it says where backups are")?;
    let names = target.place.list(SystemClock.now()).await?;
    let mut out = std::io::stdout();
    // Whoever has stopped reading has seen enough.
    let _ = if is_json {
        let list = names.iter().map(|name| {
            json!({ "name": name.to_string(), "taken_at": CivilDay::of(name.at()).iso, "database": name.kind.as_str() })
        });
        writeln!(out, "{}", json!({ "backups": list.collect::<Vec<_>>() }))
    } else if names.is_empty() {
        writeln!(out, "There is no backup in {}.", target.place)
    } else {
        names.iter().try_for_each(|name| writeln!(out, "{name}"))
    };
    Ok(ExitCode::SUCCESS)
}
