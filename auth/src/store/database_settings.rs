//! Which database, who comes to it, and what may be done on the way in.

use sqlx::ConnectOptions as _;
use sqlx::any::AnyConnectOptions;
use std::path::PathBuf;
use std::str::FromStr as _;

use super::Result;
use super::password_file::PasswordFile;

/// How to come to the database.
#[derive(Clone)]
pub struct DatabaseSettings {
    /// `sqlite://…` or `postgres://…`.
    pub url: String,
    /// A file with the password of PostgreSQL, read again for new connections.
    pub password_file: Option<PathBuf>,
    /// Whether the tables are brought up to date on the way in. An account with the least rights may not: for it they
    /// must be as this program knows them.
    pub migrates: bool,
}

impl DatabaseSettings {
    /// For an account that owns the tables, and has its password in the address or none.
    pub fn at(url: &str) -> Self {
        Self { url: url.to_owned(), password_file: None, migrates: true }
    }

    /// What the address says, without the password of a file.
    pub(super) fn options(&self) -> Result<AnyConnectOptions> {
        Ok(AnyConnectOptions::from_str(&self.url)?.disable_statement_logging())
    }

    /// The password of the file, read once now.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn password(&self, options: &AnyConnectOptions) -> anyhow::Result<Option<PasswordFile>> {
        self.password_file.as_ref().map(|path| PasswordFile::open(path.clone(), options.clone())).transpose()
    }
}
