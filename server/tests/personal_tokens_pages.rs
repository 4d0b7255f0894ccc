//! Personal access tokens as a page and plain forms: made, shown once, revoked.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::http::{Method, StatusCode};
use serde_json::json;

const EMAIL: &str = "alice@example.com";
const PAGE: &str = "/account/tokens";
const COOKIE: &str = "__Host-made-token";
/// What a browser sends for a name, one scope and 90 days.
const FORM: &str = "name=Nightly+report&scopes%5B%5D=profile%3Aread&expires_in_days=90";

async fn signed_in() -> (TestApp, String, String) {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, token) = app.sign_in(EMAIL).await;
    (app, cookie, token)
}

/// The page that the answer of a form leads to, with what the form left in cookies.
async fn follow(app: &TestApp, posted: &Answer, cookie: &str) -> Answer {
    assert_eq!(posted.status, StatusCode::SEE_OTHER, "{}", posted.body);
    let mut cookies = cookie.to_owned();
    for kept in ["__Host-typed", "__Host-chosen", COOKIE].iter().filter_map(|name| posted.cookie(name)) {
        cookies = format!("{cookies}; {kept}");
    }
    app.get(posted.location(), &cookies).await
}

/// The token that a page shows, if it shows one.
fn shown(page: &Answer) -> Option<String> {
    let (_, rest) = page.body.split_once("id=\"made-token\"")?;
    let (_, rest) = rest.split_once('>')?;
    Some(rest.split('<').next().unwrap().to_owned())
}

/// The first tag of a page with this attribute; empty when there is none.
fn tag<'a>(page: &'a Answer, attribute: &str) -> &'a str {
    let Some(at) = page.body.find(attribute) else { return "" };
    let start = page.body[..at].rfind('<').unwrap();
    page.body[start..].split('>').next().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_shown_once_by_the_page_that_follows_and_rests_nowhere_else() {
    let (app, cookie, _) = signed_in().await;
    let empty = app.get(PAGE, &cookie).await;
    assert!(
        empty.says("page.tokens.empty") && empty.body.contains("http://localhost:3000/api/v1/me"),
        "{}",
        empty.body
    );

    let posted = app.form_of(PAGE, "/rpc/create_token", FORM, &cookie).await;
    assert_eq!((posted.status, posted.location()), (StatusCode::SEE_OTHER, PAGE));
    let line = posted.set_cookie(COOKIE).unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=300"] {
        assert!(line.contains(attribute), "{attribute} in {line}");
    }
    assert!(!line.contains("kw_pat_") && !posted.body.contains("kw_pat_"), "sealed");

    let page = follow(&app, &posted, &cookie).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    let token = shown(&page).unwrap();
    assert!(page.says("page.tokens.made") && page.body.contains("Nightly report"), "{}", page.body);
    assert_eq!(page.body.matches(&token).count(), 1, "nothing of the script carries it");
    assert!(page.set_cookie(COOKIE).unwrap().contains("Max-Age=0"), "it goes with the answer");
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::OK);

    let again = app.get(PAGE, &cookie).await;
    assert_eq!((shown(&again), again.body.contains(&token)), (None, false));
    assert!(again.body.contains("Nightly report") && again.set_cookie(COOKIE).is_none(), "{}", again.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sealed_token_opens_in_its_own_session_only() {
    let (app, cookie, _) = signed_in().await;
    let (other, _) = app.sign_in(EMAIL).await;
    app.create_account("bob@example.com").await;
    let (stranger, _) = app.sign_in("bob@example.com").await;
    let posted = app.form_of(PAGE, "/rpc/create_token", FORM, &cookie).await;
    for foreign in [&other, &stranger] {
        let page = follow(&app, &posted, foreign).await;
        assert_eq!((page.status, shown(&page)), (StatusCode::OK, None));
    }
    for invented in ["x", "v1.a.b.c", "%00"] {
        let page = app.get(PAGE, &format!("{cookie}; {COOKIE}={invented}")).await;
        assert_eq!((page.status, shown(&page)), (StatusCode::OK, None), "{invented}");
    }
    assert!(shown(&follow(&app, &posted, &cookie).await).is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_proof_leads_to_the_password_and_goes_on_with_what_was_chosen() {
    let (app, cookie, session) = signed_in().await;
    app.forget_proofs().await;
    let asked = app.form_of(PAGE, "/rpc/create_token", FORM, &cookie).await;
    let ticket = asked.location().strip_prefix("/account/confirm?act=").unwrap().to_owned();
    assert!(asked.cookie(COOKIE).is_none());
    let question = app.get(asked.location(), &cookie).await;
    assert!(question.says("page.confirm.act_create_token"), "{}", question.body);
    let body = format!("act={ticket}&current_password={}", PASSWORD.replace(' ', "+"));
    let done = app.form_of(asked.location(), "/rpc/confirm_identity", &body, &cookie).await;
    assert_eq!(done.location(), PAGE);
    let token = shown(&follow(&app, &done, &cookie).await).unwrap();
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::OK);
    let list = app.bearer(Method::GET, "/api/v1/tokens", &session).await.value();
    assert_eq!(
        (&list["items"][0]["name"], &list["items"][0]["scopes"][0]),
        (&json!("Nightly report"), &json!("profile:read"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_form_comes_back_with_what_was_chosen_and_its_words() {
    let (app, cookie, session) = signed_in().await;
    for (body, issue, kept) in [
        ("name=&scopes%5B%5D=sessions%3Aread&expires_in_days=none", "issue.required", ("none", "selected")),
        ("name=Backup&expires_in_days=7", "issue.required", ("Backup", "<input")),
        ("name=Backup&scopes%5B%5D=all&expires_in_days=7", "issue.unknown", ("7", "selected")),
        ("name=Backup&scopes%5B%5D=sessions%3Aread&expires_in_days=1000", "issue.out_of_range", ("Backup", "<input")),
        ("name=a%2Fb&scopes%5B%5D=sessions%3Aread", "issue.invalid_character", ("a/b", "<input")),
    ] {
        let posted = app.form_of(PAGE, "/rpc/create_token", body, &cookie).await;
        assert!(!posted.location().contains("Backup"), "nothing typed in the address: {}", posted.location());
        let page = follow(&app, &posted, &cookie).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let (value, also) = kept;
        let is_kept = tag(&page, &format!("value=\"{value}\"")).contains(also);
        assert!(page.says(issue) && is_kept, "{body}: {}", page.body);
        let is_ticked = tag(&page, "value=\"sessions:read\"").contains("checked");
        assert_eq!(is_ticked, body.contains("sessions"), "{body}");
        assert!(shown(&page).is_none());
    }
    let list = app.bearer(Method::GET, "/api/v1/tokens", &session).await.value();
    assert_eq!(list["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_revoked_one_by_one_and_all_at_once() {
    let (app, cookie, session) = signed_in().await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        let posted = app.form_of(PAGE, "/rpc/create_token", FORM, &cookie).await;
        tokens.push(shown(&follow(&app, &posted, &cookie).await).unwrap());
    }
    let list = app.bearer(Method::GET, "/api/v1/tokens", &session).await.value();
    let body = format!("id={}", list["items"][0]["id"].as_str().unwrap());
    let posted = app.form_of(PAGE, "/rpc/revoke_token", &body, &cookie).await;
    assert_eq!(posted.location(), "/account/tokens?note=revoked");
    assert!(follow(&app, &posted, &cookie).await.says("page.tokens.revoked"));
    let posted = app.form_of(PAGE, "/rpc/revoke_token", "id=01890a5d-ac96-774b-bcce-b302099a8057", &cookie).await;
    let page = follow(&app, &posted, &cookie).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.says("page.tokens.not_found") && page.body.contains("Nightly report"), "{}", page.body);
    let posted = app.form_of(PAGE, "/rpc/revoke_all_tokens", "", &cookie).await;
    let page = follow(&app, &posted, &cookie).await;
    assert!(page.says("page.tokens.all_revoked") && page.says("page.tokens.empty"), "{}", page.body);
    for token in tokens {
        assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_marks_how_a_token_ends_and_shows_no_markup_of_its_name() {
    let (app, cookie, _) = signed_in().await;
    for (name, days) in [("%3Cb%3Ebold", "none"), ("Soon+over", "7"), ("Ended", "30")] {
        let body = format!("name={name}&scopes%5B%5D=activity%3Aread&expires_in_days={days}");
        let posted = app.form_of(PAGE, "/rpc/create_token", &body, &cookie).await;
        assert_eq!(posted.location(), PAGE);
    }
    app.execute("UPDATE personal_tokens SET expires_at = 1000 WHERE name = 'Ended'").await;
    app.execute("UPDATE personal_tokens SET expires_at = expires_at - 432000000 WHERE name = 'Soon over'").await;
    let page = app.get(PAGE, &cookie).await;
    for badge in ["badge-warn\">No end<", "badge-warn\">Ends soon<", "badge-danger\">Ended<"] {
        assert!(page.body.contains(badge), "{badge}: {}", page.body);
    }
    assert!(page.body.contains("&lt;b&gt;bold") && !page.body.contains("<b>bold"), "{}", page.body);
    for query in ["after=", "after=x", "after=%00"] {
        let page = app.get(&format!("{PAGE}?{query}"), &cookie).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(page.says("ui.no_such_list"), "{query}");
    }
}
