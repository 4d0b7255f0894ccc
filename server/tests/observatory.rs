//! The headers of a real page, scored as the HTTP Observatory scores a site (mdn/mdn-http-observatory, commit 94042bb of
//! August 2026: twelve tests and their points). What it gives is written down as a table, and all is asked for but this:
//!
//! - the redirection from http, which gives no points and is the reverse proxy's;
//! - 5 for a host that browsers have on their list of https (HSTS preload): its owner puts it there;
//! - 10 for Cross-Origin-Embedder-Policy, which is left out knowingly (`server/src/layer/headers.rs`).

use crate::support::{Answer, CHEAP, PASSWORD, TestApp};
use axum::http::HeaderMap;
use axum::http::header::{HeaderName, SET_COOKIE};
use std::collections::BTreeMap;

/// What is given besides 100, and only to whoever has 90 without it: for the content policy, cookies, the opener policy, the
/// referrer, integrity, frames and the resource policy.
const FULL_MARKS: i32 = 100 + 10 + 5 + 10 + 5 + 5 + 5 + 10;
/// What a page has on which nobody gets a cookie.
const WITHOUT_COOKIES: i32 = FULL_MARKS - 5;
const SIX_MONTHS: u64 = 15_768_000;

/// A test of the Observatory: its name, and its points for what was found.
struct Scored {
    test: &'static str,
    points: i32,
}

/// Headers and page of an answer over https.
struct Seen<'a> {
    headers: &'a HeaderMap,
    body: &'a str,
}

impl Seen<'_> {
    fn header(&self, name: &str) -> Option<String> {
        Some(self.headers.get(name)?.to_str().ok()?.trim().to_ascii_lowercase())
    }

    /// The directives of the content policy; none without one.
    fn policy(&self) -> Option<BTreeMap<String, Vec<String>>> {
        let text = self.header("content-security-policy")?;
        let directives = text.split(';').filter_map(|part| {
            let mut words = part.split_ascii_whitespace().map(str::to_owned);
            Some((words.next()?, words.collect()))
        });
        Some(directives.collect())
    }

    fn content_security_policy(&self) -> i32 {
        let Some(policy) = self.policy() else { return -25 };
        let of = |name: &str| policy.get(name).or_else(|| policy.get("default-src"));
        let has = |name: &str, bad: &[&str]| {
            of(name).is_none_or(|sources| sources.iter().any(|source| bad.contains(&source.as_str())))
        };
        let uses_nonce = of("script-src").is_some_and(|sources| sources.iter().any(|it| it.starts_with("'nonce-")));
        let broad = ["*", "https:", "http:", "data:", "blob:"];
        // Beside a nonce a browser does not hear of it.
        if (has("script-src", &["'unsafe-inline'"]) && !uses_nonce)
            || has("script-src", &broad)
            || has("object-src", &broad)
        {
            return -20;
        }
        if has("script-src", &["'unsafe-eval'"]) {
            return -10;
        }
        if has("style-src", &["'unsafe-inline'", "*", "https:", "http:", "data:"]) {
            return 0;
        }
        let only = |name: &str, allowed: &[&str]| {
            policy.get(name).is_some_and(|sources| sources.len() == 1 && allowed.contains(&sources[0].as_str()))
        };
        let forms_stay = only("form-action", &["'none'", "'self'"]);
        if only("default-src", &["'none'"]) && only("base-uri", &["'none'", "'self'"]) && forms_stay { 10 } else { 5 }
    }

    fn cookies(&self) -> i32 {
        let cookies: Vec<String> =
            self.headers.get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap().to_ascii_lowercase()).collect();
        let all = |word: &str| cookies.iter().all(|line| line.split(';').any(|part| part.trim() == word));
        let same_site = cookies.iter().all(|line| line.contains("samesite=lax") || line.contains("samesite=strict"));
        if !all("secure") {
            -40
        } else if !all("httponly") {
            -30
        } else if !cookies.is_empty() && same_site {
            5
        } else {
            0
        }
    }

    fn cross_origin_embedder_policy(&self) -> i32 {
        match self.header("cross-origin-embedder-policy").as_deref() {
            Some("require-corp" | "credentialless") => 10,
            Some("unsafe-none") | None => 0,
            Some(_) => -5,
        }
    }

    fn cross_origin_opener_policy(&self) -> i32 {
        match self.header("cross-origin-opener-policy").as_deref() {
            Some("same-origin" | "same-origin-allow-popups" | "noopener-allow-popups") => 10,
            Some("unsafe-none") | None => 0,
            Some(_) => -5,
        }
    }

    fn cross_origin_resource_sharing(&self) -> i32 {
        let with_credentials = self.header("access-control-allow-credentials").as_deref() == Some("true");
        if self.headers.contains_key("access-control-allow-origin") && with_credentials { -50 } else { 0 }
    }

    fn referrer_policy(&self) -> i32 {
        match self.header("referrer-policy").as_deref() {
            Some("no-referrer" | "same-origin" | "strict-origin" | "strict-origin-when-cross-origin") => 5,
            None => 0,
            Some(_) => -5,
        }
    }

    fn strict_transport_security(&self) -> i32 {
        let text = self.header("strict-transport-security").unwrap_or_default();
        let age = text.split(';').find_map(|part| part.trim().strip_prefix("max-age=")?.parse::<u64>().ok());
        match age {
            None => -20,
            Some(age) if age < SIX_MONTHS => -10,
            Some(_) => 0,
        }
    }

    fn subresource_integrity(&self) -> i32 {
        let tags = self.body.split("<script").skip(1).filter_map(|rest| rest.split('>').next());
        let loading: Vec<&str> = tags.filter(|tag| tag.contains(" src=")).collect();
        let foreign = loading.iter().any(|tag| tag.contains("src=\"http") || tag.contains("src=\"//"));
        let vouched = loading.iter().all(|tag| tag.contains(" integrity=\"sha"));
        if !vouched && foreign {
            -50
        } else if vouched && !loading.is_empty() {
            5
        } else {
            0
        }
    }

    fn x_content_type_options(&self) -> i32 {
        if self.header("x-content-type-options").as_deref() == Some("nosniff") { 0 } else { -5 }
    }

    fn x_frame_options(&self) -> i32 {
        if self.policy().is_some_and(|policy| policy.contains_key("frame-ancestors")) {
            return 5;
        }
        if matches!(self.header("x-frame-options").as_deref(), Some("deny" | "sameorigin")) { 0 } else { -20 }
    }

    fn cross_origin_resource_policy(&self) -> i32 {
        match self.header("cross-origin-resource-policy").as_deref() {
            Some("same-origin" | "same-site") => 10,
            Some("cross-origin") | None => 0,
            Some(_) => -5,
        }
    }

    fn table(&self) -> Vec<Scored> {
        let row = |test, points| Scored { test, points };
        vec![
            row("content-security-policy", self.content_security_policy()),
            row("cookies", self.cookies()),
            row("cross-origin-embedder-policy", self.cross_origin_embedder_policy()),
            row("cross-origin-opener-policy", self.cross_origin_opener_policy()),
            row("cross-origin-resource-sharing", self.cross_origin_resource_sharing()),
            row("referrer-policy", self.referrer_policy()),
            row("strict-transport-security", self.strict_transport_security()),
            row("subresource-integrity", self.subresource_integrity()),
            row("x-content-type-options", self.x_content_type_options()),
            row("x-frame-options", self.x_frame_options()),
            row("cross-origin-resource-policy", self.cross_origin_resource_policy()),
        ]
    }

    /// Faults first; what is better than good counts from 90 on.
    fn score(&self) -> i32 {
        let table = self.table();
        let without: i32 = 100 + table.iter().map(|row| row.points.min(0)).sum::<i32>();
        let extra: i32 = table.iter().map(|row| row.points.max(0)).sum();
        if without >= 90 { without + extra } else { without.max(0) }
    }

    fn told(&self) -> String {
        self.table().iter().map(|row| format!("{} {:+}\n", row.test, row.points)).collect()
    }
}

/// What the page scores after a change of its headers, with this text.
fn score(page: &Answer, change: impl Fn(&mut HeaderMap), body: &str) -> i32 {
    let mut headers = page.headers.clone();
    change(&mut headers);
    Seen { headers: &headers, body }.score()
}

/// The program behind https, with files that have digests.
async fn start() -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    for name in ["keywright.c.css", "keywright.j.js", "keywright.w.wasm"] {
        std::fs::write(site.join("pkg").join(name), name).unwrap();
    }
    std::fs::write(folder.path().join("hash.txt"), "css: c\njs: j\nwasm: w\n").unwrap();
    let settings = format!("{CHEAP}public_url = 'https://localhost'\nsite = '{}'", site.display());
    TestApp::start_in(folder, &settings).await
}

/// A page over https, as somebody sees it who signs in: the cookies of the sign-in and the page behind it.
async fn page() -> Answer {
    let app = start().await;
    app.create_account("alice@example.com").await;
    let body = format!("email=alice%40example.com&password={}", PASSWORD.replace(' ', "+"));
    let entered = app.form("/rpc/sign_in", &body, "").await;
    let mut page = app.get(entered.location(), &entered.cookie("__Host-refresh").unwrap()).await;
    for line in entered.headers.get_all(SET_COOKIE) {
        page.headers.append(SET_COOKIE, line.clone());
    }
    page
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_has_full_marks() {
    let page = page().await;
    let seen = Seen { headers: &page.headers, body: &page.body };
    assert_eq!(seen.score(), FULL_MARKS, "{}", seen.told());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scanner_that_is_nobody_sees_all_of_it_but_cookies() {
    let app = start().await;
    for path in ["/", "/sign-in", "/nothing"] {
        let page = app.get(path, "").await;
        let seen = Seen { headers: &page.headers, body: &page.body };
        assert!(seen.score() >= WITHOUT_COOKIES, "{path}: {}\n{}", seen.score(), seen.told());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_header_that_is_missing_or_weaker_has_fewer() {
    let page = page().await;
    for name in [
        "content-security-policy",
        "referrer-policy",
        "strict-transport-security",
        "x-content-type-options",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "set-cookie",
    ] {
        let without = score(&page, |headers| drop(headers.remove(name)), &page.body);
        assert!(without < FULL_MARKS, "without {name}: {without}");
    }
    let policy = page.header("content-security-policy");
    for (name, value) in [
        ("content-security-policy", policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")),
        ("content-security-policy", policy.replace("'strict-dynamic'", "'strict-dynamic' 'unsafe-eval'")),
        ("content-security-policy", policy.replace("'strict-dynamic'", "https:")),
        ("content-security-policy", policy.replace("frame-ancestors 'none'; ", "")),
        ("content-security-policy", policy.replace("form-action 'self'; ", "")),
        ("content-security-policy", policy.replace("default-src 'none'", "default-src 'self'")),
        ("referrer-policy", "unsafe-url".to_owned()),
        ("strict-transport-security", "max-age=86400".to_owned()),
        ("cross-origin-embedder-policy", "unknown".to_owned()),
        ("cross-origin-opener-policy", "unsafe-none".to_owned()),
        ("cross-origin-opener-policy", "unknown".to_owned()),
        ("cross-origin-resource-policy", "cross-origin".to_owned()),
        ("set-cookie", "__Host-refresh=x; Secure; Path=/; SameSite=Lax".to_owned()),
        ("set-cookie", "__Host-refresh=x; HttpOnly; Path=/; SameSite=Lax".to_owned()),
        ("set-cookie", "__Host-refresh=x; HttpOnly; Secure; Path=/".to_owned()),
    ] {
        let change =
            |headers: &mut HeaderMap| drop(headers.insert(HeaderName::from_static(name), value.parse().unwrap()));
        let weaker = score(&page, change, &page.body);
        assert!(weaker < FULL_MARKS, "{name}: {value}: {weaker}");
    }
    let without_digests = page.body.replace(" integrity=", " data-was=");
    assert!(score(&page, |_| (), &without_digests) < FULL_MARKS, "without digests");
    let both = score(
        &page,
        |headers| {
            headers.remove("content-security-policy");
            headers.remove("strict-transport-security");
        },
        &page.body,
    );
    assert!(both < 60, "what is good elsewhere makes up for no fault: {both}");
}
