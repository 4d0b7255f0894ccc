//! Risky acts as pages and plain forms: the password in between, another address, one's data, leaving.

use crate::support::{Answer, PASSWORD, TestApp, token_of};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";
const NEW: &str = "alice@example.org";
const CONFIRM: &str = "/account/confirm?act=";
/// The form that asks for the end of the account.
const LEAVE: (&str, &str) = ("/rpc/delete_account", "");

async fn signed_in() -> (TestApp, String, String) {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, token) = app.sign_in(EMAIL).await;
    (app, cookie, token)
}

/// The page that the answer of a form leads to.
async fn follow(app: &TestApp, posted: &Answer, cookie: &str) -> Answer {
    assert_eq!(posted.status, StatusCode::SEE_OTHER, "{}", posted.body);
    let typed = posted.cookie("__Host-typed").map(|typed| format!("; {typed}")).unwrap_or_default();
    app.get(posted.location(), &format!("{cookie}{typed}")).await
}

/// Sends a risky form of somebody whose proof is old; gives the ticket of the act that waits then.
async fn ask(app: &TestApp, page: &str, form: (&str, &str), cookie: &str) -> String {
    let posted = app.form_of(page, form.0, form.1, cookie).await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER, "{form:?}: {}", posted.body);
    let ticket = posted.location().strip_prefix(CONFIRM);
    ticket.unwrap_or_else(|| panic!("{form:?} leads to {}", posted.location())).to_owned()
}

/// Gives a password on the page that asks for it.
async fn confirm(app: &TestApp, ticket: &str, password: &str, cookie: &str) -> Answer {
    let body = format!("act={ticket}&current_password={}", password.replace(' ', "+"));
    app.form_of(&format!("{CONFIRM}{ticket}"), "/rpc/confirm_identity", &body, cookie).await
}

async fn delete_at(app: &TestApp, token: &str) -> Option<i64> {
    app.bearer(Method::GET, "/api/v1/me", token).await.value()["delete_at"].as_i64()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_risky_form_waits_for_the_password_and_goes_on_by_itself() {
    let (app, cookie, _) = signed_in().await;
    for (page, form, label, done) in [
        (
            "/account/email",
            ("/rpc/change_email", "email=alice%40example.org"),
            "change_email",
            "/account/email?note=asked",
        ),
        ("/account/data", ("/rpc/export_data", "format=json"), "export_data", "/account/data?download=json"),
        (
            "/account/sessions",
            ("/rpc/end_other_sessions", ""),
            "end_other_sessions",
            "/account/sessions?note=others_ended",
        ),
        ("/account/data", LEAVE, "delete_account", "/account/data?note=deleting"),
    ] {
        app.forget_proofs().await;
        let ticket = ask(&app, page, form, &cookie).await;
        let kept = format!("value=\"{ticket}\"");
        let asked = app.get(&format!("{CONFIRM}{ticket}"), &cookie).await;
        assert_eq!((asked.status, asked.header("cache-control")), (StatusCode::OK, "no-store"), "{label}");
        assert!(asked.says(&format!("page.confirm.act_{label}")) && asked.body.contains(&kept), "{}", asked.body);

        let wrong = confirm(&app, &ticket, "not the password", &cookie).await;
        assert!(wrong.location().starts_with(&format!("{CONFIRM}{ticket}&")), "{}", wrong.location());
        let back = follow(&app, &wrong, &cookie).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{label}");
        assert!(back.says("issue.password_wrong") && back.says(&format!("page.confirm.act_{label}")), "{}", back.body);
        assert!(back.body.contains(&kept), "the act still waits: {}", back.body);

        let right = confirm(&app, &ticket, PASSWORD, &cookie).await;
        assert_eq!((right.status, right.location()), (StatusCode::SEE_OTHER, done));
        assert_eq!(follow(&app, &right, &cookie).await.status, StatusCode::OK, "{label}");
        let again = confirm(&app, &ticket, PASSWORD, &cookie).await;
        let gone = follow(&app, &again, &cookie).await;
        assert_eq!(gone.status, StatusCode::GONE, "{label}");
        assert!(gone.says("page.confirm.gone_lead"), "{}", gone.body);
    }
    assert_eq!(app.mail(NEW, "confirm_email").await["to"], NEW);
    assert_eq!(app.mail(EMAIL, "deletion_scheduled").await["to"], EMAIL);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_waits_in_its_own_session_only() {
    let (app, cookie, token) = signed_in().await;
    let (other, _) = app.sign_in(EMAIL).await;
    app.create_account("bob@example.com").await;
    let (stranger, _) = app.sign_in("bob@example.com").await;
    app.forget_proofs().await;
    let replaced = ask(&app, "/account/data", LEAVE, &cookie).await;
    let ticket = ask(&app, "/account/data", LEAVE, &cookie).await;
    assert_eq!(app.get(&format!("{CONFIRM}{replaced}"), &cookie).await.status, StatusCode::GONE, "one act waits");
    for cookie in [&other, &stranger] {
        assert_eq!(app.get(&format!("{CONFIRM}{ticket}"), cookie).await.status, StatusCode::GONE);
        let stolen = confirm(&app, &ticket, PASSWORD, cookie).await;
        assert_eq!(follow(&app, &stolen, cookie).await.status, StatusCode::GONE);
        // Nor was the password a proof: this leads to the question for it.
        ask(&app, "/account/data", LEAVE, cookie).await;
    }
    for invented in ["", "invented", "%00", &"A".repeat(43)] {
        assert_eq!(app.get(&format!("{CONFIRM}{invented}"), &cookie).await.status, StatusCode::GONE, "{invented}");
    }
    assert_eq!(delete_at(&app, &token).await, None);
    assert_eq!(confirm(&app, &ticket, PASSWORD, &cookie).await.location(), "/account/data?note=deleting");
    assert!(delete_at(&app, &token).await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tenth_wrong_password_leads_to_the_sign_in() {
    let (app, cookie, _) = signed_in().await;
    app.forget_proofs().await;
    let ticket = ask(&app, "/account/data", LEAVE, &cookie).await;
    for _ in 0..9 {
        let wrong = confirm(&app, &ticket, "not the password", &cookie).await;
        assert!(wrong.location().starts_with(CONFIRM) && wrong.set_cookie("__Host-refresh").is_none());
    }
    let last = confirm(&app, &ticket, "not the password", &cookie).await;
    assert_eq!(last.location(), "/sign-in?note=too_many_tries");
    assert!(last.set_cookie("__Host-refresh").unwrap().contains("Max-Age=0"));
    assert_eq!(app.get("/account", &cookie).await.status, StatusCode::SEE_OTHER);
    assert!(app.get(last.location(), "").await.says("error.too_many_tries"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_address_is_asked_for_and_proved() {
    let (app, cookie, token) = signed_in().await;
    let page = "/account/email";
    for (typed, issue) in
        [("nonsense", "issue.invalid_email"), (EMAIL, "issue.email_unchanged"), ("", "issue.required")]
    {
        let body = format!("email={}", typed.replace('@', "%40"));
        let refused = app.form_of(page, "/rpc/change_email", &body, &cookie).await;
        assert!(!refused.location().contains("alice"), "nothing personal in the address: {}", refused.location());
        let back = follow(&app, &refused, &cookie).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{issue}");
        assert!(back.says(issue) && back.body.contains(&format!("value=\"{typed}")), "{issue}: {}", back.body);
    }
    let body = "email=alice%40example.org";
    let asked = app.form_of(page, "/rpc/change_email", body, &cookie).await;
    assert_eq!(asked.location(), "/account/email?note=asked");
    let waiting = follow(&app, &asked, &cookie).await;
    assert!(waiting.says("page.email.asked") && waiting.body.contains(NEW), "{}", waiting.body);
    let mail = app.mail(NEW, "confirm_email").await;
    let other = if mail["code"] == "000000" { "code=000001" } else { "code=000000" };
    let wrong = app.form_of(asked.location(), "/rpc/confirm_email_change", other, &cookie).await;
    let back = follow(&app, &wrong, &cookie).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.says("error.wrong_code") && !back.says("page.email.asked"), "{}", back.body);
    let cancelled = app.form_of(page, "/rpc/cancel_email_change", "", &cookie).await;
    let back = follow(&app, &cancelled, &cookie).await;
    assert!(back.says("page.email.cancelled") && !back.body.contains(NEW), "{}", back.body);

    app.form_of(page, "/rpc/change_email", body, &cookie).await;
    let link = format!("{page}?token={}", token_of(&app.mail(NEW, "confirm_email").await));
    let opened = app.get(&link, &cookie).await;
    assert_eq!(opened.status, StatusCode::OK);
    assert!(opened.says("page.email.confirm_action") && opened.body.contains(NEW), "{}", opened.body);
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await.value();
    assert_eq!(me["email"], EMAIL, "opening the link changes nothing");
    let (_, proof) = link.split_once('?').unwrap();
    let done = app.form_of(&link, "/rpc/confirm_email_change", proof, &cookie).await;
    assert_eq!(done.location(), "/account/email?note=changed");
    let changed = follow(&app, &done, &cookie).await;
    assert!(changed.says("page.email.changed") && changed.says("page.email.undoable"), "{}", changed.body);
    assert!(changed.body.contains(NEW) && changed.body.contains(EMAIL), "{}", changed.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_in_the_activity_secures_the_account() {
    let (app, cookie, _) = signed_in().await;
    let list = app.get("/account/activity", &cookie).await;
    let (_, rest) = list.body.split_once("name=\"event\" value=\"").expect("a form at each event");
    let body = format!("event={}", rest.split('"').next().unwrap());
    let posted = app.form_of("/account/activity", "/rpc/secure_account_by_event", &body, &cookie).await;
    assert!(posted.location().starts_with("/not-me?token="), "{}", posted.location());
    assert!(posted.set_cookie("__Host-refresh").unwrap().contains("Max-Age=0"));
    assert_eq!(app.get("/account", &cookie).await.status, StatusCode::SEE_OTHER);
    let page = app.get(posted.location(), "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("page.not_me.done_title") && page.body.contains(EMAIL), "{}", page.body);
    app.mail(EMAIL, "password_reset").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaving_is_shown_and_called_off() {
    let (app, cookie, token) = signed_in().await;
    let asked = app.form_of("/account/data", LEAVE.0, LEAVE.1, &cookie).await;
    assert_eq!(asked.location(), "/account/data?note=deleting");
    let page = follow(&app, &asked, &cookie).await;
    assert!(page.says("page.data.going_title") && !page.says("page.data.delete_action"), "{}", page.body);
    let kept = app.form_of("/account/data", "/rpc/keep_account", "", &cookie).await;
    assert_eq!(kept.location(), "/account/data?note=kept");
    let page = follow(&app, &kept, &cookie).await;
    assert!(page.says("page.data.kept") && page.says("page.data.delete_action"), "{}", page.body);
    assert_eq!(delete_at(&app, &token).await, None);
}

/// Asks for the file with these headers, as a browser does that has the cookie.
async fn file(app: &TestApp, format: &str, headers: &[(&str, &str)], cookie: &str) -> Answer {
    let mut request = Request::get(format!("/account/data/export?format={format}"))
        .header("accept", "text/html,*/*;q=0.8")
        .header("cookie", cookie);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

/// The file for a reader carries the one for programs in a script that runs nothing: no name may end it or begin another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_stays_within_the_data_of_the_file() {
    let (app, cookie, token) = signed_in().await;
    let name = "<!--<script>\"window";
    let body = json!({"name": name}).to_string();
    let changed = app.bearer_body(Method::PATCH, "/api/v1/me", &token, body.into()).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let own = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate")];
    let answer = file(&app, "html", &own, &cookie).await;
    let (_, script) = answer.body.split_once("<script").unwrap();
    let (data, _) = script.split_once('>').unwrap().1.split_once("</script>").unwrap();
    assert!(!script.contains("<script") && !data.contains('<'), "{}", answer.body);
    assert_eq!(serde_json::from_str::<Value>(data).unwrap()["account"]["name"], name);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_is_handed_to_its_person_and_to_no_other_site() {
    let (app, cookie, token) = signed_in().await;
    app.create_account("bob@example.com").await;
    app.sign_in("bob@example.com").await;
    for headers in [
        &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")][..],
        &[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "navigate")],
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")],
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "no-cors")],
    ] {
        let answer = file(&app, "json", headers, &cookie).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account/data"), "{headers:?}");
        assert!(answer.body.is_empty() && answer.header("content-disposition").is_empty(), "{headers:?}");
    }
    let told = app.bearer(Method::GET, "/api/v1/activity?filter=profile", &token).await.body;
    assert!(!told.contains("user.exported"), "nothing was gathered: {told}");

    let led = app.form_of("/account/data", "/rpc/export_data", "format=html", &cookie).await;
    assert_eq!(led.location(), "/account/data?download=html");
    let page = follow(&app, &led, &cookie).await;
    assert!(page.says("page.data.ready") && page.body.contains("/account/data/export?format=html"), "{}", page.body);
    let own = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate")];
    for (format, kind) in [("json", "application/json"), ("html", "text/html; charset=utf-8")] {
        let answer = file(&app, format, &own, &cookie).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, kind), "{format}");
        let name = answer.header("content-disposition").strip_prefix("attachment; filename=\"keywright-20");
        assert!(name.is_some_and(|name| name.ends_with(&format!(".{format}\""))), "{:?}", answer.headers);
        assert_eq!((answer.header("cache-control"), answer.header("x-content-type-options")), ("no-store", "nosniff"));
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{format}");
        assert!(answer.body.contains(EMAIL), "{}", answer.body);
        assert!(!answer.body.contains("bob@example.com") && !answer.body.contains("argon2"), "{}", answer.body);
    }
    assert_eq!(file(&app, "json", &own, &cookie).await.value()["account"]["email"], EMAIL);

    app.forget_proofs().await;
    let old = file(&app, "json", &own, &cookie).await;
    assert_eq!((old.status, old.location()), (StatusCode::SEE_OTHER, "/account/data"));
    assert!(old.body.is_empty());
}
