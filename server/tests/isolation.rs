//! What keeps a browser's pages of ours apart from everybody else's: nothing is loaded from another site, nothing is shown in a
//! frame, nothing personal is kept, a sign-out leaves nothing behind, and files are what they were when the program started.

use crate::support::{Answer, CHEAP, TestApp};
use axum::body::Body;
use axum::http::header::{SET_COOKIE, VARY};
use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use server::router::page_paths;
use sha2::{Digest, Sha384};
use std::collections::BTreeSet;
use std::path::Path;

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
/// Routes that are no page, no server function and not in the API document. The sources are compared with it.
const OTHERS: [(Method, &str); 25] = [
    (Method::GET, "/avatars/{id}"),
    (Method::GET, "/organization-logos/{id}"),
    (Method::GET, "/health/live"),
    (Method::GET, "/health/ready"),
    (Method::GET, "/.well-known/jwks.json"),
    (Method::GET, "/.well-known/change-password"),
    (Method::GET, "/rpc/{*rest}"),
    (Method::GET, "/api/{*rest}"),
    (Method::GET, "/admin/audit/export"),
    (Method::GET, "/orgs/{slug}/audit/export"),
    (Method::GET, "/sign-in/with/{provider}"),
    (Method::GET, "/sign-in/with/{provider}/callback"),
    (Method::GET, "/sign-in/with/{provider}/app/continue"),
    (Method::GET, "/sign-in/with/{provider}/app/cancel"),
    (Method::GET, "/account/connections/{provider}/connect"),
    (Method::GET, "/dev/inbox"),
    (Method::GET, "/dev/inbox.json"),
    (Method::GET, "/api/v1/openapi.json"),
    (Method::GET, "/api/docs"),
    (Method::GET, "/account/data/export"),
    (Method::GET, "/admin/users/export"),
    // By their names in the sources.
    (Method::POST, "CHANGE_AVATAR"),
    (Method::POST, "CHANGE_LOGO"),
    (Method::POST, "DOWNLOAD_RECOVERY_CODES"),
    (Method::POST, "REPORTS"),
];
/// What is the same for everybody.
const FOR_EVERYBODY: [&str; 5] =
    ["/.well-known/jwks.json", "/.well-known/change-password", "/pkg/nothing.js", "/favicon.svg", "/icons.svg"];
/// What another site may have a browser ask for, as `Sec-Fetch-Site`, `-Mode` and `-Dest`.
const FOREIGN: [[&str; 3]; 9] = [
    ["cross-site", "no-cors", "image"],
    ["cross-site", "no-cors", "script"],
    ["cross-site", "no-cors", "style"],
    ["cross-site", "cors", "empty"],
    ["same-site", "no-cors", "image"],
    ["cross-site", "navigate", "iframe"],
    ["cross-site", "navigate", "object"],
    ["cross-site", "navigate", "embed"],
    ["same-origin", "navigate", "iframe"],
];

/// The words that stand where a route is named in the sources of the server.
fn named_in_sources() -> BTreeSet<String> {
    let (mut found, mut folders) = (BTreeSet::new(), vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            found.extend(code.split(".route(").skip(1).filter_map(|rest| rest.split(',').next()).map(str::to_owned));
        }
    }
    // Routes of the API are put together from its document, which is asked for them below.
    let named = found.iter().map(|name| name.trim()).filter(|name| !name.starts_with("&format!"));
    named.map(|name| name.trim_matches('"').to_owned()).collect()
}

/// Every route there is: its method, and its path with parameters in braces.
pub async fn templates(app: &TestApp) -> BTreeSet<(String, String)> {
    let document = app.get("/api/v1/openapi.json", "").await.value();
    let mut routes = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        routes.extend(methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    let functions = leptos::server_fn::axum::server_fn_paths();
    routes.extend(functions.map(|(path, _)| ("POST".to_owned(), path.to_owned())));
    routes.extend(page_paths().map(|page| ("GET".to_owned(), page.to_owned())));
    routes.extend(OTHERS.iter().map(|(method, path)| {
        let path = match *path {
            "CHANGE_AVATAR" => app::page::CHANGE_AVATAR,
            "CHANGE_LOGO" => app::page::CHANGE_LOGO,
            "DOWNLOAD_RECOVERY_CODES" => app::page::DOWNLOAD_RECOVERY_CODES,
            "REPORTS" => server::browser_reports::REPORTS,
            path => path,
        };
        (method.to_string(), path.to_owned())
    }));
    routes
}

/// The same with something in place of parameters.
async fn routes(app: &TestApp) -> BTreeSet<(String, String)> {
    templates(app).await.into_iter().map(|(method, path)| (method, filled(&path))).collect()
}

pub fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { ID } else { part });
    parts.collect::<Vec<_>>().join("/")
}

async fn ask(app: &TestApp, method: &str, path: &str, [site, mode, destination]: [&str; 3], cookie: &str) -> Answer {
    let mut headers = vec![
        ("accept", if mode == "navigate" { "text/html,*/*;q=0.8" } else { "*/*" }),
        ("sec-fetch-site", site),
        ("sec-fetch-mode", mode),
        ("sec-fetch-dest", destination),
    ];
    if !cookie.is_empty() {
        headers.push(("cookie", cookie));
    }
    app.request(Method::from_bytes(method.as_bytes()).unwrap(), path, &headers, Body::empty()).await
}

#[test]
fn no_route_of_the_sources_is_left_out() {
    let listed: BTreeSet<String> = OTHERS.iter().map(|(_, path)| (*path).to_owned()).collect();
    let mut named = named_in_sources();
    assert!(named.len() > 20, "the routes were found: {named:?}");
    // On a listener of its own, which no browser of people reaches (`server/tests/metrics.rs`).
    assert!(named.remove("/metrics"));
    assert_eq!(named, listed, "name the route in OTHERS");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_site_loads_nothing_and_nothing_is_shown_in_a_frame() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (cookie, _) = app.sign_in("alice@example.com").await;
    let routes = routes(&app).await;
    assert!(routes.len() > 300, "the routes were found: {}", routes.len());
    for (method, path) in &routes {
        if path.starts_with("/.well-known/") {
            continue;
        }
        for asked in FOREIGN {
            let answer = ask(&app, method, path, asked, &cookie).await;
            let heard = (answer.status, answer.code());
            assert_eq!(heard, (StatusCode::FORBIDDEN, "cross_site".to_owned()), "{method} {path} {asked:?}");
            assert!(answer.cookie("__Host-refresh").is_none(), "{method} {path}: nothing began");
        }
        // The control: by our own pages, and by somebody who follows a link from elsewhere, it is reached.
        let own =
            if method == "GET" { ["cross-site", "navigate", "document"] } else { ["same-origin", "cors", "empty"] };
        let answer = ask(&app, method, path, own, "").await;
        assert!(answer.status != StatusCode::FORBIDDEN || answer.code() != "cross_site", "{method} {path}: {own:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_the_same_for_everybody_is_given_to_everybody() {
    let app = TestApp::start().await;
    for path in FOR_EVERYBODY {
        for asked in FOREIGN {
            let answer = ask(&app, "GET", path, asked, "").await;
            assert_ne!(answer.status, StatusCode::FORBIDDEN, "{path} {asked:?}");
            assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "no page of theirs shows it");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_session_sees_is_kept_by_nobody() {
    let app = TestApp::start().await;
    app.create_account("ada@example.com").await;
    app.make_admin("ada@example.com").await;
    let (cookie, token) = app.sign_in("ada@example.com").await;
    for page in page_paths() {
        let path = filled(page);
        let answer = app.get(&path, &cookie).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        let varies: Vec<_> = answer.headers.get_all(VARY).iter().map(|value| value.to_str().unwrap()).collect();
        for name in ["cookie", "accept-language", "authorization", "sec-fetch-site"] {
            assert!(varies.iter().any(|line| line.contains(name)), "{path} varies by {name}: {varies:?}");
        }
    }
    for path in ["/api/v1/me", "/api/v1/sessions", "/api/v1/admin/users", "/api/v1/nothing"] {
        assert_eq!(app.bearer(Method::GET, path, &token).await.header("cache-control"), "no-store", "{path}");
    }
    for path in ["/avatars/nothing", "/organization-logos/nothing", "/health/live", "/dev/inbox", "/nothing"] {
        assert_eq!(app.get(path, "").await.header("cache-control"), "no-store", "{path}: nobody said otherwise");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_out_leaves_nothing_in_the_browser_but_what_it_should_remember() {
    const FORGET: &str = "\"storage\"";
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (cookie, _) = app.sign_in("alice@example.com").await;
    assert_eq!(app.get("/dashboard", &cookie).await.header("clear-site-data"), "", "not while somebody is signed in");

    let remembered = format!("{cookie}; __Host-locale=fr; __Host-theme=dark; __Host-trusted-device=x");
    let by_form = app.form("/rpc/sign_out", "", &remembered).await;
    assert_eq!((by_form.status, by_form.header("clear-site-data")), (StatusCode::SEE_OTHER, FORGET));
    let (cookie, token) = app.sign_in("alice@example.com").await;
    let headers =
        [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
    let by_call = app.request(Method::POST, "/api/v1/sign-out", &headers, Body::empty()).await;
    assert_eq!((by_call.status, by_call.header("clear-site-data")), (StatusCode::NO_CONTENT, FORGET));
    let by_token = app.bearer(Method::POST, "/api/v1/sign-out", &token).await;
    assert_eq!(by_token.status, StatusCode::UNAUTHORIZED, "it is over already");
    let (_, token) = app.sign_in("alice@example.com").await;
    let by_token = app.bearer(Method::POST, "/api/v1/sign-out", &token).await;
    assert_eq!((by_token.status, by_token.header("clear-site-data")), (StatusCode::NO_CONTENT, FORGET));

    for answer in [by_form, by_call, by_token] {
        for line in answer.headers.get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            for kept in ["__Host-locale", "__Host-theme", "__Host-trusted-device", "__Host-last-way"] {
                assert!(!line.starts_with(kept), "{line}");
            }
        }
    }
}

/// A site with these bytes in its files, whose names carry hashes.
async fn with_files(script: &str) -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    for (name, text) in [("keywright.c.css", "b{}"), ("keywright.j.js", script), ("keywright.w.wasm", "\0asm")] {
        std::fs::write(site.join("pkg").join(name), text).unwrap();
    }
    std::fs::write(folder.path().join("hash.txt"), "css: c\njs: j\nwasm: w\n").unwrap();
    std::fs::write(site.join("favicon.svg"), "<svg/>").unwrap();
    let settings = format!("{CHEAP}site = '{}'", site.display());
    TestApp::start_in(folder, &settings).await
}

fn digest(text: &str) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(text)))
}

/// The tags of a page that load something, without pictures.
fn loading_tags(page: &Answer) -> Vec<&str> {
    let tags = page.body.split('<').filter_map(|rest| rest.split('>').next());
    tags.filter(|tag| (tag.starts_with("script") && tag.contains(" src=")) || tag.starts_with("link"))
        .filter(|tag| !tag.contains("rel=\"icon\""))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_is_told_what_our_files_hold() {
    let app = with_files("let x = 1").await;
    for path in ["/sign-in", "/nothing", "/dev/inbox", "/api/docs"] {
        let page = app.get(path, "").await;
        let tags = loading_tags(&page);
        assert!(!tags.is_empty(), "{path}");
        for tag in tags {
            assert!(tag.contains(" integrity=\"sha384-"), "{path}: {tag}");
        }
        assert!(page.body.contains(&digest("b{}")), "{path}: the style");
    }
    let page = app.get("/sign-in", "").await;
    assert_eq!(page.body.matches(&digest("let x = 1")).count(), 2, "of the script, in its tag and for who imports it");
    let map = page.body.split("type=\"importmap\"").nth(1).unwrap().split('>').nth(1).unwrap();
    let map: serde_json::Value = serde_json::from_str(map.split('<').next().unwrap()).unwrap();
    assert_eq!(map["integrity"]["/pkg/keywright.j.js"], digest("let x = 1"));
    assert_eq!(page.body.matches(&digest("\0asm")).count(), 2, "of the module, in its tag and for who fetches it");
    // The control: another file has another digest.
    let other = with_files("let x = 2").await.get("/sign-in", "").await;
    assert!(other.body.contains(&digest("let x = 2")) && !other.body.contains(&digest("let x = 1")));
    // Files are for everybody, and may be kept.
    assert_eq!(app.get("/favicon.svg", "").await.header("cache-control"), "public, max-age=86400");
}
