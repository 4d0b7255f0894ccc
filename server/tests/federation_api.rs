//! Providers and connections over REST, as a native app uses them: it begins, the browser goes, the app ends.

use crate::support::browser::Browser;
use crate::support::factors::ticket_of;
use crate::support::provider::Provider;
use crate::support::{Answer, PASSWORD, TestApp};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";
/// RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const APP: &str = "http://127.0.0.1:50123/callback";
const STATE: &str = "a b&c=d";

async fn start_app() -> (TestApp, Provider) {
    let provider = Provider::start().await;
    let app = TestApp::start_with(&provider.settings("acme")).await;
    (app, provider)
}

fn verified(email: &str) -> Value {
    json!({"sub": "1", "email": email, "email_verified": true, "name": "Alice"})
}

/// What an app begins with.
fn beginning() -> Value {
    json!({
        "redirect_uri": APP,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "state": STATE,
    })
}

/// The address of the provider that an app opens.
pub async fn begin(app: &TestApp, id: &str) -> String {
    let started = app.json(&format!("/api/v1/providers/{id}/start"), &beginning()).await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.body);
    started.value()["authorization_url"].as_str().unwrap().to_owned()
}

/// Goes the way through the browser; gives the code that the app finds at its address.
pub async fn code(app: &TestApp, provider: &Provider, id: &str) -> String {
    let callback = provider.agree(app, &begin(app, id).await);
    let answer = Browser::new(app).let_app_in(&callback).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.location().starts_with(&format!("{APP}?code=")), "{}", answer.location());
    parameter(answer.location(), "code")
}

async fn finish(app: &TestApp, code: &str, verifier: &str) -> Answer {
    app.json("/api/v1/providers/finish", &json!({"code": code, "code_verifier": verifier})).await
}

/// The whole way of an app.
pub async fn sign_in(app: &TestApp, provider: &Provider, id: &str) -> Answer {
    finish(app, &code(app, provider, id).await, VERIFIER).await
}

/// The ticket of somebody who came with an address that has an account.
pub async fn ticket_for_proof(app: &TestApp, provider: &Provider, id: &str) -> String {
    let answer = sign_in(app, provider, id).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.value()["needs_proof"]["ticket"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

async fn connect(app: &TestApp, access: &str, ticket: &str) -> Answer {
    let body = json!({ "ticket": ticket }).to_string();
    app.bearer_body(Method::POST, "/api/v1/connections", access, body.into()).await
}

async fn connections(app: &TestApp, access: &str) -> Vec<Value> {
    let listed = app.bearer(Method::GET, "/api/v1/connections", access).await;
    assert_eq!(listed.status, StatusCode::OK, "{}", listed.body);
    listed.value()["items"].as_array().unwrap().clone()
}

/// A parameter of an address, as it stands there.
fn parameter(address: &str, name: &str) -> String {
    let query = address.split_once('?').unwrap().1;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(of, _)| *of == name).unwrap_or_else(|| panic!("no {name} in {address}")).1.to_owned()
}

fn access_of(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.value()["access_token"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

fn assert_refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.body);
    assert!(answer.cookie("__Host-refresh").is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_person_is_signed_in_from_an_app() {
    let (app, provider) = start_app().await;
    provider.set_person(verified(EMAIL));
    let listed = app.get("/api/v1/providers", "").await;
    assert_eq!(listed.value()["items"][0]["id"], "acme", "{}", listed.body);

    let started = app.json("/api/v1/providers/acme/start", &beginning()).await;
    assert_eq!((started.status, started.header("cache-control")), (StatusCode::OK, "no-store"), "{}", started.body);
    assert_eq!(started.value()["expires_in"], 600);
    let url = started.value()["authorization_url"].as_str().unwrap().to_owned();
    assert!(
        !url.contains(CHALLENGE) && !url.contains("127.0.0.1%3A50123"),
        "the app's own proof is for us alone: {url}"
    );

    let back = Browser::new(&app).let_app_in(&provider.agree(&app, &url)).await;
    assert_eq!((back.status, back.header("cache-control")), (StatusCode::SEE_OTHER, "no-store"), "{}", back.body);
    assert!(back.cookie("__Host-refresh").is_none(), "the browser is not signed in");
    assert_eq!(parameter(back.location(), "state"), "a+b%26c%3Dd");
    assert_eq!(parameter(back.location(), "iss"), "http%3A%2F%2Flocalhost%3A3000");
    let code = parameter(back.location(), "code");
    assert_eq!(code.len(), 43, "256 bits");

    let entered = finish(&app, &code, VERIFIER).await;
    let access = access_of(&entered);
    assert_eq!(entered.header("cache-control"), "no-store");
    assert_eq!(entered.value()["token_type"], "Bearer");
    let line = entered.set_cookie("__Host-refresh").unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(line.contains(attribute), "{attribute} in {line}");
    }
    let me = app.bearer(Method::GET, "/api/v1/me", &access).await.value();
    assert_eq!((&me["email"], &me["name"]), (&json!(EMAIL), &json!("Alice")));

    let listed = connections(&app, &access).await;
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0]["provider"], &listed[0]["email"]), (&json!("acme"), &json!(EMAIL)));
    assert_eq!((&listed[0]["is_offered"], &listed[0]["may_disconnect"]), (&json!(true), &json!(false)));
    let path = format!("/api/v1/connections/{}", listed[0]["id"].as_str().unwrap());
    let last = app.bearer(Method::DELETE, &path, &access).await;
    assert_refused(&last, StatusCode::CONFLICT, "last_way_in");

    // Again: the same account.
    let again = access_of(&sign_in(&app, &provider, "acme").await);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &again).await.value()["email"], EMAIL);
    assert_eq!(connections(&app, &again).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_address_proves_itself_first_and_is_connected_then() {
    let (app, provider) = start_app().await;
    provider.set_person(verified(EMAIL));
    app.create_account(EMAIL).await;
    app.create_account("bob@example.com").await;
    let (_, before) = app.sign_in(EMAIL).await;
    // No clock can be advanced here: that sign-in was long ago.
    app.forget_proofs().await;
    let answer = sign_in(&app, &provider, "acme").await;
    assert!(answer.cookie("__Host-refresh").is_none(), "nobody is let in");
    assert_eq!(answer.header("cache-control"), "no-store");
    let members: Vec<_> = answer.value().as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["needs_proof"], "{}", answer.body);
    assert!(!answer.body.contains(EMAIL), "{}", answer.body);
    let ticket = answer.value()["needs_proof"]["ticket"].as_str().unwrap().to_owned();

    let nobody = app.json("/api/v1/connections", &json!({ "ticket": ticket })).await;
    assert_refused(&nobody, StatusCode::UNAUTHORIZED, "signed_out");
    let stale = connect(&app, &before, &ticket).await;
    assert_refused(&stale, StatusCode::FORBIDDEN, "reauthentication_required");
    let (_, bob) = app.sign_in("bob@example.com").await;
    assert_refused(&connect(&app, &bob, &ticket).await, StatusCode::GONE, "federation_expired");
    assert!(connections(&app, &bob).await.is_empty() && connections(&app, &before).await.is_empty());

    let (_, access) = app.sign_in(EMAIL).await;
    let program = app.personal_token(&access).await;
    assert_refused(&connect(&app, &program, &ticket).await, StatusCode::FORBIDDEN, "insufficient_scope");
    let done = connect(&app, &access, &ticket).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    assert_refused(&connect(&app, &access, &ticket).await, StatusCode::GONE, "federation_expired");

    let entered = access_of(&sign_in(&app, &provider, "acme").await);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &entered).await.value()["email"], EMAIL);
    let listed = connections(&app, &access).await;
    assert_eq!(listed[0]["may_disconnect"], true, "there is a password");
    let path = format!("/api/v1/connections/{}", listed[0]["id"].as_str().unwrap());
    assert_refused(&app.bearer(Method::DELETE, &path, &program).await, StatusCode::FORBIDDEN, "insufficient_scope");
    let others = app.bearer(Method::DELETE, &path, &bob).await;
    assert_refused(&others, StatusCode::NOT_FOUND, "not_found");
    app.forget_proofs().await;
    let stale = app.bearer(Method::DELETE, &path, &access).await;
    assert_refused(&stale, StatusCode::FORBIDDEN, "reauthentication_required");
    let proof = json!({ "current_password": PASSWORD }).to_string();
    let proved = app.bearer_body(Method::POST, "/api/v1/reauthenticate", &access, proof.into()).await;
    assert!(proved.status.is_success(), "{}", proved.body);
    assert_eq!(app.bearer(Method::DELETE, &path, &access).await.status, StatusCode::NO_CONTENT);
    assert!(connections(&app, &access).await.is_empty());
    ticket_for_proof(&app, &provider, "acme").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_factor_is_asked_for_after_a_provider() {
    let (app, provider) = start_app().await;
    provider.set_person(verified(EMAIL));
    let (mut holder, _) = app.create_holder(EMAIL).await;
    let ticket = ticket_for_proof(&app, &provider, "acme").await;
    let (_, access) = app.sign_in_fully(&mut holder, "").await;
    assert_eq!(connect(&app, &access, &ticket).await.status, StatusCode::NO_CONTENT);

    let half = sign_in(&app, &provider, "acme").await;
    assert!(half.cookie("__Host-refresh").is_none() && !half.body.contains("access_token"), "{}", half.body);
    assert_eq!(half.header("cache-control"), "no-store");
    assert_eq!(half.value()["second_factor"]["methods"], json!(["totp", "recovery_code"]));
    let whole = app.second_half(&ticket_of(&half), "recovery_code", &json!(holder.recovery_code())).await;
    access_of(&whole);
    assert!(whole.cookie("__Host-refresh").is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_proved_address_one_is_typed_and_proved() {
    let (app, provider) = start_app().await;
    provider.set_person(json!({"sub": "2", "email": EMAIL, "email_verified": false}));
    let answer = sign_in(&app, &provider, "acme").await;
    let members: Vec<_> = answer.value().as_object().unwrap().keys().cloned().collect();
    assert_eq!((answer.status, members), (StatusCode::OK, vec!["needs_address".to_owned()]), "{}", answer.body);
    assert!(answer.cookie("__Host-refresh").is_none());
    let ticket = answer.value()["needs_address"]["ticket"].clone();
    let body = json!({"ticket": ticket, "email": EMAIL, "name": "Alice"});
    let wrong = app.json("/api/v1/providers/sign-up", &json!({"ticket": ticket, "email": "alice", "name": ""})).await;
    assert_refused(&wrong, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
    let waiting = app.json("/api/v1/providers/sign-up", &body).await;
    assert_eq!(
        (waiting.status, waiting.header("cache-control")),
        (StatusCode::ACCEPTED, "no-store"),
        "{}",
        waiting.body
    );
    assert_refused(&app.json("/api/v1/providers/sign-up", &body).await, StatusCode::GONE, "federation_expired");

    let proof = json!({"ticket": waiting.value()["ticket"], "code": app.mail(EMAIL, "verify_email").await["code"]});
    let proved = app.json("/api/v1/verify-email", &proof).await;
    assert_eq!(proved.status, StatusCode::NO_CONTENT, "{}", proved.body);
    let access = access_of(&sign_in(&app, &provider, "acme").await);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &access).await.value()["email"], EMAIL);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typed_address_that_is_known_connects_nothing_and_is_answered_the_same() {
    let (app, provider) = start_app().await;
    app.create_account(EMAIL).await;
    provider.set_person(json!({"sub": "2"}));
    let ticket = sign_in(&app, &provider, "acme").await.value()["needs_address"]["ticket"].clone();
    let body = json!({"ticket": ticket, "email": EMAIL, "name": "Alice"});
    let waiting = app.json("/api/v1/providers/sign-up", &body).await;
    assert_eq!(waiting.status, StatusCode::ACCEPTED, "{}", waiting.body);
    assert_eq!(waiting.value()["ticket"].as_str().unwrap().len(), 43, "as for a new address");
    let (_, access) = app.sign_in(EMAIL).await;
    assert!(connections(&app, &access).await.is_empty());
    assert!(sign_in(&app, &provider, "acme").await.value()["needs_address"].is_object());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_for_one_use_of_its_own_verifier_and_for_a_minute() {
    let (app, provider) = start_app().await;
    provider.set_person(verified(EMAIL));
    for wrong in [&VERIFIER[1..], CHALLENGE, &"x".repeat(43), &"x".repeat(129), "\u{0}", "\u{202e}x"] {
        let code = code(&app, &provider, "acme").await;
        assert_refused(&finish(&app, &code, wrong).await, StatusCode::GONE, "federation_expired");
        let right = finish(&app, &code, VERIFIER).await;
        assert_refused(&right, StatusCode::GONE, "federation_expired");
    }
    // Without a verifier it is burnt as well.
    for mut body in [json!({}), json!({"code_verifier": ""})] {
        let code = code(&app, &provider, "acme").await;
        body["code"] = json!(code);
        let missing = app.json("/api/v1/providers/finish", &body).await;
        assert_refused(&missing, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
        let error = &missing.value()["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!("code_verifier"), &json!("required")));
        assert_refused(&finish(&app, &code, VERIFIER).await, StatusCode::GONE, "federation_expired");
    }
    let late = code(&app, &provider, "acme").await;
    app.execute("UPDATE federation_codes SET expires_at = 1").await;
    assert_refused(&finish(&app, &late, VERIFIER).await, StatusCode::GONE, "federation_expired");
    assert_refused(&finish(&app, &"A".repeat(43), VERIFIER).await, StatusCode::GONE, "federation_expired");

    let good = code(&app, &provider, "acme").await;
    access_of(&finish(&app, &good, VERIFIER).await);
    assert_refused(&finish(&app, &good, VERIFIER).await, StatusCode::GONE, "federation_expired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_is_sent_to_itself_and_nowhere_else() {
    let provider = Provider::start().await;
    let settings = format!("native_redirects = 'com.example.app:/signed-in'\n{}", provider.settings("acme"));
    let app = TestApp::start_with(&settings).await;
    provider.set_person(verified(EMAIL));
    let start = async |address: &str| {
        let mut body = beginning();
        body["redirect_uri"] = json!(address);
        app.json("/api/v1/providers/acme/start", &body).await
    };
    for (good, back) in [
        ("http://127.0.0.1:1/", "http://127.0.0.1:1/?code="),
        ("http://127.0.0.1/a/b?tab=1", "http://127.0.0.1/a/b?tab=1&code="),
        ("http://[::1]:65535/callback", "http://[::1]:65535/callback?code="),
        ("com.example.app:/signed-in", "com.example.app:/signed-in?code="),
    ] {
        let started = start(good).await;
        assert_eq!(started.status, StatusCode::OK, "{good}: {}", started.body);
        let callback = provider.agree(&app, started.value()["authorization_url"].as_str().unwrap());
        let answer = Browser::new(&app).let_app_in(&callback).await;
        assert!(answer.location().starts_with(back), "{good}: {}", answer.location());
    }
    for bad in [
        "/callback",
        "http://localhost:50123/callback",
        "https://127.0.0.1/callback",
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://user@127.0.0.1/",
        "http://127.0.0.1/#x",
        "http://127.0.0.1:65536/",
        "http://127.0.0.1\\@evil.example/",
        "http://127.0.0.1/\r\nSet-Cookie: a=b",
        "http://0x7f000001/",
        "https://evil.example/",
        "http://localhost:3000/dashboard",
        "com.example.app:/signed-in/",
        "com.example.app:/signed-in?x=1",
        "com.example.APP:/signed-in",
        "javascript:alert(1)",
        "data:text/html,x",
    ] {
        let refused = start(bad).await;
        assert_refused(&refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
        let error = &refused.value()["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!("redirect_uri"), &json!("unknown")), "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_beginning_that_proves_nothing_is_refused() {
    let (app, _provider) = start_app().await;
    for (field, value, code) in [
        ("code_challenge_method", "plain", "unknown"),
        ("code_challenge_method", "", "required"),
        ("code_challenge", VERIFIER.trim_end_matches('k'), "too_short"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", "too_long"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", "invalid_character"),
        ("state", "a\r\nb", "invalid_character"),
        ("redirect_uri", "", "required"),
    ] {
        let mut body = beginning();
        body[field] = json!(value);
        let refused = app.json("/api/v1/providers/acme/start", &body).await;
        assert_refused(&refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
        let error = &refused.value()["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(code)), "{value:?}");
    }
    for unknown in ["other", "Acme", "acme%00", "%ff", "..%2facme", &"a".repeat(33)] {
        let refused = app.json(&format!("/api/v1/providers/{unknown}/start"), &beginning()).await;
        assert_refused(&refused, StatusCode::NOT_FOUND, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_at_one_provider_does_not_end_at_another() {
    let provider = Provider::start().await;
    let app = TestApp::start_with(&format!("{}{}", provider.settings("acme"), provider.settings("other"))).await;
    provider.set_person(verified(EMAIL));
    let callback = provider.agree(&app, &begin(&app, "acme").await);
    let mixed_up = app.get(&callback.replace("/with/acme/", "/with/other/"), "").await;
    let refused = "/sign-in/with/other/refused?code=federation_expired";
    assert_eq!((mixed_up.status, mixed_up.location()), (StatusCode::SEE_OTHER, refused));
    // Nothing was used up by that.
    let right = Browser::new(&app).let_app_in(&callback).await;
    assert!(right.location().starts_with(&format!("{APP}?code=")), "{}", right.location());
    let again = app.get(&callback, "").await;
    assert_eq!(again.location(), "/sign-in/with/acme/refused?code=federation_expired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_hears_that_its_person_said_no() {
    let (app, _provider) = start_app().await;
    for (said, heard) in [
        ("access_denied", "access_denied"),
        ("temporarily_unavailable", "temporarily_unavailable"),
        ("%3Cscript%3Ealert(1)%3C%2Fscript%3E", "access_denied"),
    ] {
        let state = parameter(&begin(&app, "acme").await, "state");
        let answer = app.get(&format!("/sign-in/with/acme/callback?error={said}&state={state}"), "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert!(answer.location().starts_with(&format!("{APP}?error={heard}&state=")), "{}", answer.location());
        assert!(!answer.location().contains("script"), "{}", answer.location());
        assert_eq!(parameter(answer.location(), "state"), "a+b%26c%3Dd");
    }
}
