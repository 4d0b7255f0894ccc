//! The only place with SQL: one text for SQLite and PostgreSQL through `sqlx::Any`, under the
//! contract of `docs/database.md`.
//!
//! A [`Transaction`] is a value: what is not committed by the last line of a flow never happened.

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use sqlx::{Any, AnyPool, ConnectOptions, Executor, Row};
use std::str::FromStr;
use std::sync::Once;
use std::time::Duration;

mod account_deletion;
mod audit;
mod avatars;
mod dev_inbox;
mod email_changes;
mod housekeeping;
mod jobs;
mod notice_links;
mod password_resets;
mod personal_data;
mod refresh_token_rotation;
mod refresh_tokens;
mod session_list;
mod session_proofs;
mod sessions;
mod sign_ins;
mod sign_ups;
mod signing_keys;
mod users;
mod waiting_acts;

pub use audit::{AuditEvent, AuditRow};
pub use avatars::NewAvatar;
pub use dev_inbox::DevMail;
pub use email_changes::{EmailChangeRow, NewEmailChange};
pub use jobs::{ClaimedJob, NewJob, Priority};
pub use notice_links::{NewNoticeLink, NoticeLinkRow};
pub use password_resets::{NewPasswordReset, ResetTry, UsedReset, WaitingReset};
pub use refresh_tokens::Presented;
pub use session_list::ListedSession;
pub use session_proofs::MAX_PASSWORD_TRIES;
pub use sessions::{NewSession, SessionRow};
pub use sign_ins::Entry;
pub use sign_ups::{CodeTry, LiveLink, MAX_WRONG_CODES, NewSignUp, Renewal, SignUpRow, Verified};
pub use signing_keys::SealedKey;
pub use users::{NewUser, UserRow};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// What the store can fail with: always a fault on our side.
pub type Result<T> = std::result::Result<T, sqlx::Error>;

/// A pool of connections to the database.
#[derive(Clone)]
pub struct Store {
    read: AnyPool,
    write: AnyPool,
    rotations: refresh_token_rotation::Rotations,
    dialect: Dialect,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Sqlite,
    Postgres,
}

/// Changes that happen together or not at all. Dropping it undoes them.
pub struct Transaction(sqlx::Transaction<'static, Any>);

impl Store {
    /// Connects to `sqlite://…` or `postgres://…` and brings the tables up to date.
    ///
    /// # Errors
    /// When the database cannot be reached or a migration fails.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        let dialect = if url.starts_with("sqlite:") { Dialect::Sqlite } else { Dialect::Postgres };
        let options = AnyConnectOptions::from_str(url)?.disable_statement_logging();
        let (read, write) = match dialect {
            // SQLite has one writer. Queueing for its connection is fair and cheap; queueing for
            // its file lock means sleeping and trying again.
            Dialect::Sqlite => {
                let write = sqlite_pool(1).connect_with(options.clone()).await?;
                (sqlite_pool(4).connect_with(options).await?, write)
            }
            Dialect::Postgres => {
                let pool = pool(16).connect_with(options).await?;
                (pool.clone(), pool)
            }
        };
        MIGRATIONS.run(&write).await?;
        Ok(Self { rotations: refresh_token_rotation::start(write.clone()), read, write, dialect })
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn begin(&self) -> Result<Transaction> {
        let transaction = match self.dialect {
            // A deferred transaction that reads and then writes fails at once when another one
            // wrote in between; IMMEDIATE takes its place in the queue first.
            Dialect::Sqlite => self.write.begin_with("BEGIN IMMEDIATE").await?,
            // In a task of its own: a request that is dropped while BEGIN is on its way would hand
            // the connection back within a transaction that nobody ends. Here a finished one is
            // dropped, and so rolled back.
            Dialect::Postgres => {
                let write = self.write.clone();
                tokio::spawn(async move { write.begin().await }).await.map_err(|_| sqlx::Error::WorkerCrashed)??
            }
        };
        Ok(Transaction(transaction))
    }

    /// Asks the database for one row, to see that it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT CAST(1 AS BIGINT) AS one").fetch_one(&self.read).await?.try_get::<i64, _>("one")?;
        Ok(())
    }

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

impl Transaction {
    /// Makes everything done in this transaction last.
    ///
    /// # Errors
    /// When the database refuses; then nothing happened.
    pub async fn commit(self) -> Result<()> {
        self.0.commit().await
    }

    /// Undoes everything now, where another transaction is to follow.
    ///
    /// # Errors
    /// When the database cannot be reached; then nothing happened either.
    pub async fn rollback(self) -> Result<()> {
        self.0.rollback().await
    }
}

fn pool(size: u32) -> AnyPoolOptions {
    AnyPoolOptions::new().max_connections(size).acquire_timeout(Duration::from_secs(10))
}

fn sqlite_pool(size: u32) -> AnyPoolOptions {
    // A file does not go away: asking it before every use would only cost time.
    pool(size).test_before_acquire(false).after_connect(|connection, _| {
        Box::pin(async move {
            // FULL: what was acknowledged survives a power cut. Set for each connection, because
            // only the journal mode is remembered by the file.
            connection.execute("PRAGMA journal_mode = WAL").await?;
            connection.execute("PRAGMA synchronous = FULL").await?;
            // 16 MB of log before it is folded into the file: pages that every sign-in changes are then
            // written once instead of four times.
            connection.execute("PRAGMA wal_autocheckpoint = 4000").await?;
            connection.execute("PRAGMA foreign_keys = ON").await?;
            connection.execute("PRAGMA busy_timeout = 5000").await?;
            Ok(())
        })
    })
}

/// Whether SQLite waited for another program's lock in vain: `SQLITE_BUSY` and its kin.
pub fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    // Codes of PostgreSQL have five digits, some of which would look like it.
    code.is_some_and(|code| code.len() < 5 && code.parse::<i64>().is_ok_and(|code| code & 0xff == 5))
}

/// Whether PostgreSQL ended the transaction because of another one: `deadlock_detected` and
/// `serialization_failure`.
pub fn is_deadlock(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| ["40P01", "40001"].contains(&&*code))
}
