//! The outbox: work promised in the same transaction as the change it belongs to.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::JobId;

/// Where a job stands in the queue. The number is stored; the smaller one goes first.
#[derive(Clone, Copy)]
pub enum Priority {
    /// Where most jobs stand.
    Ordinary = 0,
    /// Behind all others.
    Last = 1,
}

/// A job to be stored.
pub struct NewJob<'a> {
    /// Its id.
    pub id: &'a JobId,
    /// What is to be done.
    pub kind: &'a str,
    /// Where it stands in the queue.
    pub priority: Priority,
    /// What it needs, sealed: mails carry links and codes.
    pub payload_sealed: &'a str,
    /// Keyed digest of whom it is about, to find it when they leave.
    pub recipient_mac: &'a str,
    /// The request that promised it; none where no request did.
    pub request_id: Option<&'a str>,
    /// Now.
    pub created_at: Timestamp,
}

/// A job that this worker holds until its claim ends.
pub struct ClaimedJob {
    /// Its id.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// What it needs, sealed.
    pub payload_sealed: String,
    /// Tries so far, this one included.
    pub attempts: i64,
    /// The request that promised it.
    pub request_id: Option<String>,
}

impl FromRow<'_, AnyRow> for ClaimedJob {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: JobId(row.try_get("id")?),
            kind: row.try_get("kind")?,
            payload_sealed: row.try_get("payload_sealed")?,
            attempts: row.try_get("attempts")?,
            request_id: row.try_get("request_id")?,
        })
    }
}

impl Transaction {
    /// Promises a job.
    pub async fn insert_job(&mut self, job: NewJob<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO jobs (id, kind, payload_sealed, attempts, created_at, run_at, claimed_until, recipient_mac, \
             priority, request_id) VALUES ($1, $2, $3, 0, $4, $4, 0, $5, $6, $7)",
        )
        .bind(job.id.as_str())
        .bind(job.kind)
        .bind(job.payload_sealed)
        .bind(job.created_at.0)
        .bind(job.recipient_mac)
        .bind(job.priority as i64)
        .bind(job.request_id)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Forgets the jobs about a person that were not done.
    pub async fn delete_waiting_mails(&mut self, recipient_mac: &str) -> Result<()> {
        sqlx::query("DELETE FROM jobs WHERE recipient_mac = $1").bind(recipient_mac).execute(&mut *self.0).await?;
        Ok(())
    }
}

impl Store {
    /// Claims due jobs until `until`, in the order of the queue and not beyond `up_to`. The outer
    /// condition repeats the inner one, because PostgreSQL judges it again when another worker was
    /// faster.
    pub async fn claim_jobs(
        &self,
        up_to: Priority,
        now: Timestamp,
        until: Timestamp,
        most: i64,
    ) -> Result<Vec<ClaimedJob>> {
        sqlx::query_as(
            "UPDATE jobs SET claimed_until = $2, attempts = attempts + 1 WHERE id IN (SELECT id FROM jobs \
             WHERE done_at IS NULL AND dead_at IS NULL AND priority <= $4 AND run_at <= $1 AND claimed_until <= $1 \
             ORDER BY priority, run_at LIMIT $3) AND claimed_until <= $1 AND done_at IS NULL \
             RETURNING id, kind, payload_sealed, attempts, request_id",
        )
        .bind(now.0)
        .bind(until.0)
        .bind(most)
        .bind(up_to as i64)
        .fetch_all(&mut *self.write.get().await?)
        .await
    }

    /// Whether a job is due; cheaper than claiming, because it writes nothing.
    pub async fn has_due_jobs(&self, up_to: Priority, now: Timestamp) -> Result<bool> {
        let row = sqlx::query(
            "SELECT id FROM jobs WHERE done_at IS NULL AND dead_at IS NULL AND priority <= $2 AND run_at <= $1 \
             AND claimed_until <= $1 LIMIT 1",
        )
        .bind(now.0)
        .bind(up_to as i64)
        .fetch_optional(&mut *self.read.get().await?)
        .await?;
        Ok(row.is_some())
    }

    /// Marks a job as done. Its payload is forgotten; what support may know of it takes its place.
    pub async fn finish_job(&self, id: &JobId, remains_sealed: &str, now: Timestamp) -> Result<()> {
        sqlx::query("UPDATE jobs SET done_at = $2, payload_sealed = $3, last_error = NULL WHERE id = $1")
            .bind(id.as_str())
            .bind(now.0)
            .bind(remains_sealed)
            .execute(&mut *self.write.get().await?)
            .await?;
        Ok(())
    }

    /// Puts a failed job back until `run_at`, or on the dead-letter list when there is no next time.
    pub async fn fail_job(&self, id: &JobId, error: &str, run_at: Option<Timestamp>, now: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE jobs SET last_error = $2, claimed_until = 0, run_at = COALESCE($3, run_at), dead_at = $4 \
             WHERE id = $1",
        )
        .bind(id.as_str())
        .bind(error)
        .bind(run_at.map(|at| at.0))
        .bind(if run_at.is_none() { Some(now.0) } else { None })
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }
}
