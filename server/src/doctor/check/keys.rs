//! The keys that sign access tokens.

use auth::token::Algorithm;
use auth::view::{CheckFinding, CheckGroup};

use super::{advice, days, fault, good, no_database};
use crate::doctor::facts::KeysOpened;
use crate::doctor::{Check, Facts};

const GROUP: CheckGroup = CheckGroup::Secrets;

pub(super) const CHECKS: [Check; 3] = [
    Check::one("keys", GROUP, "docs/keys.md", keys),
    Check::one("key_age", GROUP, "docs/keys.md#how-keys-take-turns", key_age),
    Check::one("key_algorithm", GROUP, "docs/keys.md#algorithms", key_algorithm).in_production(),
];

/// Days that a rotation may be late: a server that was down for a night rotates in the morning.
const LATE_DAYS: i64 = 2;
/// A secret that is shared is replaced by hand, once a year.
const SHARED_DAYS: i64 = 365;

fn keys(facts: &Facts) -> CheckFinding {
    let Some(rows) = &facts.rows else { return no_database() };
    match &rows.keys {
        KeysOpened::Opened => good("open"),
        KeysOpened::NotMade(file) => good("not_made").with("file", file),
        KeysOpened::Lost(file) => fault("lost").with("file", file),
        KeysOpened::Refused(why) => fault("refused").with("why", why),
    }
}

fn key_age(facts: &Facts) -> CheckFinding {
    let Some(rows) = &facts.rows else { return no_database() };
    let Some(key) = &rows.signing else { return good("none_yet") };
    let age = days(facts.now.seconds_since(key.signs_from));
    let rotation = facts.settings.keys.rotation_days;
    let is_shared = key.algorithm == Algorithm::Hs256;
    let finding = match (is_shared, rotation) {
        (true, _) if age > SHARED_DAYS => advice("shared"),
        (false, 0) if age > SHARED_DAYS => fault("for_ever"),
        (false, 0) => advice("never"),
        (false, most) if age > most + LATE_DAYS => fault("old"),
        _ => good("young"),
    };
    finding.with("days", age).with("rotation", rotation)
}

fn key_algorithm(facts: &Facts) -> CheckFinding {
    let algorithm = facts.settings.keys.algorithm;
    let finding = if algorithm == Algorithm::Hs256 { advice("shared") } else { good("public") };
    finding.with("algorithm", algorithm.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, finds, passes};
    use auth::store::KeyRow;

    fn key(facts: &mut Facts) -> &mut KeyRow {
        facts.rows.as_mut().unwrap().signing.as_mut().unwrap()
    }

    fn signs_for(facts: &mut Facts, days: i64) {
        let now = facts.now;
        key(facts).signs_from = now.minus_seconds(days * 86_400);
    }

    #[test]
    fn keys_passes() {
        passes("keys", "open");
    }

    #[test]
    fn keys_fails() {
        let file = || "data/master.key".to_owned();
        fails("keys", "lost", |facts| facts.rows.as_mut().unwrap().keys = KeysOpened::Lost(file()));
        fails("keys", "refused", |facts| facts.rows.as_mut().unwrap().keys = KeysOpened::Refused("no".to_owned()));
        finds("keys", "not_made", |facts| facts.rows.as_mut().unwrap().keys = KeysOpened::NotMade(file()));
    }

    #[test]
    fn key_age_passes() {
        passes("key_age", "young");
        finds("key_age", "young", |facts| signs_for(facts, 91));
    }

    #[test]
    fn key_age_fails() {
        fails("key_age", "old", |facts| signs_for(facts, 93));
        fails("key_age", "never", |facts| facts.settings.keys.rotation_days = 0);
        fails("key_age", "for_ever", |facts| {
            facts.settings.keys.rotation_days = 0;
            signs_for(facts, 366);
        });
        fails("key_age", "shared", |facts| {
            key(facts).algorithm = Algorithm::Hs256;
            signs_for(facts, 366);
        });
    }

    #[test]
    fn key_algorithm_passes() {
        passes("key_algorithm", "public");
    }

    #[test]
    fn key_algorithm_fails() {
        fails("key_algorithm", "shared", |facts| facts.settings.keys.algorithm = Algorithm::Hs256);
    }
}
