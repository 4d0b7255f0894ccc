//! Personal access tokens. A digest is all that is kept of one.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::factor_policy::organization_factor_from;
use super::users::{factors, role, user_columns};
use super::{Result, Store, Transaction, UserRow};
use crate::id::{SessionId, TokenId, UserId};
use crate::paging::{Place, rows_to_ask};
use crate::view::{TokenItem, TokenRecord};
use crate::{Factors, Role, Scopes, Timestamp, TokenName};

/// A token to be stored.
pub struct NewPersonalToken<'a> {
    /// As its owner will see it.
    pub item: &'a TokenItem,
    /// Whose it is.
    pub user_id: &'a UserId,
    /// The digest of its secret.
    pub digest: &'a str,
}

/// A token that works.
pub struct LiveToken {
    /// Its id.
    pub id: TokenId,
    /// Whose it is.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: TokenName,
    /// What it allows.
    pub scopes: Scopes,
    /// When it was last used, as far as that was noted.
    pub last_used_at: Option<Timestamp>,
    /// What the account may do.
    pub role: Role,
    /// What proves its person beside the password.
    pub factors: Factors,
    /// When the rule that it must have a second factor first met it.
    pub factor_required_from: Option<Timestamp>,
    /// Since when an organization of it demands one.
    pub organization_factor_from: Option<Timestamp>,
}

/// How many tokens an account has.
pub struct TokenCounts {
    /// Those that work.
    pub live: i64,
    /// Those made lately, whether they still work or not.
    pub made: i64,
}

impl FromRow<'_, AnyRow> for LiveToken {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: TokenId(row.try_get("id")?),
            user_id: UserId(row.try_get("user_id")?),
            name: TokenName::from(row.try_get::<String, _>("name")?),
            scopes: Scopes::from_text(row.try_get("scopes")?),
            last_used_at: moment(row, "last_used_at")?,
            role: role(row)?,
            factors: factors(row)?,
            factor_required_from: moment(row, "factor_required_from")?,
            organization_factor_from: moment(row, "organization_factor_from")?,
        })
    }
}

impl FromRow<'_, AnyRow> for TokenItem {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: TokenId(row.try_get("id")?),
            name: TokenName::from(row.try_get::<String, _>("name")?),
            scopes: Scopes::from_text(row.try_get("scopes")?),
            created_at: Timestamp(row.try_get("created_at")?),
            expires_at: moment(row, "expires_at")?,
            last_used_at: moment(row, "last_used_at")?,
            last_used_address: row.try_get("last_used_address")?,
        })
    }
}

impl FromRow<'_, AnyRow> for TokenRecord {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self { token: TokenItem::from_row(row)?, revoked_at: moment(row, "revoked_at")? })
    }
}

fn moment(row: &AnyRow, column: &str) -> Result<Option<Timestamp>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp))
}

impl Store {
    /// The token with this digest, if it works: it was not revoked, has not ended, and the account has
    /// neither ended nor is it suspended. One indexed read, whether there is such a token or not.
    pub async fn live_token(&self, digest: &str, now: Timestamp) -> Result<Option<LiveToken>> {
        sqlx::query_as(concat!(
            "SELECT t.id, t.user_id, t.name, t.scopes, t.last_used_at, u.role, u.factors, u.factor_required_from, ",
            organization_factor_from!("u"),
            " FROM personal_tokens t JOIN users u ON u.id = t.user_id \
             WHERE t.digest = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) \
             AND (u.delete_at IS NULL OR u.delete_at > $2) AND u.suspended_until <= $2"
        ))
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// Tokens of a person that were not revoked and follow `place`, the newest first.
    pub async fn tokens_of(&self, user: &UserId, place: &Place) -> Result<Vec<TokenItem>> {
        sqlx::query_as(
            "SELECT id, name, scopes, created_at, expires_at, last_used_at, last_used_address FROM personal_tokens \
             WHERE user_id = $1 AND revoked_at IS NULL AND (created_at, id) < ($2, $3) \
             ORDER BY created_at DESC, id DESC LIMIT $4",
        )
        .bind(user.as_str())
        .bind(place.at.0)
        .bind(place.id.as_str())
        .bind(rows_to_ask())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// Every token of a person that is still stored, revoked or not, newest first.
    pub async fn token_records_of(&self, user: &UserId) -> Result<Vec<TokenRecord>> {
        sqlx::query_as(
            "SELECT id, name, scopes, created_at, expires_at, last_used_at, last_used_address, revoked_at \
             FROM personal_tokens WHERE user_id = $1 ORDER BY created_at DESC",
        )
        .bind(user.as_str())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// Notes a use, unless one was noted since `since`: however many meet, one of them writes.
    pub async fn note_token_use(&self, id: &TokenId, now: Timestamp, since: Timestamp, address: &str) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE personal_tokens SET last_used_at = $2, last_used_address = $4 \
             WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)",
        )
        .bind(id.as_str())
        .bind(now.0)
        .bind(since.0)
        .bind(address)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}

impl Transaction {
    /// Holds an account to the end of the transaction: whoever ends all that is held of it comes before
    /// or after, and so does whoever makes another token. None when the account is gone or its day came.
    pub async fn hold_owner(&mut self, id: &UserId, now: Timestamp) -> Result<Option<UserRow>> {
        sqlx::query_as(concat!(
            "UPDATE users SET locale = locale WHERE id = $1 AND (delete_at IS NULL OR delete_at > $2) RETURNING ",
            user_columns!()
        ))
        .bind(id.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Whether a session goes on.
    pub async fn is_live_session(&mut self, id: &SessionId, now: Timestamp) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM sessions WHERE id = $1 AND ended_at IS NULL AND expires_at > $2")
            .bind(id.as_str())
            .bind(now.0)
            .fetch_optional(&mut *self.0)
            .await?;
        Ok(row.is_some())
    }

    /// How many tokens of an account work, and how many were made since `since`. Exact for whoever holds
    /// the account.
    pub async fn count_tokens(&mut self, user: &UserId, now: Timestamp, since: Timestamp) -> Result<TokenCounts> {
        let row = sqlx::query(
            "SELECT CAST(COUNT(CASE WHEN revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) THEN 1 END) \
             AS BIGINT) AS live, CAST(COUNT(CASE WHEN created_at > $3 THEN 1 END) AS BIGINT) AS made \
             FROM personal_tokens WHERE user_id = $1",
        )
        .bind(user.as_str())
        .bind(now.0)
        .bind(since.0)
        .fetch_one(&mut *self.0)
        .await?;
        Ok(TokenCounts { live: row.try_get("live")?, made: row.try_get("made")? })
    }

    /// Stores a token.
    pub async fn insert_token(&mut self, new: NewPersonalToken<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO personal_tokens (id, user_id, name, scopes, digest, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(new.item.id.as_str())
        .bind(new.user_id.as_str())
        .bind(new.item.name.as_str())
        .bind(new.item.scopes.to_text())
        .bind(new.digest)
        .bind(new.item.created_at.0)
        .bind(new.item.expires_at.map(|at| at.0))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Revokes a token of this person; `false` when there is no such token or it was revoked before.
    pub async fn revoke_token(&mut self, user: &UserId, id: &TokenId, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE personal_tokens SET revoked_at = $3 WHERE id = $2 AND user_id = $1 AND revoked_at IS NULL",
        )
        .bind(user.as_str())
        .bind(id.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether a token, revoked or not, is this person's.
    pub async fn is_token_of(&mut self, user: &UserId, id: &TokenId) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM personal_tokens WHERE id = $2 AND user_id = $1")
            .bind(user.as_str())
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await?;
        Ok(row.is_some())
    }

    /// Revokes every token of an account and says how many there were. Hold the account first: two that
    /// revoke them all would wait for each other's rows.
    pub async fn revoke_tokens_of(&mut self, user: &UserId, now: Timestamp) -> Result<u64> {
        let done = sqlx::query("UPDATE personal_tokens SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL")
            .bind(user.as_str())
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected())
    }
}
