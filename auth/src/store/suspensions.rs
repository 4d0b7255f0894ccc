//! Accounts that an administrator closed for a while.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::users::user_columns;
use super::{Result, Store, Transaction, UserRow};
use crate::id::UserId;
use crate::{Remark, Timestamp};

/// Until when an account is suspended that somebody has to open again.
pub const FOR_NOW: Timestamp = Timestamp(i64::MAX);

/// A suspension to be stored.
pub struct NewSuspension<'a> {
    /// Whose account.
    pub user_id: &'a UserId,
    /// Now.
    pub at: Timestamp,
    /// When it ends by itself; [`FOR_NOW`]: it does not.
    pub until: Timestamp,
    /// What the person is told.
    pub reason: Option<&'a Remark>,
    /// What administrators tell each other.
    pub note: &'a Remark,
}

/// A suspension, over or not.
pub struct SuspensionRow {
    /// When it began.
    pub at: Timestamp,
    /// When it ends; [`FOR_NOW`]: when it is taken back.
    pub until: Timestamp,
    /// What the person was told.
    pub reason: Option<Remark>,
    /// What administrators tell each other.
    pub note: Option<Remark>,
}

impl FromRow<'_, AnyRow> for SuspensionRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let remark = |column: &str| Ok::<_, sqlx::Error>(row.try_get::<Option<String>, _>(column)?.map(Remark::from));
        Ok(Self {
            at: Timestamp(row.try_get("suspended_at")?),
            until: Timestamp(row.try_get("suspended_until")?),
            reason: remark("suspended_reason")?,
            note: remark("suspended_note")?,
        })
    }
}

impl Store {
    /// How an account is suspended at this moment; none when it is not.
    pub async fn suspension(&self, id: &UserId, now: Timestamp) -> Result<Option<SuspensionRow>> {
        sqlx::query_as(
            "SELECT suspended_at, suspended_until, suspended_reason, suspended_note FROM users \
             WHERE id = $1 AND suspended_until > $2 AND suspended_at IS NOT NULL",
        )
        .bind(id.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Suspends an account, or suspends it in another way, and holds it to the end of the transaction; none when there is
    /// no such account.
    pub async fn suspend(&mut self, suspension: NewSuspension<'_>) -> Result<Option<UserRow>> {
        sqlx::query_as(concat!(
            "UPDATE users SET suspended_at = $2, suspended_until = $3, suspended_reason = $4, suspended_note = $5 \
             WHERE id = $1 RETURNING ",
            user_columns!()
        ))
        .bind(suspension.user_id.as_str())
        .bind(suspension.at.0)
        .bind(suspension.until.0)
        .bind(suspension.reason.map(Remark::as_str))
        .bind(suspension.note.as_str())
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Opens an account again; none when it is not suspended at this moment.
    pub async fn unsuspend(&mut self, id: &UserId, now: Timestamp) -> Result<Option<UserRow>> {
        sqlx::query_as(concat!(
            "UPDATE users SET suspended_at = NULL, suspended_until = 0, suspended_reason = NULL, suspended_note = NULL \
             WHERE id = $1 AND suspended_until > $2 RETURNING ",
            user_columns!()
        ))
        .bind(id.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }
}
