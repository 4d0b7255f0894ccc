//! The providers to sign in with.

use crate::Auth;
use crate::federation::Provider;
use crate::view::ProviderItem;

/// Every provider of the settings, in their order. Asks nobody.
pub fn list_providers(auth: &Auth) -> Vec<ProviderItem> {
    auth.providers.iter().map(Provider::item).collect()
}
