//! Backups: taken while people work, encrypted for an age key, put into a folder or a bucket, and restored so that nothing that was
//! used, rotated or revoked since comes back (ASVS 5.0, 13.3 and 14.2; NIST SP 800-34, 5.1.2).
//!
//! The key that opens them is not on the machine that takes them. A file is a line for people, and after it a file of age, which
//! holds a manifest and what SQLite (`VACUUM INTO`) or PostgreSQL (`pg_dump`) wrote.

use std::path::PathBuf;

pub mod age;
mod archive;
mod manifest;
mod name;
pub mod place;
mod postgres_tools;
mod postgres_version;
mod pour;
mod retention;
mod scratch;
mod take;
mod temporary;

pub use age::{Identity, Recipient};
pub use archive::{Opened, open_archive};
pub use manifest::{DatabaseKind, Manifest};
pub use name::BackupName;
pub use place::Place;
pub use postgres_tools::PostgresTools;
pub use pour::{Poured, differences, pour};
pub use retention::{Keep, superfluous};
pub use scratch::Scratch;
pub use take::{Source, Taken, copy_before_migration, prune, take};
pub use temporary::TemporaryDatabase;

/// How backups are taken.
#[derive(Clone)]
pub struct BackupSettings {
    /// Where they go, and for whom they are encrypted; none: none is taken by itself.
    pub target: Option<Target>,
    /// Hours from one to the next; 0: none is taken by itself.
    pub every_hours: i64,
    /// Which are kept.
    pub keep: Keep,
    /// Whether one is taken before tables are changed.
    pub before_migration: bool,
    /// The programs of PostgreSQL.
    pub tools: PostgresTools,
    /// Where work lies that is not encrypted yet, in folders that nobody else may enter.
    pub work_folder: PathBuf,
}

/// Where backups go.
#[derive(Clone)]
pub struct Target {
    /// A folder or a bucket.
    pub place: Place,
    /// Who can open them.
    pub recipient: Recipient,
}
