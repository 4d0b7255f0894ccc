//! What a person says about themselves: picture, time zone and language, over REST and by forms.

use crate::support::{Answer, TestApp};
use auth::Locale;
use auth::avatar::MAX_BYTES;
use auth::text::text;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";
const FORM: &str = "/rpc/change_avatar";
const REST: &str = "/api/v1/me/avatar";
const BOUNDARY: &str = "of-this-form";
/// Four by four pixels, all red.
const PNG: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x04\x00\x00\x00\x04\x08\x02\x00\x00\x00&\x93\x09)\x00\x00\x00\x10IDATx\xdac\xb8#\x22\x02G\x0c\xc4q\x00\xb3C\x10A\x9a!\x9e\xe8\x00\x00\x00\x00IEND\xaeB`\x82";

async fn signed_in(app: &TestApp) -> (String, String) {
    app.create_account(EMAIL).await;
    app.sign_in(EMAIL).await
}

/// The form with one file in a field of this name, called something else than it is.
fn form(field: &str, file: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"me.svg\"\r\n\
         Content-Type: image/svg+xml\r\n\r\n"
    );
    [head.as_bytes(), file, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

/// Sends the form as a browser does, or with `accept` as a program.
async fn post_as(app: &TestApp, accept: &str, kind: &str, body: Vec<u8>, credential: (&str, &str)) -> Answer {
    let request = Request::post(FORM)
        .header("content-type", kind)
        .header("content-length", body.len())
        .header("accept", accept)
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "navigate")
        .header("referer", "http://localhost:3000/account")
        .header(credential.0, credential.1);
    app.send(request.body(body.into()).unwrap()).await
}

async fn post(app: &TestApp, body: Vec<u8>, cookie: &str) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let answer = post_as(app, "text/html,*/*;q=0.8", &kind, body, ("cookie", cookie)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer
}

/// A program sends a file.
async fn put(app: &TestApp, token: &str, kind: &str, file: Vec<u8>) -> Answer {
    let request = Request::put(REST).header("content-type", kind).header("authorization", format!("Bearer {token}"));
    app.send(request.body(file.into()).unwrap()).await
}

async fn patch(app: &TestApp, token: &str, body: &Value) -> Answer {
    app.bearer_body(Method::PATCH, "/api/v1/me", token, body.to_string().into()).await
}

fn says(page: &Answer, key: &str) -> bool {
    page.body.contains(&text(Locale::En, key))
}

/// Whether the sentence stands beside a field: every page also has it among the words for its script.
fn says_beside(page: &Answer, field: &str, issue: &str) -> bool {
    let sentence = text(Locale::En, &format!("issue.{issue}"));
    page.body.contains(&format!("id=\"{field}-issue\"")) && page.body.matches(&sentence).count() == 2
}

/// The address of the picture on a page.
fn picture(page: &Answer) -> Option<String> {
    let (_, rest) = page.body.split_once("src=\"/avatars/")?;
    Some(format!("/avatars/{}", rest.split('"').next()?))
}

/// What a browser gets that shows a page with this picture.
async fn look(app: &TestApp, path: &str) -> Answer {
    let request = Request::get(path).header("accept", "image/avif,image/webp,*/*").header("sec-fetch-mode", "no-cors");
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_is_sent_by_the_form_shown_and_removed() {
    let app = TestApp::start().await;
    let (cookie, _) = signed_in(&app).await;
    let before = app.get("/account", &cookie).await;
    assert!(picture(&before).is_none() && says(&before, "page.profile.picture_none"), "{}", before.body);
    assert!(!before.body.contains("/rpc/remove_avatar"));

    let sent = post(&app, form("avatar", PNG), &cookie).await;
    assert_eq!(sent.location(), "/account?note=picture_saved");
    let page = app.get(sent.location(), &cookie).await;
    assert!(says(&page, "page.profile.picture_saved") && page.body.contains("/rpc/remove_avatar"), "{}", page.body);
    let path = picture(&page).unwrap();
    assert_eq!(picture(&app.get("/dashboard", &cookie).await).as_ref(), Some(&path), "on every page");

    let shown = look(&app, &path).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(["image/png", "image/webp"].contains(&shown.header("content-type")));
    for (name, value) in [
        ("cache-control", "private, max-age=600, immutable"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(shown.header(name), value);
    }
    assert!(shown.header("content-security-policy").contains("default-src 'none'"));

    let removed = app.form("/rpc/remove_avatar", "", &cookie).await;
    assert_eq!(removed.location(), "/account?note=picture_removed");
    let page = app.get(removed.location(), &cookie).await;
    assert!(says(&page, "page.profile.picture_removed") && picture(&page).is_none(), "{}", page.body);
    let gone = look(&app, &path).await;
    assert_eq!((gone.status, gone.header("cache-control")), (StatusCode::NOT_FOUND, "no-store"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_picture_has_another_address_and_the_old_one_leads_nowhere() {
    let app = TestApp::start().await;
    let (_, token) = signed_in(&app).await;
    let mut before: Option<String> = None;
    for _ in 0..3 {
        let changed = put(&app, &token, "image/png", PNG.to_vec()).await;
        let path = changed.value()["avatar"].as_str().unwrap().to_owned();
        assert_eq!(look(&app, &path).await.status, StatusCode::OK);
        if let Some(before) = before.replace(path) {
            assert_eq!(look(&app, &before).await.status, StatusCode::NOT_FOUND);
        }
    }
    let long = format!("/avatars/{}", "x".repeat(5_000));
    for path in ["/avatars/nothing", "/avatars/%00", "/avatars/%ff", "/avatars/..%2fme", "/avatars/'", &long] {
        assert_eq!(look(&app, path).await.status, StatusCode::NOT_FOUND, "{path:.40}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_picture_comes_back_to_the_page_with_words_beside_its_field() {
    let app = TestApp::start().await;
    let (cookie, _) = signed_in(&app).await;
    for (file, issue) in [
        (Vec::new(), "invalid_image"),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(), "invalid_image"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".to_vec(), "invalid_image"),
        (PNG[..50].to_vec(), "invalid_image"),
        (vec![0; MAX_BYTES], "invalid_image"),
        (vec![0; MAX_BYTES + 1], "image_too_large"),
        (vec![0; 5 * MAX_BYTES], "image_too_large"),
    ] {
        let what = format!("{issue}, {} bytes", file.len());
        let sent = post(&app, form("avatar", &file), &cookie).await;
        assert!(sent.location().starts_with("/account?__path="), "{what}: {}", sent.location());
        let page = app.get(sent.location(), &cookie).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert!(says_beside(&page, "avatar", issue), "{what}: {}", page.body);
        assert!(picture(&page).is_none() && page.body.contains("value=\"Sam\""), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_none_is_refused_clearly() {
    let app = TestApp::start().await;
    let (cookie, token) = signed_in(&app).await;
    let bearer = format!("Bearer {token}");
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let good = form("avatar", PNG);
    let twice = String::from_utf8_lossy(&good).matches(BOUNDARY).count();
    assert_eq!(twice, 2, "the picture contains no boundary");
    let two = [&good[..good.len() - BOUNDARY.len() - 6], &form("avatar", PNG)].concat();
    for (kind, body, status, code) in [
        ("application/x-www-form-urlencoded", good.clone(), 415, "unsupported_media_type"),
        ("multipart/form-data", good.clone(), 415, "unsupported_media_type"),
        ("image/png", PNG.to_vec(), 415, "unsupported_media_type"),
        (kind.as_str(), good[..good.len() / 2].to_vec(), 400, "malformed_request"),
        (kind.as_str(), form("picture", PNG), 400, "malformed_request"),
        (kind.as_str(), two, 400, "malformed_request"),
        (kind.as_str(), b"--".to_vec(), 400, "malformed_request"),
        (kind.as_str(), vec![b'x'; MAX_BYTES * 2], 413, "too_large"),
    ] {
        let refused = post_as(&app, "application/json", kind, body, ("authorization", &bearer)).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (status, code), "{kind}");
    }
    let none = format!("--{BOUNDARY}--\r\n").into_bytes();
    let refused = post_as(&app, "application/json", &kind, none, ("authorization", &bearer)).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "invalid_fields"));
    let page = post(&app, b"--".to_vec(), &cookie).await;
    assert_eq!(app.get(page.location(), &cookie).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_sends_a_picture_and_removes_it() {
    let app = TestApp::start().await;
    let (_, token) = signed_in(&app).await;
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await.value();
    assert_eq!((&me["avatar"], &me["time_zone"]), (&json!(null), &json!(null)));

    let changed = put(&app, &token, "image/jpeg; charset=x", PNG.to_vec()).await;
    assert_eq!(changed.status, StatusCode::OK, "what is in the file counts: {}", changed.body);
    let path = changed.value()["avatar"].as_str().unwrap().to_owned();
    assert_eq!(look(&app, &path).await.status, StatusCode::OK);

    for (kind, file, status, code) in [
        ("image/gif", PNG.to_vec(), 415, "unsupported_media_type"),
        ("application/json", b"{}".to_vec(), 415, "unsupported_media_type"),
        ("", PNG.to_vec(), 415, "unsupported_media_type"),
        ("image/png", Vec::new(), 422, "invalid_fields"),
        ("image/png", b"GIF89a".to_vec(), 422, "invalid_fields"),
        ("image/png", vec![0; MAX_BYTES + 1], 422, "invalid_fields"),
        ("image/png", vec![0; MAX_BYTES * 2], 413, "too_large"),
    ] {
        let refused = put(&app, &token, kind, file).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (status, code), "{kind}");
        if status == 422 {
            assert_eq!(refused.value()["errors"][0]["field"], "avatar");
        }
    }
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.value()["avatar"], json!(path), "nothing changed");

    for _ in 0..2 {
        assert_eq!(app.bearer(Method::DELETE, REST, &token).await.status, StatusCode::NO_CONTENT, "twice is once");
    }
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.value()["avatar"], json!(null));
    assert_eq!(look(&app, &path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_changes_the_picture_of_somebody_else() {
    let app = TestApp::start().await;
    let (cookie, token) = signed_in(&app).await;
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let good = || form("avatar", PNG);

    let signed_out = post_as(&app, "*/*", &kind, good(), ("x-nobody", "")).await;
    assert_eq!((signed_out.status, signed_out.code().as_str()), (StatusCode::UNAUTHORIZED, "signed_out"));
    let page = post(&app, good(), "__Host-refresh=ended").await;
    let page = app.get(page.location(), "").await;
    assert!(page.location().starts_with("/sign-in?next="), "{}", page.location());

    for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "null")] {
        for (method, path) in [(Method::POST, FORM), (Method::PUT, REST), (Method::DELETE, REST)] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("content-type", &kind)
                .header("accept", "text/html")
                .header("cookie", &cookie)
                .header(name, value);
            let refused = app.send(request.body(good().into()).unwrap()).await;
            assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "cross_site"), "{path}");
        }
    }
    // A script of another page of ours has no token: the cookie alone is nobody's.
    let request = Request::post(FORM)
        .header("content-type", &kind)
        .header("cookie", &cookie)
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "cors");
    assert_eq!(app.send(request.body(good().into()).unwrap()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.value()["avatar"], json!(null));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_changes_name_zone_and_language_together_or_alone() {
    let app = TestApp::start().await;
    let (_, token) = signed_in(&app).await;
    for (body, changed) in [
        (json!({"time_zone": "Asia/Calcutta"}), ("Sam", "en", json!("Asia/Kolkata"))),
        (json!({"locale": "fr"}), ("Sam", "fr", json!("Asia/Kolkata"))),
        (json!({"name": "Zoe", "locale": "en", "time_zone": "UTC"}), ("Zoe", "en", json!("UTC"))),
        (json!({"name": "Sam", "time_zone": null}), ("Sam", "en", json!("UTC"))),
    ] {
        let answer = patch(&app, &token, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{body}: {}", answer.body);
        let me = answer.value();
        assert_eq!((&me["name"], &me["locale"], &me["time_zone"]), (&json!(changed.0), &json!(changed.1), &changed.2));
    }

    for (body, fields) in [
        (json!({}), vec![("name", "required")]),
        (json!({"name": null, "time_zone": null, "locale": null}), vec![("name", "required")]),
        (json!({"name": "Zoe", "time_zone": "Europe/Atlantis"}), vec![("time_zone", "unknown")]),
        (json!({"name": "Zoe", "time_zone": ""}), vec![("time_zone", "required")]),
        (json!({"name": "Zoe", "locale": "de"}), vec![("locale", "unknown")]),
        (
            json!({"name": "", "time_zone": "x", "locale": ""}),
            vec![("name", "required"), ("time_zone", "unknown"), ("locale", "unknown")],
        ),
    ] {
        let answer = patch(&app, &token, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let errors = answer.value()["errors"].as_array().unwrap().clone();
        let found: Vec<_> =
            errors.iter().map(|error| (error["field"].as_str().unwrap(), error["code"].as_str().unwrap())).collect();
        assert_eq!(found, fields, "{body}");
    }
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await.value();
    assert_eq!((&me["name"], &me["time_zone"]), (&json!("Sam"), &json!("UTC")), "all or nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_are_shown_as_the_clocks_of_the_chosen_zone() {
    let app = TestApp::start().await;
    let (cookie, _) = signed_in(&app).await;
    let in_utc = app.get("/account/activity", &cookie).await;
    assert!(in_utc.body.contains(" UTC</time>"), "{}", in_utc.body);

    let chosen = app.form("/rpc/change_time_zone", "time_zone=Asia%2FKathmandu", &cookie).await;
    assert_eq!(chosen.location(), "/account?note=time_zone_saved");
    let page = app.get(chosen.location(), &cookie).await;
    assert!(says(&page, "page.profile.time_zone_saved"), "{}", page.body);
    let list = page.body.split("<select").nth(1).unwrap().split("</select>").next().unwrap();
    let chosen: Vec<_> = list.split("<option").filter(|option| option.contains(" selected")).collect();
    assert!(chosen.len() == 1 && chosen[0].contains("value=\"Asia/Kathmandu\""), "{chosen:?}");

    for path in ["/account/activity", "/account/sessions"] {
        let page = app.get(path, &cookie).await;
        assert!(page.body.contains(" UTC+05:45</time>") && !page.body.contains(" UTC</time>"), "{}", page.body);
        let (_, datetime) = page.body.split_once("datetime=\"").unwrap();
        assert!(datetime.split('"').next().unwrap().ends_with('Z'), "programs read UTC");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_zone_is_refused_beside_the_list() {
    let app = TestApp::start().await;
    let (cookie, _) = signed_in(&app).await;
    for zone in ["Europe", "Factory", "%2B02%3A00", "%00"] {
        let refused = Request::post("/rpc/change_time_zone")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .header("referer", "http://localhost:3000/account")
            .header("cookie", &cookie);
        let refused = app.send(refused.body(format!("time_zone={zone}").into()).unwrap()).await;
        assert!(refused.location().starts_with("/account?__path="), "{zone}: {}", refused.location());
        let page = app.get(refused.location(), &cookie).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{zone}");
        assert!(says_beside(&page, "time_zone", "unknown"), "{zone}: {}", page.body);
    }
}
