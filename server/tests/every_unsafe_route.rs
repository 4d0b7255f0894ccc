//! Every route that changes something, as the router knows them: a new one is noticed here, and what a page of another
//! site can have a browser send reaches none (OWASP CSRF Prevention; ASVS 5.0, 3.5.1 to 3.5.3).

use crate::cross_site::{CALLS, CHANGES, FORMS};
use crate::isolation::{filled, templates};
use crate::support::TestApp;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use std::collections::BTreeSet;

/// They answer otherwise than forms and calls, so no list of `cross_site` has them: a file, and what browsers report.
const NEITHER_FORM_NOR_CALL: [&str; 2] = [app::page::DOWNLOAD_RECOVERY_CODES, server::browser_reports::REPORTS];
/// What a browser says of a page of another site that has it send something: by form, by fetch without asking, and by one
/// that asks before. The last is a browser that says an origin alone.
const SENDERS: [&[(&str, &str)]; 7] = [
    &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")],
    &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "empty")],
    &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")],
    &[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")],
    &[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "empty")],
    &[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")],
    &[("origin", "https://evil.example")],
];
/// What a page may post without asking, and JSON: a type and a body.
const BODIES: [(&str, &str); 4] = [
    ("application/x-www-form-urlencoded", "name=Owned"),
    ("text/plain", "name=Owned"),
    (
        "multipart/form-data; boundary=x",
        "--x\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\nOwned\r\n--x--\r\n",
    ),
    ("application/json", "{\"name\":\"Owned\"}"),
];

/// Methods and paths of what changes something, with their parameters in braces.
async fn unsafe_routes(app: &TestApp) -> BTreeSet<(String, String)> {
    let mut routes = templates(app).await;
    routes.retain(|(method, _)| method != "GET");
    routes
}

fn method(name: &str) -> Method {
    Method::from_bytes(name.as_bytes()).unwrap()
}

/// Whether a path is one of this route.
fn is_of(template: &str, path: &str) -> bool {
    let (wanted, parts): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    wanted.len() == parts.len()
        && wanted.iter().zip(parts).all(|(wanted, part)| wanted.starts_with('{') || *wanted == part)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lists_of_forms_and_calls_are_those_of_the_router() {
    let app = TestApp::start().await;
    let posts = FORMS.iter().chain(&CALLS).map(|path| ("POST".to_owned(), *path));
    let changes = CHANGES.iter().map(|(method, path)| (method.to_string(), *path));
    let listed: Vec<(String, &str)> = posts.chain(changes).collect();
    let routes = unsafe_routes(&app).await;
    assert!(routes.len() > 250, "the routes were found: {}", routes.len());
    for (method, template) in &routes {
        let is_listed = listed.iter().any(|(known, path)| known == method && is_of(template, path));
        assert!(
            is_listed || NEITHER_FORM_NOR_CALL.contains(&template.as_str()),
            "name {method} {template} in FORMS, CALLS or CHANGES of cross_site.rs"
        );
    }
    for (method, path) in &listed {
        let is_route = routes.iter().any(|(known, template)| known == method && is_of(template, path));
        assert!(is_route, "there is no {method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_page_of_another_site_sends_is_refused() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (cookie, token) = app.sign_in("alice@example.com").await;
    for (name, template) in unsafe_routes(&app).await {
        let path = filled(&template);
        for sender in SENDERS {
            for (media_type, body) in BODIES {
                let more = [("cookie", cookie.as_str()), ("content-type", media_type), ("accept", "text/html")];
                let headers = [sender, more.as_slice()].concat();
                let answer = app.request(method(&name), &path, &headers, Body::from(body)).await;
                // Browsers send reports without saying from where: nothing is done for who sends them.
                let is_bare_report = path == server::browser_reports::REPORTS && sender[0].0 == "origin";
                if is_bare_report {
                    assert_eq!(
                        answer.status,
                        StatusCode::UNSUPPORTED_MEDIA_TYPE,
                        "{media_type}: none of these is a report"
                    );
                    continue;
                }
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name} {path} {media_type} {sender:?}");
                assert_eq!(answer.code(), "cross_site", "{name} {path} {media_type} {sender:?}");
            }
        }
    }
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await;
    assert_eq!((me.status, me.value()["name"].as_str()), (StatusCode::OK, Some("Sam")), "nothing of her has changed");
    // The control: the same form of our own page is taken.
    app.form("/rpc/change_name", BODIES[0].1, &cookie).await;
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.value()["name"], "Owned");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_method_hides_in_an_address_a_header_or_a_form() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (_, token) = app.sign_in("alice@example.com").await;
    let bearer = format!("Bearer {token}");
    let routes: BTreeSet<(String, String)> =
        templates(&app).await.into_iter().map(|(method, path)| (method, filled(&path))).collect();
    for (name, path) in routes.iter().filter(|(method, _)| method != "GET") {
        for carrier in ["GET", "POST"] {
            let is_route = routes.contains(&(carrier.to_owned(), path.clone()));
            // What posts may be posted to: there is nothing to tell apart.
            if is_route && carrier == "POST" {
                continue;
            }
            let plain = app.request(method(carrier), path, &[("authorization", bearer.as_str())], Body::empty()).await;
            for (query, header, body) in [
                (format!("?_method={name}"), "x-nothing", String::new()),
                (String::new(), "x-http-method-override", String::new()),
                (String::new(), "x-http-method", String::new()),
                (String::new(), "x-method-override", String::new()),
                (String::new(), "x-nothing", format!("_method={name}")),
            ] {
                let headers = [
                    ("authorization", bearer.as_str()),
                    ("content-type", "application/x-www-form-urlencoded"),
                    (header, name.as_str()),
                ];
                let answer = app.request(method(carrier), &format!("{path}{query}"), &headers, body.into()).await;
                let told = format!("{carrier} for {name} {path}{query} by {header}: {}", answer.status);
                // A list that takes no such question says so.
                let is_refused = is_route && answer.status == StatusCode::BAD_REQUEST;
                assert!(is_refused || answer.status == plain.status, "{told}, and else {}", plain.status);
                let is_unknown = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
                assert!(is_route || is_unknown, "{told}");
            }
        }
    }
    assert_eq!(
        app.bearer(Method::GET, "/api/v1/me", &token).await.status,
        StatusCode::OK,
        "she is signed in as before"
    );
}
