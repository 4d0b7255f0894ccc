//! Programs among many accounts: `keywright seed` makes the data, which takes minutes where it is a million of them, so it may
//! be kept for the next run: in a folder, and on PostgreSQL in databases `bench_kept_…`.

use sqlx::{AnyConnection, Connection as _, Executor as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::program::{Program, run};

/// An account that may look at everything.
pub const ADMINISTRATOR: &str = "user1@example.com";
/// How many accounts are few.
pub const FEW: i64 = 1000;
const LINES_OF_USER: i64 = 5;

/// A database of the programs that are measured.
pub struct Place {
    name: &'static str,
    /// Where data is kept from one run to the next.
    keep: Option<PathBuf>,
    /// None: SQLite in the folder of the program.
    server: Option<String>,
}

impl Place {
    pub fn sqlite(keep: Option<&Path>) -> Self {
        Self { name: "SQLite", keep: keep.map(|folder| folder.join("sqlite")), server: None }
    }

    /// The server that `KEYWRIGHT_TEST_POSTGRES_URL` names, as it does below `bin/bench large` and `bin/bench growth`.
    #[expect(clippy::disallowed_methods, reason = "bin/bench names the server; nothing here is a setting")]
    pub fn postgres(keep: Option<&Path>) -> Option<Self> {
        let server = std::env::var("KEYWRIGHT_TEST_POSTGRES_URL").ok()?;
        Some(Self { name: "PostgreSQL", keep: keep.map(|folder| folder.join("postgres")), server: Some(server) })
    }
}

/// A program with data.
pub struct Filled {
    pub program: Program,
    _temporary: tempfile::TempDir,
    /// The database to be dropped, and where.
    database: Option<(String, String)>,
}

impl Filled {
    /// Takes data of this name and size that was kept, or makes it, and starts a program on it.
    pub async fn make(place: &Place, name: &str, users: i64) -> anyhow::Result<Self> {
        let temporary = tempfile::tempdir()?;
        let kept = place.keep.as_ref().map(|kept| kept.join(format!("{name}-{users}")));
        let folder = kept.unwrap_or_else(|| temporary.path().to_owned());
        let is_made = folder.join("made");
        let mut settings: Vec<(&str, String)> = Vec::new();
        let mut database = None;
        if let Some(server) = &place.server {
            let owner = if place.keep.is_some() { "kept".to_owned() } else { std::process::id().to_string() };
            let database_name = format!("bench_{owner}_{users}_{name}");
            if !is_made.exists() {
                on(server, format!("CREATE DATABASE {database_name}")).await?;
            }
            settings.push(("KEYWRIGHT_DATABASE_URL", url_of(server, &database_name)));
            database = Some((server.clone(), database_name));
        }
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if !is_made.exists() {
            std::fs::create_dir_all(&folder)?;
            fill(place, &folder, &settings, users).await?;
            std::fs::write(is_made, "")?;
        }
        if place.keep.is_some() {
            database = None;
        }
        let (program, _) = Program::start_with(&folder, &settings).await?;
        Ok(Self { program, _temporary: temporary, database })
    }

    pub async fn stop(self) -> anyhow::Result<()> {
        self.program.stop().await?;
        if let Some((server, name)) = self.database {
            on(&server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        }
        Ok(())
    }
}

/// Makes the data, and waits for what PostgreSQL does by itself after so many new rows: it would go on beside what is
/// measured.
async fn fill(place: &Place, folder: &Path, settings: &[(&str, &str)], users: i64) -> anyhow::Result<()> {
    let started = Instant::now();
    let (all, lines) = (users.to_string(), (users * LINES_OF_USER).to_string());
    run(folder, settings, &["seed", "--users", &all, "--audit-lines", &lines]).await?;
    eprintln!("{}: {users} accounts and {lines} lines after {} s", place.name, started.elapsed().as_secs());
    run(folder, settings, &["user", "role", ADMINISTRATOR, "platform_admin"]).await?;
    for (_, url) in settings {
        on(url, "VACUUM ANALYZE".to_owned()).await?;
    }
    Ok(())
}

/// A statement on a database of PostgreSQL.
async fn on(url: &str, statement: String) -> anyhow::Result<()> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await?;
    connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statement))).await?;
    connection.close().await?;
    Ok(())
}

/// …/postgres?host=… becomes …/name?host=…
fn url_of(server: &str, name: &str) -> String {
    let (address, query) = server.split_once('?').unwrap_or((server, ""));
    let address = address.rsplit_once('/').map_or(address, |(address, _)| address);
    format!("{address}/{name}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_is_reached_the_same_way() {
        let server = "postgres://postgres@localhost:20000/postgres?host=/tmp/socket";
        assert_eq!(url_of(server, "bench"), "postgres://postgres@localhost:20000/bench?host=/tmp/socket");
        assert_eq!(url_of("postgres://localhost/postgres", "bench"), "postgres://localhost/bench?");
    }
}
