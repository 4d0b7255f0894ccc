//! `keywright move`: from one database to another, such as from SQLite to PostgreSQL.

use anyhow::ensure;
use auth::clock::{Clock as _, SystemClock};
use auth::store::{DatabaseSettings, Move, Moved, Store};
use std::path::Path;

use super::progress::Progress;
use crate::settings::{is_safe_database, make_sqlite_file};

mod options;

pub use options::Options;

/// Moves everything and prints what arrived.
///
/// # Errors
/// Those of [`Store::move_all`]; when the file of the target cannot be made.
pub async fn move_database(options: &Options) -> anyhow::Result<()> {
    for url in [&options.from, &options.to] {
        ensure!(is_safe_database(url), "a PostgreSQL that is elsewhere needs ?sslmode=verify-full in its address");
    }
    prepare(&options.to)?;
    let (from, to) = (DatabaseSettings::at(&options.from), DatabaseSettings::at(&options.to));
    let progress = Progress::begin();
    let asked = Move { from: &from, to: &to, is_rehearsal: options.is_rehearsal, now: SystemClock.now() };
    let moved = Store::move_all(&asked, |table, done, all| progress.tell(table, done, all)).await?;
    println!("{}", words(&moved, options.is_rehearsal));
    Ok(())
}

/// Makes a new file of SQLite, which its owner alone may read; one that is there is left as it is.
fn prepare(url: &str) -> anyhow::Result<()> {
    let Some(rest) = url.strip_prefix("sqlite://") else { return Ok(()) };
    let path = rest.split('?').next().unwrap_or_default();
    // An address with % is not a path letter by letter.
    let is_path = !path.is_empty() && !path.contains('%');
    ensure!(is_path, "--to must name a file by its path, as in sqlite://data/keywright.db");
    make_sqlite_file(Path::new(path))
}

/// What arrived, table by table.
fn words(moved: &Moved, is_rehearsal: bool) -> String {
    let mut lines = vec![format!("{:<24} {:>10}  checksum", "table", "rows")];
    lines.extend(moved.tables.iter().map(|table| format!("{:<24} {:>10}  {}", table.name, table.rows, table.checksum)));
    let rows: i64 = moved.tables.iter().map(|table| table.rows).sum();
    lines.push(format!("{} tables with {rows} rows: counts and checksums agree.", moved.tables.len()));
    let next = if is_rehearsal {
        "This was a rehearsal: no node starts on the target. Throw it away, stop every node, and move into a new one."
    } else {
        "Now set database_url to the target, keep master_key as it is, and start."
    };
    lines.push(next.to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth::store::MovedTable;
    use std::fs::metadata;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn what_arrived_is_told_by_table() {
        let table = |name: &str, rows| MovedTable { name: name.to_owned(), rows, checksum: "0123abcd".to_owned() };
        let moved = Moved { tables: vec![table("users", 12), table("sessions", 30)] };
        let told = words(&moved, false);
        for part in ["users ", "12  0123abcd", "2 tables with 42 rows", "master_key as it is"] {
            assert!(told.contains(part), "{part} in {told}");
        }
        let told = words(&moved, true);
        assert!(told.contains("a rehearsal") && !told.contains("set database_url"), "{told}");
    }

    #[test]
    fn a_new_file_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.db");
        for _ in 0..2 {
            prepare(&format!("sqlite://{}", path.display())).unwrap();
            assert_eq!(metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let nowhere = format!("sqlite://{}/no/new.db", folder.path().display());
        assert!(format!("{:#}", prepare(&nowhere).unwrap_err()).contains("no/new.db"));
        assert!(prepare("sqlite://a%20b.db").is_err());
        prepare("postgres://localhost/keywright").unwrap();
    }
}
