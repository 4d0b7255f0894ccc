//! Whether PostgreSQL can be connected to, as far as those know who asked last. While it cannot, nobody waits for long: a
//! thousand requests that wait ten seconds each would keep the house full, and hear no more for it. The next one that gets
//! a connection ends the outage; nodes ask twice a second for what others did, so that is soon.

use std::io;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use sqlx::any::AnyConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

/// Whoever asked got a connection.
const NONE: u8 = 0;
/// Nobody did, because all of them are in use.
const STUCK: u8 = 1;
/// Nobody did, because there is no database.
const GONE: u8 = 2;
/// How long the server may take to let somebody in.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why nobody gets a connection.
#[derive(Default)]
pub(super) struct Outage(AtomicU8);

impl Outage {
    /// Whether there is none.
    pub(super) fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed) == NONE
    }

    /// Somebody got a connection.
    pub(super) fn end(&self) {
        self.0.store(NONE, Ordering::Relaxed);
    }

    /// There is no database.
    pub(super) fn begin(&self) {
        self.0.store(GONE, Ordering::Relaxed);
    }

    /// Why somebody waits. The pool does not say; so whoever is first knocks at the server.
    pub(super) async fn cause(&self, server: &AnyConnectOptions) -> sqlx::Error {
        if self.0.compare_exchange(NONE, STUCK, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            match tokio::time::timeout(PATIENCE, server.connect()).await {
                Ok(Ok(connection)) => drop(connection.close().await),
                Ok(Err(_)) | Err(_) => self.begin(),
            }
        }
        if self.0.load(Ordering::Relaxed) == GONE {
            return sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "the database takes no connection"));
        }
        sqlx::Error::PoolTimedOut
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{install_drivers, is_unavailable};
    use std::str::FromStr as _;

    #[tokio::test]
    async fn a_database_that_is_gone_is_told_from_one_that_is_busy() {
        install_drivers();
        let outage = Outage::default();
        let nobody = AnyConnectOptions::from_str("postgres://postgres@127.0.0.1:1/nothing").unwrap();
        assert!(outage.is_over());
        assert!(is_unavailable(&outage.cause(&nobody).await) && !outage.is_over());
        outage.end();
        assert!(outage.is_over());
        let folder = tempfile::tempdir().unwrap();
        let file = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
        let cause = outage.cause(&AnyConnectOptions::from_str(&file).unwrap()).await;
        assert!(matches!(cause, sqlx::Error::PoolTimedOut) && !outage.is_over(), "it answers, so it is busy");
    }
}
