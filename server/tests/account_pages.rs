//! One's own account as pages and plain forms.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::http::StatusCode;

const EMAIL: &str = "alice@example.com";
const PAGES: [&str; 6] =
    ["/account", "/account/security", "/account/sessions", "/account/tokens", "/account/activity", "/account/data"];

/// Posts a form of `page` as a browser does, and follows to the page that is shown then.
async fn post(app: &TestApp, page: &str, form: (&str, &str), cookie: &str) -> Answer {
    let posted = app.form_of(page, form.0, form.1, cookie).await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER, "{form:?}: {}", posted.body);
    let location = posted.location().to_owned();
    assert!(location.starts_with(page), "{form:?} leads to {location}");
    let path = location.split('?').next().unwrap();
    assert_eq!(path, page);
    let mut cookies = cookie.to_owned();
    for kept in ["__Host-typed", "__Host-ticked"].iter().filter_map(|name| posted.cookie(name)) {
        cookies = format!("{cookies}; {kept}");
    }
    app.get(&location, &cookies).await
}

async fn signed_in(app: &TestApp) -> String {
    app.create_account(EMAIL).await;
    app.sign_in(EMAIL).await.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_rendered_and_marks_its_place() {
    let app = TestApp::start().await;
    let cookie = signed_in(&app).await;
    for path in PAGES {
        let page = app.get(path, &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.body.matches("aria-current=\"page\"").count(), 1, "{path}");
        assert!(page.body.contains(&format!("href=\"{path}\" aria-current=\"page\"")), "{path}: {}", page.body);
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_the_address_does_not_name_is_a_page_with_words_and_a_400() {
    let app = TestApp::start().await;
    let cookie = signed_in(&app).await;
    for path in [
        "/account/sessions?after=",
        "/account/sessions?after=x",
        "/account/sessions?after=%00",
        "/account/activity?after=x",
        "/account/activity?filter=x",
        "/account/activity?filter=Profile",
        "/account/activity?filter=%ff",
        "/account/activity?filter=profile&after=MTIz",
    ] {
        let page = app.get(path, &cookie).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(page.says("ui.no_such_list") && page.says("ui.whole_list"), "{path}: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_is_changed_or_refused_in_words() {
    let app = TestApp::start().await;
    let cookie = signed_in(&app).await;
    let page = post(&app, "/account", ("/rpc/change_name", "name=Zoe+Durand"), &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("page.profile.saved") && page.body.contains("value=\"Zoe Durand\""), "{}", page.body);

    for (name, issue) in [
        ("", "issue.required"),
        ("%E2%80%AEx", "issue.invalid_character"),
        ("a%0d%0ab", "issue.invalid_character"),
        (&*"x".repeat(101), "issue.too_long"),
    ] {
        let page = post(&app, "/account", ("/rpc/change_name", &format!("name={name}")), &cookie).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.says(issue) && !page.says("page.profile.saved"), "{name}: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_is_refused_beside_the_field_at_fault() {
    let app = TestApp::start().await;
    let cookie = signed_in(&app).await;
    let current = PASSWORD.replace(' ', "+");
    for (body, issue) in [
        ("current_password=wrong&new_password=trombone+lamp+yes+please".to_owned(), "issue.password_wrong"),
        ("new_password=trombone+lamp+yes+please".to_owned(), "issue.required"),
        (format!("current_password={current}&new_password={current}"), "issue.password_unchanged"),
        (format!("current_password={current}&new_password=password1234"), "issue.password_common"),
    ] {
        let page = post(&app, "/account/security", ("/rpc/change_password", &body), &cookie).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{issue}");
        assert!(page.says(issue), "{issue}: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_that_is_not_ticked_keeps_the_other_devices() {
    let app = TestApp::start().await;
    let cookie = signed_in(&app).await;
    let (other, _) = app.sign_in(EMAIL).await;
    let body = |from: &str, to: &str, more: &str| {
        format!("current_password={}&new_password={}{more}", from.replace(' ', "+"), to.replace(' ', "+"))
    };
    let second = "trombone lamp yes please";
    let (kept, ended) = (body(PASSWORD, second, ""), body(second, PASSWORD, "&end_other_sessions=true"));
    let page = post(&app, "/account/security", ("/rpc/change_password", &kept), &cookie).await;
    assert!(page.says("page.security.changed"), "{}", page.body);
    assert_eq!(app.get("/account", &other).await.status, StatusCode::OK);

    let page = post(&app, "/account/security", ("/rpc/change_password", &ended), &cookie).await;
    assert!(page.says("page.security.changed_everywhere"), "{}", page.body);
    assert_eq!(app.get("/account", &other).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.get("/account", &cookie).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_stays_as_it_was_when_the_change_is_refused() {
    let app = TestApp::start().await;
    let cookie = signed_in(&app).await;
    let is_ticked = |page: &Answer| {
        let (_, rest) = page.body.split_once("name=\"end_other_sessions\"").expect("a box");
        rest.split('>').next().unwrap().contains("checked")
    };
    assert!(is_ticked(&app.get("/account/security", &cookie).await), "at first");
    for (more, expected) in [("", false), ("&end_other_sessions=true", true), ("", false)] {
        let body = format!("current_password=wrong&new_password=trombone+lamp+yes+please{more}");
        let page = post(&app, "/account/security", ("/rpc/change_password", &body), &cookie).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(is_ticked(&page), expected, "{}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_are_ended_one_by_one_or_all_at_once() {
    let app = TestApp::start().await;
    let cookie = signed_in(&app).await;
    let list = app.get("/account/sessions", &cookie).await;
    assert!(list.says("page.devices.no_others") && !list.body.contains("/rpc/end_session"), "{}", list.body);

    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(app.sign_in(EMAIL).await.0);
    }
    let list = app.get("/account/sessions", &cookie).await;
    let ids: Vec<&str> = list.body.split("name=\"session\" value=\"").skip(1).map(|rest| &rest[..36]).collect();
    assert_eq!(ids.len(), 3, "{}", list.body);

    let one = format!("session={}", ids[0]);
    let page = post(&app, "/account/sessions", ("/rpc/end_session", &one), &cookie).await;
    assert!(page.says("page.devices.ended"), "{}", page.body);
    let mut alive = 0;
    for other in &others {
        alive += usize::from(app.get("/account", other).await.status == StatusCode::OK);
    }
    assert_eq!(alive, 2);

    let page = post(&app, "/account/sessions", ("/rpc/end_other_sessions", ""), &cookie).await;
    assert!(page.says("page.devices.others_ended") && page.says("page.devices.no_others"), "{}", page.body);
    for other in &others {
        assert_eq!(app.get("/account", other).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_is_ended_once_the_password_was_given() {
    let app = TestApp::start().await;
    let cookie = signed_in(&app).await;
    let (other, _) = app.sign_in(EMAIL).await;
    let list = app.get("/account/sessions", &cookie).await;
    let (_, rest) = list.body.split_once("name=\"session\" value=\"").expect("the other device");
    let body = format!("session={}", &rest[..36]);
    app.forget_proofs().await;
    let asked = app.form_of("/account/sessions", "/rpc/end_session", &body, &cookie).await;
    let ticket = asked.location().strip_prefix("/account/confirm?act=").expect("the question").to_owned();
    let page = app.get(asked.location(), &cookie).await;
    assert!(
        page.says("page.confirm.act_end_session") && page.body.contains("href=\"/account/sessions\""),
        "{}",
        page.body
    );
    assert_eq!(app.get("/account", &other).await.status, StatusCode::OK, "nothing was done yet");

    let proof = format!("act={ticket}&current_password={}", PASSWORD.replace(' ', "+"));
    let done = app.form_of(asked.location(), "/rpc/confirm_identity", &proof, &cookie).await;
    assert_eq!(done.location(), "/account/sessions?note=ended");
    let page = app.get(done.location(), &cookie).await;
    assert!(page.says("page.devices.ended") && page.says("page.devices.no_others"), "{}", page.body);
    assert_eq!(app.get("/account", &other).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_somebody_else_is_not_in_the_list() {
    let app = TestApp::start().await;
    let cookie = signed_in(&app).await;
    for session in ["", "x", "%00", "01890a5d-ac96-774b-bcce-b302099a8057"] {
        let body = format!("session={session}");
        let page = post(&app, "/account/sessions", ("/rpc/end_session", &body), &cookie).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{session}");
        assert!(page.says("page.devices.not_found"), "{session}: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_sent_after_the_session_ended_says_nothing_after_the_next_sign_in() {
    let app = TestApp::start().await;
    let cookie = signed_in(&app).await;
    let page = post(&app, "/account", ("/rpc/change_name", "name=Zoe"), "__Host-refresh=ended").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let back = page.location().strip_prefix("/sign-in?next=").unwrap().to_owned();
    let back = back.replace("%3F", "?").replace("%3D", "=").replace("%26", "&").replace("%25", "%");
    let page = app.get(&back, &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{back}");
    assert!(!page.body.contains("role=\"alert\"") && page.body.contains("value=\"Sam\""), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happened_is_shown_a_page_at_a_time() {
    let app = TestApp::start().await;
    let cookie = signed_in(&app).await;
    app.execute(
        "INSERT INTO audit_events (id, at, kind, user_id, session_id, address, device, request_id, topic) \
         SELECT printf('01890a5d-ac96-774b-bcce-%012d', n), u.created_at + n, 'user.name_changed', u.id, NULL, \
         '192.0.2.1', 'Firefox on Linux', '', 'profile' FROM users u, \
         (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 55) SELECT n FROM c)",
    )
    .await;
    let first = app.get("/account/activity?filter=profile", &cookie).await;
    assert_eq!(first.body.matches("class=\"event\"").count(), 50);
    assert!(!first.says("ui.newest"));
    let (_, rest) =
        first.body.split_once("/account/activity?filter=profile&amp;after=").expect("a link to what is older");
    let older = format!("/account/activity?filter=profile&after={}", rest.split('"').next().unwrap());
    let second = app.get(&older, &cookie).await;
    assert_eq!(second.body.matches("class=\"event\"").count(), 6, "{}", second.body);
    assert!(second.says("ui.newest") && !second.body.contains("after="), "{}", second.body);
    let none = app.get("/account/activity?filter=password", &cookie).await;
    assert!(none.says("page.activity.empty_password"), "{}", none.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_factor_came_or_went_the_other_devices_may_go() {
    let app = TestApp::start().await;
    let cookie = signed_in(&app).await;
    let offers = |page: &Answer| page.body.contains("action=\"/rpc/end_other_sessions\"");
    for (path, note) in [
        ("/account/authenticator", "added"),
        ("/account/authenticator", "removed"),
        ("/account/passkeys", "added"),
        ("/account/passkeys", "removed"),
        ("/account/codes", "email_on"),
        ("/account/codes", "email_off"),
        ("/account/codes", "phone_on"),
        ("/account/codes", "phone_off"),
        ("/account/recovery-codes", "saved"),
    ] {
        let changed = app.get(&format!("{path}?note={note}"), &cookie).await;
        assert!(offers(&changed), "{path} {note}: {}", changed.body);
        assert!(!offers(&app.get(path, &cookie).await), "{path}: nothing changed");
    }
    let renamed = app.get("/account/passkeys?note=renamed", &cookie).await;
    assert!(!offers(&renamed), "a name is no factor");
    let ended = app.form_of("/account/passkeys", "/rpc/end_other_sessions", "", &cookie).await;
    assert_eq!(ended.location(), "/account/sessions?note=others_ended");
}
