//! Whether what people send is encrypted up to this program, and whether its certificate lasts.

use auth::Timestamp;
use auth::view::{CheckFinding, CheckGroup, TlsFault};

use super::{days, fault, good, is_production};
use crate::doctor::facts::{Certified, host};
use crate::doctor::{Check, Facts};
use crate::tls::TlsOrigin;

pub(super) const CHECKS: [Check; 1] = [Check::several("tls", CheckGroup::Reach, "docs/operations/tls.md#renewal", tls)];

/// A `listen` that others reach without one is refused with the settings.
fn tls(facts: &Facts) -> Vec<CheckFinding> {
    let Some(certified) = facts.tls else { return vec![without(facts)] };
    if certified.origin == TlsOrigin::AuthorityGaveNone {
        return vec![fault("awaited").with("host", host(&facts.settings.public_url))];
    }
    let lasts = judged(certified, facts.now);
    if certified.is_for_host {
        return vec![lasts];
    }
    vec![fault("another_host").with("host", host(&facts.settings.public_url)), lasts]
}

fn without(facts: &Facts) -> CheckFinding {
    if !is_production(facts) {
        return good("none_needed");
    }
    good(if facts.settings.listen.ip().is_loopback() { "proxy_here" } else { "elsewhere" })
}

fn judged(certified: Certified, now: Timestamp) -> CheckFinding {
    let (health, is_renewed) = (certified.health, certified.origin == TlsOrigin::Authority);
    let left = days(health.ends_at.seconds_since(now));
    match health.fault {
        Some(TlsFault::Ended) => fault("ended"),
        Some(TlsFault::EndsSoon) => fault("ends_soon").with("days", left),
        Some(TlsFault::Unusable) => fault("unusable").with("days", left),
        None if is_renewed => good("renewed").with("days", left),
        None => good("lasts").with("days", left),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, finds, passes, sound};
    use auth::view::TlsHealth;

    fn certified(fault: Option<TlsFault>, days: i64) -> Certified {
        let health = TlsHealth { ends_at: sound().now.plus_seconds(days * 86_400 + 60), fault };
        Certified { health, is_for_host: true, origin: TlsOrigin::Files }
    }

    #[test]
    fn tls_passes() {
        passes("tls", "proxy_here");
        finds("tls", "lasts", |facts| facts.tls = Some(certified(None, 61)));
        finds("tls", "renewed", |facts| {
            facts.tls = Some(Certified { origin: TlsOrigin::Authority, ..certified(None, 61) });
        });
    }

    #[test]
    fn tls_fails() {
        for (broken, left, case) in
            [(TlsFault::Ended, -3, "ended"), (TlsFault::EndsSoon, 3, "ends_soon"), (TlsFault::Unusable, 9, "unusable")]
        {
            fails("tls", case, |facts| facts.tls = Some(certified(Some(broken), left)));
        }
        fails("tls", "another_host", |facts| {
            facts.tls = Some(Certified { is_for_host: false, ..certified(None, 61) });
        });
        // The door speaks with one that nobody believes, which would be for the host and last.
        fails("tls", "awaited", |facts| {
            facts.tls = Some(Certified { origin: TlsOrigin::AuthorityGaveNone, ..certified(None, 61) });
        });
    }

    #[test]
    fn the_days_that_a_certificate_has_are_told() {
        let told = judged(certified(Some(TlsFault::EndsSoon), 3), sound().now);
        assert_eq!(told.values["days"], "3");
    }
}
