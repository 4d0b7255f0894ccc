//! Ways that native apps begin, and the codes that they redeem afterwards.

use sqlx::Row;

use super::{Result, Store};
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

/// A code that made a session.
pub struct UsedFederationCode {
    /// What the app's verifier must answer.
    pub code_challenge: String,
    /// Whose session it is.
    pub user_id: UserId,
    /// The session, whether it goes on or not.
    pub session_id: SessionId,
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

    /// Takes a code away and gives it, to one of all who ask.
    pub async fn take_federation_code(&self, digest: &str) -> Result<Option<FederationCodeRow>> {
        sqlx::query(
            "DELETE FROM federation_codes WHERE digest = $1 RETURNING code_challenge, identity_sealed, expires_at",
        )
        .bind(digest)
        .fetch_optional(&mut *self.write.get().await?)
        .await?
        .map(|row| {
            Ok(FederationCodeRow {
                code_challenge: row.try_get("code_challenge")?,
                identity_sealed: row.try_get("identity_sealed")?,
                expires_at: Timestamp(row.try_get("expires_at")?),
            })
        })
        .transpose()
    }

    /// Notes which refresh token a code that was taken led to.
    pub async fn note_used_federation_code(
        &self,
        digest: &str,
        code_challenge: &str,
        token_digest: &str,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO used_federation_codes (digest, code_challenge, token_digest, used_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(digest)
        .bind(code_challenge)
        .bind(token_digest)
        .bind(now.0)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }

    /// The session that a code made; none for one that made none, or longer ago than is kept.
    pub async fn used_federation_code(&self, digest: &str) -> Result<Option<UsedFederationCode>> {
        sqlx::query(
            "SELECT c.code_challenge, s.user_id, s.id AS session_id FROM used_federation_codes c \
             JOIN refresh_tokens t ON t.digest = c.token_digest JOIN sessions s ON s.id = t.session_id \
             WHERE c.digest = $1",
        )
        .bind(digest)
        .fetch_optional(&mut *self.read.get().await?)
        .await?
        .map(|row| {
            Ok(UsedFederationCode {
                code_challenge: row.try_get("code_challenge")?,
                user_id: UserId(row.try_get("user_id")?),
                session_id: SessionId(row.try_get("session_id")?),
            })
        })
        .transpose()
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
