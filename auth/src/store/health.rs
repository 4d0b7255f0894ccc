//! How the database and the outbox are, for operators.

use sqlx::Row;

use super::connections::Connections;
use super::{MIGRATIONS, Result, Store};
use crate::Timestamp;

/// Jobs of one kind that wait.
pub struct WaitingJobs {
    /// What is to be done.
    pub kind: String,
    /// How many wait, those that failed and are tried again included.
    pub waiting: i64,
    /// How many of them are overdue.
    pub due: i64,
    /// When the eldest of them was promised.
    pub oldest_at: Timestamp,
}

impl Store {
    /// Whether it is SQLite; else it is PostgreSQL.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.read, Connections::Kept(_))
    }

    /// Bytes that the database takes on its disk.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn size(&self) -> Result<i64> {
        let statement = if self.is_sqlite() {
            "SELECT CAST(c.page_count * s.page_size AS BIGINT) AS size FROM pragma_page_count() c, pragma_page_size() s"
        } else {
            "SELECT CAST(pg_database_size(current_database()) AS BIGINT) AS size"
        };
        sqlx::query(statement).fetch_one(&mut *self.read.get().await?).await?.try_get("size")
    }

    /// What time it is on the machine of the database.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn time(&self) -> Result<Timestamp> {
        let statement = if self.is_sqlite() {
            "SELECT CAST(unixepoch('subsec') * 1000 AS BIGINT) AS moment"
        } else {
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS moment"
        };
        let row = sqlx::query(statement).fetch_one(&mut *self.read.get().await?).await?;
        Ok(Timestamp(row.try_get("moment")?))
    }

    /// Migrations that were applied, and those that this program knows.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn migrations(&self) -> Result<(i64, i64)> {
        let row = sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) AS applied FROM _sqlx_migrations")
            .fetch_one(&mut *self.read.get().await?)
            .await?;
        let known = i64::try_from(MIGRATIONS.iter().count()).unwrap_or(i64::MAX);
        Ok((row.try_get("applied")?, known))
    }

    /// Jobs that wait, by kind.
    pub async fn waiting_jobs(&self, now: Timestamp) -> Result<Vec<WaitingJobs>> {
        sqlx::query(
            "SELECT kind, CAST(COUNT(*) AS BIGINT) AS waiting, \
             CAST(SUM(CASE WHEN run_at <= $1 THEN 1 ELSE 0 END) AS BIGINT) AS due, \
             CAST(MIN(created_at) AS BIGINT) AS oldest_at \
             FROM jobs WHERE done_at IS NULL AND dead_at IS NULL GROUP BY kind ORDER BY kind",
        )
        .bind(now.0)
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| {
            Ok(WaitingJobs {
                kind: row.try_get("kind")?,
                waiting: row.try_get("waiting")?,
                due: row.try_get("due")?,
                oldest_at: Timestamp(row.try_get("oldest_at")?),
            })
        })
        .collect()
    }

    /// Jobs that were given up.
    pub async fn dead_jobs(&self) -> Result<i64> {
        sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) AS dead FROM jobs WHERE dead_at IS NOT NULL")
            .fetch_one(&mut *self.read.get().await?)
            .await?
            .try_get("dead")
    }
}
