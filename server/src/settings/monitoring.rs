//! Where figures are told and where traces are sent.

use anyhow::{Context as _, bail, ensure};
use std::net::SocketAddr;
use url::{Host, Url};

use super::source::Values;
use crate::traces::TraceSettings;

/// Of a hundred traces ten.
const SAMPLED: f64 = 0.1;

/// Where figures are told; none: nowhere.
pub(super) fn parse_metrics(values: &Values, listen: SocketAddr) -> anyhow::Result<Option<SocketAddr>> {
    let Some(text) = text(values, "metrics_listen") else { return Ok(None) };
    let address: SocketAddr = text.parse().context("metrics_listen must be address:port")?;
    ensure!(address.port() == 0 || address != listen, "metrics_listen must be another address or port than listen");
    Ok(Some(address))
}

/// Where traces are sent; none: nowhere.
pub(super) fn parse_traces(values: &Values) -> anyhow::Result<Option<TraceSettings>> {
    let sampled: f64 = super::number(values, "otlp_sampled", SAMPLED)?;
    ensure!((0.0..=1.0).contains(&sampled), "otlp_sampled must be 0 to 1");
    let Some(text) = text(values, "otlp_endpoint") else { return Ok(None) };
    if !cfg!(feature = "otlp") {
        bail!("otlp_endpoint is set, and this program was built without the feature otlp: it sends no traces");
    }
    let endpoint = parse_address(text).context("otlp_endpoint cannot be used")?;
    Ok(Some(TraceSettings { endpoint, sampled }))
}

fn text<'a>(values: &'a Values, name: &str) -> Option<&'a str> {
    values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
}

/// https, or http on this machine. Without a path the one of the protocol (OTLP 1.x, OTLP/HTTP Request).
fn parse_address(text: &str) -> anyhow::Result<String> {
    let mut url = Url::parse(text).context("it is no address")?;
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    ensure!(
        url.scheme() == "https" || (url.scheme() == "http" && is_here),
        "it must be https, or http on this machine"
    );
    ensure!(url.username().is_empty() && url.password().is_none(), "it may hold no name and no password");
    ensure!(url.query().is_none() && url.fragment().is_none(), "it may hold no query");
    if url.path() == "/" {
        url.set_path("/v1/traces");
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::source::from_toml;

    fn traces(toml: &str) -> anyhow::Result<Option<TraceSettings>> {
        parse_traces(&from_toml(toml)?)
    }

    #[test]
    fn nothing_is_sent_anywhere_unless_it_is_said() {
        assert!(traces("").unwrap().is_none());
        assert!(parse_metrics(&from_toml("").unwrap(), "127.0.0.1:3000".parse().unwrap()).unwrap().is_none());
    }

    #[cfg(feature = "otlp")]
    #[test]
    fn a_collector_is_asked_by_https_or_on_this_machine() {
        for (address, endpoint) in [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            ("https://otel.example.com/v1/traces", "https://otel.example.com/v1/traces"),
        ] {
            let settings = traces(&format!("otlp_endpoint = '{address}'")).unwrap().unwrap();
            assert_eq!((settings.endpoint.as_str(), settings.sampled), (endpoint, SAMPLED));
        }
        for address in
            ["otel.example.com:4318", "http://otel.example.com", "https://a:b@otel.example.com", "https://a/?k=v"]
        {
            let error = traces(&format!("otlp_endpoint = '{address}'")).err().unwrap();
            assert!(error.to_string().contains("otlp_endpoint"), "{address}: {error}");
        }
    }

    #[test]
    fn what_cannot_work_is_named() {
        for toml in ["otlp_sampled = '1.5'", "otlp_sampled = 'all'"] {
            assert!(traces(toml).err().unwrap().to_string().contains("otlp_sampled"), "{toml}");
        }
        let listen = "127.0.0.1:3000".parse().unwrap();
        for toml in ["metrics_listen = 'here'", "metrics_listen = '127.0.0.1:3000'"] {
            let error = parse_metrics(&from_toml(toml).unwrap(), listen).err().unwrap();
            assert!(error.to_string().contains("metrics_listen"), "{toml}");
        }
    }
}
