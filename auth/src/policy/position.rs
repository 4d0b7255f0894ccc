//! Where in a text something is: lines and columns, as an editor counts them.

use miette::Diagnostic;

use crate::view::PolicyFault;

/// A fault at an offset in bytes.
pub(super) fn fault_at(text: &str, offset: usize, message: String, help: Option<String>) -> PolicyFault {
    let (line, column) = place(text, offset);
    PolicyFault { line, column, message, help }
}

/// A fault that the policy language found. One that says of no place where it is, is at `otherwise`.
pub(super) fn fault_of(text: &str, found: &impl Diagnostic, otherwise: usize) -> PolicyFault {
    let label = found.labels().and_then(|mut labels| labels.next());
    let offset = label.as_ref().map_or(otherwise, miette::LabeledSpan::offset);
    let expected = label.and_then(|label| label.label().map(str::to_owned));
    let help = found.help().map(|help| help.to_string()).or(expected);
    fault_at(text, offset, found.to_string(), help)
}

/// Line and column of an offset, both counted from 1; columns in characters.
fn place(text: &str, offset: usize) -> (u32, u32) {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    let before = String::from_utf8_lossy(before);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (number(line), number(column))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_an_editor_does() {
        let text = "permit\n é ;\n";
        for (offset, expected) in [(0, (1, 1)), (5, (1, 6)), (7, (2, 1)), (8, (2, 2)), (10, (2, 3)), (99, (3, 1))] {
            assert_eq!(place(text, offset), expected, "{offset}");
        }
    }
}
