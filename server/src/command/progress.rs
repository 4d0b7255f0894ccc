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
        if self.is_terminal {
            eprint!("\r\x1b[2K{}", line(name, done, all));
            if done == all {
                eprintln!();
            }
            // A line that cannot be shown stops nothing.
            let _ = stderr().flush();
        } else if done == all {
            eprintln!("{} after {} s", line(name, done, all), self.started.elapsed().as_secs());
        }
    }

    /// Everything is done, or it failed.
    pub(super) fn end(&self) {
        eprintln!("done after {} s", self.started.elapsed().as_secs());
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
}
