//! Databases in the PostgreSQL that `bin/test` starts.

use sqlx::{AnyConnection, Connection, Executor};

/// An empty one for a story: the server, its name and its address; none without a server.
#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
pub async fn postgres(story: &str) -> Option<(String, String, String)> {
    let server = std::env::var("KEYWRIGHT_TEST_POSTGRES_URL").ok()?;
    let name = format!("story_{story}_{}", std::process::id());
    on_server(&server, format!("CREATE DATABASE {name}")).await;
    let (address, query) = server.split_once('?').unwrap_or((&server, ""));
    let (address, _) = address.rsplit_once('/').unwrap();
    let url = format!("{address}/{name}?{query}");
    Some((server, name, url))
}

/// Runs a statement of the test's own there.
pub async fn on_server(server: &str, statement: String) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(server).await.unwrap();
    connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statement))).await.unwrap();
    connection.close().await.unwrap();
}
