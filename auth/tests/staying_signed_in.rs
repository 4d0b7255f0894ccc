//! Stories of staying signed in, and of not staying signed in.

use crate::support::{START, World, context, refusal};
use auth::flow;
use auth::store::Elsewhere;
use auth::{Auth, ErrorCode};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{AnyConnection, Connection, Row};
use std::collections::HashSet;
use std::future::Future as _;
use std::task::Poll;
use std::time::Duration;
use tokio::time::timeout;

const EMAIL: &str = "alice@example.com";

async fn signed_in(world: &World) -> SecretString {
    world.create_account(EMAIL).await;
    world.sign_in(EMAIL).await.refresh_token
}

async fn refresh_in_parallel(auth: &Auth, token: &SecretString, times: usize) -> HashSet<String> {
    let requests: Vec<_> = (0..times)
        .map(|_| {
            let (auth, token) = (auth.clone(), token.clone());
            tokio::spawn(async move { flow::refresh(&auth, &token, &context()).await.unwrap().refresh_token })
        })
        .collect();
    let mut successors = HashSet::new();
    for request in requests {
        successors.insert(request.await.unwrap().expose_secret().to_owned());
    }
    successors
}

/// The digests of all refresh tokens.
async fn digests(world: &World) -> Vec<String> {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let rows =
        sqlx::query("SELECT digest FROM refresh_tokens ORDER BY digest").fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| row.get("digest")).collect()
}

on_both_databases! {
    async fn a_wrong_password_and_an_unknown_address_are_told_apart_by_nobody(world: World) {
        world.create_account(EMAIL).await;
        let wrong = world.try_sign_in(EMAIL, "not the right password").await.err().unwrap();
        let unknown = world.try_sign_in("nobody@example.com", crate::support::PASSWORD).await.err().unwrap();
        assert_eq!(wrong.refusal(), unknown.refusal());
        assert_eq!(wrong.refusal().code, ErrorCode::InvalidCredentials);
    }

    async fn twenty_parallel_refreshes_end_with_one_cookie(world: World) {
        let token = signed_in(&world).await;
        let successors = refresh_in_parallel(&world.auth, &token, 20).await;
        assert_eq!(successors.len(), 1);
        let newest = SecretString::from(successors.into_iter().next().unwrap());
        assert!(flow::refresh(&world.auth, &newest, &context()).await.is_ok());
    }

    async fn a_lost_answer_signs_nobody_out(world: World) {
        let token = signed_in(&world).await;
        let lost = flow::refresh(&world.auth, &token, &context()).await.unwrap().refresh_token;
        world.clock.advance_seconds(29);
        let node = world.another_node().await;
        let again = flow::refresh(&node, &token, &context()).await.unwrap().refresh_token;
        assert_eq!(lost.expose_secret(), again.expose_secret(), "also on another node");
    }

    async fn a_slow_tab_is_led_to_the_newest_cookie(world: World) {
        let first = signed_in(&world).await;
        let second = flow::refresh(&world.auth, &first, &context()).await.unwrap().refresh_token;
        let third = flow::refresh(&world.auth, &second, &context()).await.unwrap().refresh_token;
        let slow = flow::refresh(&world.auth, &first, &context()).await.unwrap().refresh_token;
        assert_eq!(slow.expose_secret(), third.expose_secret());
    }

    async fn a_token_used_twice_too_late_ends_the_family(world: World) {
        let stolen = signed_in(&world).await;
        let honest = flow::refresh(&world.auth, &stolen, &context()).await.unwrap();
        world.clock.advance_seconds(30);
        assert_eq!(refusal(flow::refresh(&world.auth, &stolen, &context()).await), ErrorCode::SignedOut);
        let newest = flow::refresh(&world.auth, &honest.refresh_token, &context()).await;
        assert_eq!(refusal(newest), ErrorCode::SignedOut, "the whole family is over");
        let access = SecretString::from(honest.access.access_token);
        assert_eq!(refusal(world.auth.caller_of_access_token(&access)), ErrorCode::InvalidToken);
        assert_eq!(world.inbox_of(EMAIL).await[0].kind, "session_reused");
    }

    async fn signing_out_ends_the_family_on_every_node(world: World) {
        world.create_account(EMAIL).await;
        let session = world.sign_in(EMAIL).await;
        let other = world.sign_in(EMAIL).await;
        let node = world.another_node().await;
        let access = SecretString::from(session.access.access_token);
        assert!(node.caller_of_access_token(&access).is_ok());

        flow::sign_out(&world.auth, &session.refresh_token, &context()).await.unwrap();
        assert_eq!(refusal(world.auth.caller_of_access_token(&access)), ErrorCode::InvalidToken);
        node.learn_revocations(crate::support::START.minus_seconds(60)).await.unwrap();
        assert_eq!(refusal(node.caller_of_access_token(&access)), ErrorCode::InvalidToken);
        assert_eq!(refusal(flow::refresh(&node, &session.refresh_token, &context()).await), ErrorCode::SignedOut);
        flow::sign_out(&world.auth, &session.refresh_token, &context()).await.unwrap();
        assert!(flow::refresh(&node, &other.refresh_token, &context()).await.is_ok(), "other devices stay");
    }

    async fn a_navigation_rotates_only_an_old_token(world: World) {
        let token = signed_in(&world).await;
        let resumed = flow::resume(&world.auth, &token, &context()).await.unwrap().unwrap();
        assert!(resumed.refresh_token.is_none());
        world.clock.advance_seconds(301);
        let resumed = flow::resume(&world.auth, &token, &context()).await.unwrap().unwrap();
        let next = resumed.refresh_token.unwrap();
        let late = flow::resume(&world.auth, &token, &context()).await.unwrap().unwrap();
        assert_eq!(late.refresh_token.unwrap().expose_secret(), next.expose_secret());
        assert_eq!(world.auth.me(&resumed.caller).await.unwrap().email.as_str(), EMAIL);
        assert!(flow::resume(&world.auth, &"invented".into(), &context()).await.unwrap().is_none());
    }

    async fn an_access_token_ends_by_itself_and_a_refresh_gives_the_next(world: World) {
        world.create_account(EMAIL).await;
        let session = world.sign_in(EMAIL).await;
        let access = SecretString::from(session.access.access_token);
        assert!(world.auth.caller_of_access_token(&access).is_ok());
        world.clock.advance_seconds(300);
        assert_eq!(refusal(world.auth.caller_of_access_token(&access)), ErrorCode::InvalidToken);
        let next = flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
        assert!(world.auth.caller_of_access_token(&SecretString::from(next.access.access_token)).is_ok());
    }

    async fn a_forged_access_token_is_refused(world: World) {
        world.create_account(EMAIL).await;
        let token = world.sign_in(EMAIL).await.access.access_token;
        let parts: Vec<&str> = token.split('.').collect();
        let long = "a".repeat(9000);
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", parts[1]);
        let changed = format!("{}.{}x.{}", parts[0], parts[1], parts[2]);
        let cut = format!("{}.{}", parts[0], parts[1]);
        for forged in ["", "x", "..", &unsigned, &changed, &cut, &long] {
            let refused = world.auth.caller_of_access_token(&SecretString::from(forged));
            assert_eq!(refusal(refused), ErrorCode::InvalidToken, "{forged:.40}");
        }
    }

    async fn sessions_end_when_idle_and_at_their_end(world: World) {
        const DAY: i64 = 24 * 60 * 60;
        let mut token = signed_in(&world).await;
        for _ in 0..4 {
            world.clock.advance_seconds(20 * DAY);
            token = flow::refresh(&world.auth, &token, &context()).await.unwrap().refresh_token;
        }
        world.clock.advance_seconds(10 * DAY);
        assert_eq!(refusal(flow::refresh(&world.auth, &token, &context()).await), ErrorCode::SignedOut, "90 days");

        let idle = world.sign_in(EMAIL).await.refresh_token;
        world.clock.advance_seconds(30 * DAY);
        assert_eq!(refusal(flow::refresh(&world.auth, &idle, &context()).await), ErrorCode::SignedOut, "30 days idle");
    }

    async fn requests_that_are_cut_off_lose_nobody_elses_writes(world: World) {
        world.create_account("alice@example.com").await;
        let other_node = world.another_node().await;
        for round in 0..60 {
            // Cut off before, while and after BEGIN is on its way.
            let mut begin = Box::pin(world.auth.store().begin());
            for _ in 0..round % 12 {
                let is_begun = std::future::poll_fn(|it| Poll::Ready(begin.as_mut().poll(it).is_ready())).await;
                if is_begun {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_micros(40));
            }
            drop(begin);
            let mut token = world.sign_in("alice@example.com").await.refresh_token;
            for _ in 0..2 {
                token = flow::refresh(&world.auth, &token, &context()).await.unwrap().refresh_token;
            }
            assert!(flow::refresh(&other_node, &token, &context()).await.is_ok(), "what was acknowledged is committed");
        }
    }

    async fn whoever_went_away_while_waiting_for_the_database_keeps_the_token(world: World) {
        world.create_account(EMAIL).await;
        world.sign_in(EMAIL).await;
        world.sign_in(EMAIL).await;
        let tokens = digests(&world).await;
        let store = world.auth.store().clone();
        // As many as the node has connections to write on.
        let connections = if world.database.url.starts_with("sqlite:") { 1 } else { 16 };
        let mut held = Vec::new();
        for _ in 0..connections {
            held.push(store.begin().await.unwrap());
        }
        let gone = store.rotate(&tokens[0], "of nobody", Elsewhere::default(), START);
        assert!(timeout(Duration::from_millis(300), gone).await.is_err(), "it waits, and is cut off");
        let (other, token) = (store.clone(), tokens[1].clone());
        let patient = async move { other.rotate(&token, "of the patient", Elsewhere::default(), START).await };
        let patient = tokio::spawn(patient);
        drop(held);
        assert!(patient.await.unwrap().unwrap(), "the control: who waits on is served");
        let there = digests(&world).await;
        assert!(there.contains(&"of the patient".to_owned()) && there.len() == tokens.len() + 1, "{there:?}");
        assert!(store.rotate(&tokens[0], "of who asks again", Elsewhere::default(), START).await.unwrap());
    }
}
