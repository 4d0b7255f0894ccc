//! A fresh database for each story.

use sqlx::any::install_default_drivers;
use sqlx::{AnyConnection, Connection, Executor};
use std::sync::atomic::{AtomicU32, Ordering};

/// A database that is thrown away with the story.
pub struct Database {
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

pub fn sqlite() -> Database {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
    Database { url, _folder: Some(folder) }
}

/// A new database in the PostgreSQL that `bin/test` starts; none when there is no such server.
pub async fn postgres() -> Option<Database> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    #[expect(clippy::disallowed_methods, reason = "tests have no settings")]
    let server = std::env::var("KEYWRIGHT_TEST_POSTGRES_URL").ok()?;
    install_default_drivers();
    let name = format!("story_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let mut connection = AnyConnection::connect(&server).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    connection.execute(sqlx::raw_sql(create)).await.unwrap();
    connection.close().await.unwrap();
    // …/postgres?host=… becomes …/story_1_0?host=…
    let (address, query) = server.split_once('?').unwrap_or((&server, ""));
    let (address, _) = address.rsplit_once('/').unwrap();
    Some(Database { url: format!("{address}/{name}?{query}"), _folder: None })
}
