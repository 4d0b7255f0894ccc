//! The pages of documents, as a browser without script uses them.

use crate::bad_input::encoded;
use crate::support::TestApp;
use axum::http::{Method, StatusCode};
use serde_json::json;

const OWNER: &str = "olga@example.com";
/// What would end the field that it stands in.
const ATTACK: &str = "</textarea><script>alert(1)</script> & co";
const HARMLESS: &str = "&lt;/textarea>&lt;script>alert(1)&lt;/script> &amp; co";

/// What stands in the field of the text.
fn field(page: &str) -> &str {
    let rest = page.split("<textarea").nth(1).unwrap().split_once('>').unwrap().1;
    rest.split("</textarea>").next().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_document_says_ends_no_field() {
    let app = TestApp::start().await;
    app.create_account(OWNER).await;
    let (cookie, token) = app.sign_in(OWNER).await;
    let body = json!({"name": "Acme"}).to_string();
    let acme = app.bearer_body(Method::POST, "/api/v1/organizations", &token, body.into()).await.value();
    let list = format!("/api/v1/organizations/{}/documents", acme["id"].as_str().unwrap());
    let body = json!({"title": "Plan", "body": format!("\n{ATTACK}")}).to_string();
    let made = app.bearer_body(Method::POST, &list, &token, body.into()).await.value();
    let id = made["id"].as_str().unwrap();
    let edit = format!("/orgs/acme/documents/{id}/edit");

    let shown = app.get(&edit, &cookie).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    assert_eq!(field(&shown.body), format!("\n\n{HARMLESS}"), "with its own line end, behind the one that is dropped");
    assert!(!shown.body.contains("<script>alert(1)"), "{}", shown.body);

    let typed = encoded(&format!("typed {ATTACK}"));
    let form = format!("slug=acme&id={id}&title=&body={typed}&department=&version=1");
    let refused = app.form_of(&edit, "/rpc/change_document", &form, &cookie).await;
    let shown = app.get(refused.location(), &cookie).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", shown.body);
    assert_eq!(field(&shown.body), format!("\ntyped {HARMLESS}"), "what was typed stays");

    let form = format!("slug=acme&title=&body={typed}&department=&sensitivity=");
    let refused = app.form_of("/orgs/acme/documents/new", "/rpc/create_document", &form, &cookie).await;
    let shown = app.get(refused.location(), &cookie).await;
    assert_eq!(field(&shown.body), format!("\ntyped {HARMLESS}"), "{}", shown.body);
}
