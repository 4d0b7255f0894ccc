//! Stories of what ends personal access tokens, and what does not.

use crate::support::password_reset::{NEW, ask, mailed, mails_of_kind, reset, reset_to};
use crate::support::personal_tokens::{DAY, EMAIL, call, every_token, make, signed_in, wanted, works};
use crate::support::{PASSWORD, World, context, email, refusal};
use auth::flow::{self, ResetProof};
use auth::form::{ConfirmedBy, PasswordChange};
use auth::id::TokenId;
use auth::session::Caller;
use auth::{Auth, ErrorCode, EventFilter, EventKind, Refusal, Scope};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// The token of the link in the newest mail of a kind.
async fn link(world: &World, kind: &str) -> SecretString {
    let mail = mails_of_kind(world, EMAIL, kind).await.remove(0);
    mail.link.unwrap().split_once("token=").unwrap().1.into()
}

/// How often something is in the caller's list.
async fn count(auth: &Auth, caller: &Caller, kind: EventKind) -> usize {
    let page = flow::list_activity(auth, caller, EventFilter::SignIn, None).await.unwrap();
    page.items.into_iter().filter(|item| item.kind == kind).count()
}

on_both_databases! {
    async fn a_token_is_revoked_once_and_by_nobody_else(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let bob = signed_in(&world, "bob@example.com").await;
        let made = make(&world.auth, &caller, "Backup").await.unwrap();
        let kept = make(&world.auth, &caller, "Report").await.unwrap();
        let unknown = TokenId("01890a5d-ac96-774b-bcce-b302099a8057".into());
        let secret = TokenId(made.secret.expose_secret().to_owned());
        for id in [made.item.id.clone(), unknown, secret, TokenId("\0".into()), TokenId("x".repeat(60_000))] {
            let refused = flow::revoke_token(&world.auth, &bob, &id, &context()).await.err().unwrap();
            assert_eq!(refused.refusal(), Refusal::from(ErrorCode::NotFound), "{:.40}", id.0);
        }
        assert!(works(&world.auth, &made.secret).await);

        let requests: Vec<_> = (0..20)
            .map(|_| {
                let (auth, caller, id) = (world.auth.clone(), caller.clone(), made.item.id.clone());
                tokio::spawn(async move { flow::revoke_token(&auth, &caller, &id, &context()).await.is_ok() })
            })
            .collect();
        for request in requests {
            assert!(request.await.unwrap(), "one that was revoked before is no failure");
        }
        assert_eq!(count(&world.auth, &caller, EventKind::TokenRevoked).await, 1);
        assert!(!works(&world.auth, &made.secret).await);
        assert!(works(&world.auth, &kept.secret).await);
        let left: Vec<_> = every_token(&world.auth, &caller).await.0.into_iter().map(|item| item.id).collect();
        assert_eq!(left, [kept.item.id]);
    }

    async fn all_are_revoked_at_once(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let bob = signed_in(&world, "bob@example.com").await;
        let others = make(&world.auth, &bob, "Of Bob").await.unwrap();
        let mut made = Vec::new();
        for name in ["One", "Two", "Three"] {
            made.push(make(&world.auth, &caller, name).await.unwrap());
        }
        let requests: Vec<_> = (0..10)
            .map(|_| {
                let (auth, caller) = (world.auth.clone(), caller.clone());
                tokio::spawn(async move { flow::revoke_all_tokens(&auth, &caller, &context()).await.unwrap() })
            })
            .collect();
        let mut revoked = 0;
        for request in requests {
            revoked += request.await.unwrap();
        }
        assert_eq!(revoked, 3);
        assert_eq!(count(&world.auth, &caller, EventKind::TokensRevoked).await, 1);
        for token in made {
            assert!(!works(&world.auth, &token.secret).await);
        }
        assert!(works(&world.auth, &others.secret).await);
    }

    async fn a_token_in_use_is_refused_on_every_node_from_its_revocation_on(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let made = make(&world.auth, &caller, "Busy").await.unwrap();
        let nodes = [world.auth.clone(), world.another_node().await];
        let programs: Vec<_> = (0..8)
            .map(|number| {
                let (auth, secret) = (nodes[number % 2].clone(), made.secret.clone());
                tokio::spawn(async move {
                    let mut uses = 0_u32;
                    while works(&auth, &secret).await {
                        uses += 1;
                        tokio::task::yield_now().await;
                    }
                    uses
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(100)).await;
        flow::revoke_token(&world.auth, &caller, &made.item.id, &context()).await.unwrap();
        for node in &nodes {
            assert!(!works(node, &made.secret).await);
        }
        let mut uses = 0;
        for program in programs {
            uses += program.await.unwrap();
        }
        assert!(uses > 0, "they were at it");
    }

    async fn the_notice_of_a_token_revokes_it_with_all_others(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let made = [make(&world.auth, &caller, "One").await.unwrap(), make(&world.auth, &caller, "Two").await.unwrap()];
        let notice = link(&world, "token_created").await;
        flow::secure_account_by_link(&world.auth, &notice, &context()).await.unwrap();
        for token in made {
            assert!(!works(&world.another_node().await, &token.secret).await);
        }
        let shown = flow::notice_status(&world.auth, &notice).await.unwrap().events;
        assert!(shown.iter().any(|event| event.kind == EventKind::TokenCreated));
    }

    async fn a_token_made_in_the_moment_an_account_is_secured_does_not_survive(world: World) {
        for round in 0..5 {
            let caller = signed_in(&world, &format!("alice{round}@example.com")).await;
            let page = flow::list_activity(&world.auth, &caller, EventFilter::SignIn, None).await.unwrap();
            let event = page.items[0].id.clone();
            let makers: Vec<_> = (0..6)
                .map(|_| {
                    let (auth, caller) = (world.auth.clone(), caller.clone());
                    tokio::spawn(async move { make(&auth, &caller, "Of a thief").await })
                })
                .collect();
            let (auth, owner) = (world.auth.clone(), caller.clone());
            let securing = tokio::spawn(async move {
                flow::secure_account_by_event(&auth, &owner, &event, &context()).await.map(|_| ())
            });
            securing.await.unwrap().unwrap();
            for maker in makers {
                match maker.await.unwrap() {
                    Ok(token) => assert!(!works(&world.auth, &token.secret).await, "round {round}"),
                    Err(error) => assert_eq!(error.refusal().code, ErrorCode::SignedOut),
                }
            }
        }
    }

    async fn a_reset_of_the_password_revokes_tokens_and_a_change_does_not(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let made = make(&world.auth, &caller, "Backup").await.unwrap();
        let change = PasswordChange { current: PASSWORD.into(), new: NEW.into(), end_other_sessions: true };
        flow::change_password(&world.auth, &caller, change, &context()).await.unwrap();
        flow::sign_out_caller(&world.auth, &caller, &context()).await.unwrap();
        assert!(works(&world.auth, &made.secret).await, "neither made it, so neither ends it");
        ask(&world, EMAIL).await;
        let (token, _) = mailed(&world, EMAIL).await;
        reset_to(&world, ResetProof::Link(token), PASSWORD).await.unwrap();
        assert!(!works(&world.auth, &made.secret).await);
    }

    async fn a_refused_reset_revokes_nothing(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let made = make(&world.auth, &caller, "Backup").await.unwrap();
        assert!(reset(&world, ResetProof::Link("invented".into())).await.is_err());
        assert!(works(&world.auth, &made.secret).await);
    }

    async fn taking_the_old_address_back_revokes_tokens(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let made = make(&world.auth, &caller, "Backup").await.unwrap();
        flow::request_email_change(&world.auth, &caller, &email("mallory@example.org"), &context()).await.unwrap();
        let proof = ConfirmedBy::Code(world.mailed_code("mallory@example.org").await);
        flow::confirm_email_change(&world.auth, &caller, &proof, &context()).await.unwrap();
        assert!(works(&world.auth, &made.secret).await);
        let undo = link(&world, "email_changed").await;
        flow::undo_email_change(&world.auth, &undo, &context()).await.unwrap();
        assert!(!works(&world.auth, &made.secret).await);
    }

    async fn an_account_whose_day_has_come_has_no_tokens_whether_its_rows_are_there_or_not(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let wanted = wanted("Backup", &[Scope::ProfileRead], None);
        let made = flow::create_token(&world.auth, &caller, wanted, &context()).await.unwrap();
        flow::request_deletion(&world.auth, &caller, &context()).await.unwrap();
        world.clock.advance_seconds(14 * DAY - 1);
        assert!(works(&world.auth, &made.secret).await, "everything works until then");
        world.clock.advance_seconds(1);
        assert!(!works(&world.auth, &made.secret).await);
        flow::delete_account(&world.auth, &caller.user_id).await.unwrap();
        world.clock.advance_seconds(10 * 60);
        assert!(flow::delete_account(&world.auth, &caller.user_id).await.unwrap());
        assert!(!works(&world.auth, &made.secret).await);
    }

    async fn what_ended_is_handed_out_and_forgotten_after_ninety_days(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let revoked = make(&world.auth, &caller, "Revoked").await.unwrap();
        make(&world.auth, &caller, "Ended").await.unwrap();
        let wanted = wanted("Kept", &[Scope::ProfileRead], None);
        let kept = flow::create_token(&world.auth, &caller, wanted, &context()).await.unwrap();
        call(&world.auth, &kept.secret).await.unwrap();
        flow::revoke_token(&world.auth, &caller, &revoked.item.id, &context()).await.unwrap();
        let data = flow::export_data(&world.auth, &caller, &context()).await.unwrap();
        assert_eq!(data.tokens.len(), 3);
        let json = data.to_json();
        let listed = json["personal_access_tokens"].as_array().unwrap();
        let of = |name: &str| listed.iter().find(|token| token["name"] == name).unwrap();
        assert_eq!(of("Revoked")["revoked_at"], "2027-01-15T08:00:00Z");
        assert_eq!(of("Ended")["expires_at"], "2027-01-22T08:00:00Z");
        assert_eq!(of("Kept")["scopes"][0], "profile:read");
        for token in [&revoked, &kept] {
            assert!(!json.to_string().contains(&token.secret.expose_secret()[7..50]));
        }
        assert!(listed.iter().all(|token| token.get("digest").is_none()));

        world.clock.advance_seconds(90 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        let names = |records: Vec<auth::view::TokenRecord>| {
            let mut names: Vec<_> = records.into_iter().map(|record| record.token.name.to_string()).collect();
            names.sort();
            names
        };
        let stored = world.auth.store().token_records_of(&caller.user_id).await.unwrap();
        assert_eq!(names(stored), ["Ended", "Kept", "Revoked"], "not a moment too early");
        world.clock.advance_seconds(8 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        let stored = world.auth.store().token_records_of(&caller.user_id).await.unwrap();
        assert_eq!(names(stored), ["Kept"]);
        assert!(works(&world.auth, &kept.secret).await);
    }

    async fn a_signed_out_person_neither_lists_nor_revokes(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let made = make(&world.auth, &caller, "Backup").await.unwrap();
        flow::sign_out_caller(&world.auth, &caller, &context()).await.unwrap();
        let node = world.another_node().await;
        assert_eq!(refusal(flow::list_tokens(&node, &caller, None).await), ErrorCode::SignedOut);
        let one = flow::revoke_token(&node, &caller, &made.item.id, &context()).await;
        assert_eq!(refusal(one), ErrorCode::SignedOut);
        assert_eq!(refusal(flow::revoke_all_tokens(&node, &caller, &context()).await), ErrorCode::SignedOut);
        assert!(works(&node, &made.secret).await);
    }
}
