//! Organizations in the hands of administrators of the platform, for programs.

use crate::support::{Answer, TestApp};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const ADMIN: &str = "ada@example.com";
const OWNER: &str = "alice@example.com";
const ACME: &str = "01890a5d-ac96-774b-bcce-b302099a8001";
const PATH: &str = "/api/v1/admin/organizations";

async fn start() -> (TestApp, String) {
    let app = TestApp::start().await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    app.create_account(OWNER).await;
    for statement in [
        "INSERT INTO organizations (id, slug, name, created_at) \
         VALUES ('01890a5d-ac96-774b-bcce-b302099a8001', 'acme', 'Acme & Sons', 1)",
        "INSERT INTO memberships (organization_id, user_id, role, joined_at) \
         SELECT '01890a5d-ac96-774b-bcce-b302099a8001', id, 'owner', 1 FROM users WHERE email = 'alice@example.com'",
    ] {
        app.execute(statement).await;
    }
    let (_, token) = app.sign_in(ADMIN).await;
    (app, token)
}

fn said(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_finds_closes_and_opens_an_organization() {
    let (app, token) = start().await;
    let get = |path: String| {
        let (app, token) = (&app, &token);
        async move {
            let answer = app.bearer(Method::GET, &path, token).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
            answer.value()
        }
    };
    let found = get(format!("{PATH}?q=ACM")).await;
    assert_eq!((found["items"][0]["id"].as_str(), &found["next"]), (Some(ACME), &Value::Null));
    assert_eq!(get(format!("{PATH}?q=nobody")).await["items"], json!([]));
    let acme = get(format!("{PATH}/{ACME}")).await;
    assert_eq!((&acme["name"], &acme["members"], &acme["closed_at"]), (&json!("Acme & Sons"), &json!(1), &Value::Null));
    assert_eq!(acme["roles"], json!([{"role": "owner", "members": 1}]));
    let members = get(format!("{PATH}/{ACME}/members")).await;
    assert_eq!((&members["items"][0]["email"], &members["items"][0]["role"]), (&json!(OWNER), &json!("owner")));

    let close = |body: Value| {
        let (app, token) = (&app, &token);
        let path = format!("{PATH}/{ACME}/close");
        async move { app.bearer_body(Method::POST, &path, token, body.to_string().into()).await }
    };
    for (body, issue) in [(json!({}), "required"), (json!({"reason": "a\nb"}), "invalid_character")] {
        let refused = close(body).await;
        assert_eq!(said(&refused), (422, "invalid_fields".to_owned()), "{}", refused.body);
        assert_eq!(
            (&refused.value()["errors"][0]["field"], &refused.value()["errors"][0]["code"]),
            (&json!("reason"), &json!(issue))
        );
    }
    assert_eq!(close(json!({"reason": "Unpaid"})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(said(&close(json!({"reason": "Unpaid"})).await), (409, "wrong_state".to_owned()));
    assert_eq!(get(format!("{PATH}/{ACME}")).await["closed_reason"], "Unpaid");
    let mail = app.mail(OWNER, "organization_closed").await;
    assert!(mail["text"].as_str().unwrap().contains("Unpaid"), "{mail}");
    let reopened = app.bearer(Method::POST, &format!("{PATH}/{ACME}/reopen"), &token).await;
    assert_eq!(reopened.status, StatusCode::NO_CONTENT, "{}", reopened.body);
    app.mail(OWNER, "organization_reopened").await;
    app.forget_proofs().await;
    let late = close(json!({"reason": "Unpaid"})).await;
    assert_eq!(said(&late), (403, "reauthentication_required".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_query_and_id_is_refused_clearly() {
    let (app, token) = start().await;
    let long = "x".repeat(30_000);
    for query in ["after=", "after=x", "after=%00", "after=a&after=b", "before=x", "q=a&q=b"] {
        let answer = app.bearer(Method::GET, &format!("{PATH}?{query}"), &token).await;
        assert_eq!(said(&answer), (400, "malformed_request".to_owned()), "{query}");
    }
    for q in ["%00", "%25", "_", "%F0%9F%98%80", "'+OR+1=1+--", &long] {
        let answer = app.bearer(Method::GET, &format!("{PATH}?q={q}"), &token).await;
        assert_eq!(answer.value()["items"], json!([]), "{q:.40}: {}", answer.body);
    }
    for (id, status) in
        [("x", 400), ("%00", 400), ("%ff", 400), (&*long, 400), ("01890a5d-ac96-774b-bcce-b302099a8057", 404)]
    {
        for (method, path) in [
            (Method::GET, format!("{PATH}/{id}")),
            (Method::GET, format!("{PATH}/{id}/members")),
            (Method::POST, format!("{PATH}/{id}/close")),
            (Method::POST, format!("{PATH}/{id}/reopen")),
        ] {
            let answer = app.bearer_body(method, &path, &token, json!({"reason": "Unpaid"}).to_string().into()).await;
            assert_eq!(answer.status.as_u16(), status, "{path:.80}: {}", answer.body);
        }
    }
}
