//! Following the setting of what access tokens are signed with.

use anyhow::anyhow;

use super::add_key::{TRIES, add_key};
use crate::store::KeyRow;
use crate::token::Algorithm;
use crate::{Auth, ErrorCode, Result};

/// Publishes a next key when the newest one is not what the settings want: of another algorithm, or
/// another shared secret. Called once, when a server starts: nodes with different settings would otherwise
/// outdo each other for ever.
///
/// # Errors
/// When the shared secret of the settings is that of a revoked key, or the store fails.
pub async fn adopt_signing_algorithm(auth: &Auth) -> Result<()> {
    for _ in 0..TRIES {
        auth.learn_keys().await?;
        let ring = auth.keys().current();
        let is_leaked = |row: &&KeyRow| row.revoked_at.is_some() && auth.vault.is_our_secret(row);
        if let Some(leaked) = ring.rows().find(is_leaked).filter(|_| auth.vault.wanted() == Algorithm::Hs256) {
            return Err(anyhow!(
                "hs256_secret is that of the revoked key {}: set another one, made by `openssl rand -base64 48`",
                leaked.id
            )
            .into());
        }
        let newest = ring.rows().rev().find(|row| row.revoked_at.is_none());
        if newest.is_some_and(|row| is_wanted(auth, row)) {
            return Ok(());
        }
        let lead = auth.vault.settings().publish_seconds;
        if add_key(auth, auth.vault.wanted(), lead, None).await?.is_some() {
            return Ok(());
        }
    }
    Err(ErrorCode::ChangedMeanwhile.into())
}

fn is_wanted(auth: &Auth, row: &KeyRow) -> bool {
    row.algorithm == auth.vault.wanted() && (row.algorithm != Algorithm::Hs256 || auth.vault.is_our_secret(row))
}
