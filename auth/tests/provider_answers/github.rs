//! GitHub's shape: no ID token, but an API, and refusals with status 200.

use super::{come_once, verified, word};
use crate::support::provider::{FakeProvider, Manner};
use auth::Email;
use auth::federation::ProviderEmail;
use serde_json::json;

#[tokio::test]
async fn github_tells_the_primary_address_by_its_api() {
    let server = FakeProvider::start().await;
    let identity = come_once(&server, server.github_settings()).await.ok().unwrap();
    assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), (server.base.as_str(), "1"));
    assert_eq!(identity.email, verified("alice@example.com"));
    assert_eq!(identity.name.as_deref(), Some("Alice Doe"));
    let emails = json!([
        {"email": "old@example.com", "primary": false, "verified": true},
        {"email": "new@example.com", "primary": true, "verified": false},
    ]);
    server.will_answer_github(json!({"id": 7, "login": "alice", "name": null, "email": "eve@example.com"}), emails);
    let identity = come_once(&server, server.github_settings()).await.ok().unwrap();
    assert_eq!(identity.subject, "7");
    assert_eq!(identity.email, ProviderEmail::Unverified(Email::parse("new@example.com").unwrap()));
    assert_eq!(identity.name.as_deref(), Some("alice"));
    server.misbehave("/user/emails", Manner::Saying("404 Not Found", "application/json", "{}".to_owned()));
    let identity = come_once(&server, server.github_settings()).await.ok().unwrap();
    assert_eq!(identity.email, ProviderEmail::Missing, "the person did not allow it");
}

#[tokio::test]
async fn github_that_answers_badly_leads_nowhere() {
    let json = "application/json";
    let says = |status, media, body: &str| Manner::Saying(status, media, body.to_owned());
    for (path, manner, expected) in [
        ("/login/oauth/access_token", says("200 OK", json, r#"{"error":"bad_verification_code"}"#), "refused"),
        ("/login/oauth/access_token", says("200 OK", "text/html", "<html>"), "invalid"),
        ("/login/oauth/access_token", says("200 OK", json, r#"{"access_token":"a"}"#), "invalid"),
        ("/login/oauth/access_token", says("500 Internal Server Error", json, "{}"), "unavailable"),
        ("/user", says("200 OK", json, r#"{"id":"1","login":"alice"}"#), "invalid"),
        ("/user", says("200 OK", json, r#"{"id":1,"id":2,"login":"alice"}"#), "invalid"),
        ("/user", says("200 OK", json, r#"{"login":"alice"}"#), "invalid"),
        ("/user", says("200 OK", json, r#"{"id":-1,"login":"alice"}"#), "invalid"),
        ("/user", says("401 Unauthorized", json, "{}"), "refused"),
        ("/user", says("403 Forbidden", json, "{}"), "unavailable"),
        ("/user", Manner::Redirecting, "invalid"),
        ("/user/emails", says("200 OK", json, r#"{"email":"alice@example.com"}"#), "invalid"),
        (
            "/user/emails",
            says("200 OK", json, r#"[{"email":["a@example.com"],"primary":true,"verified":true}]"#),
            "invalid",
        ),
        (
            "/user/emails",
            says("200 OK", json, r#"[{"email":"a@example.com","primary":true,"verified":"true"}]"#),
            "invalid",
        ),
        ("/user/emails", Manner::Huge, "invalid"),
    ] {
        let server = FakeProvider::start().await;
        server.misbehave(path, manner);
        assert_eq!(word(&come_once(&server, server.github_settings()).await), expected, "{path}");
    }
}
