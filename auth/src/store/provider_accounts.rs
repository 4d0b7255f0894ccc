//! Connections: accounts of providers that open accounts here.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::users::parsed;
use super::{Result, Store, Transaction};
use crate::federation::{Identity, ProviderEmail};
use crate::id::{ConnectionId, UserId};
use crate::{Email, ProviderId, Timestamp};

/// A stored connection.
pub struct ConnectionRow {
    /// Its id.
    pub id: ConnectionId,
    /// The provider.
    pub provider: ProviderId,
    /// Who said it.
    pub issuer: String,
    /// Who it is there.
    pub subject: String,
    /// The address there, as the provider last told it.
    pub email: Option<Email>,
    /// When it last told that the address is proved; none when it does not say so.
    pub email_verified_at: Option<Timestamp>,
    /// When it was connected.
    pub created_at: Timestamp,
    /// When somebody last signed in with it.
    pub last_used_at: Option<Timestamp>,
}

/// The columns of a connection.
macro_rules! connection_columns {
    () => {
        "id, provider, issuer, subject, email, email_verified_at, created_at, last_used_at"
    };
}

impl FromRow<'_, AnyRow> for ConnectionRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let has_email = !row.try_get::<String, _>("email")?.is_empty();
        Ok(Self {
            id: ConnectionId(row.try_get("id")?),
            provider: provider(row)?,
            issuer: row.try_get("issuer")?,
            subject: row.try_get("subject")?,
            email: has_email.then(|| parsed(row, "email")).transpose()?,
            email_verified_at: row.try_get::<Option<i64>, _>("email_verified_at")?.map(Timestamp),
            created_at: Timestamp(row.try_get("created_at")?),
            last_used_at: row.try_get::<Option<i64>, _>("last_used_at")?.map(Timestamp),
        })
    }
}

/// Reads the column `provider`.
pub(super) fn provider(row: &AnyRow) -> Result<ProviderId> {
    ProviderId::try_from(row.try_get::<String, _>("provider")?)
        .map_err(|issue| sqlx::Error::ColumnDecode { index: "provider".to_owned(), source: issue.into() })
}

/// The columns `email` and `email_verified_at`.
fn email_columns(email: &ProviderEmail, now: Timestamp) -> (&str, Option<i64>) {
    match email {
        ProviderEmail::Verified(email) => (email.as_str(), Some(now.0)),
        ProviderEmail::Unverified(email) => (email.as_str(), None),
        ProviderEmail::Missing => ("", None),
    }
}

impl Store {
    /// Whose account this person of a provider opens.
    pub async fn connection_owner(&self, identity: &Identity) -> Result<Option<UserId>> {
        sqlx::query("SELECT user_id FROM connections WHERE provider = $1 AND issuer = $2 AND subject = $3")
            .bind(identity.provider.as_str())
            .bind(identity.issuer.as_str())
            .bind(identity.subject.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("user_id").map(UserId))
            .transpose()
    }

    /// The connections of an account, the oldest first. There are few: their number is bounded where they are made.
    pub async fn connections_of(&self, user: &UserId) -> Result<Vec<ConnectionRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            connection_columns!(),
            " FROM connections WHERE user_id = $1 ORDER BY created_at, id LIMIT 100"
        ))
        .bind(user.as_str())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Stores a connection; `false` when there is one of this person of the provider, whosever it is.
    pub async fn insert_connection(
        &mut self,
        id: &ConnectionId,
        user: &UserId,
        identity: &Identity,
        now: Timestamp,
    ) -> Result<bool> {
        let (email, verified_at) = email_columns(&identity.email, now);
        let done = sqlx::query(
            "INSERT INTO connections (id, user_id, provider, issuer, subject, email, email_verified_at, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (provider, issuer, subject) DO NOTHING",
        )
        .bind(id.as_str())
        .bind(user.as_str())
        .bind(identity.provider.as_str())
        .bind(identity.issuer.as_str())
        .bind(identity.subject.as_str())
        .bind(email)
        .bind(verified_at)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The connection of this person of a provider, and whose it is.
    pub async fn connection_of(&mut self, identity: &Identity) -> Result<Option<(ConnectionId, UserId)>> {
        sqlx::query("SELECT id, user_id FROM connections WHERE provider = $1 AND issuer = $2 AND subject = $3")
            .bind(identity.provider.as_str())
            .bind(identity.issuer.as_str())
            .bind(identity.subject.as_str())
            .fetch_optional(&mut *self.0)
            .await?
            .map(|row| Ok((ConnectionId(row.try_get("id")?), UserId(row.try_get("user_id")?))))
            .transpose()
    }

    /// Notes a use, and the address when the provider told one; `false` when there is no such connection any more.
    pub async fn use_connection(&mut self, identity: &Identity, now: Timestamp) -> Result<bool> {
        let (email, verified_at) = email_columns(&identity.email, now);
        let done = sqlx::query(
            "UPDATE connections SET last_used_at = $4, email = CASE WHEN $5 = '' THEN email ELSE $5 END, \
             email_verified_at = CASE WHEN $5 = '' THEN email_verified_at ELSE CAST($6 AS BIGINT) END \
             WHERE provider = $1 AND issuer = $2 AND subject = $3",
        )
        .bind(identity.provider.as_str())
        .bind(identity.issuer.as_str())
        .bind(identity.subject.as_str())
        .bind(now.0)
        .bind(email)
        .bind(verified_at)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The provider of each connection of an account. Exact for whoever holds the account.
    pub async fn connected_providers(&mut self, user: &UserId) -> Result<Vec<ProviderId>> {
        sqlx::query("SELECT provider FROM connections WHERE user_id = $1 LIMIT 100")
            .bind(user.as_str())
            .fetch_all(&mut *self.0)
            .await?
            .iter()
            .map(provider)
            .collect()
    }

    /// Removes a connection with its kept tokens, and gives what it was; none when the account has none of this id.
    pub async fn remove_connection(&mut self, user: &UserId, id: &ConnectionId) -> Result<Option<ConnectionRow>> {
        sqlx::query(
            "DELETE FROM provider_tokens WHERE connection_id IN \
             (SELECT id FROM connections WHERE id = $1 AND user_id = $2)",
        )
        .bind(id.as_str())
        .bind(user.as_str())
        .execute(&mut *self.0)
        .await?;
        sqlx::query_as(concat!(
            "DELETE FROM connections WHERE id = $1 AND user_id = $2 RETURNING ",
            connection_columns!()
        ))
        .bind(id.as_str())
        .bind(user.as_str())
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Removes the connection that the account was made with, and its kept tokens; whether there was one.
    pub async fn delete_first_connection(&mut self, user: &UserId) -> Result<bool> {
        let mut removed = false;
        for statement in [
            "DELETE FROM provider_tokens WHERE connection_id IN (SELECT c.id FROM connections c \
             JOIN users u ON u.id = c.user_id WHERE u.id = $1 AND c.created_at = u.created_at)",
            "DELETE FROM connections WHERE user_id = $1 \
             AND created_at = (SELECT created_at FROM users WHERE id = $1)",
        ] {
            let done = sqlx::query(statement).bind(user.as_str()).execute(&mut *self.0).await?;
            removed = done.rows_affected() > 0;
        }
        Ok(removed)
    }

    /// Removes the connections of an account that were made at this moment or later, with their kept tokens, and
    /// whatever waits to become one.
    pub async fn delete_connections_since(&mut self, user: &UserId, since: Timestamp) -> Result<()> {
        for statement in [
            "DELETE FROM provider_tokens WHERE connection_id IN \
             (SELECT id FROM connections WHERE user_id = $1 AND created_at >= $2)",
            "DELETE FROM connections WHERE user_id = $1 AND created_at >= $2",
        ] {
            sqlx::query(statement).bind(user.as_str()).bind(since.0).execute(&mut *self.0).await?;
        }
        sqlx::query("DELETE FROM pending_connections WHERE user_id = $1")
            .bind(user.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}
