//! Bad answers of providers: each ends in one clear page; nobody is signed in, nothing is made or connected. Bad ways
//! back are in `federation_bad_ways_back.rs`.

use crate::support::browser::Browser;
use crate::support::provider::{Behaviour, Provider, Signature};
use crate::support::{Answer, TestApp};
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use std::time::Duration;

const START: &str = "/sign-in/with/acme";
pub const INVALID: &str = "provider_answer_invalid";
pub const UNAVAILABLE: &str = "provider_unavailable";

/// A program with two providers.
pub struct World {
    pub app: TestApp,
    pub acme: Provider,
    pub other: Provider,
}

impl World {
    /// Two providers, and nobody.
    pub async fn start() -> Self {
        let (acme, other) = (Provider::start().await, Provider::start().await);
        let settings = format!("{}{}", acme.settings("acme"), other.settings("other"));
        Self { app: TestApp::start_with(&settings).await, acme, other }
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser::new(&self.app)
    }

    /// Begins in a browser; gives the path by which the provider, which says yes, leads back.
    pub async fn begin(&self, browser: &mut Browser<'_>) -> String {
        let begun = browser.follow("/sign-in", START).await;
        self.acme.agree(&self.app, begun.location())
    }

    /// Begins, and comes back while the provider behaves so.
    pub async fn come_back(&self, behaviour: Behaviour) -> Answer {
        let mut browser = self.browser();
        let back = self.begin(&mut browser).await;
        self.acme.behave(behaviour);
        browser.come_back(&back).await
    }

    /// Rows of whatever could have been made.
    pub async fn made(&self) -> String {
        made(&self.app).await
    }

    /// A way that led nowhere: to the page that says so, by its code.
    pub async fn assert_refused(&self, answer: &Answer, code: &str, what: &str) {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{what}: {}", answer.body);
        assert_eq!(answer.location(), format!("/sign-in/with/acme/refused?code={code}"), "{what}");
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{what}");
        for cookie in ["__Host-refresh", "__Host-second-factor", "__Host-pending-connection"] {
            assert!(answer.cookie(cookie).is_none(), "{what}: {cookie}");
        }
        let page = self.app.get(answer.location(), "").await;
        assert!(page.says("page.federation.refused_title"), "{what}: {}", page.body);
        assert!(page.says(&format!("error.{code}")), "{what}: {}", page.body);
    }

    pub async fn assert_nothing_made(&self, what: &str) {
        assert_eq!(self.made().await, "0 0 0 0 0", "{what}");
    }
}

/// Rows of people, connections, sign-ups, waiting connections and sessions.
pub async fn made(app: &TestApp) -> String {
    let counts = "SELECT (SELECT COUNT(*) FROM users) || ' ' || (SELECT COUNT(*) FROM connections) || ' ' || \
                  (SELECT COUNT(*) FROM sign_ups) || ' ' || (SELECT COUNT(*) FROM pending_connections) || ' ' || \
                  (SELECT COUNT(*) FROM sessions) AS text WHERE $1 = ''";
    app.read(counts, "").await
}

pub fn json_of(value: &Value) -> Response {
    Json(value).into_response()
}

/// What a token endpoint answers instead.
type Answering = fn() -> Response;
/// What is done to good claims.
type Change = fn(&mut Value);

/// What a token endpoint should never answer, and what is said of it.
const TOKEN_ANSWERS: [(&str, Answering, &str); 15] = [
    ("500", || StatusCode::INTERNAL_SERVER_ERROR.into_response(), UNAVAILABLE),
    ("503 as JSON", || (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"error": "x"}))).into_response(), UNAVAILABLE),
    ("429", || StatusCode::TOO_MANY_REQUESTS.into_response(), UNAVAILABLE),
    ("HTML", || Html("<h1>Sign in to the Wi-Fi</h1>").into_response(), INVALID),
    ("JSON as HTML", || ([(CONTENT_TYPE, "text/html")], good_tokens()).into_response(), INVALID),
    ("JSON as text", || ([(CONTENT_TYPE, "text/plain")], good_tokens()).into_response(), INVALID),
    ("bytes", || good_tokens().into_bytes().into_response(), INVALID),
    ("nothing", || StatusCode::NO_CONTENT.into_response(), INVALID),
    ("a redirect to itself", || (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/token")]).into_response(), INVALID),
    ("no JSON", || ([(CONTENT_TYPE, "application/json")], "{\"access_token\":").into_response(), INVALID),
    ("a list", || json_of(&json!([1, 2])), INVALID),
    ("an empty object", || json_of(&json!({})), INVALID),
    ("no ID token", || json_of(&json!({"access_token": "a", "token_type": "Bearer"})), INVALID),
    (
        "an ID token that is a list",
        || json_of(&json!({"access_token": "a", "token_type": "Bearer", "id_token": []})),
        INVALID,
    ),
    ("2 MB", || json_of(&json!({"access_token": "a".repeat(2_000_000), "token_type": "Bearer"})), INVALID),
];

fn good_tokens() -> String {
    json!({"access_token": "a", "token_type": "Bearer", "id_token": "a.b.c"}).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_token_endpoint_answers_ends_in_one_clear_page() {
    let world = World::start().await;
    for (what, answer, code) in TOKEN_ANSWERS {
        let asked = world.acme.redeemed();
        let back = world.come_back(Behaviour::Token(answer)).await;
        world.assert_refused(&back, code, what).await;
        assert_eq!(world.acme.redeemed(), asked + 1, "{what}: it is asked once, and nobody is followed");
        world.assert_nothing_made(what).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_long_for_a_slow_provider() {
    let world = World::start().await;
    let coming = tokio::time::timeout(Duration::from_secs(30), world.come_back(Behaviour::Slow));
    let back = coming.await.expect("an answer in bounded time");
    world.assert_refused(&back, UNAVAILABLE, "slow").await;
    world.assert_nothing_made("slow").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_is_away_ends_in_one_clear_page() {
    let mut world = World::start().await;
    // Nobody listens there.
    let settings = world.acme.settings("acme").replace(&world.acme.issuer, "http://127.0.0.1:9");
    world.app = TestApp::start_with(&settings).await;
    let begun = world.browser().follow("/sign-in", START).await;
    world.assert_refused(&begun, UNAVAILABLE, "away").await;
    world.assert_nothing_made("away").await;
}

/// Claims that no ID token for us has.
const CLAIMS: [(&str, Change); 21] = [
    ("another client", |claims| claims["aud"] = json!("somebody-else")),
    ("other clients", |claims| claims["aud"] = json!(["somebody-else", "others"])),
    ("several clients, and nobody named", |claims| claims["aud"] = json!([claims["aud"], "somebody-else"])),
    ("another client asked", |claims| claims["azp"] = json!("somebody-else")),
    ("no audience", |claims| claims["aud"] = json!(null)),
    ("another nonce", |claims| claims["nonce"] = json!("somebody-elses")),
    ("no nonce", |claims| claims["nonce"] = json!(null)),
    ("a nonce in a list", |claims| claims["nonce"] = json!([claims["nonce"]])),
    ("another issuer", |claims| claims["iss"] = json!("https://accounts.example.com")),
    ("no issuer", |claims| claims["iss"] = json!(null)),
    ("expired", |claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap() - 3600)),
    ("no end", |claims| claims["exp"] = json!(null)),
    ("its end is a text", |claims| claims["exp"] = json!("tomorrow")),
    ("from the future", |claims| {
        let later = claims["iat"].as_i64().unwrap() + 3600;
        (claims["iat"], claims["exp"]) = (json!(later), json!(later + 300));
    }),
    ("no beginning", |claims| claims["iat"] = json!(null)),
    ("not good yet", |claims| claims["nbf"] = json!(claims["iat"].as_i64().unwrap() + 3600)),
    ("no subject", |claims| claims["sub"] = json!(null)),
    ("an empty subject", |claims| claims["sub"] = json!("")),
    ("a subject that is a number", |claims| claims["sub"] = json!(1815)),
    ("a subject in a list", |claims| claims["sub"] = json!(["ada-1815"])),
    ("a subject that is too long", |claims| claims["sub"] = json!("a".repeat(256))),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_token_that_is_not_for_this_sign_in_signs_nobody_in() {
    let world = World::start().await;
    for (what, change) in CLAIMS {
        let back = world.come_back(Behaviour::Claims(change)).await;
        world.assert_refused(&back, INVALID, what).await;
        world.assert_nothing_made(what).await;
    }
    for (what, signature) in [
        ("alg none", Signature::None),
        ("HS256 with our secret", Signature::Secret),
        ("HS256 with the public key", Signature::Public),
        ("a wrong signature", Signature::Broken),
    ] {
        let back = world.come_back(Behaviour::Signed(signature)).await;
        world.assert_refused(&back, INVALID, what).await;
        world.assert_nothing_made(what).await;
    }
    // With nothing wrong it signs in: the lines above were refused for what they say.
    let back = world.come_back(Behaviour::Claims(|claims| claims["azp"] = claims["aud"].clone())).await;
    assert_eq!(back.location(), "/dashboard");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_is_none_or_that_nobody_proved_makes_no_account() {
    let world = World::start().await;
    let changes: [(&str, Change); 9] = [
        ("a list", |claims| claims["email"] = json!(["ada@example.com"])),
        ("an object", |claims| claims["email"] = json!({"primary": "ada@example.com"})),
        ("two in one", |claims| claims["email"] = json!("ada@example.com, eve@example.com")),
        ("a second line", |claims| claims["email"] = json!("ada@example.com\r\nBcc: eve@example.com")),
        ("empty", |claims| claims["email"] = json!("")),
        ("verified as the text false", |claims| claims["email_verified"] = json!("false")),
        ("verified as the text true", |claims| claims["email_verified"] = json!("true")),
        ("verified as a number", |claims| claims["email_verified"] = json!(1)),
        ("verified in a list", |claims| claims["email_verified"] = json!([true])),
    ];
    for (waiting, (what, change)) in changes.into_iter().enumerate() {
        let back = world.come_back(Behaviour::Claims(change)).await;
        assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, "/finish-sign-up"), "{what}");
        assert!(back.cookie("__Host-refresh").is_none(), "{what}");
        assert_eq!(world.made().await, format!("0 0 0 {} 0", waiting + 1), "{what}: somebody waits, and no more");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn userinfo_of_somebody_else_is_not_believed() {
    let world = World::start().await;
    let changes: [(&str, Change); 3] = [
        ("somebody else", |claims| claims["sub"] = json!("eve-1984")),
        ("nobody", |claims| claims["sub"] = json!(null)),
        ("a list", |claims| claims["sub"] = json!(["ada-1815"])),
    ];
    for (what, change) in changes {
        let back = world.come_back(Behaviour::Userinfo(change)).await;
        world.assert_refused(&back, INVALID, what).await;
        world.assert_nothing_made(what).await;
    }
    let back = world.come_back(Behaviour::Userinfo(|_| ())).await;
    assert_eq!(back.location(), "/dashboard", "of Ada it is believed");
}

/// What GitHub tells of somebody with this number.
fn person(id: impl Into<Value>) -> Response {
    json_of(&json!({"id": id.into(), "login": "ada", "name": "Ada Lovelace"}))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_github_answers_ends_in_one_clear_page() {
    let github = Provider::start().await;
    let app = TestApp::start_with(&github.github_settings()).await;
    let answers: [(&str, Behaviour, &str); 14] = [
        ("500", Behaviour::Token(|| StatusCode::INTERNAL_SERVER_ERROR.into_response()), UNAVAILABLE),
        ("HTML", Behaviour::Token(|| Html("<h1>Unicorn!</h1>").into_response()), INVALID),
        (
            "a form, as GitHub answers who does not ask for JSON",
            Behaviour::Token(|| {
                let form = "access_token=a&scope=user%3Aemail&token_type=bearer";
                ([(CONTENT_TYPE, "application/x-www-form-urlencoded")], form).into_response()
            }),
            INVALID,
        ),
        (
            "a token that opens nothing",
            Behaviour::Token(|| json_of(&json!({"access_token": "b", "token_type": "bearer"}))),
            INVALID,
        ),
        ("addresses: 500", Behaviour::Emails(|| StatusCode::BAD_GATEWAY.into_response()), UNAVAILABLE),
        ("addresses: an object", Behaviour::Emails(|| json_of(&json!({"email": "ada@example.com"}))), INVALID),
        ("addresses: HTML", Behaviour::Emails(|| Html("<p>ada@example.com</p>").into_response()), INVALID),
        ("addresses: 2 MB", Behaviour::Emails(|| json_of(&json!(["a".repeat(2_000_000)]))), INVALID),
        ("the person: 500", Behaviour::Person(|| StatusCode::BAD_GATEWAY.into_response()), UNAVAILABLE),
        ("the person: HTML", Behaviour::Person(|| Html("<p>ada</p>").into_response()), INVALID),
        ("the person: a round way", Behaviour::Person(|| Redirect::temporary("/user").into_response()), INVALID),
        ("the person: a name for the number", Behaviour::Person(|| person("583231")), INVALID),
        ("the person: no number", Behaviour::Person(|| person(Value::Null)), INVALID),
        ("the person: 2 MB", Behaviour::Person(|| person("1".repeat(2_000_000))), INVALID),
    ];
    for (what, behaviour, code) in answers {
        let mut browser = Browser::new(&app);
        let begun = browser.follow("/sign-in", "/sign-in/with/github").await;
        let back = github.agree(&app, begun.location());
        github.behave(behaviour);
        let answer = browser.come_back(&back).await;
        assert_eq!(answer.location(), format!("/sign-in/with/github/refused?code={code}"), "{what}");
        assert!(browser.cookie("__Host-refresh").is_none(), "{what}");
        let page = browser.go(answer.location(), &[]).await;
        assert!(page.says("page.federation.refused_title"), "{what}: {}", page.body);
        assert!(page.says(&format!("error.{code}")), "{what}: {}", page.body);
        assert_eq!(made(&app).await, "0 0 0 0 0", "{what}");
    }
}
