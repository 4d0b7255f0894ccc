//! The providers of the settings.

use super::settings::{FederationSettings, ProviderSettings};
use crate::ProviderId;
use crate::view::{FedCmItem, ProviderItem};

/// Every provider, in the order in which they are shown.
pub struct Providers(Vec<Provider>);

/// One provider.
pub struct Provider {
    settings: ProviderSettings,
}

impl Providers {
    /// Prepares them; nobody is asked anything before somebody wants to sign in.
    ///
    /// # Errors
    /// When two have one name.
    pub fn new(settings: FederationSettings) -> anyhow::Result<Self> {
        let providers: Vec<Provider> = settings.providers.into_iter().map(|settings| Provider { settings }).collect();
        for (place, provider) in providers.iter().enumerate() {
            let is_new = providers[..place].iter().all(|other| other.settings.id != provider.settings.id);
            anyhow::ensure!(is_new, "two providers are called {}", provider.settings.id);
        }
        Ok(Self(providers))
    }

    /// The provider of a name.
    pub fn get(&self, id: &ProviderId) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.settings.id == *id)
    }

    /// Each, in the order in which they are shown.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter()
    }
}

impl Provider {
    /// What the operator set.
    pub fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// What pages and programs see.
    pub fn item(&self) -> ProviderItem {
        let settings = &self.settings;
        let fedcm = settings.fedcm_config_url.clone();
        ProviderItem {
            id: settings.id.clone(),
            name: settings.name.clone(),
            icon: settings.icon,
            fedcm: fedcm.map(|config_url| FedCmItem { config_url, client_id: settings.client_id.clone() }),
        }
    }
}
