//! What a start in production is refused over, before the database is opened.

use anyhow::ensure;
use auth::clock::{Clock as _, SystemClock};
use auth::view::Verdict;

use super::{Facts, checks, words};
use crate::settings::{Mode, Settings};

/// Runs the deadly checks. In development nothing is refused.
///
/// # Errors
/// The words of every check that is deadly, and what to do.
pub fn refuse_deadly(settings: &Settings) -> anyhow::Result<()> {
    if settings.mode == Mode::Development {
        return Ok(());
    }
    let found = deadly(&Facts::of_this_machine(settings, SystemClock.now()));
    ensure!(found.is_empty(), "production is refused:\n  - {}\n`keywright doctor` says more", found.join("\n  - "));
    Ok(())
}

fn deadly(facts: &Facts) -> Vec<String> {
    let mut found = Vec::new();
    for check in checks().filter(|check| check.is_deadly) {
        for finding in check.judge(facts).iter().filter(|finding| finding.verdict == Verdict::Deadly) {
            found.push(format!("{}: {}", check.id, words(check.id, finding)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::trial::sound;
    use super::*;

    #[test]
    fn all_that_is_deadly_is_told_and_nothing_else() {
        assert_eq!(deadly(&sound()), Vec::<String>::new());
        let mut facts = sound();
        facts.settings.limits = false;
        facts.secret_files[0].mode = 0o666;
        // Wrong, and no reason to stay away.
        facts.machine.open_files = Some(100);
        let found = deadly(&facts);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("limits: ") && found[1].starts_with("secret_files: "), "{found:?}");
    }
}
