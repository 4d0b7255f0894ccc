//! Browsers in which the second factor is not asked for. One is alive until it is revoked, its month is over, or the
//! rights of the account change: each change of the password is such a change.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::{TrustedDeviceId, UserId};

/// A device as it is stored.
pub struct TrustedDeviceRow {
    /// The device; not the secret.
    pub id: TrustedDeviceId,
    /// Digest of its cookie.
    pub digest: String,
    /// Browser and system in words.
    pub device: String,
    /// The client's address when it was trusted.
    pub address: String,
    /// When it was trusted.
    pub created_at: Timestamp,
    /// When it stood in for the second factor last.
    pub last_used_at: Timestamp,
    /// When its month is over.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl FromRow<'_, AnyRow> for TrustedDeviceRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: TrustedDeviceId(row.try_get("id")?),
            digest: row.try_get("digest")?,
            device: row.try_get("device")?,
            address: row.try_get("address")?,
            created_at: Timestamp(row.try_get("created_at")?),
            last_used_at: Timestamp(row.try_get("last_used_at")?),
            expires_at: Timestamp(row.try_get("expires_at")?),
            revoked_at: row.try_get::<Option<i64>, _>("revoked_at")?.map(Timestamp),
        })
    }
}

/// A device to be stored.
pub struct NewTrustedDevice<'a> {
    /// Its id.
    pub id: &'a TrustedDeviceId,
    /// Digest of its cookie.
    pub digest: &'a str,
    /// Whose factor it stands in for.
    pub user_id: &'a UserId,
    /// Browser and system in words.
    pub device: &'a str,
    /// Where it came from.
    pub address: &'a str,
    /// Now.
    pub created_at: Timestamp,
    /// When its month is over.
    pub expires_at: Timestamp,
}

/// The columns of a device.
macro_rules! trusted_columns {
    () => {
        "t.id, t.digest, t.device, t.address, t.created_at, t.last_used_at, t.expires_at, t.revoked_at \
         FROM trusted_devices t"
    };
}

impl Store {
    /// Whether the device with this digest is trusted by this account.
    pub async fn is_trusted_device(&self, user: &UserId, digest: &str, now: Timestamp) -> Result<bool> {
        let row = sqlx::query(
            "SELECT t.id FROM trusted_devices t JOIN users u ON u.id = t.user_id AND u.token_version = t.token_version \
             WHERE t.digest = $2 AND t.user_id = $1 AND t.revoked_at IS NULL AND t.expires_at > $3",
        )
        .bind(user.as_str())
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await?;
        Ok(row.is_some())
    }

    /// The devices that an account trusts, the newest first.
    pub async fn trusted_devices(&self, user: &UserId, now: Timestamp) -> Result<Vec<TrustedDeviceRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            trusted_columns!(),
            " JOIN users u ON u.id = t.user_id AND u.token_version = t.token_version \
             WHERE t.user_id = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 \
             ORDER BY t.created_at DESC, t.id DESC"
        ))
        .bind(user.as_str())
        .bind(now.0)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// Every device of an account that is still stored, trusted or not any more, the newest first.
    pub async fn trusted_device_records_of(&self, user: &UserId) -> Result<Vec<TrustedDeviceRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            trusted_columns!(),
            " WHERE t.user_id = $1 ORDER BY t.created_at DESC, t.id DESC"
        ))
        .bind(user.as_str())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Uses a device in place of the second factor; `false` when it is not trusted any more. Hold the account before.
    pub async fn use_trusted_device(&mut self, user: &UserId, digest: &str, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE trusted_devices SET last_used_at = $3 WHERE digest = $2 AND user_id = $1 AND revoked_at IS NULL \
             AND expires_at > $3 AND token_version = (SELECT u.token_version FROM users u WHERE u.id = $1)",
        )
        .bind(user.as_str())
        .bind(digest)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Trusts a device, and forgets the oldest beyond `most`.
    pub async fn insert_trusted_device(&mut self, device: NewTrustedDevice<'_>, most: i64) -> Result<()> {
        sqlx::query(
            "INSERT INTO trusted_devices \
             (id, user_id, digest, device, address, token_version, created_at, last_used_at, expires_at) \
             SELECT $1, u.id, $3, $4, $5, u.token_version, $6, $6, $7 FROM users u WHERE u.id = $2",
        )
        .bind(device.id.as_str())
        .bind(device.user_id.as_str())
        .bind(device.digest)
        .bind(device.device)
        .bind(device.address)
        .bind(device.created_at.0)
        .bind(device.expires_at.0)
        .execute(&mut *self.0)
        .await?;
        sqlx::query(
            "DELETE FROM trusted_devices WHERE user_id = $1 AND id NOT IN \
             (SELECT t.id FROM trusted_devices t WHERE t.user_id = $1 AND t.revoked_at IS NULL \
             ORDER BY t.created_at DESC, t.id DESC LIMIT $2)",
        )
        .bind(device.user_id.as_str())
        .bind(most)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Revokes one device of an account; `false` when it had ended before or is none of its.
    pub async fn revoke_trusted_device(&mut self, user: &UserId, id: &TrustedDeviceId, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE trusted_devices SET revoked_at = $3 WHERE id = $2 AND user_id = $1 AND revoked_at IS NULL",
        )
        .bind(user.as_str())
        .bind(id.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether a device, trusted or not any more, is one of this account.
    pub async fn is_trusted_device_of(&mut self, user: &UserId, id: &TrustedDeviceId) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM trusted_devices WHERE id = $2 AND user_id = $1")
            .bind(user.as_str())
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await?;
        Ok(row.is_some())
    }

    /// Revokes every device of an account; gives how many there were.
    pub async fn revoke_trusted_devices(&mut self, user: &UserId, now: Timestamp) -> Result<u64> {
        let done = sqlx::query("UPDATE trusted_devices SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL")
            .bind(user.as_str())
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected())
    }
}
