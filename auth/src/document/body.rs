//! What a document says: plain text, line by line.

use serde::{Deserialize, Serialize};

use crate::error::FieldIssue;

/// Up to 100,000 bytes of text. Lines end with `\n`; it may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(String);

impl Body {
    /// Most bytes.
    pub const MAX_BYTES: usize = 100_000;

    /// Parses what somebody typed. Forms end lines with `\r\n` (HTML, 4.10.21.4); here they end alike.
    ///
    /// # Errors
    /// [`FieldIssue::TooLong`]; [`FieldIssue::InvalidCharacter`] for control characters but the end of a line and the
    /// tabulator.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        let body = raw.replace("\r\n", "\n").replace('\r', "\n");
        if body.len() > Self::MAX_BYTES {
            return Err(FieldIssue::TooLong);
        }
        if body.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            return Err(FieldIssue::InvalidCharacter);
        }
        Ok(Self(body))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// From the store, where only parsed bodies are.
impl From<String> for Body {
    fn from(body: String) -> Self {
        Self(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kept_and_end_alike() {
        assert_eq!(Body::parse("a\r\n\r\n\tb\rc\n").unwrap().as_str(), "a\n\n\tb\nc\n");
        assert_eq!(Body::parse("").unwrap(), Body::default());
        for bad in ["a\0", "a\u{1b}[31m", "a\u{85}"] {
            assert_eq!(Body::parse(bad), Err(FieldIssue::InvalidCharacter), "{bad:?}");
        }
    }

    #[test]
    fn a_body_has_an_end() {
        assert!(Body::parse(&"x".repeat(Body::MAX_BYTES)).is_ok());
        assert!(Body::parse(&"\r\n".repeat(Body::MAX_BYTES)).is_ok(), "as it is kept");
        assert_eq!(Body::parse(&"é".repeat(Body::MAX_BYTES / 2 + 1)), Err(FieldIssue::TooLong));
    }
}
