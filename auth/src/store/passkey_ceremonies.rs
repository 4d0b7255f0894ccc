//! Challenges of passkeys that wait for their answer.

use sqlx::Row;

use super::{Result, Store};
use crate::Timestamp;

/// Rows that one sweep deletes at most.
const BITE: i64 = 500;

/// A challenge to be kept.
pub struct NewPasskeyCeremony<'a> {
    /// Digest of its ticket.
    pub digest: &'a str,
    /// What it is for.
    pub kind: &'a str,
    /// For which session, pending sign-in or sign-up.
    pub bound_to: &'a str,
    /// Whose passkey is asked for; empty when nobody is known.
    pub user_id: &'a str,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A challenge that was taken.
pub struct PasskeyCeremony {
    /// What it was for.
    pub kind: String,
    /// For which session, pending sign-in or sign-up.
    pub bound_to: String,
    /// Whose passkey was asked for; empty when nobody was known.
    pub user_id: String,
    /// When it would have ended.
    pub expires_at: Timestamp,
}

impl Store {
    /// Keeps a challenge.
    pub async fn insert_passkey_ceremony(&self, ceremony: NewPasskeyCeremony<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO passkey_ceremonies (digest, kind, bound_to, user_id, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(ceremony.digest)
        .bind(ceremony.kind)
        .bind(ceremony.bound_to)
        .bind(ceremony.user_id)
        .bind(ceremony.expires_at.0)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }

    /// Takes a challenge away and gives it, to one of all who ask.
    pub async fn take_passkey_ceremony(&self, digest: &str) -> Result<Option<PasskeyCeremony>> {
        sqlx::query("DELETE FROM passkey_ceremonies WHERE digest = $1 RETURNING kind, bound_to, user_id, expires_at")
            .bind(digest)
            .fetch_optional(&mut *self.write.get().await?)
            .await?
            .map(|row| {
                Ok(PasskeyCeremony {
                    kind: row.try_get("kind")?,
                    bound_to: row.try_get("bound_to")?,
                    user_id: row.try_get("user_id")?,
                    expires_at: Timestamp(row.try_get("expires_at")?),
                })
            })
            .transpose()
    }

    /// Forgets the challenges of an account in one session or sign-in but the newest.
    pub async fn keep_newest_passkey_ceremonies(&self, user_id: &str, bound_to: &str, most: i64) -> Result<()> {
        sqlx::query(
            "DELETE FROM passkey_ceremonies WHERE user_id = $1 AND bound_to = $3 AND digest NOT IN \
             (SELECT digest FROM passkey_ceremonies WHERE user_id = $1 AND bound_to = $3 \
             ORDER BY expires_at DESC, digest LIMIT $2)",
        )
        .bind(user_id)
        .bind(most)
        .bind(bound_to)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }

    /// Forgets challenges whose time is over, and the oldest of strangers beyond `most`.
    pub async fn sweep_passkey_ceremonies(&self, now: Timestamp, most: i64) -> Result<()> {
        self.delete_old_passkey_ceremonies(now, BITE).await?;
        sqlx::query(
            "DELETE FROM passkey_ceremonies WHERE digest IN (SELECT digest FROM passkey_ceremonies \
             WHERE user_id = '' ORDER BY expires_at DESC LIMIT $1 OFFSET $2)",
        )
        .bind(BITE)
        .bind(most)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }

    /// Forgets challenges that ended before `before`.
    pub async fn delete_old_passkey_ceremonies(&self, before: Timestamp, most: i64) -> Result<u64> {
        Ok(sqlx::query(
            "DELETE FROM passkey_ceremonies WHERE digest IN \
             (SELECT digest FROM passkey_ceremonies WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
        )
        .bind(before.0)
        .bind(most)
        .execute(&mut *self.write.get().await?)
        .await?
        .rows_affected())
    }
}
