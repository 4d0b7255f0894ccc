//! The public address, and where the program listens.

use auth::view::{CheckFinding, CheckGroup};
use std::net::IpAddr;

use super::{deadly, fault, good};
use crate::doctor::facts::host;
use crate::doctor::{Check, Facts};
use crate::settings::production::is_heard;

const GROUP: CheckGroup = CheckGroup::Reach;

pub(super) const CHECKS: [Check; 3] = [
    Check::one("public_url", GROUP, "docs/settings.md#production", public_url).in_production().deadly(),
    Check::one("listen", GROUP, "docs/operations/tls.md#connections", listen).in_production().deadly(),
    Check::one("metrics_listen", GROUP, "docs/operations/monitoring.md#figures", metrics_listen).in_production(),
];

fn public_url(facts: &Facts) -> CheckFinding {
    let url = &facts.settings.public_url;
    let host = host(url);
    let finding = if !url.starts_with("https://") {
        deadly("plain")
    } else if facts.settings.is_for_this_machine() {
        fault("local")
    } else if host.parse::<IpAddr>().is_ok() {
        // A relying party of passkeys is a name (WebAuthn, 5.1.3).
        fault("address")
    } else {
        good("name")
    };
    finding.with("url", url)
}

fn listen(facts: &Facts) -> CheckFinding {
    let settings = &facts.settings;
    let finding = if is_heard(settings) {
        deadly("in_the_clear")
    } else if settings.tls.is_some() {
        good("over_tls")
    } else if settings.listen.ip().is_loopback() {
        good("this_machine")
    } else {
        good("behind_tls")
    };
    finding.with("listen", settings.listen)
}

/// What is measured tells how many people there are, and when.
fn metrics_listen(facts: &Facts) -> CheckFinding {
    let Some(listen) = facts.settings.metrics_listen else { return good("none") };
    let finding = if is_inside(listen.ip()) { good("inside") } else { fault("public") };
    finding.with("listen", listen)
}

/// This machine, or one address of a private network; every address of the machine is not.
fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, finds, passes};

    #[test]
    fn public_url_passes() {
        passes("public_url", "name");
    }

    #[test]
    fn public_url_fails() {
        for (url, case) in [
            ("http://id.example.com", "plain"),
            ("https://localhost:3000", "local"),
            ("https://192.0.2.7", "address"),
            ("https://[2001:db8::7]", "address"),
        ] {
            fails("public_url", case, |facts| facts.settings.public_url = url.to_owned());
        }
    }

    #[test]
    fn listen_passes() {
        passes("listen", "this_machine");
    }

    #[test]
    fn listen_fails() {
        fails("listen", "in_the_clear", |facts| facts.settings.listen = "0.0.0.0:3000".parse().unwrap());
        // The same with somebody who encrypts that network.
        finds("listen", "behind_tls", |facts| {
            facts.settings.listen = "0.0.0.0:3000".parse().unwrap();
            facts.settings.listen_behind_tls = true;
        });
    }

    fn measured_at(facts: &mut Facts, listen: &str) {
        facts.settings.metrics_listen = Some(listen.parse().unwrap());
    }

    #[test]
    fn metrics_listen_passes() {
        passes("metrics_listen", "none");
        for inside in ["127.0.0.1:9090", "10.0.0.5:9090", "[::1]:9090"] {
            finds("metrics_listen", "inside", |facts| measured_at(facts, inside));
        }
    }

    #[test]
    fn metrics_listen_fails() {
        for public in ["0.0.0.0:9090", "[::]:9090", "192.0.2.7:9090"] {
            fails("metrics_listen", "public", |facts| measured_at(facts, public));
        }
    }
}
