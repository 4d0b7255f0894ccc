//! A copy of PostgreSQL that lists are read from, as long as it is close behind. What decides who may do what is never read
//! there: a session that ended, a role that was taken must be over at once.
//!
//! How far it is behind is seen from a row that one node writes each second in the original: however the copy is made, and
//! whatever holds it up.

use anyhow::ensure;
use sqlx::Row as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::connections::Connections;
use super::{DatabaseSettings, ReplicaSettings, Result, Store};
use crate::Timestamp;

/// The row that is written.
const BEAT: &str = "replica_beat";
/// Milliseconds between two beats; a little less than between two looks.
const INTERVAL: i64 = 900;
/// Connections to it.
const SIZE: u32 = 8;
/// How long one is waited for before the original is asked instead.
const PATIENCE: Duration = Duration::from_secs(2);

/// The copy, and whether it may be read.
pub(super) struct Replica {
    connections: Connections,
    most_lag: i64,
    is_close: AtomicBool,
}

/// How a copy was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nearness {
    /// So many milliseconds behind, and read.
    Close(i64),
    /// Too far behind, or no copy of this database.
    Far,
    /// It does not answer.
    Silent,
}

impl Replica {
    /// Nothing is asked yet, so nothing is read there.
    pub(super) fn of(
        original: &Connections,
        settings: &ReplicaSettings,
        database: &DatabaseSettings,
    ) -> anyhow::Result<Self> {
        let copy = DatabaseSettings { url: settings.url.clone(), ..database.clone() };
        let options = copy.options()?;
        ensure!(options.database_url.scheme().starts_with("postgres"), "a replica is a PostgreSQL");
        let has_password = options.database_url.password().is_some();
        let password = if has_password { None } else { copy.password(&options)? };
        let connections = original.copied(options, password, (SIZE, PATIENCE));
        let connections = connections.ok_or_else(|| anyhow::anyhow!("only PostgreSQL has replicas"))?;
        Ok(Self { connections, most_lag: settings.most_lag.saturating_mul(1000), is_close: AtomicBool::new(false) })
    }

    /// To it, or to the original when it gives none.
    pub(super) fn connections(&self) -> &Connections {
        &self.connections
    }

    pub(super) async fn close(&self) {
        self.connections.close().await;
    }
}

impl Store {
    /// Whether there is a copy that lists may be read from.
    pub(crate) fn has_replica(&self) -> bool {
        self.replica.is_some()
    }

    /// The store that lists are read from: the copy while it is close behind, else this one. Whatever is written goes to
    /// the original.
    pub(crate) fn for_lists(&self) -> Self {
        match &self.replica {
            Some(replica) if replica.is_close.load(Ordering::Acquire) => {
                Self { read: replica.connections.clone(), ..self.clone() }
            }
            _ => self.clone(),
        }
    }

    /// Looks how far the copy is behind, and lets lists be read there or not. Of all nodes one beats.
    pub(crate) async fn look_at_replica(&self, now: Timestamp) -> Result<Nearness> {
        let Some(replica) = &self.replica else { return Ok(Nearness::Far) };
        let nearness = match self.take_turn(BEAT, now, Timestamp(now.0 - INTERVAL)).await {
            Ok(_) => replica.nearness(now).await,
            Err(error) => {
                replica.is_close.store(false, Ordering::Release);
                return Err(error);
            }
        };
        replica.is_close.store(matches!(nearness, Nearness::Close(_)), Ordering::Release);
        Ok(nearness)
    }
}

impl Replica {
    async fn nearness(&self, now: Timestamp) -> Nearness {
        match tokio::time::timeout(PATIENCE, self.beaten_at()).await {
            // A moment of a clock that was set back since tells nothing: no beat is written until this one gets there.
            Ok(Ok(Some(at))) if (now.0 - at).abs() <= self.most_lag => Nearness::Close((now.0 - at).max(0)),
            Ok(Ok(_)) => Nearness::Far,
            Ok(Err(_)) | Err(_) => Nearness::Silent,
        }
    }

    /// The last beat that arrived there.
    async fn beaten_at(&self) -> Result<Option<i64>> {
        sqlx::query("SELECT taken_at FROM turns WHERE name = $1")
            .bind(BEAT)
            .fetch_optional(&mut *self.connections.get_itself().await?)
            .await?
            .map(|row| row.try_get("taken_at"))
            .transpose()
    }
}
