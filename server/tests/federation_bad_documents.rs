//! Bad answers of providers beside their token endpoint: what they tell of themselves, their keys, their people. Each
//! ends in one clear page, and nothing is made.

use crate::federation_bad_answers::{INVALID, UNAVAILABLE, World, json_of};
use crate::support::PASSWORD;
use crate::support::provider::Behaviour;
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde_json::{Value, json};

const START: &str = "/sign-in/with/acme";

/// An answer instead of a document, and what is said of it.
type Answering = (&'static str, fn() -> Response, &'static str);

/// What no document is, wherever it is asked for.
const NO_DOCUMENTS: [Answering; 9] = [
    ("500", || StatusCode::INTERNAL_SERVER_ERROR.into_response(), UNAVAILABLE),
    ("503 as JSON", || (StatusCode::SERVICE_UNAVAILABLE, Json(json!({}))).into_response(), UNAVAILABLE),
    ("404", || StatusCode::NOT_FOUND.into_response(), INVALID),
    ("HTML", || Html("<h1>Maintenance</h1>").into_response(), INVALID),
    ("JSON as text", || ([(CONTENT_TYPE, "text/plain")], "{}").into_response(), INVALID),
    ("half of it", || ([(CONTENT_TYPE, "application/json")], "{\"issuer\":").into_response(), INVALID),
    ("an empty object", || json_of(&json!({})), INVALID),
    ("a list", || json_of(&json!([1, 2])), INVALID),
    ("2 MB", || json_of(&json!({"issuer": "a".repeat(2_000_000), "keys": []})), INVALID),
];

/// What a provider may not tell of itself.
fn tells(issuer: &str, token_endpoint: &str) -> Response {
    json_of(&json!({
        "issuer": issuer,
        "authorization_endpoint": "https://acme.example.com/authorize",
        "token_endpoint": token_endpoint,
        "jwks_uri": "https://acme.example.com/keys",
    }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_provider_tells_of_itself_ends_in_one_clear_page() {
    let own: [Answering; 3] = [
        ("a round way", || Redirect::temporary("/.well-known/openid-configuration").into_response(), INVALID),
        ("another way", || Redirect::permanent("/keys").into_response(), INVALID),
        ("another issuer", || tells("https://evil.example", "https://evil.example/token"), INVALID),
    ];
    for (what, answer, code) in NO_DOCUMENTS.into_iter().chain(own) {
        // A failure is remembered for some seconds: each has a program of its own.
        let world = World::start().await;
        world.acme.behave(Behaviour::Discovery(answer));
        let begun = world.browser().follow("/sign-in", START).await;
        world.assert_refused(&begun, code, what).await;
        world.assert_nothing_made(what).await;
        let flows = "SELECT CAST(COUNT(*) AS TEXT) AS text FROM federation_flows WHERE $1 = ''";
        assert_eq!(world.app.read(flows, "").await, "0", "{what}: nothing waits");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_stands_where_keys_should_ends_in_one_clear_page() {
    let own: [Answering; 4] = [
        ("a round way", || Redirect::temporary("/jwks").into_response(), INVALID),
        ("no keys", || json_of(&json!({"keys": []})), INVALID),
        ("a shared secret", || json_of(&json!({"keys": [{"kty": "oct", "kid": "one", "k": "c2VjcmV0"}]})), INVALID),
        ("keys that are none", || json_of(&json!({"keys": ["one", 2, null, {"kty": "RSA"}]})), INVALID),
    ];
    for (what, answer, code) in NO_DOCUMENTS.into_iter().chain(own) {
        let world = World::start().await;
        let back = world.come_back(Behaviour::Keys(answer)).await;
        world.assert_refused(&back, code, what).await;
        world.assert_nothing_made(what).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_told_of_a_person_ends_in_one_clear_page() {
    let world = World::start().await;
    let own: [Answering; 3] = [
        ("a round way", || Redirect::temporary("/userinfo").into_response(), INVALID),
        ("401", || (StatusCode::UNAUTHORIZED, Json(json!({"error": "invalid_token"}))).into_response(), INVALID),
        ("somebody else", || json_of(&json!({"sub": "eve-1984", "email": "eve@example.com"})), INVALID),
    ];
    for (what, answer, code) in NO_DOCUMENTS.into_iter().chain(own) {
        let back = world.come_back(Behaviour::Person(answer)).await;
        world.assert_refused(&back, code, what).await;
        world.assert_nothing_made(what).await;
    }
}

/// What is done to good claims.
type Change = fn(&mut Value);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_is_not_proved_never_reaches_the_account_of_it() {
    let world = World::start().await;
    world.app.create_account("ada@example.com").await;
    let changes: [(&str, Change); 7] = [
        ("a list", |claims| claims["email"] = json!(["ada@example.com"])),
        ("verified as the text false", |claims| claims["email_verified"] = json!("false")),
        ("verified as the text true", |claims| claims["email_verified"] = json!("true")),
        ("verified as a number", |claims| claims["email_verified"] = json!(1)),
        ("verified in a list", |claims| claims["email_verified"] = json!([true])),
        ("not verified", |claims| claims["email_verified"] = json!(false)),
        ("nothing of it", |claims| claims["email_verified"] = json!(null)),
    ];
    for (waiting, (what, change)) in changes.into_iter().enumerate() {
        let mut browser = world.browser();
        let back = world.begin(&mut browser).await;
        world.acme.behave(Behaviour::Claims(change));
        let answer = browser.come_back(&back).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/finish-sign-up"), "{what}");
        assert!(browser.cookie("__Host-refresh").is_none(), "{what}");
        let made = world.made().await;
        let made: Vec<_> = made.split(' ').collect();
        let expected = ["1".to_owned(), "0".to_owned(), (waiting + 1).to_string()];
        assert_eq!([made[0], made[1], made[3]], expected, "{what}: somebody waits, and no more");
        // What waits connects nobody: not even the owner of the account, who signs in to it meanwhile.
        let body = format!("email=ada%40example.com&password={}", PASSWORD.replace(' ', "+"));
        assert_eq!(browser.post("/sign-in", "/rpc/sign_in", &body).await.location(), "/dashboard", "{what}");
        let connected = browser.post("/connect-account", "/rpc/connect_pending", "").await;
        assert!(!connected.location().contains("note=connected"), "{what}: {}", connected.location());
        assert!(world.made().await.starts_with("1 0 "), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_else_there_with_the_same_address_is_somebody_else_here() {
    let world = World::start().await;
    let mut ada = world.browser();
    let back = world.begin(&mut ada).await;
    assert_eq!(ada.come_back(&back).await.location(), "/dashboard");
    // Whoever got her address at the provider after her.
    let mut next_owner = world.browser();
    let back = world.begin(&mut next_owner).await;
    world.acme.behave(Behaviour::Claims(|claims| claims["sub"] = json!("ada-2026")));
    let answer = next_owner.come_back(&back).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/connect-account"));
    assert!(next_owner.cookie("__Host-refresh").is_none());
    assert_eq!(world.made().await, "1 1 0 1 1", "one of them waits, and no more");
    // And she, whatever her address there is called by now, is herself.
    let mut again = world.browser();
    let back = world.begin(&mut again).await;
    world.acme.behave(Behaviour::Claims(|claims| claims["email"] = json!(["ada@example.com"])));
    assert_eq!(again.come_back(&back).await.location(), "/dashboard");
    assert_eq!(world.made().await, "1 1 0 1 2");
}
