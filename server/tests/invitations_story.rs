//! Invitations, mail domains and the rule for second factors over REST.

use crate::support::{Answer, TestApp, token_of};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::UdpSocket;

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
const EVE: &str = "eve@example.com";
const UNKNOWN: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// Ada, who owns an organization.
struct Acme {
    app: TestApp,
    ada: String,
    /// The address of the organization in the API.
    at: String,
}

impl Acme {
    async fn start(settings: &str) -> Self {
        let app = TestApp::start_with(settings).await;
        let ada = signed_up(&app, ADA).await;
        let at = organization(&app, &ada, "Acme").await;
        Self { app, ada, at }
    }

    async fn post(&self, token: &str, below: &str, body: &Value) -> Answer {
        self.call(Method::POST, token, below, body).await
    }

    async fn call(&self, method: Method, token: &str, below: &str, body: &Value) -> Answer {
        self.app.bearer_body(method, &format!("{}{below}", self.at), token, body.to_string().into()).await
    }

    async fn invite(&self, email: &str, role: &str) -> Value {
        let made = self.post(&self.ada, "/invitations", &json!({"email": email, "role": role})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        made.value()
    }
}

async fn signed_up(app: &TestApp, email: &str) -> String {
    app.create_account(email).await;
    app.sign_in(email).await.1
}

async fn organization(app: &TestApp, token: &str, name: &str) -> String {
    let body = json!({ "name": name }).to_string();
    let made = app.bearer_body(Method::POST, "/api/v1/organizations", token, body.into()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    format!("/api/v1/organizations/{}", made.value()["id"].as_str().unwrap())
}

async fn accept(app: &TestApp, token: &str, body: &Value) -> Answer {
    app.bearer_body(Method::POST, "/api/v1/invitations/accept", token, body.to_string().into()).await
}

fn assert_refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.body);
}

fn issues(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = answer.value()["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| (text(&error["field"]), text(&error["code"]))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_from_the_mail_to_the_membership() {
    let acme = Acme::start("").await;
    let made = acme.invite(BOB, "member").await;
    assert_eq!((&made["email"], &made["state"], &made["role_name"]), (&json!(BOB), &json!("open"), &json!("member")));
    let mail = acme.app.mail(BOB, "invitation").await;
    let token = token_of(&mail);
    assert!(!made.to_string().contains(&token), "whoever invites does not learn the link");
    let listed = acme.call(Method::GET, &acme.ada, "/invitations", &json!({})).await;
    assert_eq!((listed.status, &listed.value()["items"][0]), (StatusCode::OK, &made));

    let link = json!({ "token": token });
    let shown = acme.app.json("/api/v1/invitations/show", &link).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    assert_eq!(shown.header("cache-control"), "no-store");
    let shown = shown.value();
    assert_eq!((&shown["organization"], &shown["inviter"]), (&json!("Acme"), &json!("Sam")));
    assert_eq!((&shown["email"], &shown["reader"]), (&json!(BOB), &json!("signed_out")));

    let eve = signed_up(&acme.app, EVE).await;
    assert_refused(&accept(&acme.app, &eve, &link).await, StatusCode::FORBIDDEN, "wrong_account");
    let path = "/api/v1/invitations/show";
    let seen = acme.app.bearer_body(Method::POST, path, &eve, link.to_string().into()).await;
    assert_eq!(seen.value()["reader"], "other");
    let bob = signed_up(&acme.app, BOB).await;
    let joined = accept(&acme.app, &bob, &link).await;
    assert_eq!(joined.status, StatusCode::OK, "{}", joined.body);
    assert_eq!(joined.value()["slug"], "acme");
    assert!(acme.at.ends_with(joined.value()["organization"].as_str().unwrap()));
    let (_, bob) = acme.app.sign_in(BOB).await;
    let view = acme.call(Method::GET, &bob, "", &json!({})).await;
    assert_eq!((view.status, &view.value()["role"]), (StatusCode::OK, &json!("member")));
    assert_refused(&accept(&acme.app, &bob, &link).await, StatusCode::GONE, "link_expired");
    assert_refused(&acme.app.json(path, &link).await, StatusCode::GONE, "link_expired");
    acme.app.mail(ADA, "invitation_accepted").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_typed_with_or_without_its_organization() {
    let acme = Acme::start("").await;
    let bob = signed_up(&acme.app, BOB).await;
    acme.invite(BOB, "viewer").await;
    let code = acme.app.mail(BOB, "invitation").await["code"].as_str().unwrap().to_owned();
    let id = acme.at.rsplit('/').next().unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for (body, status, refused) in [
        (json!({"organization": id, "code": wrong}), StatusCode::UNPROCESSABLE_ENTITY, "wrong_code"),
        (json!({"organization": UNKNOWN, "code": code}), StatusCode::GONE, "link_expired"),
        (json!({"organization": "x\u{0}", "code": code}), StatusCode::GONE, "link_expired"),
        (json!({"token": "x", "code": code}), StatusCode::BAD_REQUEST, "malformed_request"),
        (json!({"organization": id}), StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields"),
        (json!({}), StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields"),
    ] {
        assert_refused(&accept(&acme.app, &bob, &body).await, status, refused);
    }
    assert_eq!(accept(&acme.app, &bob, &json!({ "code": code })).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn declined_revoked_and_sent_again() {
    let acme = Acme::start("").await;
    let made = acme.invite(BOB, "viewer").await;
    let below = format!("/invitations/{}", made["id"].as_str().unwrap());
    let soon = acme.post(&acme.ada, &format!("{below}/resend"), &json!({})).await;
    assert_refused(&soon, StatusCode::TOO_MANY_REQUESTS, "too_soon");
    assert!((1..=60).contains(&soon.header("retry-after").parse::<u32>().unwrap()));
    let old = json!({"token": token_of(&acme.app.mail(BOB, "invitation").await)});
    acme.app.execute("UPDATE invitation_mails SET sent_at = sent_at - 60000").await;
    acme.app.execute("DELETE FROM dev_inbox").await;
    let sent = acme.post(&acme.ada, &format!("{below}/resend"), &json!({})).await;
    assert_eq!((sent.status, &sent.value()["id"]), (StatusCode::OK, &made["id"]), "{}", sent.body);
    let new = json!({"token": token_of(&acme.app.mail(BOB, "invitation").await)});
    assert_refused(&acme.app.json("/api/v1/invitations/show", &old).await, StatusCode::GONE, "link_expired");
    let declined = acme.app.json("/api/v1/invitations/decline", &new).await;
    assert_eq!(declined.status, StatusCode::NO_CONTENT, "{}", declined.body);
    let gone = acme.call(Method::DELETE, &acme.ada, &below, &json!({})).await;
    assert_refused(&gone, StatusCode::NOT_FOUND, "not_found");
    let sent = acme.post(&acme.ada, &format!("{below}/resend"), &json!({})).await;
    assert_refused(&sent, StatusCode::CONFLICT, "wrong_state");

    let other = acme.invite("carol@example.com", "viewer").await;
    let below = format!("/invitations/{}", other["id"].as_str().unwrap());
    let link = json!({"token": token_of(&acme.app.mail("carol@example.com", "invitation").await)});
    let gone = acme.call(Method::DELETE, &acme.ada, &below, &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_refused(&acme.app.json("/api/v1/invitations/show", &link).await, StatusCode::GONE, "link_expired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_wrong_is_told_and_foreign_ids_are_as_good_as_none() {
    let acme = Acme::start("organization_domains = 'on'\n").await;
    let made = acme.invite(BOB, "member").await;
    let bob = signed_up(&acme.app, BOB).await;
    let link = json!({"token": token_of(&acme.app.mail(BOB, "invitation").await)});
    accept(&acme.app, &bob, &link).await;
    let (_, bob) = acme.app.sign_in(BOB).await;
    let eve = signed_up(&acme.app, EVE).await;
    let other = Acme { at: organization(&acme.app, &eve, "Other").await, ada: eve.clone(), app: acme.app };
    let (app, at, ada) = (&other.app, &acme.at, &acme.ada);
    let made = made["id"].as_str().unwrap();

    for (body, told) in [
        (json!({"email": "x", "role": "root"}), &[("email", "invalid_email"), ("role", "unknown")][..]),
        (json!({"email": BOB, "role": "viewer"}), &[("email", "already_member")]),
        (json!({"email": "d@example.com", "role": UNKNOWN}), &[("role", "unknown")]),
        (
            json!({"email": "d@example.com", "role": "viewer", "department": "x".repeat(61)}),
            &[("department", "too_long")],
        ),
        (json!({}), &[("email", "required"), ("role", "required")]),
    ] {
        let refused = app.bearer_body(Method::POST, &format!("{at}/invitations"), ada, body.to_string().into()).await;
        assert_refused(&refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
        let told: Vec<_> = told.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect();
        assert_eq!(issues(&refused), told, "{body}");
    }
    for (member, value) in [("id", json!(UNKNOWN)), ("org_id", json!(UNKNOWN)), ("verified_at", json!(1))] {
        let mut body = json!({"email": "d@example.com", "role": "viewer"});
        body[member] = value;
        let refused = app.bearer_body(Method::POST, &format!("{at}/invitations"), ada, body.to_string().into()).await;
        assert_refused(&refused, StatusCode::BAD_REQUEST, "malformed_request");
    }

    let email = json!({"email": "d@example.com", "role": "viewer"});
    let (id, body) = (made, json!({}));
    for (method, below, body) in [
        (Method::GET, "/invitations".to_owned(), &body),
        (Method::POST, "/invitations".to_owned(), &email),
        (Method::DELETE, format!("/invitations/{id}"), &body),
        (Method::POST, format!("/invitations/{id}/resend"), &body),
        (Method::GET, "/domains".to_owned(), &body),
        (Method::POST, "/domains".to_owned(), &json!({"domain": "acme.example"})),
        (Method::PATCH, format!("/domains/{UNKNOWN}"), &json!({"join_role": null})),
        (Method::DELETE, format!("/domains/{UNKNOWN}"), &body),
        (Method::POST, format!("/domains/{UNKNOWN}/check"), &body),
        (Method::PUT, "/second-factor".to_owned(), &json!({"required": true})),
    ] {
        let call = |token: &str, path: String| {
            let (method, body, token) = (method.clone(), body.to_string(), token.to_owned());
            async move { app.bearer_body(method, &path, &token, body.into()).await }
        };
        let what = format!("{method} {below}");
        for token in [&bob, &eve] {
            let answer = call(token, format!("{at}{below}")).await;
            let expected = if token == &bob { "forbidden" } else { "not_found" };
            assert_eq!(answer.code(), expected, "{what}: {}", answer.body);
        }
        let unknown = call(ada, format!("/api/v1/organizations/{UNKNOWN}{below}")).await;
        assert_refused(&unknown, StatusCode::NOT_FOUND, "not_found");
        let malformed = call(ada, format!("/api/v1/organizations/acme{below}")).await;
        assert_refused(&malformed, StatusCode::BAD_REQUEST, "malformed_request");
    }
    // Ids of one organization mean nothing in another.
    for below in [format!("/invitations/{id}"), format!("/invitations/{UNKNOWN}")] {
        let foreign = other.call(Method::DELETE, &eve, &below, &body).await;
        assert_refused(&foreign, StatusCode::NOT_FOUND, "not_found");
    }
    let malformed = other.call(Method::DELETE, &eve, "/invitations/1", &body).await;
    assert_refused(&malformed, StatusCode::BAD_REQUEST, "malformed_request");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_domains_are_off_there_are_none() {
    let acme = Acme::start("").await;
    for (method, below, body) in [
        (Method::GET, "/domains".to_owned(), json!({})),
        (Method::POST, "/domains".to_owned(), json!({"domain": "acme.example"})),
        (Method::POST, format!("/domains/{UNKNOWN}/check"), json!({})),
        (Method::PATCH, format!("/domains/{UNKNOWN}"), json!({"join_role": "viewer"})),
        (Method::DELETE, format!("/domains/{UNKNOWN}"), json!({})),
    ] {
        let answer = acme.call(method.clone(), &acme.ada, &below, &body).await;
        assert_eq!(answer.code(), "not_found", "{method} {below}");
    }
}

/// A server of the DNS that answers every question with one text.
async fn dns(text: Arc<Mutex<String>>) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut bytes = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut bytes).await {
            let mut answer = bytes[..length].to_vec();
            answer[2..4].copy_from_slice(&[0x81, 0x80]);
            answer[7] = 1;
            answer.extend_from_slice(&[0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
            let text = text.lock().unwrap().clone();
            let length = u8::try_from(text.len()).unwrap();
            answer.extend_from_slice(&[0, length + 1, length]);
            answer.extend_from_slice(text.as_bytes());
            let _ = socket.send_to(&answer, from).await;
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_domain_is_proved_by_its_record_and_people_join() {
    let text = Arc::new(Mutex::new("v=spf1 -all".to_owned()));
    let server = dns(Arc::clone(&text)).await;
    let acme = Acme::start(&format!("organization_domains = 'on'\ndns_server = '{server}'\n")).await;
    for (domain, issue) in [("", "required"), ("acme", "invalid_domain"), ("gmail.com", "public_domain")] {
        let refused = acme.post(&acme.ada, "/domains", &json!({ "domain": domain })).await;
        assert_refused(&refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
        assert_eq!(issues(&refused), [("domain".to_owned(), issue.to_owned())]);
    }
    let claimed = acme.post(&acme.ada, "/domains", &json!({"domain": "acme.example"})).await;
    assert_eq!(claimed.status, StatusCode::CREATED, "{}", claimed.body);
    let claimed = claimed.value();
    let below = format!("/domains/{}", claimed["id"].as_str().unwrap());
    let (look, nothing) = (format!("{below}/check"), json!({}));
    let check = || acme.post(&acme.ada, &look, &nothing);
    let checked = check().await;
    assert_eq!((checked.status, &checked.value()["state"]), (StatusCode::OK, &json!("claimed")), "{}", checked.body);
    assert_refused(&check().await, StatusCode::TOO_MANY_REQUESTS, "too_soon");
    *text.lock().unwrap() = claimed["record"].as_str().unwrap().to_owned();
    acme.app.execute("UPDATE organization_domains SET checked_at = 0").await;
    let checked = check().await;
    assert_eq!((checked.status, &checked.value()["state"]), (StatusCode::OK, &json!("verified")), "{}", checked.body);

    let admin = acme.call(Method::PATCH, &acme.ada, &below, &json!({"join_role": "admin"})).await;
    assert_eq!(issues(&admin), [("role".to_owned(), "beyond_own".to_owned())]);
    let changed = acme.call(Method::PATCH, &acme.ada, &below, &json!({"join_role": "viewer"})).await;
    assert_eq!(changed.value()["join_role"], "viewer");
    let carol = signed_up(&acme.app, "carol@acme.example").await;
    let view = acme.call(Method::GET, &carol, "", &json!({})).await;
    assert_eq!((view.status, &view.value()["role"]), (StatusCode::OK, &json!("viewer")), "{}", view.body);
    let released = acme.call(Method::DELETE, &acme.ada, &below, &json!({})).await;
    assert_eq!(released.status, StatusCode::NO_CONTENT);
    assert_eq!(acme.call(Method::GET, &acme.ada, "/domains", &json!({})).await.value(), json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rule_for_second_factors_closes_everything_once_the_grace_is_over() {
    let acme = Acme::start("second_factor = 'optional'\n").await;
    let set = acme.call(Method::PUT, &acme.ada, "/second-factor", &json!({"required": true})).await;
    assert_eq!((set.status, &set.value()["without"]), (StatusCode::OK, &json!(1)), "{}", set.body);
    let (_, ada) = acme.app.sign_in(ADA).await;
    let me = acme.app.bearer(Method::GET, "/api/v1/me", &ada).await.value();
    assert!(me["second_factor_due"].is_i64(), "{me}");
    assert_eq!(acme.call(Method::GET, &ada, "/second-factor", &json!({})).await.status, StatusCode::OK);
    acme.app.execute("UPDATE organizations SET factor_required_from = 1").await;
    acme.app.execute("UPDATE memberships SET joined_at = 1").await;
    let (_, ada) = acme.app.sign_in(ADA).await;
    let closed = acme.app.bearer(Method::GET, "/api/v1/tokens", &ada).await;
    assert_refused(&closed, StatusCode::FORBIDDEN, "second_factor_required");
    let missing = acme.call(Method::PUT, &ada, "/second-factor", &json!({})).await;
    assert_refused(&missing, StatusCode::FORBIDDEN, "second_factor_required");
    // An owner alone may not leave, and whoever may is let go.
    let left = acme.post(&ada, "/leave", &json!({})).await;
    assert_refused(&left, StatusCode::CONFLICT, "last_owner");
}
