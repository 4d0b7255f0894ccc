//! Keys that sign access tokens, their private halves sealed.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::news::Topic;
use super::users::parsed;
use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::token::Algorithm;

/// A key as it is stored, without its private half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Its name: the `kid` of tokens.
    pub id: String,
    /// 1, 2, 3 …: of two keys the one made later has the higher number.
    pub sequence: i64,
    /// The one algorithm it is for.
    pub algorithm: Algorithm,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it begins to sign.
    pub signs_from: Timestamp,
    /// Since when it is refused, if it leaked.
    pub revoked_at: Option<Timestamp>,
}

/// A key to be stored.
pub struct NewKey {
    /// Its name.
    pub id: String,
    /// The number it is to have.
    pub sequence: i64,
    /// The one algorithm it is for.
    pub algorithm: Algorithm,
    /// Its private half, sealed.
    pub private_sealed: String,
}

impl FromRow<'_, AnyRow> for KeyRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            sequence: row.try_get("sequence")?,
            algorithm: parsed(row, "algorithm")?,
            created_at: Timestamp(row.try_get("created_at")?),
            signs_from: Timestamp(row.try_get("signs_from")?),
            revoked_at: row.try_get::<Option<i64>, _>("revoked_at")?.map(Timestamp),
        })
    }
}

impl Store {
    /// Every key that was not revoked and every shared secret, and of the rest those among the newest so
    /// many; the oldest first.
    pub async fn signing_keys(&self, newest: i64) -> Result<Vec<KeyRow>> {
        sqlx::query_as(
            "SELECT id, sequence, algorithm, created_at, signs_from, revoked_at FROM signing_keys \
             WHERE revoked_at IS NULL OR algorithm = 'HS256' \
             OR sequence > (SELECT MAX(newest.sequence) FROM signing_keys newest) - $1 ORDER BY sequence",
        )
        .bind(newest)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// The sealed private half of a key; none when there is no such key, or it was erased.
    pub async fn sealed_private_key(&self, id: &str) -> Result<Option<String>> {
        sqlx::query("SELECT private_sealed FROM signing_keys WHERE id = $1 AND private_sealed <> ''")
            .bind(id)
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("private_sealed"))
            .transpose()
    }

    /// The names of keys whose private half is still there.
    pub async fn keys_with_private_half(&self) -> Result<Vec<String>> {
        sqlx::query("SELECT id FROM signing_keys WHERE private_sealed <> ''")
            .fetch_all(&mut *self.read.get().await?)
            .await?
            .iter()
            .map(|row| row.try_get("id"))
            .collect()
    }

    /// Erases the private half of a key.
    pub async fn erase_private_key(&self, id: &str) -> Result<()> {
        sqlx::query("UPDATE signing_keys SET private_sealed = '' WHERE id = $1")
            .bind(id)
            .execute(&mut *self.write.get().await?)
            .await?;
        Ok(())
    }
}

impl Transaction {
    /// Stores a key unless one with its number is there: of nodes and operators that make the next
    /// key in the same moment one succeeds, and the others hear `false`.
    pub async fn insert_signing_key(&mut self, key: &NewKey, now: Timestamp, signs_from: Timestamp) -> Result<bool> {
        self.1.tell_others(Topic::Keys);
        let done = sqlx::query(
            "INSERT INTO signing_keys (id, sequence, algorithm, private_sealed, created_at, signs_from) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(key.id.as_str())
        .bind(key.sequence)
        .bind(key.algorithm.as_str())
        .bind(key.private_sealed.as_str())
        .bind(now.0)
        .bind(signs_from.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Lets a key sign earlier than planned.
    pub async fn hasten_signing_key(&mut self, id: &str, signs_from: Timestamp) -> Result<()> {
        self.1.tell_others(Topic::Keys);
        sqlx::query("UPDATE signing_keys SET signs_from = $2 WHERE id = $1 AND signs_from > $2")
            .bind(id)
            .bind(signs_from.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Revokes a key and erases its private half; `false` when it was revoked before.
    pub async fn revoke_signing_key(&mut self, id: &str, now: Timestamp) -> Result<bool> {
        self.1.tell_others(Topic::Keys);
        let done = sqlx::query(
            "UPDATE signing_keys SET revoked_at = $2, private_sealed = '' WHERE id = $1 AND revoked_at IS NULL",
        )
        .bind(id)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
