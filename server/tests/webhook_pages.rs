//! Webhooks and the queue of mails as pages and plain forms.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::http::{Method, StatusCode};

const ADMIN: &str = "ada@example.com";
const USER: &str = "otto@example.com";
const PAGE: &str = "/admin/webhooks";
const MAILS: &str = "/admin/mails";
const COOKIE: &str = "__Host-made-webhook";
/// What a browser sends for an address and two kinds.
const FORM: &str = "organization=&url=https%3A%2F%2F127.0.0.1%3A8443%2Fin&kinds%5B%5D=user.created&kinds%5B%5D=role.*";

/// An administrator's cookie and access token.
async fn start() -> (TestApp, String, String) {
    let app = TestApp::start().await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    let (cookie, token) = app.sign_in(ADMIN).await;
    (app, cookie, token)
}

/// The page that the answer of a form leads to, with what the form left in cookies.
async fn follow(app: &TestApp, posted: &Answer, cookie: &str) -> Answer {
    assert_eq!(posted.status, StatusCode::SEE_OTHER, "{}", posted.body);
    let mut cookies = cookie.to_owned();
    for kept in ["__Host-typed", "__Host-chosen", COOKIE].iter().filter_map(|name| posted.cookie(name)) {
        cookies = format!("{cookies}; {kept}");
    }
    app.get(posted.location(), &cookies).await
}

/// Makes a webhook; gives the path of its page.
async fn made(app: &TestApp, cookie: &str) -> String {
    let posted = app.form_of(PAGE, "/rpc/create_webhook", FORM, cookie).await;
    assert!(posted.location().starts_with("/admin/webhooks/"), "{}", posted.location());
    posted.location().to_owned()
}

/// The secret that a page shows, if it shows one.
fn shown(page: &Answer) -> Option<String> {
    let (_, rest) = page.body.split_once("id=\"made-webhook\"")?;
    let (_, rest) = rest.split_once('>')?;
    Some(rest.split('<').next().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_shown_once_by_the_page_that_follows_and_rests_nowhere_else() {
    let (app, cookie, _) = start().await;
    assert!(app.get(PAGE, &cookie).await.says("page.webhooks.empty"));
    let posted = app.form_of(PAGE, "/rpc/create_webhook", FORM, &cookie).await;
    assert!(!posted.set_cookie(COOKIE).unwrap().contains("whsec_"), "sealed");
    let page = follow(&app, &posted, &cookie).await;
    let secret = shown(&page).unwrap();
    assert!(secret.starts_with("whsec_") && page.says("page.webhooks.made"), "{}", page.body);
    assert_eq!(page.body.matches(&secret).count(), 1, "nothing of the script carries it");
    assert!(page.set_cookie(COOKIE).unwrap().contains("Max-Age=0"), "it goes with the answer");
    assert_eq!(shown(&app.get(posted.location(), &cookie).await), None);
    let list = app.get(PAGE, &cookie).await;
    assert!(list.body.contains("https://127.0.0.1:8443/in") && !list.body.contains("whsec_"), "{}", list.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_proof_leads_to_the_password_and_goes_on_with_what_was_typed() {
    let (app, cookie, _) = start().await;
    app.forget_proofs().await;
    let asked = app.form_of(PAGE, "/rpc/create_webhook", FORM, &cookie).await;
    let ticket = asked.location().strip_prefix("/account/confirm?act=").unwrap().to_owned();
    let question = app.get(asked.location(), &cookie).await;
    assert!(question.says("page.confirm.act_create_webhook"), "{}", question.body);
    let body = format!("act={ticket}&current_password={}", PASSWORD.replace(' ', "+"));
    let done = app.form_of(asked.location(), "/rpc/confirm_identity", &body, &cookie).await;
    assert!(shown(&follow(&app, &done, &cookie).await).is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_said_beside_its_field_before_anybody_is_asked_for_a_password() {
    let (app, cookie, _) = start().await;
    app.forget_proofs().await;
    for (body, sentence, kept) in [
        ("url=http%3A%2F%2Fhooks.example.com%2F&kinds%5B%5D=user.*", "issue.invalid_url", "http://hooks.example.com/"),
        ("url=https%3A%2F%2F127.0.0.1%2Fkept", "issue.required", "https://127.0.0.1/kept"),
        ("url=https%3A%2F%2F127.0.0.1%2Fkept&kinds%5B%5D=all", "issue.unknown", "https://127.0.0.1/kept"),
    ] {
        let posted = app.form_of(PAGE, "/rpc/create_webhook", body, &cookie).await;
        let page = follow(&app, &posted, &cookie).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(page.says(sentence) && page.body.contains(kept), "{body}: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_tested_changed_switched_and_removed_by_plain_forms() {
    let (app, cookie, token) = start().await;
    let page = made(&app, &cookie).await;
    let id = page.rsplit('/').next().unwrap().to_owned();
    for (path, more, note) in [
        ("/rpc/test_webhook", "", "page.webhooks.tested"),
        ("/rpc/change_webhook", "&url=https%3A%2F%2F127.0.0.1%2Fnew&kinds%5B%5D=*", "page.webhooks.changed"),
        ("/rpc/switch_webhook", "&state=off", "page.webhooks.switched_off"),
        ("/rpc/switch_webhook", "&state=on", "page.webhooks.switched_on"),
    ] {
        let posted = app.form_of(&page, path, &format!("organization=&webhook={id}{more}"), &cookie).await;
        let answer = follow(&app, &posted, &cookie).await;
        assert!(answer.status == StatusCode::OK && answer.says(note), "{path}: {}", answer.body);
    }
    let shown = app.get(&page, &cookie).await;
    assert!(shown.body.contains("https://127.0.0.1/new"), "{}", shown.body);
    let deliveries = app.bearer(Method::GET, &format!("/api/v1{page}/deliveries"), &token).await.value();
    assert_eq!(deliveries["items"][0]["state"], "dead", "it was given up when the webhook was switched off");
    let delivery = deliveries["items"][0]["id"].as_str().unwrap().to_owned();
    let detail = app.get(&format!("{page}?delivery={delivery}"), &cookie).await;
    assert!(detail.says("page.webhooks.body") && detail.body.contains("event_id"), "{}", detail.body);
    let replay = format!("organization=&webhook={id}&delivery={delivery}");
    let replayed = app.form_of(&page, "/rpc/replay_webhook_delivery", &replay, &cookie).await;
    assert!(follow(&app, &replayed, &cookie).await.says("page.webhooks.replayed"));
    let again = app.form_of(&page, "/rpc/replay_webhook_delivery", &replay, &cookie).await;
    let refused = follow(&app, &again, &cookie).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.says("page.webhooks.wrong_state"), "{}", refused.body);
    assert_eq!(app.get(&format!("{page}?state=lost"), &cookie).await.status, StatusCode::BAD_REQUEST);

    let removed = app.form_of(&page, "/rpc/remove_webhook", &format!("webhook={id}"), &cookie).await;
    assert!(follow(&app, &removed, &cookie).await.says("page.webhooks.removed"));
    assert_eq!(app.get(&page, &cookie).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/admin/webhooks/invented", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_auditor_sees_webhooks_and_mails_without_forms() {
    let (app, cookie, _) = start().await;
    let page = made(&app, &cookie).await;
    app.create_account(USER).await;
    app.set_role(USER, auth::Role::Auditor).await;
    let (auditor, _) = app.sign_in(USER).await;
    for path in [PAGE, &page, MAILS] {
        let answer = app.get(path, &auditor).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        for form in ["/rpc/create_webhook", "/rpc/change_webhook", "/rpc/remove_webhook", "/rpc/admin_resend_mail"] {
            assert!(!answer.body.contains(form), "{form} on {path}");
        }
    }
    app.set_role(USER, auth::Role::Support).await;
    let (support, _) = app.sign_in(USER).await;
    assert_eq!(app.get(PAGE, &support).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get(MAILS, &support).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mails_are_seen_sent_again_and_dropped_by_plain_forms() {
    let (app, cookie, token) = start().await;
    app.deliver().await;
    let form = format!("email={USER}&password={}&name=Otto", PASSWORD.replace(' ', "+"));
    app.form("/rpc/sign_up", &form, "").await;
    let page = app.get("/admin/mails?state=waiting", &cookie).await;
    assert!(page.body.contains("o•••@example.com") && page.body.contains("verify_email"), "{}", page.body);
    assert!(!page.body.contains(USER), "{}", page.body);
    let list = app.bearer(Method::GET, "/api/v1/admin/mails?state=waiting", &token).await.value();
    let mail = list["items"][0]["id"].as_str().unwrap().to_owned();
    for (path, note) in
        [("/rpc/admin_resend_mail", "page.mails.resent"), ("/rpc/admin_drop_mail", "page.mails.dropped")]
    {
        let posted = app.form_of(MAILS, path, &format!("mail={mail}"), &cookie).await;
        assert!(follow(&app, &posted, &cookie).await.says(note), "{path}");
    }
    let gone = app.form_of(MAILS, "/rpc/admin_drop_mail", &format!("mail={mail}"), &cookie).await;
    let refused = follow(&app, &gone, &cookie).await;
    assert!(refused.status == StatusCode::NOT_FOUND && refused.says("page.mails.not_found"), "{}", refused.body);
    assert!(app.get("/admin/mails?state=dead", &cookie).await.says("page.mails.none_dead"));
    assert_eq!(app.get("/admin/mails?state=lost", &cookie).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_say_that_the_operator_must_allow_the_host() {
    let app = TestApp::start_with("webhook_hosts = '127.0.0.1:8443'\n").await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    let (cookie, _) = app.sign_in(ADMIN).await;
    let elsewhere = "organization=&url=https%3A%2F%2F127.0.0.1%2Fkept&kinds%5B%5D=*";
    let refused = follow(&app, &app.form_of(PAGE, "/rpc/create_webhook", elsewhere, &cookie).await, &cookie).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says("issue.host_not_allowed") && refused.body.contains("https://127.0.0.1/kept"));
    let page = made(&app, &cookie).await;
    let id = page.rsplit('/').next().unwrap().to_owned();
    assert!(!app.get(&page, &cookie).await.says("page.webhooks.host_not_allowed"));

    // As it is once its host is taken off the list.
    app.execute("UPDATE webhooks SET url = 'https://127.0.0.1/in'").await;
    let this = format!("organization=&webhook={id}");
    app.form_of(&page, "/rpc/test_webhook", &this, &cookie).await;
    app.application.auth.deliver_webhooks().await.unwrap();
    let shown = app.get(&page, &cookie).await;
    assert!(shown.says("page.webhooks.host_not_allowed"), "{}", shown.body);
    app.form_of(&page, "/rpc/switch_webhook", &format!("{this}&state=off"), &cookie).await;
    let posted = app.form_of(&page, "/rpc/switch_webhook", &format!("{this}&state=on"), &cookie).await;
    let refused = follow(&app, &posted, &cookie).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.says("issue.host_not_allowed"), "{}", refused.body);
}
