//! The tokens of refresh token families.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::SessionId;

/// A token that was found by its digest.
#[derive(Clone)]
pub struct Presented {
    /// The family.
    pub session_id: SessionId,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When its successor was issued; none for the newest.
    pub rotated_at: Option<Timestamp>,
}

/// A token that was rotated a moment ago.
pub struct Generation {
    /// The family.
    pub session_id: SessionId,
    /// How many came before it.
    pub number: i64,
}

impl FromRow<'_, AnyRow> for Presented {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            session_id: SessionId(row.try_get("session_id")?),
            issued_at: Timestamp(row.try_get("issued_at")?),
            rotated_at: row.try_get::<Option<i64>, _>("rotated_at")?.map(Timestamp),
        })
    }
}

impl Store {
    /// The token with this digest, current or not.
    pub async fn refresh_token(&self, digest: &str) -> Result<Option<Presented>> {
        sqlx::query_as("SELECT session_id, issued_at, rotated_at FROM refresh_tokens WHERE digest = $1")
            .bind(digest)
            .fetch_optional(&self.read)
            .await
    }
}

impl Transaction {
    /// Marks the newest token as rotated: of many parallel requests, one gets the generation.
    pub async fn rotate(&mut self, digest: &str, now: Timestamp) -> Result<Option<Generation>> {
        sqlx::query(
            "UPDATE refresh_tokens SET rotated_at = $2 WHERE digest = $1 AND rotated_at IS NULL \
             RETURNING session_id, generation",
        )
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?
        .map(|row| {
            Ok(Generation { session_id: SessionId(row.try_get("session_id")?), number: row.try_get("generation")? })
        })
        .transpose()
    }

    /// Stores a token as the newest of its family.
    pub async fn insert_refresh_token(&mut self, digest: &str, generation: &Generation, now: Timestamp) -> Result<()> {
        sqlx::query("INSERT INTO refresh_tokens (digest, session_id, generation, issued_at) VALUES ($1, $2, $3, $4)")
            .bind(digest)
            .bind(generation.session_id.as_str())
            .bind(generation.number)
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}
