//! Stories of asking for a new password again and again, and of guessing codes.

use crate::support::password_reset::{NEW, ask, is_live, mailed, mails_of_kind, reset, status, waiting};
use crate::support::{World, code, context, email, other_code, refusal};
use auth::ErrorCode;
use auth::flow::{self, ResetProof};
use auth::view::ResetStatus;
use secrecy::SecretString;

const EMAIL: &str = "alice@example.com";

on_both_databases! {
    async fn five_wrong_codes_kill_the_code_and_not_the_account(world: World) {
        world.create_account(EMAIL).await;
        let ticket = ask(&world, EMAIL).await;
        let code = world.mailed_code(EMAIL).await;
        for attempt in 1..=5 {
            let wrong = ResetProof::TicketCode(ticket.clone(), other_code(&code));
            let expected = if attempt < 5 { ErrorCode::WrongCode } else { ErrorCode::CodeExhausted };
            assert_eq!(refusal(reset(&world, wrong).await), expected);
        }
        let right = ResetProof::TicketCode(ticket.clone(), code);
        assert_eq!(refusal(reset(&world, right).await), ErrorCode::CodeExhausted);
        assert_eq!(status(&world, &ticket).await, waiting(EMAIL, 0));
        world.sign_in(EMAIL).await;

        let ticket = ask(&world, EMAIL).await;
        let code = world.mailed_code(EMAIL).await;
        reset(&world, ResetProof::TicketCode(ticket, code)).await.unwrap();
    }

    async fn guesses_of_programs_spend_no_tries_of_the_browser(world: World) {
        world.create_account(EMAIL).await;
        let ticket = ask(&world, EMAIL).await;
        let code = world.mailed_code(EMAIL).await;
        for guess in [vec![other_code(&code); 5], vec![code.clone()]].concat() {
            let proof = ResetProof::EmailCode(email(EMAIL), guess);
            assert_eq!(refusal(reset(&world, proof).await), ErrorCode::WrongCode);
        }
        assert_eq!(status(&world, &ticket).await, waiting(EMAIL, 5));
        reset(&world, ResetProof::TicketCode(ticket, code)).await.unwrap();
    }

    async fn forty_parallel_guesses_are_five(world: World) {
        world.create_account(EMAIL).await;
        let ticket = ask(&world, EMAIL).await;
        let code = world.mailed_code(EMAIL).await;
        let guesses: Vec<_> = (0..40)
            .map(|_| {
                let (auth, wrong) = (world.auth.clone(), ResetProof::TicketCode(ticket.clone(), other_code(&code)));
                tokio::spawn(async move {
                    flow::reset_password(&auth, wrong, &SecretString::from(NEW), &context()).await.is_err()
                })
            })
            .collect();
        for guess in guesses {
            assert!(guess.await.unwrap());
        }
        let right = ResetProof::TicketCode(ticket, code);
        assert_eq!(refusal(reset(&world, right).await), ErrorCode::CodeExhausted);
    }

    async fn an_unknown_address_gets_the_same_answer_and_a_mail_that_says_so(world: World) {
        const UNKNOWN: &str = "nobody@example.com";
        let ticket = ask(&world, UNKNOWN).await;
        assert_eq!(status(&world, &ticket).await, waiting(UNKNOWN, 5));
        let mails = world.inbox_of(UNKNOWN).await;
        assert_eq!(mails.iter().map(|mail| &*mail.kind).collect::<Vec<_>>(), ["no_account"]);
        assert!(mails[0].code.is_none() && !mails[0].text.contains("token="));
        assert_eq!(mails[0].link.as_deref(), Some("https://id.example.com/sign-up"));

        let guess = code("123456");
        let by_program = ResetProof::EmailCode(email(UNKNOWN), guess.clone());
        assert_eq!(refusal(reset(&world, by_program).await), ErrorCode::WrongCode);
        for attempt in 1..=5 {
            let expected = if attempt < 5 { ErrorCode::WrongCode } else { ErrorCode::CodeExhausted };
            let proof = ResetProof::TicketCode(ticket.clone(), guess.clone());
            assert_eq!(refusal(reset(&world, proof).await), expected);
        }
        for _ in 0..6 {
            ask(&world, UNKNOWN).await;
        }
        assert_eq!(world.inbox_of(UNKNOWN).await.len(), 5);
    }

    async fn asking_again_kills_the_older_mail(world: World) {
        world.create_account(EMAIL).await;
        let older = ask(&world, EMAIL).await;
        let (old_token, old_code) = mailed(&world, EMAIL).await;
        let ticket = ask(&world, EMAIL).await;
        let (token, code) = mailed(&world, EMAIL).await;
        assert_eq!(status(&world, &older).await, ResetStatus::Gone);
        for proof in [ResetProof::Link(old_token), ResetProof::TicketCode(older, old_code)] {
            assert_eq!(refusal(reset(&world, proof).await), ErrorCode::ResetExpired);
        }
        assert!(is_live(&world, &token).await);
        reset(&world, ResetProof::TicketCode(ticket, code)).await.unwrap();
    }

    async fn beyond_five_mails_an_hour_the_last_one_stays_alive(world: World) {
        world.create_account(EMAIL).await;
        for _ in 0..5 {
            ask(&world, EMAIL).await;
        }
        let (token, code) = mailed(&world, EMAIL).await;
        let late = ask(&world, EMAIL).await;
        assert_eq!(mails_of_kind(&world, EMAIL, "password_reset").await.len(), 5);
        assert_eq!(status(&world, &late).await, waiting(EMAIL, 5), "the page is the same");
        assert_eq!(refusal(reset(&world, ResetProof::TicketCode(late, code)).await), ErrorCode::WrongCode);
        assert!(is_live(&world, &token).await);

        world.clock.advance_seconds(60 * 60);
        ask(&world, EMAIL).await;
        assert_eq!(mails_of_kind(&world, EMAIL, "password_reset").await.len(), 6);
        let (token, _) = mailed(&world, EMAIL).await;
        reset(&world, ResetProof::Link(token)).await.unwrap();
    }

    async fn twenty_parallel_questions_leave_one_live_link(world: World) {
        world.create_account(EMAIL).await;
        let questions: Vec<_> = (0..20)
            .map(|_| {
                let auth = world.auth.clone();
                tokio::spawn(async move { flow::forgot_password(&auth, &email(EMAIL), &context()).await.is_ok() })
            })
            .collect();
        for question in questions {
            assert!(question.await.unwrap());
        }
        let mails = mails_of_kind(&world, EMAIL, "password_reset").await;
        assert_eq!(mails.len(), 5);
        let mut live = 0;
        for mail in mails {
            let link = mail.link.unwrap();
            live += usize::from(is_live(&world, &SecretString::from(link.split_once("token=").unwrap().1)).await);
        }
        assert_eq!(live, 1);
    }
}
