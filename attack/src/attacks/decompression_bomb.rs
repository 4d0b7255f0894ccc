//! Decompression bombs: a compressed body of a few kilobytes that unfolds to as many megabytes. Keywright takes no
//! compressed bodies, and says so: any other answer, a refusal as well, may come from who has unfolded it.

use anyhow::ensure;
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};
use std::io::Read as _;

use super::{Attack, Control};
use crate::Outcome;
use crate::http;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "decompression_bomb", settings: &[], control: Control::Service };

/// What it unfolds to.
const SIZE: u64 = 8 * 1024 * 1024;
/// What is read of a body at all: what is longer is refused for that.
const MOST: usize = 64 * 1024;

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let mut bomb = Vec::new();
    GzEncoder::new(std::io::repeat(b' ').take(SIZE), Compression::default()).read_to_end(&mut bomb)?;
    ensure!(bomb.len() < MOST, "{} bytes are refused as they are", bomb.len());
    for encoding in ["gzip", "x-gzip", "gzip, gzip"] {
        let headers = format!("content-type: application/json\r\ncontent-encoding: {encoding}\r\n");
        let answer = http::send(target.port, "POST", "/api/v1/sign-in", &headers, &bomb).await?;
        if answer.status != 415 {
            return Ok(Outcome::Succeeded(format!("{} bytes as {encoding}: {}", bomb.len(), answer.body)));
        }
    }
    Ok(Outcome::Stopped)
}

pub async fn service() -> anyhow::Result<Target> {
    Target::service(Router::new().route("/api/v1/sign-in", post(unfold))).await
}

/// Unfolds whatever comes, and looks afterwards how much it was.
async fn unfold(body: Bytes) -> String {
    let mut unfolded = Vec::new();
    let read = GzDecoder::new(body.as_ref()).read_to_end(&mut unfolded);
    format!("read {} bytes", read.unwrap_or_default())
}
