//! How deeply policies nest, found out before they are parsed: parsing, checking and evaluating go down one level of the
//! stack with each level of the text, and a stack ends.
//!
//! What counts as a level: an open bracket, and each further part of a chain such as `a && b && c`, which is read as
//! `(a && b) && c`. The count is never too low; a long list of alternatives is written as a set.

/// Most levels.
const MOST: usize = 100;

/// What is open at one place of the text.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Parts of chains.
    links: usize,
    /// Attributes and calls, one after the other.
    dots: usize,
}

/// What is open around a place of the text, the outermost first.
struct Open(Vec<Level>);

impl Open {
    fn new() -> Self {
        Self(vec![Level::default()])
    }

    /// Changes the innermost level.
    fn change(&mut self, change: impl FnOnce(&mut Level)) {
        if let Some(level) = self.0.last_mut() {
            change(level);
        }
    }

    fn link(&mut self) {
        self.change(|level| *level = Level { links: level.links + 1, dots: 0 });
    }

    fn close(&mut self) {
        if self.0.len() > 1 {
            self.0.pop();
        }
    }

    fn depth(&self) -> usize {
        self.0.iter().map(|level| level.links + level.dots).sum::<usize>() + self.0.len() - 1
    }
}

/// Where a text nests too deeply, as an offset in bytes; none when it does not.
pub(super) fn too_deep_at(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut open, mut at) = (Open::new(), 0);
    while at < bytes.len() {
        let mut step = 1;
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => step = length_of_comment(&bytes[at..]),
            b'"' => step = length_of_string(&bytes[at..]),
            b'(' | b'[' | b'{' => open.0.push(Level::default()),
            b')' | b']' => open.close(),
            // `when` and `unless` stand one after the other and are read as a chain.
            b'}' => {
                open.close();
                open.link();
            }
            b',' => open.change(|level| *level = Level::default()),
            b';' => open = Open::new(),
            b'&' | b'|' if bytes.get(at + 1) == Some(&bytes[at]) => {
                open.link();
                step = 2;
            }
            b'+' | b'-' | b'*' | b'!' => open.link(),
            b'<' | b'>' | b'=' => open.change(|level| level.dots = 0),
            b'.' => open.change(|level| level.dots += 1),
            byte if is_part_of_word(byte) => {
                step = bytes[at..].iter().take_while(|byte| is_part_of_word(**byte)).count();
                if &bytes[at..at + step] == b"if" {
                    open.link();
                }
            }
            // Nothing changed.
            _ => {
                at += 1;
                continue;
            }
        }
        if open.depth() > MOST {
            return Some(at);
        }
        at += step;
    }
    None
}

const fn is_part_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn length_of_comment(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len())
}

/// With both quotes; to the end of the text when the second one is missing.
fn length_of_string(bytes: &[u8]) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::built_in::{BUILT_IN_TEXTS, WORKING_HOURS};

    fn policy(condition: &str) -> String {
        format!("permit (principal, action, resource) when {{ {condition} }};")
    }

    #[test]
    fn what_people_write_is_no_problem() {
        for (_, text) in BUILT_IN_TEXTS {
            assert_eq!(too_deep_at(text), None, "{text}");
        }
        assert_eq!(too_deep_at(&WORKING_HOURS.repeat(200)), None, "policies stand beside each other");
        let list = vec!["principal.department == \"Finance\""; 40].join(" || ");
        assert_eq!(too_deep_at(&policy(&list)), None);
        let set = vec!["\"a.b && c\""; 3000].join(", ");
        assert_eq!(too_deep_at(&policy(&format!("[{set}].contains(resource.state)"))), None);
        for text in ["", "\"", "// ((((", "}}}}", "permit", "é && \u{2028}", "\"\\", "\"((((\\\"((("] {
            assert_eq!(too_deep_at(text), None, "{text}");
        }
    }

    #[test]
    fn whatever_nests_is_found_where_it_goes_too_far() {
        for piece in ["(", "[", "{", "!(", "-(", "a && ", "a||", "1 + ", "2*", ".a", "if a then b else ", "a.b(", "{}"]
        {
            let text = policy(&piece.repeat(30_000));
            let at = too_deep_at(&text).unwrap_or_else(|| panic!("{piece}"));
            // `policy` writes 44 bytes before it.
            assert!(at < 44 + 101 * piece.len(), "{piece} at {at}");
        }
        assert!(too_deep_at(&"when { a } ".repeat(101)).is_some());
        let mixed = format!("{}{}", "(a && ".repeat(30), "[b.c, ".repeat(40));
        assert!(too_deep_at(&policy(&mixed)).is_some());
    }
}
