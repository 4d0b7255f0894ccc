//! Connections to the database.
//!
//! PostgreSQL has the pool of sqlx. SQLite has connections that are kept: the pool asks each with a
//! ping whenever it comes back, in a task of its own, and that is one more visit to SQLite's thread for
//! every question. A file does not go away, so a kept connection is asked once a second at most.

use std::ops::{Deref, DerefMut};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions as _, Connection as _, Executor as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::Instrument as _;

use super::faults::is_unavailable;
use super::outage::Outage;
use super::password_file::PasswordFile;
use super::pool_meter::{PoolMeter, PoolUse};
use super::{Result, is_busy};
use crate::trace;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same while nobody before it got one, and before it is asked why. Long enough to connect.
const BRIEFLY: Duration = Duration::from_secs(2);
/// How long a kept connection is trusted unasked.
const TRUST: Duration = Duration::from_secs(1);

/// Connections to one database.
#[derive(Clone)]
pub(super) enum Connections {
    /// To PostgreSQL.
    Pool(Pool),
    /// To a file of SQLite.
    Kept(Arc<Kept>),
}

/// A pool of sqlx, and the file with the password that its new connections come with, if there is one.
#[derive(Clone)]
pub(super) struct Pool {
    pool: AnyPool,
    password: Option<Arc<PasswordFile>>,
    outage: Arc<Outage>,
    meter: Arc<PoolMeter>,
    /// Of a copy: whom to ask when it gives no connection.
    instead: Option<Box<Self>>,
}

/// Connections that are kept open.
pub(super) struct Kept {
    options: AnyConnectOptions,
    idle: Mutex<Vec<Live>>,
    places: Arc<Semaphore>,
    size: u32,
    meter: PoolMeter,
}

struct Live {
    connection: AnyConnection,
    asked_at: Instant,
}

impl Connections {
    /// At most `size` connections to PostgreSQL, the first of them open.
    pub(super) async fn pool(options: AnyConnectOptions, password: Option<PasswordFile>, size: u32) -> Result<Self> {
        let options = password.as_ref().map_or(options, PasswordFile::connect_options);
        let pool = pool_options(size, PATIENCE).connect_with(options).await?;
        Ok(Self::Pool(Pool::new(pool, password, None)))
    }

    /// At most `size` connections to a copy of this PostgreSQL, none of them open yet: it may be down. Whoever gets none
    /// within `patience` gets one of the original. None where this is no PostgreSQL.
    pub(super) fn copied(
        &self,
        options: AnyConnectOptions,
        password: Option<PasswordFile>,
        (size, patience): (u32, Duration),
    ) -> Option<Self> {
        let Self::Pool(original) = self else { return None };
        let options = password.as_ref().map_or(options, PasswordFile::connect_options);
        let pool = pool_options(size, patience).connect_lazy_with(options);
        Some(Self::Pool(Pool::new(pool, password, Some(Box::new(original.clone())))))
    }

    /// At most `size` connections to a file of SQLite, the first of them open.
    pub(super) async fn kept(options: AnyConnectOptions, size: u32) -> Result<Self> {
        let kept = Kept {
            idle: Mutex::default(),
            places: Arc::new(Semaphore::new(usize::try_from(size).unwrap_or(1))),
            options,
            size,
            meter: PoolMeter::default(),
        };
        // Nodes that start together on a new file: one of them changes its journal, and the others come back.
        let begun = Instant::now();
        let first = loop {
            match kept.open().await {
                Err(error) if is_busy(&error) && begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                opened => break opened?,
            }
        };
        kept.put_back(first);
        Ok(Self::Kept(Arc::new(kept)))
    }

    /// How to open one more.
    pub(super) fn options(&self) -> AnyConnectOptions {
        match self {
            Self::Pool(pool) => (*pool.newest().connect_options()).clone(),
            Self::Kept(kept) => kept.options.clone(),
        }
    }

    /// The address of PostgreSQL with the password of now; none for SQLite.
    pub(super) fn postgres_url(&self) -> Option<String> {
        matches!(self, Self::Pool(_)).then(|| self.options().database_url.into())
    }

    /// A connection, in turn.
    ///
    /// # Errors
    /// [`sqlx::Error::PoolTimedOut`] when none comes free in time.
    pub(super) async fn get(&self) -> Result<Held> {
        let waiting = self.next().instrument(trace::step("wait for the database"));
        self.meter().time(waiting).await
    }

    /// Whether the database is gone, as far as those know who asked last. A file does not go away.
    pub(super) fn is_gone(&self) -> bool {
        match self {
            Self::Pool(pool) => pool.outage.is_gone(),
            Self::Kept(_) => false,
        }
    }

    /// How long the database was gone, when that was over a moment ago. A file does not go away.
    pub(super) fn lately_gone(&self) -> Duration {
        match self {
            Self::Pool(pool) => pool.outage.lately(),
            Self::Kept(_) => Duration::ZERO,
        }
    }

    /// What is known of the waits for these connections.
    pub(super) fn meter(&self) -> &PoolMeter {
        match self {
            Self::Pool(pool) => &pool.meter,
            Self::Kept(kept) => &kept.meter,
        }
    }

    /// How they are used at this moment.
    pub(super) fn uses(&self) -> PoolUse {
        match self {
            Self::Pool(Pool { pool, .. }) => {
                let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
                PoolUse { used: pool.size().saturating_sub(idle), most: pool.options().get_max_connections() }
            }
            Self::Kept(kept) => {
                let free = u32::try_from(kept.places.available_permits()).unwrap_or(u32::MAX);
                PoolUse { used: kept.size.saturating_sub(free), most: kept.size }
            }
        }
    }

    async fn next(&self) -> Result<Held> {
        match self {
            Self::Pool(pool) => Ok(Held(Holding::Pooled(pool.acquire().await?))),
            Self::Kept(kept) => {
                let turn = tokio::time::timeout(PATIENCE, kept.places.clone().acquire_owned());
                let place = turn.await.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
                let live = Some(kept.take().await?);
                Ok(Held(Holding::Kept { live, home: kept.clone(), _place: place }))
            }
        }
    }

    /// A connection of a copy itself, and none of its original.
    pub(super) async fn get_itself(&self) -> Result<Held> {
        match self {
            Self::Pool(pool) => Ok(Held(Holding::Pooled(pool.newest().acquire().await?))),
            Self::Kept(_) => self.get().await,
        }
    }

    /// Closes all connections, once they came back.
    pub(super) async fn close(&self) {
        match self {
            Self::Pool(pool) => pool.pool.close().await,
            Self::Kept(kept) => {
                let everybody = tokio::time::timeout(PATIENCE, kept.places.acquire_many(kept.size)).await;
                kept.places.close();
                drop(everybody);
                let idle = std::mem::take(&mut *kept.idle.lock().unwrap_or_else(PoisonError::into_inner));
                for live in idle {
                    if let Err(error) = live.connection.close().await {
                        tracing::warn!(%error, "a connection did not close");
                    }
                }
            }
        }
    }
}

impl Pool {
    fn new(pool: AnyPool, password: Option<PasswordFile>, instead: Option<Box<Self>>) -> Self {
        Self { pool, password: password.map(Arc::new), outage: Arc::default(), meter: Arc::default(), instead }
    }

    /// A connection, in turn; where a copy gives none, one of its original.
    async fn acquire(&self) -> Result<PoolConnection<Any>> {
        let Some(original) = &self.instead else { return self.own().await };
        // Nobody looks why a copy gives none: its pool is patient for a moment, and the watcher of the copy sees the rest.
        match self.newest().acquire().await {
            Err(error) => {
                tracing::warn!(%error, "the replica gives no connection; the database itself is read");
                original.own().await
            }
            got => got,
        }
    }

    async fn own(&self) -> Result<PoolConnection<Any>> {
        let (was_fine, asked_at) = (self.outage.is_over(), Instant::now());
        let mut asked = pin!(self.newest().acquire());
        if let Ok(acquired) = tokio::time::timeout(BRIEFLY, asked.as_mut()).await {
            return self.judged(acquired, asked_at);
        }
        let cause = self.outage.cause(&self.pool.connect_options(), asked_at).await;
        if !was_fine || is_unavailable(&cause) {
            return Err(cause);
        }
        // All are in use: whoever came before that was known waits on.
        let acquired = tokio::time::timeout(PATIENCE.saturating_sub(BRIEFLY), asked).await;
        self.judged(acquired.unwrap_or(Err(cause)), asked_at)
    }

    /// Begins a transaction.
    pub(super) async fn begin(&self) -> Result<sqlx::Transaction<'static, Any>> {
        let connection = self.acquire().await?;
        sqlx::Transaction::begin(connection, None).await
    }

    /// Remembers whether anybody gets a connection.
    fn judged(&self, asked: Result<PoolConnection<Any>>, at: Instant) -> Result<PoolConnection<Any>> {
        match &asked {
            Ok(_) => self.outage.end(),
            Err(error) if is_unavailable(error) => self.outage.begin(at),
            Err(_) => {}
        }
        asked
    }

    /// The pool, whose new connections come with the password of now.
    pub(super) fn newest(&self) -> &AnyPool {
        if let Some(password) = &self.password {
            password.renew(&self.pool);
        }
        &self.pool
    }
}

fn pool_options(size: u32, patience: Duration) -> AnyPoolOptions {
    AnyPoolOptions::new().max_connections(size).acquire_timeout(patience).after_connect(|connection, _| {
        Box::pin(async move {
            // Whoever waits longer for another's lock comes back; and a transaction of a node that
            // froze or lost its way does not hold all others.
            connection.execute("SET lock_timeout = '10s'").await?;
            connection.execute("SET idle_in_transaction_session_timeout = '30s'").await?;
            // Whoever asked has gone long before: a request has half of it.
            connection.execute("SET statement_timeout = '60s'").await?;
            Ok(())
        })
    })
}

impl Kept {
    async fn take(&self) -> Result<Live> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(live) if live.asked_at.elapsed() < TRUST => Ok(live),
            Some(mut live) => match live.connection.ping().await {
                Ok(()) => Ok(Live { asked_at: Instant::now(), ..live }),
                // Its thread ended, as after a rollback that failed.
                Err(_) => self.open().await,
            },
            None => self.open().await,
        }
    }

    async fn open(&self) -> Result<Live> {
        let mut connection = self.options.connect().await?;
        // FULL: what was acknowledged survives a power cut. Set for each connection, because only the
        // journal mode is remembered by the file.
        connection.execute("PRAGMA journal_mode = WAL").await?;
        connection.execute("PRAGMA synchronous = FULL").await?;
        // 16 MB of log before it is folded into the file: pages that every sign-in changes are then
        // written once instead of four times.
        connection.execute("PRAGMA wal_autocheckpoint = 4000").await?;
        // One MB of pages each: the system keeps the rest of the file in memory anyway.
        connection.execute("PRAGMA cache_size = -1000").await?;
        connection.execute("PRAGMA foreign_keys = ON").await?;
        connection.execute("PRAGMA busy_timeout = 5000").await?;
        Ok(Live { connection, asked_at: Instant::now() })
    }

    fn put_back(&self, live: Live) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(live);
    }
}

/// A connection in use; it goes back when it is dropped.
pub(super) struct Held(Holding);

enum Holding {
    Pooled(PoolConnection<Any>),
    // The place is freed after the connection is back: fields drop after `drop` of the whole.
    Kept { live: Option<Live>, home: Arc<Kept>, _place: OwnedSemaphorePermit },
}

impl Held {
    /// Lets it go for good: another one will be opened in its place.
    pub(super) fn discard(mut self) {
        if let Holding::Kept { live, .. } = &mut self.0 {
            *live = None;
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Holding::Kept { live, home, .. } = &mut self.0
            && let Some(live) = live.take()
        {
            home.put_back(live);
        }
    }
}

impl Deref for Held {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        match &self.0 {
            Holding::Pooled(connection) => connection,
            Holding::Kept { live, .. } => &live.as_ref().expect("taken by drop alone").connection,
        }
    }
}

impl DerefMut for Held {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        match &mut self.0 {
            Holding::Pooled(connection) => connection,
            Holding::Kept { live, .. } => &mut live.as_mut().expect("taken by drop alone").connection,
        }
    }
}
