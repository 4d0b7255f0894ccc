//! Stories of a database that fails in the middle of a flow, at one of the last tables that it writes: everything is as it was
//! before, whoever asked hears of a fault and of nothing else, and the same act goes through once the fault is gone (ASVS 5.0,
//! 2.3.3 and 16.5.3).

use crate::support::password_reset::NEW;
use crate::support::{PASSWORD, World, context, context_on, email, link, refusal};
use auth::flow::{self, ResetProof};
use auth::form::OrganizationForm;
use auth::{ErrorCode, PersonName, Result};
use secrecy::SecretString;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};
use std::collections::BTreeMap;

const EMAIL: &str = "alice@example.com";
/// Where a line tells of what was done, and where the mail about it waits. Nothing is written behind them.
const LINE: &str = "audit_events";
const MAIL: &str = "jobs";

fn is_sqlite(world: &World) -> bool {
    world.database.url.starts_with("sqlite:")
}

async fn run(world: &World, statement: String) {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await.unwrap();
    connection.close().await.unwrap();
}

/// From now on whatever writes into this table fails.
async fn break_table(world: &World, table: &str) {
    let statement = if is_sqlite(world) {
        format!("CREATE TRIGGER fault BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'out of order'); END")
    } else {
        format!(
            "CREATE OR REPLACE FUNCTION fault() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'out of order'; END $$ \
             LANGUAGE plpgsql; \
             CREATE TRIGGER fault BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fault()"
        )
    };
    run(world, statement).await;
}

async fn mend_table(world: &World, table: &str) {
    let of_table = if is_sqlite(world) { String::new() } else { format!(" ON {table}") };
    run(world, format!("DROP TRIGGER fault{of_table}")).await;
}

async fn texts(connection: &mut AnyConnection, statement: String) -> Vec<String> {
    let rows = sqlx::query(AssertSqlSafe(statement)).fetch_all(&mut *connection).await.unwrap();
    rows.iter().map(|row| row.try_get("text").unwrap()).collect()
}

/// Every row of every table, as text.
async fn everything(world: &World) -> BTreeMap<String, Vec<String>> {
    let is_sqlite = is_sqlite(world);
    let tables = if is_sqlite {
        "SELECT name AS text FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    } else {
        "SELECT CAST(tablename AS TEXT) AS text FROM pg_tables WHERE schemaname = 'public'"
    };
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let mut found = BTreeMap::new();
    for table in texts(&mut connection, tables.to_owned()).await {
        let row = if is_sqlite {
            let columns = format!("SELECT name AS text FROM pragma_table_info('{table}')");
            let columns = texts(&mut connection, columns).await;
            let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
            quoted.join(" || ',' || ")
        } else {
            "CAST(held AS TEXT)".to_owned()
        };
        let rows = texts(&mut connection, format!("SELECT {row} AS text FROM {table} AS held ORDER BY 1")).await;
        found.insert(table, rows);
    }
    connection.close().await.unwrap();
    found
}

/// Tries an act while one of these tables is broken, each in turn, and then when all are whole.
async fn all_or_nothing<T>(world: &World, tables: &[&str], act: impl AsyncFn() -> Result<T>) -> T {
    for table in tables {
        let before = everything(world).await;
        break_table(world, table).await;
        assert_eq!(refusal(act().await), ErrorCode::Internal, "{table}");
        mend_table(world, table).await;
        let after = everything(world).await;
        for (name, rows) in &before {
            assert_eq!(after.get(name), Some(rows), "without {table}, in {name}");
        }
    }
    let before = everything(world).await;
    let done = act().await.unwrap();
    // The control: what was compared shows what an act leaves.
    let after = everything(world).await;
    for table in tables {
        assert_ne!(after.get(*table), before.get(*table), "it writes {table}");
    }
    done
}

on_both_databases! {
    async fn an_account_is_made_and_entered_whole_or_not_at_all(world: World) {
        let world = &world;
        all_or_nothing(world, &[LINE, MAIL], async || world.sign_up(EMAIL).await).await;
        let token = world.mailed_token(EMAIL).await;
        let verify = async || flow::verify_email(&world.auth, link(token.clone()), &context()).await;
        all_or_nothing(world, &[LINE, MAIL], verify).await;
        all_or_nothing(world, &[LINE], async || world.try_sign_in(EMAIL, PASSWORD).await).await;
        world.clock.advance_seconds(1);
        let elsewhere = context_on("Safari on macOS");
        let on_new_device = async || world.try_sign_in_on(EMAIL, PASSWORD, &elsewhere).await;
        all_or_nothing(world, &[LINE, MAIL], on_new_device).await;
    }

    async fn a_password_is_reset_whole_or_not_at_all(world: World) {
        let world = &world;
        world.create_account(EMAIL).await;
        let session = world.sign_in(EMAIL).await;
        let forgot = async || flow::forgot_password(&world.auth, &email(EMAIL), &context()).await;
        world.clock.advance_seconds(1);
        all_or_nothing(world, &[LINE, MAIL], forgot).await;
        let token = world.mailed_token(EMAIL).await;
        let new = SecretString::from(NEW);
        let reset = async || {
            flow::reset_password(&world.auth, ResetProof::Link(token.clone()), &new, &context()).await
        };
        break_table(world, MAIL).await;
        assert_eq!(refusal(reset().await), ErrorCode::Internal);
        mend_table(world, MAIL).await;
        world.caller(&session);
        assert!(flow::refresh(&world.auth, &session.refresh_token, &context()).await.is_ok(), "the session goes on");
        all_or_nothing(world, &[LINE, MAIL], reset).await;
        assert_eq!(refusal(world.try_sign_in(EMAIL, PASSWORD).await), ErrorCode::InvalidCredentials);
    }

    async fn an_account_changes_whole_or_not_at_all(world: World) {
        let world = &world;
        world.create_account(EMAIL).await;
        let caller = world.caller(&world.sign_in(EMAIL).await);
        world.clock.advance_seconds(1);
        let name = PersonName::parse("Alice B.").ok().unwrap();
        all_or_nothing(world, &[LINE], async || {
            flow::change_name(&world.auth, &caller, name.clone(), &context()).await
        })
        .await;
        all_or_nothing(world, &[LINE], async || {
            let form = OrganizationForm { name: "Acme".into(), slug: String::new() };
            flow::create_organization(&world.auth, &caller, form.parse().unwrap(), &context()).await
        })
        .await;
        let new = email("alice@example.org");
        all_or_nothing(world, &[LINE, MAIL], async || {
            flow::request_email_change(&world.auth, &caller, &new, &context()).await
        })
        .await;
        all_or_nothing(world, &[LINE, MAIL], async || {
            flow::request_deletion(&world.auth, &caller, &context()).await
        })
        .await;
    }
}
