//! What people meet at the public address, through whatever stands before the program.

use auth::view::{CheckFinding, CheckGroup};

use super::{advice, fault, good, not_asked};
use crate::doctor::facts::{Plain, Seen};
use crate::doctor::{Check, Facts};

const GROUP: CheckGroup = CheckGroup::Reach;

pub(super) const CHECKS: [Check; 4] = [
    Check::one("reached", GROUP, "docs/operations/tls.md#which-is-right", reached).in_production(),
    Check::one("plain_http", GROUP, "docs/operations/tls.md#behind-nginx-or-caddy", plain_http).in_production(),
    Check::one("hsts", GROUP, "docs/security.md", hsts).in_production(),
    Check::one("headers", GROUP, "docs/security.md", headers).in_production(),
];

/// A year (RFC 6797; ASVS 5.0, 3.4.1).
const YEAR_SECONDS: u64 = 31_536_000;

/// What was seen, when somebody looked and it was our page.
pub(super) fn page(facts: &Facts) -> Option<&Seen> {
    facts.outside.as_ref()?.seen.as_ref()?.as_ref().ok().filter(|seen| seen.status == 200)
}

fn reached(facts: &Facts) -> CheckFinding {
    let Some(seen) = facts.outside.as_ref().and_then(|outside| outside.seen.as_ref()) else { return not_asked() };
    let finding = match seen {
        // From here; people may come another way.
        Err(why) => advice("silent").with("why", why),
        Ok(seen) if seen.status == 200 => good("answers"),
        Ok(seen) => fault("answers_otherwise").with("status", seen.status),
    };
    finding.with("url", &facts.settings.public_url)
}

fn plain_http(facts: &Facts) -> CheckFinding {
    let Some(seen) = page(facts) else { return not_asked() };
    match seen.plain {
        None => good("own_port"),
        Some(Plain::Silent) => good("silent"),
        Some(Plain::Leads) => good("leads"),
        Some(Plain::Answers) => fault("answers"),
    }
}

fn hsts(facts: &Facts) -> CheckFinding {
    let Some(seen) = page(facts) else { return not_asked() };
    let Some(told) = &seen.hsts else { return fault("missing") };
    let mut directives = told.split(';').map(str::trim);
    let age = directives.find_map(|directive| directive.strip_prefix("max-age="));
    let age = age.and_then(|age| age.trim_matches('"').parse::<u64>().ok()).unwrap_or_default();
    if age < YEAR_SECONDS { fault("short").with("told", told) } else { good("long").with("told", told) }
}

fn headers(facts: &Facts) -> CheckFinding {
    let Some(seen) = page(facts) else { return not_asked() };
    if seen.is_guarded { good("whole") } else { fault("lost") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, passes, seen};

    #[test]
    fn reached_passes() {
        passes("reached", "answers");
    }

    #[test]
    fn reached_fails() {
        fails("reached", "answers_otherwise", |facts| seen(facts).status = 502);
        fails("reached", "silent", |facts| facts.outside.as_mut().unwrap().seen = Some(Err("refused".to_owned())));
    }

    #[test]
    fn plain_http_passes() {
        passes("plain_http", "leads");
    }

    #[test]
    fn plain_http_fails() {
        fails("plain_http", "answers", |facts| seen(facts).plain = Some(Plain::Answers));
    }

    #[test]
    fn hsts_passes() {
        passes("hsts", "long");
    }

    #[test]
    fn hsts_fails() {
        fails("hsts", "missing", |facts| seen(facts).hsts = None);
        for short in ["max-age=0", "max-age=86400; includeSubDomains", "includeSubDomains"] {
            fails("hsts", "short", |facts| seen(facts).hsts = Some(short.to_owned()));
        }
    }

    #[test]
    fn headers_passes() {
        passes("headers", "whole");
    }

    #[test]
    fn headers_fails() {
        fails("headers", "lost", |facts| seen(facts).is_guarded = false);
    }
}
