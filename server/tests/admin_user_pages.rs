//! What administrators do on the pages of accounts, with plain forms: filters, suspension, several at once, and the
//! look through somebody else's eyes.

use crate::support::browser::Browser;
use crate::support::{Answer, TestApp};
use auth::Role;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

const ADMIN: &str = "ada@example.com";
const SUPPORT: &str = "sue@example.com";
const USER: &str = "alice@example.com";
const OTHER: &str = "bob@example.com";
const BANNER: &str = "You see this as Sam.";

/// An administrator's cookie, and the ids of Alice and Bob.
async fn start() -> (TestApp, String, [String; 2]) {
    let app = TestApp::start().await;
    for address in [ADMIN, SUPPORT, USER, OTHER] {
        app.create_account(address).await;
    }
    app.make_admin(ADMIN).await;
    app.set_role(SUPPORT, Role::Support).await;
    let id = "SELECT id AS text FROM users WHERE email = $1";
    let ids = [app.read(id, USER).await, app.read(id, OTHER).await];
    let (cookie, _) = app.sign_in(ADMIN).await;
    (app, cookie, ids)
}

async fn page(app: &TestApp, path: &str, cookie: &str) -> Answer {
    let answer = app.get(path, cookie).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer
}

/// What stands in an answer between two texts.
fn between<'a>(answer: &'a Answer, before: &str, after: &str) -> &'a str {
    let (_, rest) = answer.body.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", answer.body));
    rest.split_once(after).unwrap().0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_stand_in_the_address_and_in_every_link() {
    let (app, cookie, _) = start().await;
    let found = page(&app, "/admin/users?q=ex&role=support&state=active&second_factor=", &cookie).await;
    let table = between(&found, "<tbody>", "</tbody>");
    assert!(table.contains(SUPPORT) && !table.contains(USER) && !table.contains(ADMIN), "{table}");
    assert!(found.body.contains("href=\"/admin/users/export?q=ex&amp;role=support"), "{}", found.body);
    for field in ["name=\"state\"", "name=\"created_from\"", "name=\"everybody\"", "name=\"ids\""] {
        assert!(found.body.contains(field), "{field}");
    }
    let wrong = app.get("/admin/users?created_to=2027-02-30", &cookie).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.says("issue.unknown") && wrong.says("ui.whole_list"), "{}", wrong.body);
    let literal = page(&app, "/admin/users?q=%25", &cookie).await;
    assert!(literal.says("page.admin_users.none"), "a percent sign is a percent sign");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_act_is_offered_nothing() {
    let (app, _, [id, _]) = start().await;
    app.set_role(SUPPORT, Role::Auditor).await;
    let (auditor, _) = app.sign_in(SUPPORT).await;
    let list = page(&app, "/admin/users", &auditor).await;
    assert!(list.body.contains(USER) && !list.body.contains("name=\"ids\"") && !list.says("page.admin_bulk.preview"));
    let shown = page(&app, &format!("/admin/users/{id}"), &auditor).await;
    assert!(!shown.body.contains("action=\"/rpc/suspend_user\"") && !shown.says("page.admin_help.title"));
    let keys = page(&app, "/admin/keys", &auditor).await;
    assert!(!keys.says("page.admin_keys.rotate_action") && !keys.body.contains("/admin/keys/revoke"));
    let key = between(&keys, "<code class=\"key-id\">", "</code>").to_owned();
    assert_eq!(app.get(&format!("/admin/keys/revoke?key={key}"), &auditor).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        app.get(&format!("/admin/users/{id}/impersonate"), &auditor).await.status,
        StatusCode::NOT_FOUND,
        "an auditor looks with their own eyes"
    );
    app.set_role(SUPPORT, Role::Support).await;
    let (support, _) = app.sign_in(SUPPORT).await;
    let overview = page(&app, "/admin", &support).await;
    assert!(overview.body.contains("href=\"/admin/users\"") && !overview.body.contains("href=\"/admin/keys\""));
    let shown = page(&app, &format!("/admin/users/{id}"), &support).await;
    assert!(shown.says("page.admin_help.reset_action") && !shown.body.contains("action=\"/rpc/suspend_user\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_suspended_with_words_for_its_person() {
    let (app, cookie, [id, _]) = start().await;
    let path = format!("/admin/users/{id}");
    let (user, _) = app.sign_in(USER).await;
    assert!(page(&app, &path, &cookie).await.says("page.admin_suspend.keeps_data"));

    let body = format!("user={id}&until=2020-01-01&reason=Too+many+mails&note=");
    let refused = app.form_of(&path, "/rpc/suspend_user", &body, &cookie).await;
    let shown = app.get(refused.location(), &format!("{cookie}; {}", refused.cookie("__Host-chosen").unwrap())).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", shown.body);
    assert!(shown.says("issue.required") && shown.says("issue.out_of_range"), "{}", shown.body);
    assert!(shown.body.contains("Too many mails"), "what was typed stays");
    assert_eq!(app.get("/dashboard", &user).await.status, StatusCode::OK);

    let body = format!("user={id}&until=&reason=Too+many+mails&note=Ticket+4711");
    let done = app.form_of(&path, "/rpc/suspend_user", &body, &cookie).await;
    assert_eq!(done.location(), format!("{path}?note=suspended"), "{}", done.body);
    let shown = page(&app, done.location(), &cookie).await;
    for key in ["page.admin_user.done_suspended", "page.admin_suspend.suspended", "page.admin_users.state_suspended"] {
        assert!(shown.says(key), "{key}");
    }
    assert!(shown.body.contains("Ticket 4711") && !shown.says("page.admin_suspend.action"), "{}", shown.body);
    assert_eq!(app.get("/dashboard", &user).await.status, StatusCode::SEE_OTHER, "signed out");
    assert!(app.mail(USER, "account_suspended").await["text"].as_str().unwrap().contains("Too many mails"));
    let mails = page(&app, &path, &cookie).await;
    assert!(mails.body.contains("<code>account_suspended</code>"), "support sees which mails left: {}", mails.body);

    let lifted = app.form_of(&path, "/rpc/unsuspend_user", &format!("user={id}"), &cookie).await;
    assert_eq!(lifted.location(), format!("{path}?note=unsuspended"));
    assert!(page(&app, lifted.location(), &cookie).await.says("page.admin_user.done_unsuspended"));
    let again = app.form_of(&path, "/rpc/unsuspend_user", &format!("user={id}"), &cookie).await;
    let shown = app.get(again.location(), &cookie).await;
    assert!(shown.status == StatusCode::CONFLICT && shown.says("error.wrong_state"), "{}", shown.body);
    app.sign_in(USER).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_helped_and_gets_another_role() {
    let (app, cookie, [id, _]) = start().await;
    let path = format!("/admin/users/{id}");
    let (user, _) = app.sign_in(USER).await;
    for (function, body, note, said) in [
        ("admin_send_reset", "", "reset_sent", "page.admin_user.done_reset_sent"),
        ("admin_end_sessions", "", "sessions_ended", "page.admin_user.done_sessions_ended"),
        ("admin_set_role", "&role=auditor", "role_set", "page.admin_user.done_role_set"),
    ] {
        let body = format!("user={id}{body}");
        let done = app.form_of(&path, &format!("/rpc/{function}"), &body, &cookie).await;
        assert_eq!(done.location(), format!("{path}?note={note}"), "{}", done.body);
        assert!(page(&app, done.location(), &cookie).await.says(said), "{said}");
    }
    assert_eq!(app.get("/dashboard", &user).await.status, StatusCode::SEE_OTHER, "signed out");
    app.mail(USER, "password_reset").await;
    let (auditor, _) = app.sign_in(USER).await;
    assert_eq!(app.get("/admin/users", &auditor).await.status, StatusCode::OK);

    app.forget_proofs().await;
    let asked = app.form_of(&path, "/rpc/admin_set_role", &format!("user={id}&role=user"), &cookie).await;
    assert!(asked.location().starts_with("/account/confirm?act="), "{}", asked.location());
    let question = page(&app, asked.location(), &cookie).await;
    assert!(question.says("page.confirm.act_set_role"), "{}", question.body);
    let ticket = asked.location().strip_prefix("/account/confirm?act=").unwrap();
    let body = format!("act={ticket}&current_password={}", crate::support::PASSWORD.replace(' ', "+"));
    let done = app.form_of(asked.location(), "/rpc/confirm_identity", &body, &cookie).await;
    assert_eq!(done.location(), format!("{path}?note=role_set"), "{}", done.body);
    assert_eq!(app.get("/admin/users", &auditor).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_are_suspended_after_a_preview() {
    let (app, cookie, [alice, bob]) = start().await;
    let own = app.read("SELECT id AS text FROM users WHERE email = $1", ADMIN).await;
    let (user, _) = app.sign_in(USER).await;
    let path = format!("/admin/users/bulk?act=suspend&ids={alice}&ids={bob}&ids={own}");
    let preview = page(&app, &path, &cookie).await;
    assert!(preview.body.contains("Accounts: 2") && preview.body.contains("Left out: 1"), "{}", preview.body);
    assert!(preview.says("page.admin_bulk.why_own") && preview.says("page.admin_suspend.note_hint"));
    assert_eq!(app.get("/dashboard", &user).await.status, StatusCode::OK, "nothing is done yet");
    let token = between(&preview, "name=\"token\" value=\"", "\"").to_owned();

    let unsaid = app.form_of(&path, "/rpc/act_on_users", &format!("token={token}"), &cookie).await;
    let shown = app.get(unsaid.location(), &cookie).await;
    assert!(shown.status == StatusCode::UNPROCESSABLE_ENTITY && shown.says("issue.required"), "{}", shown.body);
    let done = app.form_of(&path, "/rpc/act_on_users", &format!("token={token}&note=Ticket+4711"), &cookie).await;
    assert_eq!(done.location(), "/admin/users?note=done&done=2&left=0", "{}", done.body);
    let list = page(&app, done.location(), &cookie).await;
    assert!(list.body.contains("Done. Accounts: 2. Left out: 0."), "{}", list.body);
    assert_eq!(app.get("/dashboard", &user).await.status, StatusCode::SEE_OTHER);

    let preview = page(&app, "/admin/users/bulk?act=unsuspend&everybody=1&state=suspended", &cookie).await;
    assert!(preview.body.contains(USER) && preview.body.contains(OTHER) && !preview.says("ui.note"));
    let none = page(&app, &format!("/admin/users/bulk?act=end_sessions&ids={own}"), &cookie).await;
    assert!(none.says("page.admin_bulk.does_nothing") && !none.body.contains("name=\"token\""), "{}", none.body);
    for nobody in ["?act=suspend", "", "?act=delete&ids=x", &format!("?act=delete&ids={alice}")] {
        let answer = app.get(&format!("/admin/users/bulk{nobody}"), &cookie).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{nobody}");
        assert!(answer.says("page.admin_bulk.nobody"), "{nobody}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_with_many_who_are_picked_is_led_back_to() {
    let (app, cookie, [alice, _]) = start().await;
    let path = format!("/admin/users/bulk?act=suspend{}", format!("&ids={alice}").repeat(50));
    let token = between(&page(&app, &path, &cookie).await, "name=\"token\" value=\"", "\"").to_owned();
    let refused = app.form_of(&path, "/rpc/act_on_users", &format!("token={token}"), &cookie).await;
    assert!(refused.location().starts_with("/admin/users/bulk?act=suspend&ids="), "{}", refused.location());
    assert!(app.get(refused.location(), &cookie).await.says("issue.required"));
    let evil = format!("/admin/users/bulk?x={}", "a".repeat(9000));
    let refused = app.form_of(&evil, "/rpc/act_on_users", &format!("token={token}"), &cookie).await;
    assert_eq!(refused.location(), "/admin/users", "what is too long is not followed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_somebody_elses_eyes_there_is_a_banner_and_nothing_to_change() {
    let (app, cookie, [alice, bob]) = start().await;
    let ask = format!("/admin/users/{alice}/impersonate");
    let asked = page(&app, &ask, &cookie).await;
    assert!(asked.says("page.impersonate.is_told") && asked.body.contains("name=\"writes\""), "{}", asked.body);
    let own = app.read("SELECT id AS text FROM users WHERE email = $1", ADMIN).await;
    assert_eq!(app.get(&format!("/admin/users/{own}/impersonate"), &cookie).await.status, StatusCode::NOT_FOUND);

    let mut browser = Browser::with(&app, &cookie);
    let unsaid = browser.post(&ask, "/rpc/start_impersonation", &format!("user={alice}&reason=")).await;
    let shown = browser.follow(&ask, unsaid.location()).await;
    assert!(shown.status == StatusCode::UNPROCESSABLE_ENTITY && shown.says("issue.required"), "{}", shown.body);

    let begun = browser.post(&ask, "/rpc/start_impersonation", &format!("user={alice}&reason=Ticket+4711")).await;
    assert_eq!(begun.location(), "/dashboard", "{}", begun.body);
    assert!(browser.cookie("__Host-own-session").is_some());
    for path in ["/dashboard", "/account", "/account/sessions", "/nothing", "/sign-in"] {
        let shown = browser.follow("/dashboard", path).await;
        assert!(shown.status.is_redirection() || shown.body.contains(BANNER), "{path}: {}", shown.body);
        assert!(!shown.body.contains("href=\"/admin"), "{path}");
    }
    let shown = browser.follow("/dashboard", "/dashboard").await;
    assert!(shown.says("page.impersonate.banner_reads") && shown.body.contains("Minutes left: 30."), "{}", shown.body);
    assert!(browser.follow("/dashboard", "/account/sessions").await.says("page.devices.administrator"));
    assert_eq!(browser.follow("/dashboard", "/admin/users").await.status, StatusCode::NOT_FOUND);

    let refused = browser.post("/account", "/rpc/change_name", "name=Eve").await;
    assert!(refused.location().starts_with("/account?__path="), "{}", refused.location());
    let shown = browser.follow("/account", refused.location()).await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    assert!(shown.says("error.read_only") && shown.says("page.impersonate.refused"), "{}", shown.body);
    let nested = browser.post("/dashboard", "/rpc/start_impersonation", &format!("user={bob}&reason=x")).await;
    assert!(nested.location().starts_with("/dashboard?__path="), "{}", nested.location());
    assert_eq!(app.read("SELECT name AS text FROM users WHERE email = $1", USER).await, "Sam");
    app.mail(USER, "impersonation_started").await;

    let theirs = format!("__Host-refresh={}", browser.cookie("__Host-refresh").unwrap());
    let stopped = browser.post("/dashboard", "/rpc/end_impersonation", "").await;
    assert_eq!(stopped.location(), format!("/admin/users/{alice}?note=stopped"), "{}", stopped.body);
    assert!(browser.cookie("__Host-own-session").is_none());
    let shown = browser.follow("/dashboard", stopped.location()).await;
    assert!(shown.says("page.admin_user.done_stopped") && !shown.body.contains(BANNER), "{}", shown.body);
    assert_eq!(app.get("/dashboard", &theirs).await.status, StatusCode::SEE_OTHER, "it is over");
    assert!(
        browser
            .follow("/dashboard", "/account/activity?filter=administration")
            .await
            .says("event.admin_impersonation_ended")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ended_by_itself_leads_back_to_oneself() {
    let (app, cookie, [alice, _]) = start().await;
    let ask = format!("/admin/users/{alice}/impersonate");
    for by_button in [false, true] {
        let mut browser = Browser::with(&app, &cookie);
        let begun = browser.post(&ask, "/rpc/start_impersonation", &format!("user={alice}&reason=x")).await;
        assert_eq!(begun.location(), "/dashboard", "{}", begun.body);
        app.execute("UPDATE sessions SET expires_at = 0 WHERE impersonator_id IS NOT NULL").await;
        if by_button {
            let back = browser.post("/dashboard", "/rpc/end_impersonation", "").await;
            assert_eq!(back.location(), "/admin/users", "{}", back.body);
        }
        let shown = browser.follow("/dashboard", "/admin/users").await;
        assert!(shown.status == StatusCode::OK && !shown.body.contains(BANNER), "{}", shown.body);
        assert!(browser.cookie("__Host-own-session").is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_that_stops_it_stops_it() {
    let (app, cookie, [alice, _]) = start().await;
    let mut browser = Browser::with(&app, &cookie);
    let ask = format!("/admin/users/{alice}/impersonate");
    browser.post(&ask, "/rpc/start_impersonation", &format!("user={alice}&reason=x")).await;
    let theirs = format!("__Host-refresh={}", browser.cookie("__Host-refresh").unwrap());
    let both = format!("{theirs}; __Host-own-session={}", browser.cookie("__Host-own-session").unwrap());
    assert_eq!(app.get("/dashboard", &theirs).await.status, StatusCode::OK);
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "application/json"),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-mode", "cors"),
        ("cookie", both.as_str()),
    ];
    let stopped = app.request(Method::POST, "/rpc/end_impersonation", &headers, Body::empty()).await;
    assert!(stopped.set_cookie("__Host-refresh").is_some(), "{} {}", stopped.status, stopped.body);
    assert_eq!(app.get("/dashboard", &theirs).await.status, StatusCode::SEE_OTHER, "nobody keeps it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_in_anothers_place_signs_out_of_both() {
    let (app, cookie, [alice, _]) = start().await;
    let mut browser = Browser::with(&app, &cookie);
    let ask = format!("/admin/users/{alice}/impersonate");
    browser.post(&ask, "/rpc/start_impersonation", &format!("user={alice}&reason=x")).await;
    browser.post("/dashboard", "/rpc/sign_out", "").await;
    assert!(browser.cookie("__Host-own-session").is_none() && browser.cookie("__Host-refresh").is_none());
    assert_eq!(browser.follow("/dashboard", "/dashboard").await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.get("/dashboard", &cookie).await.status, StatusCode::SEE_OTHER, "one's own session is over, too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_other_role_looks_at_colleagues_and_nobody_at_administrators() {
    let (app, cookie, [alice, _]) = start().await;
    let (support, token) = app.sign_in(SUPPORT).await;
    let [sue, ada] = [SUPPORT, ADMIN];
    let id = "SELECT id AS text FROM users WHERE email = $1";
    let (sue, ada) = (app.read(id, sue).await, app.read(id, ada).await);
    assert!(!page(&app, &format!("/admin/users/{alice}/impersonate"), &support).await.body.contains("name=\"writes\""));
    for other in [&sue, &ada] {
        let path = format!("/admin/users/{other}/impersonate");
        assert_eq!(app.get(&path, &support).await.status, StatusCode::NOT_FOUND);
    }
    assert!(!page(&app, &format!("/admin/users/{sue}/impersonate"), &cookie).await.body.contains("name=\"writes\""));
    let path = format!("/api/v1/admin/users/{alice}/impersonate");
    let body = json!({"reason": "x", "writes": true}).to_string();
    let writing = app.bearer_body(Method::POST, &path, &token, body.into()).await;
    assert_eq!((writing.status, writing.code().as_str()), (StatusCode::FORBIDDEN, "forbidden"));
}
