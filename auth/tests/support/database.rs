//! A fresh database for each story.

use sqlx::any::install_default_drivers;
use sqlx::{AnyConnection, Connection, Executor};
use std::sync::atomic::{AtomicU32, Ordering};

/// Of the next thing on the server that needs a name of its own.
pub static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A database that is gone after the story: a thousand of PostgreSQL's would fill a disk.
pub struct Database {
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    /// One that a story made by itself.
    pub fn at(url: String) -> Self {
        Self { url, _folder: None }
    }

    /// A copy of it as it is now. Nobody may be connected: PostgreSQL copies no database that is in use.
    pub async fn backup(&self) -> Database {
        let copy =
            if self.url.starts_with("sqlite:") { sqlite() } else { self.renamed(&format!("{}_backup", self.name())) };
        let (at, statement) = if self.url.starts_with("sqlite:") {
            let path = copy.url.trim_start_matches("sqlite://").trim_end_matches("?mode=rwc");
            (self.url.clone(), format!("VACUUM INTO '{path}'"))
        } else {
            let statement = format!("CREATE DATABASE {} TEMPLATE {}", copy.name(), self.name());
            (server_of(&self.url), statement)
        };
        let mut connection = AnyConnection::connect(&at).await.unwrap();
        connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statement))).await.unwrap();
        connection.close().await.unwrap();
        copy
    }

    /// An empty one of the same kind.
    pub async fn empty(&self) -> Database {
        if self.url.starts_with("sqlite:") {
            return sqlite();
        }
        let empty = self.renamed(&format!("{}_empty_{}", self.name(), NUMBER.fetch_add(1, Ordering::SeqCst)));
        run_statements(&server_of(&self.url), [format!("CREATE DATABASE {}", empty.name())]).await;
        empty
    }

    /// The file of SQLite.
    pub fn file(&self) -> Option<std::path::PathBuf> {
        Some(self.url.strip_prefix("sqlite://")?.split('?').next()?.into())
    }

    /// …/story_1_0?host=… is called `story_1_0`.
    fn name(&self) -> &str {
        let (address, _) = self.url.split_once('?').unwrap_or((&self.url, ""));
        address.rsplit_once('/').unwrap().1
    }

    fn renamed(&self, name: &str) -> Self {
        let url = self.url.replacen(&format!("/{}?", self.name()), &format!("/{name}?"), 1);
        Self { url, _folder: None }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.url.starts_with("sqlite:") {
            return;
        }
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name());
        if !run_while_dropping(server_of(&self.url), vec![statement]) && !std::thread::panicking() {
            eprintln!("the database {} could not be dropped", self.name());
        }
    }
}

/// Runs statements, each by itself; false when one failed. On a thread of its own, for `drop`: a runtime may be stopping
/// around it, and nothing can be awaited there.
pub fn run_while_dropping(url: String, statements: Vec<String>) -> bool {
    let running = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run_statements(&url, statements));
    });
    running.join().is_ok()
}

/// Runs statements, each by itself.
pub async fn run_statements(url: &str, statements: impl IntoIterator<Item = String>) {
    install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    for statement in statements {
        connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statement))).await.unwrap();
    }
    connection.close().await.unwrap();
}

pub fn sqlite() -> Database {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
    Database { url, _folder: Some(folder) }
}

/// …/story_1_0?host=… lies in the server …/postgres?host=…
fn server_of(url: &str) -> String {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let (address, _) = address.rsplit_once('/').unwrap();
    format!("{address}/postgres?{query}")
}

/// …/postgres?host=… becomes …/story_1_0?host=…
pub fn url_of(server: &str, name: &str) -> String {
    let (address, query) = server.split_once('?').unwrap_or((server, ""));
    let (address, _) = address.rsplit_once('/').unwrap();
    format!("{address}/{name}?{query}")
}

/// The PostgreSQL that `bin/test` starts; none when there is no such server.
#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
pub fn postgres_server() -> Option<String> {
    std::env::var("KEYWRIGHT_TEST_POSTGRES_URL").ok()
}

/// A new database in the PostgreSQL that `bin/test` starts; none when there is no such server. It has its tables: those
/// of a first one are copied, which takes a fraction of the time.
pub async fn postgres() -> Option<Database> {
    static TEMPLATE: tokio::sync::Mutex<bool> = tokio::sync::Mutex::const_new(false);
    let server = postgres_server()?;
    install_default_drivers();
    let template = format!("stories_{}", std::process::id());
    let connected = AnyConnection::connect(&server).await;
    let mut connection = connected.expect("KEYWRIGHT_TEST_POSTGRES_URL names a PostgreSQL that answers");
    let mut is_made = TEMPLATE.lock().await;
    if !*is_made {
        connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {template}")))).await.unwrap();
        auth::store::Store::connect(&url_of(&server, &template)).await.unwrap().close().await;
        *is_made = true;
    }
    drop(is_made);
    let name = format!("story_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}"));
    connection.execute(sqlx::raw_sql(create)).await.unwrap();
    connection.close().await.unwrap();
    Some(Database::at(url_of(&server, &name)))
}
