//! People who came from a provider and are not let in yet.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::id::UserId;
use crate::{ProviderId, Timestamp};

/// Those of one account that wait at the same time; a further one ends the oldest.
const MOST: i64 = 10;

/// Somebody to be stored.
pub struct NewPendingConnection<'a> {
    /// Digest of the ticket.
    pub digest: &'a str,
    /// The account that must prove itself; empty: an address must be proved.
    pub user_id: &'a str,
    /// Where they came from.
    pub provider: &'a ProviderId,
    /// Who they are there, sealed.
    pub identity_sealed: &'a str,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Somebody who waits.
pub struct PendingConnectionRow {
    /// The account that must prove itself; none: an address must be proved.
    pub user_id: Option<UserId>,
    /// Where they came from.
    pub provider: ProviderId,
    /// Who they are there, sealed.
    pub identity_sealed: String,
    /// When they came.
    pub created_at: Timestamp,
}

impl FromRow<'_, AnyRow> for PendingConnectionRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let user_id: String = row.try_get("user_id")?;
        let provider: String = row.try_get("provider")?;
        let no_name = || sqlx::Error::ColumnDecode { index: "provider".to_owned(), source: "no name".into() };
        Ok(Self {
            user_id: (!user_id.is_empty()).then_some(UserId(user_id)),
            provider: ProviderId::parse(&provider).ok_or_else(no_name)?,
            identity_sealed: row.try_get("identity_sealed")?,
            created_at: Timestamp(row.try_get("created_at")?),
        })
    }
}

impl Store {
    /// Whoever waits with a ticket. Changes nothing.
    pub async fn pending_connection(&self, digest: &str, now: Timestamp) -> Result<Option<PendingConnectionRow>> {
        sqlx::query_as(
            "SELECT user_id, provider, identity_sealed, created_at FROM pending_connections \
             WHERE digest = $1 AND used_at IS NULL AND expires_at > $2",
        )
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Stores somebody. Where an account must prove itself, forgets those who are over, and the oldest beyond ten; hold
    /// the account before.
    pub async fn insert_pending_connection(&mut self, pending: NewPendingConnection<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO pending_connections (digest, user_id, provider, identity_sealed, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(pending.digest)
        .bind(pending.user_id)
        .bind(pending.provider.as_str())
        .bind(pending.identity_sealed)
        .bind(pending.created_at.0)
        .bind(pending.expires_at.0)
        .execute(&mut *self.0)
        .await?;
        if pending.user_id.is_empty() {
            return Ok(());
        }
        // The new one stays, also beside others of the same moment.
        sqlx::query(
            "DELETE FROM pending_connections WHERE user_id = $1 AND digest <> $2 AND digest NOT IN \
             (SELECT p.digest FROM pending_connections p WHERE p.user_id = $1 AND p.digest <> $2 AND p.used_at IS NULL \
             AND p.expires_at > $3 ORDER BY p.created_at DESC, p.digest LIMIT $4)",
        )
        .bind(pending.user_id)
        .bind(pending.digest)
        .bind(pending.created_at.0)
        .bind(MOST - 1)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Uses a ticket up, once.
    pub async fn use_pending_connection(
        &mut self,
        digest: &str,
        now: Timestamp,
    ) -> Result<Option<PendingConnectionRow>> {
        sqlx::query_as(
            "UPDATE pending_connections SET used_at = $2 WHERE digest = $1 AND used_at IS NULL AND expires_at > $2 \
             RETURNING user_id, provider, identity_sealed, created_at",
        )
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }
}
