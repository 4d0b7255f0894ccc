//! The outbox as support sees it: what waits, what was sent in the last days, and what could not be delivered.

use sqlx::any::AnyRow;
use sqlx::{Any, FromRow, Row};

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::JobId;
use crate::paging::{Place, rows_to_ask};
use crate::view::MailState;

/// A job of the outbox. Its payload is still sealed.
pub struct QueuedJob {
    /// Its id.
    pub id: JobId,
    /// `mail` or `sms`.
    pub kind: String,
    /// What it needs, sealed; once it is done, what remains.
    pub payload_sealed: String,
    /// Tries so far.
    pub attempts: i64,
    /// When it was promised.
    pub created_at: Timestamp,
    /// When it is tried again.
    pub run_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
    /// Why it did not leave the last time.
    pub last_error: Option<String>,
}

impl FromRow<'_, AnyRow> for QueuedJob {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: JobId(row.try_get("id")?),
            kind: row.try_get("kind")?,
            payload_sealed: row.try_get("payload_sealed")?,
            attempts: row.try_get("attempts")?,
            created_at: Timestamp(row.try_get("created_at")?),
            run_at: Timestamp(row.try_get("run_at")?),
            done_at: row.try_get::<Option<i64>, _>("done_at")?.map(Timestamp),
            dead_at: row.try_get::<Option<i64>, _>("dead_at")?.map(Timestamp),
            last_error: row.try_get("last_error")?,
        })
    }
}

/// The columns of a job.
macro_rules! job_columns {
    () => {
        "id, kind, payload_sealed, attempts, created_at, run_at, done_at, dead_at, last_error"
    };
}

/// Jobs that follow a place.
macro_rules! jobs_after {
    ($which:literal) => {
        concat!(
            "SELECT ",
            job_columns!(),
            " FROM jobs WHERE (created_at, id) < ($1, $2)",
            $which,
            " ORDER BY created_at DESC, id DESC LIMIT $3"
        )
    };
}

impl Store {
    /// Jobs before `place`, the newest first; of one state where one is wanted.
    pub async fn queued_jobs(&self, state: Option<MailState>, place: &Place) -> Result<Vec<QueuedJob>> {
        let statement = match state {
            None => jobs_after!(""),
            Some(MailState::Waiting) => jobs_after!(" AND done_at IS NULL AND dead_at IS NULL"),
            Some(MailState::Sent) => jobs_after!(" AND done_at IS NOT NULL"),
            Some(MailState::Dead) => jobs_after!(" AND dead_at IS NOT NULL"),
        };
        sqlx::query_as::<Any, QueuedJob>(statement)
            .bind(place.at.0)
            .bind(place.id.as_str())
            .bind(rows_to_ask())
            .fetch_all(&mut *self.read.get().await?)
            .await
    }

    /// The last jobs to one recipient, the newest first.
    pub async fn jobs_to(&self, recipient_mac: &str, most: i64) -> Result<Vec<QueuedJob>> {
        sqlx::query_as(concat!(
            "SELECT ",
            job_columns!(),
            " FROM jobs WHERE recipient_mac = $1 ORDER BY created_at DESC, id DESC LIMIT $2"
        ))
        .bind(recipient_mac)
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Holds a job to the end of the transaction; none when there is no such job.
    pub async fn hold_job(&mut self, id: &JobId) -> Result<Option<QueuedJob>> {
        sqlx::query_as(concat!("UPDATE jobs SET kind = kind WHERE id = $1 RETURNING ", job_columns!()))
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await
    }

    /// Puts a job that waits or was given up back to the beginning; `false` when it was done, or is on its way.
    pub async fn renew_job(&mut self, id: &JobId, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE jobs SET attempts = 0, run_at = $2, dead_at = NULL, last_error = NULL \
             WHERE id = $1 AND done_at IS NULL AND claimed_until <= $2",
        )
        .bind(id.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets a job that waits or was given up; `false` when it was done, or is on its way.
    pub async fn drop_job(&mut self, id: &JobId, now: Timestamp) -> Result<bool> {
        let done = sqlx::query("DELETE FROM jobs WHERE id = $1 AND done_at IS NULL AND claimed_until <= $2")
            .bind(id.as_str())
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
