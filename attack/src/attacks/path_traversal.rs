//! Path traversal: an address that climbs out of the folder with the files of the site, to the database or the key.

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "path_traversal", settings: &[], control: Control::Service };

const CLIMBS: [&str; 7] = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "....//", "%252e%252e%252f"];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    for climb in CLIMBS {
        for (from, goal) in
            [("/", "etc/passwd"), ("/pkg/", "etc/passwd"), ("/", "data/keywright.db"), ("/pkg/", "data/master.key")]
        {
            for steps in [1, 2, 3, 12] {
                let answer = target.get(&format!("{from}{}{goal}", climb.repeat(steps)), "").await?;
                let is_file = answer.status == 200 && !answer.body.contains("<html");
                if is_file {
                    return Ok(Outcome::Succeeded(format!("{goal} was read by {climb}")));
                }
            }
        }
    }
    Ok(Outcome::Stopped)
}

pub async fn service() -> anyhow::Result<Target> {
    Target::service(Router::new().fallback(file)).await
}

/// Decodes first and appends then.
async fn file(request: Request) -> Response {
    let path = request.uri().path().replace("%2e", ".").replace("%2f", "/");
    match std::fs::read(format!("/usr/share{path}")) {
        Ok(bytes) => bytes.into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
