//! Stories of the last rung: an account whose factors are all lost, recovered by mail after three days.

use crate::support::account_recovery::{
    DAY, HOUR, LINK, WAIT, complete, count, execute, is_open, lose_factors, mails, start, ticket, token, try_start,
    wait_for_link,
};
use crate::support::password_reset::{ask, mailed, reset};
use crate::support::{PASSWORD, World, context, context_on, email, refusal};
use auth::flow::{self, ResetProof};
use auth::form::ConfirmedBy;
use auth::session::Caller;
use auth::{ErrorCode, EventFilter, EventKind, Field, FieldIssue};
use secrecy::SecretString;

const EMAIL: &str = "alice@example.com";
const NEW_EMAIL: &str = "alice@example.org";
const RECOVERIES: &str = "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM account_recoveries";

/// An account that is signed in somewhere, and whose factors are lost.
async fn locked_out(world: &World) -> Caller {
    world.create_account(EMAIL).await;
    let caller = world.caller(&world.sign_in(EMAIL).await);
    lose_factors(world, EMAIL).await;
    caller
}

async fn keep_house(world: &World) {
    world.auth.delete_what_is_over().await.unwrap();
}

async fn has_event(world: &World, caller: &Caller, kind: EventKind) -> bool {
    let page = flow::list_activity(&world.auth, caller, EventFilter::All, None).await.unwrap();
    page.items.iter().any(|item| item.kind == kind)
}

async fn runs(world: &World, caller: &Caller) -> bool {
    flow::running_recovery(&world.auth, caller).await.unwrap().is_some()
}

on_both_databases! {
    async fn an_account_opens_again_after_three_days_and_not_a_second_before(world: World) {
        let caller = locked_out(&world).await;
        let recovery = start(&world, EMAIL).await;
        assert_eq!(recovery.ready_at, world.auth.now().plus_seconds(WAIT));
        assert_eq!(recovery.expires_at, world.auth.now().plus_seconds(WAIT + LINK));
        assert!(runs(&world, &caller).await, "every session is told");
        assert!(has_event(&world, &caller, EventKind::FactorRecoveryRequested).await);
        assert_eq!(mails(&world, EMAIL, "recovery_requested").await, 1);
        for day in 1..=2 {
            world.clock.advance_seconds(DAY - HOUR);
            keep_house(&world).await;
            assert_eq!(mails(&world, EMAIL, "recovery_reminder").await, day - 1, "not before the day is over");
            world.clock.advance_seconds(HOUR);
            keep_house(&world).await;
            keep_house(&world).await;
            assert_eq!(mails(&world, EMAIL, "recovery_reminder").await, day);
        }
        world.clock.advance_seconds(DAY - 1);
        keep_house(&world).await;
        assert_eq!(mails(&world, EMAIL, "recovery_ready").await, 0, "not a second too early");
        world.clock.advance_seconds(1);
        keep_house(&world).await;
        let link = token(&world, EMAIL, "recovery_ready").await;
        assert!(flow::recovery_to_complete(&world.auth, &link).await.unwrap().has_password);
        assert!(!is_open(&world, EMAIL).await, "only the link opens it");

        let recovered = complete(&world, &link, PASSWORD).await.unwrap();
        assert_eq!(recovered.email, email(EMAIL));
        assert!(recovered.choose_password.is_none());
        assert_eq!(refusal(world.auth.me(&caller).await), ErrorCode::SignedOut);
        let session = world.sign_in(EMAIL).await;
        let caller = world.caller(&session);
        let overview = flow::factors_overview(&world.auth, &caller).await.unwrap();
        assert!(overview.active.is_empty() && overview.passkeys.is_empty() && overview.totp_since.is_none());
        assert_eq!((overview.recovery_codes_left, overview.recovery), (0, None));
        assert!(has_event(&world, &caller, EventKind::FactorRecoveryCompleted).await);
        assert_eq!(mails(&world, EMAIL, "recovery_completed").await, 1);
        assert_eq!(refusal(complete(&world, &link, PASSWORD).await), ErrorCode::LinkExpired, "it works once");
    }

    async fn the_link_works_for_seven_days(world: World) {
        let caller = locked_out(&world).await;
        let link = wait_for_link(&world, EMAIL).await;
        world.clock.advance_seconds(LINK - 1);
        assert!(flow::recovery_to_complete(&world.auth, &link).await.is_ok());
        world.clock.advance_seconds(1);
        assert_eq!(refusal(flow::recovery_to_complete(&world.auth, &link).await), ErrorCode::LinkExpired);
        assert_eq!(refusal(complete(&world, &link, PASSWORD).await), ErrorCode::LinkExpired);
        assert!(!is_open(&world, EMAIL).await);
        assert!(!runs(&world, &caller).await);
        start(&world, EMAIL).await;
        assert!(runs(&world, &caller).await, "what is over stands in nobody's way");
        world.clock.advance_seconds(60 * DAY);
        keep_house(&world).await;
        assert_eq!(count(&world, RECOVERIES).await, 0, "and is forgotten");
    }

    async fn every_mail_calls_it_off_and_so_does_every_session(world: World) {
        let caller = locked_out(&world).await;
        start(&world, EMAIL).await;
        let first = token(&world, EMAIL, "recovery_requested").await;
        world.clock.advance_seconds(DAY);
        keep_house(&world).await;
        let reminder = token(&world, EMAIL, "recovery_reminder").await;
        assert_eq!(flow::recovery_to_cancel(&world.auth, &first).await.unwrap().email, email(EMAIL));
        flow::cancel_account_recovery_by_link(&world.auth, &reminder, &context()).await.unwrap();
        assert!(!runs(&world, &caller).await);
        assert!(has_event(&world, &caller, EventKind::FactorRecoveryCancelled).await);
        assert_eq!(mails(&world, EMAIL, "recovery_cancelled").await, 1);
        for used in [first, reminder] {
            let again = flow::cancel_account_recovery_by_link(&world.auth, &used, &context()).await;
            assert_eq!(refusal(again), ErrorCode::LinkExpired);
        }
        world.clock.advance_seconds(3 * DAY);
        keep_house(&world).await;
        assert_eq!(mails(&world, EMAIL, "recovery_ready").await, 0);

        let link = wait_for_link(&world, EMAIL).await;
        flow::cancel_account_recovery(&world.auth, &caller, &context()).await.unwrap();
        flow::cancel_account_recovery(&world.auth, &caller, &context()).await.unwrap();
        assert_eq!(mails(&world, EMAIL, "recovery_cancelled").await, 2, "nothing to call off is no failure, nor a mail");
        assert_eq!(refusal(complete(&world, &link, PASSWORD).await), ErrorCode::LinkExpired);
        assert!(!is_open(&world, EMAIL).await);
    }

    async fn whoever_proves_a_factor_or_changes_the_password_needs_no_recovery(world: World) {
        let caller = locked_out(&world).await;
        let link = wait_for_link(&world, EMAIL).await;
        let mut tx = world.auth.store().begin().await.unwrap();
        assert!(tx.kill_account_recovery(&caller.user_id, world.auth.now()).await.unwrap());
        assert!(!tx.kill_account_recovery(&caller.user_id, world.auth.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(refusal(complete(&world, &link, PASSWORD).await), ErrorCode::LinkExpired);

        start(&world, EMAIL).await;
        ask(&world, EMAIL).await;
        let (reset_link, _) = mailed(&world, EMAIL).await;
        reset(&world, ResetProof::Link(reset_link)).await.unwrap();
        assert!(!runs(&world, &caller).await);
    }

    async fn another_address_ends_it(world: World) {
        let caller = locked_out(&world).await;
        let link = wait_for_link(&world, EMAIL).await;
        execute(&world, "UPDATE users SET email = 'alice@example.net' WHERE email = $1", EMAIL).await;
        assert!(!runs(&world, &caller).await);
        assert_eq!(refusal(complete(&world, &link, PASSWORD).await), ErrorCode::LinkExpired);
    }

    async fn an_address_that_may_take_itself_back_is_told_as_well(world: World) {
        world.create_account(EMAIL).await;
        let caller = world.caller(&world.sign_in(EMAIL).await);
        flow::request_email_change(&world.auth, &caller, &email(NEW_EMAIL), &context()).await.unwrap();
        let confirm = token(&world, NEW_EMAIL, "confirm_email").await;
        flow::confirm_email_change(&world.auth, &caller, &ConfirmedBy::Link(confirm), &context()).await.unwrap();
        lose_factors(&world, NEW_EMAIL).await;
        start(&world, NEW_EMAIL).await;
        for address in [EMAIL, NEW_EMAIL] {
            assert_eq!(mails(&world, address, "recovery_requested").await, 1, "{address}");
        }
        world.clock.advance_seconds(WAIT);
        keep_house(&world).await;
        assert_eq!(mails(&world, NEW_EMAIL, "recovery_ready").await, 1);
        assert_eq!(mails(&world, EMAIL, "recovery_ready").await, 0, "the link goes to the account's own mailbox alone");
        let cancel = token(&world, EMAIL, "recovery_requested").await;
        flow::cancel_account_recovery_by_link(&world.auth, &cancel, &context()).await.unwrap();
    }

    async fn nobody_fills_a_mailbox_with_it(world: World) {
        let caller = locked_out(&world).await;
        for _ in 0..5 {
            start(&world, EMAIL).await;
        }
        assert_eq!(mails(&world, EMAIL, "recovery_requested").await, 1, "one at a time");
        for asked in 1..=3 {
            assert_eq!(mails(&world, EMAIL, "recovery_requested").await, asked);
            flow::cancel_account_recovery(&world.auth, &caller, &context()).await.unwrap();
            let again = try_start(&world, EMAIL).await;
            assert_eq!(again.err().unwrap().refusal().retry_after, Some(if asked < 3 { 86_400 } else { 5 * 86_400 }));
            world.clock.advance_seconds(DAY);
            if asked < 3 {
                start(&world, EMAIL).await;
            }
        }
        assert_eq!(refusal(try_start(&world, EMAIL).await), ErrorCode::TooSoon, "three in a week");
        world.clock.advance_seconds(4 * DAY);
        start(&world, EMAIL).await;
    }

    async fn ten_wrong_passwords_end_it(world: World) {
        locked_out(&world).await;
        let link = wait_for_link(&world, EMAIL).await;
        let empty = complete(&world, &link, "").await.err().unwrap().refusal();
        assert_eq!(empty.issue(Field::Password), Some(FieldIssue::Required));
        for _ in 1..10 {
            let wrong = complete(&world, &link, "not the password").await.err().unwrap().refusal();
            assert_eq!(wrong.issue(Field::Password), Some(FieldIssue::PasswordWrong));
        }
        assert_eq!(refusal(complete(&world, &link, "not the password").await), ErrorCode::LinkExpired);
        assert_eq!(refusal(complete(&world, &link, PASSWORD).await), ErrorCode::LinkExpired);
        assert!(!is_open(&world, EMAIL).await);
    }

    async fn an_account_without_a_password_gets_the_way_to_one(world: World) {
        locked_out(&world).await;
        let link = wait_for_link(&world, EMAIL).await;
        execute(&world, "UPDATE users SET password_hash = NULL WHERE email = $1", EMAIL).await;
        assert!(!flow::recovery_to_complete(&world.auth, &link).await.unwrap().has_password);
        let recovered = complete(&world, &link, "").await.unwrap();
        assert!(recovered.choose_password.is_some());
        assert_eq!(mails(&world, EMAIL, "password_reset").await, 1);
    }

    async fn a_ticket_that_is_none_starts_nothing(world: World) {
        let caller = locked_out(&world).await;
        let ticket = ticket(&world, EMAIL).await;
        let (found, running) = flow::recovery_of_sign_in(&world.auth, &ticket).await.unwrap();
        assert_eq!((found, running), (email(EMAIL), None));
        world.clock.advance_seconds(11 * 60);
        for dead in [ticket, SecretString::from("invented")] {
            let started = flow::start_account_recovery(&world.auth, &dead, &context()).await;
            assert_eq!(refusal(started), ErrorCode::SecondFactorExpired);
        }
        assert!(!runs(&world, &caller).await);
    }

    async fn every_node_goes_on_with_it_and_one_of_them_writes(world: World) {
        locked_out(&world).await;
        start(&world, EMAIL).await;
        let node = world.another_node().await;
        for (mailed, kind) in [(1, "recovery_reminder"), (2, "recovery_reminder"), (1, "recovery_ready")] {
            world.clock.advance_seconds(DAY);
            let (one, other) = (world.auth.clone(), node.clone());
            let looks = [
                tokio::spawn(async move { one.delete_what_is_over().await.unwrap() }),
                tokio::spawn(async move { other.delete_what_is_over().await.unwrap() }),
            ];
            for look in looks {
                look.await.unwrap();
            }
            assert_eq!(mails(&world, EMAIL, kind).await, mailed, "{kind}");
        }
        let link = token(&world, EMAIL, "recovery_ready").await;
        let elsewhere = context_on("Chrome on Windows");
        flow::complete_account_recovery(&node, &link, &PASSWORD.into(), &elsewhere).await.unwrap();
        assert!(is_open(&world, EMAIL).await);
    }

    async fn of_twenty_wishes_in_the_same_moment_one_starts(world: World) {
        locked_out(&world).await;
        let ticket = ticket(&world, EMAIL).await;
        let wishes: Vec<_> = (0..20)
            .map(|_| {
                let (auth, ticket) = (world.auth.clone(), ticket.clone());
                tokio::spawn(async move { flow::start_account_recovery(&auth, &ticket, &context()).await.unwrap() })
            })
            .collect();
        let mut told = Vec::new();
        for wish in wishes {
            told.push(wish.await.unwrap());
        }
        assert!(told.windows(2).all(|two| two[0] == two[1]), "all are told of the same one");
        assert_eq!(mails(&world, EMAIL, "recovery_requested").await, 1);
        assert_eq!(count(&world, RECOVERIES).await, 1);
    }

    async fn of_twenty_parallel_ends_one_is_the_end(world: World) {
        locked_out(&world).await;
        let link = wait_for_link(&world, EMAIL).await;
        let ends: Vec<_> = (0..20)
            .map(|_| {
                let (auth, link) = (world.auth.clone(), link.clone());
                tokio::spawn(async move {
                    flow::complete_account_recovery(&auth, &link, &PASSWORD.into(), &context()).await.is_ok()
                })
            })
            .collect();
        let mut winners = 0;
        for end in ends {
            winners += usize::from(end.await.unwrap());
        }
        assert_eq!(winners, 1);
        assert_eq!(mails(&world, EMAIL, "recovery_completed").await, 1);
    }

    async fn completing_and_calling_off_never_both_happen(world: World) {
        locked_out(&world).await;
        let link = wait_for_link(&world, EMAIL).await;
        let cancel = token(&world, EMAIL, "recovery_requested").await;
        let node = world.another_node().await;
        let acts: Vec<_> = (0..20)
            .map(|number| {
                let auth = if number % 4 < 2 { world.auth.clone() } else { node.clone() };
                let (link, cancel) = (link.clone(), cancel.clone());
                tokio::spawn(async move {
                    if number % 2 == 0 {
                        let done = flow::complete_account_recovery(&auth, &link, &PASSWORD.into(), &context()).await;
                        (usize::from(done.is_ok()), 0)
                    } else {
                        let done = flow::cancel_account_recovery_by_link(&auth, &cancel, &context()).await;
                        (0, usize::from(done.is_ok()))
                    }
                })
            })
            .collect();
        let (mut completed, mut cancelled) = (0, 0);
        for act in acts {
            let (one, other) = act.await.unwrap();
            completed += one;
            cancelled += other;
        }
        assert_eq!(completed + cancelled, 1, "{completed} completed, {cancelled} called off");
        assert_eq!(is_open(&world, EMAIL).await, completed == 1, "and the account is as the winner left it");
    }

    async fn it_goes_with_its_account(world: World) {
        let caller = locked_out(&world).await;
        start(&world, EMAIL).await;
        execute(&world, "UPDATE users SET delete_at = 1 WHERE email = $1", EMAIL).await;
        flow::delete_account(&world.auth, &caller.user_id).await.unwrap();
        world.clock.advance_seconds(10 * 60);
        assert!(flow::delete_account(&world.auth, &caller.user_id).await.unwrap());
        assert_eq!(count(&world, RECOVERIES).await, 0);
    }
}
