//! An exchange as it is shown: two messages and what lay between them.

use serde::{Deserialize, Serialize};

use super::Step;
use crate::Timestamp;
use crate::token_text::Unsigned;

/// Headers of one message that are kept.
const MOST_HEADERS: usize = 24;
/// Characters of a line that are kept.
const MOST_CHARACTERS: usize = 300;
/// Characters of a body that are kept.
const MOST_OF_BODY: usize = 2000;

/// A message of HTTP as text. Whoever makes one has taken out what is secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The request line or the status line.
    pub line: String,
    /// Headers that matter, by name.
    pub headers: Vec<(String, String)>,
    /// The body; empty when there is none to be shown.
    pub body: String,
}

impl Message {
    /// A message of bounded size.
    pub fn new(line: &str, headers: impl IntoIterator<Item = (String, String)>, body: &str) -> Self {
        let headers = headers.into_iter().take(MOST_HEADERS);
        Self {
            line: bounded(line, MOST_CHARACTERS),
            headers: headers.map(|(name, value)| (name, bounded(&value, MOST_CHARACTERS))).collect(),
            body: bounded(body, MOST_OF_BODY),
        }
    }

    pub(super) fn set_body(&mut self, body: &str) {
        self.body = bounded(body, MOST_OF_BODY);
    }

    /// The message as it is written (RFC 9112, 2.1).
    pub fn to_text(&self) -> String {
        let headers = self.headers.iter().map(|(name, value)| format!("\n{name}: {value}"));
        let body = if self.body.is_empty() { String::new() } else { format!("\n\n{}", self.body) };
        format!("{}{}{body}", self.line, headers.collect::<String>())
    }
}

/// Something that was done, and what it took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedStep {
    /// What.
    pub step: Step,
    /// Microseconds since the step before.
    pub micros: u64,
}

/// A sign-in from its first byte to its last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// When it began.
    pub at: Timestamp,
    /// What the browser or program sent.
    pub request: Message,
    /// What was done, in order.
    pub steps: Vec<TimedStep>,
    /// What was answered.
    pub answer: Message,
    /// Microseconds from the request to the answer.
    pub micros: u64,
}

impl Exchange {
    /// What the access token said that was signed on the way.
    pub fn token(&self) -> Option<&Unsigned> {
        self.steps.iter().find_map(|timed| match &timed.step {
            Step::AccessTokenSigned { token } => token.as_ref(),
            _ => None,
        })
    }
}

fn bounded(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_bounded_and_reads_like_one() {
        let header = || ("Accept".to_owned(), "é".repeat(1000));
        let message = Message::new("POST / HTTP/1.1", (0..100).map(|_| header()), &"x".repeat(9000));
        assert_eq!((message.headers.len(), message.headers[0].1.chars().count()), (24, 301));
        assert_eq!(message.body.chars().count(), 2001);
        let small = Message::new("POST / HTTP/1.1", [("Host".to_owned(), "a".to_owned())], "b=c");
        assert_eq!(small.to_text(), "POST / HTTP/1.1\nHost: a\n\nb=c");
        assert_eq!(Message::new("HTTP/1.1 303 See Other", [], "").to_text(), "HTTP/1.1 303 See Other");
    }
}
