//! Codes by mail and SMS over HTTP: by a program, and by forms without a script.

use crate::bad_input::encoded;
use crate::support::{Answer, PASSWORD, TestApp};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";
const PHONE: &str = "+447700900123";
const PAGE: &str = "/account/codes";

async fn signed_in(more: &str) -> (TestApp, String, String) {
    let app = TestApp::start_with(more).await;
    app.create_account(EMAIL).await;
    let (cookie, token) = app.sign_in(EMAIL).await;
    (app, cookie, token)
}

async fn call(app: &TestApp, method: Method, path: &str, token: &str, body: &Value) -> Answer {
    app.bearer_body(method, &format!("/api/v1/factors/{path}"), token, body.to_string().into()).await
}

async fn code_to(app: &TestApp, to: &str, kind: &str) -> String {
    app.mail(to, kind).await["code"].as_str().unwrap().to_owned()
}

fn wrong(code: &str) -> &'static str {
    if code == "00000000" { "00000001" } else { "00000000" }
}

fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{}", answer.body);
}

/// Signs in with a code that is sent.
async fn sign_in_with(app: &TestApp, method: &str, to: &str, kind: &str) {
    let first = app.json("/api/v1/sign-in", &json!({"email": EMAIL, "password": PASSWORD})).await;
    assert!(first.cookie("__Host-refresh").is_none(), "{}", first.body);
    let pending = first.value()["second_factor"].clone();
    assert_eq!(pending["methods"], json!([method, "recovery_code"]));
    let ticket = &pending["ticket"];
    let before = app.mail(to, kind).await["code"].clone();
    let sent = app.json("/api/v1/second-factor/send", &json!({"ticket": ticket, "method": method})).await;
    assert!(sent.status.is_success(), "{}", sent.body);
    app.deliver().await;
    let code = code_to(app, to, kind).await;
    let body = |code: &str| json!({"ticket": ticket, "method": method, "code": code});
    assert_refused(&app.json("/api/v1/second-factor", &body(wrong(&code))).await, 422, "wrong_code");
    if before != code.as_str() {
        let of_enrolment = before.as_str().unwrap();
        assert_refused(&app.json("/api/v1/second-factor", &body(of_enrolment)).await, 422, "wrong_code");
    }
    let again = app.json("/api/v1/second-factor/send", &json!({"ticket": ticket, "method": method})).await;
    assert_refused(&again, 429, "too_soon");
    assert!(!again.header("retry-after").is_empty());
    let done = app.json("/api/v1/second-factor", &body(&code)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert!(done.value()["access_token"].is_string() && done.cookie("__Host-refresh").is_some());
    assert!(app.json("/api/v1/second-factor", &body(&code)).await.status.is_client_error(), "it works once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_adds_a_phone_number_and_signs_in_with_it() {
    let (app, _, token) = signed_in("").await;
    for bad in ["07700900123", "00447700900123", "+44", "+9791234567", "", "+44 7700 900123 x"] {
        let refused = call(&app, Method::POST, "phone", &token, &json!({"phone_number": bad})).await;
        assert_refused(&refused, 422, "invalid_fields");
        assert_eq!(refused.value()["errors"][0]["field"], "phone_number", "{bad}");
    }
    app.forget_proofs().await;
    let asked = call(&app, Method::POST, "phone", &token, &json!({"phone_number": PHONE})).await;
    assert_refused(&asked, 403, "reauthentication_required");
    let (_, token) = app.sign_in(EMAIL).await;
    let asked = call(&app, Method::POST, "phone", &token, &json!({"phone_number": "+44 7700 900-123"})).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let sms = app.mail(PHONE, "sms").await;
    let code = sms["code"].as_str().unwrap();
    assert_eq!(sms["text"], format!("Your Keywright code is {code}.\n\n@localhost #{code}"));
    assert_eq!((&sms["html"], &sms["link"]), (&json!(""), &Value::Null));

    let refused = call(&app, Method::POST, "phone/confirm", &token, &json!({"code": wrong(code)})).await;
    assert_refused(&refused, 422, "wrong_code");
    let refused = call(&app, Method::POST, "phone/confirm", &token, &json!({"code": "1234567"})).await;
    assert_refused(&refused, 422, "invalid_fields");
    let done = call(&app, Method::POST, "phone/confirm", &token, &json!({"code": code})).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_eq!(done.value()["recovery_codes"].as_array().unwrap().len(), 10);
    sign_in_with(&app, "sms_code", PHONE, "sms").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_switches_codes_by_mail_on_and_off() {
    let (app, _, token) = signed_in("").await;
    let asked = call(&app, Method::POST, "email-code", &token, &json!({})).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let code = code_to(&app, EMAIL, "second_factor_code").await;
    let done = call(&app, Method::POST, "email-code/confirm", &token, &json!({"code": code})).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    sign_in_with(&app, "email_code", EMAIL, "second_factor_code").await;
    let off = call(&app, Method::DELETE, "email-code", &token, &json!({})).await;
    assert_eq!(off.status, StatusCode::NO_CONTENT, "{}", off.body);
    assert_refused(&call(&app, Method::DELETE, "email-code", &token, &json!({})).await, 409, "factor_unavailable");
    assert_refused(&call(&app, Method::DELETE, "phone", &token, &json!({})).await, 409, "factor_unavailable");
    app.sign_in(EMAIL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_lead_from_the_number_to_the_code_to_the_recovery_codes() {
    let (app, cookie, _) = signed_in("").await;
    let page = app.get(PAGE, &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    for said in ["page.codes.email_limit", "page.codes.phone_limit", "page.codes.email_good", "page.codes.phone_good"] {
        assert!(page.says(said), "{said}: {}", page.body);
    }
    let refused = app.form_of(PAGE, "/rpc/request_phone", "phone_number=07700+900123", &cookie).await;
    assert!(!refused.location().contains("07700"), "nothing personal in the address: {}", refused.location());
    let with_typed = format!("{cookie}; {}", refused.cookie("__Host-typed").unwrap());
    let back = app.get(refused.location(), &with_typed).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.says("issue.invalid_phone_number") && back.body.contains("value=\"07700 900123\""), "{}", back.body);

    let body = format!("phone_number={}", encoded(PHONE));
    let asked = app.form_of(PAGE, "/rpc/request_phone", &body, &cookie).await;
    assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, "/account/codes?note=phone_sent"));
    let waiting = app.get(asked.location(), &cookie).await;
    assert!(waiting.says("page.codes.phone_sent") && waiting.body.contains("+44 •••• ••23"), "{}", waiting.body);
    assert!(!waiting.body.contains(PHONE), "the number is masked: {}", waiting.body);
    assert!(waiting.body.contains("autocomplete=\"one-time-code\""), "{}", waiting.body);

    let soon = app.form_of(PAGE, "/rpc/resend_phone_code", "", &cookie).await;
    assert_eq!(app.get(soon.location(), &cookie).await.status, StatusCode::TOO_MANY_REQUESTS);
    let code = code_to(&app, PHONE, "sms").await;
    let refused = app.form_of(PAGE, "/rpc/confirm_phone", &format!("code={}", wrong(&code)), &cookie).await;
    let back = app.get(refused.location(), &cookie).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.says("error.wrong_code"), "{}", back.body);
    let done = app.form_of(PAGE, "/rpc/confirm_phone", &format!("code={code}"), &cookie).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/account/recovery-codes"));
    let page = app.get(PAGE, &cookie).await;
    assert!(page.says("page.codes.phone_off_action") && page.body.contains("+44 •••• ••23"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_switch_codes_by_mail_on_and_off_and_call_a_number_off() {
    let (app, cookie, _) = signed_in("").await;
    let body = format!("phone_number={}", encoded(PHONE));
    app.form_of(PAGE, "/rpc/request_phone", &body, &cookie).await;
    let asked = app.form_of(PAGE, "/rpc/switch_on_email_codes", "", &cookie).await;
    assert_eq!(asked.location(), "/account/codes?note=email_sent");
    let both = app.get(asked.location(), &cookie).await;
    assert_eq!(both.body.matches("name=\"code\"").count(), 1, "one code is typed at a time: {}", both.body);
    let cancelled = app.form_of(PAGE, "/rpc/cancel_phone", "", &cookie).await;
    assert_eq!(cancelled.location(), "/account/codes?note=phone_cancelled");
    let code = code_to(&app, EMAIL, "second_factor_code").await;
    let done = app.form_of(PAGE, "/rpc/confirm_email_codes", &format!("code={code}"), &cookie).await;
    assert_eq!(done.location(), "/account/recovery-codes");
    let on = app.get(PAGE, &cookie).await;
    assert!(on.says("page.codes.email_off_action") && on.body.contains("name=\"phone_number\""), "{}", on.body);
    let off = app.form_of(PAGE, "/rpc/switch_off_email_codes", "", &cookie).await;
    assert_eq!(off.location(), "/account/codes?note=email_off");
    assert!(app.get(off.location(), &cookie).await.says("page.codes.email_off"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_operator_does_not_offer_is_not_there() {
    let (app, cookie, token) = signed_in("email_codes = false\n").await;
    let page = app.get(PAGE, &cookie).await;
    assert!(page.says("page.codes.not_offered") && !page.says("page.codes.email_action"), "{}", page.body);
    assert_refused(&call(&app, Method::POST, "email-code", &token, &json!({})).await, 409, "factor_unavailable");
    let posted = app.form_of(PAGE, "/rpc/switch_on_email_codes", "", &cookie).await;
    let back = app.get(posted.location(), &cookie).await;
    assert_eq!(back.status, StatusCode::CONFLICT);
    assert!(back.says("error.factor_unavailable"), "{}", back.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_inbox_of_development_shows_sms_beside_the_mails() {
    let (app, _, token) = signed_in("").await;
    call(&app, Method::POST, "phone", &token, &json!({"phone_number": PHONE})).await;
    let code = code_to(&app, PHONE, "sms").await;
    let page = app.get("/dev/inbox", "").await;
    assert!(page.body.contains(PHONE) && page.body.contains(&format!("@localhost #{code}")), "{}", page.body);
}
