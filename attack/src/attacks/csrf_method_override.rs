//! Cross-site request forgery by another method: a form can GET and POST, and frameworks let it say in a field, in its
//! address or in a header that it means PATCH or DELETE. Whoever is signed in asks as well: nobody is heard.

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Attack, Control, everybody_signs_in};
use crate::Outcome;
use crate::http::NAVIGATION;
use crate::target::{SignedIn, Target};

pub const ATTACK: Attack = Attack { name: "csrf_method_override", settings: &[], control: Control::Service };

/// The address, the header and the beginning of a form that mean another method.
const OVERRIDES: [(&str, &str, &str); 5] = [
    ("/api/v1/me?_method=PATCH", "", ""),
    ("/api/v1/me", "x-http-method-override: PATCH\r\n", ""),
    ("/api/v1/me", "x-http-method: PATCH\r\n", ""),
    ("/api/v1/me", "x-method-override: PATCH\r\n", ""),
    ("/api/v1/me", "", "_method=PATCH&"),
];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    let mut ways = Vec::new();
    for (number, (path, header, beginning)) in OVERRIDES.iter().enumerate() {
        for method in ["POST", "GET"] {
            let alice = target.sign_in("alice@example.com").await?;
            for (sender, who) in senders(&alice).into_iter().enumerate() {
                let name = format!("Owned{number}{method}{sender}");
                let (media_type, body) = if beginning.is_empty() {
                    ("application/json", json!({"name": name}).to_string())
                } else {
                    ("application/x-www-form-urlencoded", format!("{beginning}name={name}"))
                };
                let headers = format!("{who}{header}content-type: {media_type}\r\n");
                target.send(method, path, &headers, &body).await?;
                let is_changed = target.me(&alice.token).await?["name"] == name.as_str();
                ways.push((format!("{method} {path} {header}{beginning}"), is_changed));
            }
        }
    }
    Ok(Outcome::of_ways(&ways))
}

/// A page of another site; and a program of her own, that no guard of origins stops.
fn senders(alice: &SignedIn) -> [String; 2] {
    let page = format!("{NAVIGATION}sec-fetch-site: cross-site\r\ncookie: {}\r\n", alice.cookie);
    [page, format!("authorization: Bearer {}\r\n", alice.token)]
}

type Name = Arc<Mutex<String>>;

pub async fn service() -> anyhow::Result<Target> {
    let router = Router::new()
        .route("/api/v1/sign-in", post(everybody_signs_in))
        .fallback(whatever_it_says)
        .with_state(Name::default());
    Target::service(router).await
}

/// Takes the method that a request says it means.
async fn whatever_it_says(State(name): State<Name>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1024).await.unwrap_or_default();
    let is_form = parts.headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().ends_with(b"urlencoded"));
    let in_header = ["x-http-method-override", "x-http-method", "x-method-override"]
        .iter()
        .any(|name| parts.headers.contains_key(*name));
    let in_address = parts.uri.query().is_some_and(|query| query.contains("_method="));
    let in_form = is_form && body.starts_with(b"_method=");
    let mut name = name.lock().unwrap_or_else(PoisonError::into_inner);
    if (in_header || in_address || in_form)
        && let Some(new) = new_name(&body, is_form)
    {
        *name = new;
    }
    Json(json!({"name": *name})).into_response()
}

fn new_name(body: &Bytes, is_form: bool) -> Option<String> {
    if is_form {
        return std::str::from_utf8(body).ok()?.split_once("name=").map(|(_, name)| name.to_owned());
    }
    serde_json::from_slice::<Value>(body).ok()?["name"].as_str().map(str::to_owned)
}
