//! What administrators read of one account, and the role that makes one.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::users::{factors, parsed, role};
use super::{Result, Store, Transaction};
use crate::id::UserId;
use crate::{Email, Factors, PersonName, Role, Timestamp};

/// An account in the list of all.
pub struct UserItemRow {
    /// The account.
    pub id: UserId,
    /// The proved address.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// Sessions that go on, as far as they were counted.
    pub live_sessions: i64,
    /// The kinds of its second factors.
    pub factors: Factors,
    /// Until when it is suspended; what is over suspends nobody.
    pub suspended_until: Timestamp,
    /// When it goes, if that was asked for.
    pub delete_at: Option<Timestamp>,
    /// By what the list at hand is sorted.
    pub place: i64,
}

impl FromRow<'_, AnyRow> for UserItemRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: UserId(row.try_get("id")?),
            email: parsed(row, "email")?,
            name: PersonName::from(row.try_get::<String, _>("name")?),
            role: role(row)?,
            created_at: Timestamp(row.try_get("created_at")?),
            live_sessions: row.try_get("live_sessions")?,
            factors: factors(row)?,
            suspended_until: Timestamp(row.try_get("suspended_until")?),
            delete_at: row.try_get::<Option<i64>, _>("delete_at")?.map(Timestamp),
            place: row.try_get("place")?,
        })
    }
}

/// The columns of an account with the number of its live sessions: `$1` now, `$2` idle since, `$3` most to count.
macro_rules! user_item {
    () => {
        "SELECT u.id, u.email, u.name, u.role, u.created_at, u.factors, u.suspended_until, u.delete_at, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT s.id FROM sessions s WHERE s.user_id = u.id \
         AND s.ended_at IS NULL AND s.expires_at > $1 AND (SELECT t.issued_at FROM refresh_tokens t \
         WHERE t.session_id = s.id ORDER BY t.generation DESC LIMIT 1) > $2 LIMIT $3) live) AS live_sessions"
    };
}
pub(super) use user_item;

/// What it takes for a session to go on.
#[derive(Clone, Copy)]
pub struct Living {
    /// Now.
    pub now: Timestamp,
    /// One that was not seen since then is over.
    pub idle_since: Timestamp,
    /// Most sessions of one account to be counted.
    pub most: i64,
}

impl Store {
    /// The account with this proved address.
    pub async fn user_item_by_email(&self, email: &Email, living: Living) -> Result<Option<UserItemRow>> {
        sqlx::query_as(concat!(user_item!(), ", u.created_at AS place FROM users u WHERE u.email = $4"))
            .bind(living.now.0)
            .bind(living.idle_since.0)
            .bind(living.most)
            .bind(email.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// The account with this id.
    pub async fn user_item(&self, id: &UserId, living: Living) -> Result<Option<UserItemRow>> {
        sqlx::query_as(concat!(user_item!(), ", u.created_at AS place FROM users u WHERE u.id = $4"))
            .bind(living.now.0)
            .bind(living.idle_since.0)
            .bind(living.most)
            .bind(id.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }
}

impl Transaction {
    /// Changes what an account may do; `false` when it is the same.
    pub async fn set_user_role(&mut self, id: &UserId, role: Role) -> Result<bool> {
        let done = sqlx::query("UPDATE users SET role = $2 WHERE id = $1 AND role <> $2")
            .bind(id.as_str())
            .bind(role.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
