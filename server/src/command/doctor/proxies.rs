//! What stands before the program: what the settings say of it, and what the servers found in their traffic.

use auth::clock::{Clock as _, SystemClock};
use auth::store::Store;
use auth::view::{ProxyFault, ProxyFinding};

use super::report::Report;
use crate::process::wide_networks;
use crate::settings::{Mode, Settings};

const CHECK: &str = "proxies";
/// A running server repeats each minute what it finds, and forgets within twenty what was mended.
const LOOK_BACK_SECONDS: i64 = 10 * 60;

/// Looks at the list of the settings.
pub(super) fn listed(settings: &Settings, report: &mut Report) {
    let trusted = &settings.trusted_proxies;
    for network in wide_networks(trusted) {
        report.fault(CHECK, words(&finding(ProxyFault::WideNetwork, Some(network.to_string()))));
    }
    if !trusted.is_empty() {
        let list: Vec<String> = trusted.iter().map(ToString::to_string).collect();
        return report.good(CHECK, format!("X-Forwarded-For is believed from {}.", list.join(", ")));
    }
    if settings.mode == Mode::Development {
        return report.good(CHECK, "None is trusted: everybody has the address they come from.");
    }
    if settings.tls.is_some() {
        return report.good(CHECK, "None is trusted: everybody comes to this program themselves, over its TLS.");
    }
    // Production is reached over https, and something else speaks it.
    report.fault(
        CHECK,
        "None is trusted, but something ends https before this program, so everybody has its address: put it into \
         trusted_proxies, as docs/proxies.md says.",
    );
}

/// Asks what the servers found within the last minutes.
pub(super) async fn found(settings: &Settings, report: &mut Report) {
    let since = SystemClock.now().minus_seconds(LOOK_BACK_SECONDS);
    let Ok(store) = Store::open(&settings.database()).await else { return };
    let findings = store.proxy_findings_since(since).await;
    store.close().await;
    match findings {
        // The list was looked at by itself.
        Ok(findings) => findings
            .iter()
            .filter(|found| found.fault != ProxyFault::WideNetwork)
            .for_each(|found| report.fault(CHECK, words(found))),
        Err(why) => report.fault(CHECK, format!("What the servers found cannot be read: {why}.")),
    }
}

fn words(found: &ProxyFinding) -> String {
    let (address, count) = (found.address.as_deref().unwrap_or_default(), found.count);
    match found.fault {
        ProxyFault::UnlistedProxy => format!(
            "About {count} accounts came from {address} within minutes, and it names other addresses. If it is a proxy of \
             yours, put it into trusted_proxies; if you do not know it, never do: somebody wants to be any address."
        ),
        ProxyFault::SilentProxy => format!(
            "About {count} accounts came from {address} within minutes, and it names nobody: let that proxy send \
             X-Forwarded-For, and put it into trusted_proxies."
        ),
        ProxyFault::ManyTrusted => format!(
            "About {count} addresses of trusted_proxies sent X-Forwarded-For: more than there are proxies, so people can \
             name any address. List the proxies alone."
        ),
        ProxyFault::ManyUnlisted => format!(
            "About {count} addresses that are not in trusted_proxies sent X-Forwarded-For: people pass the proxy by, or \
             it has more addresses than are listed. Close the port to all others, or list them."
        ),
        ProxyFault::WideNetwork => format!(
            "{address} in trusted_proxies is a large part of the internet: whoever is in it can name any address. List \
             the proxies alone."
        ),
    }
}

fn finding(fault: ProxyFault, address: Option<String>) -> ProxyFinding {
    ProxyFinding { fault, address, count: 1 }
}
