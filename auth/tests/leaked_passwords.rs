//! Stories of passwords that are known from leaks: the list of our own, and a range service.

use crate::support::password_reset::{NEW, ask, reset_to};
use crate::support::range_service::{Manner, RangeServer, answer};
use crate::support::{PASSWORD, World, code, context, email};
use auth::flow::{self, ResetProof};
use auth::form::PasswordChange;
use auth::{Field, FieldIssue};

const EMAIL: &str = "alice@example.com";
/// Random, and on the list.
const LISTED: &str = "7VxetcDk1NA1Jptp";
const SHA1_OF_PASSWORD: &str = "ABF7AAD6438836DBE526AA231ABDE2D0EEF74D42";
const SHA1_OF_NEW: &str = "014A08083BAD74413EFDD32D024F9AFEFFF2E761";

async fn knowing(passwords: &[(&'static str, u32)]) -> RangeServer {
    RangeServer::start(Manner::Knowing(passwords.to_vec())).await
}

fn change(new: &str) -> PasswordChange {
    PasswordChange { current: PASSWORD.into(), new: new.into(), end_other_sessions: true }
}

/// What is wrong with which field.
fn issues<T>(result: auth::Result<T>) -> Vec<(Field, FieldIssue)> {
    result.err().unwrap().refusal().fields
}

on_both_databases! {
    async fn a_password_known_from_a_leak_is_refused_everywhere(world: World) {
        let service = knowing(&[(SHA1_OF_NEW, 7)]).await;
        let world = world.asking(&service.url).await;
        assert_eq!(issues(world.sign_up_with(EMAIL, NEW).await), [(Field::Password, FieldIssue::PasswordLeaked)]);
        assert!(world.inbox().await.is_empty());

        world.create_account(EMAIL).await;
        let caller = world.caller(&world.sign_in(EMAIL).await);
        let changed = flow::change_password(&world.auth, &caller, change(NEW), &context()).await;
        assert_eq!(issues(changed), [(Field::NewPassword, FieldIssue::PasswordLeaked)]);

        ask(&world, EMAIL).await;
        let proof = ResetProof::Link(world.mailed_token(EMAIL).await);
        assert_eq!(issues(reset_to(&world, proof, NEW).await), [(Field::NewPassword, FieldIssue::PasswordLeaked)]);
        let proof = ResetProof::Link(world.mailed_token(EMAIL).await);
        reset_to(&world, proof, "trombone lamp and marmalade").await.unwrap();
    }

    async fn five_digits_leave_and_nothing_else(world: World) {
        let service = knowing(&[]).await;
        let world = world.asking(&service.url).await;
        world.sign_up(EMAIL).await.unwrap();
        let requests = service.requests();
        assert_eq!(requests.len(), 1);
        assert!(requests[0].starts_with("GET /range/ABF7A HTTP/1.1\r\n"), "{}", requests[0]);
        let said = requests[0].to_lowercase();
        assert!(said.contains("\r\nadd-padding: true\r\n") && said.contains("\r\nuser-agent: keywright\r\n"), "{said}");
        for secret in ["horse", "alice", &SHA1_OF_PASSWORD[5..].to_lowercase()] {
            assert!(!said.contains(secret), "{said}");
        }
    }

    async fn padding_is_no_leak(world: World) {
        let service = knowing(&[(SHA1_OF_PASSWORD, 0), (SHA1_OF_NEW, 7)]).await;
        let world = world.asking(&service.url).await;
        world.sign_up(EMAIL).await.unwrap();
        assert_eq!(service.requests().len(), 1);
    }

    async fn known_and_unknown_addresses_are_judged_alike(world: World) {
        let service = knowing(&[(SHA1_OF_NEW, 7)]).await;
        let world = world.asking(&service.url).await;
        world.create_account(EMAIL).await;
        ask(&world, EMAIL).await;
        for address in [EMAIL, "nobody@example.com"] {
            let before = service.requests().len();
            let proof = ResetProof::EmailCode(email(address), code("000000"));
            let leaked = reset_to(&world, proof, NEW).await;
            assert_eq!(issues(leaked), [(Field::NewPassword, FieldIssue::PasswordLeaked)]);
            let leaked = world.sign_up_with(address, NEW).await;
            assert_eq!(issues(leaked), [(Field::Password, FieldIssue::PasswordLeaked)]);
            assert_eq!(service.requests().len(), before + 2, "{address}");
        }
    }

    async fn a_listed_password_is_refused_and_nobody_is_asked(world: World) {
        let service = knowing(&[]).await;
        let world = world.asking(&service.url).await;
        world.create_account(EMAIL).await;
        let caller = world.caller(&world.sign_in(EMAIL).await);
        let before = service.requests().len();
        let signed_up = world.sign_up_with("bob@example.com", LISTED).await;
        assert_eq!(issues(signed_up), [(Field::Password, FieldIssue::PasswordCommon)]);
        let changed = flow::change_password(&world.auth, &caller, change(LISTED), &context()).await;
        assert_eq!(issues(changed), [(Field::NewPassword, FieldIssue::PasswordCommon)]);
        assert_eq!(service.requests().len(), before);
    }

    async fn a_service_that_fails_keeps_nobody_out(world: World) {
        let known = format!("{}:7\r\n", &SHA1_OF_PASSWORD[5..]);
        let mut world = world;
        for (number, manner) in [
            Manner::Saying(answer("500 Internal Server Error", "", &known)),
            Manner::Saying(answer("404 Not Found", "", &known)),
            Manner::Saying(answer("200 OK", "content-type: text/html\r\n", "<html>Welcome</html>")),
            Manner::Saying(answer("200 OK", "", &format!("{known}and so on"))),
            Manner::Saying(answer("200 OK", "", &known.repeat(80_000))),
            Manner::Saying("no HTTP at all".into()),
            Manner::Saying(String::new()),
            Manner::Silent,
        ]
        .into_iter()
        .enumerate()
        {
            let service = RangeServer::start(manner).await;
            world = world.asking(&service.url).await;
            for person in ["one", "two"] {
                world.sign_up(&format!("{person}{number}@example.com")).await.unwrap();
            }
            assert_eq!(service.requests().len(), 1, "{number}: after a failure it is left alone");
        }
    }

    async fn after_half_a_minute_it_is_asked_again(world: World) {
        let service = RangeServer::start(Manner::Saying(answer("503 Service Unavailable", "", ""))).await;
        let world = world.asking(&service.url).await;
        for (number, (seconds, requests)) in [(0, 1), (29, 1), (1, 2), (29, 2), (1, 3)].into_iter().enumerate() {
            world.clock.advance_seconds(seconds);
            world.sign_up(&format!("person{number}@example.com")).await.unwrap();
            assert_eq!(service.requests().len(), requests, "{number}");
        }
    }

    async fn a_service_that_is_down_keeps_nobody_out(world: World) {
        let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let world = world.asking(&format!("http://{free}/range")).await;
        world.create_account(EMAIL).await;
        world.sign_in(EMAIL).await;
    }

    async fn it_is_not_followed_to_another_place(world: World) {
        let other = knowing(&[(SHA1_OF_PASSWORD, 7)]).await;
        let location = format!("location: {}/ABF7A\r\n", other.url);
        let service = RangeServer::start(Manner::Saying(answer("302 Found", &location, ""))).await;
        let world = world.asking(&service.url).await;
        world.sign_up(EMAIL).await.unwrap();
        assert_eq!((service.requests().len(), other.requests().len()), (1, 0));
    }
}
