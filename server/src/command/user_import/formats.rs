//! What a line says, in each of the formats.

use anyhow::{Context as _, anyhow, bail, ensure};
use csv::{ReaderBuilder, StringRecord};
use std::io;

use super::lines::Line;
use super::row::{COLUMNS, Fault, RawRow};

/// The names of the columns, from the first line of CSV.
///
/// # Errors
/// When it cannot be read, names a column that is not known or one twice, or lacks the address.
pub fn header(first: Option<io::Result<Line>>) -> anyhow::Result<Vec<String>> {
    let (_, text) = first.context("the file is empty; its first line must name the columns")??;
    let text = text.map_err(|reason| anyhow!("line 1 {reason}"))?;
    let names = fields(&text).map_err(|fault| anyhow!("line 1: {fault}"))?;
    let mut header = Vec::new();
    for name in &names {
        let name = name.trim().to_ascii_lowercase();
        if RawRow::default().field(&name).is_none() {
            bail!("line 1: there is no column {name:?}; the columns are {}", COLUMNS.join(", "));
        }
        ensure!(!header.contains(&name), "line 1: the column {name} stands there twice");
        header.push(name);
    }
    ensure!(header.iter().any(|name| name == "email"), "line 1: the column email is missing");
    Ok(header)
}

/// A row of CSV.
///
/// # Errors
/// When it has more or fewer columns than the first line, or cannot be read.
pub fn from_csv(header: &[String], line: &str) -> Result<RawRow, Fault> {
    let fields = fields(line)?;
    if fields.len() != header.len() {
        return Err(Fault::of_row(format!("has {} columns, the first line has {}", fields.len(), header.len())));
    }
    let mut raw = RawRow::default();
    for (name, text) in header.iter().zip(&fields) {
        if let Some(field) = raw.field(name) {
            *field = Some(text.to_owned());
        }
    }
    Ok(raw)
}

/// The fields of one line (RFC 4180). Each line is read for itself: a quote that is never closed costs
/// this row and no other.
fn fields(line: &str) -> Result<StringRecord, Fault> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
    let (mut record, mut rest) = (StringRecord::new(), StringRecord::new());
    let mut read = |record: &mut StringRecord| {
        reader.read_record(record).map_err(|error| Fault::of_row(format!("is no row of CSV: {error}")))
    };
    read(&mut record)?;
    if read(&mut rest)? {
        return Err(Fault::of_row("has a line break in it"));
    }
    Ok(record)
}

/// A row of JSON lines.
///
/// # Errors
/// When it is no object, has an unknown name or a value of another type.
pub fn from_json(line: &str) -> Result<RawRow, Fault> {
    // A list would be taken for the fields in their order.
    if !line.trim_start().starts_with('{') {
        return Err(Fault::of_row("is no JSON object"));
    }
    serde_json::from_str(line).map_err(|error| {
        // It says a line as well, which would be the first one each time.
        let words = error.to_string();
        let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
        Fault::of_row(format!("{words} (column {})", error.column()))
    })
}
