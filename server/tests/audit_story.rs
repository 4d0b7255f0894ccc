//! The audit log for programs, and as a file for browsers.

use crate::support::{Answer, TestApp};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

const ADMIN: &str = "ada@example.com";
const USER: &str = "alice@example.com";

/// An auditor's cookie and access token, and a sign-in of somebody else that was refused.
async fn start() -> (TestApp, String, String) {
    let app = TestApp::start().await;
    for address in [ADMIN, USER] {
        app.create_account(address).await;
    }
    app.set_role(ADMIN, auth::Role::Auditor).await;
    let refused = json!({"email": USER, "password": "not the password"});
    assert_eq!(app.json("/api/v1/sign-in", &refused).await.status, StatusCode::UNAUTHORIZED);
    let (cookie, token) = app.sign_in(ADMIN).await;
    (app, cookie, token)
}

async fn get(app: &TestApp, token: &str, path: &str) -> Answer {
    app.bearer(Method::GET, &format!("/api/v1/admin/audit{path}"), token).await
}

/// A download as a browser begins it.
async fn download(app: &TestApp, path: &str, cookie: &str, site: &str) -> Answer {
    let request =
        Request::get(path).header("cookie", cookie).header("accept", "text/html").header("sec-fetch-site", site);
    app.send(request.header("sec-fetch-mode", "navigate").body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_looks_verifies_and_takes_a_file() {
    let (app, _, token) = start().await;
    app.application.auth.seal_audit_log().await.unwrap();
    let page = get(&app, &token, "?outcome=refused").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let lines = page.value()["items"].as_array().unwrap().clone();
    assert_eq!((lines.len(), &page.value()["next"]), (1, &Value::Null));
    let line = &lines[0];
    assert_eq!((&line["kind"], &line["subject"]["email"]), (&json!("session.refused"), &json!(USER)));
    assert!(line["sequence"].as_i64().is_some() && line["at"].as_i64().is_some(), "{line}");
    assert_eq!(line.as_object().unwrap().len(), 16, "no more than is documented: {line}");
    let found = get(&app, &token, &format!("?person={USER}&kind=session")).await.value();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);

    let state = get(&app, &token, "/state").await.value();
    assert_eq!((&state["is_whole"], &state["first"], &state["faults"]), (&json!(true), &json!(1), &json!([])));
    assert_eq!(state["head"].as_str().map(str::len), Some(43));

    let file = get(&app, &token, "/export?format=csv&outcome=refused").await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.body);
    assert!(file.header("content-type").starts_with("text/csv"));
    let rows: Vec<_> = file.body.split("\r\n").collect();
    assert_eq!((rows.len(), rows[2]), (3, ""), "{}", file.body);
    assert!(rows[0].starts_with("sequence,id,at,") && rows[1].contains(",session.refused,refused,"), "{}", file.body);
    let file = get(&app, &token, "/export?format=jsonl").await;
    assert!(file.header("content-disposition").ends_with(".jsonl\""));
    let lines: Vec<Value> = file.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() > 5 && lines.iter().all(|line| line["kind"].is_string()));
    let exported = get(&app, &token, "?kind=audit.exported").await.value();
    assert_eq!(exported["items"].as_array().unwrap().len(), 2, "each left a line");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_altered_is_told() {
    let (app, _, token) = start().await;
    app.application.auth.seal_audit_log().await.unwrap();
    app.execute("UPDATE audit_events SET address = '198.51.100.7' WHERE sequence = 2").await;
    let state = get(&app, &token, "/state").await.value();
    assert_eq!(state["is_whole"], false);
    let faults = state["faults"].as_array().unwrap();
    assert_eq!((faults.len(), &faults[0]["kind"], &faults[0]["sequence"]), (1, &json!("altered"), &json!(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_takes_the_file_by_its_cookie_and_no_other_site_begins_it() {
    let (app, cookie, token) = start().await;
    let path = "/admin/audit/export?format=csv&kind=session.refused";
    let file = download(&app, path, &cookie, "same-origin").await;
    assert_eq!((file.status, file.body.lines().count()), (StatusCode::OK, 2), "{}", file.body);
    assert!(file.header("content-disposition").starts_with("attachment; filename=\"keywright-audit-"));
    assert_eq!(file.header("cache-control"), "no-store");
    let elsewhere = download(&app, path, &cookie, "cross-site").await;
    assert_eq!((elsewhere.status, elsewhere.location()), (StatusCode::SEE_OTHER, "/admin/audit"));
    let nobody = download(&app, path, "", "same-origin").await;
    assert_eq!((nobody.status, nobody.location()), (StatusCode::SEE_OTHER, "/admin/audit"));
    let (other, _) = app.sign_in(USER).await;
    let not_theirs = download(&app, path, &other, "same-origin").await;
    assert_eq!((not_theirs.status, not_theirs.code().as_str()), (StatusCode::NOT_FOUND, "not_found"));
    let of_nobody = download(&app, "/orgs/acme/audit/export?format=csv", &other, "same-origin").await;
    assert_eq!(of_nobody.status, StatusCode::NOT_FOUND);
    let exported = get(&app, &token, "?kind=audit").await.value();
    assert_eq!(exported["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_query_is_refused_clearly() {
    let (app, _, token) = start().await;
    let said = |answer: &Answer| (answer.status.as_u16(), answer.code());
    for query in ["?after=", "?after=x", "?after=%00", "?before=x", "?kind=a&kind=b", "?%ff=a", "/export?%ff=csv"] {
        let answer = get(&app, &token, query).await;
        assert_eq!(said(&answer), (400, "malformed_request".to_owned()), "{query}");
    }
    for (query, field) in [
        ("?from=yesterday", "from"),
        ("?to=2027-02-30", "to"),
        ("?outcome=Done", "outcome"),
        ("/export?format=xml", "format"),
        ("/export", "format"),
        ("/export?format=csv&from=x", "from"),
    ] {
        let answer = get(&app, &token, query).await;
        assert_eq!(said(&answer), (422, "invalid_fields".to_owned()), "{query}");
        assert_eq!(answer.value()["errors"][0]["field"], field, "{query}");
    }
    let long = "x".repeat(30_000);
    for field in ["kind", "person", "organization", "address", "request_id"] {
        for value in ["%00", "%25", "%F0%9F%98%80", "%E2%80%AEx", "'+OR+1=1+--", long.as_str()] {
            let answer = get(&app, &token, &format!("?{field}={value}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{field}={value:.40}: {}", answer.body);
            assert_eq!(answer.value()["items"], json!([]), "{field}={value:.40}");
        }
    }
    let program = app.personal_token(&token).await;
    for path in ["", "/state", "/export?format=csv"] {
        assert_eq!(said(&get(&app, &program, path).await), (403, "insufficient_scope".to_owned()), "{path}");
    }
}
