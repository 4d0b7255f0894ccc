//! How often the authority was asked in vain, in a file beside the account: authorities count what is asked of them, and a program
//! that ends and starts again and again may not ask oftener than one that goes on.

use anyhow::Context as _;
use auth::Timestamp;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::time::Duration;

use super::AcmeSettings;
use super::files::write_private;

const FILE: &str = "tries.json";
/// After the first failure. An authority counts failures: five an hour are too many for some.
const FIRST_PAUSE: Duration = Duration::from_secs(15 * 60);
/// After many.
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 60 * 60);

/// What was tried since the last certificate.
#[derive(Serialize, Deserialize)]
pub(super) struct Tries {
    /// Who was asked: another authority knows nothing of it.
    directory: String,
    /// For what.
    host: String,
    count: u32,
    /// When the last one began.
    last_at: Timestamp,
}

impl Tries {
    /// What was tried for these settings. A file that cannot be read counts as none: the next try writes it anew, or is not made.
    pub(super) fn read(settings: &AcmeSettings, now: Timestamp) -> Self {
        let none = Self { directory: settings.directory.clone(), host: settings.host.clone(), count: 0, last_at: now };
        let bytes = std::fs::read(settings.folder.join(FILE)).ok();
        let kept = bytes.and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        kept.filter(|kept| kept.directory == none.directory && kept.host == none.host).unwrap_or(none)
    }

    /// Counts one that begins now, and keeps that.
    ///
    /// # Errors
    /// When the folder is not ours alone, or the file cannot be written: then nobody should be asked.
    pub(super) fn count_one(&mut self, settings: &AcmeSettings, now: Timestamp) -> anyhow::Result<()> {
        self.count = self.count.saturating_add(1);
        self.last_at = now;
        write_private(&settings.folder, FILE, &serde_json::to_vec(self)?)
    }

    /// How long nobody is to be asked.
    pub(super) fn patience(&self, now: Timestamp) -> Duration {
        let Some(doublings) = self.count.checked_sub(1) else { return Duration::ZERO };
        let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_PAUSE);
        // A clock that was ahead lets nobody wait for ever.
        let Ok(since) = u64::try_from(now.seconds_since(self.last_at)) else { return Duration::ZERO };
        pause.saturating_sub(Duration::from_secs(since))
    }
}

/// Begins anew, once there is a certificate.
///
/// # Errors
/// When the file cannot be deleted.
pub(super) fn forget(settings: &AcmeSettings) -> anyhow::Result<()> {
    let file = settings.folder.join(FILE);
    match std::fs::remove_file(&file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).with_context(|| file.display().to_string()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);
    const MINUTE: i64 = 60;

    fn settings(folder: &Path) -> AcmeSettings {
        AcmeSettings {
            directory: "https://acme.example.com/directory".to_owned(),
            contact: None,
            folder: folder.join("acme"),
            ca_pem: None,
            host: "id.example.com".to_owned(),
        }
    }

    /// A program that starts each minute and ends while it asks: in which minutes it asks.
    fn asked_within(settings: &AcmeSettings, from: Timestamp, minutes: i64) -> Vec<i64> {
        let mut asked = Vec::new();
        for minute in 0..minutes {
            let now = from.plus_seconds(minute * MINUTE);
            let mut tries = Tries::read(settings, now);
            if tries.patience(now).is_zero() {
                tries.count_one(settings, now).unwrap();
                asked.push(minute);
            }
        }
        asked
    }

    #[test]
    fn a_program_that_starts_each_minute_asks_eight_times_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        let day = 24 * 60;
        assert_eq!(asked_within(&settings, NOW, day), [0, 15, 45, 105, 225, 465, 825, 1185]);
        let file = settings.folder.join(FILE);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let later = NOW.plus_seconds(day * MINUTE);
        assert_eq!(asked_within(&settings, later, 60), Vec::<i64>::new());

        forget(&settings).unwrap();
        forget(&settings).unwrap();
        assert_eq!(asked_within(&settings, later, 60), [0, 15, 45], "after a certificate it begins anew");
    }

    #[test]
    fn another_authority_another_host_and_a_clock_that_was_ahead_let_nobody_wait() {
        let folder = tempfile::tempdir().unwrap();
        let first = settings(folder.path());
        let is_free = |settings: &AcmeSettings, now: Timestamp| Tries::read(settings, now).patience(now).is_zero();
        Tries::read(&first, NOW).count_one(&first, NOW).unwrap();
        assert!(!is_free(&first, NOW), "the control");
        let directory = "https://acme.example.net/directory".to_owned();
        assert!(is_free(&AcmeSettings { directory, ..settings(folder.path()) }, NOW));
        let host = "www.example.com".to_owned();
        assert!(is_free(&AcmeSettings { host, ..settings(folder.path()) }, NOW));
        assert!(is_free(&first, NOW.minus_seconds(1)));
        std::fs::write(first.folder.join(FILE), "{").unwrap();
        assert!(is_free(&first, NOW));
    }

    #[test]
    fn who_cannot_count_does_not_ask() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        std::fs::write(&settings.folder, "a file where the folder should be").unwrap();
        assert!(Tries::read(&settings, NOW).count_one(&settings, NOW).is_err());
    }
}
