//! Whether organizations may claim mail domains, and who is asked for their records.

use anyhow::Context as _;
use auth::dns::{DnsResolver, DnsServer, DomainResolver};
use auth::random::SystemRandom;
use std::sync::Arc;

use super::source::Values;
use super::switch;

/// Mail domains of organizations.
#[derive(Clone)]
pub struct DomainSettings {
    /// Whether they may be claimed.
    pub is_on: bool,
    /// Who is asked; none: the first server that the system names.
    pub dns_server: Option<DnsServer>,
}

impl DomainSettings {
    /// Who looks records up; none where no domain may be claimed.
    pub fn resolver(&self) -> Option<Arc<dyn DomainResolver>> {
        self.is_on.then(|| {
            let resolver: Arc<dyn DomainResolver> =
                Arc::new(DnsResolver::new(self.dns_server.clone(), Arc::new(SystemRandom)));
            resolver
        })
    }

    /// Whether nobody on a network hears what is asked: which server the system names may change at any time.
    pub(super) fn is_private(&self) -> bool {
        self.dns_server.as_ref().map_or(!self.is_on, DnsServer::is_private)
    }
}

pub(super) fn parse(values: &Values) -> anyhow::Result<DomainSettings> {
    let text = |name: &str| values.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let ca = text("dns_ca").map(|path| std::fs::read(path).with_context(|| format!("dns_ca names {path}")));
    let ca = ca.transpose()?;
    let parse = |server: &str| {
        DnsServer::parse(server, ca.as_deref())
            .with_context(|| format!("dns_server is {server}; it must be like tls://dns.example.com or 127.0.0.53:53"))
    };
    let dns_server = text("dns_server").map(parse).transpose()?;
    Ok(DomainSettings { is_on: switch(values, "organization_domains", false)?, dns_server })
}

#[cfg(test)]
mod tests {
    use super::super::source::from_toml;
    use super::*;

    #[test]
    fn who_claims_domains_asks_in_private() {
        let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/../auth/tests/certificates/authority.pem");
        for (toml, is_private) in [
            ("", true),
            ("dns_server = '192.0.2.53:53'", false),
            ("organization_domains = 'on'", false),
            ("organization_domains = 'on'\ndns_server = '127.0.0.53:53'", true),
            ("organization_domains = 'on'\ndns_server = '10.0.0.2:53'", false),
            ("organization_domains = 'on'\ndns_server = 'tls://dns.example.com'", true),
        ] {
            let parsed = parse(&from_toml(&format!("dns_ca = '{authority}'\n{toml}")).unwrap()).unwrap();
            assert_eq!(parsed.is_private(), is_private, "{toml}");
        }
    }
}
