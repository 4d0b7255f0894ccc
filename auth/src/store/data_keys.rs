//! The keys of digests, sealed under the master key.

use sqlx::Row;

use super::{Result, Store, Transaction};

impl Store {
    /// Each with what it is for.
    pub async fn data_keys(&self) -> Result<Vec<(String, String)>> {
        sqlx::query("SELECT id, key_sealed FROM data_keys")
            .fetch_all(&mut *self.read.get().await?)
            .await?
            .iter()
            .map(|row| Ok((row.try_get("id")?, row.try_get("key_sealed")?)))
            .collect()
    }

    /// The sealed private half of the newest signing key that has one; none: the database was never used.
    pub async fn newest_private_half(&self) -> Result<Option<String>> {
        sqlx::query("SELECT private_sealed FROM signing_keys WHERE private_sealed <> '' ORDER BY sequence DESC LIMIT 1")
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("private_sealed"))
            .transpose()
    }
}

impl Transaction {
    /// Keeps a key; `false` when there is one for this.
    pub async fn insert_data_key(&mut self, id: &str, key_sealed: &str) -> Result<bool> {
        let done = sqlx::query("INSERT INTO data_keys (id, key_sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(id)
            .bind(key_sealed)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
