//! Deleting what nobody needs any more, in bites that never hold the writer for long.

use super::{Result, Store};
use crate::Timestamp;

impl Store {
    /// Forgets sign-ups that ended before `before`, with the hashes of their passwords.
    pub async fn delete_old_sign_ups(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM sign_ups WHERE id IN (SELECT id FROM sign_ups WHERE expires_at < $1 ORDER BY id LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets jobs that were done before `before`. What could not be done stays for an operator.
    pub async fn delete_done_jobs(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE done_at < $1 ORDER BY id LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets tokens issued before `before`, except the newest of each family.
    pub async fn delete_old_refresh_tokens(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM refresh_tokens WHERE digest IN (SELECT t.digest FROM refresh_tokens t \
             WHERE t.issued_at < $1 AND t.generation < \
             (SELECT MAX(m.generation) FROM refresh_tokens m WHERE m.session_id = t.session_id) \
             ORDER BY t.digest LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets mails of the development inbox.
    pub async fn delete_old_dev_mails(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM dev_inbox WHERE id IN (SELECT id FROM dev_inbox WHERE sent_at < $1 ORDER BY id LIMIT $2)",
            before,
            most,
        )
        .await
    }

    async fn delete(&self, statement: &'static str, before: Timestamp, most: i64) -> Result<u64> {
        Ok(sqlx::query(statement).bind(before.0).bind(most).execute(&self.write).await?.rows_affected())
    }
}
