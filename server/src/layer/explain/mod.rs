//! Notes the exchange of a sign-in, where its person may want to see it: the page "What just happened?"
//! shows it. Everything secret is taken out here, before anything is kept.
//!
//! No layer of its own, but a part of the first one: other requests pay for two looks at their path.

use auth::Auth;
use auth::explain::{OriginProof, Recording, Step, note};
use axum::extract::Request;
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use std::time::Duration;
use tokio::time::timeout;

use crate::door::NoTurn;

mod redacted;

/// The ways in, and their second halves: the form of the page, and the call of a program.
const SIGN_INS: [&str; 4] = ["/rpc/sign_in", "/rpc/second_factor", "/api/v1/sign-in", "/api/v1/second-factor"];

/// How long it may take to learn whether somebody wants it explained; then nobody does.
const PATIENCE: Duration = Duration::from_secs(2);

/// Runs the request, and listens to it when it is a sign-in that somebody may want explained.
pub async fn explain<F>(auth: &Auth, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    // Who found no turn has nothing looked up for them.
    let is_sign_in = request.method() == Method::POST
        && SIGN_INS.contains(&request.uri().path())
        && request.extensions().get::<NoTurn>().is_none();
    // Nobody waits for long to hear that nobody wants it.
    if !is_sign_in || !timeout(PATIENCE, auth.may_explain()).await.unwrap_or(false) {
        return next(request).await;
    }
    let recording = Recording::begin(auth.now(), redacted::request(&request));
    // Boxed: every other request would make room for it as well.
    let response = recording.around(Box::pin(next(request))).await;
    let (response, answer) = redacted::answer(response).await;
    recording.end(answer);
    auth.keep_exchange(&recording);
    response
}

/// Notes why the origin guard let a request pass.
pub fn note_origin(headers: &HeaderMap) {
    note(|| {
        let proof = if headers.contains_key("sec-fetch-site") {
            OriginProof::FetchMetadata
        } else if headers.contains_key(ORIGIN) {
            OriginProof::Origin
        } else {
            OriginProof::NoCookie
        };
        Step::OriginAccepted(proof)
    });
}

/// Notes the body of a request.
pub fn note_body(headers: &HeaderMap, bytes: &[u8]) {
    note(|| Step::BodyRead { bytes: bytes.len() });
    auth::explain::note_body(|| redacted::body(headers, bytes));
}
