//! Bodies that are packed, deep, or full of fields: each is refused clearly and at once, and nothing of it is unpacked.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

/// `{"email": "alice@example.com", "password": "correct horse battery staple"}`, packed by gzip.
const PACKED: &str = "H4sIAAAAAAACAxXKwQmAMAwF0FVCzuIAnlwljR8stKQkARVxd/Wd383oUhsvxNKqYsUpfTTMap0n4iERh/n2BzV3aNJuHqAimfCLIuX7/Lwjf04CSgAAAA==";

fn sign_in(encoding: Option<&str>, body: Vec<u8>) -> Request<Body> {
    let request = Request::post("/api/v1/sign-in").header("content-type", "application/json");
    let request = match encoding {
        Some(encoding) => request.header("content-encoding", encoding),
        None => request,
    };
    request.body(body.into()).unwrap()
}

fn said(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_packed_body_is_not_unpacked() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let plain = json!({"email": "alice@example.com", "password": PASSWORD}).to_string().into_bytes();
    for encoding in [None, Some("identity"), Some("Identity")] {
        assert_eq!(app.send(sign_in(encoding, plain.clone())).await.status, StatusCode::OK, "{encoding:?}");
    }
    let packed = BASE64_STANDARD.decode(PACKED).unwrap();
    for encoding in ["gzip", "GZIP", "br", "deflate", "zstd", "gzip, identity", "nonsense"] {
        let answer = app.send(sign_in(Some(encoding), packed.clone())).await;
        assert_eq!(said(&answer), (415, "unsupported_media_type".to_owned()), "{encoding}");
    }
    assert_eq!(said(&app.send(sign_in(None, packed)).await), (400, "malformed_request".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_as_deep_as_it_may_be_long_is_refused() {
    let app = TestApp::start().await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let depth = 60_000 / (open.len() + close.len());
        let deep = format!("{{\"email\":{}0{}}}", open.repeat(depth), close.repeat(depth));
        let answer = app.raw_json("/api/v1/sign-in", deep.into()).await;
        assert_eq!(said(&answer), (400, "malformed_request".to_owned()), "{open}");
        let unclosed = app.raw_json("/api/v1/sign-in", format!("{{\"email\":{}", open.repeat(depth)).into()).await;
        assert_eq!(said(&unclosed), (400, "malformed_request".to_owned()), "{open}");
    }
    let deep = format!("email{}=x", "[a]".repeat(10_000));
    assert!(app.call("/rpc/sign_in", &deep).await.status.is_client_error());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_fields_are_refused() {
    let app = TestApp::start().await;
    let members: Vec<String> = (0..5000).map(|number| format!("\"a{number}\":0")).collect();
    let answer = app.raw_json("/api/v1/sign-in", format!("{{{}}}", members.join(",")).into()).await;
    assert_eq!(said(&answer), (400, "malformed_request".to_owned()));
    for field in ["a=&", "email=&", "a[]=&"] {
        let answer = app.call("/rpc/sign_in", &field.repeat(60_000 / field.len())).await;
        assert!(answer.status.is_client_error(), "{field}: {}", answer.status);
    }
    let too_many = app.call("/rpc/sign_in", &"a=&".repeat(30_000)).await;
    assert_eq!(said(&too_many), (413, "too_large".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_hears_that_they_are_signed_out_whatever_large_body_they_send() {
    let app = TestApp::start().await;
    let large = || vec![b'x'; 200_000];
    for (method, path) in [
        ("PUT", "/api/v1/me/avatar"),
        ("PUT", "/api/v1/organizations/01890a5d-ac96-774b-bcce-b302099a8001/logo"),
        ("POST", "/api/v1/organizations/01890a5d-ac96-774b-bcce-b302099a8001/documents"),
        ("POST", "/api/v1/admin/policies"),
        ("POST", "/rpc/change_avatar"),
        ("POST", "/rpc/change_logo"),
    ] {
        let request = Request::builder().method(method).uri(path).header("content-type", "image/png");
        let request = request.header("accept", "application/json").header("sec-fetch-site", "same-origin");
        let answer = app.send(request.body(large().into()).unwrap()).await;
        assert_eq!(said(&answer), (401, "signed_out".to_owned()), "{method} {path}");
    }
}
