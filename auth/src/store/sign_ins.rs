//! What a sign-in asks of the account it enters.

use sqlx::Row;
use std::sync::LazyLock;

use super::audit::INSERT_EVENT;
use super::refresh_tokens::INSERT_FIRST_TOKEN;
use super::sessions::INSERT_SESSION;
use super::transaction::{BEGIN, COMMIT, OpenTransaction, joined};
use super::{AuditEvent, NewSession, Result, Statement, Store, Transaction};
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

/// What a way in leaves behind.
pub struct NewFamily<'a> {
    /// The session.
    pub session: NewSession<'a>,
    /// The digest of its first refresh token.
    pub token_digest: &'a str,
    /// The line of the audit log.
    pub event: AuditEvent<'a>,
}

const HOLD: &str = "UPDATE users SET password_hash = NULLIF($3, '') WHERE id = $1 AND COALESCE(password_hash, '') = $2 \
     RETURNING CAST(CASE \
     WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = $1 AND s.device = $4 AND s.created_at > $5) THEN 0 \
     WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = $1) THEN 1 \
     WHEN EXISTS (SELECT e.id FROM audit_events e \
     WHERE e.user_id = $1 AND e.topic = $6 AND e.kind = $7) THEN 1 \
     ELSE 0 END AS BIGINT) AS is_new";

/// On SQLite each visit to its thread costs more than what is asked there, so a way in makes two:
/// these texts.
static BEGIN_AND_HOLD: LazyLock<String> = LazyLock::new(|| joined(&[BEGIN, HOLD]));
static INSERT_AND_COMMIT: LazyLock<String> =
    LazyLock::new(|| joined(&[INSERT_SESSION, INSERT_FIRST_TOKEN, INSERT_EVENT, COMMIT]));

impl Store {
    /// Begins a transaction that holds the account to its end, and says whether the device is new to
    /// it: none of its sessions used it, and it has had a session before. None when the hash is
    /// another one by now.
    pub async fn begin_entry(&self, entry: Entry<'_>) -> Result<Option<(Transaction, bool)>> {
        let mut transaction = OpenTransaction::about_to_begin(&self.write).await?;
        let statement = if transaction.takes_several_at_once() { BEGIN_AND_HOLD.as_str() } else { HOLD };
        let held = sqlx::query(statement)
            .bind(entry.user_id.as_str())
            .bind(entry.verified.unwrap_or_default())
            .bind(entry.password_hash.unwrap_or_default())
            .bind(entry.device)
            .bind(entry.device_since.0)
            .bind(EventKind::SessionStarted.filter().as_str())
            .bind(EventKind::SessionStarted.as_str())
            .fetch_all(&mut *transaction)
            .await?;
        let Some(row) = held.first() else {
            // Before anything else asks for the one connection that writes to SQLite.
            transaction.rollback().await?;
            return Ok(None);
        };
        let is_new = row.try_get::<i64, _>("is_new")? == 1;
        Ok(Some((Transaction(transaction), is_new)))
    }
}

impl NewFamily<'_> {
    fn bind_token<'q>(&self, statement: Statement<'q>) -> Statement<'q> {
        statement.bind(self.token_digest).bind(self.session.id.as_str()).bind(self.session.created_at.0)
    }
}

impl Transaction {
    /// Stores a session with its first token and its line in the audit log, and commits.
    pub async fn commit_entry(mut self, family: NewFamily<'_>) -> Result<()> {
        let NewFamily { session, event, .. } = &family;
        if self.0.takes_several_at_once() {
            let everything = session.bind(sqlx::query(INSERT_AND_COMMIT.as_str()));
            event.bind(family.bind_token(everything)).execute(&mut *self.0).await?;
            self.0.was_committed();
            return Ok(());
        }
        session.bind(sqlx::query(INSERT_SESSION)).execute(&mut *self.0).await?;
        family.bind_token(sqlx::query(INSERT_FIRST_TOKEN)).execute(&mut *self.0).await?;
        event.bind(sqlx::query(INSERT_EVENT)).execute(&mut *self.0).await?;
        self.0.commit().await
    }
}
