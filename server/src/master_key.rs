//! The master keys: from the settings, or, in development, the one that seals from a file made at the first start.

use anyhow::Context;
use auth::crypto::{MasterKey, MasterKeys};
use auth::random::{Random, SystemRandom};
use secrecy::{ExposeSecret, SecretString};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use crate::Settings;

/// The file of the development key.
pub fn file(settings: &Settings) -> PathBuf {
    settings.data_folder().unwrap_or_else(|| "data".into()).join("master.key")
}

/// The key that seals, and those that only open.
///
/// # Errors
/// When a setting is no key or the file cannot be read or written.
pub fn load(settings: &Settings) -> anyhow::Result<MasterKeys> {
    let others = settings.other_master_keys.iter().map(MasterKey::parse).collect::<Result<Vec<_>, _>>();
    let others = others.map_err(|why| anyhow::anyhow!("one of other_master_keys {why}"))?;
    Ok(MasterKeys::new(current(settings)?, others))
}

/// Reads the key that seals, and makes the development one when there is none.
fn current(settings: &Settings) -> anyhow::Result<MasterKey> {
    if let Some(text) = &settings.master_key {
        return MasterKey::parse(text).map_err(|why| anyhow::anyhow!("master_key {why}"));
    }
    let path = file(settings);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    match std::fs::read_to_string(&path) {
        Ok(text) => MasterKey::parse(&SecretString::from(text))
            .map_err(|why| anyhow::anyhow!("the key in {} {why}", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut bytes = [0; 32];
            SystemRandom.fill(&mut bytes);
            let key = MasterKey::from_bytes(bytes);
            let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            file.write_all(key.to_text().expose_secret().as_bytes())?;
            file.sync_all()?;
            tracing::info!(path = %path.display(), "made a master key for development");
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| format!("the key in {}", path.display())),
    }
}
