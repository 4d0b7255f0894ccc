//! Cross-site scripting, reflected and stored: markup that somebody typed, or that stands in an address, comes back as
//! markup. Escaping is done by the type of what is shown, so the control is a page that puts its HTML together. What a
//! browser makes of it is in `end2end/tests/script/attacks_scripts.spec.js`.

use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Html;
use axum::routing::{get, post};
use serde_json::json;
use std::collections::HashMap;

use super::{Attack, Control, everybody_signs_in};
use crate::Outcome;
use crate::http::{NAVIGATION, encoded};
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "xss", settings: &[], control: Control::Service };

const PAYLOADS: [&str; 4] = [
    "<script>window.pwned=1</script>",
    "\"><img src=x onerror=window.pwned=1>",
    "'><svg onload=window.pwned=1>",
    "</title><script>window.pwned=1</script>",
];
const REFLECTING: [&str; 6] = [
    "/sign-in?next=",
    "/sign-in?note=",
    "/sign-up?email=",
    "/verify-email?token=",
    "/reset-password?token=",
    "/nowhere/",
];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let mallory = target.newcomer("mallory@example.com").await?;
    let signed_in = format!("{NAVIGATION}cookie: {}\r\n", mallory.cookie);
    for payload in PAYLOADS {
        for path in REFLECTING {
            let page = target.get(&format!("{path}{}", encoded(payload)), NAVIGATION).await?;
            if page.body.contains(payload) {
                return Ok(Outcome::Succeeded(format!("{path} reflects {payload}")));
            }
        }
        target.bearer("PATCH", "/api/v1/me", &mallory.token, &json!({"name": payload})).await?;
        for path in ["/account", "/dashboard", "/account/activity", "/dev/inbox"] {
            if target.get(path, &signed_in).await?.body.contains(payload) {
                return Ok(Outcome::Succeeded(format!("{path} shows the name {payload}")));
            }
        }
    }
    Ok(Outcome::Stopped)
}

pub async fn service() -> anyhow::Result<Target> {
    let router = Router::new()
        .route("/sign-in", get(sign_in))
        .route("/nowhere/{what}", get(nowhere))
        .route("/api/v1/sign-in", post(everybody_signs_in));
    Target::service(router).await
}

async fn sign_in(Query(query): Query<HashMap<String, String>>) -> Html<String> {
    Html(format!("<p>{query:?}</p>"))
}

async fn nowhere(Path(what): Path<String>) -> Html<String> {
    Html(format!("<p>There is no {what}.</p>"))
}
