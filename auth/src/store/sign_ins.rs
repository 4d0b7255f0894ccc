//! What a sign-in asks of the account it enters.

use sqlx::{FromRow, Row};

use super::audit::INSERT_EVENT;
use super::refresh_tokens::INSERT_FIRST_TOKEN;
use super::sessions::INSERT_SESSION;
use super::users::user_columns;
use super::{AuditEvent, NewSession, Result, Statement, Store, Transaction, UserRow};
use crate::id::UserId;
use crate::{Email, EventKind, Timestamp};

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
    /// Whether a factor was proved, is asked for, or the device is trusted: otherwise the account must have none.
    pub passes_factors: bool,
    /// Now: an account that is suspended lets nobody in.
    pub now: Timestamp,
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
     AND (factors = '' OR CAST($8 AS BIGINT) = 1) AND suspended_until <= $9 RETURNING CAST(CASE \
     WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = $1 AND s.device = $4 AND s.created_at > $5 \
     AND s.impersonator_id IS NULL) THEN 0 \
     WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = $1 AND s.impersonator_id IS NULL) THEN 1 \
     WHEN EXISTS (SELECT e.id FROM audit_events e \
     WHERE e.user_id = $1 AND e.topic = $6 AND e.kind = $7) THEN 1 \
     ELSE 0 END AS BIGINT) AS is_new";

impl Store {
    /// The account with this proved address, and whether one of its sessions used the device since
    /// `device_since`.
    pub async fn account_at_the_door(
        &self,
        email: &Email,
        device: &str,
        device_since: Timestamp,
    ) -> Result<Option<(UserRow, bool)>> {
        let row = sqlx::query(concat!(
            "SELECT ",
            user_columns!(),
            ", CAST(CASE WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = users.id AND s.device = $2 \
             AND s.created_at > $3 AND s.impersonator_id IS NULL) THEN 1 ELSE 0 END AS BIGINT) AS knows_device \
             FROM users WHERE email = $1"
        ))
        .bind(email.as_str())
        .bind(device)
        .bind(device_since.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await?;
        row.map(|row| Ok((UserRow::from_row(&row)?, row.try_get::<i64, _>("knows_device")? == 1))).transpose()
    }
}

impl NewFamily<'_> {
    /// Binds what [`INSERT_SESSION`], [`INSERT_FIRST_TOKEN`] and [`INSERT_EVENT`] need, in this order.
    pub(super) fn bind<'q>(&self, statement: Statement<'q>) -> Statement<'q> {
        self.event.bind(self.bind_token(self.session.bind(statement)))
    }

    fn bind_token<'q>(&self, statement: Statement<'q>) -> Statement<'q> {
        statement.bind(self.token_digest).bind(self.session.id.as_str()).bind(self.session.created_at.0)
    }
}

impl Transaction {
    /// Holds the account to the end of the transaction, and says whether the device is new to it: none
    /// of its sessions used it, and it has had a session before. Those in which somebody else acted do not
    /// count. None when the hash is another one by now, the account has a factor by now that nobody asked
    /// for, or it is suspended.
    pub async fn hold_for_entry(&mut self, entry: Entry<'_>) -> Result<Option<bool>> {
        sqlx::query(HOLD)
            .bind(entry.user_id.as_str())
            .bind(entry.verified.unwrap_or_default())
            .bind(entry.password_hash.unwrap_or_default())
            .bind(entry.device)
            .bind(entry.device_since.0)
            .bind(EventKind::SessionStarted.filter().as_str())
            .bind(EventKind::SessionStarted.as_str())
            .bind(i64::from(entry.passes_factors))
            .bind(entry.now.0)
            .fetch_optional(&mut *self.0)
            .await?
            .map(|row| Ok(row.try_get::<i64, _>("is_new")? == 1))
            .transpose()
    }

    /// Stores a session with its first token and its line in the audit log.
    pub async fn insert_family(&mut self, family: &NewFamily<'_>) -> Result<()> {
        family.session.bind(sqlx::query(INSERT_SESSION)).execute(&mut *self.0).await?;
        family.bind_token(sqlx::query(INSERT_FIRST_TOKEN)).execute(&mut *self.0).await?;
        family.event.bind(sqlx::query(INSERT_EVENT)).execute(&mut *self.0).await?;
        Ok(())
    }
}
