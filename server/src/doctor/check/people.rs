//! Who looks after the platform, what is asked of people, and what guards their ways in.

use auth::factor::SecondFactorRule;
use auth::view::{CheckFinding, CheckGroup};

use super::{advice, days, fault, good, no_database};
use crate::doctor::{Check, Facts};

const GROUP: CheckGroup = CheckGroup::People;

pub(super) const CHECKS: [Check; 6] = [
    Check::one("admins", GROUP, "docs/administration-setup.md", admins).in_production(),
    Check::one("admin_factors", GROUP, "docs/second-factors/policy.md", admin_factors).in_production(),
    Check::one("second_factor", GROUP, "docs/second-factors/policy.md", second_factor).in_production(),
    Check::one("unusual_sign_ins", GROUP, "docs/anomalies.md", unusual_sign_ins).in_production(),
    Check::one("places", GROUP, "docs/anomalies.md#where-an-address-is", places).in_production(),
    Check::one("leaked_passwords", GROUP, "docs/operations/running.md#leaked-passwords", leaked).in_production(),
];

/// Addresses change hands: after a quarter a country is a guess.
const PLACES_DAYS: i64 = 100;

fn admins(facts: &Facts) -> CheckFinding {
    let Some(rows) = &facts.rows else { return no_database() };
    match rows.staff.administrators {
        0 => fault("nobody"),
        1 => advice("one"),
        count => good("several").with("count", count),
    }
}

fn admin_factors(facts: &Facts) -> CheckFinding {
    let Some(rows) = &facts.rows else { return no_database() };
    match rows.staff.without_factor {
        0 => good("all"),
        count => fault("without").with("count", count),
    }
}

fn second_factor(facts: &Facts) -> CheckFinding {
    let policy = facts.settings.factor_policy;
    match policy.rule {
        SecondFactorRule::Optional => advice("optional"),
        _ if policy.grace_days > 30 => advice("late").with("days", policy.grace_days),
        _ => good("demanded").with("days", policy.grace_days),
    }
}

fn unusual_sign_ins(facts: &Facts) -> CheckFinding {
    if facts.settings.anomalies.step_up { good("asked") } else { advice("told_alone") }
}

fn places(facts: &Facts) -> CheckFinding {
    let Some(built_at) = facts.places_built_at else { return good("none") };
    let age = days(facts.now.seconds_since(built_at));
    let finding = if age > PLACES_DAYS { advice("old") } else { good("young") };
    finding.with("days", age)
}

fn leaked(facts: &Facts) -> CheckFinding {
    let count = facts.leaked_passwords;
    let finding = match (count, facts.settings.breached_passwords.is_some()) {
        (0, false) => fault("nothing"),
        (_, false) => good("list"),
        (_, true) => good("list_and_service"),
    };
    finding.with("count", count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, finds, passes};
    use auth::factor::FactorPolicy;
    use auth::store::PlatformStaff;

    fn staffed(facts: &mut Facts, administrators: i64, without_factor: i64) {
        facts.rows.as_mut().unwrap().staff = PlatformStaff { administrators, without_factor };
    }

    #[test]
    fn admins_passes() {
        passes("admins", "several");
    }

    #[test]
    fn admins_fails() {
        fails("admins", "nobody", |facts| staffed(facts, 0, 0));
        fails("admins", "one", |facts| staffed(facts, 1, 0));
    }

    #[test]
    fn admin_factors_passes() {
        passes("admin_factors", "all");
    }

    #[test]
    fn admin_factors_fails() {
        fails("admin_factors", "without", |facts| staffed(facts, 2, 1));
    }

    #[test]
    fn second_factor_passes() {
        passes("second_factor", "demanded");
    }

    #[test]
    fn second_factor_fails() {
        for (rule, grace_days, case) in
            [(SecondFactorRule::Optional, 7, "optional"), (SecondFactorRule::Everyone, 90, "late")]
        {
            fails("second_factor", case, |facts| facts.settings.factor_policy = FactorPolicy { rule, grace_days });
        }
    }

    #[test]
    fn unusual_sign_ins_passes() {
        passes("unusual_sign_ins", "asked");
    }

    #[test]
    fn unusual_sign_ins_fails() {
        fails("unusual_sign_ins", "told_alone", |facts| facts.settings.anomalies.step_up = false);
    }

    #[test]
    fn places_passes() {
        passes("places", "young");
        finds("places", "none", |facts| facts.places_built_at = None);
    }

    #[test]
    fn places_fails() {
        fails("places", "old", |facts| facts.places_built_at = Some(facts.now.minus_seconds(101 * 86_400)));
    }

    #[test]
    fn leaked_passwords_passes() {
        passes("leaked_passwords", "list");
    }

    #[test]
    fn leaked_passwords_fails() {
        fails("leaked_passwords", "nothing", |facts| facts.leaked_passwords = 0);
    }
}
