//! What became of the rows: told while it happens to people, and at the end, as one object, to programs.

use serde::Serialize;
use std::io::Write as _;

use super::row::Fault;

/// Lines that the object tells at most: a file of a million bad rows must not fill the memory.
const MOST_LINES: usize = 1000;

/// The report.
#[derive(Serialize)]
pub struct Report {
    dry_run: bool,
    /// Accounts that were made, or would be.
    pub imported: u64,
    already_there: u64,
    /// Rows that cannot be accounts.
    pub refused: u64,
    lines: Vec<Told>,
    lines_left_out: u64,
    #[serde(skip)]
    is_json: bool,
}

/// A line that did not become an account.
#[derive(Serialize)]
pub struct Told {
    /// Its number, counted from 1.
    pub line: u64,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    reason: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Refused,
    AlreadyThere,
}

impl Told {
    /// A row that cannot be an account.
    pub fn refused(line: u64, fault: Fault) -> Self {
        Self { line, outcome: Outcome::Refused, field: fault.field, reason: fault.reason }
    }

    /// An address with an account.
    pub fn already_there(line: u64) -> Self {
        let reason = "has an account already, which was left alone".to_owned();
        Self { line, outcome: Outcome::AlreadyThere, field: Some("email"), reason }
    }

    /// `line 17: email: is missing`
    fn words(&self) -> String {
        let field = self.field.map(|field| format!("{field}: ")).unwrap_or_default();
        format!("line {}: {field}{}", self.line, self.reason)
    }
}

impl Report {
    /// A report of nothing yet.
    pub fn new(is_dry_run: bool, is_json: bool) -> Self {
        let lines = Vec::new();
        Self { dry_run: is_dry_run, imported: 0, already_there: 0, refused: 0, lines, lines_left_out: 0, is_json }
    }

    /// Counts a line, and tells it.
    pub fn tell(&mut self, told: Told) {
        match told.outcome {
            Outcome::Refused => self.refused += 1,
            Outcome::AlreadyThere => self.already_there += 1,
        }
        if !self.is_json {
            say(&told.words());
        } else if self.lines.len() < MOST_LINES {
            self.lines.push(told);
        } else {
            self.lines_left_out += 1;
        }
    }

    /// Tells the sum.
    ///
    /// # Errors
    /// Never in practice.
    pub fn finish(&self) -> anyhow::Result<()> {
        say(&if self.is_json { serde_json::to_string(self)? } else { self.sum() });
        Ok(())
    }

    fn sum(&self) -> String {
        let Self { imported, already_there, refused, .. } = self;
        let rest = format!("{already_there} already there, {refused} refused.");
        if self.dry_run {
            format!("{imported} would be imported, {rest} Nothing was written.")
        } else {
            format!("{imported} imported, {rest}")
        }
    }
}

/// Writes a line. Whoever has stopped reading does not stop the import.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_in_words() {
        let mut report = Report::new(false, false);
        report.imported = 10;
        report.tell(Told::already_there(5));
        report.tell(Told::refused(6, Fault::of_row("is not text in UTF-8")));
        assert_eq!(report.sum(), "10 imported, 1 already there, 1 refused.");
        report.dry_run = true;
        assert_eq!(report.sum(), "10 would be imported, 1 already there, 1 refused. Nothing was written.");
        assert_eq!(Told::refused(17, Fault::of("email", "is missing")).words(), "line 17: email: is missing");
        assert_eq!(Told::refused(6, Fault::of_row("has 1 columns")).words(), "line 6: has 1 columns");
    }

    #[test]
    fn programs_are_told_in_one_object_of_bounded_length() {
        let mut report = Report::new(true, true);
        for line in 0..2000 {
            report.tell(Told::refused(line, Fault::of("email", "is missing")));
        }
        let told = serde_json::to_value(&report).unwrap();
        assert_eq!(told["refused"], 2000);
        assert_eq!(told["lines_left_out"], 1000);
        assert_eq!(told["dry_run"], true);
        assert_eq!(
            told["lines"][999],
            serde_json::json!({"line": 999, "outcome": "refused", "field": "email", "reason": "is missing"})
        );
        assert_eq!(told.as_object().unwrap().len(), 6);
    }
}
