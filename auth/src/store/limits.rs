//! Buckets of tries, counted for all nodes together, and proofs of work that were used.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::limit::{BucketState, Rule};

/// One more try; no row while none is looked at. What it says is said in words in `limit/rule.rs`.
const COUNT: &str = "INSERT INTO limits (bucket, recovered_at, delay, blocked_until) VALUES ($1, $3, 0, 0) \
     ON CONFLICT (bucket) DO UPDATE SET \
     recovered_at = CASE WHEN limits.recovered_at <= $2 THEN $3 \
     WHEN limits.recovered_at + $4 > $5 THEN $5 ELSE limits.recovered_at + $4 END, \
     delay = CASE WHEN limits.recovered_at <= $2 THEN 0 WHEN limits.recovered_at <= $6 THEN limits.delay \
     WHEN limits.delay = 0 THEN $7 WHEN limits.delay * 2 > $8 THEN $8 ELSE limits.delay * 2 END, \
     blocked_until = CASE WHEN limits.recovered_at <= $6 THEN limits.blocked_until \
     WHEN limits.delay = 0 THEN $9 WHEN limits.delay * 2 > $8 THEN $10 ELSE limits.delay * 2 + $2 END \
     WHERE limits.blocked_until <= $2 OR limits.blocked_until > $11 RETURNING recovered_at, delay, blocked_until";

fn state(row: &AnyRow) -> Result<BucketState> {
    Ok(BucketState {
        recovered_at: row.try_get("recovered_at")?,
        delay: row.try_get("delay")?,
        blocked_until: row.try_get("blocked_until")?,
    })
}

impl Store {
    /// How buckets stand that have a row: four at most are asked for.
    pub async fn limit_states(&self, buckets: &[&str]) -> Result<Vec<(String, BucketState)>> {
        let place = |at: usize| buckets.get(at).or(buckets.first()).copied().unwrap_or_default();
        sqlx::query("SELECT bucket, recovered_at, delay, blocked_until FROM limits WHERE bucket IN ($1, $2, $3, $4)")
            .bind(place(0))
            .bind(place(1))
            .bind(place(2))
            .bind(place(3))
            .fetch_all(&mut *self.read.get().await?)
            .await?
            .iter()
            .map(|row| Ok((row.try_get("bucket")?, state(row)?)))
            .collect()
    }

    /// Notes that a proof of work was used; `false` when it had been used before.
    pub async fn spend_challenge(&self, digest: &str, expires_at: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO spent_challenges (digest, expires_at) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING",
        )
        .bind(digest)
        .bind(expires_at.0)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}

impl Transaction {
    /// Counts one more try in a bucket and gives how it stands then; none while none is looked at. Of two at the same
    /// moment the second is judged after the first.
    pub async fn count_limit(&mut self, bucket: &str, rule: &Rule, now: Timestamp) -> Result<Option<BucketState>> {
        sqlx::query(COUNT)
            .bind(bucket)
            .bind(now.0)
            .bind(now.0 + rule.recovers)
            .bind(rule.recovers)
            .bind(rule.top(now))
            .bind(rule.brim(now))
            .bind(rule.first_delay)
            .bind(rule.longest_delay)
            .bind(now.0 + rule.first_delay)
            .bind(now.0 + rule.longest_delay)
            .bind(rule.latest(now))
            .fetch_optional(&mut *self.0)
            .await?
            .as_ref()
            .map(state)
            .transpose()
    }
}
