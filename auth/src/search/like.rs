//! Patterns of `LIKE`, with the escape `!`, of what somebody typed.

/// Text of which each letter stands for itself, also those that mean something to `LIKE`.
pub(crate) fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            literal.push('!');
        }
        literal.push(letter);
    }
    literal
}

/// The pattern of what begins with this, in small letters; none for what is longer than so many letters, or no name can
/// begin with.
pub(crate) fn beginning(sought: &str, most: usize) -> Option<String> {
    let sought = sought.trim().to_lowercase();
    let is_possible = sought.chars().count() <= most && !sought.chars().any(char::is_control);
    is_possible.then(|| literal(&sought) + "%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sought_stands_for_itself() {
        assert_eq!(beginning(" Zoé ", 100).as_deref(), Some("zoé%"));
        assert_eq!(beginning("", 100).as_deref(), Some("%"));
        assert_eq!(beginning("100%_sure!", 100).as_deref(), Some("100!%!_sure!!%"));
        for nothing in ["a\0b", "a\nb", &"x".repeat(101)] {
            assert_eq!(beginning(nothing, 100), None, "{nothing:?}");
        }
    }
}
