//! What pages say after ways to providers: the way last used on this device, and the last way in, which stays.

use crate::federation_bad_answers::World;
use crate::support::Answer;
use crate::support::browser::Browser;
use crate::support::provider::{Behaviour, query_of};
use auth::Locale;
use auth::text::text;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde_json::json;

const CONNECTIONS: &str = "/account/connections";
const LAST_WAY: &str = "__Host-last-way";

/// Goes from the sign-in page to a provider that says yes, and back.
async fn come(world: &World, browser: &mut Browser<'_>, name: &str) -> Answer {
    let provider = if name == "acme" { &world.acme } else { &world.other };
    let begun = browser.follow("/sign-in", &format!("/sign-in/with/{name}")).await;
    let back = provider.agree(&world.app, begun.location());
    browser.come_back(&back).await
}

/// Whether the link to a provider is marked as the way last used here.
fn is_marked(page: &Answer, name: &str) -> bool {
    let link = format!("href=\"/sign-in/with/{name}\"");
    let way = page.body.split(&link).nth(1).unwrap_or_else(|| panic!("no {link} in {}", page.body));
    way.split("</li>").next().unwrap_or_default().contains(&*text(Locale::En, "page.federation.last_used"))
}

/// The sign-in page, once nobody is signed in any more, and how many of its ways are marked.
async fn signed_out(browser: &mut Browser<'_>) -> (Answer, usize) {
    browser.post("/dashboard", "/rpc/sign_out", "").await;
    let page = browser.go("/sign-in", &[]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let marks = page.body.matches("badge last-used").count();
    (page, marks)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_provider_last_used_on_this_device_is_marked() {
    let world = World::start().await;
    let mut browser = world.browser();
    // Who was not let in used no way.
    world.acme.behave(Behaviour::Token(|| StatusCode::INTERNAL_SERVER_ERROR.into_response()));
    come(&world, &mut browser, "acme").await;
    world.acme.behave(Behaviour::Claims(|claims| claims["email_verified"] = json!(false)));
    assert_eq!(come(&world, &mut browser, "acme").await.location(), "/finish-sign-up");
    assert_eq!(browser.cookie(LAST_WAY), None);
    let page = browser.go("/sign-in", &[]).await;
    assert!(!is_marked(&page, "acme") && !is_marked(&page, "other"));

    world.acme.behave(Behaviour::Honest);
    let entered = come(&world, &mut browser, "acme").await;
    assert_eq!(entered.location(), "/dashboard");
    let line = entered.set_cookie(LAST_WAY).unwrap();
    for part in ["__Host-last-way=acme;", "HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=31536000"] {
        assert!(line.contains(part), "{part} in {line}");
    }
    let (page, marks) = signed_out(&mut browser).await;
    assert!(is_marked(&page, "acme") && !is_marked(&page, "other"), "{}", page.body);
    assert_eq!(marks, 1);

    // The address of an account, from another provider: nobody is let in, and the mark stays where it is.
    assert_eq!(come(&world, &mut browser, "other").await.location(), "/connect-account");
    assert_eq!(browser.cookie(LAST_WAY), Some("acme"));
    let eve = json!({"sub": "eve-1984", "name": "Eve", "email": "eve@example.com", "email_verified": true});
    world.other.set_person(eve);
    assert_eq!(come(&world, &mut browser, "other").await.location(), "/dashboard");
    let (page, marks) = signed_out(&mut browser).await;
    assert!(is_marked(&page, "other") && !is_marked(&page, "acme"), "{}", page.body);
    assert_eq!(marks, 1);
    // Another device knows nothing of it.
    let page = world.browser().go("/sign-in", &[]).await;
    assert!(!is_marked(&page, "acme") && !is_marked(&page, "other"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_way_goes_on_at_a_page_of_ours() {
    let world = World::start().await;
    let mut browser = world.browser();
    for (next, place) in [
        ("/account/sessions?tab=1", "/account/sessions?tab=1"),
        ("%2Faccount%2Fsessions", "/account/sessions"),
        ("https://evil.example", "/dashboard"),
        ("//evil.example", "/dashboard"),
        ("/%5Cevil.example", "/dashboard"),
        ("javascript:alert(1)", "/dashboard"),
        ("/account%0d%0aSet-Cookie:%20a=b", "/dashboard"),
        ("/sign-in/with/other", "/dashboard"),
        ("/account/connections/other/connect", CONNECTIONS),
    ] {
        let begun = browser.follow("/sign-in", &format!("/sign-in/with/acme?next={next}")).await;
        // The provider is not told, and leads back to the one address that it knows.
        let asked = query_of(begun.location());
        assert_eq!(asked["redirect_uri"], "http://localhost:3000/sign-in/with/acme/callback", "{next}");
        assert!(!asked.contains_key("next"), "{next}");
        let back = world.acme.agree(&world.app, begun.location());
        let answer = browser.come_back(&back).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, place), "{next}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_way_in_is_not_disconnected_whatever_form_is_sent() {
    let world = World::start().await;
    let mut browser = world.browser();
    assert_eq!(come(&world, &mut browser, "acme").await.location(), "/dashboard");
    let page = browser.go(CONNECTIONS, &[]).await;
    assert!(page.says("page.connections.last_way"), "{}", page.body);
    assert!(!page.body.contains("/rpc/disconnect_provider"), "no button does it: {}", page.body);

    let id = world.app.read("SELECT id AS text FROM connections WHERE provider = $1", "acme").await;
    let refused = browser.post(CONNECTIONS, "/rpc/disconnect_provider", &format!("connection={id}")).await;
    let told = browser.go(refused.location(), &[]).await;
    assert_eq!(told.status, StatusCode::CONFLICT, "{}", refused.location());
    assert!(told.says("error.last_way_in"), "{}", told.body);
    assert!(world.made().await.starts_with("1 1 "));

    // With another one it may go.
    let eve = json!({"sub": "eve-1984", "name": "Eve", "email": "eve@example.com", "email_verified": true});
    world.other.set_person(eve);
    let begun = browser.follow(CONNECTIONS, "/account/connections/other/connect").await;
    let back = world.other.agree(&world.app, begun.location());
    assert_eq!(browser.come_back(&back).await.location(), format!("{CONNECTIONS}?note=connected"));
    assert_eq!(browser.cookie(LAST_WAY), Some("acme"), "to connect is not to sign in");
    let page = browser.go(CONNECTIONS, &[]).await;
    for word in ["The acme company", "ada@example.com", "The other company", "eve@example.com"] {
        assert!(page.body.contains(word), "{word} in {}", page.body);
    }
    assert!(!page.says("page.connections.last_way") && page.body.contains("/rpc/disconnect_provider"));
    let done = browser.post(CONNECTIONS, "/rpc/disconnect_provider", &format!("connection={id}")).await;
    assert_eq!(done.location(), format!("{CONNECTIONS}?note=disconnected"), "{}", done.body);
    assert!(world.made().await.starts_with("1 1 "), "that of the other provider");
    assert_eq!(come(&world, &mut world.browser(), "other").await.location(), "/dashboard");
}
