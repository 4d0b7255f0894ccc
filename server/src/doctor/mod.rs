//! The checklist before an installation goes into production, and while it is there: `keywright doctor` tells it,
//! `/admin/health` shows it, and a start in production runs the checks over which it is refused (OWASP ASVS 5.0, V13 and
//! V15).
//!
//! A check is a pure function of [`Facts`], so each is tested in a line. What it finds is a name with values; the words are
//! in `locales/page/doctor.<language>.yml`. `docs/operations/doctor.md` lists all of them.

use auth::view::{CheckFinding, CheckGroup, CheckedItem, Examination, Verdict};
use auth::{Locale, Timestamp};

mod check;
pub mod examiner;
pub mod facts;
mod refuse;
#[cfg(test)]
mod trial;

pub use facts::Facts;
pub use refuse::refuse_deadly;

/// Something that is looked at.
#[derive(Clone, Copy)]
pub struct Check {
    /// Its name: a promise to programs.
    pub id: &'static str,
    /// What it is about.
    pub group: CheckGroup,
    /// Where it is written about.
    pub link: &'static str,
    /// Whether a start in production may be refused over it.
    pub is_deadly: bool,
    /// Whether nobody asks for it in development.
    pub is_for_production: bool,
    judge: Judge,
}

/// What a check does.
#[derive(Clone, Copy)]
enum Judge {
    /// Finds one thing.
    One(fn(&Facts) -> CheckFinding),
    /// Finds one thing or several.
    Several(fn(&Facts) -> Vec<CheckFinding>),
}

impl Check {
    const fn one(id: &'static str, group: CheckGroup, link: &'static str, judge: fn(&Facts) -> CheckFinding) -> Self {
        Self { id, group, link, is_deadly: false, is_for_production: false, judge: Judge::One(judge) }
    }

    const fn several(
        id: &'static str,
        group: CheckGroup,
        link: &'static str,
        judge: fn(&Facts) -> Vec<CheckFinding>,
    ) -> Self {
        Self { id, group, link, is_deadly: false, is_for_production: false, judge: Judge::Several(judge) }
    }

    const fn deadly(self) -> Self {
        Self { is_deadly: true, ..self }
    }

    const fn in_production(self) -> Self {
        Self { is_for_production: true, ..self }
    }

    /// What it finds; never nothing.
    pub fn judge(&self, facts: &Facts) -> Vec<CheckFinding> {
        if self.is_for_production && !check::is_production(facts) {
            return vec![CheckFinding::new(Verdict::Skipped, "development")];
        }
        match self.judge {
            Judge::One(judge) => vec![judge(facts)],
            Judge::Several(judge) => judge(facts),
        }
    }
}

/// Every check, in the order in which they are told.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    check::ALL.iter().copied().flatten()
}

/// Runs every check.
pub fn examine(facts: &Facts) -> Examination {
    Examination { at: facts.now, checks: checks().map(|check| item(check, check.judge(facts))).collect() }
}

/// Tells settings that are refused: nothing else can be judged then.
pub fn examine_refused(why: &str, now: Timestamp) -> Examination {
    let checks = checks().filter(|check| check.id == "settings");
    Examination { at: now, checks: checks.map(|check| item(check, vec![check::program::refused(why)])).collect() }
}

fn item(check: &Check, findings: Vec<CheckFinding>) -> CheckedItem {
    CheckedItem { id: check.id.to_owned(), group: check.group, link: check.link.to_owned(), findings }
}

/// The sentence of a finding, in English.
pub fn words(check: &str, finding: &CheckFinding) -> String {
    let values: Vec<(&str, &str)> =
        finding.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    auth::text::text_with(Locale::En, &finding.key(check), &values)
}

#[cfg(test)]
mod tests;
