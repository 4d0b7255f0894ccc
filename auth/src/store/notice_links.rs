//! The links "this was not me" of notices.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::users::parsed;
use super::{Result, Store, Transaction};
use crate::id::UserId;
use crate::{Email, Timestamp};

/// A link as it is stored.
pub struct NoticeLinkRow {
    /// Whose account it secures.
    pub user_id: UserId,
    /// Whose mailbox it went to.
    pub email: Email,
    /// When that happened of which the notice tells.
    pub noticed_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

impl FromRow<'_, AnyRow> for NoticeLinkRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            user_id: UserId(row.try_get("user_id")?),
            email: parsed(row, "email")?,
            noticed_at: Timestamp(row.try_get("noticed_at")?),
            used_at: row.try_get::<Option<i64>, _>("used_at")?.map(Timestamp),
        })
    }
}

/// A link to be stored.
pub struct NewNoticeLink<'a> {
    /// Digest of its token.
    pub digest: &'a str,
    /// Whose account it secures.
    pub user_id: &'a UserId,
    /// Whose mailbox it goes to.
    pub email: &'a Email,
    /// When that happened of which the notice tells.
    pub noticed_at: Timestamp,
    /// When the link ends.
    pub expires_at: Timestamp,
    /// Set for a link that only shows what came of it.
    pub used_at: Option<Timestamp>,
}

/// Only a mailbox that has a say: that of the account, or one that may take the account's address back.
/// One that a thief lent the account has none, once it is the owner's again. `$2` is now.
macro_rules! has_a_say {
    () => {
        "(EXISTS (SELECT u.id FROM users u WHERE u.id = notice_links.user_id AND u.email = notice_links.email) \
         OR EXISTS (SELECT c.id FROM email_changes c WHERE c.user_id = notice_links.user_id \
         AND c.old_email = notice_links.email AND c.undo_expires_at > $2 AND c.confirmed_at IS NOT NULL \
         AND c.killed_at IS NULL AND c.undone_at IS NULL))"
    };
}

impl Store {
    /// The link of a token, used or not, until it ends. Changes nothing.
    pub async fn notice_link(&self, digest: &str, now: Timestamp) -> Result<Option<NoticeLinkRow>> {
        sqlx::query_as(concat!(
            "SELECT user_id, email, noticed_at, used_at FROM notice_links WHERE digest = $1 AND expires_at > $2 \
             AND (used_at IS NOT NULL OR ",
            has_a_say!(),
            ")"
        ))
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// The moment of the eldest notice whose link this mailbox may still follow, used or not.
    pub async fn eldest_notice(&mut self, user: &UserId, email: &Email, now: Timestamp) -> Result<Option<Timestamp>> {
        let found = sqlx::query(
            "SELECT MIN(noticed_at) AS noticed_at FROM notice_links WHERE user_id = $1 AND email = $2 AND expires_at > $3",
        )
        .bind(user.as_str())
        .bind(email.as_str())
        .bind(now.0)
        .fetch_one(&mut *self.0)
        .await?;
        Ok(found.try_get::<Option<i64>, _>("noticed_at")?.map(Timestamp))
    }

    /// Stores a link.
    pub async fn insert_notice_link(&mut self, link: NewNoticeLink<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO notice_links (digest, user_id, email, noticed_at, expires_at, used_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(link.digest)
        .bind(link.user_id.as_str())
        .bind(link.email.as_str())
        .bind(link.noticed_at.0)
        .bind(link.expires_at.0)
        .bind(link.used_at.map(|at| at.0))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Consumes a link.
    pub async fn use_notice_link(&mut self, digest: &str, now: Timestamp) -> Result<Option<NoticeLinkRow>> {
        sqlx::query_as(concat!(
            "UPDATE notice_links SET used_at = $2 WHERE digest = $1 AND used_at IS NULL AND expires_at > $2 AND ",
            has_a_say!(),
            " RETURNING user_id, email, noticed_at, used_at"
        ))
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }
}
