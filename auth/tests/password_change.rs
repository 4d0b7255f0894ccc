//! Stories of changing the password while signed in.

use crate::support::password_reset::NEW;
use crate::support::{PASSWORD, World, context, email, refusal};
use auth::flow::{self, ResetProof, SignIn, SignedIn};
use auth::form::PasswordChange;
use auth::session::Caller;
use auth::{Auth, ErrorCode, Field, FieldIssue};
use secrecy::SecretString;
use sqlx::{AnyConnection, Connection, Executor};

const EMAIL: &str = "alice@example.com";

async fn signed_in(world: &World) -> (SignedIn, Caller) {
    world.create_account(EMAIL).await;
    let session = world.sign_in(EMAIL).await;
    let caller = caller(&world.auth, &session).unwrap();
    (session, caller)
}

fn caller(auth: &Auth, session: &SignedIn) -> auth::Result<Caller> {
    auth.caller_of_access_token(&SecretString::from(session.access.access_token.as_str()))
}

fn change(current: &str, new: &str) -> PasswordChange {
    PasswordChange { current: current.into(), new: new.into(), end_other_sessions: true }
}

on_both_databases! {
    // Nobody is made to choose another one because time has passed (NIST SP 800-63B-4, 3.1.1.2; ASVS 5.0, 6.2.10).
    async fn a_password_is_good_for_years(world: World) {
        world.create_account(EMAIL).await;
        world.clock.advance_seconds(3 * 365 * 24 * 60 * 60);
        let session = world.sign_in(EMAIL).await;
        assert!(caller(&world.auth, &session).is_ok());
    }

    async fn the_current_password_leads_to_a_new_one(world: World) {
        let (own, caller_here) = signed_in(&world).await;
        let other = world.sign_in(EMAIL).await;
        flow::change_password(&world.auth, &caller_here, change(PASSWORD, NEW), &context()).await.unwrap();

        assert_eq!(refusal(world.try_sign_in(EMAIL, PASSWORD).await), ErrorCode::InvalidCredentials);
        assert!(matches!(world.try_sign_in(EMAIL, NEW).await.unwrap(), SignIn::SignedIn(_)));
        assert_eq!(refusal(caller(&world.auth, &own)), ErrorCode::InvalidToken, "every token of before is over");
        let next = flow::refresh(&world.auth, &own.refresh_token, &context()).await.unwrap();
        let access = SecretString::from(next.access.access_token);
        assert!(world.auth.caller_of_access_token(&access).is_ok(), "the own session goes on");
        assert_eq!(refusal(caller(&world.auth, &other)), ErrorCode::InvalidToken, "the others end at once");
        let refreshed = flow::refresh(&world.auth, &other.refresh_token, &context()).await;
        assert_eq!(refusal(refreshed), ErrorCode::SignedOut);
        let kinds: Vec<_> = world.inbox_of(EMAIL).await.into_iter().map(|mail| mail.kind).collect();
        assert_eq!(kinds.iter().filter(|kind| *kind == "password_changed").count(), 1);
    }

    async fn other_devices_stay_when_that_is_wished(world: World) {
        let (_, caller_here) = signed_in(&world).await;
        let other = world.sign_in(EMAIL).await;
        let staying = PasswordChange { end_other_sessions: false, ..change(PASSWORD, NEW) };
        flow::change_password(&world.auth, &caller_here, staying, &context()).await.unwrap();
        assert_eq!(refusal(caller(&world.auth, &other)), ErrorCode::InvalidToken, "its token is of before");
        assert!(flow::refresh(&world.auth, &other.refresh_token, &context()).await.is_ok());
    }

    async fn a_refused_change_changes_nothing(world: World) {
        let (_, caller_here) = signed_in(&world).await;
        for (current, new, field, issue) in [
            ("", NEW, Field::CurrentPassword, FieldIssue::Required),
            ("not the current one", NEW, Field::CurrentPassword, FieldIssue::PasswordWrong),
            (PASSWORD, PASSWORD, Field::NewPassword, FieldIssue::PasswordUnchanged),
            (PASSWORD, "short", Field::NewPassword, FieldIssue::TooShort),
            (PASSWORD, "password1234", Field::NewPassword, FieldIssue::PasswordCommon),
            (PASSWORD, "this is from alice", Field::NewPassword, FieldIssue::PasswordContainsEmail),
        ] {
            let refused = flow::change_password(&world.auth, &caller_here, change(current, new), &context()).await;
            assert_eq!(refused.err().unwrap().refusal().fields, [(field, issue)], "{new}");
        }
        world.sign_in(EMAIL).await;
        assert!(world.inbox_of(EMAIL).await.iter().all(|mail| mail.kind != "password_changed"));
    }

    async fn a_change_kills_the_reset_that_waits(world: World) {
        let (_, caller_here) = signed_in(&world).await;
        world.clock.advance_seconds(1);
        let ticket = flow::forgot_password(&world.auth, &email(EMAIL), &context()).await.unwrap();
        let (token, code) = (world.mailed_token(EMAIL).await, world.mailed_code(EMAIL).await);
        flow::change_password(&world.auth, &caller_here, change(PASSWORD, NEW), &context()).await.unwrap();
        let wanted = SecretString::from("yet another long password");
        for (proof, expected) in [
            (ResetProof::Link(token), ErrorCode::ResetExpired),
            (ResetProof::TicketCode(ticket, code.clone()), ErrorCode::ResetExpired),
            (ResetProof::EmailCode(email(EMAIL), code), ErrorCode::WrongCode),
        ] {
            let refused = flow::reset_password(&world.auth, proof, &wanted, &context()).await;
            assert_eq!(refusal(refused), expected);
        }
        assert!(matches!(world.try_sign_in(EMAIL, NEW).await.unwrap(), SignIn::SignedIn(_)));
    }

    async fn of_twenty_parallel_changes_one_wins(world: World) {
        let (_, caller_here) = signed_in(&world).await;
        let changes: Vec<_> = (0..20)
            .map(|number| {
                let (auth, caller_here) = (world.auth.clone(), caller_here.clone());
                let password = format!("{NEW} {number}");
                tokio::spawn(async move {
                    let wanted = change(PASSWORD, &password);
                    flow::change_password(&auth, &caller_here, wanted, &context()).await.map(|()| password)
                })
            })
            .collect();
        let mut winners = Vec::new();
        for one in changes {
            match one.await.unwrap().map_err(|error| error.refusal()) {
                Ok(password) => winners.push(password),
                Err(refused) if [ErrorCode::ChangedMeanwhile, ErrorCode::Busy].contains(&refused.code) => {}
                // The rest came so late that their current password was no longer the current one; with the tenth of
                // them the session ends.
                Err(refused) if [ErrorCode::TooManyTries, ErrorCode::SignedOut].contains(&refused.code) => {}
                Err(refused) => assert_eq!(refused.issue(Field::CurrentPassword), Some(FieldIssue::PasswordWrong)),
            }
        }
        assert_eq!(winners.len(), 1);
        assert!(matches!(world.try_sign_in(EMAIL, &winners[0]).await.unwrap(), SignIn::SignedIn(_)));
    }

    async fn an_ended_session_changes_nothing_on_any_node(world: World) {
        let (session, _) = signed_in(&world).await;
        let node = world.another_node().await;
        flow::sign_out(&world.auth, &session.refresh_token, &context()).await.unwrap();
        let not_told_yet = caller(&node, &session).unwrap();
        let refused = flow::change_password(&node, &not_told_yet, change(PASSWORD, NEW), &context()).await;
        assert_eq!(refusal(refused), ErrorCode::SignedOut);
        world.sign_in(EMAIL).await;
    }

    async fn an_account_without_a_password_is_asked_for_none(world: World) {
        let (_, caller_here) = signed_in(&world).await;
        let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
        connection.execute("UPDATE users SET password_hash = NULL").await.unwrap();
        connection.close().await.unwrap();
        flow::change_password(&world.auth, &caller_here, change("", NEW), &context()).await.unwrap();
        assert!(matches!(world.try_sign_in(EMAIL, NEW).await.unwrap(), SignIn::SignedIn(_)));
        let again = flow::change_password(&world.auth, &caller_here, change("", PASSWORD), &context()).await;
        assert_eq!(again.err().unwrap().refusal().fields, [(Field::CurrentPassword, FieldIssue::Required)]);
    }
}
