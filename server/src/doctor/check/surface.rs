//! What is open to others and need not be: pages for developers, addresses that may be asked, defences that may be off.

use auth::outward::AllowedHosts;
use auth::view::{CheckFinding, CheckGroup};

use super::{advice, deadly, good};
use crate::doctor::{Check, Facts};

const GROUP: CheckGroup = CheckGroup::Reach;

pub(super) const CHECKS: [Check; 6] = [
    Check::one("api_docs", GROUP, "docs/settings.md", api_docs).in_production(),
    Check::one("dev_inbox", GROUP, "docs/operations/running.md#mail", dev_inbox).in_production().deadly(),
    Check::one("limits", GROUP, "docs/throttling.md", limits).in_production().deadly(),
    Check::one("private_addresses", GROUP, "docs/webhooks.md#addresses", private_addresses).in_production().deadly(),
    Check::one("webhook_hosts", GROUP, "docs/webhooks.md#addresses", webhook_hosts).in_production(),
    Check::one("connections", GROUP, "docs/proxies.md#slow-clients", connections).in_production(),
];

/// Swagger and the document behind it.
fn api_docs(facts: &Facts) -> CheckFinding {
    if facts.settings.api_docs { advice("served") } else { good("none") }
}

/// It shows every code to everybody.
fn dev_inbox(facts: &Facts) -> CheckFinding {
    if facts.settings.smtp.is_none() { deadly("open") } else { good("none") }
}

fn limits(facts: &Facts) -> CheckFinding {
    if facts.settings.limits { good("hold") } else { deadly("off") }
}

fn private_addresses(facts: &Facts) -> CheckFinding {
    let settings = &facts.settings;
    match (settings.federation.private_addresses, settings.webhooks.private_addresses) {
        (false, false) => good("none"),
        (true, _) => deadly("of_providers"),
        (false, true) => deadly("of_webhooks"),
    }
}

fn webhook_hosts(facts: &Facts) -> CheckFinding {
    let hosts = &facts.settings.webhooks.hosts;
    let is_everywhere = AllowedHosts::parse("*").is_ok_and(|everywhere| everywhere == *hosts);
    if is_everywhere {
        return advice("everywhere");
    }
    good(if *hosts == AllowedHosts::default() { "none" } else { "listed" })
}

fn connections(facts: &Facts) -> CheckFinding {
    let door = &facts.settings.door;
    // Half of all places: two who mean ill take everything.
    let is_much = door.connections_of_address > door.connections / 2;
    let finding = if is_much { advice("one_takes_all") } else { good("shared") };
    finding.with("all", door.connections).with("one", door.connections_of_address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, passes};

    #[test]
    fn api_docs_passes() {
        passes("api_docs", "none");
    }

    #[test]
    fn api_docs_fails() {
        fails("api_docs", "served", |facts| facts.settings.api_docs = true);
    }

    #[test]
    fn dev_inbox_passes() {
        passes("dev_inbox", "none");
    }

    #[test]
    fn dev_inbox_fails() {
        fails("dev_inbox", "open", |facts| facts.settings.smtp = None);
    }

    #[test]
    fn limits_passes() {
        passes("limits", "hold");
    }

    #[test]
    fn limits_fails() {
        fails("limits", "off", |facts| facts.settings.limits = false);
    }

    #[test]
    fn private_addresses_passes() {
        passes("private_addresses", "none");
    }

    #[test]
    fn private_addresses_fails() {
        fails("private_addresses", "of_providers", |facts| facts.settings.federation.private_addresses = true);
        fails("private_addresses", "of_webhooks", |facts| facts.settings.webhooks.private_addresses = true);
    }

    #[test]
    fn webhook_hosts_passes() {
        passes("webhook_hosts", "listed");
    }

    #[test]
    fn webhook_hosts_fails() {
        let everywhere = AllowedHosts::parse("*").unwrap();
        fails("webhook_hosts", "everywhere", |facts| facts.settings.webhooks.hosts = everywhere);
    }

    #[test]
    fn connections_passes() {
        passes("connections", "shared");
    }

    #[test]
    fn connections_fails() {
        fails("connections", "one_takes_all", |facts| facts.settings.door.connections_of_address = 4000);
    }
}
