//! Mass assignment: members of a body that nobody asked for become columns, such as the role.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Attack, Control, everybody_signs_in};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "mass_assignment", settings: &[], control: Control::Service };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let mallory = target.newcomer("mallory@example.com").await?;
    let more = [
        json!({"role": "platform_admin"}),
        json!({"is_admin": true}),
        json!({"email": "alice@example.com"}),
        json!({"id": "00000000-0000-7000-8000-000000000000"}),
        json!({"delete_at": 1}),
    ];
    let before = target.me(&mallory.token).await?;
    for more in more {
        let mut body = json!({"name": "Mallory"});
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        let answer = target.bearer("PATCH", "/api/v1/me", &mallory.token, &body).await?;
        let after = target.me(&mallory.token).await?;
        let is_changed =
            ["id", "email", "role", "delete_at", "is_admin"].iter().any(|name| before[*name] != after[*name]);
        if is_changed || answer.is_done() {
            return Ok(Outcome::Succeeded(format!("{more} was taken")));
        }
    }
    Ok(Outcome::Stopped)
}

type Person = Arc<Mutex<Value>>;

pub async fn service() -> anyhow::Result<Target> {
    let person: Person = Arc::new(Mutex::new(json!({"name": "Sam", "email": "mallory@example.com", "role": "user"})));
    let router = Router::new()
        .route("/api/v1/me", get(me).patch(change_me))
        .route("/api/v1/sign-in", post(everybody_signs_in))
        .with_state(person);
    Target::service(router).await
}

async fn me(State(person): State<Person>) -> Json<Value> {
    Json(person.lock().unwrap_or_else(PoisonError::into_inner).clone())
}

/// Whatever is sent is what the person is.
async fn change_me(State(person): State<Person>, Json(body): Json<Value>) -> Json<Value> {
    let mut person = person.lock().unwrap_or_else(PoisonError::into_inner);
    if let (Some(person), Some(body)) = (person.as_object_mut(), body.as_object()) {
        person.extend(body.clone());
    }
    Json(person.clone())
}
