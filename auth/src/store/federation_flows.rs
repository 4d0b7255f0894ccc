//! Ways to providers that were begun. A row goes when its `state` comes back to its browser.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::{ProviderId, Timestamp};

/// A way to be stored.
pub struct NewFederationFlow<'a> {
    /// Digest of its `state`; of an arrival, of its ticket.
    pub digest: &'a str,
    /// Digest of the browser's cookie; empty: a native app, which is bound by its own PKCE.
    pub browser_digest: &'a str,
    /// To which provider it leads.
    pub provider: &'a ProviderId,
    /// `sign_in`, `connect`, `native`, `native_arrival` or `fedcm`.
    pub purpose: &'a str,
    /// The session that connects; empty otherwise.
    pub session_id: &'a str,
    /// What it remembers, sealed.
    pub payload_sealed: &'a str,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A way that came back.
pub struct FederationFlowRow {
    /// `sign_in`, `connect`, `native`, `native_arrival` or `fedcm`.
    pub purpose: String,
    /// The session that connects; empty otherwise.
    pub session_id: String,
    /// What it remembers, sealed.
    pub payload_sealed: String,
}

impl FromRow<'_, AnyRow> for FederationFlowRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            purpose: row.try_get("purpose")?,
            session_id: row.try_get("session_id")?,
            payload_sealed: row.try_get("payload_sealed")?,
        })
    }
}

impl Store {
    /// A way that lives, of this browser and provider. Changes nothing.
    pub async fn federation_flow(
        &self,
        digest: &str,
        browser_digest: &str,
        provider: &ProviderId,
        now: Timestamp,
    ) -> Result<Option<FederationFlowRow>> {
        sqlx::query_as(
            "SELECT purpose, session_id, payload_sealed FROM federation_flows \
             WHERE digest = $1 AND browser_digest = $2 AND provider = $3 AND expires_at > $4",
        )
        .bind(digest)
        .bind(browser_digest)
        .bind(provider.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Stores a way.
    pub async fn insert_federation_flow(&mut self, flow: NewFederationFlow<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO federation_flows \
             (digest, browser_digest, provider, purpose, session_id, payload_sealed, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(flow.digest)
        .bind(flow.browser_digest)
        .bind(flow.provider.as_str())
        .bind(flow.purpose)
        .bind(flow.session_id)
        .bind(flow.payload_sealed)
        .bind(flow.created_at.0)
        .bind(flow.expires_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Takes the way of a `state`, once. None, and nothing is consumed, in another browser, for another provider, and
    /// when it is over.
    pub async fn take_federation_flow(
        &mut self,
        digest: &str,
        browser_digest: &str,
        provider: &ProviderId,
        now: Timestamp,
    ) -> Result<Option<FederationFlowRow>> {
        sqlx::query_as(
            "DELETE FROM federation_flows WHERE digest = $1 AND browser_digest = $2 AND provider = $3 \
             AND expires_at > $4 RETURNING purpose, session_id, payload_sealed",
        )
        .bind(digest)
        .bind(browser_digest)
        .bind(provider.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }
}
