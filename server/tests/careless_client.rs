//! Two attacks on the way back from a provider (RFC 9700, 4.4 and 4.7), each with its control: a client that looks neither at
//! who answers nor at which browser comes is taken in by the same answer.

use crate::federation_bad_answers::{INVALID, World};
use crate::support::browser::Browser;
use crate::support::provider::query_of;
use std::collections::HashMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A client that hands a code in where the way was begun, whoever says that it is theirs.
async fn redeem_carelessly(begun: &HashMap<String, String>, back: &str) {
    let answer = query_of(back);
    let host = begun[&answer["state"]].strip_prefix("http://").unwrap();
    let body = format!("grant_type=authorization_code&code={}", answer["code"]);
    let head = format!(
        "POST /token HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_compares_no_issuer_hands_a_code_to_another_provider() {
    let world = World::start().await;
    // Somebody chose the provider of the attacker, which leads them on to the one where they are signed in.
    let mut browser = world.browser();
    let begun = browser.follow("/sign-in", "/sign-in/with/other").await;
    let led_on = begun.location().replacen(&world.other.issuer, &world.acme.issuer, 1);
    let back = world.acme.agree(&world.app, &led_on);
    assert_eq!(browser.come_back(&back).await.location(), format!("/sign-in/with/other/refused?code={INVALID}"));
    assert_eq!((world.acme.redeemed(), world.other.redeemed()), (0, 0), "the code is shown to nobody");

    let begun = HashMap::from([(query_of(&back)["state"].clone(), world.other.issuer.clone())]);
    redeem_carelessly(&begun, &back).await;
    assert_eq!(world.other.redeemed(), 1, "the control: the attacker has the code");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_looks_at_no_browser_signs_somebody_in_as_a_stranger() {
    let world = World::start().await;
    let mut stranger = world.browser();
    let link = world.begin(&mut stranger).await;
    world.assert_refused(&world.browser().come_back(&link).await, "federation_expired", "login CSRF").await;
    world.assert_nothing_made("login CSRF").await;

    // The control: with the cookie that binds the way, which a careless client would not ask for.
    let binding = format!("__Host-federation={}", stranger.cookie("__Host-federation").unwrap());
    let mut victim = Browser::with(&world.app, &binding);
    assert_eq!(victim.come_back(&link).await.location(), "/dashboard");
    assert!(victim.go("/dashboard", &[]).await.body.contains("ada@example.com"), "somebody else's account");
}
