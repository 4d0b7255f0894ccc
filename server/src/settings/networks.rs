//! Networks whose proxies are believed.

use anyhow::{Context, ensure};
use ipnet::IpNet;

/// Reads a list with commas.
///
/// # Errors
/// What is no network, and what is too much of the world.
pub(super) fn parse(list: &str) -> anyhow::Result<Vec<IpNet>> {
    list.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(|item| {
            let network: IpNet =
                item.parse().with_context(|| format!("trusted_proxies: {item} is no network such as 10.0.0.0/8"))?;
            let narrowest = if network.addr().is_ipv4() { 8 } else { 7 };
            ensure!(network.prefix_len() >= narrowest, "trusted_proxies: {item} trusts a large part of the world");
            Ok(network)
        })
        .collect()
}
