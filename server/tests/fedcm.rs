//! The browser's own question (FedCM) as its form hands over the answer: it opens what a redirect opens, and nothing
//! else. The browser is that of the test: it has asked already, and got a token.

use crate::federation_bad_answers::{INVALID, made};
use crate::support::browser::Browser;
use crate::support::factors::WAITING;
use crate::support::provider::{Behaviour, Provider, Signature};
use crate::support::{Answer, TestApp};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";
const EXPIRED: &str = "federation_expired";
const FORM: &str = "/rpc/fedcm_sign_in";
const REFRESH: &str = "__Host-refresh";
const PENDING: &str = "__Host-pending-connection";

async fn start() -> (TestApp, Provider) {
    let acme = Provider::start().await;
    let fedcm = "fedcm = 'http://127.0.0.1:9/fedcm.json'\n";
    (TestApp::start_with(&format!("{}{fedcm}", acme.settings("acme"))).await, acme)
}

/// What a browser was given to ask with.
struct Question {
    nonce: String,
    state: String,
}

/// Begins in a browser that was never here.
async fn begin(app: &TestApp) -> (Browser<'_>, Question) {
    let begun = app.call("/rpc/start_fedcm", "provider=acme").await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
    let given = begun.value();
    let text = |name: &str| given[name].as_str().unwrap().to_owned();
    let question = Question { nonce: text("nonce"), state: text("state") };
    (Browser::with(app, &begun.cookie("__Host-federation").unwrap()), question)
}

/// The form that the page sends with the answer.
fn form(question: &Question, token: &str, next: &str) -> String {
    format!("provider=acme&token={token}&state={}&next={next}", question.state)
}

/// The whole way of whoever is signed in there.
async fn come<'a>(app: &'a TestApp, acme: &Provider) -> (Browser<'a>, Answer) {
    let (mut browser, question) = begin(app).await;
    let token = acme.id_token(app, &question.nonce);
    let answer = browser.post("/sign-in", FORM, &form(&question, &token, "")).await;
    (browser, answer)
}

/// Led back to the sign-in page, which says why; nothing is kept in the browser.
async fn assert_refused(browser: &mut Browser<'_>, answer: &Answer, code: &str, what: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{what}: {}", answer.body);
    for cookie in [REFRESH, WAITING, PENDING, "__Host-last-way"] {
        assert!(answer.cookie(cookie).is_none(), "{what}: {cookie}");
    }
    assert!(answer.location().starts_with("/sign-in?"), "{what}: {}", answer.location());
    let page = browser.go(answer.location(), &[]).await;
    assert!(page.says(&format!("error.{code}")), "{what}: {}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_browsers_own_answer_signs_in_and_its_link_is_there_as_well() {
    let (app, acme) = start().await;
    let page = app.get("/sign-in", "").await;
    assert!(page.body.contains("href=\"/sign-in/with/acme\""), "for browsers that cannot ask: {}", page.body);
    for (next, place) in [
        ("%2Faccount%2Fsessions", "/account/sessions"),
        ("", "/dashboard"),
        ("%2F%2Fevil.example", "/dashboard"),
        ("https%3A%2F%2Fevil.example", "/dashboard"),
    ] {
        let (mut browser, question) = begin(&app).await;
        let token = acme.id_token(&app, &question.nonce);
        let answer = browser.post("/sign-in", FORM, &form(&question, &token, next)).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, place), "{next}: {}", answer.body);
        assert_eq!(browser.cookie("__Host-last-way"), Some("acme"), "the way is remembered");
        assert!(browser.go("/dashboard", &[]).await.body.contains(ADA), "{next}");
    }
    assert_eq!(made(&app).await, "1 1 0 0 4", "one account, and a session of each browser");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_not_for_this_question_signs_nobody_in() {
    let (app, acme) = start().await;
    let bad: [(&str, Behaviour); 14] = [
        ("another client", Behaviour::Claims(|claims| claims["aud"] = json!("somebody-else"))),
        ("several clients", Behaviour::Claims(|claims| claims["aud"] = json!([claims["aud"], "somebody-else"]))),
        ("another client asked", Behaviour::Claims(|claims| claims["azp"] = json!("somebody-else"))),
        ("another nonce", Behaviour::Claims(|claims| claims["nonce"] = json!("somebody-elses"))),
        ("no nonce", Behaviour::Claims(|claims| claims["nonce"] = json!(null))),
        ("another issuer", Behaviour::Claims(|claims| claims["iss"] = json!("https://evil.example"))),
        ("expired", Behaviour::Claims(|claims| claims["exp"] = json!(1_000_000_000))),
        ("from the future", Behaviour::Claims(|claims| claims["iat"] = claims["exp"].clone())),
        ("no subject", Behaviour::Claims(|claims| claims["sub"] = json!(null))),
        ("a subject in a list", Behaviour::Claims(|claims| claims["sub"] = json!(["ada-1815"]))),
        ("alg none", Behaviour::Signed(Signature::None)),
        ("HS256 with our secret", Behaviour::Signed(Signature::Secret)),
        ("HS256 with the public key", Behaviour::Signed(Signature::Public)),
        ("a wrong signature", Behaviour::Signed(Signature::Broken)),
    ];
    for (what, behaviour) in bad {
        acme.behave(behaviour);
        let (mut browser, answer) = come(&app, &acme).await;
        assert_refused(&mut browser, &answer, INVALID, what).await;
        assert_eq!(made(&app).await, "0 0 0 0 0", "{what}");
    }
    acme.behave(Behaviour::Honest);
    for token in ["", "a.b.c", "%00", &"x".repeat(30_000)] {
        let (mut browser, question) = begin(&app).await;
        let answer = browser.post("/sign-in", FORM, &form(&question, token, "")).await;
        assert_refused(&mut browser, &answer, INVALID, &format!("{token:.10}")).await;
    }
    assert_eq!(made(&app).await, "0 0 0 0 0");
    assert_eq!(come(&app, &acme).await.1.location(), "/dashboard", "with nothing wrong");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_of_its_own_browser_and_used_once() {
    let (app, acme) = start().await;
    let (mut ada, question) = begin(&app).await;
    let (mut victim, other) = begin(&app).await;
    let token = acme.id_token(&app, &question.nonce);
    let own = form(&question, &token, "");
    // An attacker's answer in the browser of a victim (login CSRF), who asked something else or nothing.
    let answer = victim.post("/sign-in", FORM, &own).await;
    assert_refused(&mut victim, &answer, EXPIRED, "another browser").await;
    let mut stranger = Browser::new(&app);
    let answer = stranger.post("/sign-in", FORM, &own).await;
    assert_refused(&mut stranger, &answer, EXPIRED, "a browser that asked nothing").await;
    let answer = victim.post("/sign-in", FORM, &form(&other, &token, "")).await;
    assert_refused(&mut victim, &answer, INVALID, "the token of another question").await;
    for state in ["", "invented", &"A".repeat(43)] {
        let invented = Question { nonce: String::new(), state: state.to_owned() };
        let answer = ada.post("/sign-in", FORM, &form(&invented, &token, "")).await;
        assert_refused(&mut ada, &answer, EXPIRED, state).await;
    }
    // The form of another site, with everything right in it.
    let cookie = format!("__Host-federation={}", ada.cookie("__Host-federation").unwrap());
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html"),
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
        ("cookie", cookie.as_str()),
    ];
    let forged = app.request(Method::POST, FORM, &headers, Body::from(own.clone())).await;
    assert_eq!((forged.status, forged.code().as_str()), (StatusCode::FORBIDDEN, "cross_site"));
    assert_eq!(made(&app).await, "0 0 0 0 0");

    // None of that used it up; this does.
    assert_eq!(ada.post("/sign-in", FORM, &own).await.location(), "/dashboard");
    let answer = ada.post("/sign-in", FORM, &own).await;
    assert!(answer.cookie(REFRESH).is_none() && answer.location().starts_with("/sign-in?"), "{}", answer.location());
    assert_eq!(made(&app).await, "1 1 0 0 1", "used");

    let (mut late, question) = begin(&app).await;
    app.execute("UPDATE federation_flows SET expires_at = 1").await;
    let token = acme.id_token(&app, &question.nonce);
    let answer = late.post("/sign-in", FORM, &form(&question, &token, "")).await;
    assert_refused(&mut late, &answer, EXPIRED, "too late").await;
    assert_eq!(made(&app).await, "1 1 0 0 1", "too late");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_let_in_who_would_not_be_after_a_redirect() {
    let (app, acme) = start().await;
    let person = |verified: Value| json!({"sub": "ada-1815", "email": ADA, "email_verified": verified, "name": "Ada"});
    for verified in [json!(false), json!("true"), json!("false"), json!(null)] {
        acme.set_person(person(verified.clone()));
        let (browser, answer) = come(&app, &acme).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/finish-sign-up"), "{verified}");
        assert!(browser.cookie(REFRESH).is_none() && browser.cookie(PENDING).is_some(), "{verified}");
    }
    acme.set_person(person(json!(true)));
    let (mut holder, _) = app.create_holder(ADA).await;
    let (mut browser, answer) = come(&app, &acme).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/connect-account"));
    assert!(browser.cookie(REFRESH).is_none() && browser.cookie("__Host-last-way").is_none());
    assert!(browser.go("/connect-account", &[]).await.says("page.connect_account.title"));
    assert!(made(&app).await.starts_with("1 0 "), "nothing is connected");

    // Connected by its owner, the second factor is asked for.
    let (cookie, _) = app.sign_in_fully(&mut holder, "").await;
    let mut own = Browser::with(&app, &cookie);
    let begun = own.follow("/account/connections", "/account/connections/acme/connect").await;
    own.come_back(&acme.agree(&app, begun.location())).await;
    assert!(made(&app).await.starts_with("1 1 "), "it is connected");
    let (mut browser, answer) = come(&app, &acme).await;
    assert!(answer.location().starts_with("/two-step"), "{}", answer.location());
    assert!(browser.cookie(REFRESH).is_none() && browser.cookie(WAITING).is_some());
    assert_eq!(browser.go("/dashboard", &[]).await.status, StatusCode::SEE_OTHER, "nobody is signed in");
}
