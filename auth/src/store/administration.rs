//! What administrators read of all accounts, and the role that makes one.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::users::{factors, parsed, role};
use super::{Result, Store, Transaction};
use crate::id::UserId;
use crate::paging::{Place, rows_to_ask};
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
        })
    }
}

/// An account with the number of its live sessions: `$1` now, `$2` idle since, `$3` most to count.
macro_rules! user_item {
    () => {
        "SELECT u.id, u.email, u.name, u.role, u.created_at, u.factors, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT s.id FROM sessions s WHERE s.user_id = u.id \
         AND s.ended_at IS NULL AND s.expires_at > $1 AND (SELECT t.issued_at FROM refresh_tokens t \
         WHERE t.session_id = s.id ORDER BY t.generation DESC LIMIT 1) > $2 LIMIT $3) live) AS live_sessions \
         FROM users u"
    };
}

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
    /// Accounts whose address fits a pattern of `LIKE` with the escape `!`, that follow `place`; the
    /// newest first. Walks along the accounts in that order: a pattern that fits few reads many.
    pub async fn users_like(&self, pattern: &str, living: Living, place: &Place) -> Result<Vec<UserItemRow>> {
        sqlx::query_as(concat!(
            user_item!(),
            " WHERE u.email LIKE $4 ESCAPE '!' AND (u.created_at, u.id) < ($5, $6) \
             ORDER BY u.created_at DESC, u.id DESC LIMIT $7"
        ))
        .bind(living.now.0)
        .bind(living.idle_since.0)
        .bind(living.most)
        .bind(pattern)
        .bind(place.at.0)
        .bind(place.id.as_str())
        .bind(rows_to_ask())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// The account with this proved address.
    pub async fn user_item_by_email(&self, email: &Email, living: Living) -> Result<Option<UserItemRow>> {
        sqlx::query_as(concat!(user_item!(), " WHERE u.email = $4"))
            .bind(living.now.0)
            .bind(living.idle_since.0)
            .bind(living.most)
            .bind(email.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// The account with this id.
    pub async fn user_item(&self, id: &UserId, living: Living) -> Result<Option<UserItemRow>> {
        sqlx::query_as(concat!(user_item!(), " WHERE u.id = $4"))
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
