//! Sign-ins that wait for their second factor.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::anomaly::Announced;
use crate::id::{AnomalyId, UserId};

/// A sign-in that waits.
pub struct PendingRow {
    /// Whose account it enters.
    pub user_id: UserId,
    /// How the first half was proved (`amr`, RFC 8176), such as `pwd`.
    pub method: String,
    /// The hash that the password was verified against, as a digest; empty without a password.
    pub password_digest: String,
    /// The unusual sign-in that it is; none where it looked as always.
    pub anomaly: Option<AnomalyId>,
    /// What the owner of the account heard of it.
    pub announced: Announced,
}

impl FromRow<'_, AnyRow> for PendingRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            user_id: UserId(row.try_get("user_id")?),
            method: row.try_get("method")?,
            password_digest: row.try_get("password_digest")?,
            anomaly: Some(row.try_get::<String, _>("anomaly_id")?).filter(|id| !id.is_empty()).map(AnomalyId),
            announced: Announced::of(row.try_get("announced")?),
        })
    }
}

/// A sign-in to be stored.
pub struct NewPendingSignIn<'a> {
    /// Digest of its ticket.
    pub digest: &'a str,
    /// Whose account it enters.
    pub user_id: &'a UserId,
    /// How the first half was proved.
    pub method: &'a str,
    /// The hash that the password was verified against, as a digest; empty without a password.
    pub password_digest: &'a str,
    /// Browser and system in words.
    pub device: &'a str,
    /// Where it came from.
    pub address: &'a str,
    /// The unusual sign-in that it is.
    pub anomaly: Option<&'a AnomalyId>,
    /// What the owner of the account heard of it.
    pub announced: Announced,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Store {
    /// The sign-in of a ticket while it waits. Changes nothing.
    pub async fn pending_sign_in(&self, digest: &str, now: Timestamp) -> Result<Option<PendingRow>> {
        sqlx::query_as(
            "SELECT user_id, method, password_digest, anomaly_id, announced FROM pending_sign_ins \
             WHERE digest = $1 AND used_at IS NULL AND expires_at > $2",
        )
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Stores a sign-in, and forgets those of the account that are over, and the oldest beyond `most` that wait. Hold
    /// the account before: whoever does is alone with its sign-ins.
    pub async fn insert_pending_sign_in(&mut self, pending: NewPendingSignIn<'_>, most: i64) -> Result<()> {
        sqlx::query(
            "INSERT INTO pending_sign_ins \
             (digest, user_id, method, password_digest, device, address, created_at, expires_at, anomaly_id, announced) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(pending.digest)
        .bind(pending.user_id.as_str())
        .bind(pending.method)
        .bind(pending.password_digest)
        .bind(pending.device)
        .bind(pending.address)
        .bind(pending.created_at.0)
        .bind(pending.expires_at.0)
        .bind(pending.anomaly.map_or("", AnomalyId::as_str))
        .bind(pending.announced.as_str())
        .execute(&mut *self.0)
        .await?;
        // The new one stays, also beside others of the same moment.
        sqlx::query(
            "DELETE FROM pending_sign_ins WHERE user_id = $1 AND digest <> $2 AND digest NOT IN \
             (SELECT p.digest FROM pending_sign_ins p WHERE p.user_id = $1 AND p.digest <> $2 AND p.used_at IS NULL \
             AND p.expires_at > $3 ORDER BY p.created_at DESC, p.digest LIMIT $4)",
        )
        .bind(pending.user_id.as_str())
        .bind(pending.digest)
        .bind(pending.created_at.0)
        .bind(most - 1)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Consumes the ticket of a sign-in; `false` when it is used, replaced or too old.
    pub async fn use_pending_sign_in(&mut self, digest: &str, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE pending_sign_ins SET used_at = $2 WHERE digest = $1 AND used_at IS NULL AND expires_at > $2",
        )
        .bind(digest)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets a sign-in that waits.
    pub async fn kill_pending_sign_in(&mut self, digest: &str) -> Result<()> {
        sqlx::query("DELETE FROM pending_sign_ins WHERE digest = $1 AND used_at IS NULL")
            .bind(digest)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Forgets every sign-in of an account that waits.
    pub async fn kill_pending_sign_ins(&mut self, user: &UserId) -> Result<()> {
        sqlx::query("DELETE FROM pending_sign_ins WHERE user_id = $1")
            .bind(user.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}
