//! Who has too many requests over HTTP/2 is told so by the door (`door/http2.rs`), in words as everybody who comes too early: with
//! the headers of every answer and the id of the request, and for people as a page. Nothing is looked up for it, and no body is
//! read.

use auth::{Context, ErrorCode, Refusal};
use axum::extract::Request;

use crate::door::{NoTurn, RETRY_SECONDS};
use crate::problem::Refused;

/// Refuses who found no turn.
pub fn refuse_without_turn(request: &Request) -> Option<Refused> {
    request.extensions().get::<NoTurn>()?;
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    Some(Refused::new(Refusal::retry_after(ErrorCode::Busy, RETRY_SECONDS), locale))
}
