//! `keywright backup key FILE`: makes what opens backups. The file is what `age-keygen` writes, and every tool of age reads it.

use anyhow::Context as _;
use auth::backup::Identity;
use auth::clock::{Clock as _, SystemClock};
use auth::random::SystemRandom;
use auth::view::CivilDay;
use secrecy::ExposeSecret as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Writes a new file, and says the recipient. One that is there stays: it may be the only key of old backups.
pub(super) fn make(path: &Path) -> anyhow::Result<()> {
    let identity = Identity::make(&SystemRandom)?;
    let recipient = identity.recipient().to_text();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(path).with_context(|| format!("{} cannot be made", path.display()))?;
    let created = CivilDay::of(SystemClock.now()).iso;
    let text = identity.to_text();
    writeln!(file, "# created: {created}\n# public key: {recipient}\n{}", text.expose_secret())?;
    file.sync_all()?;
    println!("backup_recipient = \"{recipient}\"");
    eprintln!("Keep {} where the backups are not: without it nobody opens them.", path.display());
    Ok(())
}
