//! Jobs that were promised by a clock that was ahead.

use super::{Result, Store};
use crate::Timestamp;
use crate::job::{CLAIM_SECONDS, LONGEST_DELAY_SECONDS};

impl Store {
    /// Makes jobs due that were promised later than now or wait longer than any job does, and ends claims that are longer than
    /// any claim is. Another node, whose clock was right, may lose a claim by it: then a mail arrives twice.
    pub async fn call_jobs_of_the_future(&self, now: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE jobs SET run_at = CASE WHEN created_at > $1 OR run_at > $2 THEN $1 ELSE run_at END, \
             claimed_until = CASE WHEN claimed_until > $3 THEN $3 ELSE claimed_until END \
             WHERE done_at IS NULL AND dead_at IS NULL AND (created_at > $1 OR run_at > $2 OR claimed_until > $3)",
        )
        .bind(now.0)
        .bind(now.plus_seconds(LONGEST_DELAY_SECONDS).0)
        .bind(now.plus_seconds(CLAIM_SECONDS).0)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }
}
