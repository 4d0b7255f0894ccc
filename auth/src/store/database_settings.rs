//! Which database, who comes to it, and what may be done on the way in.

use anyhow::Context as _;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions as _, Connection as _};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

use super::password_file::PasswordFile;
use super::{Result, install_drivers};

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
    /// How often a node looks at what others did, whether it heard of it or not.
    pub looks_every: Duration,
    /// A copy of the database that lists may be read from.
    pub replica: Option<ReplicaSettings>,
}

/// A copy of a PostgreSQL that only reads.
#[derive(Clone)]
pub struct ReplicaSettings {
    /// `postgres://…`. Without a password the one of the file does for it as well.
    pub url: String,
    /// Seconds that it may be behind.
    pub most_lag: i64,
}

impl DatabaseSettings {
    /// For an account that owns the tables, and has its password in the address or none.
    pub fn at(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            password_file: None,
            migrates: true,
            looks_every: Duration::from_millis(500),
            replica: None,
        }
    }

    /// A file of SQLite that is there.
    ///
    /// # Errors
    /// When its path is no text.
    pub fn of_file(path: &Path) -> anyhow::Result<Self> {
        let path = path.to_str().context("the path of the database is no text")?;
        // As the driver reads an address.
        let path = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        Ok(Self::at(&format!("sqlite://{path}")))
    }

    /// Whether it is SQLite; else it is PostgreSQL.
    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    /// A connection of its own, for what is done once.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub(super) async fn connect(&self) -> anyhow::Result<AnyConnection> {
        install_drivers();
        let options = self.options()?;
        let options = self.password(&options)?.map_or(options, |password| password.connect_options());
        Ok(AnyConnection::connect_with(&options).await?)
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
