//! How far a command is: one line that is written anew where standard error is a terminal, else a line for each part that
//! is done.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::time::Instant;

/// Letters of the bar.
const WIDTH: usize = 30;

/// What is told while rows are written.
pub(super) struct Progress {
    is_terminal: bool,
    started: Instant,
}

impl Progress {
    /// Nothing is told yet.
    pub(super) fn begin() -> Self {
        Self { is_terminal: stderr().is_terminal(), started: Instant::now() }
    }

    /// So many of all rows of a part are done.
    pub(super) fn tell(&self, name: &str, done: i64, all: i64) {
        let words = words(self.is_terminal, &line(name, done, all), done == all, self.started.elapsed().as_secs());
        eprint!("{words}");
        // A line that cannot be shown stops nothing.
        let _ = stderr().flush();
    }

    /// Everything is done, or it failed.
    pub(super) fn end(&self) {
        eprintln!("done after {} s", self.started.elapsed().as_secs());
    }
}

/// What is written: on a terminal in the place of the line before, else once a part is done.
fn words(is_terminal: bool, line: &str, is_done: bool, seconds: u64) -> String {
    match (is_terminal, is_done) {
        (true, false) => format!("\r\x1b[2K{line}"),
        (true, true) => format!("\r\x1b[2K{line}\n"),
        (false, true) => format!("{line} after {seconds} s\n"),
        (false, false) => String::new(),
    }
}

fn line(name: &str, done: i64, all: i64) -> String {
    let part = |of: i64| if all > 0 { done * of / all } else { of };
    let filled = usize::try_from(part(i64::try_from(WIDTH).unwrap_or_default())).unwrap_or_default().min(WIDTH);
    let bar = format!("{}{}", "█".repeat(filled), "░".repeat(WIDTH - filled));
    format!("{name:<14} {bar} {:>3} % {done}/{all}", part(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_it_is() {
        let half = line("accounts", 500, 1000);
        assert!(half.starts_with("accounts") && half.contains(" 50 % 500/1000"), "{half}");
        assert_eq!((half.matches('█').count(), half.matches('░').count()), (15, 15));
        assert!(line("audit lines", 7, 7).contains("100 % 7/7"));
    }
    #[test]
    fn a_terminal_has_one_line_that_is_written_anew_and_stays_at_the_end() {
        let steps = [1, 2, 3].map(|done| words(true, &line("jobs", done, 3), done == 3, 9));
        for (step, count) in steps.iter().zip(["1/3", "2/3", "3/3"]) {
            assert!(step.starts_with("\r\x1b[2Kjobs ") && step.trim_end().ends_with(count), "{step:?}");
        }
        assert_eq!(steps.concat().matches('\n').count(), 1);
        assert!(steps[2].ends_with('\n'));
    }

    #[test]
    fn elsewhere_a_part_is_told_once_it_is_done() {
        assert_eq!(words(false, "half", false, 9), "");
        assert_eq!(words(false, "whole", true, 9), "whole after 9 s\n");
    }
}
