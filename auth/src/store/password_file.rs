//! The password of PostgreSQL from a file that somebody else rotates (ASVS 5.0, 13.2.1): connections that are open stay,
//! new ones come with what the file says by then. The pool has no hook before it connects, so the file is looked at
//! whenever a connection is asked for, and once a second at most.

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::AnyPool;
use sqlx::any::AnyConnectOptions;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::secret_file::read_secret;

/// How long a password is believed to be the one in its file.
const INTERVAL: Duration = Duration::from_secs(1);

/// The file, and what it said last.
pub(super) struct PasswordFile {
    path: PathBuf,
    /// Without the password.
    options: AnyConnectOptions,
    last: Mutex<Look>,
}

struct Look {
    at: Instant,
    password: SecretString,
    /// Whether the file could not be read.
    has_failed: bool,
}

impl PasswordFile {
    /// Reads it for the first time.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn open(path: PathBuf, options: AnyConnectOptions) -> anyhow::Result<Self> {
        let look = Look { at: Instant::now(), password: read_secret(&path)?, has_failed: false };
        Ok(Self { path, options, last: Mutex::new(look) })
    }

    /// How to connect with what it said last.
    pub(super) fn connect_options(&self) -> AnyConnectOptions {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        self.with(&last.password)
    }

    /// Lets new connections of a pool come with what the file says now.
    pub(super) fn renew(&self, pool: &AnyPool) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.at.elapsed() < INTERVAL {
            return;
        }
        last.at = Instant::now();
        match read_secret(&self.path) {
            Ok(password) => {
                last.has_failed = false;
                if password.expose_secret() != last.password.expose_secret() {
                    pool.set_connect_options(self.with(&password));
                    last.password = password;
                    tracing::info!("the password of the database is another one: new connections come with it");
                }
            }
            // It may be about to be written. The last password serves on, and one line says so.
            Err(error) => {
                if !last.has_failed {
                    tracing::warn!(%error, "the file with the password of the database cannot be read");
                }
                last.has_failed = true;
            }
        }
    }

    /// In the query, where it may have any character and stands before no host.
    fn with(&self, password: &SecretString) -> AnyConnectOptions {
        let mut options = self.options.clone();
        options.database_url.query_pairs_mut().append_pair("password", password.expose_secret());
        options
    }
}
