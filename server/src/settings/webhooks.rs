//! Where webhooks may lead.

use anyhow::Context as _;
use auth::outward::AllowedHosts;
use auth::webhook::WebhookSettings;

use super::source::Values;
use super::switch;

/// Reads it. In production nothing is allowed by itself (ASVS 5.0, 13.2.4).
///
/// # Errors
/// The first value that cannot be read.
pub(super) fn parse(values: &Values, development: bool) -> anyhow::Result<WebhookSettings> {
    let hosts = values.get("webhook_hosts").map(String::as_str).filter(|hosts| !hosts.is_empty());
    let hosts = hosts.unwrap_or(if development { "*" } else { "" });
    Ok(WebhookSettings {
        hosts: AllowedHosts::parse(hosts).context("webhook_hosts cannot be used")?,
        private_addresses: switch(values, "webhook_private_addresses", development)?,
        ..WebhookSettings::default()
    })
}

#[cfg(test)]
mod tests {
    use super::super::source::from_toml;
    use super::*;

    fn hosts(toml: &str, development: bool) -> AllowedHosts {
        parse(&from_toml(toml).unwrap(), development).unwrap().hosts
    }

    #[test]
    fn production_allows_nothing_that_the_operator_does_not_name() {
        let everywhere = AllowedHosts::parse("*").unwrap();
        assert_eq!(hosts("", true), everywhere);
        for nothing in ["", "webhook_hosts = ''"] {
            assert_eq!(hosts(nothing, false), AllowedHosts::default());
        }
        assert_eq!(hosts("webhook_hosts = '*'", false), everywhere, "but what is said aloud");
        let named = "webhook_hosts = 'hooks.example.com, *.example.com:8443'";
        for development in [true, false] {
            assert_eq!(hosts(named, development), AllowedHosts::parse("hooks.example.com,*.example.com:8443").unwrap());
            let wrong = from_toml("webhook_hosts = 'https://hooks.example.com'").unwrap();
            let error = format!("{:#}", parse(&wrong, development).err().unwrap());
            assert!(error.contains("webhook_hosts") && error.contains("is no host"), "{error}");
        }
    }
}
