//! What nodes learn from each other about access tokens that are over: sessions that ended, and how often
//! the rights of users changed. Both in pages, the oldest first. Their conditions are those of the indexes
//! and nothing more: with a second bound on the moment SQLite would walk through all of one moment again.

use sqlx::Row;

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::{SessionId, UserId};

/// How often the rights of a user changed.
pub struct TokenVersion {
    /// The user.
    pub user: UserId,
    /// Access tokens with a lower number are over.
    pub version: i64,
    /// When it got this number.
    pub at: Timestamp,
}

impl Store {
    /// Sessions that ended at or after `at`; of those that ended in this very moment the ones that follow
    /// `id`, which is empty at first.
    pub async fn sessions_ended_after(
        &self,
        at: Timestamp,
        id: &str,
        most: i64,
    ) -> Result<Vec<(SessionId, Timestamp)>> {
        sqlx::query(
            "SELECT id, ended_at FROM sessions WHERE ended_at IS NOT NULL AND (ended_at, id) > ($1, $2) \
             ORDER BY ended_at, id LIMIT $3",
        )
        .bind(at.0)
        .bind(id)
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| Ok((SessionId(row.try_get("id")?), Timestamp(row.try_get("ended_at")?))))
        .collect()
    }

    /// Users whose rights changed at or after `at`, likewise.
    pub async fn token_versions_after(&self, at: Timestamp, id: &str, most: i64) -> Result<Vec<TokenVersion>> {
        sqlx::query(
            "SELECT id, token_version, token_version_at FROM users \
             WHERE token_version > 0 AND (token_version_at, id) > ($1, $2) ORDER BY token_version_at, id LIMIT $3",
        )
        .bind(at.0)
        .bind(id)
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| {
            Ok(TokenVersion {
                user: UserId(row.try_get("id")?),
                version: row.try_get("token_version")?,
                at: Timestamp(row.try_get("token_version_at")?),
            })
        })
        .collect()
    }
}

impl Transaction {
    /// The rights of a user change with this transaction: every access token of theirs that was issued
    /// before is over, here with the commit, on other nodes within a second. Their sessions go on; a
    /// refresh gives the next token.
    pub async fn bump_token_version(&mut self, user: &UserId, now: Timestamp) -> Result<()> {
        let row = sqlx::query(
            "UPDATE users SET token_version = token_version + 1, token_version_at = $2 WHERE id = $1 \
             RETURNING token_version",
        )
        .bind(user.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?;
        if let Some(row) = row {
            self.1.note(TokenVersion { user: user.clone(), version: row.try_get("token_version")?, at: now });
        }
        Ok(())
    }
}
