//! The checks, by what they are about.

use auth::view::{CheckFinding, Verdict};

use super::{Check, Facts};
use crate::settings::Mode;

mod backup_means;
mod backups;
mod cookies;
mod database;
mod edge;
mod keys;
mod lifetimes;
mod machine;
mod mail;
mod mail_records;
mod people;
pub(super) mod program;
mod providers;
mod proxies;
mod reach;
mod secrets;
mod surface;
mod tls;
mod vault;

/// Every check, in the order in which they are told.
pub(super) static ALL: [&[Check]; 19] = [
    &program::CHECKS,
    &machine::CHECKS,
    &reach::CHECKS,
    &tls::CHECKS,
    &proxies::CHECKS,
    &edge::CHECKS,
    &cookies::CHECKS,
    &surface::CHECKS,
    &vault::CHECKS,
    &secrets::CHECKS,
    &keys::CHECKS,
    &database::CHECKS,
    &backups::CHECKS,
    &backup_means::CHECKS,
    &mail::CHECKS,
    &mail_records::CHECKS,
    &people::CHECKS,
    &lifetimes::CHECKS,
    &providers::CHECKS,
];

/// Whether people depend on it.
pub(super) fn is_production(facts: &Facts) -> bool {
    facts.settings.mode == Mode::Production
}

fn good(case: &str) -> CheckFinding {
    CheckFinding::new(Verdict::Good, case)
}

fn advice(case: &str) -> CheckFinding {
    CheckFinding::new(Verdict::Advice, case)
}

fn fault(case: &str) -> CheckFinding {
    CheckFinding::new(Verdict::Fault, case)
}

fn deadly(case: &str) -> CheckFinding {
    CheckFinding::new(Verdict::Deadly, case)
}

/// What needs the database, and there is none to ask.
fn no_database() -> CheckFinding {
    CheckFinding::new(Verdict::Skipped, "no_database")
}

/// What needs others, and nobody was asked.
fn not_asked() -> CheckFinding {
    CheckFinding::new(Verdict::Skipped, "not_asked")
}

/// Whole days of seconds.
fn days(seconds: i64) -> i64 {
    const DAY_SECONDS: i64 = 24 * 60 * 60;
    seconds.div_euclid(DAY_SECONDS)
}
