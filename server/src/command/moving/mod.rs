//! `keywright move`: from one database to another, such as from SQLite to PostgreSQL.

use anyhow::ensure;
use auth::Timestamp;
use auth::clock::{Clock as _, SystemClock};
use auth::store::{DatabaseSettings, Moved, Store};
use std::path::Path;

use super::progress::Progress;
use crate::settings::{is_safe_database, make_sqlite_file};

mod options;

pub use options::Options;

/// Seconds within which a node that works on the source has told so; it does twice a minute.
const AT_WORK: i64 = 120;

/// Moves everything and prints what arrived.
///
/// # Errors
/// When anything is in the target, when a database fails, or when the target is not the same in the end.
pub async fn move_database(options: &Options) -> anyhow::Result<()> {
    for url in [&options.from, &options.to] {
        ensure!(is_safe_database(url), "a PostgreSQL that is elsewhere needs ?sslmode=verify-full in its address");
    }
    prepare(&options.to)?;
    let (from, to) = (DatabaseSettings::at(&options.from), DatabaseSettings::at(&options.to));
    let progress = Progress::begin();
    let moved = Store::move_all(&from, &to, |table, done, all| progress.tell(table, done, all)).await?;
    println!("{}", words(&moved));
    if let Some(warning) = warning(moved.last_used_at, SystemClock.now()) {
        eprintln!("{warning}");
    }
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
fn words(moved: &Moved) -> String {
    let mut lines = vec![format!("{:<24} {:>10}  checksum", "table", "rows")];
    lines.extend(moved.tables.iter().map(|table| format!("{:<24} {:>10}  {}", table.name, table.rows, table.checksum)));
    let rows: i64 = moved.tables.iter().map(|table| table.rows).sum();
    lines.push(format!("{} tables with {rows} rows: counts and checksums agree.", moved.tables.len()));
    lines.push("Now set database_url to the target, keep master_key as it is, and start.".to_owned());
    lines.join("\n")
}

/// What stays behind when somebody still works on the source.
fn warning(last_used_at: Timestamp, now: Timestamp) -> Option<String> {
    (now.seconds_since(last_used_at) < AT_WORK).then(|| {
        format!(
            "A node worked on the source within the last {AT_WORK} seconds. What it writes from now on is not in the \
             target: unless all nodes were stopped before, this was a rehearsal. Stop them, and move once more into an \
             empty database."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth::store::MovedTable;
    use std::fs::metadata;
    use std::os::unix::fs::PermissionsExt as _;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    #[test]
    fn what_arrived_is_told_by_table() {
        let table = |name: &str, rows| MovedTable { name: name.to_owned(), rows, checksum: "0123abcd".to_owned() };
        let moved = Moved { tables: vec![table("users", 12), table("sessions", 30)], last_used_at: NOW };
        let told = words(&moved);
        for part in ["users ", "12  0123abcd", "2 tables with 42 rows", "master_key as it is"] {
            assert!(told.contains(part), "{part} in {told}");
        }
    }

    #[test]
    fn who_moves_beside_a_running_node_is_warned() {
        assert!(warning(NOW, NOW.plus_seconds(119)).is_some_and(|told| told.contains("a rehearsal")));
        assert!(warning(NOW, NOW.plus_seconds(120)).is_none());
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
