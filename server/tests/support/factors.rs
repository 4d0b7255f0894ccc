//! People with a second factor, and the codes that their app shows (RFC 6238 and RFC 4226), computed by this file
//! alone.

use super::{Answer, PASSWORD, TestApp};
use aws_lc_rs::hmac;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, USER_AGENT};
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

/// The cookie of a sign-in that waits for its second half.
pub const WAITING: &str = "__Host-second-factor";

/// What somebody holds who has set an authenticator app up.
pub struct Holder {
    email: String,
    key: Vec<u8>,
    /// The step of the last code that was given out: a step is accepted once.
    last: i64,
    recovery_codes: Vec<String>,
}

impl TestApp {
    /// Makes an account with an authenticator app, as its person does; gives the session that set it up, too.
    pub async fn create_holder(&self, email: &str) -> (Holder, String) {
        self.create_account(email).await;
        let (_, access) = self.sign_in(email).await;
        let holder = self.add_app(email, &access).await;
        // It has been there for a month: nobody takes it back.
        self.execute("UPDATE totp_secrets SET confirmed_at = confirmed_at - 2592000000").await;
        (holder, access)
    }

    /// Sets an authenticator app up in a session.
    pub async fn add_app(&self, email: &str, access: &str) -> Holder {
        let (mut holder, _) = self.begin_app(email, access).await;
        let code = json!({"code": holder.code(self)}).to_string();
        let done = self.bearer_body(Method::POST, "/api/v1/factors/totp/confirm", access, code.into()).await;
        assert!(done.status.is_success(), "{}", done.body);
        let codes = done.value()["recovery_codes"].as_array().unwrap().clone();
        holder.recovery_codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        assert_eq!(holder.recovery_codes.len(), 10);
        holder
    }

    /// Asks for the key of an app, which waits for its first code.
    pub async fn begin_app(&self, email: &str, access: &str) -> (Holder, Answer) {
        let begun = self.bearer_body(Method::POST, "/api/v1/factors/totp", access, Body::empty()).await;
        assert!(begun.status.is_success(), "{}", begun.body);
        // Of the address for apps, which is what a QR code holds, too.
        let key = begun.body.split("secret=").nth(1).unwrap();
        let key = base32(key.split(['&', '"', '\\']).next().unwrap());
        (Holder { email: email.to_owned(), key, last: 0, recovery_codes: Vec::new() }, begun)
    }

    /// Signs in with the password, with a browser of this kind.
    pub async fn try_password(&self, email: &str, password: &str, browser: &str) -> Answer {
        let request =
            Request::post("/api/v1/sign-in").header(CONTENT_TYPE, "application/json").header(USER_AGENT, browser);
        self.send(request.body(json!({"email": email, "password": password}).to_string().into()).unwrap()).await
    }

    /// The ticket of a sign-in that waits for its second half.
    pub async fn waiting_ticket(&self, email: &str) -> String {
        ticket_of(&self.try_password(email, PASSWORD, "").await)
    }

    /// Ends a sign-in that waits.
    pub async fn second_half(&self, ticket: &str, method: &str, code: &Value) -> Answer {
        self.json("/api/v1/second-factor", &json!({"ticket": ticket, "method": method, "code": code})).await
    }

    /// Signs in with both halves; gives the cookie and the access token.
    pub async fn sign_in_fully(&self, holder: &mut Holder, browser: &str) -> (String, String) {
        let ticket = ticket_of(&self.try_password(&holder.email, PASSWORD, browser).await);
        let body = json!({"ticket": ticket, "method": "totp", "code": holder.code(self)}).to_string();
        let request = Request::post("/api/v1/second-factor").header(CONTENT_TYPE, "application/json");
        let answer = self.send(request.header(USER_AGENT, browser).body(body.into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        (answer.cookie("__Host-refresh").unwrap(), answer.value()["access_token"].as_str().unwrap().to_owned())
    }

    /// Gives an account a factor without anybody who could prove it.
    pub async fn pretend_factor(&self) {
        self.execute("UPDATE users SET factors = 'totp'").await;
    }

    /// Lets wrong codes of before count for nothing: no clock can be advanced here.
    pub async fn forget_wrong_codes(&self) {
        self.execute("UPDATE users SET wrong_factors = 0, factors_locked_until = 0").await;
    }

    /// A request of any kind with these headers.
    pub async fn request(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(body).unwrap()).await
    }
}

impl Holder {
    /// A code that was not given out before. Those of the step at hand and of the next one are accepted: two may be
    /// had without waiting.
    pub fn code(&mut self, app: &TestApp) -> String {
        let now = step_at(app);
        self.last = now.max(self.last + 1);
        assert!(self.last <= now + 1, "a third code of one half minute: take a recovery code");
        self.code_of(self.last)
    }

    /// Six digits that no step around now has.
    pub fn wrong_code(&self, app: &TestApp) -> String {
        let near: Vec<String> = (-3..4).map(|steps| self.code_of(step_at(app) + steps)).collect();
        (0..10).map(|digit| digit.to_string().repeat(6)).find(|code| !near.contains(code)).unwrap()
    }

    /// One of the ten, once.
    pub fn recovery_code(&mut self) -> String {
        self.recovery_codes.pop().unwrap()
    }

    fn code_of(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.key);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let digest = tag.as_ref();
        let offset = usize::from(digest[19] & 0xf);
        let number = u32::from_be_bytes(digest[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }
}

/// The ticket of an answer that asks for a second factor.
pub fn ticket_of(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.value()["second_factor"]["ticket"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

/// The value that an answer gives to a cookie; none when it sets none or takes it away.
pub fn given(answer: &Answer, cookie: &str) -> Option<String> {
    let pair = answer.cookie(cookie)?;
    pair.split_once('=').map(|(_, value)| value.to_owned()).filter(|value| !value.is_empty())
}

fn step_at(app: &TestApp) -> i64 {
    app.application.auth.now().0.div_euclid(30_000)
}

/// The bytes of base32 without padding (RFC 4648, 6).
fn base32(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes() {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == letter).unwrap();
        bits = (bits << 5) | u32::try_from(value).unwrap();
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).unwrap());
        }
    }
    bytes
}

#[test]
fn the_codes_are_those_of_the_standard() {
    // RFC 6238, appendix B, the last six of its eight digits.
    let key = base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let holder = Holder { email: String::new(), key, last: 0, recovery_codes: Vec::new() };
    for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
        assert_eq!(holder.code_of(at / 30), code, "{at}");
    }
}
