//! Organizations for programs: what each call answers to each role, to strangers, and to what is no id.

use crate::support::{Answer, PASSWORD, TestApp};
use auth::organization::BuiltInRole;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const OWNER: &str = "olga@example.com";
const MEMBER: &str = "mia@example.com";
const STRANGER: &str = "sven@example.com";
const PATH: &str = "/api/v1/organizations";
const UNKNOWN: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// An organization with its owner and a member.
struct Acme {
    app: TestApp,
    id: String,
    owner: String,
    member: String,
    member_id: String,
}

impl Acme {
    async fn start() -> Self {
        let app = TestApp::start().await;
        for email in [OWNER, MEMBER, STRANGER] {
            app.create_account(email).await;
        }
        let (_, owner) = app.sign_in(OWNER).await;
        let made = post(&app, &owner, PATH, &json!({"name": "Acme"})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let id = made.value()["id"].as_str().unwrap().to_owned();
        let (_, member) = app.sign_in(MEMBER).await;
        let me = app.bearer(Method::GET, "/api/v1/me", &member).await.value();
        let member_id = me["id"].as_str().unwrap().to_owned();
        app.join(&id, &member_id, BuiltInRole::Member).await;
        Self { app, id, owner, member, member_id }
    }

    fn path(&self, rest: &str) -> String {
        format!("{PATH}/{}{rest}", self.id)
    }

    async fn call(&self, method: Method, rest: &str, token: &str, body: &Value) -> Answer {
        self.app.bearer_body(method, &self.path(rest), token, body.to_string().into()).await
    }
}

async fn post(app: &TestApp, token: &str, path: &str, body: &Value) -> Answer {
    app.bearer_body(Method::POST, path, token, body.to_string().into()).await
}

fn said(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

/// Every call about an organization, with a body that is right.
fn calls(member: &str) -> Vec<(Method, String, Value)> {
    let none = || json!({});
    vec![
        (Method::GET, String::new(), none()),
        (Method::PATCH, String::new(), json!({"name": "Mine"})),
        (Method::DELETE, String::new(), none()),
        (Method::POST, "/keep".into(), none()),
        (Method::DELETE, "/logo".into(), none()),
        (Method::GET, "/members".into(), none()),
        (Method::PATCH, format!("/members/{member}"), json!({"role": "admin"})),
        (Method::DELETE, format!("/members/{member}"), none()),
        (Method::POST, "/leave".into(), none()),
        (Method::POST, "/transfer".into(), json!({"user_id": member})),
        (Method::GET, "/roles".into(), none()),
        (Method::POST, "/roles".into(), json!({"name": "Mine", "permissions": ["documents:read"]})),
        (Method::PATCH, format!("/roles/{UNKNOWN}"), json!({"name": "Mine"})),
        (Method::DELETE, format!("/roles/{UNKNOWN}"), none()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_makes_one_changes_it_and_asks_for_its_end() {
    let acme = Acme::start().await;
    let shown = acme.call(Method::GET, "", &acme.owner, &json!({})).await.value();
    assert_eq!((&shown["slug"], &shown["role"], &shown["is_chosen"]), (&json!("acme"), &json!("owner"), &json!(true)));
    let renamed = acme.call(Method::PATCH, "", &acme.owner, &json!({"name": "Acme & Sons"})).await.value();
    assert_eq!((&renamed["name"], &renamed["slug"]), (&json!("Acme & Sons"), &json!("acme")));

    let listed = acme.app.bearer(Method::GET, PATH, &acme.owner).await.value();
    assert_eq!((listed["items"].as_array().unwrap().len(), &listed["next"]), (1, &Value::Null));
    let me = acme.app.bearer(Method::GET, "/api/v1/me", &acme.owner).await.value();
    assert_eq!((&me["organizations"][0]["id"], &me["organizations"][0]["role"]), (&json!(acme.id), &json!("owner")));

    let members = acme.call(Method::GET, "/members?q=mia", &acme.owner, &json!({})).await.value();
    assert_eq!((&members["items"][0]["email"], &members["items"][0]["role"]), (&json!(MEMBER), &json!("member")));
    let path = format!("/members/{}", acme.member_id);
    let changed = acme.call(Method::PATCH, &path, &acme.owner, &json!({"role": "admin", "department": "Sales"})).await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT, "{}", changed.body);
    let late = acme.app.bearer(Method::GET, "/api/v1/me", &acme.member).await;
    assert_eq!(said(&late), (401, "invalid_token".into()), "it counts at once");

    let asked = acme.call(Method::DELETE, "", &acme.owner, &json!({})).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    assert!(asked.value()["delete_at"].as_i64().unwrap() > 0);
    let again = acme.call(Method::DELETE, "", &acme.owner, &json!({})).await;
    assert_eq!(said(&again), (409, "changed_meanwhile".into()));
    assert_eq!(acme.call(Method::POST, "/keep", &acme.owner, &json!({})).await.status, StatusCode::NO_CONTENT);
    let left = acme.call(Method::POST, "/leave", &acme.owner, &json!({})).await;
    assert_eq!(said(&left), (409, "last_owner".into()));
    acme.app.forget_proofs().await;
    let stale = acme.call(Method::DELETE, "", &acme.owner, &json!({})).await;
    assert_eq!(said(&stale), (403, "reauthentication_required".into()));
    let proof = json!({"current_password": PASSWORD});
    assert_eq!(post(&acme.app, &acme.owner, "/api/v1/reauthenticate", &proof).await.status, StatusCode::NO_CONTENT);
    let given = acme.call(Method::POST, "/transfer", &acme.owner, &json!({"user_id": acme.member_id})).await;
    assert_eq!(given.status, StatusCode::NO_CONTENT, "{}", given.body);
    acme.app.mail(MEMBER, "ownership_received").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_of_others_answers_as_one_that_is_not_there() {
    let acme = Acme::start().await;
    let (_, stranger) = acme.app.sign_in(STRANGER).await;
    for (method, rest, body) in calls(&acme.member_id) {
        let foreign = acme.call(method.clone(), &rest, &stranger, &body).await;
        let path = format!("{PATH}/{UNKNOWN}{rest}");
        let missing = acme.app.bearer_body(method.clone(), &path, &stranger, body.to_string().into()).await;
        assert_eq!(said(&foreign), (404, "not_found".into()), "{method} {rest}");
        assert_eq!(foreign.body, missing.body, "{method} {rest}");
        for id in ["acme", "%00", "1", "01890a5d-ac96-774b-bcce-b302099a805", &"x".repeat(5_000)] {
            let path = format!("{PATH}/{id}{rest}");
            let broken = acme.app.bearer_body(method.clone(), &path, &stranger, body.to_string().into()).await;
            assert_eq!(said(&broken), (400, "malformed_request".into()), "{method} {path:.80}");
        }
    }
    let chosen = json!({"organization_id": acme.id}).to_string();
    let chosen = acme.app.bearer_body(Method::PUT, "/api/v1/me/organization", &stranger, chosen.into()).await;
    assert_eq!(said(&chosen), (404, "not_found".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_hears_what_they_may_not() {
    let acme = Acme::start().await;
    for (method, rest, body) in calls(&acme.member_id) {
        // What a member may is read, and left.
        if method == Method::GET || rest == "/leave" {
            continue;
        }
        let answer = acme.call(method.clone(), &rest, &acme.member, &body).await;
        assert_eq!(said(&answer), (403, "forbidden".into()), "{method} {rest}");
    }
    let shown = acme.call(Method::GET, "", &acme.member, &json!({})).await.value();
    assert_eq!(shown["name"], "Acme", "nothing was done");
    let left = acme.call(Method::POST, "/leave", &acme.member, &json!({})).await;
    assert_eq!(left.status, StatusCode::NO_CONTENT, "{}", left.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_beside_what_is_asked_for_is_refused() {
    let acme = Acme::start().await;
    let more = [
        ("role", json!("owner")),
        ("organization_id", json!(UNKNOWN)),
        ("id", json!(UNKNOWN)),
        ("created_at", json!(0)),
        ("permissions", json!(["organization:delete"])),
        ("delete_at", Value::Null),
        ("is_built_in", json!(true)),
        ("version", json!(7)),
        ("joined_at", json!(0)),
    ];
    let member = format!("/members/{}", acme.member_id);
    let bodies = [
        (Method::PATCH, "", json!({"name": "Mine"})),
        (Method::PATCH, &*member, json!({"role": "viewer"})),
        (Method::POST, "/transfer", json!({"user_id": acme.member_id})),
        (Method::POST, "/roles", json!({"name": "Mine", "permissions": ["documents:read"]})),
    ];
    for (method, rest, good) in bodies {
        for (field, value) in &more {
            // What a call knows is no surplus.
            if good.get(*field).is_some() {
                continue;
            }
            let mut body = good.clone();
            body[*field] = value.clone();
            let answer = acme.call(method.clone(), rest, &acme.owner, &body).await;
            assert_eq!(said(&answer), (400, "malformed_request".into()), "{method} {rest} {field}");
        }
    }
    let made = json!({"name": "Mine", "owner": acme.member_id});
    assert_eq!(said(&post(&acme.app, &acme.owner, PATH, &made).await), (400, "malformed_request".into()));
    let shown = acme.call(Method::GET, "", &acme.owner, &json!({})).await.value();
    assert_eq!((&shown["name"], &shown["delete_at"]), (&json!("Acme"), &Value::Null));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_is_refused_clearly() {
    let acme = Acme::start().await;
    let role = format!("/roles/{UNKNOWN}");
    let member = format!("/members/{}", acme.member_id);
    for (method, rest, body, field, issue) in [
        (Method::PATCH, "", json!({"name": ""}), "name", "required"),
        (Method::PATCH, "", json!({"name": "a\u{202e}b"}), "name", "invalid_character"),
        (Method::PATCH, "", json!({"name": "x".repeat(30_000)}), "name", "too_long"),
        (Method::PATCH, "", json!({"slug": "a b"}), "slug", "invalid_slug"),
        (Method::PATCH, "", json!({"slug": "admin"}), "slug", "taken"),
        (Method::PATCH, &*member, json!({"role": "root"}), "role", "unknown"),
        (Method::PATCH, &*member, json!({"role": ""}), "role", "required"),
        (Method::PATCH, &*member, json!({"role": "\u{0}"}), "role", "unknown"),
        (Method::PATCH, &*member, json!({"role": UNKNOWN}), "role", "unknown"),
        (Method::PATCH, &*member, json!({"department": "x".repeat(61)}), "department", "too_long"),
        (Method::POST, "/roles", json!({"name": "Owner", "permissions": ["documents:read"]}), "name", "taken"),
        (Method::POST, "/roles", json!({"name": "Mine", "permissions": []}), "permissions", "required"),
        (
            Method::POST,
            "/roles",
            json!({"name": "Mine", "permissions": ["organization:delete"]}),
            "permissions",
            "unknown",
        ),
        (Method::PATCH, &*role, json!({"permissions": ["users:read"]}), "permissions", "unknown"),
    ] {
        let answer = acme.call(method, rest, &acme.owner, &body).await;
        assert_eq!(said(&answer), (422, "invalid_fields".into()), "{rest} {body:.80}");
        let told = &answer.value()["errors"][0];
        assert_eq!((&told["field"], &told["code"]), (&json!(field), &json!(issue)), "{rest} {body:.80}");
    }
    for id in ["", "alice", "\u{0}"] {
        let answer = acme.call(Method::POST, "/transfer", &acme.owner, &json!({"user_id": id})).await;
        assert_eq!(said(&answer), (400, "malformed_request".into()), "{id:?}");
    }
    for query in ["after=x", "after=", "q=a&q=b", "more=1", "%"] {
        let answer = acme.call(Method::GET, &format!("/members?{query}"), &acme.owner, &json!({})).await;
        assert_eq!(said(&answer), (400, "malformed_request".into()), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roles_are_made_changed_given_and_removed() {
    let acme = Acme::start().await;
    let wanted = json!({"name": "Editor", "permissions": ["documents:update"]});
    let made = acme.call(Method::POST, "/roles", &acme.owner, &wanted).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let id = made.value()["id"].as_str().unwrap().to_owned();
    let taken = acme.call(Method::POST, "/roles", &acme.owner, &wanted).await;
    assert_eq!(said(&taken), (422, "invalid_fields".into()));
    let (role, member) = (format!("/roles/{id}"), format!("/members/{}", acme.member_id));
    let changed = acme.call(Method::PATCH, &role, &acme.owner, &json!({"permissions": ["documents:read"]})).await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT, "{}", changed.body);
    let given = acme.call(Method::PATCH, &member, &acme.owner, &json!({"role": id})).await;
    assert_eq!(given.status, StatusCode::NO_CONTENT, "{}", given.body);
    assert_eq!(said(&acme.call(Method::DELETE, &role, &acme.owner, &json!({})).await), (409, "wrong_state".into()));
    let roles = acme.call(Method::GET, "/roles", &acme.owner, &json!({})).await.value();
    let editor = roles["items"].as_array().unwrap().iter().find(|role| role["id"] == *id).unwrap();
    assert_eq!((&editor["name"], &editor["members"]), (&json!("Editor"), &json!(1)));
    assert_eq!(editor["permissions"], json!(["organization:read", "documents:read"]));
    acme.call(Method::PATCH, &member, &acme.owner, &json!({"role": "member"})).await;
    assert_eq!(acme.call(Method::DELETE, &role, &acme.owner, &json!({})).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_works_in_the_organization_that_was_chosen() {
    let acme = Acme::start().await;
    let choose = |body: Value| {
        let (app, token) = (&acme.app, &acme.member);
        async move { app.bearer_body(Method::PUT, "/api/v1/me/organization", token, body.to_string().into()).await }
    };
    let granted = choose(json!({"organization_id": acme.id})).await;
    assert_eq!(granted.status, StatusCode::OK, "{}", granted.body);
    let token = granted.value()["access_token"].as_str().unwrap().to_owned();
    let me = acme.app.bearer(Method::GET, "/api/v1/me", &token).await.value();
    assert_eq!(me["organizations"][0]["is_chosen"], true);
    assert_eq!(choose(json!({"organization_id": null})).await.status, StatusCode::OK);
    let me = acme.app.bearer(Method::GET, "/api/v1/me", &token).await.value();
    assert_eq!(me["organizations"][0]["is_chosen"], false);
    assert_eq!(said(&choose(json!({"organization_id": "acme"})).await), (400, "malformed_request".into()));
}
