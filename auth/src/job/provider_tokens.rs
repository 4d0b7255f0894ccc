//! Renewing the tokens of providers that are kept, some minutes before they end (RFC 6749, 6).
//!
//! Tokens that are due are claimed for a minute, longer than a provider may take, so no token for another one is shown
//! twice, and a node that dies loses nothing. A provider that does not answer is asked again, each time later; one that
//! says no is not.

use secrecy::ExposeSecret as _;
use std::time::Duration;
use tokio::task::JoinSet;

use crate::federation::{ProviderFault, ProviderTokens, open_refresh, seal_tokens};
use crate::store::DueTokens;
use crate::{Auth, Result};

/// How often the store is asked.
const INTERVAL: Duration = Duration::from_secs(30);
/// Tokens that are renewed at once.
const BATCH: i64 = 8;
const CLAIM_SECONDS: i64 = 60;
/// How long a provider may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Failures in a row after which a provider is not asked again: about two days.
const MAX_FAILURES: i64 = 50;

impl Auth {
    /// Renews kept tokens for ever; ends at once where no provider's are kept.
    pub async fn keep_provider_tokens(self) {
        if !self.providers.iter().any(|provider| provider.settings().keeps_tokens) {
            return;
        }
        loop {
            match self.renew_provider_tokens().await {
                Ok(0) => tokio::time::sleep(INTERVAL).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "tokens of providers cannot be renewed; it goes on");
                    tokio::time::sleep(INTERVAL).await;
                }
            }
        }
    }

    /// Renews tokens that are due, and says how many were asked for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew_provider_tokens(&self) -> Result<usize> {
        let now = self.now();
        let mut renewals = JoinSet::new();
        for due in self.store.due_provider_tokens(now, BATCH).await? {
            if self.store.claim_provider_tokens(&due, now.plus_seconds(CLAIM_SECONDS)).await? {
                let auth = self.clone();
                renewals.spawn(async move {
                    if let Err(error) = renew(&auth, &due).await {
                        tracing::warn!(%error, "what became of tokens of a provider cannot be written");
                    }
                });
            }
        }
        let asked = renewals.len();
        // None is cut off by the failure of another: a token that was used is worth what its answer says.
        while renewals.join_next().await.is_some() {}
        Ok(asked)
    }

    /// Forgets the tokens of every provider of which the settings keep none any more.
    pub(super) async fn forget_unwanted_provider_tokens(&self, most: i64) -> Result<u64> {
        let mut forgotten = 0;
        for id in self.store.providers_with_tokens().await? {
            if !self.providers.get(&id).is_some_and(|provider| provider.settings().keeps_tokens) {
                forgotten += self.store.delete_provider_tokens(&id, most).await?;
            }
        }
        Ok(forgotten)
    }
}

async fn renew(auth: &Auth, due: &DueTokens) -> Result<()> {
    let fault = match ask(auth, due).await {
        Ok(tokens) => {
            let sealed = seal_tokens(auth, &due.connection, &tokens, auth.now());
            if !auth.store.renew_provider_tokens(due, &sealed).await?
                && let Some(due) = sealed_anew(auth, due).await?
            {
                auth.store.renew_provider_tokens(&due, &sealed).await?;
            }
            return Ok(());
        }
        Err(fault) => fault,
    };
    let (error, may_retry) = match fault {
        ProviderFault::Unavailable(error) | ProviderFault::Invalid(error) => (error, due.failures < MAX_FAILURES),
        // `invalid_grant` above all: the person took the permission away there.
        ProviderFault::Refused(error) => (error, false),
    };
    tracing::warn!(
        connection = due.connection.as_str(),
        provider = due.provider.as_str(),
        given_up = !may_retry,
        error = format!("{error:#}"),
        "tokens of a provider were not renewed"
    );
    let again_at = may_retry.then(|| auth.now().plus_seconds(delay_seconds(due.failures)));
    Ok(auth.store.fail_provider_tokens(due, again_at).await?)
}

/// The same tokens, when they were sealed under another master key while the provider was asked: they are another text then.
async fn sealed_anew(auth: &Auth, due: &DueTokens) -> Result<Option<DueTokens>> {
    let Some(sealed) = auth.store.provider_refresh_token(&due.connection).await?.filter(|sealed| !sealed.is_empty())
    else {
        return Ok(None);
    };
    let [before, now] = [&due.refresh_sealed, &sealed].map(|sealed| open_refresh(auth, &due.connection, sealed));
    let is_same = before?.expose_secret() == now?.expose_secret();
    Ok(is_same.then(|| DueTokens { refresh_sealed: sealed, ..due.clone() }))
}

/// Asks the provider, with no transaction open.
async fn ask(auth: &Auth, due: &DueTokens) -> std::result::Result<ProviderTokens, ProviderFault> {
    let provider = auth.providers.get(&due.provider).filter(|provider| provider.settings().keeps_tokens);
    let provider =
        provider.ok_or_else(|| ProviderFault::Refused(anyhow::anyhow!("the settings keep none any more")))?;
    let refresh = open_refresh(auth, &due.connection, &due.refresh_sealed).map_err(ProviderFault::Unavailable)?;
    let outcome = tokio::time::timeout(PATIENCE, provider.refresh(&refresh, auth.now())).await;
    outcome.unwrap_or_else(|_| Err(ProviderFault::Unavailable(anyhow::anyhow!("the provider took too long"))))
}

/// A minute, two, four … at most an hour.
fn delay_seconds(failures: i64) -> i64 {
    let doublings = u32::try_from(failures.clamp(0, 10)).unwrap_or(0);
    (60_i64 << doublings).min(3600)
}

#[cfg(test)]
mod tests {
    use super::delay_seconds;

    #[test]
    fn patience_grows_to_an_hour() {
        assert_eq!([0, 1, 2, 5, 6, 99].map(delay_seconds), [60, 120, 240, 1920, 3600, 3600]);
    }
}
