//! Slow bodies (R-U-Dead-Yet): many connections announce a body and send a byte now and then, until there is room for
//! nobody else.

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "slow_body", settings: &[], control: Control::Service };

/// Longer than the program waits for a body.
const PATIENCE: Duration = Duration::from_secs(13);

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let mut stream = TcpStream::connect(("127.0.0.1", target.port)).await?;
    stream
        .write_all(b"POST /api/v1/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n")
        .await?;
    let end = Instant::now() + PATIENCE;
    let mut answer = [0; 64];
    loop {
        // A byte a second: the connection is never idle.
        let next = end.min(Instant::now() + Duration::from_secs(1));
        match timeout_at(next, stream.read(&mut answer)).await {
            Ok(_) => return Ok(Outcome::Stopped),
            Err(_) if next == end => return Ok(Outcome::Succeeded("it is still waited for".to_owned())),
            Err(_) => {
                if stream.write_all(b" ").await.is_err() {
                    return Ok(Outcome::Stopped);
                }
            }
        }
    }
}

pub async fn service() -> anyhow::Result<Target> {
    Target::service(Router::new().route("/api/v1/sign-in", post(wait))).await
}

/// Waits for as long as it takes.
async fn wait(body: Bytes) -> String {
    format!("{} bytes", body.len())
}
