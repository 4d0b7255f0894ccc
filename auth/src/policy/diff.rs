//! What differs between two texts, line by line: the shortest way from one to the other.

use crate::view::{DiffKind, DiffLine};

/// Beyond so many pairs of lines the way is not looked for: everything between the same beginning and the same end is
/// said to be another text.
const MOST_PAIRS: usize = 4_000_000;

/// The lines of both texts, in order.
pub(crate) fn diff(old: &str, new: &str) -> Vec<DiffLine> {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let rest = old.len().min(new.len()) - same;
    let same_end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
    let mut lines = Lines { old: 0, new: 0, found: Vec::new() };
    for line in &old[..same] {
        lines.push(DiffKind::Same, line);
    }
    between(&old[same..old.len() - same_end], &new[same..new.len() - same_end], &mut lines);
    for line in &old[old.len() - same_end..] {
        lines.push(DiffKind::Same, line);
    }
    lines.found
}

struct Lines {
    old: u32,
    new: u32,
    found: Vec<DiffLine>,
}

impl Lines {
    fn push(&mut self, kind: DiffKind, text: &str) {
        let (mut old, mut new) = (None, None);
        if kind != DiffKind::Added {
            self.old += 1;
            old = Some(self.old);
        }
        if kind != DiffKind::Removed {
            self.new += 1;
            new = Some(self.new);
        }
        self.found.push(DiffLine { kind, old, new, text: text.to_owned() });
    }
}

/// Along the longest common subsequence of lines.
fn between(old: &[&str], new: &[&str], lines: &mut Lines) {
    let width = new.len() + 1;
    let (mut i, mut j) = (0, 0);
    if old.len().saturating_mul(new.len()) <= MOST_PAIRS {
        // common[i, j]: how many lines the rests from i and from j have in common.
        let mut common = vec![0_u32; (old.len() + 1) * width];
        for i in (0..old.len()).rev() {
            for j in (0..new.len()).rev() {
                common[i * width + j] = if old[i] == new[j] {
                    common[(i + 1) * width + j + 1] + 1
                } else {
                    common[(i + 1) * width + j].max(common[i * width + j + 1])
                };
            }
        }
        while i < old.len() && j < new.len() {
            if old[i] == new[j] {
                lines.push(DiffKind::Same, old[i]);
                (i, j) = (i + 1, j + 1);
            } else if common[(i + 1) * width + j] >= common[i * width + j + 1] {
                lines.push(DiffKind::Removed, old[i]);
                i += 1;
            } else {
                lines.push(DiffKind::Added, new[j]);
                j += 1;
            }
        }
    }
    for line in &old[i..] {
        lines.push(DiffKind::Removed, line);
    }
    for line in &new[j..] {
        lines.push(DiffKind::Added, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(old: &str, new: &str) -> String {
        let mark = |line: &DiffLine| match line.kind {
            DiffKind::Same => format!(" {}", line.text),
            DiffKind::Added => format!("+{}", line.text),
            DiffKind::Removed => format!("-{}", line.text),
        };
        diff(old, new).iter().map(mark).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn what_is_in_both_stays() {
        assert_eq!(marked("a\nb\nc", "a\nx\nc\nd"), " a|-b|+x| c|+d");
        assert_eq!(marked("", "a"), "+a");
        assert_eq!(marked("a\na", "a"), " a|-a");
        assert_eq!(marked("b\na\nc\na", "a\nd\na"), "-b| a|-c|+d| a");
        assert_eq!(marked("same", "same"), " same");
    }

    #[test]
    fn lines_have_the_numbers_of_their_texts() {
        let lines = diff("a\nb\nc", "a\nc");
        let numbers: Vec<_> = lines.iter().map(|line| (line.old, line.new)).collect();
        assert_eq!(numbers, [(Some(1), Some(1)), (Some(2), None), (Some(3), Some(2))]);
    }

    #[test]
    fn texts_that_have_nothing_in_common_are_shown_one_after_the_other() {
        let (old, new) = ("a\n".repeat(30_000), "b\n".repeat(30_000));
        let lines = diff(&old, &new);
        assert_eq!(lines.len(), 60_000);
        assert_eq!((lines[0].kind, lines[59_999].kind), (DiffKind::Removed, DiffKind::Added));
    }
}
