//! Whether organizations may claim mail domains, and who is asked for their records.

use anyhow::Context as _;
use auth::dns::{DnsResolver, DomainResolver};
use auth::random::SystemRandom;
use std::net::SocketAddr;
use std::sync::Arc;

use super::source::Values;
use super::switch;

/// Mail domains of organizations.
#[derive(Clone, Copy)]
pub struct DomainSettings {
    /// Whether they may be claimed.
    pub is_on: bool,
    /// Who is asked; none: the first server that the system names.
    pub dns_server: Option<SocketAddr>,
}

impl DomainSettings {
    /// Who looks records up; none where no domain may be claimed.
    pub fn resolver(self) -> Option<Arc<dyn DomainResolver>> {
        self.is_on.then(|| {
            let resolver: Arc<dyn DomainResolver> = Arc::new(DnsResolver::new(self.dns_server, Arc::new(SystemRandom)));
            resolver
        })
    }
}

pub(super) fn parse(values: &Values) -> anyhow::Result<DomainSettings> {
    let server = values.get("dns_server").map(String::as_str).filter(|server| !server.is_empty());
    let dns_server = server
        .map(|server| server.parse().with_context(|| format!("dns_server is {server}; it must be like 192.0.2.53:53")))
        .transpose()?;
    Ok(DomainSettings { is_on: switch(values, "organization_domains", false)?, dns_server })
}
