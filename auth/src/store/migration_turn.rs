//! Whose turn it is to take the backup before the tables are changed, and to change them. Of nodes that start together one does
//! both, and the others find it done.
//!
//! On PostgreSQL the turn is an advisory lock of a session of its own, on SQLite a lock (`flock`) on a file beside the database.
//! Either goes with the program that has it. Should the server end the session early, a second backup is taken and nothing worse:
//! `migrating.rs` has a lock of its own.

use anyhow::{Context as _, ensure};
use sqlx::{AnyConnection, Connection as _, Executor as _, Row as _};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, fchown};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{DatabaseSettings, Store};

/// The lock of PostgreSQL: one in each database. Letters of our name, so that nobody else has it by chance.
const KEY: i64 = 0x6b65_7977_7269_6768;
/// What the file is called after the database.
const END: &str = ".migration-lock";
/// Between two tries.
const REST: Duration = Duration::from_millis(200);

/// The turn. It ends with [`MigrationTurn::release`], and where it is dropped.
pub struct MigrationTurn(Means);

enum Means {
    Session(AnyConnection),
    File(File),
}

impl Store {
    /// Takes the turn, after whoever has it, and says in the log that it waits.
    ///
    /// # Errors
    /// When it does not come within `patience`, the database cannot be reached, or the file beside it cannot be made.
    pub async fn take_migration_turn(settings: &DatabaseSettings, patience: Duration) -> anyhow::Result<MigrationTurn> {
        let mut turn = MigrationTurn::prepare(settings).await?;
        let (begun, mut has_told) = (Instant::now(), false);
        while !turn.is_ours().await? {
            ensure!(
                begun.elapsed() < patience,
                "another node has been at the backup before the change of the tables, or at the tables, for more than {} \
                 seconds; this one changed nothing: start it again once that one is done",
                patience.as_secs()
            );
            if !std::mem::replace(&mut has_told, true) {
                let seconds = patience.as_secs();
                tracing::info!(
                    seconds,
                    "another node takes the backup before the tables are changed; this one waits for it"
                );
            }
            tokio::time::sleep(REST).await;
        }
        Ok(turn)
    }
}

impl MigrationTurn {
    /// Gives it to whoever waits.
    ///
    /// # Errors
    /// When it was lost before.
    pub async fn release(self) -> anyhow::Result<()> {
        match self.0 {
            Means::Session(connection) => connection.close().await?,
            Means::File(file) => file.unlock()?,
        }
        Ok(())
    }

    /// What it is taken by.
    async fn prepare(settings: &DatabaseSettings) -> anyhow::Result<Self> {
        let mut connection = settings.connect().await?;
        if !settings.is_sqlite() {
            let_go_when_gone(&mut connection).await?;
            return Ok(Self(Means::Session(connection)));
        }
        // SQLite knows best which file an address means, through links as well.
        let asked = sqlx::query("SELECT CAST(file AS TEXT) AS file FROM pragma_database_list() WHERE name = 'main'")
            .fetch_one(&mut connection)
            .await;
        connection.close().await?;
        let database = PathBuf::from(asked?.try_get::<String, _>("file")?);
        let mut lock = database.as_os_str().to_owned();
        lock.push(END);
        let lock = PathBuf::from(lock);
        let file = open(&lock, &database).with_context(|| format!("the file {}", lock.display()))?;
        Ok(Self(Means::File(file)))
    }

    /// Tries to take it. Nobody waits within the server: a statement that waits is one that changes of tables may wait for.
    async fn is_ours(&mut self) -> anyhow::Result<bool> {
        match &mut self.0 {
            Means::Session(connection) => {
                let asked = "SELECT CAST(CASE WHEN pg_try_advisory_lock($1) THEN 1 ELSE 0 END AS BIGINT) AS is_ours";
                let row = sqlx::query(asked).bind(KEY).fetch_one(connection).await?;
                Ok(row.try_get::<i64, _>("is_ours")? == 1)
            }
            Means::File(file) => match file.try_lock() {
                Ok(()) => Ok(true),
                Err(TryLockError::WouldBlock) => Ok(false),
                Err(TryLockError::Error(error)) => Err(error.into()),
            },
        }
    }
}

/// Has PostgreSQL see within a minute that the machine of a session is gone without a word. Until then it keeps the locks of the
/// session, and where nobody says otherwise that is two hours. To a socket of the same machine it means nothing.
pub(super) async fn let_go_when_gone(connection: &mut AnyConnection) -> super::Result<()> {
    for setting in ["SET tcp_keepalives_idle = 30", "SET tcp_keepalives_interval = 10", "SET tcp_keepalives_count = 3"]
    {
        connection.execute(setting).await?;
    }
    Ok(())
}

/// Makes the file, for the owner of the database alone; or opens the one that is there. It stays: were it deleted, two could hold
/// one of that name.
fn open(lock: &Path, database: &Path) -> io::Result<File> {
    // A new one follows no link, so what is given away below is ours; and to lock one that is there, reading is enough.
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(lock) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => File::open(lock),
        Err(error) => Err(error),
        Ok(file) => {
            let (owner, made) = (std::fs::metadata(database)?, file.metadata()?);
            if owner.uid() != made.uid() {
                // As when root runs `keywright migrate`. Who may not give it away could not have kept the others out before either.
                let given = fchown(&file, Some(owner.uid()), Some(owner.gid()));
                if let Err(error) = given
                    && error.kind() != ErrorKind::PermissionDenied
                {
                    return Err(error);
                }
            }
            Ok(file)
        }
    }
}
