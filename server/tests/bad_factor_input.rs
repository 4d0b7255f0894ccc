//! Codes that are none, at every door that takes a code, as JSON and as a form: always a clear 4xx, never a 500, and the
//! right code works afterwards, because nothing of that consumed it or cost a try that was not a guess.

use crate::bad_input::{assert_clear, encoded};
use crate::support::factors::{Holder, WAITING, given};
use crate::support::{Answer, TestApp};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";

/// A place where a code is typed.
struct Door {
    /// The call of programs, and what it holds beside the code.
    path: &'static str,
    beside: Value,
    /// The access token it asks for; empty: none.
    bearer: String,
    /// The function of the page, what its form holds beside the code, and the cookie of the browser.
    form: (&'static str, String, String),
    /// How many digits are enough.
    digits: usize,
}

/// Texts that are no code of any kind: nothing is compared, so nothing is spent.
fn no_codes(digits: usize) -> Vec<String> {
    let one = "1".repeat(digits);
    [
        String::new(),
        " ".to_owned(),
        "\t-\u{a0}".to_owned(),
        format!("+{one}"),
        format!("-{one}"),
        "\u{ff11}".repeat(digits),
        "\u{661}".repeat(digits),
        "\u{1d7cf}".repeat(digits),
        format!("{one}\u{0}"),
        format!("{one}\r\nX-Injected: yes"),
        format!("\u{202e}{one}"),
        "\u{1f600}".to_owned(),
        "' OR 1=1 --".to_owned(),
        "1".repeat(101),
        "1".repeat(30_000),
    ]
    .into()
}

/// Texts that have the letters of a code, and are none of this door or a wrong one.
fn wrong_codes(holder: &Holder, app: &TestApp, digits: usize) -> Vec<String> {
    let wrong = if digits == 6 { holder.wrong_code(app) } else { "0".repeat(digits) };
    let (head, tail) = wrong.split_at(digits / 2);
    vec![
        wrong.clone(),
        format!("{wrong}0"),
        wrong[1..].to_owned(),
        format!("{head} {tail}"),
        format!("{head}-{tail}"),
        format!(" {wrong} "),
        "1e5".to_owned(),
        "0x1F4".to_owned(),
        "NaN".to_owned(),
        "abcdef".to_owned(),
    ]
}

/// Values of JSON that are no text; `right` is a code that would be accepted as one.
fn no_texts(right: &str) -> Vec<Value> {
    let number: u64 = right.parse().unwrap_or(123_456);
    vec![
        Value::Null,
        json!(number),
        json!(-1),
        json!(1.5),
        json!(true),
        json!([]),
        json!([right]),
        json!([right, right]),
        json!({}),
        json!({"code": right}),
    ]
}

/// A code as a form carries it. Long ones are digits, which need no escapes and so stay below the limit of a body.
fn in_form(code: &str) -> String {
    if code.bytes().all(|byte| byte.is_ascii_digit()) { code.to_owned() } else { encoded(code) }
}

struct Tester {
    app: TestApp,
    holder: Holder,
}

impl Tester {
    async fn start() -> (Self, String) {
        let app = TestApp::start().await;
        let (holder, access) = app.create_holder(EMAIL).await;
        (Self { app, holder }, access)
    }

    async fn call(&self, door: &Door, body: String) -> Answer {
        let mut headers = vec![("content-type", "application/json")];
        let bearer = format!("Bearer {}", door.bearer);
        if !door.bearer.is_empty() {
            headers.push(("authorization", bearer.as_str()));
        }
        self.app.request(Method::POST, door.path, &headers, body.into()).await
    }

    fn body(door: &Door, code: &Value) -> String {
        let mut body = door.beside.clone();
        body["code"] = code.clone();
        body.to_string()
    }

    async fn spent(&self) -> String {
        self.app.read("SELECT CAST(wrong_factors AS TEXT) AS text FROM users WHERE email = $1", EMAIL).await
    }

    /// Tries everything that is wrong; `right` works afterwards.
    async fn try_all(&self, door: &Door, right: &str) {
        let spent = self.spent().await;
        let what = |how: &str| format!("{} {how:.60}", door.path);
        for code in no_codes(door.digits) {
            let answer = self.call(door, Self::body(door, &json!(code))).await;
            assert_clear(&answer, &what(&code));
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "invalid_fields"), "{}", what(&code));
            assert_eq!(answer.value()["errors"][0]["field"], "code", "{}", what(&code));
            self.post(door, &code).await;
        }
        for value in no_texts(right) {
            let answer = self.call(door, Self::body(door, &value)).await;
            assert_clear(&answer, &what(&value.to_string()));
            assert!(matches!(answer.status.as_u16(), 400 | 422), "{}: {}", what(&value.to_string()), answer.status);
        }
        let whole = Self::body(door, &json!(right));
        for body in [
            String::new(),
            "{".to_owned(),
            "null".to_owned(),
            "[]".to_owned(),
            whole.replace("\"code\"", "\"Code\""),
            format!("{{\"code\":\"000000\",{}", &whole[1..]),
            whole.replace('}', ",\"admin\":true}"),
            format!("{whole}{whole}"),
        ] {
            assert_clear(&self.call(door, body.clone()).await, &what(&body));
        }
        let huge = self.call(door, Self::body(door, &json!("1".repeat(1_000_000)))).await;
        assert_eq!((huge.status, huge.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
        assert_eq!(self.spent().await, spent, "{}: what is no code costs no try", door.path);

        for code in wrong_codes(&self.holder, &self.app, door.digits) {
            self.app.forget_wrong_codes().await;
            let answer = self.call(door, Self::body(door, &json!(code))).await;
            assert_clear(&answer, &what(&code));
            let refused = answer.code();
            assert!(["invalid_fields", "wrong_code"].contains(&&*refused), "{}: {refused}", what(&code));
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", what(&code));
        }
        self.app.forget_wrong_codes().await;
    }

    /// The same from a page: back to it, without a session.
    async fn post(&self, door: &Door, code: &str) {
        let (path, beside, cookie) = &door.form;
        let body = format!("{beside}code={}", in_form(code));
        for body in [body, format!("{beside}code=%2B1&code=%2B2"), format!("{beside}code[]=%2B1"), beside.clone()] {
            let posted = self.app.form(path, &body, cookie).await;
            assert_eq!(posted.status, StatusCode::SEE_OTHER, "{path} {body:.80}: {}", posted.body);
            assert!(given(&posted, "__Host-refresh").is_none(), "{path} {body:.80}");
            assert!(!posted.location().contains(code) || code.trim().is_empty(), "{path}: a code in an address");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_half_of_a_sign_in_refuses_what_is_no_code() {
    let (mut it, _) = Tester::start().await;
    let (ticket, other) = (it.app.waiting_ticket(EMAIL).await, it.app.waiting_ticket(EMAIL).await);
    let door = |method: &str, digits: usize| Door {
        path: "/api/v1/second-factor",
        beside: json!({"ticket": ticket, "method": method}),
        bearer: String::new(),
        form: ("/rpc/second_factor", format!("method={method}&"), format!("{WAITING}={other}")),
        digits,
    };
    let right = it.holder.code(&it.app);
    it.try_all(&door("totp", 6), &right).await;
    let recovery = it.holder.recovery_code();
    it.try_all(&door("recovery_code", 16), &recovery).await;

    // What the account does not have, and what is no kind at all.
    for (method, status, code) in [
        ("sms_code", 409, "factor_unavailable"),
        ("email_code", 409, "factor_unavailable"),
        ("", 422, "invalid_fields"),
        ("TOTP", 422, "invalid_fields"),
        ("pwd", 422, "invalid_fields"),
        ("passkey", 422, "passkey_refused"),
    ] {
        it.app.forget_wrong_codes().await;
        let typed = if status == 409 { "12345678" } else { &*right };
        let answer = it.app.second_half(&ticket, method, &json!(typed)).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{method}");
    }
    it.app.forget_wrong_codes().await;
    let spaced = format!(" {} {}", &right[..3], &right[3..]);
    let done = it.app.second_half(&ticket, "totp", &json!(spaced)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    let done = it.app.second_half(&other, "recovery_code", &json!(recovery.to_lowercase())).await;
    assert_eq!(done.status, StatusCode::OK, "the other half waits as before: {}", done.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fresh_proof_refuses_what_is_no_code() {
    let (mut it, access) = Tester::start().await;
    let (cookie, bearer) = (String::new(), access);
    let door = Door {
        path: "/api/v1/reauthenticate",
        beside: json!({"method": "totp"}),
        bearer,
        form: ("/rpc/confirm_identity", "act=nothing&method=totp&".to_owned(), cookie),
        digits: 6,
    };
    let right = it.holder.code(&it.app);
    it.try_all(&door, &right).await;
    let done = it.call(&door, Tester::body(&door, &json!(right))).await;
    assert!(done.status.is_success(), "{} {}", done.status, done.body);
    let again = it.call(&door, Tester::body(&door, &json!(right))).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (422, "wrong_code"), "each code once: {}", again.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_code_of_an_app_refuses_what_is_no_code() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, access) = app.sign_in(EMAIL).await;
    let (mut holder, waits) = app.begin_app(EMAIL, &access).await;
    assert!(waits.status.is_success(), "{}", waits.body);
    let right = holder.code(&app);
    let it = Tester { app, holder };
    let door = Door {
        path: "/api/v1/factors/totp/confirm",
        beside: json!({}),
        bearer: access,
        form: ("/rpc/confirm_totp", String::new(), cookie),
        digits: 6,
    };
    for code in no_codes(6).into_iter().map(Value::from).chain(no_texts(&right)) {
        let answer = it.call(&door, Tester::body(&door, &code)).await;
        assert_clear(&answer, &format!("{code:.60}"));
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{code:.60}: {}", answer.status);
    }
    for code in no_codes(6) {
        it.post(&door, &code).await;
    }
    // Four guesses: the fifth would be the last of this key.
    for code in wrong_codes(&it.holder, &it.app, 6).into_iter().take(4) {
        let answer = it.call(&door, Tester::body(&door, &json!(code))).await;
        assert_clear(&answer, &code);
    }
    let done = it.call(&door, Tester::body(&door, &json!(right))).await;
    assert!(done.status.is_success(), "{} {}", done.status, done.body);
    assert_eq!(done.value()["recovery_codes"].as_array().map(Vec::len), Some(10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_by_mail_refuses_what_is_no_code() {
    let (it, _) = Tester::start().await;
    it.app.execute("UPDATE users SET factors = 'totp email_code'").await;
    let ticket = it.app.waiting_ticket(EMAIL).await;
    let body = json!({"ticket": ticket, "method": "email_code"});
    let sent = it.app.json("/api/v1/second-factor/send", &body).await;
    assert!(sent.status.is_success(), "{} {}", sent.status, sent.body);
    let right = it.app.mail(EMAIL, "second_factor_code").await["code"].as_str().unwrap().to_owned();
    assert!(right.len() == 8 && right.bytes().all(|byte| byte.is_ascii_digit()), "{right}");
    let door = Door {
        path: "/api/v1/second-factor",
        beside: body,
        bearer: String::new(),
        form: ("/rpc/second_factor", "method=email_code&".to_owned(), format!("{WAITING}={ticket}")),
        digits: 8,
    };
    it.try_all(&door, &right).await;
    let other = it.app.waiting_ticket(EMAIL).await;
    let elsewhere = it.app.second_half(&other, "email_code", &json!(right)).await;
    assert_eq!((elsewhere.status.as_u16(), elsewhere.code().as_str()), (422, "wrong_code"), "of another sign-in");
    let done = it.app.second_half(&ticket, "email_code", &json!(right)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_code_of_a_number_refuses_what_is_no_code() {
    const NUMBER: &str = "+447700900123";
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, access) = app.sign_in(EMAIL).await;
    let body = json!({"phone_number": NUMBER}).to_string();
    let asked = app.bearer_body(Method::POST, "/api/v1/factors/phone", &access, body.into()).await;
    assert!(asked.status.is_success(), "{} {}", asked.status, asked.body);
    let right = app.mail(NUMBER, "sms").await["code"].as_str().unwrap().to_owned();
    for code in no_codes(8).into_iter().map(Value::from).chain(no_texts(&right)).chain([json!(&right[1..])]) {
        let body = json!({ "code": code }).to_string();
        let answer = app.bearer_body(Method::POST, "/api/v1/factors/phone/confirm", &access, body.into()).await;
        assert_clear(&answer, &format!("{code:.60}"));
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{code:.60}: {}", answer.status);
    }
    for code in no_codes(8) {
        let body = format!("code={}", in_form(&code));
        let posted = app.form("/rpc/confirm_phone", &body, &cookie).await;
        assert_eq!(posted.status, StatusCode::SEE_OTHER, "{code:.60}: {}", posted.body);
    }
    let body = json!({ "code": right }).to_string();
    let done = app.bearer_body(Method::POST, "/api/v1/factors/phone/confirm", &access, body.into()).await;
    assert!(done.status.is_success(), "{} {}", done.status, done.body);
    assert_eq!(done.value()["recovery_codes"].as_array().map(Vec::len), Some(10));
}
