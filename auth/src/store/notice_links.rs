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
    /// Whether it was used.
    pub is_used: bool,
}

impl FromRow<'_, AnyRow> for NoticeLinkRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            user_id: UserId(row.try_get("user_id")?),
            email: parsed(row, "email")?,
            noticed_at: Timestamp(row.try_get("noticed_at")?),
            is_used: row.try_get::<Option<i64>, _>("used_at")?.is_some(),
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

impl Store {
    /// The link of a token, used or not, until it ends. Changes nothing.
    pub async fn notice_link(&self, digest: &str, now: Timestamp) -> Result<Option<NoticeLinkRow>> {
        sqlx::query_as(
            "SELECT user_id, email, noticed_at, used_at FROM notice_links WHERE digest = $1 AND expires_at > $2",
        )
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&self.read)
        .await
    }
}

impl Transaction {
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
        sqlx::query_as(
            "UPDATE notice_links SET used_at = $2 WHERE digest = $1 AND used_at IS NULL AND expires_at > $2 \
             RETURNING user_id, email, noticed_at, used_at",
        )
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }
}
