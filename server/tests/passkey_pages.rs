//! Passkeys as pages and plain forms: what they say, what they ask first, and the offer that is made once.

use crate::support::{Answer, TestApp};
use axum::http::StatusCode;

const EMAIL: &str = "alice@example.com";
const PAGE: &str = "/account/passkeys";
const NEVER: &str = "__Host-no-passkey-offer";

async fn signed_in() -> (TestApp, String) {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, _) = app.sign_in(EMAIL).await;
    (app, cookie)
}

/// Posts a form of `page` and gives the answer, which leads on.
async fn post(app: &TestApp, page: &str, form: (&str, &str), cookie: &str) -> Answer {
    let posted = app.form_of(page, form.0, form.1, cookie).await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER, "{form:?}: {}", posted.body);
    posted
}

async fn is_offered(app: &TestApp, cookie: &str) -> bool {
    let page = app.get("/dashboard", cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    page.says("page.passkeys.offer_title")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_passkeys_the_page_says_what_one_is() {
    let (app, cookie) = signed_in().await;
    let page = app.get(PAGE, &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    for key in ["page.passkeys.title", "page.passkeys.empty", "page.passkeys.add", "page.passkeys.no_script"] {
        assert!(page.says(key), "{key}: {}", page.body);
    }
    assert!(page.body.contains("signalAllAcceptedCredentials"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn adding_asks_for_a_fresh_proof_first_and_comes_back_to_the_page() {
    let (app, cookie) = signed_in().await;
    let posted = post(&app, PAGE, ("/rpc/prepare_passkey", ""), &cookie).await;
    assert_eq!(posted.location(), "/account/passkeys?add=1");
    assert!(app.get(posted.location(), &cookie).await.says("page.passkeys.confirmed"));

    app.forget_proofs().await;
    for form in [("/rpc/prepare_passkey", ""), ("/rpc/remove_passkey", "id=01890a5d-ac96-774b-bcce-b302099a8057")] {
        let posted = post(&app, PAGE, form, &cookie).await;
        assert!(posted.location().starts_with("/account/confirm?act="), "{form:?}: {}", posted.location());
    }
    let late = "ceremony=invented&credential=%7B%7D";
    let posted = post(&app, PAGE, ("/rpc/add_passkey", late), &cookie).await;
    assert!(
        posted.location().starts_with("/account/confirm?act="),
        "an answer that came too late: {}",
        posted.location()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_passkey_of_theirs_is_refused_in_words() {
    let (app, cookie) = signed_in().await;
    for (form, status, key) in [
        (("/rpc/add_passkey", "ceremony=invented&credential=%7B%7D"), 422, "error.passkey_refused"),
        (("/rpc/remove_passkey", "id=invented"), 404, "page.passkeys.not_found"),
        (("/rpc/rename_passkey", "id=01890a5d-ac96-774b-bcce-b302099a8057&name=Phone"), 404, "page.passkeys.not_found"),
        (("/rpc/rename_passkey", "id=01890a5d-ac96-774b-bcce-b302099a8057&name="), 422, "page.passkeys.bad_name"),
    ] {
        let posted = post(&app, PAGE, form, &cookie).await;
        let page = app.get(posted.location(), &cookie).await;
        assert_eq!(page.status.as_u16(), status, "{form:?}");
        assert!(page.says(key), "{form:?}: {}", page.body);
    }
    let posted = post(&app, "/sign-in", ("/rpc/passkey_sign_in", "ceremony=invented&credential=%7B%7D"), "").await;
    assert!(posted.cookie("__Host-refresh").is_none());
    let page = app.get(posted.location(), "").await;
    assert_eq!(page.status.as_u16(), 422);
    assert!(page.says("error.passkey_refused") && !page.body.contains("signalUnknownCredential"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_offer_is_made_until_it_is_answered_for_the_account_or_for_the_browser() {
    let (app, cookie) = signed_in().await;
    assert!(is_offered(&app, &cookie).await && is_offered(&app, &cookie).await);

    let posted = post(&app, "/dashboard", ("/rpc/never_offer_passkey", ""), &cookie).await;
    assert_eq!(posted.location(), "/dashboard");
    let line = posted.set_cookie(NEVER).unwrap();
    assert!(line.contains("Max-Age=31536000") && line.contains("HttpOnly"), "{line}");
    let never = posted.cookie(NEVER).unwrap();
    assert!(!is_offered(&app, &format!("{cookie}; {never}")).await, "in this browser");
    assert!(is_offered(&app, &cookie).await, "another browser asks");

    let posted = post(&app, "/dashboard", ("/rpc/decline_passkey", ""), &cookie).await;
    assert_eq!(posted.location(), "/dashboard");
    assert!(!is_offered(&app, &cookie).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_public_url_is_an_address_nothing_leads_to_a_passkey() {
    let app = TestApp::start_with("public_url = \"http://127.0.0.1:3000\"\n").await;
    for (path, key) in [("/sign-in", "page.passkeys.sign_in"), ("/sign-up", "page.passkeys.sign_up")] {
        assert!(!app.get(path, "").await.says(key), "{path}");
    }
    let app = TestApp::start().await;
    for (path, key) in [("/sign-in", "page.passkeys.sign_in"), ("/sign-up", "page.passkeys.sign_up")] {
        assert!(app.get(path, "").await.says(key), "{path}");
    }
}
