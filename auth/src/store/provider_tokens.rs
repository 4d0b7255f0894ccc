//! Tokens of providers, where a setting asks to keep them. They rest sealed.

use sqlx::Row;

use super::provider_accounts::provider;
use super::{Result, Store, Transaction};
use crate::id::{ConnectionId, UserId};
use crate::{ProviderId, Timestamp};

/// Tokens to be stored.
pub struct SealedTokens {
    /// For the provider's API.
    pub access_sealed: String,
    /// For another one; empty: the provider gave none, and the one of before stays.
    pub refresh_sealed: String,
    /// What they allow.
    pub scope: String,
    /// When the access token ends; none: it is not told.
    pub expires_at: Option<Timestamp>,
    /// When another one is asked for, if there is a token for that.
    pub refresh_at: Option<Timestamp>,
}

/// Tokens that are to be renewed.
#[derive(Clone)]
pub struct DueTokens {
    /// Whose they are.
    pub connection: ConnectionId,
    /// Who gave them.
    pub provider: ProviderId,
    /// What another one is asked for with.
    pub refresh_sealed: String,
    /// Since when they are due.
    pub refresh_at: Timestamp,
    /// How often it failed in a row.
    pub failures: i64,
}

/// An access token that is kept.
pub struct KeptAccess {
    /// Who gave it.
    pub provider: ProviderId,
    /// The token.
    pub access_sealed: String,
    /// When it ends; none: it is not told.
    pub expires_at: Option<Timestamp>,
}

impl Transaction {
    /// Keeps the tokens of a connection; those of before are forgotten.
    pub async fn put_provider_tokens(&mut self, connection: &ConnectionId, tokens: &SealedTokens) -> Result<()> {
        sqlx::query(
            "INSERT INTO provider_tokens (connection_id, access_sealed, refresh_sealed, scope, expires_at, refresh_at, \
             failures) VALUES ($1, $2, $3, $4, $5, CASE WHEN $3 = '' THEN NULL ELSE CAST($6 AS BIGINT) END, 0) \
             ON CONFLICT (connection_id) DO UPDATE SET access_sealed = excluded.access_sealed, \
             refresh_sealed = CASE WHEN excluded.refresh_sealed = '' THEN provider_tokens.refresh_sealed \
             ELSE excluded.refresh_sealed END, scope = excluded.scope, expires_at = excluded.expires_at, \
             refresh_at = CASE WHEN excluded.refresh_sealed = '' AND provider_tokens.refresh_sealed = '' THEN NULL \
             ELSE CAST($6 AS BIGINT) END, failures = 0",
        )
        .bind(connection.as_str())
        .bind(tokens.access_sealed.as_str())
        .bind(tokens.refresh_sealed.as_str())
        .bind(tokens.scope.as_str())
        .bind(tokens.expires_at.map(|at| at.0))
        .bind(tokens.refresh_at.map(|at| at.0))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}

impl Store {
    /// The access token of a connection of this account.
    pub async fn kept_access(&self, user: &UserId, connection: &ConnectionId) -> Result<Option<KeptAccess>> {
        sqlx::query(
            "SELECT c.provider, t.access_sealed, t.expires_at FROM connections c \
             JOIN provider_tokens t ON t.connection_id = c.id WHERE c.id = $1 AND c.user_id = $2",
        )
        .bind(connection.as_str())
        .bind(user.as_str())
        .fetch_optional(&mut *self.read.get().await?)
        .await?
        .map(|row| {
            Ok(KeptAccess {
                provider: provider(&row)?,
                access_sealed: row.try_get("access_sealed")?,
                expires_at: row.try_get::<Option<i64>, _>("expires_at")?.map(Timestamp),
            })
        })
        .transpose()
    }

    /// Tokens that are to be renewed, the most urgent first.
    pub async fn due_provider_tokens(&self, now: Timestamp, most: i64) -> Result<Vec<DueTokens>> {
        sqlx::query(
            "SELECT t.connection_id, c.provider, t.refresh_sealed, t.refresh_at, t.failures FROM provider_tokens t \
             JOIN connections c ON c.id = t.connection_id WHERE t.refresh_at <= $1 AND t.refresh_sealed <> '' \
             ORDER BY t.refresh_at LIMIT $2",
        )
        .bind(now.0)
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| {
            Ok(DueTokens {
                connection: ConnectionId(row.try_get("connection_id")?),
                provider: provider(row)?,
                refresh_sealed: row.try_get("refresh_sealed")?,
                refresh_at: Timestamp(row.try_get("refresh_at")?),
                failures: row.try_get("failures")?,
            })
        })
        .collect()
    }

    /// Takes tokens that are due until `until`; `false` when another node was faster, or they are others by now. A
    /// provider may take a token for another one that comes twice for a theft.
    pub async fn claim_provider_tokens(&self, due: &DueTokens, until: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE provider_tokens SET refresh_at = $4 WHERE connection_id = $1 AND refresh_sealed = $2 \
             AND refresh_at = $3",
        )
        .bind(due.connection.as_str())
        .bind(due.refresh_sealed.as_str())
        .bind(due.refresh_at.0)
        .bind(until.0)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Puts new tokens in the place of those that were due; `false` when a sign-in brought others meanwhile.
    pub async fn renew_provider_tokens(&self, due: &DueTokens, tokens: &SealedTokens) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE provider_tokens SET access_sealed = $3, \
             refresh_sealed = CASE WHEN $4 = '' THEN refresh_sealed ELSE $4 END, scope = $5, expires_at = $6, \
             refresh_at = $7, failures = 0 WHERE connection_id = $1 AND refresh_sealed = $2",
        )
        .bind(due.connection.as_str())
        .bind(due.refresh_sealed.as_str())
        .bind(tokens.access_sealed.as_str())
        .bind(tokens.refresh_sealed.as_str())
        .bind(tokens.scope.as_str())
        .bind(tokens.expires_at.map(|at| at.0))
        .bind(tokens.refresh_at.map(|at| at.0))
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The token that another one is asked for with, as it rests now; empty or none: there is none any more.
    pub async fn provider_refresh_token(&self, connection: &ConnectionId) -> Result<Option<String>> {
        sqlx::query("SELECT refresh_sealed FROM provider_tokens WHERE connection_id = $1")
            .bind(connection.as_str())
            .fetch_optional(&mut *self.write.get().await?)
            .await?
            .map(|row| row.try_get("refresh_sealed"))
            .transpose()
    }

    /// Notes that no others were to be had. Without a next time the token for others is forgotten, and the access token
    /// is used until it ends.
    pub async fn fail_provider_tokens(&self, due: &DueTokens, again_at: Option<Timestamp>) -> Result<()> {
        sqlx::query(
            "UPDATE provider_tokens SET failures = failures + 1, refresh_at = $3, \
             refresh_sealed = CASE WHEN CAST($3 AS BIGINT) IS NULL THEN '' ELSE refresh_sealed END \
             WHERE connection_id = $1 AND refresh_sealed = $2",
        )
        .bind(due.connection.as_str())
        .bind(due.refresh_sealed.as_str())
        .bind(again_at.map(|at| at.0))
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }

    /// Providers of which tokens are kept.
    pub async fn providers_with_tokens(&self) -> Result<Vec<ProviderId>> {
        sqlx::query("SELECT DISTINCT c.provider FROM provider_tokens t JOIN connections c ON c.id = t.connection_id")
            .fetch_all(&mut *self.read.get().await?)
            .await?
            .iter()
            .map(provider)
            .collect()
    }

    /// Forgets tokens of a provider.
    pub async fn delete_provider_tokens(&self, provider: &ProviderId, most: i64) -> Result<u64> {
        let done = sqlx::query(
            "DELETE FROM provider_tokens WHERE connection_id IN (SELECT t.connection_id FROM provider_tokens t \
             JOIN connections c ON c.id = t.connection_id WHERE c.provider = $1 LIMIT $2)",
        )
        .bind(provider.as_str())
        .bind(most)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected())
    }
}
