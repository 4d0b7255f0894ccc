//! The administration as pages and plain forms.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::body::Body;
use axum::http::{Request, StatusCode};

const ADMIN: &str = "ada@example.com";
const USER: &str = "alice@example.com";

/// An administrator's cookie; with more settings, as lines of TOML.
async fn start(settings: &str) -> (TestApp, String) {
    let app = TestApp::start_with(settings).await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    app.create_account(USER).await;
    let (cookie, _) = app.sign_in(ADMIN).await;
    (app, cookie)
}

async fn page(app: &TestApp, path: &str, cookie: &str) -> Answer {
    let answer = app.get(path, cookie).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.body.contains(" style=") && !answer.body.contains("<style"), "{path} has an inline style");
    answer
}

/// What stands in an answer between two texts.
fn between<'a>(answer: &'a Answer, before: &str, after: &str) -> &'a str {
    let (_, rest) = answer.body.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", answer.body));
    rest.split_once(after).unwrap().0
}

/// The path of the newest session of somebody, found as an administrator finds it.
async fn session_of(app: &TestApp, email: &str, cookie: &str) -> String {
    let users = page(app, &format!("/admin/users?q={email}"), cookie).await;
    let user = format!("/admin/users/{}", between(&users, "href=\"/admin/users/", "\""));
    let sessions = page(app, &user, cookie).await;
    format!("/admin/sessions/{}", between(&sessions, "href=\"/admin/sessions/", "\""))
}

/// Exchanges the refresh cookie; gives the next one, or the status of a refusal.
async fn refresh(app: &TestApp, cookie: &str) -> Result<String, StatusCode> {
    let request = Request::post("/api/v1/refresh").header("cookie", cookie).header("sec-fetch-site", "same-origin");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    if answer.status == StatusCode::OK { Ok(answer.cookie("__Host-refresh").unwrap()) } else { Err(answer.status) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn administrators_find_the_way_and_others_do_not_see_it() {
    let (app, cookie) = start("").await;
    assert!(page(&app, "/dashboard", &cookie).await.body.contains("href=\"/admin\""));
    let (user, _) = app.sign_in(USER).await;
    for path in ["/dashboard", "/account", "/account/activity"] {
        assert!(!page(&app, path, &user).await.body.contains("/admin"), "{path}");
    }
    let overview = page(&app, "/admin", &cookie).await;
    for link in ["href=\"/admin/users\"", "href=\"/admin/keys\"", "href=\"/dashboard\""] {
        assert!(overview.body.contains(link), "{link}");
    }
    assert!(page(&app, "/account/activity", &cookie).await.body.contains("?filter=administration"));
    assert!(
        page(&app, "/account/activity?filter=administration", &cookie).await.says("page.activity.empty_administration")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_are_listed_and_sought() {
    let (app, cookie) = start("").await;
    let all = page(&app, "/admin/users", &cookie).await;
    assert!(all.body.contains(ADMIN) && all.body.contains(USER) && all.says("page.admin_users.role_admin"));
    let found = page(&app, "/admin/users?q=ALI", &cookie).await;
    assert!(found.body.contains(USER) && found.body.contains("value=\"ALI\""), "{}", found.body);
    let table = between(&found, "<tbody>", "</tbody>");
    assert!(!table.contains(ADMIN), "{table}");
    let nobody = page(&app, "/admin/users?q=%22%3E%3Cscript%3E", &cookie).await;
    assert!(nobody.says("page.admin_users.none") && !nobody.body.contains("\"><script>"), "{}", nobody.body);
    let broken = app.get("/admin/users?after=x", &cookie).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    assert!(broken.says("ui.no_such_list"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_is_drawn_and_told() {
    let (app, cookie) = start("").await;
    let (first, _) = app.sign_in(USER).await;
    let second = refresh(&app, &first).await.unwrap();
    refresh(&app, &second).await.unwrap();
    let shown = page(&app, &session_of(&app, USER, &cookie).await, &cookie).await;
    let picture = between(&shown, "class=\"chart\"", "</svg>");
    for part in ["<title id=\"family-title\"", "<desc id=\"family-desc\"", "<polyline"] {
        assert!(picture.contains(part), "{part} in {picture}");
    }
    assert_eq!(picture.matches("class=\"family-dot\"").count(), 2, "{picture}");
    assert_eq!(picture.matches("class=\"family-start\"").count(), 1, "{picture}");
    assert!(picture.contains("class=\"family-open\"") && !picture.contains("family-end"), "{picture}");
    let list = between(&shown, "<ol class=\"events\">", "</ol>");
    assert_eq!(list.matches("<li").count(), 3, "the same as the picture: {list}");
    assert!(shown.says("page.admin_session.end_action"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_used_again_is_marked() {
    let (app, cookie) = start("rotation_grace_seconds = 0\n").await;
    let (first, _) = app.sign_in(USER).await;
    refresh(&app, &first).await.unwrap();
    assert_eq!(refresh(&app, &first).await, Err(StatusCode::UNAUTHORIZED));
    let shown = page(&app, &session_of(&app, USER, &cookie).await, &cookie).await;
    let picture = between(&shown, "class=\"chart\"", "</svg>");
    for part in ["class=\"family-reuse\"", "class=\"family-way\"", "class=\"family-end\""] {
        assert!(picture.contains(part), "{part} in {picture}");
    }
    let list = between(&shown, "<ol class=\"events\">", "</ol>");
    assert!(list.contains("event-danger"), "{list}");
    assert!(shown.says("page.admin_session.end_reuse") && !shown.says("page.admin_session.end_action"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_family_is_drawn_in_slots() {
    let (app, cookie) = start("").await;
    let (mut newest, _) = app.sign_in(USER).await;
    for _ in 0..70 {
        newest = refresh(&app, &newest).await.unwrap();
    }
    let shown = page(&app, &session_of(&app, USER, &cookie).await, &cookie).await;
    let picture = between(&shown, "class=\"chart\"", "</svg>");
    let bars = picture.matches("class=\"family-bar\"").count();
    assert!((1..=3).contains(&bars), "{bars} minutes: {picture}");
    assert!(!picture.contains("family-dot") && shown.says("page.admin_session.slot_minute"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_ended_by_a_form_and_its_person_is_told() {
    let (app, cookie) = start("").await;
    let (user, _) = app.sign_in(USER).await;
    let path = session_of(&app, USER, &cookie).await;
    let body = format!("session={}", path.rsplit('/').next().unwrap());
    let posted = app.form_of(&path, "/rpc/admin_end_session", &body, &cookie).await;
    assert_eq!((posted.status, posted.location()), (StatusCode::SEE_OTHER, &*format!("{path}?note=ended")));
    let shown = page(&app, posted.location(), &cookie).await;
    assert!(shown.says("page.admin_session.ended") && shown.says("page.admin_session.end_by_admin"), "{}", shown.body);
    assert_eq!(app.get("/account", &user).await.status, StatusCode::SEE_OTHER, "signed out");
    let (user, _) = app.sign_in(USER).await;
    assert!(page(&app, "/account/activity", &user).await.says("event.session_ended_by_admin"));
    assert!(page(&app, "/account/activity", &cookie).await.says("event.admin_session_ended"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_drawn_replaced_and_revoked_after_a_fresh_proof() {
    let (app, cookie) = start("").await;
    let shown = page(&app, "/admin/keys", &cookie).await;
    let picture = between(&shown, "class=\"chart\"", "</svg>");
    for part in ["<title id=\"keys-title\"", "<desc id=\"keys-desc\"", "class=\"key-signs\""] {
        assert!(picture.contains(part), "{part} in {picture}");
    }
    let rotated = app.form_of("/admin/keys", "/rpc/rotate_keys", "", &cookie).await;
    assert_eq!(rotated.location(), "/admin/keys?note=rotated", "{}", rotated.body);
    let shown = page(&app, rotated.location(), &cookie).await;
    assert!(shown.says("page.admin_keys.rotated") && shown.says("page.admin_keys.state_next"), "{}", shown.body);

    // The first in the table that can be revoked.
    let key = between(&shown, "/admin/keys/revoke?key=", "\"").to_owned();
    let ask = format!("/admin/keys/revoke?key={key}");
    let asked = page(&app, &ask, &cookie).await;
    assert!(asked.says("page.admin_keys.revoke_people") && asked.body.contains(&key), "{}", asked.body);
    assert_eq!(app.get("/admin/keys/revoke?key=invented", &cookie).await.status, StatusCode::NOT_FOUND);

    app.forget_proofs().await;
    let posted = app.form_of(&ask, "/rpc/revoke_key", &format!("key={key}"), &cookie).await;
    let ticket =
        posted.location().strip_prefix("/account/confirm?act=").unwrap_or_else(|| panic!("{}", posted.location()));
    let question = page(&app, posted.location(), &cookie).await;
    assert!(question.says("page.confirm.act_revoke_key"), "{}", question.body);
    let body = format!("act={ticket}&current_password={}", PASSWORD.replace(' ', "+"));
    let done = app.form_of(posted.location(), "/rpc/confirm_identity", &body, &cookie).await;
    assert_eq!(done.location(), "/admin/keys?note=revoked", "{}", done.body);
    let shown = page(&app, done.location(), &cookie).await;
    assert!(shown.says("page.admin_keys.revoked") && shown.says("page.admin_keys.state_revoked"), "{}", shown.body);
    assert!(between(&shown, "class=\"chart\"", "</svg>").contains("class=\"key-revoked\""));
    assert_eq!(app.get(&ask, &cookie).await.status, StatusCode::NOT_FOUND, "it can be revoked no more");
    let told = page(&app, "/account/activity?filter=administration", &cookie).await;
    assert!(told.says("event.admin_signing_key_revoked") && told.says("event.admin_signing_key_rotated"));
}
