//! What was found, told: lines for people, one object for programs.

use auth::Locale;
use auth::view::{CheckFinding, CheckedItem, Examination, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write as _;

use crate::doctor::words;

/// Everything that was found.
#[derive(Serialize)]
pub(super) struct Report {
    /// How much is wrong.
    pub(super) faults: usize,
    /// How much could be better.
    advice: usize,
    findings: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    /// What was looked at, such as `database` or `provider google`.
    check: String,
    /// The name of the check, such as `database` or `providers`.
    id: String,
    group: &'static str,
    verdict: &'static str,
    is_fault: bool,
    text: String,
    why: String,
    mend: String,
    link: String,
}

impl Report {
    /// What was found, in words.
    pub(super) fn of(found: &Examination) -> Self {
        let findings: Vec<Told> = found
            .checks
            .iter()
            .flat_map(|check| check.findings.iter().map(|finding| Told::of(check, finding)))
            .collect();
        let count = |is_one: fn(&Told) -> bool| findings.iter().filter(|told| is_one(told)).count();
        let faults = count(|told| told.is_fault);
        let advice = count(|told| told.verdict == Verdict::Advice.as_str());
        Self { faults, advice, findings }
    }

    /// Tells it.
    ///
    /// # Errors
    /// Never in practice.
    pub(super) fn tell(&self, is_json: bool) -> anyhow::Result<()> {
        let words = if is_json { serde_json::to_string(self)? } else { self.lines().join("\n") };
        // Whoever has stopped reading has seen enough.
        let _ = writeln!(std::io::stdout(), "{words}");
        Ok(())
    }

    /// A line for each finding, more where something is to be done, and the sum.
    fn lines(&self) -> Vec<String> {
        let made = self.findings.iter().filter(|told| told.verdict != Verdict::Skipped.as_str());
        let mut lines: Vec<String> = made.flat_map(Told::lines).collect();
        let mut skipped: BTreeMap<&str, usize> = BTreeMap::new();
        for told in self.findings.iter().filter(|told| told.verdict == Verdict::Skipped.as_str()) {
            *skipped.entry(&told.text).or_default() += 1;
        }
        lines.extend(skipped.into_iter().map(|(why, count)| format!("-      {count} not made: {why}")));
        lines.push(self.sum());
        lines
    }

    fn sum(&self) -> String {
        let better = match self.advice {
            0 => String::new(),
            1 => " 1 thing could be better.".to_owned(),
            things => format!(" {things} things could be better."),
        };
        match self.faults {
            0 => format!("All is well.{better}"),
            1 => format!("1 fault.{better}"),
            faults => format!("{faults} faults.{better}"),
        }
    }
}

impl Told {
    fn of(check: &CheckedItem, finding: &CheckFinding) -> Self {
        let about = finding.about.as_deref();
        let part = |part: &str| auth::text::text(Locale::En, &check.key(part));
        Self {
            // Of several providers one.
            check: about.map_or(check.id.clone(), |about| format!("{} {about}", check.id.trim_end_matches('s'))),
            id: check.id.clone(),
            group: check.group.as_str(),
            verdict: finding.verdict.as_str(),
            is_fault: finding.verdict.is_fault(),
            text: words(&check.id, finding),
            why: part("why"),
            mend: part("mend"),
            link: check.link.clone(),
        }
    }

    /// `fault  mail: the mail server is silent`, and below it why that matters and what to do.
    fn lines(&self) -> Vec<String> {
        let is_advice = self.verdict == Verdict::Advice.as_str();
        let verdict = match (self.is_fault, is_advice) {
            (true, _) => "fault",
            (false, true) => "hint ",
            (false, false) => "ok   ",
        };
        let mut lines = vec![format!("{verdict}  {}: {}", self.check, self.text)];
        if self.is_fault || is_advice {
            lines.push(format!("       why: {}", self.why));
            lines.push(format!("       do:  {}", self.mend));
            lines.push(format!("       see: {}", self.link));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth::Timestamp;
    use auth::view::CheckGroup;

    fn report(findings: &[(&str, CheckFinding)]) -> Report {
        let checks = findings.iter().map(|(id, finding)| CheckedItem {
            id: (*id).to_owned(),
            group: CheckGroup::Database,
            link: "docs/database.md".to_owned(),
            findings: vec![finding.clone()],
        });
        Report::of(&Examination { at: Timestamp(0), checks: checks.collect() })
    }

    fn silent() -> CheckFinding {
        CheckFinding::new(Verdict::Fault, "silent")
    }

    #[test]
    fn faults_are_counted_and_told_apart() {
        let good = ("database", CheckFinding::new(Verdict::Good, "answers"));
        assert_eq!(report(std::slice::from_ref(&good)).lines(), ["ok     database: It answers.", "All is well."]);
        let skipped = ("keys", CheckFinding::new(Verdict::Skipped, "no_database"));
        let advice = ("restore_trial", CheckFinding::new(Verdict::Advice, "never"));
        let told = report(&[good, ("database", silent()), skipped, advice]).lines();
        assert!(told[1].starts_with("fault  database: It does not answer"), "{told:?}");
        assert!(told[2].starts_with("       why: ") && told[3].starts_with("       do:  "), "{told:?}");
        assert_eq!(told[4], "       see: docs/database.md");
        assert!(told[5].starts_with("hint   restore_trial: No trial is known."), "{told:?}");
        assert_eq!(told[9], "-      1 not made: The database was not asked.");
        assert_eq!(told[10], "1 fault. 1 thing could be better.");
        assert_eq!(report(&[("database", silent()), ("database", silent())]).sum(), "2 faults.");
    }

    #[test]
    fn programs_read_one_object() {
        let finding = silent().about("google");
        let told = serde_json::to_value(report(&[("providers", finding)])).unwrap();
        assert_eq!((told["faults"].as_u64(), told["advice"].as_u64()), (Some(1), Some(0)));
        let one = &told["findings"][0];
        assert_eq!((one["check"].as_str(), one["id"].as_str()), (Some("provider google"), Some("providers")));
        assert_eq!((one["is_fault"].as_bool(), one["verdict"].as_str()), (Some(true), Some("fault")));
        for words in ["text", "why", "mend", "link"] {
            assert!(one[words].as_str().is_some_and(|words| !words.is_empty()), "{words} in {told}");
        }
    }
}
