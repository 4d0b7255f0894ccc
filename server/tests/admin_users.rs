//! Accounts in the hands of administrators, for programs: filters, one account, suspension, roles, acts on several, CSV.

use crate::support::{Answer, TestApp};
use auth::Role;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const ADMIN: &str = "ada@example.com";
const SUPPORT: &str = "sue@example.com";
const USER: &str = "alice@example.com";
const NOBODY: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

struct Office {
    app: TestApp,
    admin: String,
    support: String,
    /// Alice's id.
    id: String,
}

impl Office {
    async fn start() -> Self {
        let app = TestApp::start().await;
        for address in [ADMIN, SUPPORT, USER] {
            app.create_account(address).await;
        }
        app.make_admin(ADMIN).await;
        app.set_role(SUPPORT, Role::Support).await;
        let (_, admin) = app.sign_in(ADMIN).await;
        let (_, support) = app.sign_in(SUPPORT).await;
        let id = app.read("SELECT id AS text FROM users WHERE email = $1", USER).await;
        Self { app, admin, support, id }
    }

    async fn call(&self, token: &str, method: Method, path: &str, body: &Value) -> Answer {
        self.app.bearer_body(method, &format!("/api/v1/admin{path}"), token, body.to_string().into()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.app.bearer(Method::GET, &format!("/api/v1/admin{path}"), &self.admin).await
    }

    /// As the administrator, on Alice.
    async fn act(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.call(&self.admin, method, &format!("/users/{}{path}", self.id), body).await
    }
}

fn said(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), if answer.body.is_empty() { String::new() } else { answer.code() })
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_are_read_and_what_is_none_is_named() {
    let office = Office::start().await;
    for (query, count) in [
        ("q=ali", 1),
        ("q=lice", 1),
        ("role=support", 1),
        ("role=user&state=active", 1),
        ("state=suspended", 0),
        ("second_factor=without", 3),
        ("second_factor=with", 0),
        ("created_from=2020-01-01&created_to=2020-01-02", 0),
        ("created_from=2020-01-01", 3),
        ("q=example&role=&state=&second_factor=", 3),
        (&*format!("organization={NOBODY}"), 0),
        (&*format!("q={}", office.id), 1),
    ] {
        let answer = office.get(&format!("/users?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.body);
        assert_eq!(answer.value()["items"].as_array().unwrap().len(), count, "{query}");
    }
    for (query, field) in [
        ("role=admin", "role"),
        ("state=gone", "state"),
        ("second_factor=yes", "second_factor"),
        ("created_from=tomorrow", "created_from"),
        ("created_to=2027-02-30", "created_to"),
        ("organization=acme", "organization"),
        ("organization=%00", "organization"),
    ] {
        let answer = office.get(&format!("/users?{query}")).await;
        assert_eq!(said(&answer), refused(422, "invalid_fields"), "{query}");
        assert_eq!(answer.value()["errors"][0]["field"], field, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_suspended_and_opened_again() {
    let office = Office::start().await;
    let (cookie, access) = office.app.sign_in(USER).await;
    let program = office.app.personal_token(&access).await;
    let until = office.app.in_thirty_days();
    let body = json!({"until": until, "reason": "Spam", "note": "Ticket 4711"});
    assert_eq!(office.act(Method::POST, "/suspend", &body).await.status, StatusCode::NO_CONTENT);
    for token in [&access, &program] {
        let me = office.app.bearer(Method::GET, "/api/v1/me", token).await;
        assert_eq!(said(&me), refused(401, "invalid_token"));
    }
    assert_eq!(office.app.get("/dashboard", &cookie).await.status, StatusCode::SEE_OTHER);
    let sign_in = json!({"email": USER, "password": crate::support::PASSWORD});
    assert_eq!(said(&office.app.json("/api/v1/sign-in", &sign_in).await), refused(403, "account_suspended"));
    let body = format!("email=alice%40example.com&password={}", crate::support::PASSWORD.replace(' ', "+"));
    let led = office.app.form("/rpc/sign_in", &body, "").await;
    let page = office.app.get(led.location(), "").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.says("error.account_suspended"), "{}", page.body);

    let seen = office.get(&format!("/users/{}", office.id)).await.value();
    assert_eq!((&seen["user"]["state"], &seen["suspension"]["until"]), (&json!("suspended"), &json!(until)));
    assert_eq!((&seen["suspension"]["reason"], &seen["suspension"]["note"]), (&json!("Spam"), &json!("Ticket 4711")));
    assert_eq!(seen["acts"]["suspend"], true);
    assert!(seen["activity"].as_array().unwrap().iter().any(|line| line["kind"] == "user.suspended"), "{seen}");
    assert_eq!(office.act(Method::POST, "/unsuspend", &json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(said(&office.act(Method::POST, "/unsuspend", &json!({})).await), refused(409, "wrong_state"));
    office.app.sign_in(USER).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_done_is_refused_clearly() {
    let office = Office::start().await;
    let own = office.app.read("SELECT id AS text FROM users WHERE email = $1", ADMIN).await;
    let note = json!({"note": "Ticket 4711"});
    for (path, body, status, code) in [
        (format!("/users/{own}/suspend"), note.clone(), 403, "forbidden"),
        (format!("/users/{NOBODY}/suspend"), note.clone(), 404, "not_found"),
        ("/users/x/suspend".to_owned(), note.clone(), 400, "malformed_request"),
        ("/users/%00/suspend".to_owned(), note.clone(), 400, "malformed_request"),
        ("/users/%ff/suspend".to_owned(), note, 400, "malformed_request"),
        (format!("/users/{}/suspend", office.id), json!({}), 422, "invalid_fields"),
        (format!("/users/{}/suspend", office.id), json!({"note": "x", "until": 1}), 422, "invalid_fields"),
        (format!("/users/{}/suspend", office.id), json!({"note": "x", "until": "tomorrow"}), 400, "malformed_request"),
        (format!("/users/{}/suspend", office.id), json!({"note": "x", "role": "user"}), 400, "malformed_request"),
        (format!("/users/{}/suspend", office.id), json!({"note": "x".repeat(501)}), 422, "invalid_fields"),
        (format!("/users/{}/reset", own), json!({}), 403, "forbidden"),
        ("/users/bulk/preview".to_owned(), json!({"act": "delete", "ids": [NOBODY]}), 422, "invalid_fields"),
        ("/users/bulk/preview".to_owned(), json!({"act": "unsuspend"}), 422, "invalid_fields"),
        ("/users/bulk/preview".to_owned(), json!({"act": "unsuspend", "ids": ["x"]}), 422, "invalid_fields"),
        ("/users/bulk/preview".to_owned(), json!({"act": "unsuspend", "filter": {"role": "x"}}), 422, "invalid_fields"),
        (
            "/users/bulk/preview".to_owned(),
            json!({"act": "unsuspend", "filter": {"id": "x"}}),
            400,
            "malformed_request",
        ),
        ("/users/bulk".to_owned(), json!({"token": "invented"}), 410, "link_expired"),
        ("/users/bulk".to_owned(), json!({}), 410, "link_expired"),
        (format!("/users/{}/impersonate", office.id), json!({}), 422, "invalid_fields"),
        (format!("/users/{own}/impersonate"), json!({"reason": "x"}), 403, "forbidden"),
    ] {
        let answer = office.call(&office.admin, Method::POST, &path, &body).await;
        assert_eq!(said(&answer), refused(status, code), "{path} {body}");
    }
    for (method, path, body, status, code) in [
        (Method::PUT, "/role", json!({"role": "root"}), 422, "invalid_fields"),
        (Method::PUT, "/role", json!({"role": "user", "id": NOBODY}), 400, "malformed_request"),
        (Method::DELETE, "/factors/totp", json!({}), 409, "factor_unavailable"),
        (Method::DELETE, "/factors/password", json!({}), 400, "malformed_request"),
    ] {
        assert_eq!(said(&office.act(method.clone(), path, &body).await), refused(status, code), "{method} {path}");
    }
    // To support what it may not is not there, however it is asked.
    for (method, path) in [(Method::POST, "/suspend"), (Method::PUT, "/role"), (Method::DELETE, "/factors/totp")] {
        for body in [json!({}), json!({"role": "root", "note": ""})] {
            let path = format!("/users/{}{path}", office.id);
            let answer = office.call(&office.support, method.clone(), &path, &body).await;
            assert_eq!(said(&answer), refused(404, "not_found"), "{method} {path} {body}");
        }
    }
    let answer = office.call(&office.support, Method::DELETE, &format!("/users/{own}/sessions"), &json!({})).await;
    assert_eq!(said(&answer), refused(403, "forbidden"), "of somebody above them");
    assert_eq!(said(&office.get("/users/x").await), refused(400, "malformed_request"));
    assert_eq!(said(&office.get(&format!("/users/{NOBODY}")).await), refused(404, "not_found"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_is_given_and_sessions_are_ended() {
    let office = Office::start().await;
    let (_, access) = office.app.sign_in(USER).await;
    let answer = office.act(Method::PUT, "/role", &json!({"role": "auditor"})).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    let me = office.app.bearer(Method::GET, "/api/v1/me", &access).await;
    assert_eq!(me.status, StatusCode::UNAUTHORIZED, "its token named another role");
    office.app.forget_proofs().await;
    let late = office.act(Method::PUT, "/role", &json!({"role": "user"})).await;
    assert_eq!(said(&late), refused(403, "reauthentication_required"));
    let path = format!("/users/{}/sessions", office.id);
    let ended = office.call(&office.support, Method::DELETE, &path, &json!({})).await;
    assert_eq!(said(&ended), refused(403, "forbidden"), "an auditor sees what support does not");
    assert_eq!(office.act(Method::DELETE, "/sessions", &json!({})).await.status, StatusCode::NO_CONTENT);
    let seen = office.get(&format!("/users/{}", office.id)).await.value();
    assert_eq!((&seen["user"]["live_sessions"], &seen["user"]["role"]), (&json!(0), &json!("auditor")));
    assert_eq!(office.act(Method::POST, "/reset", &json!({})).await.status, StatusCode::NO_CONTENT);
    office.app.mail(USER, "password_reset").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_are_acted_on_as_it_was_previewed() {
    let office = Office::start().await;
    let body = json!({"act": "suspend", "filter": {"q": "example"}, "suspension": {"note": "All of them"}});
    let shown = office.call(&office.admin, Method::POST, "/users/bulk/preview", &body).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    let shown = shown.value();
    assert_eq!((shown["accounts"].as_array().unwrap().len(), &shown["is_cut"]), (2, &json!(false)));
    assert_eq!((&shown["left_out"][0]["email"], &shown["left_out"][0]["why"]), (&json!(ADMIN), &json!("own")));
    let token = json!({"token": shown["token"]});
    office.app.forget_proofs().await;
    let asked = office.call(&office.admin, Method::POST, "/users/bulk", &token).await;
    assert_eq!(said(&asked), refused(403, "reauthentication_required"));
    let proof = json!({"current_password": crate::support::PASSWORD}).to_string();
    office.app.bearer_body(Method::POST, "/api/v1/reauthenticate", &office.admin, proof.into()).await;
    let done = office.call(&office.admin, Method::POST, "/users/bulk", &token).await.value();
    assert_eq!((&done["done"], &done["left_out"]), (&json!(2), &json!([])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_taken_away_as_csv() {
    let office = Office::start().await;
    office.app.execute("UPDATE users SET name = '=HYPERLINK(\"http://evil.example\")' WHERE email LIKE 'alice%'").await;
    let answer = office.get("/users/export?q=alice").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"keywright-users-"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let lines: Vec<&str> = answer.body.split("\r\n").collect();
    assert_eq!(lines[0], "id,email,name,role,state,created_at,second_factors,live_sessions");
    assert!(lines[1].contains(",\"'=HYPERLINK(\"\"http://evil.example\"\")\",user,active,"), "{}", lines[1]);
    assert_eq!((lines.len(), lines[2]), (3, ""));

    // More than a page, in one file.
    office
        .app
        .execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120) INSERT INTO users \
         (id, email, name, locale, email_verified_at, created_at) SELECT \
         '01890a5d-ac96-774b-bcce-' || printf('%012d', i), 'p' || i || '@example.com', 'Sam', 'en', 0, i FROM n",
        )
        .await;
    let answer = office.get("/users/export").await;
    assert_eq!(answer.body.lines().count(), 1 + 3 + 120);
    let (cookie, _) = office.app.sign_in(ADMIN).await;
    let file = office.app.get("/admin/users/export?role=support", &cookie).await;
    assert_eq!((file.status, file.body.lines().count()), (StatusCode::OK, 2), "{}", file.body);
    office.app.forget_proofs().await;
    let asked = office.app.get("/admin/users/export", &cookie).await;
    assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, "/account/confirm?next=/admin/users"));
    assert_eq!(said(&office.get("/users/export").await), refused(403, "reauthentication_required"));
    let (_, alice) = office.app.sign_in(USER).await;
    let answer = office.app.bearer(Method::GET, "/api/v1/admin/users/export?role=x", &alice).await;
    assert_eq!(said(&answer), refused(404, "not_found"));
}
