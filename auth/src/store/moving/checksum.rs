//! The checksum of a table: SHA-256 of each row, added up, so that the order of the rows does not matter. It finds what was
//! lost, doubled or changed on the way; it is no proof against somebody who wants two tables to look alike.

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A value of a row.
pub(super) enum Value {
    Text(Option<String>),
    Number(Option<i64>),
}

impl Value {
    /// As the statement that inserts it reads it.
    pub(super) fn into_json(self) -> Json {
        match self {
            Self::Text(text) => text.map_or(Json::Null, Json::String),
            Self::Number(number) => number.map_or(Json::Null, Json::from),
        }
    }

    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(Some(text)) => text.len(),
            Self::Text(None) | Self::Number(_) => 8,
        }
    }
}

/// Of the rows that were added so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Checksum {
    rows: i64,
    sums: [u64; 4],
}

impl Checksum {
    /// How many rows there are.
    pub(super) fn rows(&self) -> i64 {
        self.rows
    }

    /// Adds a row, its values in the order of the columns.
    pub(super) fn add(&mut self, row: &[Value]) {
        let mut hash = Sha256::new();
        for value in row {
            match value {
                Value::Text(None) | Value::Number(None) => hash.update([0_u8]),
                Value::Text(Some(text)) => {
                    hash.update([1_u8]);
                    hash.update((text.len() as u64).to_be_bytes());
                    hash.update(text);
                }
                Value::Number(Some(number)) => {
                    hash.update([2_u8]);
                    hash.update(number.to_be_bytes());
                }
            }
        }
        let digest = hash.finalize();
        for (sum, part) in self.sums.iter_mut().zip(digest.as_slice().chunks_exact(8)) {
            let part = part.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
            *sum = sum.wrapping_add(part);
        }
        self.rows += 1;
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sums.iter().try_for_each(|sum| write!(f, "{sum:016x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(Some(text.to_owned()))
    }

    fn sum(rows: Vec<Vec<Value>>) -> Checksum {
        let mut sum = Checksum::default();
        rows.iter().for_each(|row| sum.add(row));
        sum
    }

    #[test]
    fn the_order_of_rows_does_not_matter_and_everything_else_does() {
        let (one, other) = (|| vec![text("a"), Value::Number(Some(1))], || vec![text("b"), Value::Number(None)]);
        let whole = sum(vec![one(), other()]);
        assert_eq!(whole, sum(vec![other(), one()]));
        assert_eq!((whole.rows(), whole.to_string().len()), (2, 64));
        for different in [
            vec![one()],
            vec![one(), other(), other()],
            vec![one(), vec![text("b"), Value::Number(Some(0))]],
            vec![one(), vec![text("b"), text("")]],
            vec![one(), vec![text(""), text("b")]],
            vec![vec![text("b"), Value::Number(Some(1))], vec![text("a"), Value::Number(None)]],
        ] {
            assert_ne!(whole, sum(different));
        }
    }

    #[test]
    fn values_do_not_run_into_each_other() {
        assert_ne!(sum(vec![vec![text("ab"), text("c")]]), sum(vec![vec![text("a"), text("bc")]]));
        assert_ne!(sum(vec![vec![Value::Text(None)]]), sum(vec![vec![text("")]]));
    }
}
