//! Accounts of PostgreSQL that a program comes with: those of `docs/database.md`, made by the statements that stand there.

use super::database::{Database, NUMBER, postgres_server, run_statements, run_while_dropping, url_of};
use super::{CHEAP, START, World};
use auth::Auth;
use auth::clock::FakeClock;
use auth::random::SystemRandom;
use auth::store::{DatabaseSettings, Store};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use url::Url;

const DOCUMENT: &str = include_str!("../../../docs/database.md");

/// Accounts of the server. They go after the database of their story, so make them before it.
pub struct Roles {
    server: String,
    names: Vec<String>,
}

impl Drop for Roles {
    fn drop(&mut self) {
        let statements = self.names.iter().map(|name| format!("DROP ROLE IF EXISTS {name}")).collect();
        if !run_while_dropping(self.server.clone(), statements) && !std::thread::panicking() {
            eprintln!("the accounts {:?} could not be dropped", self.names);
        }
    }
}

/// A database with the accounts of the document: who owns it, who comes with the program, and what is left to do once
/// there are tables.
pub struct LeastRights {
    pub database: Database,
    pub roles: Roles,
    pub owner: String,
    pub app: String,
    pub afterwards: Vec<String>,
}

/// Does what the document says; none without a PostgreSQL.
pub async fn least_rights() -> Option<LeastRights> {
    let server = postgres_server()?;
    let name = format!("rights_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let chapter = DOCUMENT.split_once("## The least rights\n").unwrap().1.split_once("\n## ").unwrap().0;
    let mut steps = chapter.split("```sql\n").skip(1).map(|step| statements(step.split_once("```").unwrap().0, &name));
    let mut next = || steps.next().expect("the document has three steps");
    let (at_server, in_database, afterwards) = (next(), next(), next());
    run_statements(&server, at_server).await;
    let database = Database::at(url_of(&server, &name));
    run_statements(&database.url, in_database).await;
    let names = ["owner", "app"].map(|who| format!("{name}_{who}"));
    Some(LeastRights {
        owner: url_as(&database.url, &names[0], Some("a long random password")),
        app: url_as(&database.url, &names[1], Some("another long random password")),
        roles: Roles { server, names: names.into() },
        database,
        afterwards,
    })
}

/// The statements of a step, about this story's accounts and database.
fn statements(step: &str, name: &str) -> Vec<String> {
    let step =
        step.replace("DATABASE keywright", &format!("DATABASE {name}")).replace("keywright_", &format!("{name}_"));
    step.split(";\n").map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// An account that must prove itself by a password, and reads and writes a database. It is of the group that `bin/test`
/// has asked for one: its server believes everybody else.
pub async fn role_with_password(database: &Database, password: &str) -> (Roles, String) {
    let name = format!("asked_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let group = "DO $$ BEGIN CREATE ROLE keywright_asked; \
                 EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$";
    let statements = [
        group.to_owned(),
        format!("CREATE ROLE {name} LOGIN PASSWORD '{password}' IN ROLE keywright_asked"),
        format!("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"),
    ];
    run_statements(&database.url, statements).await;
    let server = postgres_server().expect("there is a database on it");
    (Roles { server, names: vec![name.clone()] }, name)
}

/// An account that comes with a certificate, and reads and writes a database. `bin/test` lets nobody else in over a network.
pub async fn role_with_certificate(database: &Database, name: &str) -> Roles {
    let statements = [
        format!("CREATE ROLE {name} LOGIN"),
        format!("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"),
    ];
    run_statements(&database.url, statements).await;
    Roles { server: postgres_server().expect("there is a database on it"), names: vec![name.to_owned()] }
}

/// The address of a database for somebody else.
pub fn url_as(url: &str, name: &str, password: Option<&str>) -> String {
    let mut url = Url::parse(url).unwrap();
    url.set_username(name).unwrap();
    url.set_password(password).unwrap();
    url.into()
}

impl World {
    /// A world whose node comes to its database in this way.
    pub async fn coming_by(database: Database, settings: &DatabaseSettings) -> Self {
        let clock = Arc::new(FakeClock::at(START));
        let store = Store::open(settings).await.unwrap();
        let auth = Auth::open(super::settings(CHEAP, None), store, clock.clone(), Arc::new(SystemRandom)).await;
        Self { auth: auth.unwrap(), clock, database }
    }
}
