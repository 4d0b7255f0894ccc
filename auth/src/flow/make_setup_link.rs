//! The link that makes the first administrator: there is no account with a known password. Whoever reads what the
//! program prints at its start, or may run commands on its machine, gets it.

use secrecy::{ExposeSecret, SecretString};

use crate::crypto::{Purpose, token_digest};
use crate::{Auth, Result};

/// Seconds in which the link works.
pub const SETUP_SECONDS: i64 = 24 * 60 * 60;

/// A new link in the place of the one before; none once there is an administrator. Only its digest is kept.
///
/// # Errors
/// When the store fails.
pub async fn make_setup_link(auth: &Auth) -> Result<Option<SecretString>> {
    let (token, now) = (auth.random.token(), auth.now());
    let digest = token_digest(Purpose::SetupLink, &token);
    let is_made = auth.store.replace_setup_link(&digest, now, now.plus_seconds(SETUP_SECONDS)).await?;
    Ok(is_made.then(|| format!("{}/setup?token={}", auth.public_url, token.expose_secret()).into()))
}
