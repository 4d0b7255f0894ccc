//! HTTP/2 (RFC 9113), over TLS alone, with the bounds of the door: a request has its turn as a connection has its place
//! (`guests/turns.rs`), and an answer waits in pieces (`pieces.rs`). What is known to bring servers down is bounded: requests
//! that are broken off at once (CVE-2023-44487) or made to be broken off by us (CVE-2025-8671), heads without an end
//! (CVE-2024-27316), and windows without room (CVE-2019-9517).

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{HOST, RETRY_AFTER};
use axum::http::{HeaderValue, Request, Response, StatusCode, Uri};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tower::ServiceExt as _;

use super::answered::{Answered, Asked, Serving};
use super::guests::Place;
use super::limits::HEAD_BYTES;
use super::pieces::{PIECE_BYTES, Pieces};
use super::routes::{NoTurn, Routes};
use super::to_its_end;

/// Requests of one connection at once; the largest of our pages asks for fewer files.
const STREAMS: u32 = 32;
/// What of one body may be on its way unread: one that a stranger may send.
const STREAM_WINDOW: u32 = 64 * 1024;
/// The same of all of them.
const CONNECTION_WINDOW: u32 = 2 * STREAM_WINDOW;
/// Requests that were broken off before anybody looked at them.
const MOST_BROKEN_UNSEEN: usize = 20;
/// Requests that broke the rules, and that we broke off for it.
const MOST_BROKEN_BY_US: usize = 64;
/// When who finds no turn may ask again.
pub(crate) const RETRY_SECONDS: u32 = 5;

/// Answers the requests that come over a stream.
pub(super) async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    place: &Place,
    routes: Routes,
    told: watch::Receiver<()>,
) {
    let (guest, turns) = (Arc::clone(&place.guest), place.turns());
    guest.note_multiplexed();
    let service = service_fn(move |request: Request<Incoming>| {
        let (serving, turn) = (Serving::begin(&guest), turns.take());
        let mut request = as_in_http1(request);
        request.extensions_mut().insert(ConnectInfo(peer));
        if turn.is_none() {
            request.extensions_mut().insert(NoTurn);
        }
        let request = request.map(|body| Asked::body(body, &guest));
        let (guest, routes) = (Arc::clone(&guest), routes.clone());
        let telling = if turn.is_none() { routes.room_to_tell() } else { None };
        async move {
            let is_asked = turn.is_some() || telling.is_some();
            let answer = if is_asked { routes.router.oneshot(request).await? } else { no_turn() };
            Ok::<_, Infallible>(answer.map(|body| Pieces::new(Answered::new(body, serving), guest, turn, telling)))
        }
    });
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEAD_BYTES)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(PIECE_BYTES)
        .max_pending_accept_reset_streams(MOST_BROKEN_UNSEEN)
        .max_local_error_reset_streams(MOST_BROKEN_BY_US);
    let connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    to_its_end(connection, http2::Connection::graceful_shutdown, told).await;
}

/// As HTTP/1.1 brings it: the path alone, and the host in its line. What routes, and what leads back to an address, knows one
/// form.
fn as_in_http1<B>(mut request: Request<B>) -> Request<B> {
    let Some(path) = request.uri().path_and_query().cloned() else { return request };
    let host = request.uri().authority().and_then(|authority| HeaderValue::try_from(authority.as_str()).ok());
    if let Some(host) = host {
        request.headers_mut().insert(HOST, host);
    }
    *request.uri_mut() = Uri::from(path);
    request
}

fn no_turn() -> Response<Body> {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(RETRY_SECONDS));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_brought_as_in_http1() {
        for (uri, path, host) in [
            ("https://id.example.com/sign-in?next=/account", "/sign-in?next=/account", Some("id.example.com")),
            ("https://id.example.com:8443/", "/", Some("id.example.com:8443")),
            ("/sign-in", "/sign-in", None),
            ("id.example.com:443", "id.example.com:443", None),
        ] {
            let request = as_in_http1(Request::get(uri).body(()).unwrap());
            let told = request.headers().get(HOST).map(|value| value.to_str().unwrap());
            assert_eq!((request.uri().to_string().as_str(), told), (path, host));
        }
        let own = Request::get("https://id.example.com/").header(HOST, "evil.example").body(()).unwrap();
        assert_eq!(
            as_in_http1(own).headers()[HOST],
            "id.example.com",
            "the authority is what counts (RFC 9113, 8.3.1)"
        );
    }
}
