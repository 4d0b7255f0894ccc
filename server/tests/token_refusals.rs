//! Tokens that are not accepted, over HTTP: one answer to every one of them, and no word about the check.

use crate::forged_tokens::{Forge, Line, controls, lines};
use crate::support::{Answer, TestApp};
use auth::crypto::{MasterKey, Sealer};
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, StatusCode};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::SecretString;
use serde_json::Value;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const EMAIL: &str = "alice@example.com";
const KEY: &str = "bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISE=";

/// A program with an account, its access token, and somebody who knows the key.
async fn forgery() -> (TestApp, String, Forge) {
    let app = TestApp::start_with(&format!("master_key = '{KEY}'\n")).await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    let header = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    let kid = header["kid"].as_str().unwrap();
    let sealed = app.read("SELECT private_sealed AS text FROM signing_keys WHERE id = $1", kid).await;
    let sealer = Sealer::new(&MasterKey::parse(&SecretString::from(KEY)).unwrap().into());
    let seed = sealer.open(&format!("signing_keys.private_sealed.{kid}"), &sealed).unwrap();
    let forge = Forge::of(&token, &seed);
    (app, token, forge)
}

/// `GET /api/v1/me` with these values of `Authorization`.
async fn me(app: &TestApp, values: &[&[u8]]) -> Answer {
    let mut request = Request::get("/api/v1/me");
    for value in values {
        request = request.header("authorization", HeaderValue::from_bytes(value).unwrap());
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

fn assert_invalid(answer: &Answer, what: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "invalid_token"), "{what}");
    assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"", "{what}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    let title = auth::text::text(auth::Locale::En, "error.invalid_token");
    assert_eq!(answer.value()["title"], title, "{what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_forged_token_gets_the_same_answer() {
    let (app, token, forge) = forgery().await;
    for (name, token) in controls(&forge) {
        let answer = me(&app, &[format!("Bearer {token}").as_bytes()]).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.body);
    }
    let same = me(&app, &[b"Bearer x"]).await.body;
    let mut asked = 0;
    for Line { name, token, .. } in lines(&forge) {
        let value = format!("Bearer {token}");
        // What no header may hold never gets here, and blanks before a token belong to the header.
        if HeaderValue::from_bytes(value.as_bytes()).is_err() || token.starts_with(' ') {
            continue;
        }
        asked += 1;
        let started = Instant::now();
        let answer = me(&app, &[value.as_bytes()]).await;
        assert!(started.elapsed() < Duration::from_secs(2), "{name}: {:?}", started.elapsed());
        assert_invalid(&answer, &name);
        assert_eq!(answer.body, same, "{name}");
    }
    assert!(asked > 500, "{asked}");
    assert_eq!(me(&app, &[format!("Bearer {token}").as_bytes()]).await.status, StatusCode::OK, "the real one still is");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bearer_credential_without_one_token_gets_that_answer_too() {
    let (app, token, _) = forgery().await;
    let bearer = |token: &str| format!("Bearer {token}").into_bytes();
    let good = bearer(&token);
    assert_eq!(me(&app, &[&good]).await.status, StatusCode::OK);
    for values in [
        &[&b"Bearer"[..]][..],
        &[b"Bearer "],
        &[b"bearer"],
        &[&bearer(&format!("{token}, {token}"))],
        &[&bearer(&format!("{token} x"))],
        &[&bearer(&format!("\"{token}\""))],
        &[&good, &good],
        &[&good, b"Basic YTpi"],
        &[b"Basic YTpi", &good],
    ] {
        assert_invalid(&me(&app, values).await, &String::from_utf8_lossy(values[0]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_credential_nobody_is_signed_in() {
    let (app, token, _) = forgery().await;
    let other_scheme = format!("Token {token}");
    for values in [&[&b"Basic YTpi"[..]][..], &[other_scheme.as_bytes()], &[]] {
        let answer = me(&app, values).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "signed_out"));
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    // RFC 6750, 2.2 and 2.3: nowhere but in the header.
    let query = app.get(&format!("/api/v1/me?access_token={token}"), "").await;
    assert_eq!((query.status, query.code().as_str()), (StatusCode::UNAUTHORIZED, "signed_out"));
    let cookie = app.get("/api/v1/me", &format!("access_token={token}; __Host-refresh={token}")).await;
    assert_eq!((cookie.status, cookie.code().as_str()), (StatusCode::UNAUTHORIZED, "signed_out"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_not_accepted_is_nobodys_cookie_either() {
    let (app, token, _) = forgery().await;
    let (cookie, _) = app.sign_in(EMAIL).await;
    let page = |bearer: String| {
        Request::get("/dashboard")
            .header("accept", "text/html")
            .header("sec-fetch-mode", "navigate")
            .header("cookie", cookie.clone())
            .header("authorization", bearer)
            .body(Body::empty())
            .unwrap()
    };
    let refused = app.send(page(format!("Bearer {token}x"))).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    assert!(refused.location().starts_with("/sign-in?next="), "{}", refused.location());
    assert_eq!(app.send(page("Basic YTpi".to_owned())).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_of_a_page_is_told_by_the_same_code() {
    let (app, token, _) = forgery().await;
    let call = Request::post("/rpc/me")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", format!("Bearer {token}x"));
    let answer = app.send(call.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "invalid_token"));
    assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ended_session_is_told_by_the_same_answer() {
    let (app, token, _) = forgery().await;
    let same = me(&app, &[b"Bearer x"]).await;
    assert_eq!(app.bearer(Method::POST, "/api/v1/sign-out", &token).await.status, StatusCode::NO_CONTENT);
    let ended = app.bearer(Method::GET, "/api/v1/me", &token).await;
    assert_invalid(&ended, "ended");
    assert_eq!(ended.body, same.body);
}

/// Over a real connection: what is too large for the headers of any request is refused before it is read.
#[tokio::test]
async fn a_token_of_a_megabyte_is_refused_in_bounded_time() {
    let (app, ..) = forgery().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = app.router().into_make_service_with_connect_info::<SocketAddr>();
    let serving = tokio::spawn(async move { axum::serve(listener, service).await });
    for (length, status) in [(1_000, "401"), (100_000, "401"), (1_000_000, "431"), (8_000_000, "431")] {
        let started = Instant::now();
        let head = format!(
            "GET /api/v1/me HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer {}\r\n\r\n",
            "a".repeat(length)
        );
        let (mut reader, mut writer) = TcpStream::connect(address).await.unwrap().into_split();
        // Who has heard enough does not read on; what is written then may fail.
        let writing = tokio::spawn(async move { writer.write_all(head.as_bytes()).await });
        let mut answer = Vec::new();
        let _ = reader.read_to_end(&mut answer).await;
        writing.abort();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        // A connection that is closed on what still comes in may lose its answer.
        let is_lost = answer.is_empty() && length > 500_000;
        assert!(is_lost || answer.starts_with(&format!("HTTP/1.1 {status} ")), "{length}: {answer:.200}");
        assert!(started.elapsed() < Duration::from_secs(5), "{length}: {:?}", started.elapsed());
    }
    serving.abort();
}
