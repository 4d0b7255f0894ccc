//! What the log says of what a request left to be delivered: each line names the request, so that what the caller was told
//! leads to it (ASVS 5.0, 16.2.1). Each test runs on one thread, and listens to that.

use crate::support::log::Kept;
use crate::support::{Answer, PASSWORD, TestApp};
use axum::Router;
use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const PHONES: [&str; 2] = ["+447700900123", "+447700900124"];

/// A service that is told of events.
struct Service {
    url: String,
    /// The ids of the deliveries that came.
    heard: Arc<Mutex<Vec<String>>>,
    /// Whether it takes them.
    is_well: Arc<AtomicBool>,
}

impl Service {
    async fn start() -> Self {
        let (heard, is_well) = (Arc::<Mutex<Vec<String>>>::default(), Arc::new(AtomicBool::new(true)));
        let (ears, mood) = (Arc::clone(&heard), Arc::clone(&is_well));
        let take = move |headers: HeaderMap| {
            ears.lock().unwrap().push(headers["webhook-id"].to_str().unwrap().to_owned());
            let is_well = mood.load(Ordering::SeqCst);
            async move { if is_well { StatusCode::NO_CONTENT } else { StatusCode::INTERNAL_SERVER_ERROR } }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/in", listener.local_addr().unwrap());
        let router = Router::new().fallback(take);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, heard, is_well }
    }
}

fn id_of(answer: &Answer) -> &str {
    answer.header("x-request-id")
}

async fn sign_up(app: &TestApp, email: &str) -> Answer {
    app.json("/api/v1/sign-up", &json!({"email": email, "password": PASSWORD, "name": "Sam"})).await
}

/// Tells the webhooks what happened.
async fn tell(app: &TestApp) {
    let auth = &app.application.auth;
    auth.seal_audit_log().await.unwrap();
    while auth.feed_webhooks().await.unwrap() > 0 {}
    auth.deliver_webhooks().await.unwrap();
}

/// Adds a phone number; gives the answer, and whatever is delivered for it has been tried.
async fn add_phone(app: &TestApp, token: &str, phone: &str) -> Answer {
    let body = json!({"phone_number": phone}).to_string();
    let asked = app.bearer_body(Method::POST, "/api/v1/factors/phone", token, body.into()).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    app.deliver().await;
    asked
}

/// The lines of the work of this kind that a request left.
fn left_by<'a>(lines: &'a [Value], answer: &Answer, kind: &str) -> Vec<&'a Value> {
    let is_left = |line: &&Value| line["span"]["request"] == id_of(answer) && line["span"]["kind"] == kind;
    lines.iter().filter(is_left).collect()
}

#[tokio::test(flavor = "current_thread")]
async fn one_request_id_leads_from_the_answer_to_the_line_of_its_mail() {
    let (kept, _guard) = Kept::listen();
    let app = TestApp::start().await;
    let (first, other) = (sign_up(&app, ALICE).await, sign_up(&app, BOB).await);
    app.deliver().await;
    let lines = kept.lines();
    for answer in [&first, &other] {
        let id = id_of(answer);
        let is_of = |line: &&Value| line["span"]["request"] == id || line["span"]["id"] == id;
        let said: Vec<&Value> = lines.iter().filter(is_of).map(|line| &line["message"]).collect();
        for message in ["answered", "a mail was delivered"] {
            assert_eq!(said.iter().filter(|one| **one == message).count(), 1, "{id}: {message} in {lines:?}");
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn the_request_that_asked_for_an_sms_is_named_by_its_line_which_calls_it_one() {
    let (kept, _guard) = Kept::listen();
    let app = TestApp::start().await;
    app.create_account(ALICE).await;
    app.create_account(BOB).await;
    let ((_, alice), (_, bob)) = (app.sign_in(ALICE).await, app.sign_in(BOB).await);
    let arrives = add_phone(&app, &alice, PHONES[0]).await;
    app.execute("ALTER TABLE dev_inbox RENAME TO lost").await;
    let fails = add_phone(&app, &bob, PHONES[1]).await;
    let lines = kept.lines();
    for (answer, level, message) in
        [(&arrives, "INFO", "an SMS was delivered"), (&fails, "WARN", "an SMS was not delivered")]
    {
        let left = left_by(&lines, answer, "sms");
        assert_eq!(left.len(), 1, "{}: {lines:?}", id_of(answer));
        assert_eq!((&left[0]["level"], &left[0]["message"]), (&json!(level), &json!(message)));
        assert!(lines.iter().any(|line| line["message"] == "answered" && line["span"]["id"] == id_of(answer)));
        let said = left[0].to_string();
        assert!(PHONES.iter().all(|phone| !said.contains(phone)), "whose it is stands in no line: {said}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn the_request_of_an_event_is_named_by_the_line_of_what_a_webhook_was_told_of_it() {
    let (kept, _guard) = Kept::listen();
    let (app, service) = (TestApp::start().await, Service::start().await);
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    let (_, admin) = app.sign_in(ADMIN).await;
    let wanted = json!({"url": service.url, "kinds": ["user.created"]}).to_string();
    let made = app.bearer_body(Method::POST, "/api/v1/admin/webhooks", &admin, wanted.into()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let mut proved = Vec::new();
    for (email, is_well) in [(ALICE, true), (BOB, false)] {
        sign_up(&app, email).await;
        let code = app.mail(email, "verify_email").await["code"].clone();
        let answer = app.json("/api/v1/verify-email", &json!({"email": email, "code": code})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
        service.is_well.store(is_well, Ordering::SeqCst);
        tell(&app).await;
        proved.push(answer);
    }
    let (lines, heard) = (kept.lines(), service.heard.lock().unwrap().clone());
    assert_eq!(heard.len(), 2, "one for each account: {heard:?}");
    let messages = ["a delivery arrived", "a delivery did not arrive"];
    for ((answer, delivery), message) in proved.iter().zip(heard).zip(messages) {
        let is_of = |line: &&Value| line["span"]["name"] == "webhook" && line["span"]["request"] == id_of(answer);
        let told: Vec<&Value> = lines.iter().filter(is_of).collect();
        assert_eq!(told.len(), 1, "{}: {lines:?}", id_of(answer));
        assert_eq!((&told[0]["message"], &told[0]["span"]["delivery"]), (&json!(message), &json!(delivery)));
    }
}
