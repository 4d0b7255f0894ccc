//! Session fixation: somebody plants the cookie of a session that they know into a browser, and waits until its person
//! signs in with it.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Attack, Control};
use crate::Outcome;
use crate::target::{PASSWORD, Target};

pub const ATTACK: Attack = Attack { name: "session_fixation", settings: &[], control: Control::Service };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    let planted = target.newcomer("mallory@example.com").await?.cookie;
    for planted in [planted.as_str(), "__Host-refresh=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
        let with_it = format!("content-type: application/json\r\nsec-fetch-site: same-origin\r\ncookie: {planted}\r\n");
        let body = json!({"email": "alice@example.com", "password": PASSWORD}).to_string();
        let signed_in = target.send("POST", "/api/v1/sign-in", &with_it, &body).await?;
        anyhow::ensure!(signed_in.is_done(), "sign-in: {}", signed_in.body);
        let answer = target.send("POST", "/api/v1/refresh", &with_it, "").await?;
        let token = answer.json()["access_token"].as_str().unwrap_or_default().to_owned();
        if !token.is_empty() && target.me(&token).await?["email"] == "alice@example.com" {
            return Ok(Outcome::Succeeded("the planted cookie is signed in as alice".to_owned()));
        }
    }
    Ok(Outcome::Stopped)
}

/// Who is signed in with which cookie.
type Sessions = Arc<Mutex<HashMap<String, String>>>;

pub async fn service() -> anyhow::Result<Target> {
    let router = Router::new()
        .route("/api/v1/sign-in", post(sign_in))
        .route("/api/v1/refresh", post(refresh))
        .route("/api/v1/me", get(me))
        .with_state(Sessions::default());
    Target::service(router).await
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    headers.get("cookie")?.to_str().ok().map(str::to_owned)
}

/// Keeps the session that the browser brings.
async fn sign_in(State(sessions): State<Sessions>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let session = cookie(&headers).unwrap_or_else(|| "__Host-refresh=made-anew".to_owned());
    let email = body["email"].as_str().unwrap_or_default().to_owned();
    sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(session.clone(), email.clone());
    ([("set-cookie", session)], Json(json!({"access_token": email}))).into_response()
}

async fn refresh(State(sessions): State<Sessions>, headers: HeaderMap) -> Response {
    let sessions = sessions.lock().unwrap_or_else(PoisonError::into_inner);
    match cookie(&headers).and_then(|cookie| sessions.get(&cookie).cloned()) {
        Some(email) => Json(json!({"access_token": email})).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn me(headers: HeaderMap) -> Json<Value> {
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    Json(json!({"email": bearer.trim_start_matches("Bearer ")}))
}
