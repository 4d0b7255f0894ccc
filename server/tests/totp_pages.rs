//! The authenticator app and the recovery codes as pages and plain forms.

use crate::support::{Answer, TestApp};
use axum::http::{Method, StatusCode};

const EMAIL: &str = "alice@example.com";
const APP: &str = "/account/authenticator";
const CODES: &str = "/account/recovery-codes";
const DOWNLOAD: &str = "/account/recovery-codes/download";
const COOKIE: &str = "__Host-made-codes";

async fn signed_in() -> (TestApp, String, String) {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, token) = app.sign_in(EMAIL).await;
    (app, cookie, token)
}

/// The page that the answer of a form leads to, with the recovery codes when it brings some.
async fn follow(app: &TestApp, posted: &Answer, cookie: &str) -> Answer {
    assert_eq!(posted.status, StatusCode::SEE_OTHER, "{}", posted.body);
    let made = posted.cookie(COOKIE).map(|made| format!("; {made}")).unwrap_or_default();
    app.get(posted.location(), &format!("{cookie}{made}")).await
}

/// The recovery codes that a page shows.
fn shown(page: &Answer) -> Vec<String> {
    let Some((_, rest)) = page.body.split_once("id=\"made-codes\"") else { return Vec::new() };
    let list = rest.split("</ul>").next().unwrap();
    list.split("<li>").skip(1).map(|item| item[..39].to_owned()).collect()
}

/// What the forms of that page carry.
fn sealed(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("name=\"codes\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// The key in the link for a phone; none when the page shows none.
fn key(page: &Answer) -> Option<&str> {
    let (_, rest) = page.body.split_once("otpauth://totp/")?;
    let (_, rest) = rest.split_once("secret=")?;
    rest.split('&').next()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_is_set_up_in_three_steps_and_the_codes_are_shown_once() {
    let (app, cookie, token) = signed_in().await;
    assert!(app.get(APP, &cookie).await.says("page.authenticator.offer_title"));
    let posted = app.form_of(APP, "/rpc/start_totp", "", &cookie).await;
    assert_eq!(posted.location(), APP);
    let first = follow(&app, &posted, &cookie).await;
    assert_eq!((first.status, first.header("cache-control")), (StatusCode::OK, "no-store"));
    let (mut holder, begun) = app.begin_app(EMAIL, &token).await;
    let page = app.get(APP, &cookie).await;
    let secret = key(&page).unwrap().to_owned();
    assert_eq!(begun.value()["secret"], secret);
    assert_ne!(key(&first), Some(&*secret), "the older key is dead");
    assert_eq!(page.body.matches(&secret).count(), 1, "nothing of the script carries it");
    for part in ["class=\"qr\"", "role=\"img\"", &format!("<span>{}</span>", &secret[..4]), EMAIL] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    for words in ["scan_title", "code_title", "save_title"] {
        assert!(page.says(&format!("page.authenticator.{words}")), "{words}");
    }
    assert!(!app.get(CODES, &cookie).await.body.contains("made-codes"));

    let code = format!("code={}", holder.code(&app));
    let posted = app.form_of(APP, "/rpc/confirm_totp", &code, &cookie).await;
    assert_eq!(posted.location(), CODES);
    let line = posted.set_cookie(COOKIE).unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=300"] {
        assert!(line.contains(attribute), "{attribute} in {line}");
    }
    let page = follow(&app, &posted, &cookie).await;
    let codes = shown(&page);
    assert_eq!((page.status, codes.len(), page.header("cache-control")), (StatusCode::OK, 10, "no-store"));
    assert!(
        codes.iter().all(|code| page.body.matches(code.as_str()).count() == 1),
        "nothing of the script carries them"
    );
    assert!(page.set_cookie(COOKIE).unwrap().contains("Max-Age=0"), "they go with the answer");

    let again = app.get(CODES, &cookie).await;
    assert!(shown(&again).is_empty() && again.body.contains("10 of 10 left"), "{}", again.body);
    assert!(again.says("page.recovery_codes.not_saved"));
    let active = app.get(APP, &cookie).await;
    assert!(key(&active).is_none() && active.says("page.authenticator.active_title"), "{}", active.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_codes_become_a_file_and_are_ticked_off() {
    let (app, cookie, token) = signed_in().await;
    let (mut holder, _) = app.begin_app(EMAIL, &token).await;
    let code = format!("code={}", holder.code(&app));
    let page = follow(&app, &app.form_of(APP, "/rpc/confirm_totp", &code, &cookie).await, &cookie).await;
    let (codes, body) = (shown(&page), format!("codes={}", sealed(&page)));

    let file = app.form_of(CODES, DOWNLOAD, &body, &cookie).await;
    assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "text/plain; charset=utf-8"));
    assert!(file.header("content-disposition").starts_with("attachment;"));
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(codes.iter().all(|code| file.body.contains(code.as_str())) && file.body.contains(EMAIL), "{}", file.body);
    app.create_account("bob@example.com").await;
    let (stranger, _) = app.sign_in("bob@example.com").await;
    for (who, what) in [(&*stranger, &*body), (&*cookie, "codes=invented"), (&*cookie, "")] {
        let refused = app.form_of(CODES, DOWNLOAD, what, who).await;
        assert_eq!((refused.status, refused.location()), (StatusCode::SEE_OTHER, "/account/recovery-codes?note=gone"));
    }
    assert_eq!(app.form_of(CODES, DOWNLOAD, &body, "").await.location(), CODES);

    let unticked = app.form_of(CODES, "/rpc/recovery_codes_saved", &body, &cookie).await;
    let page = follow(&app, &unticked, &cookie).await;
    assert!(page.says("page.recovery_codes.tick"), "{}", page.body);
    assert_eq!(shown(&page), codes, "nobody loses them by a button");
    let ticked = app.form_of(CODES, "/rpc/recovery_codes_saved", &format!("{body}&saved=true"), &cookie).await;
    let page = follow(&app, &ticked, &cookie).await;
    assert!(page.says("page.recovery_codes.saved") && shown(&page).is_empty(), "{}", page.body);
    assert!(!page.says("page.recovery_codes.not_saved"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_second_wrong_code_the_clock_is_to_blame_and_after_the_fifth_the_key_is_dead() {
    let (app, cookie, token) = signed_in().await;
    let (holder, _) = app.begin_app(EMAIL, &token).await;
    let wrong = format!("code={}", holder.wrong_code(&app));
    for tries in 1..=5 {
        let posted = app.form_of(APP, "/rpc/confirm_totp", &wrong, &cookie).await;
        let page = follow(&app, &posted, &cookie).await;
        let status = if tries == 5 { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!(page.status, status, "{tries}");
        assert_eq!(page.says("page.authenticator.clock"), (2..5).contains(&tries), "{tries}");
        assert_eq!(page.says("page.authenticator.exhausted"), tries == 5, "{tries}");
        assert_eq!(key(&page).is_some(), tries < 5, "{tries}");
    }
    assert!(app.get(APP, &cookie).await.says("page.authenticator.start"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_codes_and_no_app_are_a_button_away() {
    let (app, cookie, token) = signed_in().await;
    app.add_app(EMAIL, &token).await;
    let made = app.form_of(CODES, "/rpc/make_recovery_codes", "", &cookie).await;
    assert_eq!(shown(&follow(&app, &made, &cookie).await).len(), 10);
    let removed = app.form_of(APP, "/rpc/remove_totp", "", &cookie).await;
    let page = follow(&app, &removed, &cookie).await;
    assert!(page.says("page.authenticator.removed") && page.says("page.authenticator.start"), "{}", page.body);
    assert!(app.get(CODES, &cookie).await.says("page.recovery_codes.none"));
    let again = app.form_of(APP, "/rpc/remove_totp", "", &cookie).await;
    let page = follow(&app, &again, &cookie).await;
    assert!(page.status == StatusCode::CONFLICT && page.says("page.authenticator.nothing_waits"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_changed_a_factor_is_offered_to_sign_out_all_other_devices() {
    let (app, cookie, token) = signed_in().await;
    let (_, other) = app.sign_in(EMAIL).await;
    app.add_app(EMAIL, &token).await;
    let offers = |page: &Answer| page.says("page.devices.offer") && page.body.contains("\"/rpc/end_other_sessions\"");
    assert!(!offers(&app.get(APP, &cookie).await), "not where nothing changed");
    let removed = app.form_of(APP, "/rpc/remove_totp", "", &cookie).await;
    let page = follow(&app, &removed, &cookie).await;
    assert!(offers(&page), "{}", page.body);
    for path in [
        "/account/authenticator?note=added",
        "/account/passkeys?note=added",
        "/account/passkeys?note=removed",
        "/account/codes?note=email_on",
        "/account/codes?note=email_off",
        "/account/codes?note=phone_on",
        "/account/codes?note=phone_off",
        "/account/recovery-codes?note=saved",
        "/account/security?note=changed",
    ] {
        assert!(offers(&app.get(path, &cookie).await), "{path}");
    }
    assert!(!offers(&app.get("/account/passkeys?note=renamed", &cookie).await));
    let ended = app.form_of(APP, "/rpc/end_other_sessions", "", &cookie).await;
    assert_eq!(ended.location(), "/account/sessions?note=others_ended");
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &other).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_proof_leads_to_the_question_first() {
    let (app, cookie, _) = signed_in().await;
    app.forget_proofs().await;
    for (function, act) in [
        ("/rpc/start_totp", "page.confirm.act_start_totp"),
        ("/rpc/remove_totp", "page.confirm.act_remove_totp"),
        ("/rpc/make_recovery_codes", "page.confirm.act_make_recovery_codes"),
    ] {
        let asked = app.form_of(APP, function, "", &cookie).await;
        assert!(asked.location().starts_with("/account/confirm?act="), "{function}: {}", asked.location());
        assert!(app.get(asked.location(), &cookie).await.says(act), "{function}");
    }
}
