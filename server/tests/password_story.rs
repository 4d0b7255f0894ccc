//! A forgotten password and a changed one: over REST, and the forms of the pages.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";
const SECOND: &str = "trombone lamp yes please";
const THIRD: &str = "seven violet umbrellas";

async fn sign_in(app: &TestApp, password: &str) -> Answer {
    app.json("/api/v1/sign-in", &json!({"email": EMAIL, "password": password})).await
}

fn access_token(answer: &Answer) -> String {
    answer.value()["access_token"].as_str().unwrap().to_owned()
}

/// The access token that follows a change, which ends those of before.
async fn refreshed(app: &TestApp, cookie: &str) -> String {
    let request = Request::post("/api/v1/refresh").header("cookie", cookie).header("sec-fetch-site", "same-origin");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    access_token(&answer)
}

async fn change(app: &TestApp, token: &str, body: &Value) -> Answer {
    let request = Request::post("/api/v1/change-password")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"));
    app.send(request.body(body.to_string().into()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_password_is_replaced_by_a_program() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, old_access) = app.sign_in(EMAIL).await;
    let asked = app.json("/api/v1/forgot-password", &json!({"email": EMAIL})).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let mail = app.mail(EMAIL, "password_reset").await;
    let code = mail["code"].clone();

    let path = "/api/v1/reset-password";
    let weak = app.json(path, &json!({"email": EMAIL, "code": code, "new_password": "password1234"})).await;
    assert_eq!((weak.status, weak.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields"));
    assert_eq!(weak.value()["errors"][0]["field"], "new_password");
    let stranger = json!({"email": "bob@example.com", "code": code, "new_password": SECOND});
    let wrong = app.json(path, &stranger).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "wrong_code"));
    let both = app.json(path, &json!({"token": "x", "email": EMAIL, "code": code, "new_password": SECOND})).await;
    assert_eq!((both.status, both.code().as_str()), (StatusCode::BAD_REQUEST, "malformed_request"));

    let done = app.json(path, &json!({"email": EMAIL, "code": code, "new_password": SECOND})).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    assert!(done.set_cookie("__Host-refresh").is_none(), "a reset signs nobody in");
    assert_eq!(sign_in(&app, PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &old_access).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&app, SECOND).await.status, StatusCode::OK);
    app.mail(EMAIL, "password_changed").await;

    let link = mail["link"].as_str().unwrap();
    let token = link.strip_prefix("http://localhost:3000/reset-password?token=").unwrap();
    let late = app.json(path, &json!({"token": token, "new_password": THIRD})).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::GONE, "reset_expired"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn known_and_unknown_addresses_get_the_same_answer() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let known = app.json("/api/v1/forgot-password", &json!({"email": EMAIL})).await;
    let unknown = app.json("/api/v1/forgot-password", &json!({"email": "nobody@example.com"})).await;
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    let names = |answer: &Answer| {
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&known), names(&unknown));
    assert_eq!(app.mail("nobody@example.com", "no_account").await["code"], json!(null));
}

/// Sends a form with one of the passwords above.
async fn post(app: &TestApp, path: &str, fields: &str, new_password: &str, cookie: &str) -> Answer {
    let body = format!("{fields}&new_password={}", new_password.replace(' ', "+"));
    app.form(path, &body, cookie).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_password_is_replaced_behind_the_link() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (session, _) = app.sign_in(EMAIL).await;
    let asked = app.form("/rpc/forgot_password", "email=alice%40example.com", "").await;
    assert_eq!(asked.location(), "/reset-password");
    let line = asked.set_cookie("__Host-reset").unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600"] {
        assert!(line.contains(attribute), "{attribute} in {line}");
    }
    let mail = app.mail(EMAIL, "password_reset").await;
    let page = mail["link"].as_str().unwrap().strip_prefix("http://localhost:3000").unwrap();
    let token = page.strip_prefix("/reset-password?").unwrap();
    for opened in ["once", "twice"] {
        let answer = app.get(page, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{opened}");
        assert!(answer.body.contains(EMAIL), "{}", answer.body);
    }

    let refused = post(&app, "/rpc/reset_by_link", token, "password1234", &session).await;
    assert!(refused.set_cookie("__Host-refresh").is_none(), "nothing happened yet");
    let done = post(&app, "/rpc/reset_by_link", token, SECOND, &session).await;
    assert_eq!(done.location(), "/sign-in?note=password_reset");
    for name in ["__Host-reset", "__Host-refresh"] {
        assert!(done.set_cookie(name).unwrap().contains("Max-Age=0"), "{name}");
    }
    assert_eq!(app.get("/dashboard", &session).await.status, StatusCode::SEE_OTHER);
    assert_eq!(sign_in(&app, PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&app, SECOND).await.status, StatusCode::OK);
    let late = app.get(page, "").await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.body.contains("/forgot-password"), "{}", late.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_is_done_although_another_session_cannot_be_ended() {
    const OTHER: &str = "bob@example.com";
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    app.create_account(OTHER).await;
    let (session, _) = app.sign_in(OTHER).await;
    app.form("/rpc/forgot_password", "email=alice%40example.com", "").await;
    let mail = app.mail(EMAIL, "password_reset").await;
    let (_, token) = mail["link"].as_str().unwrap().split_once("token=").unwrap();
    app.execute(
        "CREATE TRIGGER nobody_signs_out BEFORE UPDATE ON sessions WHEN NEW.end_reason = 'signed_out' \
         BEGIN SELECT RAISE(ABORT, 'not now'); END",
    )
    .await;
    let done = post(&app, "/rpc/reset_by_link", &format!("token={token}"), SECOND, &session).await;
    assert_eq!(done.location(), "/sign-in?note=password_reset");
    assert!(done.set_cookie("__Host-refresh").unwrap().contains("Max-Age=0"));
    assert_eq!(sign_in(&app, SECOND).await.status, StatusCode::OK);
    assert_eq!(app.get("/dashboard", &session).await.status, StatusCode::OK, "its session could not be ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_limit_of_mails_the_mailed_code_works_in_the_browser_that_asked() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let mut ticket = String::new();
    let mut sent = Vec::new();
    for _ in 0..3 {
        let asked = app.form("/rpc/forgot_password", "email=alice%40example.com", &ticket).await;
        app.deliver().await;
        sent.push((asked.location().to_owned(), asked.set_cookie("__Host-reset").is_some()));
        ticket = asked.cookie("__Host-reset").unwrap_or(ticket);
    }
    let (first, again) = ("/reset-password", "/reset-password?note=sent");
    assert_eq!(sent, [(first.to_owned(), true), (again.to_owned(), true), (again.to_owned(), false)]);
    let page = app.get(again, &ticket).await;
    let words = auth::text::text(auth::Locale::En, "page.reset_password.sent_again");
    assert!(page.body.contains(&words), "{}", page.body);
    let code = app.mail(EMAIL, "password_reset").await["code"].as_str().unwrap().to_owned();
    let done = post(&app, "/rpc/reset_by_code", &format!("code={code}"), SECOND, &ticket).await;
    assert_eq!(done.location(), "/sign-in?note=password_reset");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_says_the_same_of_a_mail_that_is_not_sent_any_more() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let mut pages = Vec::new();
    for email in [EMAIL, "nobody@example.com"] {
        let mut ticket = String::new();
        for _ in 0..4 {
            let body = format!("email={}", email.replace('@', "%40"));
            let asked = app.form("/rpc/forgot_password", &body, &ticket).await;
            ticket = asked.cookie("__Host-reset").unwrap_or(ticket);
            let page = app.get(asked.location(), &ticket).await;
            let words = page.body.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
            pages.push((asked.location().to_owned(), words.replace(email, "")));
        }
    }
    let (known, unknown) = pages.split_at(4);
    assert_eq!(known, unknown);
    assert_eq!(known[1], known[3], "a mail that is sent and one that is not look the same");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typed_code_stays_with_a_password_that_is_refused() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let asked = app.form("/rpc/forgot_password", "email=alice%40example.com", "").await;
    let ticket = asked.cookie("__Host-reset").unwrap();
    let waiting = app.get("/reset-password", &ticket).await;
    assert!(waiting.body.contains(EMAIL) && waiting.body.contains("one-time-code"), "{}", waiting.body);
    let mail = app.mail(EMAIL, "password_reset").await;
    let code = mail["code"].as_str().unwrap();
    let fields = format!("code={code}");

    let refused = post(&app, "/rpc/reset_by_code", &fields, "password1234", &ticket).await;
    assert!(!refused.location().contains(code), "nothing secret in the address: {}", refused.location());
    let kept = refused.cookie("__Host-code").unwrap();
    assert!(!kept.contains(code), "it waits sealed: {kept}");
    let back = refused.location().replace("/sign-in", "/reset-password");
    let page = app.get(&back, &format!("{ticket}; {kept}")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains(&format!("value=\"{code}\"")), "{}", page.body);

    let done = post(&app, "/rpc/reset_by_code", &fields, SECOND, &format!("{ticket}; {kept}")).await;
    assert_eq!(done.location(), "/sign-in?note=password_reset");
    assert!(done.set_cookie("__Host-code").unwrap().contains("Max-Age=0"));
    assert_eq!(app.get("/reset-password", &ticket).await.status, StatusCode::OK);
    assert_eq!(sign_in(&app, SECOND).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_and_an_unknown_address_lead_to_the_same_page() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let mut pages = Vec::new();
    for email in [EMAIL, "nobody@example.com"] {
        let asked = app.form("/rpc/forgot_password", &format!("email={}", email.replace('@', "%40")), "").await;
        let page = app.get(asked.location(), &asked.cookie("__Host-reset").unwrap()).await;
        let words = page.body.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        pages.push((asked.status, page.status, words.replace(email, "")));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_is_changed_by_whoever_knows_it() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, own) = app.sign_in(EMAIL).await;
    let (_, other) = app.sign_in(EMAIL).await;
    let wrong = change(&app, &own, &json!({"current_password": "not the current", "new_password": SECOND})).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields"));
    let error = wrong.value()["errors"][0].clone();
    assert_eq!((&error["field"], &error["code"]), (&json!("current_password"), &json!("password_wrong")));

    let done = change(&app, &own, &json!({"current_password": PASSWORD, "new_password": SECOND})).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    for over in [&own, &other] {
        let answer = app.bearer(Method::GET, "/api/v1/me", over).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "invalid_token"));
    }
    let own = refreshed(&app, &cookie).await;
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &own).await.status, StatusCode::OK);

    let staying = sign_in(&app, SECOND).await;
    let body = json!({"current_password": SECOND, "new_password": THIRD, "end_other_sessions": false});
    assert_eq!(change(&app, &own, &body).await.status, StatusCode::NO_CONTENT);
    let staying = refreshed(&app, &staying.cookie("__Host-refresh").unwrap()).await;
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &staying).await.status, StatusCode::OK);
    assert_eq!(sign_in(&app, THIRD).await.status, StatusCode::OK);
}
