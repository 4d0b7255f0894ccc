//! Whose turn it is to do what one node does for all. Whoever takes a turn does the work; one that dies on the way has it
//! done by whoever takes the next.

use super::{Result, Store};
use crate::Timestamp;

/// How far clocks of nodes may differ.
const AHEAD_SECONDS: i64 = 3600;

impl Store {
    /// Takes the turn, unless somebody had it since `before`: of nodes that ask at once one hears `true`. A moment that is yet to
    /// come, as a clock that was ahead leaves it, holds nobody up.
    pub(crate) async fn take_turn(&self, name: &str, now: Timestamp, before: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO turns (name, taken_at) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET taken_at = excluded.taken_at WHERE turns.taken_at <= $3 \
             OR turns.taken_at > $4",
        )
        .bind(name)
        .bind(now.0)
        .bind(before.0)
        .bind(now.plus_seconds(AHEAD_SECONDS).0)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
