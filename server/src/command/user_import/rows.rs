//! The rows of a file, each judged for itself and against those before it.

use auth::Timestamp;
use auth::flow::ImportedUser;
use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher as _;
use std::io::{self, BufRead};

use super::formats::{from_csv, from_json, header};
use super::lines::Lines;
use super::options::Format;
use super::row::Fault;

/// One row.
pub struct Row {
    /// Its line in the file, counted from 1.
    pub line: u64,
    /// The account, or why it is none.
    pub user: Result<ImportedUser, Fault>,
}

/// The rows of a file. Of each address a digest of 64 bits is kept, so that one that comes twice is
/// told with its first line.
pub struct Rows<R> {
    lines: Lines<R>,
    /// The columns of CSV; none for JSON lines.
    header: Option<Vec<String>>,
    seen: HashMap<u64, u64>,
    digests: RandomState,
    now: Timestamp,
}

impl<R: BufRead> Rows<R> {
    /// Reads the header, where there is one.
    ///
    /// # Errors
    /// When it cannot be read, names a column that is not known or one twice, or lacks the address.
    pub fn begin(format: Format, reader: R, now: Timestamp) -> anyhow::Result<Self> {
        let mut lines = Lines::new(reader);
        let header = match format {
            Format::JsonLines => None,
            Format::Csv => Some(header(lines.next())?),
        };
        Ok(Self { lines, header, seen: HashMap::new(), digests: RandomState::new(), now })
    }

    fn judge(&mut self, line: u64, text: Result<String, &'static str>) -> Result<ImportedUser, Fault> {
        let text = text.map_err(Fault::of_row)?;
        let raw = match &self.header {
            Some(header) => from_csv(header, &text)?,
            None => from_json(&text)?,
        };
        let user = raw.judge(self.now)?;
        match self.seen.entry(self.digests.hash_one(user.email.as_str())) {
            Entry::Occupied(first) => Err(Fault::of("email", format!("stands in line {} already", first.get()))),
            Entry::Vacant(free) => {
                free.insert(line);
                Ok(user)
            }
        }
    }
}

impl<R: BufRead> Iterator for Rows<R> {
    type Item = io::Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (line, text) = match self.lines.next()? {
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            };
            let is_blank = text.as_ref().is_ok_and(|text| text.trim().is_empty());
            if !is_blank {
                return Some(Ok(Row { line, user: self.judge(line, text) }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(format: Format, file: &str) -> Vec<(u64, Result<String, String>)> {
        let rows = Rows::begin(format, file.as_bytes(), Timestamp(1_800_000_000_000)).unwrap();
        rows.map(Result::unwrap)
            .map(|row| {
                let told = row.user.map(|user| user.email.to_string()).map_err(|fault| fault.to_string());
                (row.line, told)
            })
            .collect()
    }

    fn good(line: u64, email: &str) -> (u64, Result<String, String>) {
        (line, Ok(email.to_owned()))
    }

    fn bad(line: u64, fault: &str) -> (u64, Result<String, String>) {
        (line, Err(fault.to_owned()))
    }

    #[test]
    fn csv_is_read_by_its_header() {
        let file = "Name , email\r\n\"Doe, Sam\",sam@example.com\r\n\r\n,alice@example.com\r\n";
        assert_eq!(rows(Format::Csv, file), [good(2, "sam@example.com"), good(4, "alice@example.com")]);
    }

    #[test]
    fn a_bad_row_of_csv_stops_nothing() {
        let file = "email,name\na@example.com\n\"b@example.com,B\nc@example.com,\"C\nd@example.com,D\rx,X\nA@example.com,A\na@example.com,A\n";
        assert_eq!(
            rows(Format::Csv, file),
            [
                bad(2, "has 1 columns, the first line has 2"),
                bad(3, "has 1 columns, the first line has 2"),
                good(4, "c@example.com"),
                bad(5, "has a line break in it"),
                good(6, "a@example.com"),
                bad(7, "email: stands in line 6 already"),
            ]
        );
    }

    #[test]
    fn a_header_that_is_not_understood_is_refused() {
        for (file, words) in [
            ("", "empty"),
            ("email,phone\n", "there is no column \"phone\"; the columns are email, name,"),
            ("email;name\n", "\"email;name\""),
            ("email,name,Email\n", "twice"),
            ("name,locale\n", "email is missing"),
        ] {
            let error = Rows::begin(Format::Csv, file.as_bytes(), Timestamp(0)).err().unwrap().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_bad_line_of_json_stops_nothing() {
        let file = "{\"email\":\"a@example.com\"}\n\n{\"email\":\n[]\n{\"email\":\"b@example.com\",\"phone\":1}\n{\"email\":7}\n{\"email\":\"c@example.com\"}";
        let told = rows(Format::JsonLines, file);
        assert_eq!((&told[0], &told[5]), (&good(1, "a@example.com"), &good(7, "c@example.com")));
        for ((line, fault), words) in
            told[1..5].iter().zip(["EOF", "no JSON object", "unknown field `phone`", "integer `7`"])
        {
            let fault = fault.as_ref().unwrap_err();
            assert!(fault.contains(words) && !fault.contains(" at line "), "{line}: {fault}");
        }
    }
}
