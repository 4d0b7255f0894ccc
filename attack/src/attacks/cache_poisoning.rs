//! Cache poisoning: a header that no cache looks at changes a page that a cache keeps for everybody.

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Html;

use super::{Attack, Control};
use crate::Outcome;
use crate::http::NAVIGATION;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "cache_poisoning", settings: &[], control: Control::Service };

const HEADERS: [&str; 6] = [
    "x-forwarded-host: evil.example",
    "x-forwarded-scheme: evil.example",
    "x-original-url: /evil.example",
    "x-rewrite-url: /evil.example",
    "x-forwarded-prefix: /evil.example",
    "referer: https://evil.example/",
];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    for path in ["/", "/sign-in", "/nowhere.css", "/.well-known/jwks.json"] {
        for header in HEADERS {
            let answer = target.get(path, &format!("{NAVIGATION}{header}\r\n")).await?;
            if answer.head.contains("evil.example") || answer.body.contains("evil.example") {
                return Ok(Outcome::Succeeded(format!("{path} shows {header}")));
            }
        }
    }
    Ok(Outcome::Stopped)
}

pub async fn service() -> anyhow::Result<Target> {
    Target::service(Router::new().fallback(page)).await
}

/// Makes addresses of what a proxy is said to have said.
async fn page(headers: HeaderMap) -> Html<String> {
    let host = headers.get("x-forwarded-host").and_then(|host| host.to_str().ok()).unwrap_or("id.example.com");
    Html(format!("<script src=\"https://{host}/keywright.js\"></script>"))
}
