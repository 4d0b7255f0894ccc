//! The names of the master keys that something is sealed under.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Connection as _, FromRow, Row};

use super::waiting_migrations::if_there;
use super::{DatabaseSettings, Result, Store, Transaction};
use crate::Timestamp;

/// A master key as the store knows it: its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MasterKeyRow {
    /// What it is called.
    pub id: String,
    /// When a node first sealed with it.
    pub first_used_at: Timestamp,
    /// When a node last told that it does.
    pub last_used_at: Timestamp,
    /// Since when nothing is sealed under it; none: it is needed.
    pub retired_at: Option<Timestamp>,
}

impl FromRow<'_, AnyRow> for MasterKeyRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            first_used_at: Timestamp(row.try_get("first_used_at")?),
            last_used_at: Timestamp(row.try_get("last_used_at")?),
            retired_at: row.try_get::<Option<i64>, _>("retired_at")?.map(Timestamp),
        })
    }
}

/// Tells that a key seals. One that was retired is needed again.
const NOTE: &str = "INSERT INTO master_keys (id, first_used_at, last_used_at) VALUES ($1, $2, $2) \
     ON CONFLICT (id) DO UPDATE SET last_used_at = CASE WHEN master_keys.last_used_at > excluded.last_used_at \
     THEN master_keys.last_used_at ELSE excluded.last_used_at END, retired_at = NULL";

/// What is sealed where nobody writes the names of keys down yet.
const NEWEST_PRIVATE_HALF: &str = "SELECT private_sealed FROM signing_keys WHERE private_sealed <> '' \
     ORDER BY sequence DESC LIMIT 1";

/// The names of keys that no node starts without, and of a database of before those a sealed value. Tables may lack.
async fn needed(connection: &mut AnyConnection) -> Result<(Vec<String>, Option<String>)> {
    let names = sqlx::query("SELECT id FROM master_keys WHERE retired_at IS NULL");
    let names = if_there(names.fetch_all(&mut *connection).await)?;
    if !names.is_empty() {
        return Ok((names.iter().map(|row| row.try_get("id")).collect::<Result<Vec<String>>>()?, None));
    }
    let halves = if_there(sqlx::query(NEWEST_PRIVATE_HALF).fetch_all(connection).await)?;
    Ok((Vec::new(), halves.first().map(|row| row.try_get("private_sealed")).transpose()?))
}

impl Store {
    /// The names of the master keys that a database needs, and instead of them a sealed value of one that writes no names down yet;
    /// neither: it was never used. Nothing is changed, and its tables may be older than this program.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn needed_master_keys(settings: &DatabaseSettings) -> anyhow::Result<(Vec<String>, Option<String>)> {
        let mut connection = settings.connect().await?;
        let needed = needed(&mut connection).await;
        connection.close().await?;
        Ok(needed?)
    }

    /// Every master key, the oldest first.
    pub async fn master_keys(&self) -> Result<Vec<MasterKeyRow>> {
        sqlx::query_as("SELECT id, first_used_at, last_used_at, retired_at FROM master_keys ORDER BY first_used_at, id")
            .fetch_all(&mut *self.read.get().await?)
            .await
    }

    /// Tells that a node seals with a key now.
    pub async fn note_master_key(&self, id: &str, now: Timestamp) -> Result<()> {
        sqlx::query(NOTE).bind(id).bind(now.0).execute(&mut *self.write.get().await?).await?;
        Ok(())
    }
}

impl Transaction {
    /// The same, as part of a transaction.
    pub async fn note_master_key(&mut self, id: &str, now: Timestamp) -> Result<()> {
        sqlx::query(NOTE).bind(id).bind(now.0).execute(&mut *self.0).await?;
        Ok(())
    }

    /// Retires a key that no node told of since `quiet_since`; `false` when one did, or it was retired before.
    pub async fn retire_master_key(&mut self, id: &str, quiet_since: Timestamp, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE master_keys SET retired_at = $3 WHERE id = $1 AND retired_at IS NULL AND last_used_at < $2",
        )
        .bind(id)
        .bind(quiet_since.0)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
