//! A service behind Keywright: `cargo run`. ISSUER is the public address of Keywright, PORT where it listens.

mod keywright;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use keywright::Keywright;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

/// Who sent a request, as the claims of the token say.
#[derive(Deserialize)]
struct Caller {
    sub: String,
    scope: String,
    roles: Vec<String>,
}

impl FromRequestParts<Arc<Keywright>> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, keywright: &Arc<Keywright>) -> Result<Self, Response> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let bearer = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let (_, token) = bearer.ok_or_else(|| unauthorized("Bearer"))?;
        keywright.verify(token).await.map_err(|status| match status {
            StatusCode::UNAUTHORIZED => unauthorized(r#"Bearer error="invalid_token""#),
            other => other.into_response(),
        })
    }
}

fn unauthorized(challenge: &'static str) -> Response {
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge)]).into_response()
}

/// Greets whoever brings an access token.
async fn hello(caller: Caller) -> Json<Value> {
    Json(json!({"user": caller.sub, "scope": caller.scope, "roles": caller.roles}))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let keywright = Keywright { issuer: setting("ISSUER", "http://localhost:3000"), keys: Mutex::new(None) };
    let service = Router::new().route("/hello", get(hello)).with_state(Arc::new(keywright));
    let listener = TcpListener::bind(format!("127.0.0.1:{}", setting("PORT", "4000"))).await?;
    axum::serve(listener, service).await
}

fn setting(name: &str, default: &str) -> String {
    std::env::var_os(name).map_or_else(|| default.to_owned(), |value| value.to_string_lossy().into_owned())
}
