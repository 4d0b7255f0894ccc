//! The start: a token, and with it the secrets. A vault that is restarted or sealed at that moment is waited for.

use anyhow::{anyhow, bail};
use auth::clock::Clock;
use std::sync::{Arc, Mutex};

use super::answer::Kept;
use super::fault::Failure;
use super::http::Http;
use super::lease::Lease;
use super::{Identity, Inside, Patience, Secrets, State, Vault, VaultSettings};

impl Vault {
    /// Reads the secrets, and whatever else is needed to go on reading them.
    ///
    /// # Errors
    /// What the vault refused, or that it did not answer after all tries, with what to do. No secret is told.
    pub async fn open(
        settings: VaultSettings,
        patience: Patience,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<(Self, Secrets)> {
        let http = Http::new(&settings, patience.timeout)?;
        let (mut tries, mut wait) = (1, patience.first_wait);
        let (state, kept) = loop {
            match first_look(&http, &settings, &*clock).await {
                Ok(seen) => break seen,
                Err(failure) if failure.is_passing() && tries < patience.tries => {
                    tokio::time::sleep(wait).await;
                    (tries, wait) = (tries + 1, wait * 2);
                }
                Err(failure) if tries > 1 => bail!("after {tries} tries: {failure}"),
                Err(failure) => bail!("{failure}"),
            }
        };
        let version = kept.metadata.version;
        let secrets = kept.secrets().map_err(|why| anyhow!("the secret at vault_path cannot be used: {why}"))?;
        let VaultSettings { path, identity, .. } = settings;
        let state = Mutex::new(state);
        Ok((Self(Arc::new(Inside { http, identity, path, clock, version, state })), secrets))
    }
}

/// Takes the token that is there or logs in for one, and reads.
async fn first_look(http: &Http, settings: &VaultSettings, clock: &dyn Clock) -> Result<(State, Kept), Failure> {
    let (token, lease) = match &settings.identity {
        Identity::Token(token) => (token.clone(), None),
        Identity::Role { role_id, secret_id } => {
            let granted = http.log_in(role_id, secret_id).await?;
            let lease = Lease::granted(&granted, clock.now());
            (granted.client_token, Some(lease))
        }
    };
    let kept = http.read(&token, &settings.path).await?;
    Ok((State { token, lease, answered_at: clock.now(), fault: None }, kept))
}
