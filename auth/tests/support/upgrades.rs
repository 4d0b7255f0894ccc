//! The rows that a released version leaves: a story in which every table gets some, written down so that both databases take them,
//! in the tables as they were after a migration.

use super::World;
use super::database::{Database, NUMBER, run_statements, sqlite, url_of};
use super::personal_tokens::{make, signed_in};
use super::totp::enrol_totp;
use auth::crypto::{MasterKey, Sealer};
use auth::random::SystemRandom;
use auth::store::TABLES;
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, Column, Connection, Row, SqlSafeStr};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// What is written, such as `0.1.0` and 37; none unless somebody asks for it.
#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
pub fn is_wanted() -> Option<(String, i64)> {
    let wanted = std::env::var("KEYWRIGHT_UPDATE_UPGRADES").ok()?;
    let (version, number) = wanted.rsplit_once('-')?;
    let number = number.parse().ok().filter(|number| MIGRATIONS.version_exists(*number))?;
    Some((version.to_owned(), number))
}

/// Makes the tables as they were after a migration.
pub async fn tables_at(url: &str, number: i64) {
    sqlx::any::install_default_drivers();
    let pool = AnyPoolOptions::new().max_connections(1).connect(url).await.unwrap();
    MIGRATIONS.run_to(number, &pool).await.unwrap();
    pool.close().await;
}

/// Makes a change of tables that this version does not know, as the version that brings it would.
pub async fn change_by_next_version(url: &str, number: i64, sql: String) {
    let sql = sqlx::AssertSqlSafe(sql).into_sql_str();
    let change = Migration::new(number, "next version".into(), MigrationType::Simple, sql, false);
    let mut next = Migrator::with_migrations(vec![change]);
    next.set_ignore_missing(true);
    let pool = AnyPoolOptions::new().max_connections(1).connect(url).await.unwrap();
    next.run(&pool).await.unwrap();
    pool.close().await;
}

/// The checksum of each migration, as databases remember it.
pub fn checksums() -> BTreeMap<i64, String> {
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02x}")).collect() };
    MIGRATIONS.iter().map(|migration| (migration.version, hex(&migration.checksum))).collect()
}

/// An empty database of PostgreSQL.
pub async fn empty_postgres(server: &str) -> Database {
    let name = format!("released_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    run_statements(server, [format!("CREATE DATABASE {name}")]).await;
    Database::at(url_of(server, &name))
}

/// The statements of a file: one a line, and lines of comment.
pub fn statements_of(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with("--")).map(str::to_owned).collect()
}

/// The story.
pub struct Released(World);

impl Released {
    /// Signs in with the password.
    pub const PLAIN: &'static str = "plain@example.com";
    /// Has an authenticator app.
    pub const WITH_APP: &'static str = "app@example.com";
    /// The table that has a row only where retention cut the log.
    pub const EMPTY: [&'static str; 1] = ["audit_checkpoint"];

    /// Lets it happen; what no flow leaves behind is put there by hand.
    pub async fn make() -> Self {
        let world = World::on(sqlite()).await;
        let caller = signed_in(&world, Self::PLAIN).await;
        make(&world.auth, &caller, "nightly").await.unwrap();
        world.create_account(Self::WITH_APP).await;
        enrol_totp(&world, Self::WITH_APP).await;
        super::typed_factor::ticket(&world, Self::WITH_APP).await;
        super::password_reset::ask(&world, Self::PLAIN).await;
        world.sign_up("waiting@example.com").await.unwrap();
        world.auth.seal_audit_log().await.unwrap();
        let by_hand = include_str!("../upgrades/by_hand.txt");
        let user = caller.user_id.as_str();
        let session = caller.session_id.as_str();
        let by_hand = sealed(&by_hand.replace("{user}", user).replace("{session}", session));
        run_statements(&world.database.url, statements_of(&by_hand)).await;
        Self(world)
    }

    /// Every row, in the columns that there were after a migration.
    pub async fn rows_at(&self, number: i64) -> String {
        let old = sqlite();
        tables_at(&old.url, number).await;
        let (mut old, mut now) = (connect(&old).await, connect(&self.0.database).await);
        let mut text = format!("-- Written by auth/tests/upgrades.rs: rows of every table after migration {number}.\n");
        let tables: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        let mut there = Vec::new();
        for table in tables {
            if !columns(&mut old, table).await.is_empty() {
                there.push(table);
            }
        }
        // What migrations put there comes again below.
        for table in there.iter().rev() {
            text.push_str(&format!("DELETE FROM {table};\n"));
        }
        for table in there {
            let names: Vec<String> = columns(&mut old, table).await.into_iter().collect();
            let select = format!("SELECT {} FROM {table}", names.join(", "));
            let rows = sqlx::query(sqlx::AssertSqlSafe(select)).fetch_all(&mut now).await.unwrap();
            for row in rows {
                let values: Vec<String> = row.columns().iter().map(|column| literal(&row, column.ordinal())).collect();
                text.push_str(&format!("INSERT INTO {table} ({}) VALUES ({});\n", names.join(", "), values.join(", ")));
            }
        }
        text
    }
}

/// Seals what is written as `SEALED(table.column.row)`.
fn sealed(text: &str) -> String {
    let sealer = Sealer::new(&MasterKey::from_bytes(*b"0123456789abcdefghijklmnopqrstuv").into());
    let mut parts = text.split("SEALED(");
    let mut done = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(")'") {
            Some((place, rest)) => done.push_str(&format!("{}'{rest}", sealer.seal(&SystemRandom, place, b"{}"))),
            // The words of the head.
            None => done.push_str(part),
        }
    }
    done
}

async fn connect(database: &Database) -> AnyConnection {
    AnyConnection::connect(&database.url).await.unwrap()
}

/// The columns of a table; none when it is not there.
async fn columns(connection: &mut AnyConnection, table: &str) -> BTreeSet<String> {
    let statement = sqlx::query("SELECT CAST(name AS TEXT) AS name FROM pragma_table_info($1)").bind(table.to_owned());
    statement.fetch_all(connection).await.unwrap().iter().map(|row| row.get("name")).collect()
}

/// A value as both databases read it. No text of ours has a line break or a backslash.
fn literal(row: &sqlx::any::AnyRow, at: usize) -> String {
    if let Ok(number) = row.try_get::<Option<i64>, _>(at) {
        return number.map_or_else(|| "NULL".to_owned(), |number| number.to_string());
    }
    let text: Option<String> = row.try_get(at).unwrap();
    text.map_or_else(|| "NULL".to_owned(), |text| format!("'{}'", text.replace('\n', " ").replace('\'', "''")))
}
