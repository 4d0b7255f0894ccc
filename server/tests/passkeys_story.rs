//! Passkeys over REST: added, listed, named, used, removed; and what a browser that has an old one is told.

use crate::support::authenticator::Authenticator;
use crate::support::{Answer, TestApp};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";

fn device() -> Authenticator {
    Authenticator::at("http://localhost:3000", "localhost")
}

async fn call(app: &TestApp, method: Method, path: &str, token: &str, body: &Value) -> Answer {
    app.bearer_body(method, &format!("/api/v1/{path}"), token, body.to_string().into()).await
}

/// A question and its ticket.
async fn ask(app: &TestApp, path: &str, token: &str, body: &Value) -> (Value, Value) {
    let answer = if token.is_empty() {
        app.json(&format!("/api/v1/{path}"), body).await
    } else {
        call(app, Method::POST, path, token, body).await
    };
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    (answer.value()["ceremony"].clone(), answer.value()["options"].clone())
}

async fn add(app: &TestApp, token: &str, device: &mut Authenticator) -> Answer {
    let (ceremony, options) = ask(app, "passkeys/options", token, &json!({})).await;
    let body = json!({"ceremony": ceremony, "credential": device.make(&options), "name": "My phone"});
    call(app, Method::POST, "passkeys", token, &body).await
}

async fn sign_in(app: &TestApp, device: &mut Authenticator) -> Answer {
    let (ceremony, options) = ask(app, "sign-in/passkey/options", "", &json!({})).await;
    let body = json!({"ceremony": ceremony, "credential": device.prove(&options)});
    app.json("/api/v1/sign-in/passkey", &body).await
}

fn token_of(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.value()["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_from_its_making_to_its_end() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    let mut phone = device();
    let added = add(&app, &token, &mut phone).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    let passkey = added.value()["passkey"].clone();
    assert_eq!((&passkey["name"], &passkey["is_synced"]), (&json!("My phone"), &json!(true)));
    assert_eq!(added.value()["recovery_codes"].as_array().unwrap().len(), 10);

    let entered = sign_in(&app, &mut phone).await;
    assert!(entered.cookie("__Host-refresh").is_some());
    let token = token_of(&entered);
    let list = app.bearer(Method::GET, "/api/v1/passkeys", &token).await.value();
    assert_eq!(
        (&list["rp_id"], &list["passkeys"][0]["credential_id"]),
        (&json!("localhost"), &passkey["credential_id"])
    );
    assert_eq!(list["user_id"].as_str().unwrap().len(), 22, "sixteen bytes in base64url");
    let path = format!("passkeys/{}", passkey["id"].as_str().unwrap());
    let renamed = call(&app, Method::PATCH, &path, &token, &json!({"name": "Old phone"})).await;
    assert_eq!(renamed.status, StatusCode::NO_CONTENT, "{}", renamed.body);
    let list = app.bearer(Method::GET, "/api/v1/passkeys", &token).await.value();
    assert_eq!(list["passkeys"][0]["name"], "Old phone");

    let removed = app.bearer(Method::DELETE, &format!("/api/v1/{path}"), &token).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.body);
    let refused = sign_in(&app, &mut phone).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "passkey_refused"));
    let unknown = json!({"rp_id": "localhost", "credential_id": passkey["credential_id"]});
    assert_eq!(refused.value()["unknown_credential"], unknown);
    assert_eq!(refused.header("content-type"), "application/problem+json");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_up_with_a_passkey_waits_for_its_address() {
    let app = TestApp::start().await;
    let person = json!({"email": EMAIL, "name": "Alice"});
    let mut phone = device();
    let (ceremony, options) = ask(&app, "sign-up/passkey/options", "", &person).await;
    let mut body = person.clone();
    body["ceremony"] = ceremony;
    body["credential"] = phone.make(&options);
    let answer = app.json("/api/v1/sign-up/passkey", &body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let ticket = answer.value()["ticket"].clone();
    let code = app.mail(EMAIL, "verify_email").await["code"].clone();
    // The code alone does not say whose passkey it is: somebody else may have signed up for this address.
    let typed = app.json("/api/v1/verify-email", &json!({"email": EMAIL, "code": code})).await;
    assert_eq!((typed.status, typed.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "wrong_code"));
    let both = app.json("/api/v1/verify-email", &json!({"email": EMAIL, "ticket": ticket, "code": code})).await;
    assert_eq!(both.status, StatusCode::BAD_REQUEST);
    let proved = app.json("/api/v1/verify-email", &json!({"ticket": ticket, "code": code})).await;
    assert_eq!(proved.status, StatusCode::NO_CONTENT, "{}", proved.body);
    let token = token_of(&sign_in(&app, &mut phone).await);
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await.value();
    assert_eq!((&me["email"], &me["has_password"]), (&json!(EMAIL), &json!(false)));
    let list = app.bearer(Method::GET, "/api/v1/passkeys", &token).await.value();
    let last = format!("/api/v1/passkeys/{}", list["passkeys"][0]["id"].as_str().unwrap());
    let refused = app.bearer(Method::DELETE, &last, &token).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "last_factor"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_wrong_is_said_in_one_way_and_never_as_a_fault_of_ours() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    let mut phone = device();
    add(&app, &token, &mut phone).await;
    let changes: [fn(&mut crate::support::authenticator::Using); 6] = [
        |using| using.client["origin"] = json!("https://evil-example.com"),
        |using| using.client["type"] = json!("webauthn.create"),
        |using| using.flags &= !crate::support::authenticator::VERIFIED,
        |using| using.rp_id = "evil-example.com".into(),
        |using| using.user_handle = None,
        |using| using.forge = |_| vec![0x30, 0x00],
    ];
    let mut bodies = Vec::new();
    for change in changes {
        let (ceremony, options) = ask(&app, "sign-in/passkey/options", "", &json!({})).await;
        let mut using = phone.using(&options);
        change(&mut using);
        let body = json!({"ceremony": ceremony, "credential": phone.say(&using)});
        let refused = app.json("/api/v1/sign-in/passkey", &body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(refused.cookie("__Host-refresh").is_none());
        bodies.push(refused.body);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0] && body.contains("passkey_refused")), "{bodies:?}");
    // A question is used up by its first answer, whatever that is.
    let (ceremony, options) = ask(&app, "sign-in/passkey/options", "", &json!({})).await;
    for credential in [json!([]), phone.prove(&options)] {
        let body = json!({"ceremony": ceremony, "credential": credential});
        let refused = app.json("/api/v1/sign-in/passkey", &body).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "passkey_refused"), "{}", refused.body);
    }
    let huge = json!({"ceremony": "x", "credential": {"rawId": "A".repeat(1_000_000)}});
    assert_eq!(app.json("/api/v1/sign-in/passkey", &huge).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stale_proof_is_asked_for_again_before_a_passkey_comes_or_goes() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    let added = add(&app, &token, &mut device()).await;
    let path = format!("passkeys/{}", added.value()["passkey"]["id"].as_str().unwrap());
    app.forget_proofs().await;
    for (method, path) in [(Method::POST, "passkeys/options"), (Method::DELETE, path.as_str())] {
        let refused = call(&app, method, path, &token, &json!({})).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "reauthentication_required"));
    }
}
