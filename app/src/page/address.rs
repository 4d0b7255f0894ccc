//! Addresses of our own that carry what somebody typed.

/// Text as it stands in a query (RFC 3986, 2.3).
fn encoded(text: &str) -> String {
    let letters = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    letters.collect()
}

/// An address with those of these parameters that say something.
pub(super) fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    let said = parameters.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<_> = said.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::with_query;

    #[test]
    fn what_was_typed_stays_in_its_place() {
        assert_eq!(with_query("/a", &[("q", ""), ("state", "")]), "/a");
        assert_eq!(with_query("/a", &[("q", "50% & ä"), ("state", "draft")]), "/a?q=50%25%20%26%20%C3%A4&state=draft");
    }
}
