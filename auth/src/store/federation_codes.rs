//! Ways that native apps begin, and the codes that they redeem afterwards.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::id::{SessionId, UserId};
use crate::{ProviderId, Timestamp};

/// Rows that one sweep deletes at most.
const BITE: i64 = 500;

/// A code to be kept.
pub struct NewFederationCode<'a> {
    /// Its digest.
    pub digest: &'a str,
    /// What the app's verifier must answer (RFC 7636, 4.2).
    pub code_challenge: &'a str,
    /// Where the person came from.
    pub provider: &'a ProviderId,
    /// Who it is, sealed.
    pub identity_sealed: &'a str,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A code that was taken.
pub struct FederationCodeRow {
    /// What the app's verifier must answer.
    pub code_challenge: String,
    /// Who it is, sealed.
    pub identity_sealed: String,
    /// When it would have ended.
    pub expires_at: Timestamp,
}

/// A code that was taken before.
pub struct UsedFederationCode {
    /// What the app's verifier must answer.
    pub code_challenge: String,
    /// Digest of the first refresh token that it led to, or of the ticket of a sign-in that waits; empty while it led to
    /// neither.
    pub token_digest: String,
}

impl FromRow<'_, AnyRow> for UsedFederationCode {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self { code_challenge: row.try_get("code_challenge")?, token_digest: row.try_get("token_digest")? })
    }
}

impl Store {
    /// Keeps a code.
    pub async fn insert_federation_code(&self, code: NewFederationCode<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO federation_codes (digest, code_challenge, provider, identity_sealed, expires_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(code.digest)
        .bind(code.code_challenge)
        .bind(code.provider.as_str())
        .bind(code.identity_sealed)
        .bind(code.expires_at.0)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }

    /// A code that was taken; none for one that was not, or longer ago than is kept.
    pub async fn used_federation_code(&self, digest: &str) -> Result<Option<UsedFederationCode>> {
        sqlx::query_as("SELECT code_challenge, token_digest FROM used_federation_codes WHERE digest = $1")
            .bind(digest)
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// Notes what a code that was taken led to; `false` when it was used once more meanwhile.
    pub async fn note_used_federation_code(&self, digest: &str, token_digest: &str) -> Result<bool> {
        let done =
            sqlx::query("UPDATE used_federation_codes SET token_digest = $2 WHERE digest = $1 AND token_digest = ''")
                .bind(digest)
                .bind(token_digest)
                .execute(&mut *self.write.get().await?)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets the oldest ways of native apps beyond `most`. They belong to no browser, so all of them are counted.
    pub async fn sweep_native_flows(&self, most: i64) -> Result<()> {
        sqlx::query(
            "DELETE FROM federation_flows WHERE digest IN (SELECT digest FROM federation_flows \
             WHERE browser_digest = '' ORDER BY created_at DESC, digest LIMIT $1 OFFSET $2)",
        )
        .bind(BITE)
        .bind(most)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }
}

impl Transaction {
    /// Takes a code away and gives it, to one of all who ask. That it was is known with the same commit, before anything is
    /// made of it.
    pub async fn take_federation_code(&mut self, digest: &str, now: Timestamp) -> Result<Option<FederationCodeRow>> {
        let taken = sqlx::query(
            "DELETE FROM federation_codes WHERE digest = $1 RETURNING code_challenge, identity_sealed, expires_at",
        )
        .bind(digest)
        .fetch_optional(&mut *self.0)
        .await?;
        let Some(row) = taken else { return Ok(None) };
        let taken = FederationCodeRow {
            code_challenge: row.try_get("code_challenge")?,
            identity_sealed: row.try_get("identity_sealed")?,
            expires_at: Timestamp(row.try_get("expires_at")?),
        };
        sqlx::query(
            "INSERT INTO used_federation_codes (digest, code_challenge, token_digest, used_at) VALUES ($1, $2, '', $3)",
        )
        .bind(digest)
        .bind(taken.code_challenge.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(Some(taken))
    }

    /// Says that a code is used once more, and gives what it led to. Whoever notes that waits to the end of the transaction:
    /// a code that led to nothing yet leads to nothing any more.
    pub async fn reuse_federation_code(&mut self, digest: &str) -> Result<Option<UsedFederationCode>> {
        sqlx::query_as(
            "UPDATE used_federation_codes SET token_digest = CASE WHEN token_digest = '' THEN 'reused' \
             ELSE token_digest END WHERE digest = $1 RETURNING code_challenge, token_digest",
        )
        .bind(digest)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// What led to a sign-in that waited leads to its session from now on.
    pub async fn move_used_federation_code(&mut self, ticket: &str, token: &str) -> Result<()> {
        sqlx::query("UPDATE used_federation_codes SET token_digest = $2 WHERE token_digest = $1")
            .bind(ticket)
            .bind(token)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// The session of a refresh token, whether it goes on or not, with whose it is.
    pub async fn session_of_token(&mut self, digest: &str) -> Result<Option<(UserId, SessionId)>> {
        sqlx::query(
            "SELECT s.user_id, s.id AS session_id FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id \
             WHERE t.digest = $1",
        )
        .bind(digest)
        .fetch_optional(&mut *self.0)
        .await?
        .map(|row| Ok((UserId(row.try_get("user_id")?), SessionId(row.try_get("session_id")?))))
        .transpose()
    }
}
