//! Risky acts that wait for a fresh proof of the person.

use sqlx::Row;

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::SessionId;

impl Transaction {
    /// Stores an act; the one that waited in this session before is forgotten.
    pub async fn replace_waiting_act(
        &mut self,
        session: &SessionId,
        digest: &str,
        payload_sealed: &str,
        expires_at: Timestamp,
    ) -> Result<()> {
        sqlx::query("DELETE FROM waiting_acts WHERE session_id = $1")
            .bind(session.as_str())
            .execute(&mut *self.0)
            .await?;
        sqlx::query(
            "INSERT INTO waiting_acts (digest, session_id, payload_sealed, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(digest)
        .bind(session.as_str())
        .bind(payload_sealed)
        .bind(expires_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Takes the act of a ticket, once: the sealed payload.
    pub async fn take_waiting_act(
        &mut self,
        session: &SessionId,
        digest: &str,
        now: Timestamp,
    ) -> Result<Option<String>> {
        sqlx::query(
            "UPDATE waiting_acts SET used_at = $3 WHERE digest = $2 AND session_id = $1 AND used_at IS NULL \
             AND expires_at > $3 RETURNING payload_sealed",
        )
        .bind(session.as_str())
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?
        .map(|row| row.try_get("payload_sealed"))
        .transpose()
    }
}

impl Store {
    /// The act of a ticket while it waits, sealed. Changes nothing.
    pub async fn waiting_act(&self, session: &SessionId, digest: &str, now: Timestamp) -> Result<Option<String>> {
        sqlx::query(
            "SELECT payload_sealed FROM waiting_acts WHERE digest = $2 AND session_id = $1 AND used_at IS NULL \
             AND expires_at > $3",
        )
        .bind(session.as_str())
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await?
        .map(|row| row.try_get("payload_sealed"))
        .transpose()
    }
}
