//! "What just happened?" on the real router: who sees it, that it is what happened, and that nothing
//! secret is in it. And the page that decodes a token without sending it.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::http::StatusCode;
use serde_json::json;

const EMAIL: &str = "alice@example.com";
const PAGE: &str = "/what-just-happened";
/// Production, on this machine.
const PRODUCTION: &str = "mode = 'production'\npublic_url = 'https://id.example.com'\n\
    master_key = 'bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISE='\n\
    smtp_url = 'smtp://localhost:1?tls=required'\nmail_from = 'Keywright <id@example.com>'";

/// Signs in by the form; gives the answer and the refresh cookie.
async fn sign_in_by_form(app: &TestApp, cookie: &str) -> (Answer, String) {
    let body = format!("email={}&password={}&next=", EMAIL.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let answer = app.form("/rpc/sign_in", &body, cookie).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let cookie = answer.cookie("__Host-refresh").unwrap();
    (answer, cookie)
}

/// Production, with an account. Its mails go nowhere, so the code is read where they would be kept.
async fn production() -> TestApp {
    let app = TestApp::start_toml(PRODUCTION).await;
    let form = json!({"email": EMAIL, "password": PASSWORD, "name": "Sam"});
    let answer = app.json("/api/v1/sign-up", &form).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    app.deliver().await;
    let mails = app.application.auth.store().dev_mails(Some(EMAIL), 10).await.unwrap();
    let code = mails.into_iter().find_map(|mail| mail.code).unwrap();
    let answer = app.json("/api/v1/verify-email", &json!({"email": EMAIL, "code": code})).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    app
}

fn assert_nothing_secret(page: &Answer, cookie: &str) {
    let token = cookie.split_once('=').unwrap().1;
    // The last two are how a token begins, whichever name stands first in its header.
    for secret in [PASSWORD, &PASSWORD.replace(' ', "+"), token, "eyJ0eXAi", "eyJhbGci"] {
        assert!(!page.body.contains(secret), "{secret} in {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_development_the_form_is_shown_as_it_was_sent_and_answered() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, cookie) = sign_in_by_form(&app, "").await;
    let dashboard = app.get("/dashboard", &cookie).await;
    assert!(dashboard.body.contains(&format!("href=\"{PAGE}\"")), "{}", dashboard.body);

    let page = app.get(PAGE, &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    for shown in [
        "POST /rpc/sign_in HTTP/1.1",
        "Sec-Fetch-Site: same-origin",
        "Content-Type: application/x-www-form-urlencoded",
        "email=alice%40example.com&amp;password=••••••••&amp;next=",
        "HTTP/1.1 303 See Other",
        "Location: /dashboard",
        "Cache-Control: no-store",
        "Argon2id m=32,t=1,p=1",
        "<svg class=\"sequence\"",
        "at+jwt",
        "/.well-known/jwks.json",
        "RFC 7519, 4.1.4",
        "__Host-refresh=",
    ] {
        assert!(page.body.contains(shown), "{shown} in {}", page.body);
    }
    for key in [
        "page.what_just_happened.step_origin_fetch_metadata",
        "page.what_just_happened.step_committed",
        "page.what_just_happened.token_text",
        "page.what_just_happened.cookie_same_site_stops",
        "token.payload_sid",
        "token.header_kid",
    ] {
        assert!(page.says(key), "{key}: {}", page.body);
    }
    assert!(!page.says("page.what_just_happened.switch_title"), "nothing to switch");
    assert!(!page.says("page.token_decoder.unknown"), "every name of our own token is explained: {}", page.body);
    assert_nothing_secret(&page, &cookie);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_of_a_program_is_shown_with_its_answer() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, token) = app.sign_in(EMAIL).await;
    let page = app.get(PAGE, &cookie).await;
    for shown in ["POST /api/v1/sign-in HTTP/1.1", "HTTP/1.1 200 OK", "token_type", "Bearer"] {
        assert!(page.body.contains(shown), "{shown} in {}", page.body);
    }
    assert!(page.says("page.what_just_happened.step_origin_no_cookie"), "{}", page.body);
    assert_nothing_secret(&page, &cookie);
    for part in token.split('.') {
        assert!(!page.body.contains(part), "{part} in {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_session_before_is_ended_and_each_session_shows_its_own_sign_in() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, first) = sign_in_by_form(&app, "").await;
    let (other, _) = app.sign_in(EMAIL).await;
    let (_, second) = sign_in_by_form(&app, &first).await;
    let ended = "page.what_just_happened.step_previous_session_ended";
    assert!(app.get(PAGE, &second).await.says(ended));
    assert_eq!(app.get(PAGE, &first).await.status, StatusCode::SEE_OTHER, "its session is over");
    let page = app.get(PAGE, &other).await;
    assert!(page.body.contains("POST /api/v1/sign-in") && !page.says(ended), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailed_link_to_go_on_to_is_shown_without_its_token() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let next = "%2Faccount%2Femail%3Ftoken%3Dtopsecret";
    let body = format!("email=alice%40example.com&password={}&next={next}", PASSWORD.replace(' ', "+"));
    let answer = app.form("/rpc/sign_in", &body, "").await;
    assert_eq!(answer.location(), "/account/email?token=topsecret");
    let page = app.get(PAGE, &answer.cookie("__Host-refresh").unwrap()).await;
    assert!(page.body.contains("Location: /account/email") && !page.body.contains("topsecret"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_production_there_is_no_such_page_for_a_person() {
    let app = production().await;
    let (_, cookie) = sign_in_by_form(&app, "").await;
    let page = app.get(PAGE, &cookie).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.says("error.not_found") && !page.body.contains("sign_in HTTP"), "{}", page.body);
    assert!(!app.get("/dashboard", &cookie).await.body.contains(PAGE), "no link leads there");
    for on in ["true", "false"] {
        let posted = app.form_of(PAGE, "/rpc/explain_sign_ins", &format!("on={on}"), &cookie).await;
        assert_eq!(posted.status, StatusCode::SEE_OTHER);
        assert_eq!(app.get(posted.location(), &cookie).await.status, StatusCode::NOT_FOUND);
    }
    let (_, again) = sign_in_by_form(&app, "").await;
    assert_eq!(app.get(PAGE, &again).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_production_an_administrator_finds_the_switch_first_and_then_the_exchange() {
    let app = production().await;
    app.execute("UPDATE users SET role = 'platform_admin'").await;
    let (_, cookie) = sign_in_by_form(&app, "").await;
    assert!(app.get("/dashboard", &cookie).await.body.contains(PAGE));
    let page = app.get(PAGE, &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("page.what_just_happened.switch_on"), "{}", page.body);
    for nothing in ["page.what_just_happened.exchange", "page.what_just_happened.token"] {
        assert!(!page.says(nothing), "only the switch: {}", page.body);
    }

    let posted = app.form_of(PAGE, "/rpc/explain_sign_ins", "on=true", &cookie).await;
    assert_eq!((posted.status, posted.location()), (StatusCode::SEE_OTHER, PAGE));
    let page = app.get(PAGE, &cookie).await;
    assert!(page.says("page.what_just_happened.gone"), "nobody listened to that sign-in: {}", page.body);
    assert!(page.says("page.what_just_happened.token_text_anew"), "{}", page.body);

    let (_, cookie) = sign_in_by_form(&app, "").await;
    let page = app.get(PAGE, &cookie).await;
    assert!(page.body.contains("POST /rpc/sign_in HTTP/1.1"), "{}", page.body);
    assert!(page.body.contains("Argon2id m=19456,t=2,p=1"), "{}", page.body);
    assert_nothing_secret(&page, &cookie);

    let posted = app.form_of(PAGE, "/rpc/explain_sign_ins", "on=false", &cookie).await;
    assert_eq!(posted.location(), PAGE);
    assert!(app.get(PAGE, &cookie).await.says("page.what_just_happened.switch_on"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_decoded_without_a_form_and_the_words_for_it_come_with_its_page_alone() {
    let app = TestApp::start().await;
    let page = app.get("/token-decoder", "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("page.token_decoder.no_script") && page.body.contains("without-script"), "{}", page.body);
    let (_, field) = page.body.split_once("<textarea").expect("a field");
    let field = field.split('>').next().unwrap();
    assert!(!field.contains("name="), "a field without a name is sent by no form: {field}");
    let main = page.body.split_once("<main").unwrap().1.split_once("</main>").unwrap().0;
    assert!(!main.contains("<form"), "{main}");
    assert!(page.body.contains("token.finding_alg_none") && page.body.contains("token.payload_sub"));
    assert!(!app.get("/sign-in", "").await.body.contains("token.payload_sub"), "no page pays for another");
}
