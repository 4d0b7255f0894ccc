//! No request is larger than 64 KiB, but for those that carry a picture, the two that carry policies, and those that
//! carry the text of a document. The body is read here, once, so everything behind works on something small and complete;
//! one that is larger than others is read by [`super::large_body`], when its sender is known. Nothing is unpacked.

use auth::weakened::{self, Defence};
use auth::{Context, ErrorCode, FieldIssue, Locale, Refusal};
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use axum::response::{IntoResponse, Response};
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::timeout;

use super::explain;
use crate::api::may_carry_document;
use crate::avatar::{self, PictureForm};
use crate::door::DoorLimits;
use crate::problem::Refused;

const LIMIT: usize = 64 * 1024;
/// A document of 100,000 bytes: forms write three for each that is no letter, and JSON writes up to six.
const LIMIT_OF_DOCUMENTS: usize = 640 * 1024;
/// Policies may have 64 KiB of text, each character of which may be sent as three.
const LIMIT_FOR_POLICIES: usize = 256 * 1024;
const WITH_POLICIES: [&str; 2] = ["/api/v1/admin/policies", "/rpc/save_policies"];
/// What is read of a picture that is too large, and forgotten at once.
const MOST_IN_VAIN: usize = 32 * 1024 * 1024;

/// How much of a body is read, and for how long. As an extension of a request: its body is still to be read.
#[derive(Clone, Copy)]
pub struct BodyBounds {
    limit: usize,
    patience: Duration,
    /// How long is read what nobody needs, so that a browser hears the answer.
    in_vain: Duration,
}

impl BodyBounds {
    fn of(request: &Request, door: &DoorLimits) -> Self {
        let (limit, patience) = if avatar::is_upload(request) {
            (avatar::MAX_REQUEST, door.large_body)
        } else if may_carry_document(request.method(), request.uri().path()) {
            (LIMIT_OF_DOCUMENTS, door.large_body)
        } else if WITH_POLICIES.contains(&request.uri().path()) {
            (LIMIT_FOR_POLICIES, door.body)
        } else {
            (LIMIT, door.body)
        };
        let limit = if weakened::is_off(Defence::BodyLimit) { usize::MAX } else { limit };
        Self { limit, patience, in_vain: door.body }
    }
}

/// Reads the body, or refuses it, or leaves one that may be large to be read later.
pub async fn body_limit<F>(door: &DoorLimits, mut request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    let bounds = BodyBounds::of(&request, door);
    let announced = announced(&request);
    if let Some(announced) = announced.filter(|length| *length > bounds.limit) {
        if let Some(form) = avatar::form_post(&request) {
            let (parts, body) = request.into_parts();
            return refuse_picture(form, &parts.headers, (announced, body), bounds.in_vain).await;
        }
        return Refused::new(ErrorCode::TooLarge, locale).into_response();
    }
    // Most requests have none: there is nothing to wait for.
    if request.body().is_end_stream() {
        return next(request).await;
    }
    // Ten kilobytes may hold ten megabytes (RFC 9110, 15.5.16).
    if is_packed(request.headers()) {
        return Refused::new(ErrorCode::UnsupportedMediaType, locale).into_response();
    }
    if bounds.limit > LIMIT && announced.is_none_or(|length| length > LIMIT) {
        request.extensions_mut().insert(bounds);
        return next(request).await;
    }
    // Nobody knows yet who sends it: it has no more time than any form.
    match read(request, BodyBounds { patience: bounds.in_vain, ..bounds }, locale).await {
        Ok(request) => next(request).await,
        Err(refused) => refused.into_response(),
    }
}

/// A request with its whole body in memory.
///
/// # Errors
/// [`ErrorCode::TooLarge`]; [`ErrorCode::MalformedRequest`] for one that breaks off or takes too long.
pub(super) async fn read(request: Request, bounds: BodyBounds, locale: Locale) -> Result<Request, Refused> {
    let (parts, body) = request.into_parts();
    match timeout(bounds.patience, to_bytes(body, bounds.limit)).await {
        Ok(Ok(bytes)) => {
            explain::note_body(&parts.headers, &bytes);
            Ok(Request::from_parts(parts, Body::from(bytes)))
        }
        Ok(Err(error)) if error.to_string().contains("length limit") => Err(Refused::new(ErrorCode::TooLarge, locale)),
        Ok(Err(_)) | Err(_) => Err(Refused::new(ErrorCode::MalformedRequest, locale)),
    }
}

/// Reads a body and keeps nothing: a browser that still sends sees a broken connection instead of an answer.
pub(super) async fn let_finish(body: Body, bounds: BodyBounds) {
    let _ = timeout(bounds.in_vain, read_in_vain(body, bounds.limit)).await;
}

/// How long the body is, where that is known before it is read.
fn announced(request: &Request) -> Option<usize> {
    let told = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    told.or_else(|| request.body().size_hint().exact().and_then(|length| usize::try_from(length).ok()))
}

fn is_packed(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_ENCODING).iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// A photograph of 5 MB is the likeliest mistake of all, so it is refused in words beside its field.
async fn refuse_picture(
    form: PictureForm,
    headers: &HeaderMap,
    (announced, body): (usize, Body),
    patience: Duration,
) -> Response {
    if announced <= MOST_IN_VAIN {
        let _ = timeout(patience, read_in_vain(body, announced)).await;
    }
    form.refused_page(Refusal::invalid(vec![(form.field(), FieldIssue::ImageTooLarge)]), headers)
}

async fn read_in_vain(mut body: Body, most: usize) {
    let mut left = most;
    while left > 0
        && let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
    }
}
