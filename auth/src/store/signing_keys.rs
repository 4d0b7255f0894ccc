//! Keys that sign access tokens, sealed.

use sqlx::Row;

use super::{Result, Store, Transaction};
use crate::Timestamp;

/// A key as it is stored.
pub struct SealedKey {
    /// RFC 7638 thumbprint.
    pub id: String,
    /// The private key, sealed.
    pub private_sealed: String,
}

impl Store {
    /// All keys, oldest first.
    pub async fn signing_keys(&self) -> Result<Vec<SealedKey>> {
        sqlx::query("SELECT id, private_sealed FROM signing_keys ORDER BY sequence")
            .fetch_all(&mut *self.read.get().await?)
            .await?
            .iter()
            .map(|row| Ok(SealedKey { id: row.try_get("id")?, private_sealed: row.try_get("private_sealed")? }))
            .collect()
    }
}

impl Transaction {
    /// Stores a key unless there is one already: two nodes that start together agree on the first.
    pub async fn insert_first_signing_key(&mut self, key: &SealedKey, algorithm: &str, now: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO signing_keys (id, sequence, algorithm, private_sealed, created_at) \
             VALUES ($1, 1, $2, $3, $4) ON CONFLICT (sequence) DO NOTHING",
        )
        .bind(key.id.as_str())
        .bind(algorithm)
        .bind(key.private_sealed.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
