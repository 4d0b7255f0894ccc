//! What an operator sets about webhooks, and where names are looked up.

use std::sync::Arc;

use crate::outward::{AllowedHosts, HostNames, SystemNames};

/// Settings of webhooks.
#[derive(Clone)]
pub struct WebhookSettings {
    /// Hosts that a webhook may be called at; none by itself.
    pub hosts: AllowedHosts,
    /// Whether a webhook may have a private address, and http: for development.
    pub private_addresses: bool,
    /// Where the addresses of names are asked for.
    pub names: Arc<dyn HostNames>,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self { hosts: AllowedHosts::default(), private_addresses: false, names: Arc::new(SystemNames) }
    }
}
