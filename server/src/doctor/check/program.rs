//! The program itself: its settings, its version, its clock, what it logs.

use auth::Timestamp;
use auth::view::{CheckFinding, CheckGroup, Verdict};

use super::{advice, deadly, fault, good, is_production, no_database};
use crate::doctor::facts::Times;
use crate::doctor::{Check, Facts};

const GROUP: CheckGroup = CheckGroup::Program;

pub(super) const CHECKS: [Check; 6] = [
    Check::one("settings", GROUP, "docs/settings.md", settings),
    Check::one("version", GROUP, "docs/operations/running.md#start-and-stop", version),
    Check::one("machine_clock", GROUP, "docs/operations/running.md#start-and-stop", machine_clock).deadly(),
    Check::one("clock", GROUP, "docs/operations/running.md#start-and-stop", clock),
    Check::one("log_secrecy", GROUP, "docs/data.md#logs", log_secrecy).in_production(),
    Check::one("hash_cost", GROUP, "docs/operations/sizing.md#hashes-of-passwords", hash_cost).in_production().deadly(),
];

/// No clock that is right shows an earlier time: this program was not written yet.
const WRITTEN_AT: Timestamp = Timestamp(1_767_225_600_000);
/// What clocks that are kept by NTP never reach.
const MOST_MILLISECONDS: i64 = 2000;
/// What tells of requests and statements with everything that is in them.
const TALKATIVE: [&str; 2] = ["debug", "trace"];

/// Settings that are refused: nothing else can be judged then.
pub(in crate::doctor) fn refused(why: &str) -> CheckFinding {
    fault("refused").with("why", why)
}

fn settings(facts: &Facts) -> CheckFinding {
    let case = if is_production(facts) { "production" } else { "development" };
    good(case).with("url", &facts.settings.public_url)
}

fn version(facts: &Facts) -> CheckFinding {
    let told = |finding: CheckFinding| finding.with("version", env!("CARGO_PKG_VERSION"));
    let Some((made, known)) = facts.rows.as_ref().map(|rows| rows.migrations) else { return told(good("alone")) };
    if made > known { told(fault("older").with("count", made - known)) } else { told(good("newest")) }
}

fn machine_clock(facts: &Facts) -> CheckFinding {
    if facts.now < WRITTEN_AT { deadly("past") } else { good("plausible") }
}

/// Whether this machine's clock and the database's agree (ASVS 5.0, 16.2.2): lines of the log are told in the order of
/// their moments, and what one node writes another one reads.
fn clock(facts: &Facts) -> CheckFinding {
    let Some(rows) = &facts.rows else { return no_database() };
    // Nothing to compare is no sign that the clock is right.
    rows.times.map_or_else(|| CheckFinding::new(Verdict::Skipped, "no_clock"), clocks)
}

fn clocks(Times { before, there, after }: Times) -> CheckFinding {
    let (ahead, behind) = (before.0 - there.0, there.0 - after.0);
    if ahead.max(behind) <= MOST_MILLISECONDS {
        return good("agree");
    }
    fault(if ahead > behind { "ahead" } else { "behind" }).with("seconds", ahead.max(behind) / 1000)
}

fn log_secrecy(facts: &Facts) -> CheckFinding {
    let log = &facts.settings.log;
    let levels = log.split(',').map(|directive| directive.rsplit('=').next().unwrap_or_default().trim());
    let mut talkative = levels.filter(|level| TALKATIVE.iter().any(|word| level.eq_ignore_ascii_case(word)));
    match talkative.next() {
        Some(_) => fault("talkative").with("log", log),
        None if log.trim().eq_ignore_ascii_case("off") => advice("silent"),
        None => good("quiet").with("log", log),
    }
}

fn hash_cost(facts: &Facts) -> CheckFinding {
    let cost = facts.settings.hash_cost;
    let finding = if cost.is_enough() { good("enough") } else { deadly("cheap") };
    finding.with("memory", cost.memory).with("passes", cost.passes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, passes, sound, told};
    use crate::doctor::{examine_refused, words};

    #[test]
    fn settings_passes() {
        passes("settings", "production");
    }

    #[test]
    fn settings_fails() {
        let why = "there is no setting listne; did you mean listen?";
        let told = examine_refused(why, Timestamp(0));
        assert_eq!((told.checks.len(), told.checks[0].id.as_str()), (1, "settings"));
        let finding = &told.checks[0].findings[0];
        assert!(finding.verdict.is_fault() && words("settings", finding) == why, "{finding:?}");
    }

    #[test]
    fn version_passes() {
        passes("version", "newest");
    }

    #[test]
    fn version_fails() {
        fails("version", "older", |facts| facts.rows.as_mut().unwrap().migrations = (41, 40));
    }

    #[test]
    fn machine_clock_passes() {
        passes("machine_clock", "plausible");
    }

    #[test]
    fn machine_clock_fails() {
        fails("machine_clock", "past", |facts| facts.now = Timestamp(0));
    }

    #[test]
    fn clock_passes() {
        passes("clock", "agree");
    }

    #[test]
    fn of_sqlite_nobody_can_be_asked_for_the_time_and_that_is_no_pass() {
        let mut facts = sound();
        told(&mut facts).times = None;
        let found = clock(&facts);
        assert_eq!((found.verdict, found.case.as_str()), (Verdict::Skipped, "no_clock"));
        assert!(words("clock", &found).starts_with("SQLite goes by this machine's clock"));
    }

    #[test]
    fn clock_fails() {
        for (there, case) in [(40_000, "ahead"), (200_000, "behind")] {
            let times = Times { before: Timestamp(100_000), there: Timestamp(there), after: Timestamp(100_300) };
            fails("clock", case, |facts| told(facts).times = Some(times));
        }
    }

    #[test]
    fn more_than_two_seconds_apart_is_a_fault() {
        let told = |there: i64| {
            let times = Times { before: Timestamp(100_000), there: Timestamp(there), after: Timestamp(100_300) };
            let found = clocks(times);
            (found.case, found.values.get("seconds").cloned())
        };
        for agreeing in [98_000, 99_999, 100_000, 100_150, 100_300, 102_300] {
            assert_eq!(told(agreeing), ("agree".to_owned(), None), "{agreeing}");
        }
        for (there, case, seconds) in [(97_999, "ahead", "2"), (40_000, "ahead", "60"), (102_301, "behind", "2")] {
            assert_eq!(told(there), (case.to_owned(), Some(seconds.to_owned())), "{there}");
        }
    }

    #[test]
    fn log_secrecy_passes() {
        passes("log_secrecy", "quiet");
    }

    #[test]
    fn log_secrecy_fails() {
        for log in ["debug", "info,sqlx=trace", "info, hyper=DEBUG"] {
            fails("log_secrecy", "talkative", |facts| facts.settings.log = log.to_owned());
        }
        fails("log_secrecy", "silent", |facts| facts.settings.log = "off".to_owned());
    }

    #[test]
    fn hash_cost_passes() {
        passes("hash_cost", "enough");
    }

    #[test]
    fn hash_cost_fails() {
        fails("hash_cost", "cheap", |facts| facts.settings.hash_cost.memory = 64);
    }
}
