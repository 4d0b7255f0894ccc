//! A file as lines of bounded length. One that is too long or no text is told and does not stop the
//! rest; of a long one no more than the bound is ever held in memory.

use std::io::{self, BufRead, ErrorKind};

/// Bytes of the longest line: many times what a row needs.
const LONGEST: usize = 16 * 1024;

/// A line with its number, counted from 1, or what is wrong with it.
pub type Line = (u64, Result<String, &'static str>);

/// The lines of a file.
pub struct Lines<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// The lines from here on.
    pub fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    /// The bytes of the next line without its end, cut one byte after the bound. None at the end.
    fn bytes(&mut self) -> io::Result<Option<Vec<u8>>> {
        let (mut line, mut is_begun) = (Vec::new(), false);
        loop {
            let available = match self.reader.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                return Ok(is_begun.then_some(line));
            }
            is_begun = true;
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..end.unwrap_or(available.len())];
            let room = (LONGEST + 1).saturating_sub(line.len());
            line.extend_from_slice(&part[..part.len().min(room)]);
            let used = part.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                return Ok(Some(line));
            }
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = match self.bytes() {
            Ok(bytes) => bytes?,
            Err(error) => return Some(Err(error)),
        };
        self.number += 1;
        Some(Ok((self.number, text(bytes, self.number == 1))))
    }
}

/// Without a carriage return at its end, and the first line without a byte order mark.
fn text(mut bytes: Vec<u8>, is_first: bool) -> Result<String, &'static str> {
    if bytes.len() > LONGEST {
        return Err("is longer than 16 KiB");
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    let text = String::from_utf8(bytes).map_err(|_| "is not text in UTF-8")?;
    Ok(if is_first { text.trim_start_matches('\u{feff}').to_owned() } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    /// Through a buffer of eight bytes, so that lines come in pieces.
    fn lines(file: &[u8]) -> Vec<Line> {
        Lines::new(BufReader::with_capacity(8, file)).map(Result::unwrap).collect()
    }

    fn line(number: u64, text: &str) -> Line {
        (number, Ok(text.to_owned()))
    }

    #[test]
    fn every_kind_of_end_is_an_end() {
        let file = "\u{feff}first line of some length\r\n\nthird\n";
        assert_eq!(lines(file.as_bytes()), [line(1, "first line of some length"), line(2, ""), line(3, "third")]);
        assert_eq!(lines(b"no end"), [line(1, "no end")]);
        assert!(lines(b"").is_empty());
    }

    #[test]
    fn a_bad_line_does_not_stop_the_rest() {
        let mut file = vec![b'x'; 1_000_000];
        file.extend_from_slice(b"\nb\xff\nc\n");
        let told = [(1, Err("is longer than 16 KiB")), (2, Err("is not text in UTF-8")), line(3, "c")];
        assert_eq!(lines(&file), told);
        let just = "x".repeat(LONGEST);
        assert_eq!(lines(just.as_bytes()), [line(1, &just)]);
    }
}
