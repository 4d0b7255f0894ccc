//! The providers of the settings.

use super::http::Http;
use super::native_redirects::NativeRedirects;
use super::provider::Provider;
use super::settings::{FederationSettings, ProviderSettings};
use crate::ProviderId;

/// Every provider, in the order in which they are shown, and where native apps may be sent back to.
pub struct Providers(Vec<Provider>, pub(super) NativeRedirects);

impl Providers {
    /// Prepares them; nobody is asked anything before somebody wants to sign in.
    ///
    /// # Errors
    /// When two have one name, the system has no certificate authorities, or an address of a native app is none.
    pub fn new(settings: FederationSettings) -> anyhow::Result<Self> {
        let providers = prepared(settings.providers, settings.private_addresses)?;
        Ok(Self(providers, NativeRedirects::new(settings.native_redirects)?))
    }

    /// The provider of a name.
    pub fn get(&self, id: &ProviderId) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.settings().id == *id)
    }

    /// Each, in the order in which they are shown.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter()
    }
}

fn prepared(all: Vec<ProviderSettings>, private_addresses: bool) -> anyhow::Result<Vec<Provider>> {
    for (place, settings) in all.iter().enumerate() {
        let is_new = all[..place].iter().all(|other| other.id != settings.id);
        anyhow::ensure!(is_new, "two providers are called {}", settings.id);
    }
    // A client reads the certificate authorities of the system: not where it is for nobody.
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let http = Http::new(private_addresses)?;
    Ok(all.into_iter().map(|settings| Provider::new(settings, http.for_another())).collect())
}
