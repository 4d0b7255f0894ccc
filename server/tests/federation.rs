//! Signing in with providers as a browser does it: on the real router, with a provider on a port of its own.

use crate::support::browser::Browser;
use crate::support::factors::WAITING;
use crate::support::provider::{Provider, query_of};
use crate::support::{Answer, PASSWORD, TestApp};
use app::page::SECOND_FACTOR_REQUIRED;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

const ADA: &str = "ada@example.com";
const START: &str = "/sign-in/with/acme";
const CONNECT: &str = "/account/connections/acme/connect";
const CONNECTIONS: &str = "/account/connections";
const REFRESH: &str = "__Host-refresh";

async fn start() -> (TestApp, Provider) {
    let acme = Provider::start().await;
    (TestApp::start_with(&acme.settings("acme")).await, acme)
}

/// Rows of users, connections, ways that were begun and sessions that live.
async fn rows(app: &TestApp) -> String {
    let counts = "SELECT (SELECT COUNT(*) FROM users) || ' ' || (SELECT COUNT(*) FROM connections) || ' ' || \
                  (SELECT COUNT(*) FROM federation_flows) || ' ' || \
                  (SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL) AS text WHERE $1 = ''";
    app.read(counts, "").await
}

/// Goes from the sign-in page to a provider that says yes, and back.
async fn sign_in_with(app: &TestApp, acme: &Provider, browser: &mut Browser<'_>) -> Answer {
    let begun = browser.follow("/sign-in", START).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    browser.come_back(&acme.agree(app, begun.location())).await
}

fn assert_leads(answer: &Answer, place: &str) {
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, place), "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert!(answer.body.is_empty(), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_new_gets_an_account_and_comes_back_to_it() {
    let (app, acme) = start().await;
    let mut browser = Browser::new(&app);
    let begun = browser.follow("/sign-in", &format!("{START}?next=%2Faccount%3Ftab%3D1")).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let line = begun.set_cookie("__Host-federation").unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600"] {
        assert!(line.contains(attribute), "{attribute} in {line}");
    }
    let asked = query_of(begun.location());
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid") && asked["nonce"].len() >= 32, "{asked:?}");
    assert_eq!(asked["redirect_uri"], "http://localhost:3000/sign-in/with/acme/callback");
    assert_eq!((begun.header("cache-control"), begun.header("referrer-policy")), ("no-store", "no-referrer"));

    let back = browser.come_back(&acme.agree(&app, begun.location())).await;
    assert_leads(&back, "/account?tab=1");
    assert_eq!(rows(&app).await, "1 1 0 1");
    let page = browser.go("/dashboard", &[]).await;
    assert!(page.body.contains(ADA) && page.body.contains("Ada Lovelace"), "{}", page.body);

    // Her address there is another one by now: it is still her.
    acme.set_person(json!({"sub": "ada-1815", "email": "ada@example.org", "email_verified": true, "name": "A"}));
    let mut other = Browser::new(&app);
    assert_leads(&sign_in_with(&app, &acme, &mut other).await, "/dashboard");
    assert_eq!(rows(&app).await, "1 1 0 2");
    assert!(other.go("/dashboard", &[]).await.body.contains(ADA));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_do_not_disturb_each_other() {
    let (app, acme) = start().await;
    let mut browser = Browser::new(&app);
    let first = browser.follow("/sign-in", &format!("{START}?next=%2Faccount")).await;
    let second = browser.follow("/sign-in", &format!("{START}?next=%2Faccount%2Fsecurity")).await;
    assert_eq!(first.cookie("__Host-federation"), second.cookie("__Host-federation"), "of the browser, not of the way");
    assert_leads(&browser.come_back(&acme.agree(&app, second.location())).await, "/account/security");
    assert_leads(&browser.come_back(&acme.agree(&app, first.location())).await, "/account");
    // The second sign-in ended the session of the first.
    assert_eq!(rows(&app).await, "1 1 0 1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_address_is_connected_by_whoever_proves_to_own_it() {
    let (app, acme) = start().await;
    app.create_account(ADA).await;
    let mut browser = Browser::new(&app);
    let back = sign_in_with(&app, &acme, &mut browser).await;
    assert_leads(&back, "/connect-account");
    let line = back.set_cookie("__Host-pending-connection").unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=3600"] {
        assert!(line.contains(attribute), "{attribute} in {line}");
    }
    assert!(browser.cookie(REFRESH).is_none());
    assert_eq!(rows(&app).await, "1 0 0 0", "nothing is connected");
    let page = browser.go("/connect-account", &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("The acme company"), "{}", page.body);

    let body = format!("email=ada%40example.com&password={}&next=%2Fconnect-account", PASSWORD.replace(' ', "+"));
    let signed_in = browser.post("/sign-in", "/rpc/sign_in", &body).await;
    assert_eq!(signed_in.location(), "/connect-account", "{}", signed_in.body);
    assert_eq!(rows(&app).await, "1 0 0 1");
    let connected = browser.post("/connect-account", "/rpc/connect_pending", "").await;
    assert_eq!(connected.status, StatusCode::SEE_OTHER, "{}", connected.body);
    assert_eq!(rows(&app).await, "1 1 0 1", "{}", connected.location());
    assert_leads(&sign_in_with(&app, &acme, &mut Browser::new(&app)).await, "/dashboard");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_the_provider_did_not_prove_is_proved_here_first() {
    let (app, acme) = start().await;
    for email_verified in [json!(false), json!(null)] {
        acme.set_person(json!({"sub": "ada-1815", "email": ADA, "email_verified": email_verified, "name": "Ada"}));
        let mut browser = Browser::new(&app);
        assert_leads(&sign_in_with(&app, &acme, &mut browser).await, "/finish-sign-up");
        assert!(browser.cookie("__Host-pending-connection").is_some() && browser.cookie(REFRESH).is_none());
    }
    assert_eq!(rows(&app).await, "0 0 0 0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_is_asked_for_after_a_provider_too() {
    let (app, acme) = start().await;
    let (mut holder, access) = app.create_holder(ADA).await;
    let (cookie, _) = app.sign_in_fully(&mut holder, "").await;
    let mut own = Browser::with(&app, &cookie);
    let begun = own.follow(CONNECTIONS, CONNECT).await;
    let back = own.come_back(&acme.agree(&app, begun.location())).await;
    assert!(back.location().starts_with(CONNECTIONS) && !back.location().contains("refused"), "{}", back.location());
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &access).await.status, StatusCode::OK);
    assert!(rows(&app).await.starts_with("1 1 0 "), "it is connected");

    let mut browser = Browser::new(&app);
    let back = sign_in_with(&app, &acme, &mut browser).await;
    assert!(back.location().starts_with("/two-step"), "{}", back.location());
    assert!(browser.cookie(REFRESH).is_none() && browser.cookie(WAITING).is_some());
    assert_eq!(browser.go("/dashboard", &[]).await.status, StatusCode::SEE_OTHER, "nobody is signed in");
    let body = format!("method=recovery_code&code={}", holder.recovery_code());
    let proved = browser.post("/two-step", "/rpc/second_factor", &body).await;
    assert_eq!(proved.location(), "/dashboard", "{}", proved.body);
    assert_eq!(browser.go("/dashboard", &[]).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_begins_on_its_page_with_a_fresh_proof_and_nowhere_else() {
    let (app, _acme) = start().await;
    assert_leads(&Browser::new(&app).follow(CONNECTIONS, CONNECT).await, "/sign-in?next=/account/connections");
    app.create_account(ADA).await;
    let (cookie, _) = app.sign_in(ADA).await;
    let mut browser = Browser::with(&app, &cookie);
    for headers in [
        &[("sec-fetch-site", "cross-site"), ("referer", "https://evil.example/account/connections")][..],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[],
        &[("referer", "https://evil.example/account/connections")],
        // Where somebody is led after a sign-in is in its link.
        &[("sec-fetch-site", "same-origin"), ("referer", "http://localhost:3000/sign-in?next=/account/connections")],
        &[("sec-fetch-site", "same-origin"), ("referer", "http://localhost:3000/account/confirm")],
    ] {
        assert_leads(&browser.go(CONNECT, headers).await, CONNECTIONS);
    }
    app.forget_proofs().await;
    assert_leads(&browser.follow(CONNECTIONS, CONNECT).await, "/account/confirm?next=/account/connections");
    assert_eq!(rows(&app).await, "1 0 0 1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_replaces_the_session_of_whoever_was_signed_in() {
    let (app, acme) = start().await;
    app.create_account("bob@example.com").await;
    let (cookie, _) = app.sign_in("bob@example.com").await;
    let mut browser = Browser::with(&app, &cookie);
    assert_leads(&sign_in_with(&app, &acme, &mut browser).await, "/dashboard");
    assert!(browser.go("/dashboard", &[]).await.body.contains(ADA));
    assert_eq!(rows(&app).await, "2 1 0 1", "one session lives");
    assert_eq!(app.get("/dashboard", &cookie).await.status, StatusCode::SEE_OTHER, "and it is not the old one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_owes_a_factor_signs_in_with_a_provider_and_connects_none() {
    let acme = Provider::start().await;
    let at_once = "second_factor = 'everyone'\nsecond_factor_grace_days = 0\n";
    let app = TestApp::start_with(&format!("{at_once}{}", acme.settings("acme"))).await;
    app.create_account("bob@example.com").await;
    let (cookie, _) = app.sign_in("bob@example.com").await;
    let mut browser = Browser::with(&app, &cookie);
    let closed = browser.follow(CONNECTIONS, CONNECT).await;
    assert_eq!((closed.status, closed.location()), (StatusCode::SEE_OTHER, SECOND_FACTOR_REQUIRED));
    assert_leads(&sign_in_with(&app, &acme, &mut browser).await, "/dashboard");
    assert_eq!(browser.go("/dashboard", &[]).await.location(), SECOND_FACTOR_REQUIRED, "she owes one as well");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_browser_does_beforehand_begins_and_ends_nothing() {
    let (app, acme) = start().await;
    let mut browser = Browser::new(&app);
    let begun = browser.follow("/sign-in", START).await;
    let back = acme.agree(&app, begun.location());
    for path in [START, &back, CONNECT] {
        for purpose in ["prefetch", "prefetch;prerender"] {
            let headers = [("sec-purpose", purpose), ("sec-fetch-site", "same-origin")];
            let answer = browser.go(path, &headers).await;
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
            assert_eq!((answer.header("cache-control"), answer.location()), ("no-store", ""), "{path}");
        }
        let head = app.request(Method::HEAD, path, &[("accept", "text/html")], Body::empty()).await;
        assert_eq!((head.status, head.location()), (StatusCode::METHOD_NOT_ALLOWED, ""), "{path}");
        let post = app.request(Method::POST, path, &[("sec-fetch-site", "same-origin")], Body::empty()).await;
        assert_eq!(post.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    assert_eq!(rows(&app).await, "0 0 1 0", "what was begun waits");
    assert_leads(&browser.come_back(&back).await, "/dashboard");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_of_another_site_leads_to_the_sign_in_page() {
    let (app, _acme) = start().await;
    let mut browser = Browser::new(&app);
    for (path, place) in [
        (START, "/sign-in"),
        ("/sign-in/with/acme?next=/account", "/sign-in?next=/account"),
        ("/sign-in/with/acme?next=https://evil.example", "/sign-in?next=/dashboard"),
        ("/sign-in/with/acme?next=/sign-in/with/acme", "/sign-in?next=/dashboard"),
    ] {
        for site in ["cross-site", "same-site"] {
            assert_leads(&browser.go(path, &[("sec-fetch-site", site)]).await, place);
        }
    }
    assert_eq!(rows(&app).await, "0 0 0 0");
    // A sign-in with a password does not go on by one with a provider.
    app.create_account(ADA).await;
    let body = format!("email=ada%40example.com&password={}&next=%2Fsign-in%2Fwith%2Facme", PASSWORD.replace(' ', "+"));
    assert_eq!(browser.post("/sign-in", "/rpc/sign_in", &body).await.location(), "/dashboard");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_nobody_set_is_not_there() {
    let (app, _acme) = start().await;
    app.create_account(ADA).await;
    let (cookie, _) = app.sign_in(ADA).await;
    for name in ["nobody", "ACME", "a%2Fb", "%00", "%ff", "%3Cscript%3E", &"a".repeat(3000)] {
        for path in [
            format!("/sign-in/with/{name}"),
            format!("/sign-in/with/{name}/callback?code=a&state=b"),
            format!("/account/connections/{name}/connect"),
        ] {
            let answer = Browser::with(&app, &cookie).follow(CONNECTIONS, &path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path:.60}");
            assert!(answer.says("page.not_found.title"), "{path:.60}: {}", answer.body);
            assert!(!answer.body.contains("<script>"), "{path:.60}");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn github_is_asked_for_its_proved_primary_address() {
    let github = Provider::start().await;
    let app = TestApp::start_with(&github.github_settings()).await;
    let mut browser = Browser::new(&app);
    let begun = browser.follow("/sign-in", "/sign-in/with/github").await;
    assert!(begun.location().starts_with(&format!("{}/login/oauth/authorize?", github.issuer)), "{}", begun.location());
    let back = browser.come_back(&github.agree(&app, begun.location())).await;
    assert_leads(&back, "/dashboard");
    assert!(browser.go("/dashboard", &[]).await.body.contains(ADA));
    let subject = "SELECT subject AS text FROM connections WHERE provider = $1";
    assert_eq!(app.read(subject, "github").await, "583231", "the number, which nobody else gets");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_oldest_ways_of_a_browser_make_room() {
    let (app, acme) = start().await;
    let mut browser = Browser::new(&app);
    let mut begun = Vec::new();
    for _ in 0..25 {
        begun.push(browser.follow("/sign-in", START).await);
    }
    assert_eq!(rows(&app).await, "0 0 20 0");
    let oldest = browser.come_back(&acme.agree(&app, begun[0].location())).await;
    assert_leads(&oldest, "/sign-in/with/acme/refused?code=federation_expired");
    assert_leads(&browser.come_back(&acme.agree(&app, begun[24].location())).await, "/dashboard");
    // Those of other browsers stay.
    Browser::new(&app).follow("/sign-in", START).await;
    assert_eq!(rows(&app).await, "1 1 20 1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_the_way_back_is_kept_for_explanations() {
    let (app, acme) = start().await;
    let mut browser = Browser::new(&app);
    let begun = browser.follow("/sign-in", START).await;
    let back = acme.agree(&app, begun.location());
    assert_leads(&browser.come_back(&back).await, "/dashboard");
    let query = query_of(&back);
    for path in ["/what-just-happened", "/dashboard", CONNECTIONS] {
        let page = browser.go(path, &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for secret in ["state", "code"] {
            assert!(!page.body.contains(query[secret].as_str()), "{secret} in {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_speak_to_a_provider_only_where_browsers_ask_it_by_themselves() {
    let (app, acme) = start().await;
    let page = app.get("/sign-in", "").await;
    assert!(!page.header("content-security-policy").contains(&acme.issuer));
    let fedcm = "fedcm = 'http://127.0.0.1:9/fedcm.json'\n";
    let app = TestApp::start_with(&format!("{}{fedcm}", acme.settings("acme"))).await;
    let page = app.get("/sign-in", "").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("connect-src 'self' http://127.0.0.1:9 "), "{policy}");
    assert!(policy.contains("form-action 'self';") && !policy.contains(&acme.issuer), "{policy}");
}
