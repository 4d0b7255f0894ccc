//! SQL injection, second order: a text is stored as it should be, and believed later, when it is taken out again to make
//! another statement.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use super::{Attack, Control, everybody_signs_in};
use crate::Outcome;
use crate::target::{PASSWORD, Target};

pub const ATTACK: Attack = Attack { name: "sql_injection_second_order", settings: &[], control: Control::Service };

const NAMES: [&str; 3] =
    ["x' UNION SELECT 'stolen', 'y", "Sam', role = 'platform_admin", "Sam'; UPDATE users SET role = 'platform_admin"];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let mallory = target.newcomer("mallory@example.com").await?;
    for name in NAMES {
        target.bearer("PATCH", "/api/v1/me", &mallory.token, &json!({"name": name})).await?;
        // Each reads the name: the mail, the page, the list of what happened.
        target.json("/api/v1/forgot-password", &json!({"email": "mallory@example.com"})).await?;
        target.json("/api/v1/sign-in", &json!({"email": "mallory@example.com", "password": PASSWORD})).await?;
        let me = target.bearer("GET", "/api/v1/me", &mallory.token, &Value::Null).await?;
        if me.status >= 500 || me.json()["name"] != name || me.json()["role"] != "user" {
            return Ok(Outcome::Succeeded(format!("the name {name} is {}", me.json()["name"])));
        }
    }
    Ok(Outcome::Stopped)
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
