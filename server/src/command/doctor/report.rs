//! What was found: told while it is found to people, and at the end, as one object, to programs.

use serde::Serialize;
use std::io::Write as _;

/// Everything that was found.
#[derive(Serialize)]
pub(super) struct Report {
    faults: usize,
    findings: Vec<Told>,
    #[serde(skip)]
    is_json: bool,
}

#[derive(Serialize)]
struct Told {
    /// What was looked at, such as `database` or `provider google`.
    check: String,
    is_fault: bool,
    text: String,
}

impl Report {
    /// A report of nothing yet.
    pub(super) fn new(is_json: bool) -> Self {
        Self { faults: 0, findings: Vec::new(), is_json }
    }

    /// Something that is as it should be.
    pub(super) fn good(&mut self, check: &str, text: impl Into<String>) {
        self.tell(check, false, text.into());
    }

    /// Something that is wrong, and what to do.
    pub(super) fn fault(&mut self, check: &str, text: impl Into<String>) {
        self.tell(check, true, text.into());
    }

    /// Something that is one or the other.
    pub(super) fn tell(&mut self, check: &str, is_fault: bool, text: String) {
        let told = Told { check: check.to_owned(), is_fault, text };
        if !self.is_json {
            say(&told.words());
        }
        self.faults += usize::from(is_fault);
        self.findings.push(told);
    }

    /// How much is wrong.
    pub(super) fn faults(&self) -> usize {
        self.faults
    }

    /// Tells the sum.
    ///
    /// # Errors
    /// Never in practice.
    pub(super) fn finish(&self) -> anyhow::Result<()> {
        say(&if self.is_json { serde_json::to_string(self)? } else { self.sum() });
        Ok(())
    }

    fn sum(&self) -> String {
        match self.faults {
            0 => "All is well.".to_owned(),
            1 => "1 fault.".to_owned(),
            faults => format!("{faults} faults."),
        }
    }
}

impl Told {
    /// `fault  mail: the mail server is silent`
    fn words(&self) -> String {
        let verdict = if self.is_fault { "fault" } else { "ok   " };
        format!("{verdict}  {}: {}", self.check, self.text)
    }
}

/// Whoever has stopped reading has seen enough.
fn say(words: &str) {
    let _ = writeln!(std::io::stdout(), "{words}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_counted_and_told_apart() {
        let mut report = Report::new(true);
        report.good("settings", "they can be used");
        assert_eq!((report.faults(), report.sum()), (0, "All is well.".to_owned()));
        report.fault("mail", "the mail server is silent");
        assert_eq!((report.faults(), report.sum()), (1, "1 fault.".to_owned()));
        report.tell("database", true, "it is down".to_owned());
        assert_eq!(report.sum(), "2 faults.");
        let words: Vec<String> = report.findings.iter().map(Told::words).collect();
        let expected = [
            "ok     settings: they can be used",
            "fault  mail: the mail server is silent",
            "fault  database: it is down",
        ];
        assert_eq!(words, expected);
    }

    #[test]
    fn programs_read_one_object() {
        let mut report = Report::new(true);
        report.fault("provider google", "it is down");
        let told = serde_json::to_value(&report).unwrap();
        let finding = serde_json::json!({"check": "provider google", "is_fault": true, "text": "it is down"});
        assert_eq!(told, serde_json::json!({"faults": 1, "findings": [finding]}));
    }
}
