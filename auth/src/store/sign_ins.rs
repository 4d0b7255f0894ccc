//! What a sign-in asks of the account it enters.

use sqlx::Row;

use super::{Result, Transaction};
use crate::id::UserId;
use crate::{EventKind, Timestamp};

/// Who enters an account, and by what.
pub struct Entry<'a> {
    /// The account.
    pub user_id: &'a UserId,
    /// The hash that the password was verified against; none for an account without a password.
    pub verified: Option<&'a str>,
    /// The same, or one of today's cost.
    pub password_hash: Option<&'a str>,
    /// Browser and system in words.
    pub device: &'a str,
    /// A device that no session used since then is new.
    pub device_since: Timestamp,
}

impl Transaction {
    /// Holds the account to the end of the transaction, and says whether the device is new to it: none
    /// of its sessions used it, and it has had a session before. None when the hash is another one by
    /// now. One statement: each visit to the thread of SQLite costs more than what is asked there.
    pub async fn hold_for_entry(&mut self, entry: Entry<'_>) -> Result<Option<bool>> {
        sqlx::query(
            "UPDATE users SET password_hash = NULLIF($3, '') WHERE id = $1 AND COALESCE(password_hash, '') = $2 \
             RETURNING CAST(CASE \
             WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = $1 AND s.device = $4 AND s.created_at > $5) THEN 0 \
             WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = $1) THEN 1 \
             WHEN EXISTS (SELECT e.id FROM audit_events e \
             WHERE e.user_id = $1 AND e.topic = $6 AND e.kind = $7) THEN 1 \
             ELSE 0 END AS BIGINT) AS is_new",
        )
        .bind(entry.user_id.as_str())
        .bind(entry.verified.unwrap_or_default())
        .bind(entry.password_hash.unwrap_or_default())
        .bind(entry.device)
        .bind(entry.device_since.0)
        .bind(EventKind::SessionStarted.filter().as_str())
        .bind(EventKind::SessionStarted.as_str())
        .fetch_optional(&mut *self.0)
        .await?
        .map(|row| Ok(row.try_get::<i64, _>("is_new")? == 1))
        .transpose()
    }
}
