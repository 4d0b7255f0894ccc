//! What `bin/fuzz` asks of the reader of answers. Compiled for it alone.

use super::message::{Said, answer};

/// The texts of an answer to the question of this number.
pub fn texts(number: u16, name: &str, bytes: &[u8]) -> Option<Vec<String>> {
    match answer(number, name, bytes) {
        Ok(Said::Texts(texts)) => Some(texts),
        Ok(Said::TooMuch | Said::Other) | Err(_) => None,
    }
}
