//! One gate: with a second factor every way in ends with a sign-in that waits, and in no session. What opens what waits
//! is in `pending_ticket.rs`; what is no way in, in `half_proved.rs`.
//!
//! A new way in gets a line in [`Way`] and in [`Traveller::take`]. What starts sessions, and what hands them out, is found
//! in the sources and compared with the lists below: so none can be forgotten.
//!
//! An invitation into an organization is no way in: its link and its code make nobody signed in, and accepting it asks for a
//! session that came through the gate.

use crate::federation_api as native;
use crate::support::browser::Browser;
use crate::support::factors::{Holder, WAITING, given, ticket_of};
use crate::support::provider::Provider;
use crate::support::sources::files_with;
use crate::support::{Answer, PASSWORD, TestApp, token_of};
use auth::flow::{self, ImportedUser};
use auth::password::imported_hash::HashText;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const EMAIL: &str = "alice@example.com";
const SECOND: &str = "alice@example.org";
const NEW: &str = "trombone lamp yes please";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
/// Of the password of all tests, made with bcrypt 4.3.
const BCRYPT: &str = "$2b$04$RSj4iLKbeDjrv./gsEEyI.Ss5DZwE9yfieaDXjDCG4WyugZ5.qiOa";

/// How somebody gets in. A passkey proves two things at once and needs no second half; it goes through the same gate, as
/// the lists at the end say.
#[derive(Clone, Copy, Debug)]
enum Way {
    Password,
    PasswordForm,
    VerifyCode,
    VerifyCodeForm,
    VerifyLinkForm,
    ResetCode,
    ResetLink,
    ResetCodeForm,
    ResetLinkForm,
    OldHash,
    ImportedHash,
    KeepAccountLink,
    UndoEmailLink,
    NotMeLink,
    BesideOldCookie,
    ProviderCallback,
    /// A native app.
    ProviderCode,
}

const WAYS: [Way; 17] = [
    Way::Password,
    Way::PasswordForm,
    Way::VerifyCode,
    Way::VerifyCodeForm,
    Way::VerifyLinkForm,
    Way::ResetCode,
    Way::ResetLink,
    Way::ResetCodeForm,
    Way::ResetLinkForm,
    Way::OldHash,
    Way::ImportedHash,
    Way::KeepAccountLink,
    Way::UndoEmailLink,
    Way::NotMeLink,
    Way::BesideOldCookie,
    Way::ProviderCallback,
    Way::ProviderCode,
];

/// Somebody on their way, and all that they were answered.
struct Traveller {
    app: TestApp,
    answers: Vec<Answer>,
}

impl Traveller {
    /// Goes a way to its end; the last answer is that of the sign-in.
    async fn take(&mut self, way: Way) {
        match way {
            Way::Password => {
                self.holder().await;
                self.password(PASSWORD).await;
            }
            Way::PasswordForm => {
                self.holder().await;
                self.password_form(PASSWORD).await;
            }
            Way::VerifyCode => {
                self.sign_up().await;
                let code = self.app.mail(EMAIL, "verify_email").await["code"].clone();
                self.json("/api/v1/verify-email", &json!({"email": EMAIL, "code": code})).await;
                self.with_factor_of_others(PASSWORD).await;
            }
            Way::VerifyCodeForm | Way::VerifyLinkForm => {
                let body = format!("email={}&name=Alice&password={}", typed(EMAIL), typed(PASSWORD));
                let cookie = self.form("/rpc/sign_up", &body, "").await.cookie("__Host-sign-up").unwrap();
                let mail = self.app.mail(EMAIL, "verify_email").await;
                if matches!(way, Way::VerifyCodeForm) {
                    let code = mail["code"].as_str().unwrap();
                    self.form("/rpc/verify_code", &format!("code={code}"), &cookie).await;
                } else {
                    let body = format!("token={}&password={}", token_of(&mail), typed(PASSWORD));
                    self.form("/rpc/verify_link", &body, &cookie).await;
                }
                self.with_factor_of_others(PASSWORD).await;
            }
            Way::ResetCode | Way::ResetLink => {
                self.holder().await;
                self.reset(matches!(way, Way::ResetLink)).await;
                self.password(NEW).await;
            }
            Way::ResetCodeForm | Way::ResetLinkForm => {
                self.holder().await;
                let asked = self.form("/rpc/forgot_password", &format!("email={}", typed(EMAIL)), "").await;
                let cookie = asked.cookie("__Host-reset").unwrap();
                let mail = self.app.mail(EMAIL, "password_reset").await;
                let (path, proof) = if matches!(way, Way::ResetCodeForm) {
                    ("/rpc/reset_by_code", format!("code={}", mail["code"].as_str().unwrap()))
                } else {
                    ("/rpc/reset_by_link", format!("token={}", token_of(&mail)))
                };
                self.form(path, &format!("{proof}&new_password={}", typed(NEW)), &cookie).await;
                self.password_form(NEW).await;
            }
            // The hash is made anew before the second half, and the password still is no session.
            Way::OldHash | Way::ImportedHash => {
                self.import().await;
                if matches!(way, Way::OldHash) {
                    self.password(PASSWORD).await;
                    self.answers.clear();
                }
                self.with_factor_of_others(PASSWORD).await;
            }
            Way::KeepAccountLink => {
                let (_, access) = self.holder().await;
                self.bearer("/api/v1/me/deletion", &access, &json!({})).await;
                let token = token_of(&self.app.mail(EMAIL, "deletion_scheduled").await);
                self.json("/api/v1/keep-account", &json!({ "token": token })).await;
                self.password(PASSWORD).await;
            }
            Way::UndoEmailLink => {
                let (_, access) = self.holder().await;
                self.bearer("/api/v1/me/email", &access, &json!({"email": SECOND})).await;
                let code = self.app.mail(SECOND, "confirm_email").await["code"].clone();
                self.bearer("/api/v1/me/email/confirm", &access, &json!({"code": code})).await;
                let token = token_of(&self.app.mail(EMAIL, "email_changed").await);
                self.json("/api/v1/undo-email-change", &json!({ "token": token })).await;
                self.reset(true).await;
                self.password(NEW).await;
            }
            Way::NotMeLink => {
                self.holder().await;
                let token = token_of(&self.app.mail(EMAIL, "new_device").await);
                self.json("/api/v1/not-me", &json!({ "token": token })).await;
                self.reset(true).await;
                self.password(NEW).await;
            }
            // A session that is over, in the cookie of the browser that signs in.
            Way::BesideOldCookie => {
                let (cookie, _) = self.holder().await;
                self.app.execute("UPDATE sessions SET ended_at = created_at, end_reason = 'signed_out'").await;
                let headers = [("cookie", &*cookie), ("sec-fetch-site", "same-origin")];
                let refreshed = self.app.request(Method::POST, "/api/v1/refresh", &headers, Body::empty()).await;
                assert_eq!(refreshed.status, StatusCode::UNAUTHORIZED, "{}", refreshed.body);
                self.answers.push(refreshed);
                let body = format!("email={}&password={}", typed(EMAIL), typed(PASSWORD));
                self.form("/rpc/sign_in", &body, &cookie).await;
            }
            Way::ProviderCallback => self.provider_callback().await,
            Way::ProviderCode => self.provider_code().await,
        }
    }

    /// A provider makes the account; once it has a factor, the same provider is half of a sign-in.
    async fn provider_callback(&mut self) {
        let provider = Provider::start().await;
        self.app = TestApp::start_with(&provider.settings("acme")).await;
        provider.set_person(json!({"sub": "1", "email": EMAIL, "email_verified": true, "name": "Alice"}));
        for has_factor in [false, true] {
            let mut browser = Browser::new(&self.app);
            let begun = browser.follow("/sign-in", "/sign-in/with/acme").await;
            let back = browser.come_back(&provider.agree(&self.app, begun.location())).await;
            if has_factor {
                self.answers.push(back);
            } else {
                assert_eq!(back.location(), "/dashboard", "the account is made");
                self.app.pretend_factor().await;
            }
        }
    }

    /// An account that is made and entered with a provider, from a native app.
    async fn provider_code(&mut self) {
        let provider = Provider::start().await;
        self.app = TestApp::start_with(&provider.settings("acme")).await;
        provider.set_person(json!({"sub": "1", "email": EMAIL, "email_verified": true}));
        let made = native::sign_in(&self.app, &provider, "acme").await;
        assert!(made.value()["access_token"].is_string(), "an account is made: {}", made.body);
        self.app.pretend_factor().await;
        let answer = native::sign_in(&self.app, &provider, "acme").await;
        self.answers.push(answer);
    }

    /// An account with an authenticator app, and a session on a new device in which the app was proved.
    async fn holder(&self) -> (String, String) {
        let (mut holder, _): (Holder, _) = self.app.create_holder(EMAIL).await;
        self.app.sign_in_fully(&mut holder, FIREFOX).await
    }

    async fn sign_up(&mut self) {
        self.json("/api/v1/sign-up", &json!({"email": EMAIL, "password": PASSWORD, "name": "Alice"})).await;
    }

    async fn import(&self) {
        let user = ImportedUser {
            email: auth::Email::parse(EMAIL).unwrap(),
            name: auth::PersonName::parse("Alice").unwrap(),
            locale: auth::Locale::En,
            password_hash: Some(HashText::parse(BCRYPT).ok().unwrap()),
            created_at: None,
        };
        let context = auth::Context {
            address: String::new(),
            device: String::new(),
            locale: auth::Locale::En,
            request_id: String::new(),
        };
        flow::import_users(&self.app.application.auth, &[user], false, &context).await.unwrap();
    }

    /// Signs in once the account has a factor: without anybody who could prove it, which the gate does not know.
    async fn with_factor_of_others(&mut self, password: &str) {
        self.app.pretend_factor().await;
        self.password(password).await;
    }

    async fn reset(&mut self, by_link: bool) {
        // One may be on its way already: mails that are delivered together arrive in any order.
        self.app.deliver().await;
        self.json("/api/v1/forgot-password", &json!({"email": EMAIL})).await;
        let mail = self.app.mail(EMAIL, "password_reset").await;
        let body = if by_link {
            json!({"token": token_of(&mail), "new_password": NEW})
        } else {
            json!({"email": EMAIL, "code": mail["code"], "new_password": NEW})
        };
        self.json("/api/v1/reset-password", &body).await;
    }

    async fn password(&mut self, password: &str) {
        let answer = self.app.try_password(EMAIL, password, FIREFOX).await;
        self.answers.push(answer);
    }

    async fn password_form(&mut self, password: &str) {
        let body = format!("email={}&password={}", typed(EMAIL), typed(password));
        self.form("/rpc/sign_in", &body, "").await;
    }

    async fn json(&mut self, path: &str, body: &Value) {
        let answer = self.app.json(path, body).await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
        self.answers.push(answer);
    }

    /// A call of somebody who is signed in already.
    async fn bearer(&self, path: &str, access: &str, body: &Value) {
        let answer = self.app.bearer_body(Method::POST, path, access, body.to_string().into()).await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
    }

    async fn form(&mut self, path: &str, body: &str, cookie: &str) -> &Answer {
        let answer = self.app.form(path, body, cookie).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
        assert!(!answer.location().contains("__path="), "{path}: {}", answer.location());
        self.answers.push(answer);
        self.answers.last().unwrap()
    }
}

fn typed(text: &str) -> String {
    text.replace('@', "%40").replace(' ', "+")
}

/// Nobody is signed in by this answer.
pub fn assert_no_session(answer: &Answer, what: &str) {
    assert_eq!(given(answer, "__Host-refresh"), None, "{what}");
    assert!(!answer.body.contains("access_token"), "{what}: {}", answer.body);
}

/// The sign-in waits for its second half, over REST or on its page.
pub fn assert_waits(answer: &Answer, what: &str) {
    if answer.status == StatusCode::SEE_OTHER {
        assert!(answer.location().starts_with("/two-step"), "{what}: {}", answer.location());
        assert_eq!(given(answer, WAITING).map(|ticket| ticket.len()), Some(43), "{what}");
    } else {
        assert_eq!(ticket_of(answer).len(), 43, "{what}: 256 bits");
        let methods = answer.value()["second_factor"]["methods"].as_array().unwrap().clone();
        assert!(methods.contains(&json!("totp")), "{what}: {}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_in_ends_with_a_sign_in_that_waits() {
    for way in WAYS {
        let mut traveller = Traveller { app: TestApp::start().await, answers: Vec::new() };
        traveller.take(way).await;
        for answer in &traveller.answers {
            assert_no_session(answer, &format!("{way:?}"));
        }
        assert_waits(traveller.answers.last().unwrap(), &format!("{way:?}"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_is_no_way_in() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, access) = app.sign_in(EMAIL).await;
    let made = json!({"name": "Acme"}).to_string();
    let made = app.bearer_body(Method::POST, "/api/v1/organizations", &access, made.into()).await;
    let path = format!("/api/v1/organizations/{}/invitations", made.value()["id"].as_str().unwrap());
    let invited = json!({"email": SECOND, "role": "member"}).to_string();
    let invited = app.bearer_body(Method::POST, &path, &access, invited.into()).await;
    assert_eq!(invited.status, StatusCode::CREATED, "{}", invited.body);
    app.create_account(SECOND).await;
    let mail = app.mail(SECOND, "invitation").await;
    let (token, code) = (token_of(&mail), mail["code"].clone());
    let page = app.get(&format!("/invitation?token={token}"), "").await;
    assert_no_session(&page, "the page");
    for path in ["/api/v1/invitations/show", "/api/v1/invitations/accept", "/api/v1/verify-email"] {
        for body in [json!({ "token": token }), json!({ "code": code }), json!({"email": SECOND, "code": code})] {
            assert_no_session(&app.json(path, &body).await, path);
        }
    }
    for form in ["accept_invitation", "accept_invitation_code", "keep_invitation"] {
        let body = format!("token={token}&code={}", code.as_str().unwrap());
        assert_no_session(&app.form_of("/invitation", &format!("/rpc/{form}"), &body, "").await, form);
    }
    app.json("/api/v1/invitations/decline", &json!({ "token": token })).await;
}

/// Flows that come to the gate, and so every way in. The last is none: an administrator who acts in another's place comes
/// with a session of their own (`impersonation.rs`).
const FLOWS_IN: [&str; 5] =
    ["admit.rs", "passkey_sign_in.rs", "second_factor.rs", "sign_in.rs", "start_impersonation.rs"];
/// Handlers that answer with a session.
const HANDLERS_IN: [&str; 5] = [
    "api/federation/finish_provider.rs",
    "api/passkey/sign_in.rs",
    "api/second_factor.rs",
    "api/sign_in.rs",
    "federation/callback.rs",
];
/// Those that hand the cookie of a session on that lives, and the one place that writes it.
const HANDED_ON: [&str; 3] = ["api/refresh.rs", "api/signed_in_answer.rs", "layer/caller.rs"];
/// Pages whose form ends in a session.
const PAGES_IN: [&str; 5] = [
    "page/admin/impersonate.rs",
    "page/fedcm_sign_in.rs",
    "page/passkey_sign_in.rs",
    "page/sign_in.rs",
    "page/two_step.rs",
];

#[test]
fn one_file_makes_sessions_and_these_flows_come_to_it() {
    let mut makes = files_with("auth/src", &["NewFamily{", "insert_family(", "enter_at_once("]);
    // The store writes what it is given.
    makes.retain(|file| !file.starts_with("store/"));
    assert_eq!(makes, BTreeSet::from(["flow/gate.rs".to_owned()]), "only the gate makes a session");

    let mut come = files_with("auth/src/flow", &["enter(auth,way", "enter_with_factor(", "enter_in_place_of("]);
    come.remove("gate.rs");
    assert_eq!(come, BTreeSet::from(FLOWS_IN.map(str::to_owned)), "a new way in belongs into the table of ways");
}

#[test]
fn the_cookie_of_a_session_is_handed_out_in_these_places_alone() {
    let handlers = files_with("server/src", &["with_refresh_cookie", "refresh_cookie(&token", "refresh_cookie(token"]);
    let expected: BTreeSet<_> = HANDLERS_IN.iter().chain(&HANDED_ON).map(|file| (*file).to_owned()).collect();
    assert_eq!(handlers, expected, "a new way in belongs into the table of ways");
    let pages = files_with("app/src", &["set_cookie(server::REFRESH_COOKIE", "set_cookie(REFRESH_COOKIE"]);
    assert_eq!(pages, BTreeSet::from(PAGES_IN.map(str::to_owned)), "a new way in belongs into the table of ways");
}
