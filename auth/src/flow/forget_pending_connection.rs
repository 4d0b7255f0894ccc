//! "Not now": the ticket of somebody who came from a provider is worth nothing any more.

use secrecy::SecretString;

use crate::crypto::{Purpose, token_digest};
use crate::{Auth, Result};

/// Uses a ticket up. One that was over before is no failure.
///
/// # Errors
/// Only when the database fails.
pub async fn forget_pending_connection(auth: &Auth, ticket: &SecretString) -> Result<()> {
    let digest = token_digest(Purpose::PendingConnection, ticket);
    let mut tx = auth.store.begin().await?;
    tx.use_pending_connection(&digest, auth.now()).await?;
    Ok(tx.commit().await?)
}
