//! Bad ways back while somebody connects an account: each is said on one clear page, nothing is connected, and whoever
//! was signed in still is. And codes that belong to another way, and what a native app hears.

use crate::federation_bad_answers::{INVALID, UNAVAILABLE, World, json_of};
use crate::support::Answer;
use crate::support::browser::Browser;
use crate::support::provider::{Behaviour, Signature};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect};
use serde_json::json;

const ALICE: &str = "alice@example.com";
const CONNECT: &str = "/account/connections/acme/connect";
const CONNECTIONS: &str = "/account/connections";
const EXPIRED: &str = "federation_expired";

/// Makes an account and signs in to it.
async fn signed_in<'a>(world: &'a World, email: &str) -> Browser<'a> {
    world.app.create_account(email).await;
    let (cookie, _) = world.app.sign_in(email).await;
    Browser::with(&world.app, &cookie)
}

/// Begins to connect; gives the path by which the provider, which says yes, leads back.
async fn begin(world: &World, browser: &mut Browser<'_>) -> String {
    let begun = browser.follow(CONNECTIONS, CONNECT).await;
    assert!(begun.location().starts_with(&world.acme.issuer), "{}", begun.location());
    world.acme.agree(&world.app, begun.location())
}

fn assert_sets_nothing(answer: &Answer, what: &str) {
    for cookie in ["__Host-refresh", "__Host-second-factor", "__Host-pending-connection", "__Host-last-way"] {
        assert!(answer.set_cookie(cookie).is_none(), "{what}: {cookie}");
    }
}

/// Led back to the connections, which say why there is none.
async fn assert_not_connected(browser: &mut Browser<'_>, answer: &Answer, code: &str, what: &str) {
    let place = format!("{CONNECTIONS}?refused={code}");
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, &*place), "{what}");
    assert_sets_nothing(answer, what);
    let page = browser.go(answer.location(), &[]).await;
    assert_eq!(page.status, StatusCode::OK, "{what}: {}", page.body);
    assert!(page.says(&format!("error.{code}")), "{what}: {}", page.body);
    assert!(page.says("page.connections.empty"), "{what}: {}", page.body);
}

/// Led to the page of ways that nobody began here, which knows that somebody is signed in.
async fn assert_nobodys_way(browser: &mut Browser<'_>, answer: &Answer, what: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{what}");
    assert!(answer.location().ends_with(&format!("/refused?code={EXPIRED}")), "{what}: {}", answer.location());
    assert_sets_nothing(answer, what);
    let page = browser.go(answer.location(), &[]).await;
    assert_eq!(page.status, StatusCode::OK, "{what}: {}", page.body);
    assert!(page.says(&format!("error.{EXPIRED}")), "{what}: {}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_answer_of_a_provider_connects_nothing() {
    let world = World::start().await;
    let mut browser = signed_in(&world, ALICE).await;
    let before = world.made().await;
    let answers: [(&str, Behaviour, &str); 17] = [
        ("500", Behaviour::Token(|| StatusCode::INTERNAL_SERVER_ERROR.into_response()), UNAVAILABLE),
        ("HTML", Behaviour::Token(|| Html("<h1>Sign in to the Wi-Fi</h1>").into_response()), INVALID),
        ("a round way", Behaviour::Token(|| Redirect::temporary("/token").into_response()), INVALID),
        ("no ID token", Behaviour::Token(|| json_of(&json!({"access_token": "a", "token_type": "Bearer"}))), INVALID),
        ("another client", Behaviour::Claims(|claims| claims["aud"] = json!("somebody-else")), INVALID),
        ("another nonce", Behaviour::Claims(|claims| claims["nonce"] = json!("somebody-elses")), INVALID),
        ("another issuer", Behaviour::Claims(|claims| claims["iss"] = json!("https://evil.example")), INVALID),
        ("expired", Behaviour::Claims(|claims| claims["exp"] = json!(1_000_000_000)), INVALID),
        ("from the future", Behaviour::Claims(|claims| claims["iat"] = claims["exp"].clone()), INVALID),
        ("no subject", Behaviour::Claims(|claims| claims["sub"] = json!(null)), INVALID),
        ("a subject in a list", Behaviour::Claims(|claims| claims["sub"] = json!(["ada-1815"])), INVALID),
        ("alg none", Behaviour::Signed(Signature::None), INVALID),
        ("HS256 with our secret", Behaviour::Signed(Signature::Secret), INVALID),
        ("HS256 with the public key", Behaviour::Signed(Signature::Public), INVALID),
        ("a wrong signature", Behaviour::Signed(Signature::Broken), INVALID),
        ("another person", Behaviour::Userinfo(|claims| claims["sub"] = json!("eve-1984")), INVALID),
        ("a person in HTML", Behaviour::Person(|| Html("<p>ada</p>").into_response()), INVALID),
    ];
    for (what, behaviour, code) in answers {
        let back = begin(&world, &mut browser).await;
        world.acme.behave(behaviour);
        let answer = browser.come_back(&back).await;
        assert_not_connected(&mut browser, &answer, code, what).await;
        // What was refused cannot be tried once more, by a provider that thought better of it.
        world.acme.behave(Behaviour::Honest);
        let again = browser.come_back(&back).await;
        assert_nobodys_way(&mut browser, &again, what).await;
        assert_eq!(world.made().await, before, "{what}");
    }
    // With nothing wrong it is connected.
    let back = begin(&world, &mut browser).await;
    assert_eq!(browser.come_back(&back).await.location(), format!("{CONNECTIONS}?note=connected"));
    assert!(world.made().await.starts_with("1 1 "));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_of_another_issuer_connects_nothing() {
    let world = World::start().await;
    let mut browser = signed_in(&world, ALICE).await;
    for (what, iss) in [("another", "&iss=https://evil.example"), ("none, although it is announced", "")] {
        let back = begin(&world, &mut browser).await;
        let mixed_up = format!("{}{iss}", back.split("&iss=").next().unwrap());
        let answer = browser.come_back(&mixed_up).await;
        assert_not_connected(&mut browser, &answer, INVALID, what).await;
    }
    assert_eq!(world.acme.redeemed(), 0, "the code is shown to nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_way_to_a_connection_is_of_its_own_browser_and_provider_and_used_once() {
    let world = World::start().await;
    let mut alice = signed_in(&world, ALICE).await;
    let back = begin(&world, &mut alice).await;
    let state = back.split('&').find(|pair| pair.starts_with("state=")).unwrap();
    for (what, bad) in [
        ("no state", back.replace(&format!("&{state}"), "")),
        ("an invented one", back.replace(state, &format!("state={}", "A".repeat(43)))),
        ("a state twice", format!("{back}&{state}")),
        ("another provider", back.replace("/with/acme/", "/with/other/")),
    ] {
        let answer = alice.come_back(&bad).await;
        assert_nobodys_way(&mut alice, &answer, what).await;
    }
    // Her own session in another browser, which began nothing.
    let (cookie, _) = world.app.sign_in(ALICE).await;
    let mut elsewhere = Browser::with(&world.app, &cookie);
    let answer = elsewhere.come_back(&back).await;
    assert_nobodys_way(&mut elsewhere, &answer, "another browser").await;
    // Somebody else's, who is about to connect an account, too.
    let mut mallory = signed_in(&world, "mallory@example.com").await;
    let link = begin(&world, &mut mallory).await;
    let answer = alice.come_back(&link).await;
    assert_nobodys_way(&mut alice, &answer, "a stranger's link").await;
    let answer = mallory.come_back(&back).await;
    assert_nobodys_way(&mut mallory, &answer, "a stranger").await;
    assert_eq!(world.made().await.split(' ').nth(1), Some("0"), "nothing is connected");
    assert_eq!((world.acme.redeemed(), world.other.redeemed()), (0, 0), "and nobody was asked");

    // None of that used it up; this does.
    assert_eq!(alice.come_back(&back).await.location(), format!("{CONNECTIONS}?note=connected"));
    let answer = alice.come_back(&back).await;
    assert_nobodys_way(&mut alice, &answer, "used").await;
    let late = begin(&world, &mut alice).await;
    world.app.execute("UPDATE federation_flows SET expires_at = 1").await;
    let answer = alice.come_back(&late).await;
    assert_nobodys_way(&mut alice, &answer, "too late").await;
    assert_eq!(world.acme.redeemed(), 1, "a code is tried once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_signed_in_is_not_told_that_they_are_not() {
    let world = World::start().await;
    let mut alice = signed_in(&world, ALICE).await;
    let path = format!("/sign-in/with/acme/refused?code={EXPIRED}");
    let page = alice.go(&path, &[]).await;
    assert!(page.says("page.federation.refused_signed_in"), "{}", page.body);
    assert!(!page.says("page.federation.refused_title"), "{}", page.body);
    assert!(page.body.contains("href=\"/account/connections\""), "it leads on: {}", page.body);
    let page = world.browser().go(&path, &[]).await;
    assert!(page.says("page.federation.refused_title"), "{}", page.body);
    assert!(!page.says("page.federation.refused_signed_in"), "{}", page.body);
}

/// The way back of `back` with the code of `other`.
fn with_code_of(back: &str, other: &str) -> String {
    let code = |path: &str| path.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned();
    back.replace(&code(back), &code(other))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_of_another_way_opens_nothing() {
    let world = World::start().await;
    let (mut victim, mut attacker) = (world.browser(), world.browser());
    // Whoever got hold of the victim's code shows it with a state of their own: the proof of PKCE is another one.
    let stolen = world.begin(&mut victim).await;
    let own = world.begin(&mut attacker).await;
    let answer = attacker.come_back(&with_code_of(&own, &stolen)).await;
    world.assert_refused(&answer, "provider_refused", "a stolen code").await;
    world.assert_nothing_made("a stolen code").await;
    // The provider has burnt it.
    world.assert_refused(&victim.come_back(&stolen).await, "provider_refused", "a burnt code").await;
    world.assert_nothing_made("a burnt code").await;

    let first = world.begin(&mut victim).await;
    assert_eq!(victim.come_back(&first).await.location(), "/dashboard");
    let before = world.made().await;
    let second = world.begin(&mut attacker).await;
    let answer = attacker.come_back(&with_code_of(&second, &first)).await;
    world.assert_refused(&answer, "provider_refused", "a code twice").await;
    assert_eq!(world.made().await, before, "a code twice");

    // Nor is it connected with an account of the attacker's.
    let mut mallory = signed_in(&world, "mallory@example.com").await;
    let stolen = world.begin(&mut world.browser()).await;
    let own = begin(&world, &mut mallory).await;
    let answer = mallory.come_back(&with_code_of(&own, &stolen)).await;
    assert_not_connected(&mut mallory, &answer, "provider_refused", "a code to connect").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_native_app_hears_of_a_bad_answer_and_gets_no_code() {
    let world = World::start().await;
    let beginning = json!({
        "redirect_uri": "http://127.0.0.1:50123/callback",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
        "state": "of-the-app",
    });
    let answers: [(&str, Behaviour, &str); 6] = [
        ("500", Behaviour::Token(|| StatusCode::INTERNAL_SERVER_ERROR.into_response()), "temporarily_unavailable"),
        ("HTML", Behaviour::Token(|| Html("<h1>Sign in to the Wi-Fi</h1>").into_response()), "server_error"),
        ("another client", Behaviour::Claims(|claims| claims["aud"] = json!("somebody-else")), "server_error"),
        ("another nonce", Behaviour::Claims(|claims| claims["nonce"] = json!("somebody-elses")), "server_error"),
        ("no subject", Behaviour::Claims(|claims| claims["sub"] = json!(null)), "server_error"),
        ("alg none", Behaviour::Signed(Signature::None), "server_error"),
    ];
    for (what, behaviour, error) in answers {
        let started = world.app.json("/api/v1/providers/acme/start", &beginning).await;
        let url = started.value()["authorization_url"].as_str().unwrap_or_default().to_owned();
        let back = world.acme.agree(&world.app, &url);
        world.acme.behave(behaviour);
        let answer = world.browser().come_back(&back).await;
        let place = format!("http://127.0.0.1:50123/callback?error={error}&state=of-the-app&iss=");
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{what}: {}", answer.body);
        assert!(answer.location().starts_with(&place), "{what}: {}", answer.location());
        assert!(!answer.location().contains("code="), "{what}: {}", answer.location());
        assert_sets_nothing(&answer, what);
        world.assert_nothing_made(what).await;
    }
}
