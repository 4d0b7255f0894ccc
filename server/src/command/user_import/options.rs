//! The words after `keywright user import`.

use std::path::Path;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// The file; `-` is standard input.
    pub file: String,
    /// What it is.
    pub format: Format,
    /// Whether nothing is to be written.
    pub is_dry_run: bool,
    /// Whether the report is for a program.
    pub is_json: bool,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A header and rows with commas (RFC 4180), each row in one line.
    Csv,
    /// One JSON object a line (<https://jsonlines.org>).
    JsonLines,
}

impl Options {
    /// Reads the words.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let (mut file, mut format, mut is_dry_run, mut is_json) = (None, None, false, false);
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            match word {
                "--dry-run" => is_dry_run = true,
                "--json" => is_json = true,
                "--format" => format = Some(Format::named(words.next().unwrap_or_default())?),
                option if option.starts_with("--") => return Err(format!("there is no option {option}")),
                name if file.is_none() => file = Some(name),
                more => return Err(format!("one file at a time, and {more} is another")),
            }
        }
        let file = file.ok_or("name a file, or - for standard input")?;
        let Some(format) = format.or_else(|| Format::of(file)) else {
            return Err(format!("say what {file} is: --format csv or --format jsonl"));
        };
        Ok(Self { file: file.to_owned(), format, is_dry_run, is_json })
    }
}

impl Format {
    fn named(name: &str) -> Result<Self, String> {
        match name {
            "csv" => Ok(Self::Csv),
            "jsonl" => Ok(Self::JsonLines),
            other => Err(format!("--format must be csv or jsonl, not {other:?}")),
        }
    }

    /// What the name of a file says.
    fn of(file: &str) -> Option<Self> {
        let extension = Path::new(file).extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_says_what_it_is() {
        let of = |file| Options::parse(&[file]).unwrap();
        let csv = Options { file: "people.CSV".into(), format: Format::Csv, is_dry_run: false, is_json: false };
        assert_eq!(of("people.CSV"), csv);
        assert_eq!(of("old/people.jsonl").format, Format::JsonLines);
        assert!(Options::parse(&["people.txt"]).unwrap_err().contains("--format csv"));
        let told = Options::parse(&["--json", "-", "--format", "jsonl", "--dry-run"]).unwrap();
        assert_eq!(told, Options { file: "-".into(), format: Format::JsonLines, is_dry_run: true, is_json: true });
    }

    #[test]
    fn wrong_words_are_named() {
        for (words, named) in [
            ("", "a file"),
            ("a.csv b.csv", "b.csv"),
            ("a.csv --dry", "--dry"),
            ("a.csv --format", "csv or jsonl"),
            ("a.csv --format xml", "xml"),
        ] {
            let words: Vec<_> = words.split_whitespace().collect();
            let error = Options::parse(&words).unwrap_err();
            assert!(error.contains(named), "{error}");
        }
    }
}
