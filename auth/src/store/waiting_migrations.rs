//! Which changes of the tables a database still waits for, asked without making any.

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions as _, Connection as _, Row as _};
use std::str::FromStr as _;

use super::{MIGRATIONS, Result, Store, install_drivers};

impl Store {
    /// How many migrations the database of an address waits for; all of them when it is empty. Nothing is changed,
    /// but SQLite makes a file that is missing where the address says so.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn waiting_migrations(url: &str) -> Result<usize> {
        install_drivers();
        let options = AnyConnectOptions::from_str(url)?.disable_statement_logging();
        let mut connection = AnyConnection::connect_with(&options).await?;
        let rows = sqlx::query("SELECT version FROM _sqlx_migrations").fetch_all(&mut connection).await;
        connection.close().await?;
        let applied: Vec<i64> = match rows {
            Ok(rows) => rows.iter().map(|row| row.try_get("version")).collect::<Result<_>>()?,
            // Both databases refuse to read a table that is not there.
            Err(sqlx::Error::Database(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(MIGRATIONS.iter().filter(|migration| !applied.contains(&migration.version)).count())
    }
}
