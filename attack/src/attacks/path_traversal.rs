//! Path traversal: an address that climbs out of the folder with the files of the site, to the database or the key. The
//! files of that folder are read first: where none is served, none that lies beside it proves anything.

use anyhow::ensure;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tempfile::TempDir;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::{SCRIPT, SECRET, Target, lay_out_site};

pub const ATTACK: Attack = Attack { name: "path_traversal", settings: &[], control: Control::Service };

const CLIMBS: [&str; 7] = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "....//", "%252e%252e%252f"];
/// What lies beside the folder, in the folder that the program works in, and everywhere.
const GOALS: [&str; 4] = ["secret.txt", "data/keywright.db", "data/master.key", "etc/passwd"];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let here = target.get("/pkg/here.js", "").await?;
    ensure!(here.status == 200 && here.body == SCRIPT, "the site is not served: {} {}", here.status, here.body);
    for climb in CLIMBS {
        for goal in GOALS {
            for from in ["/", "/pkg/"] {
                for steps in [1, 2, 3, 12] {
                    let answer = target.get(&format!("{from}{}{goal}", climb.repeat(steps)), "").await?;
                    let is_file = answer.status == 200 && !answer.body.contains("<html");
                    if is_file || answer.body.contains(SECRET) {
                        return Ok(Outcome::Succeeded(format!("{goal} was read by {climb}")));
                    }
                }
            }
        }
    }
    Ok(Outcome::Stopped)
}

pub async fn service() -> anyhow::Result<Target> {
    let folder = tempfile::tempdir()?;
    lay_out_site(folder.path())?;
    Target::service(Router::new().fallback(file).with_state(Arc::new(folder))).await
}

/// Decodes first and appends then.
async fn file(State(folder): State<Arc<TempDir>>, request: Request) -> Response {
    let path = request.uri().path().replace("%2e", ".").replace("%2f", "/");
    match std::fs::read(format!("{}/site{path}", folder.path().display())) {
        Ok(bytes) => bytes.into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
