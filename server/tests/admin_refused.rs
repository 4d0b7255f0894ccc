//! Every route of the administration, for everybody who is no administrator: the sign-in for who is signed
//! out, an address where nothing is for everybody else.

use crate::support::{Answer, TestApp};
use auth::Role;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use server::router::page_paths;

const ADMIN: &str = "ada@example.com";
const USER: &str = "alice@example.com";
const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

const PAGES: [&str; 22] = [
    "/admin",
    "/admin/users",
    "/admin/users/{id}",
    "/admin/sessions/{id}",
    "/admin/keys",
    "/admin/keys/revoke",
    "/admin/organizations",
    "/admin/organizations/{id}",
    "/admin/settings",
    "/admin/health",
    "/admin/mails",
    "/admin/webhooks",
    "/admin/webhooks/{id}",
    "/admin/audit",
    "/admin/policies",
    "/admin/policies/edit",
    "/admin/policies/versions/{id}",
    "/admin/policies/cases",
    "/admin/policies/who",
    "/admin/policies/matrix",
    "/admin/users/bulk",
    "/admin/users/{id}/impersonate",
];
const CALLS: [(&str, &str); 54] = [
    ("get", "/api/v1/admin/users"),
    ("get", "/api/v1/admin/users/export"),
    ("post", "/api/v1/admin/users/bulk/preview"),
    ("post", "/api/v1/admin/users/bulk"),
    ("get", "/api/v1/admin/users/{id}"),
    ("post", "/api/v1/admin/users/{id}/suspend"),
    ("post", "/api/v1/admin/users/{id}/unsuspend"),
    ("post", "/api/v1/admin/users/{id}/reset"),
    ("put", "/api/v1/admin/users/{id}/role"),
    ("post", "/api/v1/admin/users/{id}/impersonate"),
    ("delete", "/api/v1/admin/impersonation"),
    ("delete", "/api/v1/admin/users/{id}/sessions"),
    ("delete", "/api/v1/admin/users/{id}/factors/{factor}"),
    ("get", "/api/v1/admin/users/{id}/sessions"),
    ("delete", "/api/v1/admin/users/{id}/factors"),
    ("get", "/api/v1/admin/sessions/{id}"),
    ("delete", "/api/v1/admin/sessions/{id}"),
    ("get", "/api/v1/admin/keys"),
    ("post", "/api/v1/admin/keys/rotate"),
    ("post", "/api/v1/admin/keys/{id}/revoke"),
    ("get", "/api/v1/admin/webhooks"),
    ("post", "/api/v1/admin/webhooks"),
    ("get", "/api/v1/admin/webhooks/{id}"),
    ("patch", "/api/v1/admin/webhooks/{id}"),
    ("delete", "/api/v1/admin/webhooks/{id}"),
    ("post", "/api/v1/admin/webhooks/{id}/rotate-secret"),
    ("post", "/api/v1/admin/webhooks/{id}/test"),
    ("get", "/api/v1/admin/webhooks/{id}/deliveries"),
    ("get", "/api/v1/admin/webhooks/{id}/deliveries/{delivery}"),
    ("post", "/api/v1/admin/webhooks/{id}/deliveries/{delivery}/replay"),
    ("get", "/api/v1/admin/mails"),
    ("post", "/api/v1/admin/mails/{id}/resend"),
    ("delete", "/api/v1/admin/mails/{id}"),
    ("get", "/api/v1/admin/organizations"),
    ("get", "/api/v1/admin/organizations/{id}"),
    ("get", "/api/v1/admin/organizations/{id}/members"),
    ("post", "/api/v1/admin/organizations/{id}/close"),
    ("post", "/api/v1/admin/organizations/{id}/reopen"),
    ("get", "/api/v1/admin/settings"),
    ("get", "/api/v1/admin/health"),
    ("get", "/api/v1/admin/statistics"),
    ("get", "/api/v1/admin/policies"),
    ("post", "/api/v1/admin/policies"),
    ("get", "/api/v1/admin/policies/{id}"),
    ("post", "/api/v1/admin/policies/{id}/activate"),
    ("get", "/api/v1/admin/policies/cases"),
    ("post", "/api/v1/admin/policies/cases"),
    ("delete", "/api/v1/admin/policies/cases/{id}"),
    ("post", "/api/v1/admin/policies/cases/run"),
    ("post", "/api/v1/admin/policies/explain"),
    ("get", "/api/v1/admin/policies/matrix"),
    ("get", "/api/v1/admin/audit"),
    ("get", "/api/v1/admin/audit/state"),
    ("get", "/api/v1/admin/audit/export"),
];
const FORMS: [(&str, &str); 29] = [
    ("/rpc/admin_end_session", "session=01890a5d-ac96-774b-bcce-b302099a8057"),
    ("/rpc/admin_reset_factors", "user=01890a5d-ac96-774b-bcce-b302099a8057"),
    ("/rpc/admin_end_sessions", "user=01890a5d-ac96-774b-bcce-b302099a8057"),
    ("/rpc/admin_remove_factor", "user=01890a5d-ac96-774b-bcce-b302099a8057&factor=totp"),
    ("/rpc/admin_send_reset", "user=01890a5d-ac96-774b-bcce-b302099a8057"),
    ("/rpc/admin_set_role", "user=01890a5d-ac96-774b-bcce-b302099a8057&role=support"),
    ("/rpc/act_on_users", "token=invented"),
    ("/rpc/suspend_user", "user=01890a5d-ac96-774b-bcce-b302099a8057&note=x"),
    ("/rpc/unsuspend_user", "user=01890a5d-ac96-774b-bcce-b302099a8057"),
    ("/rpc/start_impersonation", "user=01890a5d-ac96-774b-bcce-b302099a8057&reason=x"),
    ("/rpc/end_impersonation", ""),
    ("/rpc/rotate_keys", ""),
    ("/rpc/revoke_key", "key=invented"),
    ("/rpc/admin_close_organization", "organization=01890a5d-ac96-774b-bcce-b302099a8057"),
    ("/rpc/admin_reopen_organization", "organization=01890a5d-ac96-774b-bcce-b302099a8057"),
    ("/rpc/admin_resend_mail", "mail=01890a5d-ac96-774b-bcce-b302099a8057"),
    ("/rpc/admin_drop_mail", "mail=01890a5d-ac96-774b-bcce-b302099a8057"),
    ("/rpc/create_webhook", "url=https://hooks.example.com/&kinds[0]=*"),
    ("/rpc/change_webhook", "webhook=01890a5d-ac96-774b-bcce-b302099a8057&url=https://hooks.example.com/&kinds[0]=*"),
    ("/rpc/switch_webhook", "webhook=01890a5d-ac96-774b-bcce-b302099a8057&state=off"),
    ("/rpc/rotate_webhook_secret", "webhook=01890a5d-ac96-774b-bcce-b302099a8057"),
    ("/rpc/remove_webhook", "webhook=01890a5d-ac96-774b-bcce-b302099a8057"),
    ("/rpc/test_webhook", "webhook=01890a5d-ac96-774b-bcce-b302099a8057"),
    (
        "/rpc/replay_webhook_delivery",
        "webhook=01890a5d-ac96-774b-bcce-b302099a8057&delivery=01890a5d-ac96-774b-bcce-b302099a8057",
    ),
    ("/rpc/save_policies", "text=nonsense"),
    ("/rpc/discard_policy_draft", ""),
    ("/rpc/activate_policies", "version=0"),
    ("/rpc/save_policy_case", "name=x&question=nonsense"),
    ("/rpc/remove_policy_case", "id=invented"),
];

async fn start() -> TestApp {
    let app = TestApp::start().await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    app.create_account(USER).await;
    app
}

async fn call(app: &TestApp, method: &str, path: &str, header: (&str, &str)) -> Answer {
    let request = Request::builder()
        .method(method.to_uppercase().as_str())
        .uri(path.replace("{id}", ID).replace("{delivery}", ID).replace("{factor}", "totp"))
        .header("sec-fetch-site", "same-origin")
        .header(header.0, header.1);
    app.send(request.body(Body::empty()).unwrap()).await
}

/// A server function, called by a script with this access token.
async fn call_function(app: &TestApp, path: &str, body: &str, token: &str) -> Answer {
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .header("authorization", format!("Bearer {token}"));
    app.send(request.body(body.to_owned().into()).unwrap()).await
}

fn assert_nothing_is_there(answer: &Answer, path: &str) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    assert!(answer.says("page.not_found.title"), "{path}: {}", answer.body);
    for word in [
        "page.admin.nav",
        "page.admin_users.nav",
        "page.admin_keys.nav",
        "page.admin_settings.nav",
        "page.policies.nav",
        "page.webhooks.nav",
        "page.audit.nav",
    ] {
        assert!(!answer.says(word), "{path} tells of {word}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_route_is_left_out_of_these_lists() {
    let app = TestApp::start().await;
    for path in page_paths() {
        assert!(!path.starts_with("/admin") || PAGES.contains(&path), "{path}");
    }
    let document = app.get("/api/v1/openapi.json", "").await.value();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|_| path.contains("/admin")) {
            assert!(CALLS.contains(&(method.as_str(), path.as_str())), "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signed_out_the_administration_leads_to_the_sign_in() {
    let app = start().await;
    for path in PAGES.map(|path| path.replace("{id}", ID)) {
        let answer = app.get(&path, "").await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, &*format!("/sign-in?next={path}")));
        assert!(answer.body.is_empty(), "{path} shows nothing of itself");
    }
    for (method, path) in CALLS {
        let answer = call(&app, method, path, ("accept", "application/json")).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "signed_out"), "{path}");
    }
    for (path, body) in FORMS {
        let answer = app.call(path, body).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "signed_out"), "{path}");
        assert_eq!(app.form(path, body, "").await.status, StatusCode::SEE_OTHER, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn to_somebody_without_the_role_nothing_is_there() {
    let app = start().await;
    let (cookie, token) = app.sign_in(USER).await;
    let keys = app.get("/.well-known/jwks.json", "").await.body;
    let unknown = app.get("/nothing", &cookie).await;
    assert_nothing_is_there(&unknown, "/nothing");
    for path in PAGES.map(|path| path.replace("{id}", ID)) {
        assert_nothing_is_there(&app.get(&path, &cookie).await, &path);
        assert_nothing_is_there(&app.get(&format!("{path}?q=a&after=x&key=y"), &cookie).await, &path);
    }
    // Old proofs lead nobody to a page that asks for a password for such an act.
    app.forget_proofs().await;
    for (method, path) in CALLS {
        let answer = call(&app, method, path, ("authorization", &format!("Bearer {token}"))).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
        let broken = format!("{path}?before=x");
        let broken = call(&app, method, &broken, ("authorization", &format!("Bearer {token}"))).await;
        assert_eq!(broken.status, StatusCode::NOT_FOUND, "{path}");
    }
    for (path, body) in FORMS {
        let answer = call_function(&app, path, body, &token).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
        let posted = app.form_of("/admin/keys", path, body, &cookie).await;
        assert_eq!(posted.status, StatusCode::SEE_OTHER, "{path}");
        assert!(posted.location().starts_with("/admin/keys?__path="), "{path}: {}", posted.location());
        assert_nothing_is_there(&app.get(posted.location(), &cookie).await, path);
    }
    assert_eq!(app.get("/.well-known/jwks.json", "").await.body, keys, "nothing was done");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_other_credential_opens_it() {
    let app = start().await;
    let (cookie, token) = app.sign_in(ADMIN).await;
    let refresh = cookie.split_once('=').unwrap().1.to_owned();
    let program = app.personal_token(&token).await;
    for (name, value) in [
        ("authorization", format!("Basic {token}")),
        ("authorization", format!("Token {token}")),
        ("authorization", token.clone()),
        ("authorization", format!("Bearer {refresh}")),
        ("authorization", format!("Bearer {program}")),
        ("authorization", "Bearer".to_owned()),
        ("x-api-key", token.clone()),
        ("cookie", cookie.clone()),
    ] {
        // No scope is one of an administrator.
        let expected = if value.ends_with(&program) { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
        for (method, path) in CALLS {
            let answer = call(&app, method, path, (name, &value)).await;
            assert_eq!(answer.status, expected, "{method} {path} with {name}: {value:.20}");
        }
        if name != "cookie" {
            for path in PAGES.map(|path| path.replace("{id}", ID)) {
                let request = Request::get(&path).header("accept", "text/html").header(name, &value);
                let answer = app.send(request.body(Body::empty()).unwrap()).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} with {name}: {value:.20}");
            }
        }
    }
    let in_query = call(&app, "get", &format!("/api/v1/admin/users?access_token={token}"), ("accept", "*/*")).await;
    assert_eq!(in_query.status, StatusCode::UNAUTHORIZED);
    // A script of ours that forgot its token is nobody's, too.
    let script = Request::post("/rpc/rotate_keys")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "cors")
        .header("cookie", &cookie);
    assert_eq!(app.send(script.body(Body::empty()).unwrap()).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taken_role_ends_at_the_next_request() {
    let app = start().await;
    let (cookie, token) = app.sign_in(ADMIN).await;
    assert_eq!(app.get("/admin/users", &cookie).await.status, StatusCode::OK);
    assert_eq!(app.bearer(Method::GET, "/api/v1/admin/users", &token).await.status, StatusCode::OK);
    app.set_role(ADMIN, Role::User).await;
    assert_nothing_is_there(&app.get("/admin/users", &cookie).await, "/admin/users");
    assert_ne!(app.bearer(Method::GET, "/api/v1/admin/users", &token).await.status, StatusCode::OK);
    assert!(!app.get("/dashboard", &cookie).await.body.contains("/admin"));
}
