//! A fresh database for each story.

use sqlx::any::install_default_drivers;
use sqlx::{AnyConnection, Connection, Executor};
use std::sync::atomic::{AtomicU32, Ordering};

/// A database that is gone after the story: a thousand of PostgreSQL's would fill a disk.
pub struct Database {
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
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
    /// On a thread of its own: a runtime may be stopping around it, and nothing can be awaited here.
    fn drop(&mut self) {
        if self.url.starts_with("sqlite:") {
            return;
        }
        let (server, name) = (server_of(&self.url), self.name().to_owned());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = AnyConnection::connect(&server).await.unwrap();
                let statement = sqlx::AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
                connection.execute(sqlx::raw_sql(statement)).await.unwrap();
            });
        });
        if dropping.join().is_err() && !std::thread::panicking() {
            eprintln!("the database {} could not be dropped", self.name());
        }
    }
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

/// A new database in the PostgreSQL that `bin/test` starts; none when there is no such server. It has its tables: those
/// of a first one are copied, which takes a fraction of the time.
pub async fn postgres() -> Option<Database> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    static TEMPLATE: tokio::sync::Mutex<bool> = tokio::sync::Mutex::const_new(false);
    #[expect(clippy::disallowed_methods, reason = "tests have no settings")]
    let server = std::env::var("KEYWRIGHT_TEST_POSTGRES_URL").ok()?;
    install_default_drivers();
    let template = format!("stories_{}", std::process::id());
    // …/postgres?host=… becomes …/story_1_0?host=…
    let (address, query) = server.split_once('?').unwrap_or((&server, ""));
    let (address, _) = address.rsplit_once('/').unwrap();
    let url_of = |name: &str| format!("{address}/{name}?{query}");
    let connected = AnyConnection::connect(&server).await;
    let mut connection = connected.expect("KEYWRIGHT_TEST_POSTGRES_URL names a PostgreSQL that answers");
    let mut is_made = TEMPLATE.lock().await;
    if !*is_made {
        connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {template}")))).await.unwrap();
        auth::store::Store::connect(&url_of(&template)).await.unwrap().close().await;
        *is_made = true;
    }
    drop(is_made);
    let name = format!("story_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}"));
    connection.execute(sqlx::raw_sql(create)).await.unwrap();
    connection.close().await.unwrap();
    Some(Database { url: url_of(&name), _folder: None })
}
