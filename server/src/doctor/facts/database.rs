//! The database: whether it answers, and what it says of itself and of its rows.

use auth::Timestamp;
use auth::clock::{Clock as _, SystemClock};
use auth::store::{AccountRights, BackupMoments, KeyRow, PlatformStaff, Result, Store};
use auth::view::ProxyFinding;
use std::time::Duration;

use crate::settings::{Mode, Settings};
use crate::{engine, master_key};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// A running server repeats each minute what it finds of proxies, and forgets within twenty what was mended.
const LOOK_BACK_SECONDS: i64 = 10 * 60;

/// Whether the database answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reached {
    /// Nobody asked.
    NotAsked,
    /// There is no such file yet, and the first start makes it.
    NotMade(String),
    /// There is no such file, and nobody makes it.
    Missing(String),
    /// It does not answer in time.
    Silent,
    /// It refuses.
    Refused(String),
    /// It answers, and its tables lack so many changes.
    Answers(usize),
}

/// Whether the master key opens the signing keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysOpened {
    /// There is no key yet; the next start makes one in this file.
    NotMade(String),
    /// The file of the key is gone, and the database was used with it.
    Lost(String),
    /// It does not, or the engine does not open for another reason.
    Refused(String),
    /// It does.
    Opened,
}

/// The time there, and the time here before and after it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Before.
    pub before: Timestamp,
    /// There.
    pub there: Timestamp,
    /// After.
    pub after: Timestamp,
}

/// What the database says.
#[derive(Clone)]
pub struct Rows {
    /// Its time; none of SQLite, which goes by this machine's clock.
    pub times: Option<Times>,
    /// Bytes that it has on its disk.
    pub size: i64,
    /// The version of PostgreSQL, such as 15; none of SQLite.
    pub server_version: Option<i64>,
    /// Changes of the tables that were made, and those that this program knows.
    pub migrations: (i64, i64),
    /// Whether the master key opens the keys.
    pub keys: KeysOpened,
    /// The key that signs.
    pub signing: Option<KeyRow>,
    /// Master keys that something is sealed under.
    pub master_keys: usize,
    /// Settings on which it depends whether what was committed survives.
    pub durability: Vec<(String, String)>,
    /// What the account may do; none on SQLite.
    pub account: Option<AccountRights>,
    /// What servers found of proxies.
    pub proxies: Vec<ProxyFinding>,
    /// Who looks after the platform.
    pub staff: PlatformStaff,
    /// Since when the oldest job is due.
    pub due_since: Option<Timestamp>,
    /// Jobs that were given up.
    pub dead_jobs: i64,
    /// When the last backup was taken, and the last one restored.
    pub backups: BackupMoments,
}

/// Looks whether the database answers, without changing it.
pub async fn reach(settings: &Settings) -> Reached {
    let url = &settings.database_url;
    // An address with % is not a path letter by letter.
    let file = settings.data_file().filter(|file| !url.contains('%') && !file.exists());
    if let Some(file) = file {
        let file = file.display().to_string();
        return if url.contains("mode=rwc") { Reached::NotMade(file) } else { Reached::Missing(file) };
    }
    match tokio::time::timeout(PATIENCE, Store::waiting_migrations(&settings.database())).await {
        Err(_) => Reached::Silent,
        Ok(Err(why)) => Reached::Refused(why.to_string()),
        Ok(Ok(waiting)) => Reached::Answers(waiting),
    }
}

impl Times {
    async fn ask(store: &Store) -> Result<Option<Self>> {
        if store.is_sqlite() {
            return Ok(None);
        }
        let before = SystemClock.now();
        let there = store.time().await?;
        Ok(Some(Self { before, there, after: SystemClock.now() }))
    }
}

impl Rows {
    /// Asks everything. The caller knows whether the keys open: it holds the engine, or tries.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ask(store: &Store, now: Timestamp, keys: KeysOpened) -> Result<Self> {
        let times = Times::ask(store).await?;
        let signing = store.signing_keys(1).await?.into_iter();
        let signing = signing.filter(|key| key.revoked_at.is_none() && key.signs_from <= now);
        let master_keys = store.master_keys().await?.iter().filter(|key| key.retired_at.is_none()).count();
        Ok(Self {
            times,
            size: store.size().await?,
            server_version: store.server_version().await?,
            migrations: store.migrations().await?,
            keys,
            signing: signing.max_by_key(|key| key.sequence),
            master_keys,
            durability: store.durability().await?,
            account: store.account_rights().await?,
            proxies: store.proxy_findings_since(now.minus_seconds(LOOK_BACK_SECONDS)).await?,
            staff: store.platform_staff(now).await?,
            due_since: store.jobs_due_since().await?,
            dead_jobs: store.dead_jobs().await?,
            backups: store.backup_moments().await?,
        })
    }
}

impl KeysOpened {
    /// Opens the engine on the database: the master key must open its signing keys.
    pub async fn try_them(settings: &Settings, store: &Store) -> Self {
        let file = master_key::file(settings);
        if settings.mode == Mode::Development && settings.master_key.is_none() && !file.exists() {
            let file = file.display().to_string();
            // A database that was used before was so under some master key.
            let was_used = store.signing_keys(1).await.is_ok_and(|keys| !keys.is_empty());
            return if was_used { Self::Lost(file) } else { Self::NotMade(file) };
        }
        match engine::open(settings).await {
            Ok(auth) => {
                auth.store().close().await;
                Self::Opened
            }
            Err(why) => Self::Refused(format!("{why:#}")),
        }
    }
}
