//! Whether what people send is encrypted up to this program, and whether its certificate lasts.

use auth::Timestamp;
use auth::view::{CheckFinding, CheckGroup, TlsFault, TlsHealth};

use super::{days, fault, good, is_production};
use crate::doctor::facts::host;
use crate::doctor::{Check, Facts};

pub(super) const CHECKS: [Check; 1] = [Check::several("tls", CheckGroup::Reach, "docs/operations.md#tls", tls)];

/// A `listen` that others reach without one is refused with the settings.
fn tls(facts: &Facts) -> Vec<CheckFinding> {
    let Some((health, is_for_host)) = facts.tls else { return vec![without(facts)] };
    let lasts = judged(health, facts.now);
    if is_for_host {
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

fn judged(health: TlsHealth, now: Timestamp) -> CheckFinding {
    let left = days(health.ends_at.seconds_since(now));
    match health.fault {
        Some(TlsFault::Ended) => fault("ended"),
        Some(TlsFault::EndsSoon) => fault("ends_soon").with("days", left),
        Some(TlsFault::Unusable) => fault("unusable").with("days", left),
        None => good("lasts").with("days", left),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, finds, passes, sound};

    fn health(fault: Option<TlsFault>, days: i64) -> TlsHealth {
        TlsHealth { ends_at: sound().now.plus_seconds(days * 86_400 + 60), fault }
    }

    #[test]
    fn tls_passes() {
        passes("tls", "proxy_here");
        finds("tls", "lasts", |facts| facts.tls = Some((health(None, 61), true)));
    }

    #[test]
    fn tls_fails() {
        for (broken, left, case) in
            [(TlsFault::Ended, -3, "ended"), (TlsFault::EndsSoon, 3, "ends_soon"), (TlsFault::Unusable, 9, "unusable")]
        {
            fails("tls", case, |facts| facts.tls = Some((health(Some(broken), left), true)));
        }
        fails("tls", "another_host", |facts| facts.tls = Some((health(None, 61), false)));
    }

    #[test]
    fn the_days_that_a_certificate_has_are_told() {
        let told = judged(health(Some(TlsFault::EndsSoon), 3), sound().now);
        assert_eq!(told.values["days"], "3");
    }
}
