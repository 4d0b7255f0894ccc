//! What a backup says of itself. It lies within what is encrypted, and its digest covers the rest: nobody puts another one before
//! other rows.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::Timestamp;

/// Which program wrote the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseKind {
    /// A file of SQLite.
    Sqlite,
    /// What `pg_dump` writes in its own format.
    Postgres,
}

impl DatabaseKind {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// The kind of a name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Sqlite, Self::Postgres].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of Keywright that took it.
    pub version: String,
    /// The number of the newest migration.
    pub schema: i64,
    /// Which database it is of.
    pub database: DatabaseKind,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Rows of each table.
    pub counts: BTreeMap<String, i64>,
    /// The end of the audit log as `NUMBER:HASH`; none as long as nothing is sealed.
    pub audit_head: Option<String>,
    /// Bytes of what the database wrote.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// The line that stands before what is encrypted, for people and for who looks for the right file. It proves nothing.
    pub fn line(&self) -> String {
        let moment = super::BackupName::of(self.taken_at, self.database).taken_at;
        format!(
            "keywright-backup 1 {moment}Z {} schema={} version={}\n",
            self.database.as_str(),
            self.schema,
            self.version
        )
    }
}
