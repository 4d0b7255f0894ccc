//! Browsers tell what they refused: from a report in either form to the page that operators read, and what comes of reports
//! that are none.

use crate::support::{Answer, TestApp};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;

const PATH: &str = "/reports/browser";
const ADMIN: &str = "ada@example.com";
const HERE: &str = "http://localhost:3000";

async fn start() -> TestApp {
    let app = TestApp::start().await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    app
}

/// A report as a browser posts it, with these headers besides.
async fn post(app: &TestApp, kind: &str, body: impl Into<Body>, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::post(PATH).header("content-type", kind).header("accept", "*/*");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(body.into()).unwrap()).await
}

fn one(path: &str, blocked: &str) -> String {
    let document = format!("{HERE}{path}");
    json!({"csp-report": {"document-uri": document, "effective-directive": "img-src", "blocked-uri": blocked}})
        .to_string()
}

async fn told(app: &TestApp) -> Value {
    let (_, token) = app.sign_in(ADMIN).await;
    let answer = app.bearer(Method::GET, "/api/v1/admin/browser-reports", &token).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.value()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_says_where_reports_go_and_operators_read_them() {
    let app = start().await;
    let policy = app.get("/sign-in", "").await;
    assert!(policy.header("content-security-policy").contains(&format!("report-uri {PATH}")));
    let (cookie, _) = app.sign_in(ADMIN).await;
    let empty = app.get("/admin/browser-reports", &cookie).await;
    assert!(empty.says("page.browser_reports.none"), "{}", empty.body);

    let by_browser = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "report")];
    let secret = "code=s3cret-and-more";
    let answer = post(&app, "application/csp-report", one(&format!("/account?{secret}"), "inline"), &by_browser).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NO_CONTENT, ""), "it is thanked for with nothing");
    let many = json!([{
        "type": "csp-violation", "age": 1, "url": format!("{HERE}/sign-in"), "user_agent": "<script>alert(1)</script>",
        "body": {
            "documentURL": format!("{HERE}/sign-in#{secret}"), "blockedURL": "https://evil.example/<b>?x",
            "effectiveDirective": "connect-src", "sample": secret,
        },
    }]);
    // A browser that gathers reports sends them later and says less, along with its cookies.
    let with_cookie = [("cookie", cookie.as_str())];
    let answer = post(&app, "application/reports+json", many.to_string(), &with_cookie).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);

    let list = told(&app).await;
    assert_eq!((&list["kinds"], &list["reports"]), (&json!(2), &json!(2)), "{list}");
    let kept: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["path"].clone()).collect();
    assert!(kept.contains(&json!("/account")) && kept.contains(&json!("/sign-in")), "{list}");
    assert!(!list.to_string().contains("s3cret") && !list.to_string().contains("script>"), "{list}");
    let page = app.get("/admin/browser-reports", &cookie).await;
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.body.contains("https://evil.example") && page.says("page.browser_reports.meaning"), "{}", page.body);
    assert!(!page.body.contains("s3cret") && !page.says("page.browser_reports.none"), "{}", page.body);
    assert!(app.get("/admin/health", &cookie).await.body.contains("href=\"/admin/browser-reports\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_report_changes_nothing() {
    let app = start().await;
    let good = one("/account", "inline");
    for (kind, body, status) in [
        ("application/json", good.clone(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("text/plain", good.clone(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/x-www-form-urlencoded", good.clone(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/csp-report", String::new(), StatusCode::BAD_REQUEST),
        ("application/csp-report", "{".to_owned(), StatusCode::BAD_REQUEST),
        ("application/csp-report", "[]".to_owned(), StatusCode::BAD_REQUEST),
        ("application/csp-report", "\u{0}".repeat(100), StatusCode::BAD_REQUEST),
        ("application/reports+json", "1".to_owned(), StatusCode::BAD_REQUEST),
        ("application/reports+json", "[".repeat(9_000), StatusCode::BAD_REQUEST),
        ("application/csp-report", one("/account", &"x".repeat(17_000)), StatusCode::PAYLOAD_TOO_LARGE),
        ("application/csp-report", one("/account", &"x".repeat(70_000)), StatusCode::PAYLOAD_TOO_LARGE),
        // Said to be about somebody else's page: it is heard, and means nothing.
        ("application/csp-report", good.replace(HERE, "https://evil.example"), StatusCode::NO_CONTENT),
        ("application/csp-report", good.replace("img-src", "made-up"), StatusCode::NO_CONTENT),
    ] {
        let answer = post(&app, kind, body, &[]).await;
        assert_eq!(answer.status, status, "{kind}: {}", answer.body);
    }
    for site in ["cross-site", "same-site"] {
        let answer = post(&app, "application/csp-report", good.clone(), &[("sec-fetch-site", site)]).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "cross_site"), "{site}");
    }
    assert_eq!(told(&app).await["kinds"], 0, "nothing of it is kept");
    // The control: the good one is.
    assert_eq!(post(&app, "application/csp-report", good, &[]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(told(&app).await["kinds"], 1);
}

/// A report unlike all others from this address.
async fn flood(app: &TestApp, address: u8, number: u16) {
    let report = one("/account", &format!("https://n{number}.example"));
    let mut request =
        Request::post(PATH).header("content-type", "application/csp-report").body(Body::from(report)).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, address], 4711))));
    assert_eq!(app.send(request).await.status, StatusCode::NO_CONTENT, "{number}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_client_does_not_keep_the_reports_of_others_out() {
    let app = start().await;
    for number in 0..200 {
        flood(&app, 1, number).await;
    }
    let kinds = told(&app).await["kinds"].as_i64().unwrap();
    // At most three minutes of it.
    assert!((20..=60).contains(&kinds), "{kinds}");
    flood(&app, 2, 1000).await;
    assert_eq!(told(&app).await["kinds"], kinds + 1, "that of somebody else");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_is_thanked_for_and_not_written() {
    let app = start().await;
    for number in 0..300_u16 {
        let [_, address] = (number % 20).to_be_bytes();
        flood(&app, address, number).await;
    }
    let list = told(&app).await;
    let kinds = list["kinds"].as_i64().unwrap();
    // At most two minutes of it, and at most a day of it.
    assert!((100..=200).contains(&kinds), "{kinds}");
    assert_eq!(list["items"].as_array().unwrap().len(), 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_https_both_kinds_of_reports_find_their_way() {
    let app = TestApp::start_with("public_url = 'https://localhost'\n").await;
    let page = app.get("/sign-in", "").await;
    assert_eq!(page.header("reporting-endpoints"), "browser=\"/reports/browser\"");
    assert!(page.header("content-security-policy").ends_with("report-uri /reports/browser; report-to browser"));
    // Over http a browser that knows the newer kind would send none at all.
    let page = TestApp::start().await.get("/sign-in", "").await;
    assert!(page.header("reporting-endpoints").is_empty());
    assert!(!page.header("content-security-policy").contains("report-to"));
}
