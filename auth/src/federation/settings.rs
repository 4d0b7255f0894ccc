//! What an operator sets about providers.

use secrecy::SecretString;

use crate::ProviderId;
use crate::view::ProviderIcon;

/// Providers, and what holds for all of them.
#[derive(Clone, Default)]
pub struct FederationSettings {
    /// In the order in which they are shown.
    pub providers: Vec<ProviderSettings>,
    /// Whether a provider may have a private address: for development.
    pub private_addresses: bool,
    /// Addresses of native apps besides loopback ones, compared letter by letter.
    pub native_redirects: Vec<String>,
}

/// A provider.
#[derive(Clone)]
pub struct ProviderSettings {
    /// Its name in addresses and in the store.
    pub id: ProviderId,
    /// How it is spoken to.
    pub kind: ProviderKind,
    /// Its name for people.
    pub name: String,
    /// Its picture.
    pub icon: ProviderIcon,
    /// Who we are there.
    pub client_id: String,
    /// What proves it; none for a public client.
    pub client_secret: Option<SecretString>,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// Whether an address counts as proved when it says so.
    pub trusts_email: bool,
    /// Whether a second factor that it tells of (`amr`, `acr`) takes the place of ours.
    pub trusts_second_factor: bool,
    /// Whether its tokens are kept and refreshed.
    pub keeps_tokens: bool,
    /// Its file for browsers that ask by themselves (FedCM).
    pub fedcm_config_url: Option<String>,
}

/// How a provider is spoken to.
#[derive(Clone)]
pub enum ProviderKind {
    /// OpenID Connect: everything else is found by discovery.
    OpenId {
        /// The issuer, without a slash at the end unless its own name has one.
        issuer: String,
    },
    /// GitHub's OAuth 2.0 and its API.
    GitHub {
        /// Such as `https://github.com`.
        site: String,
        /// Such as `https://api.github.com`.
        api: String,
    },
}
