//! What happened, for people who must find out later.

use super::{Result, Transaction};
use crate::id::{SessionId, UserId};
use crate::{EventKind, Timestamp};

/// One line of the audit log.
pub struct AuditEvent<'a> {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// Whose account.
    pub user_id: Option<&'a UserId>,
    /// Which session.
    pub session_id: Option<&'a SessionId>,
    /// From where.
    pub address: &'a str,
    /// With what.
    pub device: &'a str,
    /// The request, to find it in the logs.
    pub request_id: &'a str,
}

impl Transaction {
    /// Adds a line.
    pub async fn insert_audit_event(&mut self, event: AuditEvent<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO audit_events (id, at, kind, user_id, session_id, address, device, request_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(event.id)
        .bind(event.at.0)
        .bind(event.kind.as_str())
        .bind(event.user_id.map(UserId::as_str))
        .bind(event.session_id.map(SessionId::as_str))
        .bind(event.address)
        .bind(event.device)
        .bind(event.request_id)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
