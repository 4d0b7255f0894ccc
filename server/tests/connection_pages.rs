//! The pages about other services, where nothing has come from one yet: the mark of the last way, refusals, the list of
//! connections, and what waits for a proof.

use crate::support::{PASSWORD, TestApp};
use auth::ErrorCode;
use axum::http::StatusCode;

const EMAIL: &str = "alice@example.com";
const MARK: &str = "page.federation.last_used";
const LAST_WAY: &str = "__Host-last-way";

fn typed(text: &str) -> String {
    text.replace('@', "%40").replace(' ', "+")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_last_used_on_this_device_is_marked() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let wrong = app.form("/rpc/sign_in", &format!("email={}&password=wrong", typed(EMAIL)), "").await;
    assert!(wrong.set_cookie(LAST_WAY).is_none(), "nobody came in");
    let body = format!("email={}&password={}", typed(EMAIL), typed(PASSWORD));
    let entered = app.form("/rpc/sign_in", &body, "").await;
    let line = entered.set_cookie(LAST_WAY).unwrap();
    assert!(line.contains("Max-Age=31536000") && line.contains("HttpOnly"), "{line}");
    let last = entered.cookie(LAST_WAY).unwrap();
    assert_eq!(last, format!("{LAST_WAY}=password"));
    assert!(app.get("/sign-in", &last).await.says(MARK));
    assert!(app.get("/sign-in", &format!("{LAST_WAY}=passkey")).await.says(MARK));
    for nothing in ["", "__Host-last-way=nothing-known", "__Host-last-way=%3Cscript%3E", "__Host-last-way="] {
        assert!(!app.get("/sign-in", nothing).await.says(MARK), "{nothing}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_providers_the_pages_that_lead_in_offer_none() {
    let app = TestApp::start().await;
    for path in ["/sign-in", "/sign-up"] {
        let page = app.get(path, "").await;
        assert!(!page.body.contains("/sign-in/with/"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_told_in_words_of_ours_alone() {
    let app = TestApp::start().await;
    for code in [
        ErrorCode::ProviderUnavailable,
        ErrorCode::ProviderRefused,
        ErrorCode::ProviderAnswerInvalid,
        ErrorCode::FederationExpired,
        ErrorCode::ConnectionTaken,
        ErrorCode::AccountClosed,
    ] {
        let page = app.get(&format!("/sign-in/with/google/refused?code={}", code.as_str()), "").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.says(&format!("error.{}", code.as_str())), "{code:?}");
        assert!(page.body.contains("href=\"/sign-in\""), "{code:?} leads on");
    }
    for unknown in ["", "?code=", "?code=access_denied", "?code=%3Cb%3Ehello", "?code=a&code=b", "?error=hello"] {
        let page = app.get(&format!("/sign-in/with/google/refused{unknown}"), "").await;
        assert_eq!(page.status, StatusCode::OK, "{unknown}");
        assert!(page.says("page.federation.refused_other"), "{unknown}");
        assert!(!page.body.contains("hello") && !page.body.contains("access_denied"), "{unknown}");
    }
    // No provider of the settings: there is no way to try again.
    assert!(!app.get("/sign-in/with/google/refused", "").await.body.contains("href=\"/sign-in/with/"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_wait_is_over() {
    let app = TestApp::start().await;
    for path in ["/connect-account", "/finish-sign-up"] {
        for cookie in ["", "__Host-pending-connection=invented"] {
            let page = app.get(path, cookie).await;
            assert_eq!(page.status, StatusCode::GONE, "{path} {cookie}");
            assert!(page.says("page.federation.pending_expired"), "{path} {cookie}");
        }
    }
    let forgotten = app.form("/rpc/forget_pending_connection", "", "__Host-pending-connection=invented").await;
    assert_eq!((forgotten.status, forgotten.location()), (StatusCode::SEE_OTHER, "/sign-in"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_of_connections_says_what_one_is_and_what_went_wrong() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, _) = app.sign_in(EMAIL).await;
    let page = app.get("/account/connections", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("page.connections.empty") && page.says("page.connections.no_providers"));
    let page = app.get("/account/connections?refused=connection_taken", &cookie).await;
    assert!(page.says("error.connection_taken") && page.says("ui.error_prefix"), "{}", page.body);
    let page = app.get("/account/connections?refused=%3Cb%3Ehello", &cookie).await;
    assert!(page.says("page.federation.refused_other") && !page.body.contains("hello"));
    for note in ["connected", "disconnected", "proved"] {
        let page = app.get(&format!("/account/connections?note={note}"), &cookie).await;
        assert!(page.says(&format!("page.connections.{note}")), "{note}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn disconnecting_waits_for_a_proof_and_knows_only_own_connections() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, _) = app.sign_in(EMAIL).await;
    let (page, form) = ("/account/connections", "/rpc/disconnect_provider");
    let body = "connection=01890a5d-ac96-774b-bcce-b302099a8057";
    let refused = app.form_of(page, form, body, &cookie).await;
    let told = app.get(refused.location(), &cookie).await;
    assert_eq!(told.status, StatusCode::NOT_FOUND);
    assert!(told.says("page.connections.not_found"), "{}", told.body);
    app.forget_proofs().await;
    let asked = app.form_of(page, form, body, &cookie).await;
    assert!(asked.location().starts_with("/account/confirm?act="), "{}", asked.location());
    assert!(app.get(asked.location(), &cookie).await.says("page.confirm.act_disconnect"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_for_connecting_leads_back_to_the_page_that_connects() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, _) = app.sign_in(EMAIL).await;
    for next in ["/account/connections", "/connect-account"] {
        app.forget_proofs().await;
        let page = format!("/account/confirm?next={next}");
        assert!(app.get(&page, &cookie).await.says("page.confirm.act_connect"), "{next}");
        let body = format!("next={next}&current_password={}", typed(PASSWORD));
        let proved = app.form_of(&page, "/rpc/confirm_identity", &body, &cookie).await;
        assert_eq!(proved.location(), format!("{next}?note=proved"));
    }
}
