//! What is sent ends where its head says (ASVS 5.0, 4.2.2; RFC 9112, 6.3): over a real socket every answer has one length, which is
//! that of its body, or comes in chunks, and never both.

use crate::support::TestApp;
use server::door::{DoorLimits, serve};
use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Pages, a form, calls, files, and what is not there.
const PATHS: [&str; 11] = [
    "/",
    "/sign-in",
    "/dashboard",
    "/nothing",
    "/pkg/nothing.js",
    "/rpc/sign_in",
    "/api/v1/me",
    "/api/v1/openapi.json",
    "/api/v1/nothing",
    "/health/live",
    "/.well-known/jwks.json",
];

/// All bytes of the answer, until the connection is closed.
async fn answer(address: SocketAddr, method: &str, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: localhost:3000\r\naccept: text/html\r\n");
    let request = format!("{head}content-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await.expect("it closes").unwrap();
    bytes
}

/// What is wrong with the end of an answer.
fn fault(method: &str, answer: &[u8]) -> Option<String> {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Some("the head has no end".to_owned());
    };
    let (head, body) = (String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase(), &answer[end + 4..]);
    let values = |name: &str| {
        let fields = head.lines().filter_map(|line| line.split_once(':')).filter(|(field, _)| *field == name);
        fields.map(|(_, value)| value.trim().to_owned()).collect::<Vec<_>>()
    };
    let (lengths, codings) = (values("content-length"), values("transfer-encoding"));
    let is_bare = method == "HEAD" || ["204", "304"].iter().any(|status| head.split(' ').nth(1) == Some(*status));
    match (&lengths[..], &codings[..]) {
        _ if is_bare => (!body.is_empty()).then(|| format!("{} bytes where none belong", body.len())),
        ([length], []) if length.parse::<usize>().ok() == Some(body.len()) => None,
        ([], [coding]) if coding == "chunked" && is_chunked(body) => None,
        _ => Some(format!("lengths {lengths:?}, codings {codings:?}, and {} bytes", body.len())),
    }
}

/// Whether a body is whole chunks to its end.
fn is_chunked(body: &[u8]) -> bool {
    let mut rest = body;
    loop {
        let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") else { return false };
        let size = std::str::from_utf8(&rest[..end]).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
        let (Some(size), chunk) = (size, &rest[end + 2..]) else { return false };
        if size == 0 {
            return chunk == b"\r\n";
        }
        if chunk.get(size..size + 2) != Some(&b"\r\n"[..]) {
            return false;
        }
        rest = &chunk[size + 2..];
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_ends_where_its_head_says() {
    let app = TestApp::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let door = serve(listener, app.router(), DoorLimits::default(), Arc::from([]), None, pending::<()>());
    let serving = tokio::spawn(door);
    for method in ["GET", "HEAD", "POST", "OPTIONS", "DELETE"] {
        for path in PATHS {
            let said = answer(address, method, path).await;
            assert_eq!(fault(method, &said), None, "{method} {path}");
        }
    }
    serving.abort();
}

#[test]
fn an_answer_that_ends_elsewhere_is_found() {
    let of = |fields: &str, body: &str| fault("GET", format!("HTTP/1.1 200 OK\r\n{fields}\r\n{body}").as_bytes());
    assert_eq!(of("Content-Length: 2\r\n", "ok"), None);
    assert_eq!(of("Transfer-Encoding: chunked\r\n", "2\r\nok\r\n0\r\n\r\n"), None);
    for (fields, body) in [
        ("", "ok"),
        ("content-length: 1\r\n", "ok"),
        ("content-length: 3\r\n", "ok"),
        ("content-length: 2\r\ncontent-length: 2\r\n", "ok"),
        ("content-length: 2\r\ntransfer-encoding: chunked\r\n", "ok"),
        ("transfer-encoding: chunked\r\n", "2\r\nok\r\n0\r\n\r\nmore"),
        ("transfer-encoding: chunked\r\n", "2\r\nok\r\n"),
        ("transfer-encoding: chunked\r\n", "1\r\nok\r\n0\r\n\r\n"),
    ] {
        assert!(of(fields, body).is_some(), "{fields} {body}");
    }
    assert!(fault("HEAD", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").is_some());
    assert_eq!(fault("HEAD", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"), None);
}
