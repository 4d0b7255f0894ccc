//! Whose turn it is to do what one node does for all. Whoever takes a turn does the work; one that dies on the way has it
//! done by whoever takes the next.

use sqlx::Row;

use super::{Result, Store};
use crate::Timestamp;

impl Store {
    /// Takes the turn, unless somebody had it since `before`: of nodes that ask at once one hears `true`.
    pub(crate) async fn take_turn(&self, name: &str, now: Timestamp, before: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO turns (name, taken_at) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET taken_at = excluded.taken_at WHERE turns.taken_at <= $3",
        )
        .bind(name)
        .bind(now.0)
        .bind(before.0)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// When somebody last took it; none when nobody did.
    pub(crate) async fn turn_taken_at(&self, name: &str) -> Result<Option<Timestamp>> {
        sqlx::query("SELECT taken_at FROM turns WHERE name = $1")
            .bind(name)
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("taken_at").map(Timestamp))
            .transpose()
    }
}
