//! Stories of choosing a new password by mail.

use crate::support::password_reset::{NEW, ask, is_live, mailed, mails_of_kind, reset, reset_to, status, waiting};
use crate::support::{PASSWORD, START, World, context, email, link, other_code, refusal};
use auth::flow::{self, ResetProof, SignIn};
use auth::form::{SignInForm, SignUpForm};
use auth::view::ResetStatus;
use auth::{ErrorCode, Field, FieldIssue};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{AnyConnection, Connection, Executor};
use std::time::{Duration, Instant};

const EMAIL: &str = "alice@example.com";

on_both_databases! {
    async fn a_mailed_link_leads_to_a_new_password_once(world: World) {
        world.create_account(EMAIL).await;
        let ticket = ask(&world, EMAIL).await;
        let (token, _) = mailed(&world, EMAIL).await;
        for _ in 0..3 {
            let shown = flow::reset_is_live(&world.auth, &token).await.unwrap();
            assert_eq!(shown, Some(email(EMAIL)), "looking consumes nothing");
        }
        // The outcome is nothing that could sign anybody in.
        reset(&world, ResetProof::Link(token.clone())).await.unwrap();
        assert_eq!(refusal(world.try_sign_in(EMAIL, PASSWORD).await), ErrorCode::InvalidCredentials);
        assert!(matches!(world.try_sign_in(EMAIL, NEW).await.unwrap(), SignIn::SignedIn(_)));

        assert!(!is_live(&world, &token).await);
        assert_eq!(refusal(reset(&world, ResetProof::Link(token)).await), ErrorCode::ResetExpired);
        assert_eq!(status(&world, &ticket).await, ResetStatus::Gone);
        let told = mails_of_kind(&world, EMAIL, "password_changed").await;
        assert_eq!(told.len(), 1);
        assert!(told[0].text.contains("January 15, 2027 at 08:00 UTC (Firefox on Linux)"), "{}", told[0].text);
        assert!(told[0].link.as_deref().unwrap().starts_with("https://id.example.com/not-me?token="));
    }

    async fn a_typed_code_leads_to_a_new_password_too(world: World) {
        world.create_account(EMAIL).await;
        let ticket = ask(&world, EMAIL).await;
        let (token, code) = mailed(&world, EMAIL).await;
        assert_eq!(status(&world, &ticket).await, waiting(EMAIL, 5));
        let wrong = ResetProof::TicketCode(ticket.clone(), other_code(&code));
        assert_eq!(refusal(reset(&world, wrong).await), ErrorCode::WrongCode);
        assert_eq!(status(&world, &ticket).await, waiting(EMAIL, 4));
        reset(&world, ResetProof::TicketCode(ticket.clone(), code.clone())).await.unwrap();
        assert!(matches!(world.try_sign_in(EMAIL, NEW).await.unwrap(), SignIn::SignedIn(_)));

        assert_eq!(refusal(reset(&world, ResetProof::TicketCode(ticket, code)).await), ErrorCode::ResetExpired);
        assert_eq!(refusal(reset(&world, ResetProof::Link(token)).await), ErrorCode::ResetExpired, "one mail, one use");
    }

    async fn a_program_sends_address_and_code(world: World) {
        world.create_account(EMAIL).await;
        ask(&world, EMAIL).await;
        let (_, code) = mailed(&world, EMAIL).await;
        let proof = |address: &str| ResetProof::EmailCode(email(address), code.clone());
        assert_eq!(refusal(reset(&world, proof("bob@example.com")).await), ErrorCode::WrongCode);
        reset(&world, proof(EMAIL)).await.unwrap();
        assert_eq!(refusal(reset(&world, proof(EMAIL)).await), ErrorCode::WrongCode, "used");
    }

    async fn a_wrong_code_with_an_address_is_answered_when_it_tells_nothing(world: World) {
        world.create_account(EMAIL).await;
        ask(&world, EMAIL).await;
        let (_, code) = mailed(&world, EMAIL).await;
        for address in [EMAIL, "nobody@example.com"] {
            let began = Instant::now();
            let refused = reset(&world, ResetProof::EmailCode(email(address), other_code(&code))).await;
            assert_eq!(refusal(refused), ErrorCode::WrongCode);
            // The moment of `even_answer.rs`; the work for either is shorter here.
            assert!(began.elapsed() >= Duration::from_millis(20), "{address}: {:?}", began.elapsed());
        }
    }

    async fn link_and_code_end_after_ten_minutes(world: World) {
        world.create_account(EMAIL).await;
        let ticket = ask(&world, EMAIL).await;
        let (token, code) = mailed(&world, EMAIL).await;
        world.clock.advance_seconds(10 * 60 - 1);
        assert!(is_live(&world, &token).await);
        world.clock.advance_seconds(1);
        assert!(!is_live(&world, &token).await);
        assert_eq!(status(&world, &ticket).await, ResetStatus::Gone);
        for (proof, expected) in [
            (ResetProof::Link(token), ErrorCode::ResetExpired),
            (ResetProof::TicketCode(ticket, code.clone()), ErrorCode::ResetExpired),
            (ResetProof::EmailCode(email(EMAIL), code), ErrorCode::WrongCode),
        ] {
            assert_eq!(refusal(reset(&world, proof).await), expected);
        }
        world.sign_in(EMAIL).await;
    }

    async fn a_token_that_is_not_the_mailed_one_leads_nowhere(world: World) {
        world.create_account(EMAIL).await;
        world.sign_up("bob@example.com").await.unwrap();
        let of_a_sign_up = world.mailed_token("bob@example.com").await;
        let ticket = ask(&world, EMAIL).await;
        let (token, code) = mailed(&world, EMAIL).await;
        let text = token.expose_secret();
        let first = if text.starts_with('A') { 'B' } else { 'A' };
        let last = if text.ends_with('A') { 'B' } else { 'A' };
        for other in [
            "",
            "invented",
            &text[..42],
            &format!("{text}A"),
            &format!("{text} "),
            &format!("{first}{}", &text[1..]),
            &format!("{}{last}", &text[..42]),
            of_a_sign_up.expose_secret(),
            ticket.expose_secret(),
        ] {
            let other = SecretString::from(other);
            assert!(!is_live(&world, &other).await);
            assert_eq!(refusal(reset(&world, ResetProof::Link(other)).await), ErrorCode::ResetExpired);
        }
        // Nor does the right one at another step.
        let as_ticket = ResetProof::TicketCode(token.clone(), code);
        assert_eq!(refusal(reset(&world, as_ticket).await), ErrorCode::ResetExpired);
        let as_proof = flow::verify_email(&world.auth, link(token.clone()), &context()).await;
        assert_eq!(refusal(as_proof), ErrorCode::LinkExpired);
        assert_eq!(refusal(flow::refresh(&world.auth, &token, &context()).await), ErrorCode::SignedOut);
        assert_eq!(status(&world, &ticket).await, waiting(EMAIL, 5), "nothing was consumed");
        reset(&world, ResetProof::Link(token)).await.unwrap();
    }

    async fn the_code_of_somebody_else_is_wrong(world: World) {
        world.create_account(EMAIL).await;
        world.create_account("bob@example.com").await;
        let alices = ask(&world, EMAIL).await;
        let bobs = ask(&world, "bob@example.com").await;
        let code = world.mailed_code("bob@example.com").await;
        for proof in [
            ResetProof::TicketCode(alices.clone(), code.clone()),
            ResetProof::EmailCode(email(EMAIL), code.clone()),
        ] {
            assert_eq!(refusal(reset(&world, proof).await), ErrorCode::WrongCode);
        }
        world.sign_in(EMAIL).await;
        reset(&world, ResetProof::TicketCode(bobs, code)).await.unwrap();
    }

    async fn an_account_that_has_another_address_by_now_is_not_opened(world: World) {
        world.create_account(EMAIL).await;
        ask(&world, EMAIL).await;
        let (token, code) = mailed(&world, EMAIL).await;
        let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
        connection.execute("UPDATE users SET email = 'new@example.com'").await.unwrap();
        connection.close().await.unwrap();
        assert!(!is_live(&world, &token).await);
        assert_eq!(refusal(reset(&world, ResetProof::Link(token)).await), ErrorCode::ResetExpired);
        let by_program = ResetProof::EmailCode(email(EMAIL), code);
        assert_eq!(refusal(reset(&world, by_program).await), ErrorCode::WrongCode);
        world.sign_in("new@example.com").await;
    }

    async fn twenty_parallel_uses_have_one_winner(world: World) {
        world.create_account(EMAIL).await;
        ask(&world, EMAIL).await;
        let (token, _) = mailed(&world, EMAIL).await;
        let uses: Vec<_> = (0..20)
            .map(|number| {
                let (auth, token) = (world.auth.clone(), token.clone());
                let password = format!("{NEW} {number}");
                tokio::spawn(async move {
                    let wanted = SecretString::from(password.as_str());
                    let done = flow::reset_password(&auth, ResetProof::Link(token), &wanted, &context()).await;
                    done.map(|()| password)
                })
            })
            .collect();
        let mut winners = Vec::new();
        for one in uses {
            match one.await.unwrap() {
                Ok(password) => winners.push(password),
                Err(error) => assert_eq!(error.refusal().code, ErrorCode::ResetExpired),
            }
        }
        assert_eq!(winners.len(), 1);
        assert!(matches!(world.try_sign_in(EMAIL, &winners[0]).await.unwrap(), SignIn::SignedIn(_)));
        assert_eq!(mails_of_kind(&world, EMAIL, "password_changed").await.len(), 1);
    }

    async fn all_sessions_end_at_once_on_every_node(world: World) {
        world.create_account(EMAIL).await;
        world.create_account("bob@example.com").await;
        let sessions = [world.sign_in(EMAIL).await, world.sign_in(EMAIL).await];
        let bystander = world.sign_in("bob@example.com").await;
        let node = world.another_node().await;
        ask(&world, EMAIL).await;
        let (token, _) = mailed(&world, EMAIL).await;
        reset(&world, ResetProof::Link(token)).await.unwrap();

        let accesses = sessions.each_ref().map(|session| SecretString::from(session.access.access_token.as_str()));
        for access in &accesses {
            assert_eq!(refusal(world.auth.caller_of_access_token(access)), ErrorCode::InvalidToken, "at once");
        }
        node.learn_revocations(START.minus_seconds(60)).await.unwrap();
        for (session, access) in sessions.iter().zip(&accesses) {
            assert_eq!(refusal(node.caller_of_access_token(access)), ErrorCode::InvalidToken);
            let refreshed = flow::refresh(&node, &session.refresh_token, &context()).await;
            assert_eq!(refusal(refreshed), ErrorCode::SignedOut);
        }
        assert!(flow::refresh(&node, &bystander.refresh_token, &context()).await.is_ok());
    }

    async fn nobody_slips_in_with_the_old_password_meanwhile(world: World) {
        world.create_account(EMAIL).await;
        ask(&world, EMAIL).await;
        let (token, _) = mailed(&world, EMAIL).await;
        let sign_ins: Vec<_> = (0..20)
            .map(|_| {
                let auth = world.auth.clone();
                let form = SignInForm { email: EMAIL.into(), password: PASSWORD.into() };
                tokio::spawn(async move { flow::sign_in(&auth, form.parse().unwrap(), None, &context()).await })
            })
            .collect();
        reset(&world, ResetProof::Link(token)).await.unwrap();
        for one in sign_ins {
            match one.await.unwrap() {
                Ok(SignIn::SignedIn(session)) => {
                    let refreshed = flow::refresh(&world.auth, &session.refresh_token, &context()).await;
                    assert_eq!(refusal(refreshed), ErrorCode::SignedOut);
                }
                Ok(SignIn::NeedsSecondFactor(_) | SignIn::NeedsVerification(_)) => panic!("the address is proved"),
                Err(error) => assert!(matches!(
                    error.refusal().code,
                    ErrorCode::InvalidCredentials | ErrorCode::ChangedMeanwhile
                )),
            }
        }
    }

    async fn a_refused_password_consumes_nothing(world: World) {
        const SMITH: &str = "alice.smith@example.com";
        let form = SignUpForm { email: SMITH.into(), password: PASSWORD.into(), name: "Samantha Doe".into() };
        flow::sign_up(&world.auth, form.parse().unwrap(), &context()).await.unwrap();
        let proof = link(world.mailed_token(SMITH).await);
        flow::verify_email(&world.auth, proof, &context()).await.unwrap();
        let ticket = ask(&world, SMITH).await;
        let (token, code) = mailed(&world, SMITH).await;
        for (password, expected) in [
            ("short", FieldIssue::TooShort),
            ("password1234", FieldIssue::PasswordCommon),
            ("so alice.smith again", FieldIssue::PasswordContainsEmail),
            ("here is my samantha", FieldIssue::PasswordContainsName),
        ] {
            for proof in [
                ResetProof::Link(token.clone()),
                ResetProof::TicketCode(ticket.clone(), code.clone()),
                ResetProof::EmailCode(email(SMITH), code.clone()),
            ] {
                let refused = reset_to(&world, proof, password).await.err().unwrap().refusal();
                assert_eq!(refused.fields, [(Field::NewPassword, expected)], "{password}");
            }
        }
        let wrong = || ResetProof::TicketCode(ticket.clone(), other_code(&code));
        assert_eq!(refusal(reset_to(&world, wrong(), "short").await), ErrorCode::InvalidFields);
        assert_eq!(status(&world, &ticket).await, waiting(SMITH, 5), "no try was spent");
        let about_the_name = reset_to(&world, wrong(), "here is my samantha").await;
        assert_eq!(refusal(about_the_name), ErrorCode::WrongCode, "a stranger cannot try names");
        reset(&world, ResetProof::TicketCode(ticket, code)).await.unwrap();
    }

    async fn a_reset_is_forgotten_a_day_after_its_end(world: World) {
        const DAY: i64 = 24 * 60 * 60;
        world.create_account(EMAIL).await;
        ask(&world, EMAIL).await;
        assert_eq!(world.inbox_of(EMAIL).await.len(), 3, "code, welcome and reset are delivered");
        world.clock.advance_seconds(10 * 60 + DAY);
        assert_eq!(world.auth.delete_what_is_over().await.unwrap(), 0, "not yet");
        world.clock.advance_seconds(1);
        assert_eq!(world.auth.delete_what_is_over().await.unwrap(), 1, "the reset");
        world.clock.advance_seconds(6 * DAY);
        let over = world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(over, 3 + 3 + 1, "after a week the jobs of three mails and their copies, and the sign-up");
    }
}
