//! What stands before the program: what the settings say of it, and what the servers found in their traffic.

use auth::view::{CheckFinding, CheckGroup, ProxyFault, ProxyFinding};
use ipnet::IpNet;

use super::{advice, fault, good, is_production};
use crate::doctor::{Check, Facts};
use crate::process::wide_networks;

const GROUP: CheckGroup = CheckGroup::Reach;

pub(super) const CHECKS: [Check; 2] = [
    Check::several("proxies", GROUP, "docs/proxies.md#whose-address-people-have", proxies),
    Check::one("proxy_width", GROUP, "docs/proxies.md#whose-address-people-have", proxy_width).in_production(),
];

/// Proxies stand in one network of machines, and no larger one is needed.
const WIDEST_OF_IPV4: u8 = 16;
const WIDEST_OF_IPV6: u8 = 48;

fn proxies(facts: &Facts) -> Vec<CheckFinding> {
    let wide = wide_networks(&facts.settings.trusted_proxies);
    let wide = wide.iter().map(|network| fault("wide_network").with("address", network).with("count", 1));
    // The list was looked at by itself.
    let found = facts.rows.iter().flat_map(|rows| &rows.proxies);
    let found = found.filter(|found| found.fault != ProxyFault::WideNetwork).map(of_traffic);
    wide.chain(std::iter::once(listed(facts))).chain(found).collect()
}

fn listed(facts: &Facts) -> CheckFinding {
    let settings = &facts.settings;
    let list: Vec<String> = settings.trusted_proxies.iter().map(ToString::to_string).collect();
    if !list.is_empty() {
        return good("listed").with("list", list.join(", "));
    }
    if !is_production(facts) {
        return good("none_in_development");
    }
    // Production is reached over https, and without a certificate of its own something else speaks it.
    if settings.tls.is_some() { good("none_with_tls") } else { fault("none") }
}

fn of_traffic(found: &ProxyFinding) -> CheckFinding {
    fault(found.fault.as_str()).with("address", found.address.as_deref().unwrap_or_default()).with("count", found.count)
}

fn proxy_width(facts: &Facts) -> CheckFinding {
    let is_wide = |network: &&IpNet| {
        let widest = if network.addr().is_ipv4() { WIDEST_OF_IPV4 } else { WIDEST_OF_IPV6 };
        network.prefix_len() < widest
    };
    match facts.settings.trusted_proxies.iter().find(is_wide) {
        Some(network) => advice("wide").with("network", network),
        None => good("narrow"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, passes};

    #[test]
    fn proxies_passes() {
        passes("proxies", "listed");
    }

    #[test]
    fn proxies_fails() {
        fails("proxies", "none", |facts| facts.settings.trusted_proxies.clear());
        fails("proxies", "wide_network", |facts| facts.settings.trusted_proxies = vec!["8.0.0.0/8".parse().unwrap()]);
        for broken in ProxyFault::ALL.into_iter().filter(|broken| *broken != ProxyFault::WideNetwork) {
            let found = ProxyFinding { fault: broken, address: Some("10.0.0.1".to_owned()), count: 80 };
            fails("proxies", broken.as_str(), |facts| facts.rows.as_mut().unwrap().proxies.push(found));
        }
    }

    #[test]
    fn proxy_width_passes() {
        passes("proxy_width", "narrow");
    }

    #[test]
    fn proxy_width_fails() {
        for network in ["10.0.0.0/8", "fd00::/8"] {
            fails("proxy_width", "wide", |facts| facts.settings.trusted_proxies.push(network.parse().unwrap()));
        }
    }
}
