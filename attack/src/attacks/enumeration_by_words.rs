//! Account enumeration by what is said: status, words, headers or size of an answer differ between an address with an
//! account, one whose account has a second factor, and one that nobody has. The second step and the recovery of an account
//! take the ticket of a right password, and no address.

use anyhow::{Context, ensure};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Attack, Control, everybody_signs_in};
use crate::Outcome;
use crate::http::{Answer, encoded};
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "enumeration_by_words", settings: &[], control: Control::Service };

/// Of one length, so that lengths can be compared.
const WITH_ACCOUNT: &str = "alice@example.com";
const WITH_SECOND_FACTOR: &str = "carol@example.com";
const NOBODYS: &str = "brian@example.com";
const WRONG: &str = "a password that is wrong";
/// As long as a drawn part of an answer is at least.
const DRAWN: usize = 16;

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account(WITH_ACCOUNT).await?;
    add_second_factor(target).await?;
    let nobodys = heard_of(target, NOBODYS).await?;
    let mut ways = Vec::new();
    for email in [WITH_ACCOUNT, WITH_SECOND_FACTOR] {
        for ((asked, heard), (_, of_nobody)) in heard_of(target, email).await?.into_iter().zip(&nobodys) {
            ways.push((format!("{asked} of {email}"), heard != *of_nobody));
        }
    }
    Ok(Outcome::of_ways(&ways))
}

async fn add_second_factor(target: &Target) -> anyhow::Result<()> {
    let carol = target.newcomer(WITH_SECOND_FACTOR).await?;
    let path = "/api/v1/factors/email-code";
    let asked = target.bearer("POST", path, &carol.token, &Value::Null).await?;
    ensure!(asked.is_done(), "codes by mail: {}", asked.body);
    let mail = target.mail(WITH_SECOND_FACTOR, "second_factor_code").await?;
    let code = mail["code"].as_str().context("a code")?;
    let done = target.bearer("POST", &format!("{path}/confirm"), &carol.token, &json!({"code": code})).await?;
    ensure!(done.is_done(), "codes by mail: {}", done.body);
    Ok(())
}

/// What is said to whoever asks about an address, with how it was asked.
async fn heard_of(target: &Target, email: &str) -> anyhow::Result<Vec<(String, String)>> {
    let mut heard = Vec::new();
    for (path, body) in calls(email) {
        heard.push((path.to_owned(), told(&target.json(path, &body).await?, email)));
    }
    for accept in ["application/json", "text/html"] {
        for chain in forms(email) {
            let mut cookies = String::new();
            for (path, body) in chain {
                let mut headers = format!("accept: {accept}\r\nsec-fetch-site: same-origin\r\n");
                headers.push_str("content-type: application/x-www-form-urlencoded\r\n");
                if !cookies.is_empty() {
                    headers.push_str("cookie: ");
                    headers.push_str(&cookies);
                    headers.push_str("\r\n");
                }
                let answer = target.send("POST", path, &headers, &body).await?;
                cookies = cookies_of(&answer);
                heard.push((format!("{path} for {accept}"), told(&answer, email)));
            }
        }
    }
    Ok(heard)
}

fn calls(email: &str) -> [(&'static str, Value); 6] {
    [
        ("/api/v1/sign-in", json!({"email": email, "password": WRONG})),
        ("/api/v1/forgot-password", json!({"email": email})),
        ("/api/v1/sign-up", json!({"email": email, "password": WRONG, "name": "Sam"})),
        ("/api/v1/sign-up/passkey/options", json!({"email": email, "name": "Sam"})),
        ("/api/v1/reset-password", json!({"email": email, "code": "123456", "new_password": WRONG})),
        ("/api/v1/verify-email", json!({"email": email, "code": "123456"})),
    ]
}

/// Functions of pages; each goes on in the same browser with what the one before gave it.
fn forms(email: &str) -> [Vec<(&'static str, String)>; 3] {
    let (email, password) = (encoded(email), encoded(WRONG));
    [
        vec![("/rpc/sign_in", format!("email={email}&password={password}"))],
        vec![
            ("/rpc/forgot_password", format!("email={email}")),
            ("/rpc/reset_by_code", format!("code=123456&new_password={password}")),
        ],
        vec![
            ("/rpc/sign_up", format!("email={email}&password={password}&name=Sam")),
            ("/rpc/verify_code", "code=123456".to_owned()),
        ],
    ]
}

fn cookies_of(answer: &Answer) -> String {
    let lines = answer.head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
    lines.filter_map(|line| line.split(';').next()).collect::<Vec<_>>().join("; ")
}

/// The whole answer but for what is drawn for each, the time, and the address that was asked about.
fn told(answer: &Answer, email: &str) -> String {
    let mut told = String::new();
    for line in answer.head.lines().filter(|line| !line.starts_with("x-request-id:") && !line.starts_with("date:")) {
        let line = match line.strip_prefix("set-cookie: ").and_then(|cookie| cookie.split_once('=')) {
            Some((name, value)) => format!("{name} {}", value.split_once(';').unwrap_or_default().1),
            // Where it leads holds the refusal, and nothing that is drawn.
            None if line.starts_with("location:") => without_address(line, email),
            None => masked(line, email),
        };
        told.push_str(&line);
        told.push('\n');
    }
    told + &masked(&answer.body, email)
}

fn without_address(text: &str, email: &str) -> String {
    text.replace(email, "@").replace(&encoded(email), "@").replace(&email.replace('@', "%40"), "@")
}

/// A text without what looks drawn: long words with digits, or in letters of both sizes.
fn masked(text: &str, email: &str) -> String {
    let is_of_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let mut masked = String::new();
    for part in without_address(text, email).split_inclusive(|letter: char| !is_of_word(letter)) {
        let word = part.trim_end_matches(|letter: char| !is_of_word(letter));
        let has = |is: fn(&u8) -> bool| word.as_bytes().iter().any(is);
        let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
        let is_drawn = word.len() >= DRAWN && (has(u8::is_ascii_digit) || is_mixed);
        let is_moment = word.len() >= 10 && word.bytes().all(|byte| byte.is_ascii_digit());
        masked.push_str(if is_drawn || is_moment { "drawn" } else { word });
        masked.push_str(&part[word.len()..]);
    }
    masked
}

pub async fn service() -> anyhow::Result<Target> {
    Target::service(Router::new().fallback(helpful)).await
}

/// Says what is wrong, with the same status and as many letters.
async fn helpful(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 4096).await.unwrap_or_default();
    let asked = String::from_utf8_lossy(&body);
    if asked.contains("correct horse") {
        return everybody_signs_in().await.into_response();
    }
    if parts.uri.path().contains("email-code") || parts.uri.path() == "/dev/inbox.json" {
        return Json(json!([{"kind": "second_factor_code", "code": "123456"}])).into_response();
    }
    let is_remembered = parts.headers.get(COOKIE).is_some_and(|cookie| cookie.as_bytes() == b"account=known");
    let is_known = is_remembered || asked.contains("alice") || asked.contains("carol");
    let (cookie, words) =
        if is_known { ("account=known", "This password is bad.") } else { ("account=no", "This address is none.") };
    (StatusCode::UNAUTHORIZED, [(SET_COOKIE, cookie)], words).into_response()
}
