//! Bad ways back from a provider: of nobody, of others, too late, twice, with a no. Each ends in one clear page and
//! leaves everything as it was.

use crate::federation_bad_answers::{INVALID, UNAVAILABLE, World};
use crate::support::PASSWORD;
use crate::support::browser::Browser;
use axum::http::StatusCode;

const CALLBACK: &str = "/sign-in/with/acme/callback";
const CONNECT: &str = "/account/connections/acme/connect";
const CONNECTIONS: &str = "/account/connections";
const EXPIRED: &str = "federation_expired";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_way_back_that_nobody_began_here_leads_nowhere() {
    let world = World::start().await;
    let mut browser = world.browser();
    let back = world.begin(&mut browser).await;
    let (path, query) = back.split_once('?').unwrap();
    assert_eq!(path, CALLBACK);
    let state = query.split('&').find(|pair| pair.starts_with("state=")).unwrap();
    let without_state = query.replace(&format!("&{state}"), "");
    let long = "a".repeat(30_000);
    for bad in [
        String::new(),
        "state=".to_owned(),
        "code=granted-by-the-test-1".to_owned(),
        without_state.clone(),
        format!("{without_state}&state="),
        format!("{without_state}&state=invented"),
        format!("{without_state}&state={}", "A".repeat(43)),
        format!("{without_state}&state=%00"),
        format!("{without_state}&state=%ff%fe"),
        format!("{without_state}&state={long}"),
        format!("{without_state}&{state}x"),
        format!("{without_state}&STATE{}", &state["state".len()..]),
        // Which of two counts would be anybody's guess.
        format!("{query}&{state}"),
        format!("{query}&state=invented"),
        format!("state=invented&{query}"),
        format!("{query}&code=another"),
        format!("{query}&iss=https://evil.example"),
        format!("{query}&error=a&error=b"),
        format!("{query}&code={long}"),
        format!("{query}&x={long}"),
        "&=&&%&=".to_owned(),
    ] {
        let answer = browser.come_back(&format!("{CALLBACK}?{bad}")).await;
        world.assert_refused(&answer, EXPIRED, &format!("{bad:.80}")).await;
    }
    // Of another provider, whose address it is not.
    let elsewhere = browser.come_back(&format!("/sign-in/with/other/callback?{query}")).await;
    assert_eq!(elsewhere.location(), "/sign-in/with/other/refused?code=federation_expired");
    // In another browser, which began nothing, or something else.
    let mut victim = world.browser();
    world.assert_refused(&victim.come_back(&back).await, EXPIRED, "another browser").await;
    world.begin(&mut victim).await;
    world.assert_refused(&victim.come_back(&back).await, EXPIRED, "another browser, which began as well").await;
    world.assert_nothing_made("before anything is finished").await;
    assert_eq!((world.acme.redeemed(), world.other.redeemed()), (0, 0), "no provider was asked");

    // None of that used it up; this does.
    assert_eq!(browser.come_back(&back).await.location(), "/dashboard");
    world.assert_refused(&browser.come_back(&back).await, EXPIRED, "used").await;
    assert_eq!((world.acme.redeemed(), &*world.made().await), (1, "1 1 0 0 1"), "a code is tried once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_way_ends_after_ten_minutes() {
    let world = World::start().await;
    let mut browser = world.browser();
    let back = world.begin(&mut browser).await;
    let life = "SELECT CAST(expires_at - created_at AS TEXT) AS text FROM federation_flows WHERE $1 = ''";
    assert_eq!(world.app.read(life, "").await, "600000");
    world.app.execute("UPDATE federation_flows SET expires_at = 1").await;
    world.assert_refused(&browser.come_back(&back).await, EXPIRED, "too late").await;
    world.assert_nothing_made("too late").await;
    assert_eq!(world.acme.redeemed(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_of_another_issuer_is_a_mix_up() {
    let world = World::start().await;
    for (what, iss) in [("another", Some("https://evil.example")), ("none, although it is announced", None)] {
        let mut browser = world.browser();
        let back = world.begin(&mut browser).await;
        let before_iss = back.split("&iss=").next().unwrap();
        let back = iss.map_or_else(|| before_iss.to_owned(), |iss| format!("{before_iss}&iss={iss}"));
        world.assert_refused(&browser.come_back(&back).await, INVALID, what).await;
        world.assert_nothing_made(what).await;
    }
    assert_eq!(world.acme.redeemed(), 0, "the code is shown to nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_words_of_a_provider_are_shown_to_nobody() {
    let world = World::start().await;
    for (error, code) in [
        ("access_denied", "provider_refused"),
        ("%3Cscript%3Ealert(1)%3C%2Fscript%3E", "provider_refused"),
        ("%0d%0aSet-Cookie:%20a=b", "provider_refused"),
        ("temporarily_unavailable", UNAVAILABLE),
    ] {
        let mut browser = world.browser();
        let back = world.begin(&mut browser).await;
        let state = back.split('&').find(|pair| pair.starts_with("state=")).unwrap();
        let iss = back.split('&').find(|pair| pair.starts_with("iss=")).unwrap();
        let words = "error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E&error_uri=https://evil.example";
        let path = format!("{CALLBACK}?error={error}&{words}&{state}&{iss}");
        let answer = browser.come_back(&path).await;
        world.assert_refused(&answer, code, error).await;
        let page = browser.go(answer.location(), &[]).await;
        for word in ["alert(1)", "evil.example", "access_denied"] {
            assert!(!page.body.contains(word), "{word} in {}", page.body);
        }
        world.assert_refused(&browser.come_back(&back).await, EXPIRED, "said no, and then yes").await;
        world.assert_nothing_made(error).await;
    }
    // Whatever is written behind the page's address is not shown either.
    let page = world.app.get("/sign-in/with/acme/refused?code=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "").await;
    assert!(page.says("page.federation.refused_other") && !page.body.contains("alert(1)"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strangers_way_back_neither_signs_in_nor_connects() {
    let world = World::start().await;
    world.app.create_account("victim@example.com").await;
    let (cookie, _) = world.app.sign_in("victim@example.com").await;
    let mut victim = Browser::with(&world.app, &cookie);
    // The attacker says yes for themselves, and sends the link.
    let mut attacker = world.browser();
    let link = world.begin(&mut attacker).await;
    world.assert_refused(&victim.come_back(&link).await, EXPIRED, "login CSRF").await;
    // Also while the victim is about to connect an account of their own.
    let begun = victim.follow(CONNECTIONS, CONNECT).await;
    assert!(begun.location().starts_with(&world.acme.issuer), "{}", begun.location());
    world.assert_refused(&victim.come_back(&link).await, EXPIRED, "a forged connection").await;
    assert_eq!(world.made().await.split(' ').nth(1), Some("0"), "nothing is connected");
    assert!(victim.go("/dashboard", &[]).await.body.contains("victim@example.com"), "the session is that of before");
    // The attacker cannot begin a connection for them.
    for headers in [&[("sec-fetch-site", "cross-site")][..], &[]] {
        assert_eq!(victim.go(CONNECT, headers).await.location(), CONNECTIONS);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_ends_in_the_session_that_began_it_or_not_at_all() {
    let world = World::start().await;
    for email in ["alice@example.com", "bob@example.com"] {
        world.app.create_account(email).await;
    }
    let (alice, _) = world.app.sign_in("alice@example.com").await;
    let mut browser = Browser::with(&world.app, &alice);
    let begun = browser.follow(CONNECTIONS, CONNECT).await;
    let back = world.acme.agree(&world.app, begun.location());
    let body = format!("email=bob%40example.com&password={}", PASSWORD.replace(' ', "+"));
    assert_eq!(browser.post("/sign-in", "/rpc/sign_in", &body).await.location(), "/dashboard");
    let answer = browser.come_back(&back).await;
    assert_eq!(answer.location(), format!("{CONNECTIONS}?refused={EXPIRED}"));
    // Signed out it is nobody's.
    let (alice, _) = world.app.sign_in("alice@example.com").await;
    let mut browser = Browser::with(&world.app, &alice);
    let begun = browser.follow(CONNECTIONS, CONNECT).await;
    let back = world.acme.agree(&world.app, begun.location());
    browser.post("/dashboard", "/rpc/sign_out", "").await;
    let answer = browser.come_back(&back).await;
    assert_eq!(answer.location(), "/sign-in?next=/account/connections");
    assert_eq!(world.made().await.split(' ').nth(1), Some("0"), "nothing is connected");
    assert_eq!(world.acme.redeemed(), 0, "and nobody was asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_no_to_a_connection_is_said_on_its_page() {
    let world = World::start().await;
    world.app.create_account("alice@example.com").await;
    let (cookie, _) = world.app.sign_in("alice@example.com").await;
    let mut browser = Browser::with(&world.app, &cookie);
    let begun = browser.follow(CONNECTIONS, CONNECT).await;
    let back = world.acme.agree(&world.app, begun.location()).replace("code=", "error=access_denied&x=");
    let answer = browser.come_back(&back).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/account/connections?refused=provider_refused")
    );
    let page = browser.go(answer.location(), &[]).await;
    assert!(page.status == StatusCode::OK && page.says("error.provider_refused"), "{}", page.body);
    assert!(!page.body.contains("access_denied"));
}
