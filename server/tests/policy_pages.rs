//! The pages about policies, as a browser without script uses them.

use crate::support::{Answer, TestApp};
use axum::http::StatusCode;

const ADMIN: &str = "ada@example.com";
const CLOSED: &str = "@id(\"closed\")\nforbid (principal, action == Action::\"documents:read\", resource);\n";

async fn start() -> (TestApp, String) {
    let app = TestApp::start().await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    let (cookie, _) = app.sign_in(ADMIN).await;
    (app, cookie)
}

async fn page(app: &TestApp, path: &str, cookie: &str) -> Answer {
    let page = app.get(path, cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    page
}

fn form(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().map(|(name, value)| format!("{name}={}", crate::bad_input::encoded(value)));
    fields.collect::<Vec<_>>().join("&")
}

/// Saves a text; gives where the form leads.
async fn save(app: &TestApp, cookie: &str, text: &str) -> String {
    let body = form(&[("text", text), ("note", "A try")]);
    let saved = app.form_of("/admin/policies/edit", "/rpc/save_policies", &body, cookie).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    saved.location().to_owned()
}

async fn activate(app: &TestApp, cookie: &str, version: &str) -> String {
    let body = form(&[("version", version)]);
    let path = format!("/admin/policies/versions/{version}");
    app.form_of(&path, "/rpc/activate_policies", &body, cookie).await.location().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_is_written_compared_activated_and_taken_back() {
    let (app, cookie) = start().await;
    let first = page(&app, "/admin/policies", &cookie).await;
    assert!(first.says("page.policies.version_zero") && first.says("page.policies.write"));
    assert!(first.body.contains("role-grants") && first.body.contains("fresh-mfa-for-secret"));

    assert_eq!(save(&app, &cookie, CLOSED).await, "/admin/policies/versions/1?note=saved");
    let version = page(&app, "/admin/policies/versions/1?note=saved", &cookie).await;
    assert!(version.says("page.policy_version.saved") && version.says("page.policy_version.activate"));
    assert!(version.body.contains("class=\"line-added\""), "against the version in force: {}", version.body);
    let checked = page(&app, "/admin/policies/versions/1?check=1", &cookie).await;
    assert!(checked.says("page.policy_version.may_be_activated"));

    assert_eq!(activate(&app, &cookie, "1").await, "/admin/policies?note=active");
    assert!(page(&app, "/admin/policies?note=active", &cookie).await.says("page.policies.activated"));
    let active = page(&app, "/admin/policies/versions/1", &cookie).await;
    assert!(active.says("page.policies.in_force") && !active.body.contains("/rpc/activate_policies"));
    assert_eq!(activate(&app, &cookie, "0").await, "/admin/policies?note=active", "and back, in one step");
    assert!(page(&app, "/admin/policies/versions/0", &cookie).await.says("page.policies.in_force"));
    for nowhere in ["7", "x", "-1", "99999999999"] {
        let missing = app.get(&format!("/admin/policies/versions/{nowhere}"), &cookie).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
    assert_eq!(app.get("/admin/policies?after=x", &cookie).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_stands_beside_its_line_and_what_was_typed_stays() {
    let (app, cookie) = start().await;
    let text =
        "permit (principal, action, resource);\n// </textarea><script>alert(1)</script> & co\npermit (principal,";
    assert_eq!(save(&app, &cookie, text).await, "/admin/policies/edit?note=faults");
    let refused = app.get("/admin/policies/edit?note=faults", &cookie).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says("page.policy_editor.has_faults") && refused.body.contains("href=\"#line-3\""));
    assert!(refused.body.contains("source-wrong") && refused.body.contains("id=\"line-3\""), "{}", refused.body);
    let field = refused.body.split("<textarea").nth(1).unwrap().split("</textarea>").next().unwrap();
    assert!(field.contains("// &lt;/textarea>&lt;script>alert(1)&lt;/script> &amp; co\npermit (principal,"), "{field}");
    assert!(!refused.body.contains("<script>alert(1)"), "{}", refused.body);
    assert!(refused.body.contains("value=\"A try\""));

    assert!(page(&app, "/admin/policies/edit", &cookie).await.body.contains("permit (principal,"), "the draft waits");
    let discarded = app.form_of("/admin/policies/edit", "/rpc/discard_policy_draft", "", &cookie).await;
    assert_eq!(discarded.location(), "/admin/policies");
    let fresh = page(&app, "/admin/policies/edit", &cookie).await;
    assert!(!fresh.says("page.policy_editor.is_draft") && !fresh.body.contains("&lt;/textarea>"));

    let long = form(&[("text", CLOSED), ("note", &"x".repeat(201))]);
    let refused = app.form_of("/admin/policies/edit", "/rpc/save_policies", &long, &cookie).await;
    let shown = app.get(refused.location(), &cookie).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.body.contains("id=\"note-issue\"") && shown.body.contains("closed"), "{}", shown.body);
    assert_eq!(save(&app, &cookie, CLOSED).await, "/admin/policies/versions/1?note=saved");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_asked_kept_as_a_case_and_stands_before_an_activation() {
    let (app, cookie) = start().await;
    let question = "about=question&action=documents%3Aread&on=document&role=member&hour=12";
    let asked = page(&app, &format!("/admin/policies/who?{question}"), &cookie).await;
    assert!(asked.says("page.policy_who.allowed") && asked.says("page.policy_who.decided"));
    assert!(asked.says("page.policy_who.almost") && asked.body.contains("department-reads"), "{}", asked.body);
    let denied = page(&app, "/admin/policies/who?about=question&action=documents%3Aread&on=document", &cookie).await;
    assert!(denied.says("page.policy_who.denied") && denied.body.contains("members-only"));
    let wrong = app.get("/admin/policies/who?about=question&action=documents%3Aburn", &cookie).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("id=\"action-issue\""), "{}", wrong.body);
    assert!(page(&app, "/admin/policies/who?about=question", &cookie).await.body.contains("name=\"sensitivity\""));

    let kept = page(&app, &format!("/admin/policies/cases?expected=allowed&{question}"), &cookie).await;
    assert!(kept.says("page.policy_cases.new_title"));
    let json = r#"{"action":"documents:read","on":"document","role":"member"}"#;
    let case = form(&[("name", "Members read"), ("expected", "allowed"), ("question", json)]);
    let saved = app.form_of("/admin/policies/cases", "/rpc/save_policy_case", &case, &cookie).await;
    assert_eq!(saved.location(), "/admin/policies/cases?note=saved", "{}", saved.body);
    let cases = page(&app, "/admin/policies/cases?note=saved", &cookie).await;
    assert!(cases.says("page.policy_cases.passes") && cases.body.contains("Members read"));

    save(&app, &cookie, CLOSED).await;
    assert_eq!(activate(&app, &cookie, "1").await, "/admin/policies/versions/1?check=1");
    let told = page(&app, "/admin/policies/versions/1?check=1", &cookie).await;
    assert!(told.says("page.policy_version.cases_failed") && told.body.contains("Members read"));
    let id = cases.body.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let removed = app.form_of("/admin/policies/cases", "/rpc/remove_policy_case", &format!("id={id}"), &cookie).await;
    assert_eq!(removed.location(), "/admin/policies/cases?note=removed");
    assert!(page(&app, "/admin/policies/cases", &cookie).await.says("page.policy_cases.empty"));
    assert_eq!(activate(&app, &cookie, "1").await, "/admin/policies?note=active");

    save(&app, &cookie, "@id(\"trap\") forbid (principal, action, resource);").await;
    assert_eq!(activate(&app, &cookie, "2").await, "/admin/policies/versions/2?check=1");
    let told = page(&app, "/admin/policies/versions/2?check=1", &cookie).await;
    assert!(told.says("page.policy_version.locks_out") && told.body.contains("<code>trap</code>"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_asked_about_by_their_address() {
    let (app, cookie) = start().await;
    let about = |user: &str, action: &str| format!("/admin/policies/who?user={user}&action={action}");
    let ada = page(&app, &about("ada%40example.com", "keys%3Amanage"), &cookie).await;
    assert!(ada.says("page.policy_who.allowed") && ada.body.contains("role-grants"));
    let nobody = app.get(&about("nobody%40example.com", "keys%3Amanage"), &cookie).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.body.contains("id=\"person-user-issue\""), "{}", nobody.body);
    let nowhere = format!("{}&organization=%00", about("ada%40example.com", "documents%3Aread"));
    assert_eq!(app.get(&nowhere, &cookie).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let matrix = page(&app, "/admin/policies/matrix", &cookie).await;
    assert!(matrix.body.contains("documents:publish") && matrix.body.contains("class=\"matrix-allowed\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_auditor_may_not_do_is_not_on_the_pages() {
    let (app, cookie) = start().await;
    save(&app, &cookie, CLOSED).await;
    app.create_account("ann@example.com").await;
    app.set_role("ann@example.com", auth::Role::Auditor).await;
    let (auditor, _) = app.sign_in("ann@example.com").await;
    let list = page(&app, "/admin/policies", &auditor).await;
    assert!(list.body.contains("/admin/policies/versions/1") && !list.body.contains("/admin/policies/edit"));
    let version = page(&app, "/admin/policies/versions/1", &auditor).await;
    assert!(!version.body.contains("/rpc/activate_policies"), "nothing is sent that is not allowed");
    assert!(page(&app, "/admin/policies/matrix", &auditor).await.says("page.policy_matrix.when"));
    assert_eq!(app.get("/admin/policies/edit", &auditor).await.status, StatusCode::NOT_FOUND);
}
