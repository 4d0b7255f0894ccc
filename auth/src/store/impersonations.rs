//! Sessions in which an administrator acts in the place of their person.

use sqlx::Row;

use super::news::Topic;
use super::{ImpersonationRow, Result, Transaction};
use crate::Timestamp;
use crate::id::{SessionId, UserId};

impl Transaction {
    /// Notes who acts in a session that this transaction made.
    pub async fn note_impersonation(&mut self, session: &SessionId, by: &ImpersonationRow) -> Result<()> {
        sqlx::query(
            "UPDATE sessions SET impersonator_id = $2, impersonator_session = $3, impersonation_writes = $4 WHERE id = $1",
        )
        .bind(session.as_str())
        .bind(by.impersonator.as_str())
        .bind(by.own_session.as_str())
        .bind(i64::from(by.writes))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Ends every session in which this administrator acts in another's place; gives them with their persons.
    pub async fn end_impersonations_by(
        &mut self,
        impersonator: &UserId,
        now: Timestamp,
    ) -> Result<Vec<(SessionId, UserId)>> {
        self.1.tell_others(Topic::Revocations);
        sqlx::query(
            "UPDATE sessions SET ended_at = $2, end_reason = 'impersonation_ended' WHERE impersonator_id = $1 \
             AND ended_at IS NULL AND expires_at > $2 RETURNING id, user_id",
        )
        .bind(impersonator.as_str())
        .bind(now.0)
        .fetch_all(&mut *self.0)
        .await?
        .iter()
        .map(|row| Ok((SessionId(row.try_get("id")?), UserId(row.try_get("user_id")?))))
        .collect()
    }
}
