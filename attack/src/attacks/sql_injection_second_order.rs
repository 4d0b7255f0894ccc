//! SQL injection, second order: a text is stored as it should be, and believed later, when it is taken out again to make
//! another statement.

use anyhow::ensure;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Executor as _, Row as _};
use std::time::Duration;

use super::{Attack, Control, everybody_signs_in};
use crate::Outcome;
use crate::http::NAVIGATION;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "sql_injection_second_order", settings: &[], control: Control::Service };

const NAMES: [&str; 3] =
    ["x' UNION SELECT 'stolen', 'y", "Sam', role = 'platform_admin", "Sam'; UPDATE users SET role = 'platform_admin"];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let mallory = target.newcomer("mallory@example.com").await?;
    target.create_account("ada@example.com").await?;
    target.make_admin("ada@example.com").await?;
    let ada = target.sign_in("ada@example.com").await?;
    for (number, name) in NAMES.iter().enumerate() {
        let changed = target.bearer("PATCH", "/api/v1/me", &mallory.token, &json!({"name": name})).await?;
        ensure!(changed.is_done(), "{name} is refused: {}", changed.body);
        let me = target.bearer("GET", "/api/v1/me", &mallory.token, &Value::Null).await?;
        if me.status >= 500 || me.json()["name"] != *name || me.json()["role"] != "user" {
            return Ok(Outcome::Succeeded(format!("the name {name} is {}", me.json()["name"])));
        }
        // Each reads the name: a mail, the page, the list of an administrator, what happened.
        let token = json!({"name": format!("Token {number}"), "scopes": auth::Scope::ALL.map(auth::Scope::as_str)});
        let made = target.bearer("POST", "/api/v1/tokens", &mallory.token, &token).await?;
        ensure!(made.is_done(), "a token: {}", made.body);
        let mail = mail_of_token(target, &format!("Token {number}")).await?;
        let page = target.get("/dashboard", &format!("{NAVIGATION}cookie: {}\r\n", mallory.cookie)).await?;
        let list = target.bearer("GET", "/api/v1/admin/users?q=mallory", &ada.token, &Value::Null).await?;
        let activity = target.bearer("GET", "/api/v1/activity", &mallory.token, &Value::Null).await?;
        for (place, status, text) in [
            ("the mail", 200, mail),
            ("the page", page.status, page.body),
            ("the list", list.status, list.json().to_string()),
        ] {
            // Of the first word whatever is escaped around it stays.
            let word = name.split('\'').next().unwrap_or_default();
            ensure!(status < 500 && text.contains(word), "{place} does not name {name}: {status} {text}");
            if text.contains("stolen") && !name.contains("stolen") {
                return Ok(Outcome::Succeeded(format!("{place} of {name} holds something else")));
            }
        }
        ensure!(activity.status == 200, "what happened: {}", activity.body);
    }
    // A statement that was run would have changed somebody.
    let list = target.bearer("GET", "/api/v1/admin/users?role=platform_admin", &ada.token, &Value::Null).await?;
    let is_more = list.body.contains("mallory@example.com");
    Ok(Outcome::of(is_more.then(|| "a name made an administrator".to_owned())))
}

/// The text of the mail that tells of a token, waited for.
async fn mail_of_token(target: &Target, token: &str) -> anyhow::Result<String> {
    for _ in 0..100 {
        let mail = target.mail("mallory@example.com", "token_created").await?;
        let text = mail["text"].as_str().unwrap_or_default();
        if text.contains(token) {
            return Ok(text.to_owned());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    anyhow::bail!("no mail names {token}")
}

pub async fn service() -> anyhow::Result<Target> {
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    pool.execute("CREATE TABLE users (name TEXT, role TEXT)").await?;
    pool.execute("INSERT INTO users VALUES ('Sam', 'user')").await?;
    let me = axum::routing::get(me).patch(change_me);
    let router =
        Router::new().route("/api/v1/me", me).route("/api/v1/sign-in", post(everybody_signs_in)).with_state(pool);
    Target::service(router).await
}

/// Stored with a bound parameter, as it should be.
async fn change_me(State(pool): State<SqlitePool>, Json(body): Json<Value>) -> StatusCode {
    let name = body["name"].as_str().unwrap_or_default().to_owned();
    let done = sqlx::query("UPDATE users SET name = $1").bind(name).execute(&pool).await;
    if done.is_ok() { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR }
}

/// And then trusted, because it comes from the database.
async fn me(State(pool): State<SqlitePool>) -> Result<Json<Value>, StatusCode> {
    let failed = |_: sqlx::Error| StatusCode::INTERNAL_SERVER_ERROR;
    let row = sqlx::query("SELECT name FROM users").fetch_one(&pool).await.map_err(failed)?;
    let name: String = row.try_get("name").map_err(failed)?;
    let statement = format!("SELECT name, role FROM users WHERE name = '{name}' ORDER BY role DESC");
    let row = sqlx::query(AssertSqlSafe(statement)).fetch_one(&pool).await.map_err(failed)?;
    let [name, role] = ["name", "role"].map(|column| row.try_get::<String, _>(column).unwrap_or_default());
    Ok(Json(json!({"name": name, "role": role})))
}
