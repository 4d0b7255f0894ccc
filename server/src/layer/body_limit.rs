//! No request is larger than 64 KiB, but for those that carry a picture, the two that carry policies, and those that
//! carry the text of a document. The body is read here, once, so everything behind works on something small and complete.

use auth::weakened::{self, Defence};
use auth::{Context, ErrorCode, FieldIssue, Refusal};
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::timeout;

use super::explain;
use crate::api::may_carry_document;
use crate::avatar::{self, PictureForm};
use crate::problem::Refused;

const LIMIT: usize = 64 * 1024;
/// A document of 100,000 bytes: forms write three for each that is no letter, and JSON writes up to six.
const LIMIT_OF_DOCUMENTS: usize = 640 * 1024;
/// Policies may have 64 KiB of text, each character of which may be sent as three.
const LIMIT_FOR_POLICIES: usize = 256 * 1024;
const WITH_POLICIES: [&str; 2] = ["/api/v1/admin/policies", "/rpc/save_policies"];
/// A body that trickles in is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// 1 MB over a telephone in a train.
const PATIENCE_FOR_PICTURES: Duration = Duration::from_secs(60);
/// What is read of a picture that is too large, and forgotten at once.
const MOST_IN_VAIN: usize = 32 * 1024 * 1024;

/// Reads the body, or refuses it.
pub async fn body_limit(request: Request, next: Next) -> Response {
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    let refuse = |code: ErrorCode| Refused::new(code, locale).into_response();
    let (limit, patience) = if avatar::is_upload(&request) {
        (avatar::MAX_REQUEST, PATIENCE_FOR_PICTURES)
    } else if may_carry_document(request.method(), request.uri().path()) {
        (LIMIT_OF_DOCUMENTS, PATIENCE_FOR_PICTURES)
    } else if WITH_POLICIES.contains(&request.uri().path()) {
        (LIMIT_FOR_POLICIES, PATIENCE)
    } else {
        (LIMIT, PATIENCE)
    };
    let limit = if weakened::is_off(Defence::BodyLimit) { usize::MAX } else { limit };
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if let Some(announced) = announced.filter(|length| *length > limit) {
        if let Some(form) = avatar::form_post(&request) {
            let (parts, body) = request.into_parts();
            return refuse_picture(form, &parts.headers, (announced, body)).await;
        }
        return refuse(ErrorCode::TooLarge);
    }
    // Most requests have none: there is nothing to wait for.
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match timeout(patience, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => {
            explain::note_body(&parts.headers, &bytes);
            next.run(Request::from_parts(parts, Body::from(bytes))).await
        }
        Ok(Err(error)) if error.to_string().contains("length limit") => refuse(ErrorCode::TooLarge),
        Ok(Err(_)) | Err(_) => refuse(ErrorCode::MalformedRequest),
    }
}

/// A photograph of 5 MB is the likeliest mistake of all, so it is refused in words beside its field. A
/// browser that still sends sees a broken connection instead of an answer: it may finish first.
async fn refuse_picture(form: PictureForm, headers: &HeaderMap, (announced, body): (usize, Body)) -> Response {
    if announced <= MOST_IN_VAIN {
        let _ = timeout(PATIENCE_FOR_PICTURES, read_in_vain(body, announced)).await;
    }
    form.refused_page(Refusal::invalid(vec![(form.field(), FieldIssue::ImageTooLarge)]), headers)
}

async fn read_in_vain(mut body: Body, announced: usize) {
    let mut left = announced;
    while left > 0
        && let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
    }
}
