//! How long tokens and sessions live, and how long a proof is fresh (ASVS 5.0, 7.3; NIST SP 800-63B-4, 2.2.3).

use auth::view::{CheckFinding, CheckGroup};

use super::{advice, days, good};
use crate::doctor::{Check, Facts};

const GROUP: CheckGroup = CheckGroup::People;

pub(super) const CHECKS: [Check; 4] = [
    Check::one("access_tokens", GROUP, "docs/access-tokens.md", access_tokens).in_production(),
    Check::one("session_lifetime", GROUP, "docs/sessions.md", session_lifetime).in_production(),
    Check::one("rotation_grace", GROUP, "docs/sessions.md", rotation_grace).in_production(),
    Check::one("fresh_proof", GROUP, "docs/second-factors.md", fresh_proof).in_production(),
];

/// Other services believe a token to its end, whatever was revoked since.
const ACCESS_SECONDS: i64 = 15 * 60;
const SESSION_DAYS: i64 = 90;
const IDLE_DAYS: i64 = 30;
const FRESH_SECONDS: i64 = 60 * 60;
const GRACE_SECONDS: std::ops::RangeInclusive<i64> = 5..=60;

fn access_tokens(facts: &Facts) -> CheckFinding {
    let seconds = facts.settings.lifetimes.access;
    let finding = if seconds > ACCESS_SECONDS { advice("long") } else { good("short") };
    finding.with("seconds", seconds)
}

fn session_lifetime(facts: &Facts) -> CheckFinding {
    let lifetimes = facts.settings.lifetimes;
    let (most, idle) = (days(lifetimes.session), days(lifetimes.session_idle));
    let finding = if most > SESSION_DAYS || idle > IDLE_DAYS { advice("long") } else { good("bounded") };
    finding.with("days", most).with("idle", idle)
}

fn rotation_grace(facts: &Facts) -> CheckFinding {
    let seconds = facts.settings.lifetimes.rotation_grace;
    let finding = if seconds < *GRACE_SECONDS.start() {
        advice("short")
    } else if seconds > *GRACE_SECONDS.end() {
        advice("long")
    } else {
        good("right")
    };
    finding.with("seconds", seconds)
}

fn fresh_proof(facts: &Facts) -> CheckFinding {
    let minutes = facts.settings.lifetimes.fresh_proof / 60;
    let is_long = facts.settings.lifetimes.fresh_proof > FRESH_SECONDS;
    let finding = if is_long { advice("long") } else { good("short") };
    finding.with("minutes", minutes)
}

#[cfg(test)]
mod tests {
    use crate::doctor::trial::{fails, passes};

    #[test]
    fn access_tokens_passes() {
        passes("access_tokens", "short");
    }

    #[test]
    fn access_tokens_fails() {
        fails("access_tokens", "long", |facts| facts.settings.lifetimes.access = 3600);
    }

    #[test]
    fn session_lifetime_passes() {
        passes("session_lifetime", "bounded");
    }

    #[test]
    fn session_lifetime_fails() {
        fails("session_lifetime", "long", |facts| facts.settings.lifetimes.session = 366 * 86_400);
        fails("session_lifetime", "long", |facts| facts.settings.lifetimes.session_idle = 31 * 86_400);
    }

    #[test]
    fn rotation_grace_passes() {
        passes("rotation_grace", "right");
    }

    #[test]
    fn rotation_grace_fails() {
        fails("rotation_grace", "short", |facts| facts.settings.lifetimes.rotation_grace = 0);
        fails("rotation_grace", "long", |facts| facts.settings.lifetimes.rotation_grace = 300);
    }

    #[test]
    fn fresh_proof_passes() {
        passes("fresh_proof", "short");
    }

    #[test]
    fn fresh_proof_fails() {
        fails("fresh_proof", "long", |facts| facts.settings.lifetimes.fresh_proof = 86_400);
    }
}
