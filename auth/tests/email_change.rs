//! Stories of another address: asked for, proved, called off, taken back.

use crate::support::{PASSWORD, World, code, context, email, other_code, refusal};
use auth::flow::{self, ResetProof, SignIn, SignedIn};
use auth::form::ConfirmedBy;
use auth::session::Caller;
use auth::{ErrorCode, EventKind};
use secrecy::SecretString;
use sqlx::{Connection, Row};

const OLD: &str = "alice@example.com";
const NEW: &str = "alice@example.org";

async fn signed_in(world: &World) -> (SignedIn, Caller) {
    world.create_account(OLD).await;
    let session = world.sign_in(OLD).await;
    let caller = world.caller(&session);
    (session, caller)
}

async fn ask(world: &World, caller: &Caller, address: &str) -> auth::Result<()> {
    world.clock.advance_seconds(1);
    flow::request_email_change(&world.auth, caller, &email(address), &context()).await
}

async fn confirm(world: &World, caller: &Caller, proof: ConfirmedBy) -> auth::Result<auth::Email> {
    flow::confirm_email_change(&world.auth, caller, &proof, &context()).await
}

/// The token of the newest link of a kind.
async fn token(world: &World, address: &str, kind: &str) -> SecretString {
    let mail = world.inbox_of(address).await.into_iter().find(|mail| mail.kind == kind);
    mail.and_then(|mail| mail.link).unwrap().split_once("token=").unwrap().1.into()
}

async fn kinds(world: &World, address: &str) -> Vec<String> {
    world.inbox_of(address).await.into_iter().map(|mail| mail.kind).collect()
}

/// A thief moves the account on twice; gives the undo link that the owner got.
async fn stolen(world: &World, caller: &Caller, from: &str) -> SecretString {
    for address in ["mallory@example.org", "mallory2@example.org"] {
        ask(world, caller, address).await.unwrap();
        let link = token(world, address, "confirm_email").await;
        world.clock.advance_seconds(1);
        confirm(world, caller, ConfirmedBy::Link(link)).await.unwrap();
    }
    token(world, from, "email_changed").await
}

async fn undo(world: &World, token: &SecretString) -> auth::Result<auth::Email> {
    flow::undo_email_change(&world.auth, token, &context()).await
}

on_both_databases! {
    async fn the_new_address_proves_itself_and_the_old_one_is_told(world: World) {
        let (session, caller) = signed_in(&world).await;
        ask(&world, &caller, NEW).await.unwrap();
        let status = flow::email_change_status(&world.auth, &caller).await.unwrap();
        assert_eq!(status.waiting.unwrap().email, email(NEW));
        assert_eq!(world.auth.me(&caller).await.unwrap().email, email(OLD), "nothing changes before the proof");
        let link = token(&world, NEW, "confirm_email").await;
        assert_eq!(flow::email_change_of_link(&world.auth, &caller, &link).await.unwrap(), email(NEW));
        assert_eq!(confirm(&world, &caller, ConfirmedBy::Link(link.clone())).await.unwrap(), email(NEW));

        assert_eq!(world.auth.me(&caller).await.unwrap().email, email(NEW));
        assert!(matches!(world.try_sign_in(NEW, PASSWORD).await.unwrap(), SignIn::SignedIn(_)));
        assert_eq!(refusal(world.try_sign_in(OLD, PASSWORD).await), ErrorCode::InvalidCredentials);
        let status = flow::email_change_status(&world.auth, &caller).await.unwrap();
        assert!(status.waiting.is_none());
        assert_eq!(status.undoable.unwrap().email, email(OLD));
        assert!(kinds(&world, OLD).await.contains(&"email_changed".to_owned()));
        assert_eq!(refusal(confirm(&world, &caller, ConfirmedBy::Link(link)).await), ErrorCode::LinkExpired);
        assert!(flow::refresh(&world.auth, &session.refresh_token, &context()).await.is_ok());
    }

    async fn the_typed_code_proves_it_too_and_dies_after_five_wrong_ones(world: World) {
        let (_, caller) = signed_in(&world).await;
        ask(&world, &caller, NEW).await.unwrap();
        let right = world.mailed_code(NEW).await;
        for _ in 0..5 {
            let refused = confirm(&world, &caller, ConfirmedBy::Code(other_code(&right))).await;
            let code = refusal(refused);
            assert!(matches!(code, ErrorCode::WrongCode | ErrorCode::CodeExhausted), "{code:?}");
        }
        assert_eq!(refusal(confirm(&world, &caller, ConfirmedBy::Code(right)).await), ErrorCode::CodeExhausted);
        ask(&world, &caller, NEW).await.unwrap();
        let right = world.mailed_code(NEW).await;
        confirm(&world, &caller, ConfirmedBy::Code(right)).await.unwrap();
        assert_eq!(world.auth.me(&caller).await.unwrap().email, email(NEW));
    }

    async fn a_proof_works_for_its_account_its_time_and_its_change_only(world: World) {
        let (_, caller) = signed_in(&world).await;
        world.create_account("mallory@example.com").await;
        let mallory = world.caller(&world.sign_in("mallory@example.com").await);
        ask(&world, &caller, NEW).await.unwrap();
        let first = token(&world, NEW, "confirm_email").await;
        let stranger = confirm(&world, &mallory, ConfirmedBy::Link(first.clone())).await;
        assert_eq!(refusal(stranger), ErrorCode::LinkExpired);
        let no_change = confirm(&world, &mallory, ConfirmedBy::Code(code("123456"))).await;
        assert_eq!(refusal(no_change), ErrorCode::LinkExpired);
        for wrong in ["", "x", &"A".repeat(43), "a\0b", OLD] {
            let refused = confirm(&world, &caller, ConfirmedBy::Link(wrong.into())).await;
            assert_eq!(refusal(refused), ErrorCode::LinkExpired, "{wrong}");
        }
        ask(&world, &caller, "other@example.org").await.unwrap();
        assert_eq!(refusal(confirm(&world, &caller, ConfirmedBy::Link(first)).await), ErrorCode::LinkExpired);
        let second = token(&world, "other@example.org", "confirm_email").await;
        world.clock.advance_seconds(60 * 60);
        let caller = world.caller(&world.sign_in(OLD).await);
        assert_eq!(refusal(confirm(&world, &caller, ConfirmedBy::Link(second)).await), ErrorCode::LinkExpired);
        assert_eq!(world.auth.me(&caller).await.unwrap().email, email(OLD));
    }

    async fn a_change_is_called_off(world: World) {
        let (_, caller) = signed_in(&world).await;
        ask(&world, &caller, NEW).await.unwrap();
        let link = token(&world, NEW, "confirm_email").await;
        flow::cancel_email_change(&world.auth, &caller, &context()).await.unwrap();
        flow::cancel_email_change(&world.auth, &caller, &context()).await.unwrap();
        assert_eq!(refusal(confirm(&world, &caller, ConfirmedBy::Link(link)).await), ErrorCode::LinkExpired);
        assert!(flow::email_change_status(&world.auth, &caller).await.unwrap().waiting.is_none());
    }

    async fn an_address_with_an_account_gets_another_mail_and_the_same_answer(world: World) {
        let (_, caller) = signed_in(&world).await;
        world.create_account("bob@example.com").await;
        ask(&world, &caller, "bob@example.com").await.unwrap();
        let waiting = flow::email_change_status(&world.auth, &caller).await.unwrap().waiting.unwrap();
        assert_eq!(waiting.email, email("bob@example.com"));
        assert!(kinds(&world, "bob@example.com").await.contains(&"email_taken".to_owned()));
        assert!(!kinds(&world, "bob@example.com").await.contains(&"confirm_email".to_owned()));
        assert_eq!(refusal(ask(&world, &caller, OLD).await), ErrorCode::InvalidFields);
    }

    async fn an_address_that_got_an_account_meanwhile_stays_its_own(world: World) {
        let (_, caller) = signed_in(&world).await;
        ask(&world, &caller, NEW).await.unwrap();
        let link = token(&world, NEW, "confirm_email").await;
        world.clock.advance_seconds(1);
        world.create_account(NEW).await;
        assert_eq!(refusal(confirm(&world, &caller, ConfirmedBy::Link(link)).await), ErrorCode::EmailTaken);
        assert_eq!(world.auth.me(&caller).await.unwrap().email, email(OLD));
    }

    async fn five_an_hour_are_the_most_and_a_mailbox_gets_three(world: World) {
        let (_, caller) = signed_in(&world).await;
        for _ in 0..5 {
            ask(&world, &caller, NEW).await.unwrap();
        }
        assert_eq!(refusal(ask(&world, &caller, "another@example.org").await), ErrorCode::TooSoon);
        assert_eq!(kinds(&world, NEW).await.iter().filter(|kind| *kind == "confirm_email").count(), 3);
    }

    async fn of_twenty_parallel_changes_each_mail_confirms_only_its_own_address(world: World) {
        let (_, caller) = signed_in(&world).await;
        // As many as an hour allows.
        let asks: Vec<_> = (0..20)
            .map(|number| {
                let (auth, caller) = (world.auth.clone(), caller.clone());
                let address = email(&format!("alice{number}@example.org"));
                tokio::spawn(async move { flow::request_email_change(&auth, &caller, &address, &context()).await })
            })
            .collect();
        for ask in asks {
            let _ = ask.await.unwrap();
        }
        let waiting = flow::email_change_status(&world.auth, &caller).await.unwrap().waiting.unwrap();
        let mut confirms = Vec::new();
        for number in 0..20 {
            let address = format!("alice{number}@example.org");
            if !kinds(&world, &address).await.contains(&"confirm_email".to_owned()) {
                continue;
            }
            let link = token(&world, &address, "confirm_email").await;
            let (auth, caller) = (world.auth.clone(), caller.clone());
            confirms.push(tokio::spawn(async move {
                let proof = ConfirmedBy::Link(link);
                flow::confirm_email_change(&auth, &caller, &proof, &context()).await.ok().map(|got| (address, got))
            }));
        }
        let mut winners = Vec::new();
        for one in confirms {
            winners.extend(one.await.unwrap());
        }
        assert_eq!(winners.len(), 1, "one change waits, so one link works");
        assert_eq!(email(&winners[0].0), winners[0].1);
        assert_eq!(waiting.email, winners[0].1);
        assert_eq!(world.auth.me(&caller).await.unwrap().email, winners[0].1);
    }

    async fn the_eldest_address_takes_itself_back_and_everything_else_ends(world: World) {
        let (_, caller) = signed_in(&world).await;
        let thief = world.sign_in(OLD).await;
        let first_undo = stolen(&world, &caller, OLD).await;
        assert!(kinds(&world, "mallory@example.org").await.contains(&"email_removed".to_owned()));
        assert!(!kinds(&world, "mallory@example.org").await.contains(&"email_changed".to_owned()), "no undo for a thief");
        flow::request_deletion(&world.auth, &caller, &context()).await.unwrap();

        assert_eq!(flow::undo_status(&world.auth, &first_undo).await.unwrap().old_email, email(OLD));
        let undos: Vec<_> = (0..20)
            .map(|_| {
                let (auth, token) = (world.auth.clone(), first_undo.clone());
                tokio::spawn(async move { flow::undo_email_change(&auth, &token, &context()).await.is_ok() })
            })
            .collect();
        let mut winners = 0;
        for one in undos {
            winners += usize::from(one.await.unwrap());
        }
        assert_eq!(winners, 1);
        let out = flow::refresh(&world.auth, &thief.refresh_token, &context()).await;
        assert_eq!(refusal(out), ErrorCode::SignedOut);
        for address in [OLD, "mallory@example.org", "mallory2@example.org"] {
            assert_eq!(refusal(world.try_sign_in(address, PASSWORD).await), ErrorCode::InvalidCredentials, "{address}");
        }
        assert!(kinds(&world, "mallory2@example.org").await.contains(&"email_removed".to_owned()));
        let reset = token(&world, OLD, "password_reset").await;
        flow::reset_password(&world.auth, ResetProof::Link(reset), &"trombone lamp yes please".into(), &context())
            .await
            .unwrap();
        let SignIn::SignedIn(home) = world.try_sign_in(OLD, "trombone lamp yes please").await.unwrap() else { panic!() };
        let me = world.auth.me(&world.caller(&home)).await.unwrap();
        assert_eq!((me.email, me.delete_at), (email(OLD), None), "nor is the account deleted behind the owner's back");
    }

    async fn an_owner_who_changes_back_by_hand_is_not_undone_by_the_thief(world: World) {
        let (_, caller) = signed_in(&world).await;
        stolen(&world, &caller, OLD).await;
        ask(&world, &caller, OLD).await.unwrap();
        let link = token(&world, OLD, "confirm_email").await;
        confirm(&world, &caller, ConfirmedBy::Link(link)).await.unwrap();
        for address in ["mallory@example.org", "mallory2@example.org"] {
            assert!(!kinds(&world, address).await.contains(&"email_changed".to_owned()), "{address}");
        }
        assert_eq!(world.auth.me(&caller).await.unwrap().email, email(OLD));
    }

    async fn a_code_that_was_not_mailed_cannot_be_guessed(world: World) {
        let (_, caller) = signed_in(&world).await;
        for _ in 0..4 {
            ask(&world, &caller, NEW).await.unwrap();
        }
        let mut connection = sqlx::AnyConnection::connect(&world.database.url).await.unwrap();
        let waiting = "SELECT code_mac FROM email_changes WHERE killed_at IS NULL AND confirmed_at IS NULL";
        let rows = sqlx::query(waiting).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        assert_eq!(rows.iter().map(|row| row.get::<String, _>("code_mac")).collect::<Vec<_>>(), [""]);
        let right = world.mailed_code(NEW).await;
        assert_eq!(refusal(confirm(&world, &caller, ConfirmedBy::Code(right)).await), ErrorCode::WrongCode);
    }

    async fn an_undo_ends_after_seven_days_and_never_takes_a_strangers_address(world: World) {
        let (_, caller) = signed_in(&world).await;
        ask(&world, &caller, NEW).await.unwrap();
        let link = token(&world, NEW, "confirm_email").await;
        confirm(&world, &caller, ConfirmedBy::Link(link)).await.unwrap();
        let undo_link = token(&world, OLD, "email_changed").await;
        world.clock.advance_seconds(1);
        world.create_account(OLD).await;
        assert_eq!(refusal(undo(&world, &undo_link).await), ErrorCode::EmailTaken);
        assert!(flow::undo_status(&world.auth, &undo_link).await.is_ok(), "nothing was consumed");
        world.clock.advance_seconds(7 * 24 * 60 * 60);
        assert_eq!(refusal(undo(&world, &undo_link).await), ErrorCode::LinkExpired);
    }

    async fn a_change_kills_the_reset_that_waits(world: World) {
        let (_, caller) = signed_in(&world).await;
        world.clock.advance_seconds(1);
        flow::forgot_password(&world.auth, &email(OLD), &context()).await.unwrap();
        let reset = token(&world, OLD, "password_reset").await;
        ask(&world, &caller, NEW).await.unwrap();
        let link = token(&world, NEW, "confirm_email").await;
        confirm(&world, &caller, ConfirmedBy::Link(link)).await.unwrap();
        assert_eq!(flow::reset_is_live(&world.auth, &reset).await.unwrap(), None);
    }

    async fn every_step_is_told_in_the_activity(world: World) {
        let (_, caller) = signed_in(&world).await;
        ask(&world, &caller, NEW).await.unwrap();
        world.clock.advance_seconds(1);
        flow::cancel_email_change(&world.auth, &caller, &context()).await.unwrap();
        ask(&world, &caller, NEW).await.unwrap();
        let link = token(&world, NEW, "confirm_email").await;
        world.clock.advance_seconds(1);
        confirm(&world, &caller, ConfirmedBy::Link(link)).await.unwrap();
        let page = flow::list_activity(&world.auth, &caller, auth::EventFilter::Address, None).await.unwrap();
        let kinds: Vec<_> = page.items.into_iter().map(|item| item.kind).collect();
        assert_eq!(
            kinds,
            [
                EventKind::EmailChanged,
                EventKind::EmailChangeRequested,
                EventKind::EmailChangeCancelled,
                EventKind::EmailChangeRequested,
            ]
        );
    }
}
