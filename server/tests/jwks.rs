//! The public keys, as other services and their caches ask for them.

use crate::support::{Answer, TestApp};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

const PATH: &str = "/.well-known/jwks.json";
/// A secret of HS256, made by `openssl rand -base64 48`.
const SHARED: &str = "signing_algorithm = 'HS256'\n\
                      hs256_secret = '6fsWsNoXUQnqP2XzYkVQ4z0mJm3H0Qy0c9cXv8o5kWJxqf1rS7uTgB2dLhEaRi4N'";

async fn ask(app: &TestApp, kept: &str) -> Answer {
    app.send(Request::get(PATH).header("if-none-match", kept).body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_may_be_kept_and_is_asked_about_by_its_tag() {
    let app = TestApp::start().await;
    let first = app.send(Request::get(PATH).body(Body::empty()).unwrap()).await;
    assert_eq!((first.status, first.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(first.header("cache-control"), "public, max-age=300");
    let etag = first.header("etag");
    assert!(etag.len() > 20 && etag.starts_with('"') && etag.ends_with('"'), "a strong tag: {etag}");

    for kept in [etag, "*", &format!("W/{etag}"), &format!("\"other\", {etag}")] {
        let answer = ask(&app, kept).await;
        assert_eq!((answer.status, &*answer.body), (StatusCode::NOT_MODIFIED, ""), "{kept}");
        assert_eq!((answer.header("etag"), answer.header("cache-control")), (etag, "public, max-age=300"));
        assert_eq!(answer.header("content-type"), "");
    }
    for other in ["\"other\"", "W/\"other\"", "nonsense", "\"", etag.trim_matches('"')] {
        let answer = ask(&app, other).await;
        assert_eq!((answer.status, &answer.body), (StatusCode::OK, &first.body), "{other}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_key_is_published_before_it_signs_and_a_revoked_one_is_gone() {
    let app = TestApp::start_with("key_publish_seconds = 120").await;
    let first = ask(&app, "").await;
    assert_eq!(first.header("cache-control"), "public, max-age=60", "half the time until the next key signs");
    let next = auth::flow::rotate_keys(&app.application.auth, false).await.unwrap();
    let both = ask(&app, first.header("etag")).await;
    assert_eq!(both.status, StatusCode::OK, "the old copy is no longer right");
    let keys = both.value()["keys"].as_array().unwrap().clone();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[1]["kid"], next.id.as_str());
    for key in &keys {
        let mut names: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"], "nothing private");
    }
    auth::flow::revoke_key(&app.application.auth, &next.id).await.unwrap();
    assert!(!ask(&app, "").await.body.contains(&next.id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shared_secret_is_never_shown_and_signs_all_the_same() {
    let app = TestApp::start_with(SHARED).await;
    assert_eq!(ask(&app, "").await.body, r#"{"keys":[]}"#);
    app.create_account("alice@example.com").await;
    let (_, token) = app.sign_in("alice@example.com").await;
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::OK);
}
