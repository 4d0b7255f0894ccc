//! The page that stands before a native app gets its code (RFC 8252, 8.6): whoever began the way is unknown, so the
//! person is asked, in the browser that came back, and nothing is made for the app before.

use crate::federation_api::{VERIFIER, begin};
use crate::support::browser::Browser;
use crate::support::provider::Provider;
use crate::support::{Answer, TestApp};
use axum::http::StatusCode;
use serde_json::json;

const EMAIL: &str = "alice@example.com";
const PAGE: &str = "/sign-in/with/acme/app";
const CODES: &str = "SELECT CAST(COUNT(*) AS TEXT) AS text FROM federation_codes WHERE $1 = ''";

async fn start() -> (TestApp, Provider) {
    let provider = Provider::start().await;
    let settings = "native_redirects = 'com.example.app:/signed-in, https://app.example.com/signed-in'\n";
    let app = TestApp::start_with(&format!("{settings}{}", provider.settings("acme"))).await;
    provider.set_person(json!({"sub": "1", "email": EMAIL, "email_verified": true, "name": "Alice"}));
    (app, provider)
}

/// Comes back from the provider for an app; gives the address of the page that asks.
async fn arrive(app: &TestApp, provider: &Provider, browser: &mut Browser<'_>) -> String {
    let asked = browser.come_back(&provider.agree(app, &begin(app, "acme").await)).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let page = asked.location().to_owned();
    assert!(page.starts_with(&format!("{PAGE}?ticket=")), "{page}");
    page
}

fn link(page: &str, act: &str) -> String {
    page.replacen("/app?", &format!("/app/{act}?"), 1)
}

async fn codes(app: &TestApp) -> String {
    app.read(CODES, "").await
}

fn assert_leads_to(answer: &Answer, place: &str) {
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, place), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_says_which_app_and_which_account_and_makes_nothing() {
    let (app, provider) = start().await;
    let mut browser = Browser::new(&app);
    let page = arrive(&app, &provider, &mut browser).await;
    assert_eq!(browser.cookie("__Host-federation").map(str::len), Some(43), "the browser is known from now on");
    // Reload it, or come from somewhere else: looking is no answer.
    for _ in 0..2 {
        let shown = browser.come_back(&page).await;
        assert_eq!((shown.status, shown.header("cache-control")), (StatusCode::OK, "no-store"), "{}", shown.body);
        assert!(shown.says("page.native_app.title_device") && shown.says("page.native_app.warning"));
        for said in ["127.0.0.1:50123", EMAIL, "The acme company", "90 days at most", "30 days without being used"] {
            assert!(shown.body.contains(said), "{said}");
        }
        for act in ["continue", "cancel"] {
            assert!(shown.body.contains(&format!("href=\"{}\"", link(&page, act))), "{act}");
        }
    }
    assert_eq!(codes(&app).await, "0");
    let back = browser.follow(&page, &link(&page, "continue")).await;
    assert!(back.location().starts_with("http://127.0.0.1:50123/callback?code="), "{}", back.location());
    assert_eq!((back.header("cache-control"), back.header("referrer-policy")), ("no-store", "no-referrer"));
    assert_eq!(codes(&app).await, "1");
    // The page stays open behind the app: pressed again, it says that it is over.
    for act in ["continue", "cancel"] {
        assert_leads_to(&browser.follow(&page, &link(&page, act)).await, PAGE);
    }
    for path in [PAGE, &page] {
        let over = browser.follow(&page, path).await;
        assert_eq!(over.status, StatusCode::GONE);
        assert!(over.says("page.native_app.over"));
    }
    assert_eq!(codes(&app).await, "1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_of_the_settings_is_called_by_its_scheme_or_host() {
    let (app, provider) = start().await;
    for (redirect_uri, name) in
        [("com.example.app:/signed-in", "com.example.app"), ("https://app.example.com/signed-in", "app.example.com")]
    {
        let body = json!({
            "redirect_uri": redirect_uri,
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "code_challenge_method": "S256",
        });
        let started = app.json("/api/v1/providers/acme/start", &body).await;
        let url = started.value()["authorization_url"].as_str().unwrap().to_owned();
        let mut browser = Browser::new(&app);
        let asked = browser.come_back(&provider.agree(&app, &url)).await;
        let page = asked.location().to_owned();
        let shown = browser.come_back(&page).await;
        assert!(shown.body.contains(&format!("Continue to {name}?")), "{}", shown.body);
        let back = browser.follow(&page, &link(&page, "continue")).await;
        assert!(back.location().starts_with(&format!("{redirect_uri}?code=")), "{}", back.location());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_hears_that_the_person_cancelled() {
    let (app, provider) = start().await;
    let mut browser = Browser::new(&app);
    let page = arrive(&app, &provider, &mut browser).await;
    let back = browser.follow(&page, &link(&page, "cancel")).await;
    let expected =
        "http://127.0.0.1:50123/callback?error=access_denied&state=a+b%26c%3Dd&iss=http%3A%2F%2Flocalhost%3A3000";
    assert_leads_to(&back, expected);
    assert_leads_to(&browser.follow(&page, &link(&page, "continue")).await, PAGE);
    assert_eq!(codes(&app).await, "0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_presses_the_link() {
    let (app, provider) = start().await;
    let mut browser = Browser::new(&app);
    let page = arrive(&app, &provider, &mut browser).await;
    let here = format!("http://localhost:3000{page}");
    let same = ("sec-fetch-site", "same-origin");
    for act in ["continue", "cancel"] {
        let path = link(&page, act);
        // Another site, another page of ours, a typed address, a browser that says nothing: the page asks again.
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site"), ("referer", here.as_str())],
            &[same, ("referer", "http://localhost:3000/sign-in")],
            &[same, ("referer", "http://localhost:3000/sign-in/with/other/app")],
            &[("referer", "https://evil.example/sign-in/with/acme/app")],
            &[],
        ] {
            assert_leads_to(&browser.go(&path, headers).await, &page);
        }
        for headers in [&[same, ("sec-purpose", "prefetch")][..], &[same, ("sec-purpose", "prefetch;prerender")]] {
            assert_eq!(browser.go(&path, headers).await.status, StatusCode::SERVICE_UNAVAILABLE);
        }
        // A browser that did not come back, with a cookie of its own and with none; no ticket, and what is none.
        let mut other = Browser::new(&app);
        assert_leads_to(&other.follow(&page, &path).await, PAGE);
        assert_eq!(other.follow(&page, &page).await.status, StatusCode::GONE);
        arrive(&app, &provider, &mut other).await;
        assert_leads_to(&other.follow(&page, &path).await, PAGE);
        assert_eq!(other.follow(&page, &page).await.status, StatusCode::GONE);
        for query in ["", "?ticket=", "?ticket=invented", &format!("?ticket={}", "A".repeat(43)), "?ticket=a%0d%0ab"] {
            let path = format!("{PAGE}/{act}{query}");
            assert_leads_to(&browser.follow(&page, &path).await, PAGE);
        }
        let unknown = path.replace("/with/acme/", "/with/nobody/");
        assert_eq!(browser.follow(&page, &unknown).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(codes(&app).await, "0");
    // Nothing of that used it up. Older browsers say by the page alone where they come from.
    let back = browser.go(&link(&page, "continue"), &[("referer", here.as_str())]).await;
    assert!(back.location().starts_with("http://127.0.0.1:50123/callback?code="), "{}", back.location());
    let code = back.location().split_once("code=").unwrap().1.split('&').next().unwrap().to_owned();
    let entered = app.json("/api/v1/providers/finish", &json!({"code": code, "code_verifier": VERIFIER})).await;
    assert!(entered.value()["access_token"].is_string(), "{}", entered.body);
}
