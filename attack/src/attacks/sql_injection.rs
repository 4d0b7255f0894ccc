//! SQL injection, first order: what is typed becomes part of a statement, and so says what the statement does. Nobody
//! can switch bound parameters off, so the control is a service that puts its statement together.

use anyhow::anyhow;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Executor as _};

use super::{Attack, Control};
use crate::Outcome;
use crate::http::encoded;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "sql_injection", settings: &[], control: Control::Service };

const PAYLOADS: [&str; 7] = [
    "' OR '1'='1",
    "' OR 1=1 --",
    "alice@example.com' --",
    "x') OR ('1'='1",
    "'; DROP TABLE users; --",
    "' UNION SELECT 'alice@example.com",
    "\\' OR 1=1 --",
];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    for payload in PAYLOADS {
        for (email, password) in [("alice@example.com", payload), (payload, payload), (payload, "x")] {
            let answer = target.json("/api/v1/sign-in", &json!({"email": email, "password": password})).await?;
            if answer.status >= 500 || !answer.json()["access_token"].is_null() {
                return Ok(Outcome::Succeeded(format!("{payload} was answered with {}", answer.status)));
            }
        }
        for path in ["/dev/inbox.json?to=", "/sign-in?next=", "/verify-email?token=", "/avatars/"] {
            let answer = target.get(&format!("{path}{}", encoded(payload)), "").await?;
            if answer.status >= 500 || answer.body.contains("\"verify_email\"") {
                return Ok(Outcome::Succeeded(format!("{path}{payload} was answered with {}", answer.status)));
            }
        }
    }
    Ok(Outcome::Stopped)
}

pub async fn service() -> anyhow::Result<Target> {
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    pool.execute("CREATE TABLE users (email TEXT, password TEXT)").await?;
    pool.execute("INSERT INTO users VALUES ('alice@example.com', 'a secret')").await?;
    Target::service(Router::new().route("/api/v1/sign-in", post(sign_in)).with_state(pool)).await
}

async fn sign_in(State(pool): State<SqlitePool>, Json(body): Json<Value>) -> Response {
    let answered = async {
        let text = |name: &str| body[name].as_str().ok_or_else(|| anyhow!("no {name}"));
        let (email, password) = (text("email")?, text("password")?);
        let statement = format!("SELECT email FROM users WHERE email = '{email}' AND password = '{password}'");
        anyhow::Ok(sqlx::query(AssertSqlSafe(statement)).fetch_optional(&pool).await?.is_some())
    };
    match answered.await {
        Ok(true) => Json(json!({"access_token": "…"})).into_response(),
        Ok(false) => StatusCode::UNAUTHORIZED.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
