//! Documents over REST: who may do what, in one's own organization and in others, and what a body may not say.

use crate::support::{Answer, TestApp};
use auth::id::{OrganizationId, UserId};
use auth::organization::{BuiltInRole, OrganizationName, OrganizationRole, Slug};
use auth::random::{Random, SystemRandom};
use auth::store::{NewMembership, NewOrganization};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const UNKNOWN: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// An organization without anybody in it.
async fn organization(app: &TestApp, slug: &str) -> String {
    let auth = &app.application.auth;
    let random = &SystemRandom as &dyn Random;
    let id = OrganizationId(random.id(auth.now()));
    let (slug, name) = (Slug::parse(slug).unwrap(), OrganizationName::parse(slug).unwrap());
    let mut tx = auth.store().begin().await.unwrap();
    let new = NewOrganization { id: &id, slug: &slug, name: &name, created_at: auth.now() };
    assert!(tx.insert_organization(new).await.unwrap());
    tx.commit().await.unwrap();
    id.0
}

/// Somebody in it; gives their access token and their id.
async fn member(app: &TestApp, organization: &str, email: &str, role: BuiltInRole) -> (String, String) {
    app.create_account(email).await;
    let (_, token) = app.sign_in(email).await;
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await.value();
    let id = me["id"].as_str().unwrap().to_owned();
    let auth = &app.application.auth;
    let mut tx = auth.store().begin().await.unwrap();
    let new = NewMembership {
        organization_id: &OrganizationId(organization.to_owned()),
        user_id: &UserId(id.clone()),
        role: &OrganizationRole::BuiltIn(role),
        department: None,
        joined_at: auth.now(),
    };
    assert!(tx.add_membership(new).await.unwrap());
    tx.commit().await.unwrap();
    (token, id)
}

fn documents(organization: &str) -> String {
    format!("/api/v1/organizations/{organization}/documents")
}

async fn send(app: &TestApp, method: Method, path: &str, token: &str, body: &Value) -> Answer {
    app.bearer_body(method, path, token, body.to_string().into()).await
}

/// Makes a document; gives its address.
async fn make(app: &TestApp, organization: &str, token: &str, title: &str) -> String {
    let list = documents(organization);
    let made = send(app, Method::POST, &list, token, &json!({"title": title, "body": "What it says."})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    format!("{list}/{}", made.value()["id"].as_str().unwrap())
}

fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_goes_its_way() {
    let app = TestApp::start().await;
    let acme = organization(&app, "acme").await;
    let (owner, owner_id) = member(&app, &acme, "olga@example.com", BuiltInRole::Owner).await;
    let (_, bob_id) = member(&app, &acme, "bob@example.com", BuiltInRole::Member).await;
    let wanted =
        json!({"title": " Budget 2028 ", "body": "One\r\ntwo", "department": "Finance", "sensitivity": "public"});
    let made = send(&app, Method::POST, &documents(&acme), &owner, &wanted).await;
    assert_eq!((made.status, made.header("cache-control")), (StatusCode::CREATED, "no-store"), "{}", made.body);
    let made = made.value();
    let shown = ["title", "body", "department", "sensitivity", "state", "version"].map(|member| made[member].clone());
    let expected =
        [json!("Budget 2028"), json!("One\ntwo"), json!("Finance"), json!("public"), json!("draft"), json!(1)];
    assert_eq!(shown, expected);
    assert_eq!((&made["owner"]["id"], &made["owner"]["name"]), (&json!(owner_id), &json!("Sam")));
    assert_eq!(made["may"], json!(["change", "change_sensitivity", "change_state", "hand_over", "delete"]));

    let path = format!("{}/{}", documents(&acme), made["id"].as_str().unwrap());
    assert_eq!(app.bearer(Method::GET, &path, &owner).await.value(), made);
    let list =
        app.bearer(Method::GET, &format!("{}?state=draft&owner=me&q=bud", documents(&acme)), &owner).await.value();
    assert_eq!(
        (&list["items"][0]["id"], &list["next"], &list["needs_proof"]),
        (&made["id"], &Value::Null, &json!(false))
    );
    assert!(list["items"][0]["body"].is_null(), "lists tell no text");

    let change = json!({"title": "Budget", "department": "", "version": 1});
    let changed = send(&app, Method::PATCH, &path, &owner, &change).await.value();
    assert_eq!(
        (&changed["title"], &changed["department"], &changed["version"]),
        (&json!("Budget"), &Value::Null, &json!(2))
    );
    assert_eq!(changed["body"], "One\ntwo");
    for (address, body, member, value) in [
        ("state", json!({"state": "published"}), "state", "published"),
        ("sensitivity", json!({"sensitivity": "confidential"}), "sensitivity", "confidential"),
        ("state", json!({"state": "archived"}), "state", "archived"),
        ("state", json!({"state": "draft"}), "state", "draft"),
    ] {
        let answer = send(&app, Method::PUT, &format!("{path}/{address}"), &owner, &body).await;
        assert_eq!((answer.status, &answer.value()[member]), (StatusCode::OK, &json!(value)), "{}", answer.body);
    }
    let handed = send(&app, Method::PUT, &format!("{path}/owner"), &owner, &json!({"owner": bob_id})).await;
    assert_eq!(handed.status, StatusCode::NO_CONTENT, "{}", handed.body);
    assert_eq!(app.bearer(Method::GET, &path, &owner).await.value()["owner"]["id"], json!(bob_id));
    assert_eq!(app.bearer(Method::DELETE, &path, &owner).await.status, StatusCode::NO_CONTENT);
    assert_refused(&app.bearer(Method::GET, &path, &owner).await, 404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_does_what_it_may_and_nothing_else() {
    let app = TestApp::start().await;
    let (acme, other) = (organization(&app, "acme").await, organization(&app, "other").await);
    let (alice, _) = member(&app, &acme, "alice@example.com", BuiltInRole::Member).await;
    let mut people = Vec::new();
    for role in BuiltInRole::ALL {
        let (token, id) = member(&app, &acme, &format!("{}@example.com", role.as_str()), role).await;
        people.push((role, token, id));
    }
    let (stranger, _) = member(&app, &other, "stranger@example.com", BuiltInRole::Owner).await;
    let admin = people[1].1.clone();
    // Of each act on a published document of Alice's: what an owner, an admin, a member, a viewer and a stranger hear.
    for (method, address, body, heard) in [
        (Method::GET, "", json!({}), [200, 200, 200, 200, 404]),
        (Method::PATCH, "", json!({"title": "Other", "version": 2}), [200, 200, 403, 403, 404]),
        (Method::PUT, "/state", json!({"state": "archived"}), [200, 200, 403, 403, 404]),
        (Method::PUT, "/sensitivity", json!({"sensitivity": "public"}), [200, 200, 403, 403, 404]),
        (Method::PUT, "/owner", json!({"owner": people[3].2}), [204, 204, 403, 403, 404]),
        (Method::DELETE, "", json!({}), [204, 204, 403, 403, 404]),
    ] {
        let everybody = people.iter().map(|(_, token, _)| token).chain([&stranger]);
        for (token, expected) in everybody.zip(heard) {
            let path = make(&app, &acme, &alice, "Plan").await;
            let published = json!({"state": "published"});
            let done = send(&app, Method::PUT, &format!("{path}/state"), &admin, &published).await;
            assert_eq!(done.status, StatusCode::OK, "{}", done.body);
            let answer = send(&app, method.clone(), &format!("{path}{address}"), token, &body).await;
            assert_eq!(answer.status.as_u16(), expected, "{method} {address}: {}", answer.body);
            if expected == 403 {
                assert_eq!(answer.code(), "forbidden");
            }
        }
    }
    for (list, made, token) in [
        (200, 201, &people[0].1),
        (200, 201, &people[1].1),
        (200, 201, &people[2].1),
        (200, 403, &people[3].1),
        (404, 404, &stranger),
    ] {
        assert_eq!(app.bearer(Method::GET, &documents(&acme), token).await.status.as_u16(), list);
        let answer = send(&app, Method::POST, &documents(&acme), token, &json!({"title": "Mine"})).await;
        assert_eq!(answer.status.as_u16(), made, "{}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_for_one_is_as_good_as_none() {
    let app = TestApp::start().await;
    let (acme, other) = (organization(&app, "acme").await, organization(&app, "other").await);
    let (alice, _) = member(&app, &acme, "alice@example.com", BuiltInRole::Member).await;
    let (bob, _) = member(&app, &acme, "bob@example.com", BuiltInRole::Member).await;
    let (stranger, _) = member(&app, &other, "stranger@example.com", BuiltInRole::Owner).await;
    let draft = make(&app, &acme, &alice, "A draft that nobody knows of").await;
    let foreign = make(&app, &other, &stranger, "Of others").await;
    let foreign_here = foreign.replace(&other, &acme);
    let missing = format!("{}/{UNKNOWN}", documents(&acme));
    let nowhere = format!("{}/{UNKNOWN}", documents(UNKNOWN));
    let expected = app.bearer(Method::GET, &missing, &bob).await;
    assert_refused(&expected, 404, "not_found");
    for (method, address, body) in [
        (Method::GET, "", json!({})),
        (Method::PATCH, "", json!({"title": "Mine", "version": 1})),
        (Method::PUT, "/state", json!({"state": "published"})),
        (Method::PUT, "/sensitivity", json!({"sensitivity": "public"})),
        (Method::PUT, "/owner", json!({"owner": UNKNOWN})),
        (Method::DELETE, "", json!({})),
    ] {
        for path in [&draft, &foreign, &foreign_here, &missing, &nowhere] {
            let answer = send(&app, method.clone(), &format!("{path}{address}"), &bob, &body).await;
            assert_eq!((answer.status, &answer.body), (expected.status, &expected.body), "{method} {path}{address}");
        }
    }
    for organization in [&*other, UNKNOWN] {
        let answer = app.bearer(Method::GET, &documents(organization), &bob).await;
        assert_eq!((answer.status, &answer.body), (expected.status, &expected.body));
    }
    let list = app.bearer(Method::GET, &documents(&acme), &bob).await;
    assert!(list.status == StatusCode::OK && !list.body.contains("nobody knows"), "{}", list.body);
    assert_eq!(app.bearer(Method::GET, &draft, &alice).await.value()["version"], 1, "nothing was done");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_written_by_the_side_door() {
    let app = TestApp::start().await;
    let acme = organization(&app, "acme").await;
    let (alice, alice_id) = member(&app, &acme, "alice@example.com", BuiltInRole::Member).await;
    let path = make(&app, &acme, &alice, "Plan").await;
    let before = app.bearer(Method::GET, &path, &alice).await.value();
    for (field, value) in [
        ("id", json!(UNKNOWN)),
        ("owner", json!(UNKNOWN)),
        ("owner_id", json!(UNKNOWN)),
        ("organization_id", json!(UNKNOWN)),
        ("state", json!("published")),
        ("sensitivity", json!("public")),
        ("created_at", json!(0)),
        ("published_at", json!(0)),
        ("may", json!(["delete"])),
        ("role", json!("owner")),
    ] {
        let mut change = json!({"title": "Other", "version": 1});
        change[field] = value.clone();
        assert_refused(&send(&app, Method::PATCH, &path, &alice, &change).await, 400, "malformed_request");
        if field == "sensitivity" {
            continue;
        }
        let mut wanted = json!({"title": "Other"});
        wanted[field] = value;
        assert_refused(&send(&app, Method::POST, &documents(&acme), &alice, &wanted).await, 400, "malformed_request");
    }
    for (address, body) in [
        ("state", json!({"state": "draft", "owner": UNKNOWN})),
        ("sensitivity", json!({"sensitivity": "public", "state": "published"})),
        ("owner", json!({"owner": alice_id, "sensitivity": "public"})),
    ] {
        let answer = send(&app, Method::PUT, &format!("{path}/{address}"), &alice, &body).await;
        assert_refused(&answer, 400, "malformed_request");
    }
    assert_eq!(app.bearer(Method::GET, &path, &alice).await.value(), before);
    let list = app.bearer(Method::GET, &documents(&acme), &alice).await.value();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_is_refused_with_its_field() {
    let app = TestApp::start().await;
    let acme = organization(&app, "acme").await;
    let (owner, _) = member(&app, &acme, "olga@example.com", BuiltInRole::Owner).await;
    let path = make(&app, &acme, &owner, "Plan").await;
    for (field, value, issue) in [
        ("title", json!("  "), "required"),
        ("title", json!("x".repeat(201)), "too_long"),
        ("title", json!("a\u{202e}b"), "invalid_character"),
        ("title", json!("a\nb"), "invalid_character"),
        ("body", json!("x".repeat(100_001)), "too_long"),
        ("body", json!("a\u{0}b"), "invalid_character"),
        ("department", json!("x".repeat(101)), "too_long"),
        ("sensitivity", json!("Secret"), "unknown"),
    ] {
        let mut wanted = json!({"title": "Plan"});
        wanted[field] = value;
        let answer = send(&app, Method::POST, &documents(&acme), &owner, &wanted).await;
        assert_refused(&answer, 422, "invalid_fields");
        let error = &answer.value()["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(issue)), "{field}");
    }
    for (address, body, field, issue) in [
        ("", json!({"title": "Plan"}), "version", "required"),
        ("", json!({"version": 1}), "title", "required"),
        ("/state", json!({"state": "deleted"}), "state", "unknown"),
        ("/state", json!({}), "state", "required"),
        ("/sensitivity", json!({"sensitivity": "top"}), "sensitivity", "unknown"),
        ("/owner", json!({"owner": "x"}), "owner", "unknown"),
        ("/owner", json!({"owner": UNKNOWN}), "owner", "unknown"),
    ] {
        let method = if address.is_empty() { Method::PATCH } else { Method::PUT };
        let answer = send(&app, method, &format!("{path}{address}"), &owner, &body).await;
        assert_refused(&answer, 422, "invalid_fields");
        let error = &answer.value()["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(issue)), "{address} {body}");
    }
    assert_refused(
        &send(&app, Method::PUT, &format!("{path}/state"), &owner, &json!({"state": "archived"})).await,
        409,
        "wrong_state",
    );
    let stale = send(&app, Method::PATCH, &path, &owner, &json!({"title": "Other", "version": 7})).await;
    assert_refused(&stale, 409, "changed_meanwhile");
    let secret =
        send(&app, Method::POST, &documents(&acme), &owner, &json!({"title": "S", "sensitivity": "secret"})).await;
    assert_refused(&secret, 403, "second_factor_required");
    let whole = json!({"title": "Long", "body": "é".repeat(50_000)});
    assert_eq!(send(&app, Method::POST, &documents(&acme), &owner, &whole).await.status, StatusCode::CREATED);
    let huge = json!({"title": "Long", "body": "x".repeat(700_000)});
    assert_refused(&send(&app, Method::POST, &documents(&acme), &owner, &huge).await, 413, "too_large");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_of_another_kind_and_a_broken_query_are_refused() {
    let app = TestApp::start().await;
    let acme = organization(&app, "acme").await;
    let (owner, _) = member(&app, &acme, "olga@example.com", BuiltInRole::Owner).await;
    for id in ["x", "acme", "%00", "%ff", "'", "..%2f"] {
        for path in [documents(id), format!("{}/{UNKNOWN}", documents(id)), format!("{}/{id}", documents(&acme))] {
            let answer = app.bearer(Method::GET, &path, &owner).await;
            assert_refused(&answer, 400, "malformed_request");
        }
        let path = format!("{}/{id}/state", documents(&acme));
        let answer = send(&app, Method::PUT, &path, &owner, &json!({"state": "published"})).await;
        assert_refused(&answer, 400, "malformed_request");
    }
    for (query, status, code) in [
        ("after=x", 400, "malformed_request"),
        ("after=%00", 400, "malformed_request"),
        ("before=x", 400, "malformed_request"),
        ("state=draft&state=draft", 400, "malformed_request"),
        ("state=Draft", 422, "invalid_fields"),
        ("owner=you", 422, "invalid_fields"),
        ("owner=01890a5d-ac96-774b-bcce-b302099a8057", 422, "invalid_fields"),
    ] {
        let answer = app.bearer(Method::GET, &format!("{}?{query}", documents(&acme)), &owner).await;
        assert_refused(&answer, status, code);
    }
    for sought in ["%00", "%25", "%27%20OR%201%3D1", &"x".repeat(30_000)] {
        let answer = app.bearer(Method::GET, &format!("{}?q={sought}", documents(&acme)), &owner).await;
        assert_eq!((answer.status, &answer.value()["items"]), (StatusCode::OK, &json!([])), "{sought:.20}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_works_with_documents_within_its_scopes() {
    let app = TestApp::start().await;
    let acme = organization(&app, "acme").await;
    let (alice, alice_id) = member(&app, &acme, "alice@example.com", BuiltInRole::Member).await;
    let mut tokens = Vec::new();
    for scope in ["documents:read", "documents:write"] {
        let wanted = json!({"name": "Sync", "scopes": [scope]});
        let made = send(&app, Method::POST, "/api/v1/tokens", &alice, &wanted).await;
        tokens.push(made.value()["token"].as_str().unwrap().to_owned());
    }
    let [reader, writer] = &tokens[..] else { panic!("two were made") };
    let path = make(&app, &acme, writer, "By a program").await;
    assert_refused(&app.bearer(Method::GET, &path, writer).await, 403, "insufficient_scope");
    assert_refused(
        &send(&app, Method::PATCH, &path, reader, &json!({"title": "X", "version": 1})).await,
        403,
        "insufficient_scope",
    );
    let shown = app.bearer(Method::GET, &path, reader).await.value();
    assert_eq!((&shown["owner"]["id"], &shown["title"]), (&json!(alice_id), &json!("By a program")));
    let changed = send(&app, Method::PATCH, &path, writer, &json!({"title": "Again", "version": 1})).await;
    assert_eq!((changed.status, &changed.value()["version"]), (StatusCode::OK, &json!(2)));
    let list = app.bearer(Method::GET, &documents(&acme), reader).await.value();
    assert_eq!(list["items"][0]["title"], "Again");
    let published = send(&app, Method::PUT, &format!("{path}/state"), writer, &json!({"state": "published"})).await;
    assert_refused(&published, 403, "forbidden");
}
