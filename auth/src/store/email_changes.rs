//! Changes of an account's address: asked for, proved by the new address, undone by the old one.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::sign_ups::MAX_WRONG_CODES;
use super::users::parsed;
use super::{Result, Store, Transaction};
use crate::id::{EmailChangeId, UserId};
use crate::{Email, Timestamp};

/// A change to be stored.
pub struct NewEmailChange<'a> {
    /// Its id.
    pub id: &'a EmailChangeId,
    /// Whose address changes.
    pub user_id: &'a UserId,
    /// The address of today.
    pub old_email: &'a Email,
    /// The wanted address.
    pub new_email: &'a Email,
    /// Digest of the link's token.
    pub link_digest: &'a str,
    /// Keyed digest of the code.
    pub code_mac: &'a str,
    /// Now.
    pub created_at: Timestamp,
    /// When link and code end.
    pub expires_at: Timestamp,
}

/// A stored change.
pub struct EmailChangeRow {
    /// Its id.
    pub id: EmailChangeId,
    /// Whose address changes.
    pub user_id: UserId,
    /// The address before.
    pub old_email: Email,
    /// The address after.
    pub new_email: Email,
    /// Keyed digest of the code.
    pub code_mac: String,
    /// Tries of the code.
    pub wrong_codes: i64,
    /// When link and code end.
    pub expires_at: Timestamp,
    /// When the new address proved itself.
    pub confirmed_at: Option<Timestamp>,
    /// When undoing ends; none for a change that cannot be undone.
    pub undo_expires_at: Option<Timestamp>,
}

impl FromRow<'_, AnyRow> for EmailChangeRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: EmailChangeId(row.try_get("id")?),
            user_id: UserId(row.try_get("user_id")?),
            old_email: parsed(row, "old_email")?,
            new_email: parsed(row, "new_email")?,
            code_mac: row.try_get("code_mac")?,
            wrong_codes: row.try_get("wrong_codes")?,
            expires_at: Timestamp(row.try_get("expires_at")?),
            confirmed_at: row.try_get::<Option<i64>, _>("confirmed_at")?.map(Timestamp),
            undo_expires_at: row.try_get::<Option<i64>, _>("undo_expires_at")?.map(Timestamp),
        })
    }
}

/// The columns of a change.
macro_rules! columns {
    () => {
        "id, user_id, old_email, new_email, code_mac, wrong_codes, expires_at, confirmed_at, undo_expires_at"
    };
}

/// A change that waits for its new address.
macro_rules! waits {
    () => {
        "confirmed_at IS NULL AND killed_at IS NULL"
    };
}

/// A change that the old address may still undo.
macro_rules! undoable {
    () => {
        "confirmed_at IS NOT NULL AND killed_at IS NULL AND undone_at IS NULL"
    };
}

impl Store {
    /// The change that waits for its new address.
    pub async fn waiting_email_change(&self, user: &UserId, now: Timestamp) -> Result<Option<EmailChangeRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM email_changes WHERE user_id = $1 AND expires_at > $2 AND ",
            waits!()
        ))
        .bind(user.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// The change behind a link's token while the link can still be used. Changes nothing.
    pub async fn live_email_change(
        &self,
        user: &UserId,
        link_digest: &str,
        now: Timestamp,
    ) -> Result<Option<EmailChangeRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM email_changes WHERE user_id = $1 AND link_digest = $2 AND expires_at > $3 AND ",
            waits!()
        ))
        .bind(user.as_str())
        .bind(link_digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// The change behind an undo link while it can still be used. Changes nothing.
    pub async fn undoable_email_change(&self, undo_digest: &str, now: Timestamp) -> Result<Option<EmailChangeRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM email_changes WHERE undo_digest = $1 AND undo_expires_at > $2 AND ",
            undoable!()
        ))
        .bind(undo_digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// The newest change of an account that its old address may still undo.
    pub async fn newest_undoable_email_change(&self, user: &UserId, now: Timestamp) -> Result<Option<EmailChangeRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM email_changes WHERE user_id = $1 AND undo_expires_at > $2 AND ",
            undoable!(),
            " ORDER BY confirmed_at DESC LIMIT 1"
        ))
        .bind(user.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Stores a change; `false` when another one waits, which a request of the same moment stored.
    pub async fn insert_email_change(&mut self, change: &NewEmailChange<'_>) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO email_changes (id, user_id, old_email, new_email, link_digest, code_mac, wrong_codes, \
             created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(change.id.as_str())
        .bind(change.user_id.as_str())
        .bind(change.old_email.as_str())
        .bind(change.new_email.as_str())
        .bind(change.link_digest)
        .bind(change.code_mac)
        .bind(change.created_at.0)
        .bind(change.expires_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Kills the change of an account that waits; `false` when none does.
    pub async fn kill_waiting_email_change(&mut self, user: &UserId, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(concat!("UPDATE email_changes SET killed_at = $2 WHERE user_id = $1 AND ", waits!()))
            .bind(user.as_str())
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Kills every change of an account that waits or was confirmed at `from` or later: none of them
    /// can be proved or undone any more.
    pub async fn kill_email_changes(&mut self, user: &UserId, from: Timestamp, now: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE email_changes SET killed_at = $2 WHERE user_id = $1 AND killed_at IS NULL \
             AND (confirmed_at IS NULL OR confirmed_at >= $3)",
        )
        .bind(user.as_str())
        .bind(now.0)
        .bind(from.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Spends one try of the code of the change that waits. Spending comes before comparing.
    pub async fn try_email_change_code(&mut self, user: &UserId, now: Timestamp) -> Result<Option<EmailChangeRow>> {
        sqlx::query_as(concat!(
            "UPDATE email_changes SET wrong_codes = wrong_codes + 1 WHERE user_id = $1 AND expires_at > $2 \
             AND wrong_codes < $3 AND ",
            waits!(),
            " RETURNING ",
            columns!()
        ))
        .bind(user.as_str())
        .bind(now.0)
        .bind(MAX_WRONG_CODES)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Whether an earlier change of an account may still be undone. Comes after the account is held, so
    /// that the answer lasts to the commit.
    pub async fn has_undoable_email_change(&mut self, user: &UserId, now: Timestamp) -> Result<bool> {
        let row = sqlx::query(concat!(
            "SELECT id FROM email_changes WHERE user_id = $1 AND undo_expires_at > $2 AND ",
            undoable!(),
            " LIMIT 1"
        ))
        .bind(user.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?;
        Ok(row.is_some())
    }

    /// Makes the code of a change match nothing: no mail carries it.
    pub async fn void_email_change_code(&mut self, id: &EmailChangeId) -> Result<()> {
        sqlx::query("UPDATE email_changes SET code_mac = '' WHERE id = $1")
            .bind(id.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Consumes a change whose link or code was right; `undo` is the digest of the link that takes the
    /// old address back, and when that link ends.
    pub async fn confirm_email_change(
        &mut self,
        id: &EmailChangeId,
        undo: Option<(&str, Timestamp)>,
        now: Timestamp,
    ) -> Result<bool> {
        let done = sqlx::query(concat!(
            "UPDATE email_changes SET confirmed_at = $2, undo_digest = $3, undo_expires_at = $4 \
             WHERE id = $1 AND expires_at > $2 AND ",
            waits!()
        ))
        .bind(id.as_str())
        .bind(now.0)
        .bind(undo.map(|(digest, _)| digest))
        .bind(undo.map(|(_, until)| until.0))
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Consumes an undo link.
    pub async fn undo_email_change(&mut self, undo_digest: &str, now: Timestamp) -> Result<Option<EmailChangeRow>> {
        sqlx::query_as(concat!(
            "UPDATE email_changes SET undone_at = $2 WHERE undo_digest = $1 AND undo_expires_at > $2 AND ",
            undoable!(),
            " RETURNING ",
            columns!()
        ))
        .bind(undo_digest)
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Consumes the undo of an account that belongs to `old_email`, or without one that of a change
    /// confirmed after `since`. There is one undo at most: the eldest address decides.
    pub async fn undo_email_change_of(
        &mut self,
        user: &UserId,
        old_email: Option<&Email>,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Option<EmailChangeRow>> {
        sqlx::query_as(concat!(
            "UPDATE email_changes SET undone_at = $3 WHERE id IN (SELECT id FROM email_changes WHERE user_id = $1 \
             AND (old_email = $2 OR $2 = '') AND confirmed_at > $4 AND undo_expires_at > $3 AND ",
            undoable!(),
            " ORDER BY confirmed_at LIMIT 1) AND ",
            undoable!(),
            " RETURNING ",
            columns!()
        ))
        .bind(user.as_str())
        .bind(old_email.map_or("", Email::as_str))
        .bind(now.0)
        .bind(since.0)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Changes asked for since then, this transaction's included: by this account, and to this address.
    pub async fn email_changes_since(&mut self, user: &UserId, to: &Email, since: Timestamp) -> Result<(i64, i64)> {
        let row = sqlx::query(
            "SELECT CAST((SELECT COUNT(*) FROM email_changes c WHERE c.user_id = $1 AND c.created_at > $3) AS BIGINT) AS own, \
             CAST((SELECT COUNT(*) FROM email_changes c WHERE c.new_email = $2 AND c.created_at > $3) AS BIGINT) AS mailed",
        )
        .bind(user.as_str())
        .bind(to.as_str())
        .bind(since.0)
        .fetch_one(&mut *self.0)
        .await?;
        Ok((row.try_get("own")?, row.try_get("mailed")?))
    }
}
