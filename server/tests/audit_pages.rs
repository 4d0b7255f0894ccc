//! The pages of the audit log: what they show, to whom, and what their address asks for.

use crate::support::TestApp;
use axum::http::{Method, StatusCode};
use serde_json::json;

const ADMIN: &str = "ada@example.com";
const USER: &str = "alice@example.com";

/// An administrator's cookie and access token, and a sign-in of somebody else that was refused.
async fn start() -> (TestApp, String, String) {
    let app = TestApp::start().await;
    for address in [ADMIN, USER] {
        app.create_account(address).await;
    }
    app.make_admin(ADMIN).await;
    let refused = json!({"email": USER, "password": "not the password"});
    assert_eq!(app.json("/api/v1/sign-in", &refused).await.status, StatusCode::UNAUTHORIZED);
    let (cookie, token) = app.sign_in(ADMIN).await;
    app.application.auth.seal_audit_log().await.unwrap();
    (app, cookie, token)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_line_is_shown_with_what_is_known_of_it() {
    let (app, cookie, _) = start().await;
    let page = app.get("/admin/audit", &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.says("page.audit.whole") && !page.says("page.audit.not_whole"), "{}", page.body);
    assert!(page.body.contains("<code>session.refused</code>") && page.body.contains(USER), "{}", page.body);
    assert!(page.says("page.audit.days") && page.body.contains("class=\"audit-refused\""));
    for path in ["/admin/audit/export?format=csv", "/admin/audit/export?format=jsonl"] {
        assert!(page.body.contains(&format!("href=\"{path}\"")), "{path}");
    }
    assert!(page.body.contains("aria-current=\"page\"") && page.says("page.audit.nav"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sought_is_in_the_address_and_stays_in_the_form() {
    let (app, cookie, _) = start().await;
    let page = app.get("/admin/audit?kind=session.refused&person=alice%40example.com&outcome=refused", &cookie).await;
    assert_eq!(page.body.matches("class=\"audit-kind\"").count(), 1, "{}", page.body);
    assert!(page.body.contains("value=\"alice@example.com\"") && page.body.contains("value=\"session.refused\""));
    let file =
        "/admin/audit/export?format=csv&amp;kind=session.refused&amp;person=alice%40example.com&amp;outcome=refused";
    assert!(page.body.contains(file), "{}", page.body);
    let none = app.get("/admin/audit?kind=passkey", &cookie).await;
    assert!(none.says("page.audit.none"), "{}", none.body);
    let odd = app.get("/admin/audit?person=%3Cscript%3E&request_id=%22%3E", &cookie).await;
    assert!(odd.says("page.audit.none") && !odd.body.contains("value=\"<script>"), "{}", odd.body);
    let broken = app.get("/admin/audit?after=x", &cookie).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    assert!(broken.says("ui.no_such_list") && broken.says("page.audit.filters"), "{}", broken.body);
    let no_day = app.get("/admin/audit?from=yesterday", &cookie).await;
    assert_eq!(no_day.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(no_day.body.contains("id=\"from-error\""), "{}", no_day.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_whole_is_said_with_its_place() {
    let (app, cookie, _) = start().await;
    app.execute("UPDATE audit_events SET device = 'Netscape' WHERE sequence = 2").await;
    let page = app.get("/admin/audit", &cookie).await;
    assert!(page.says("page.audit.not_whole") && page.says("page.audit.fault_altered"), "{}", page.body);
    assert!(page.body.contains("Line 2 ("), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_has_a_page_of_its_own_lines() {
    let (app, _, _) = start().await;
    let (cookie, token) = app.sign_in(USER).await;
    let body = json!({"name": "Acme of Alice"}).to_string();
    let made = app.bearer_body(Method::POST, "/api/v1/organizations", &token, body.into()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let slug = made.value()["slug"].as_str().unwrap().to_owned();
    let page = app.get(&format!("/orgs/{slug}/audit"), &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("<code>organization.created</code>"), "{}", page.body);
    assert!(!page.body.contains("<code>session.started</code>"), "what she does elsewhere is not here");
    assert!(!page.says("page.audit.chain") && !page.body.contains("name=\"address\""), "{}", page.body);
    assert!(page.body.contains(&format!("href=\"/orgs/{slug}/audit/export?format=csv\"")), "{}", page.body);
    let id = made.value()["id"].as_str().unwrap().to_owned();
    let lines = app.bearer(Method::GET, &format!("/api/v1/organizations/{id}/audit"), &token).await;
    assert_eq!(lines.value()["items"][0]["kind"], "organization.created", "{}", lines.body);
    let odd = app.bearer(Method::GET, "/api/v1/organizations/x/audit", &token).await;
    assert_eq!((odd.status, odd.code().as_str()), (StatusCode::BAD_REQUEST, "malformed_request"));

    let (other, stranger) = app.sign_in(ADMIN).await;
    assert_eq!(app.get(&format!("/orgs/{slug}/audit"), &other).await.status, StatusCode::NOT_FOUND);
    for path in ["audit", "audit/export?format=csv"] {
        let path = format!("/api/v1/organizations/{id}/{path}");
        let answer = app.bearer(Method::GET, &path, &stranger).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
    }
}
