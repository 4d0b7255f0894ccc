//! What `bin/fuzz` asks of the reader of files of accounts. Compiled for it alone.

use auth::Timestamp;

use super::options::Format;
use super::rows::Rows;

/// The lines of the rows of a file, each with the address of the account that it can be. None when the file has no header
/// that can be used.
pub fn rows(is_csv: bool, file: &[u8], now: Timestamp) -> Option<Vec<(u64, Option<String>)>> {
    let format = if is_csv { Format::Csv } else { Format::JsonLines };
    let rows = Rows::begin(format, file, now).ok()?.map_while(Result::ok);
    Some(rows.map(|row| (row.line, row.user.ok().map(|user| user.email.to_string()))).collect())
}
