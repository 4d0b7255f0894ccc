//! Stories of asking for a new password again and again, and of guessing codes.

use crate::support::password_reset::{NEW, ask, is_live, mailed, mails_of_kind, reset, status, waiting};
use crate::support::{World, code, context, email, other_code, refusal};
use auth::ErrorCode;
use auth::flow::{self, ResetProof};
use auth::view::ResetStatus;
use secrecy::SecretString;

const EMAIL: &str = "alice@example.com";
const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;
/// Seconds that a link and a code live.
const LIFE: i64 = 10 * MINUTE;

/// Asks, and types five wrong codes in the browser and five in a program.
async fn ask_and_guess_ten_times(world: &World) {
    let ticket = ask(world, EMAIL).await;
    let wrong = other_code(&world.mailed_code(EMAIL).await);
    for _ in 0..5 {
        assert!(reset(world, ResetProof::TicketCode(ticket.clone(), wrong.clone())).await.is_err());
        let by_program = ResetProof::EmailCode(email(EMAIL), wrong.clone());
        assert_eq!(refusal(reset(world, by_program).await), ErrorCode::WrongCode);
    }
}

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
        assert_eq!(world.inbox_of(UNKNOWN).await.len(), 2, "the limit is the same");
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

    async fn beyond_two_mails_in_their_life_the_last_one_stays_alive(world: World) {
        world.create_account(EMAIL).await;
        ask(&world, EMAIL).await;
        let ticket = ask(&world, EMAIL).await;
        let (token, code) = mailed(&world, EMAIL).await;
        for _ in 0..3 {
            let late = ask(&world, EMAIL).await;
            assert_eq!(mails_of_kind(&world, EMAIL, "password_reset").await.len(), 2);
            assert_eq!(status(&world, &late).await, waiting(EMAIL, 5), "the page is the same");
            let elsewhere = ResetProof::TicketCode(late, code.clone());
            assert_eq!(refusal(reset(&world, elsewhere).await), ErrorCode::WrongCode);
        }
        assert!(is_live(&world, &token).await);
        assert_eq!(status(&world, &ticket).await, waiting(EMAIL, 5));
        reset(&world, ResetProof::TicketCode(ticket, code)).await.unwrap();
    }

    async fn a_stranger_who_asks_for_ever_keeps_nobody_out(world: World) {
        world.create_account(EMAIL).await;
        for _ in 0..40 {
            world.clock.advance_seconds(MINUTE + 59);
            ask(&world, EMAIL).await;
            let (token, _) = mailed(&world, EMAIL).await;
            assert!(is_live(&world, &token).await, "the newest mail always works");
        }
        let mails = mails_of_kind(&world, EMAIL, "password_reset").await.len();
        assert_eq!(mails, 16, "of every five requests within ten minutes two are mailed");
        let (token, _) = mailed(&world, EMAIL).await;
        reset(&world, ResetProof::Link(token)).await.unwrap();
    }

    async fn where_no_mail_is_alive_another_one_goes_out(world: World) {
        world.create_account(EMAIL).await;
        ask(&world, EMAIL).await;
        ask(&world, EMAIL).await;
        let (used, _) = mailed(&world, EMAIL).await;
        reset(&world, ResetProof::Link(used)).await.unwrap();
        ask(&world, EMAIL).await;
        assert_eq!(mails_of_kind(&world, EMAIL, "password_reset").await.len(), 3, "the new one is forgotten, too");
        let (token, _) = mailed(&world, EMAIL).await;
        assert!(is_live(&world, &token).await);
        ask(&world, EMAIL).await;
        assert_eq!(mails_of_kind(&world, EMAIL, "password_reset").await.len(), 3, "it is alive");
        assert!(is_live(&world, &token).await);
    }

    async fn who_just_signed_up_is_not_kept_out_by_who_asked_before(world: World) {
        for _ in 0..3 {
            ask(&world, EMAIL).await;
        }
        world.create_account(EMAIL).await;
        ask(&world, EMAIL).await;
        let mails = mails_of_kind(&world, EMAIL, "password_reset").await;
        assert_eq!(mails.len(), 1);
        let (token, _) = mailed(&world, EMAIL).await;
        reset(&world, ResetProof::Link(token)).await.unwrap();
    }

    async fn beyond_the_limit_an_address_has_one_row(world: World) {
        world.create_account(EMAIL).await;
        let mut tickets = Vec::new();
        for _ in 0..30 {
            tickets.push(ask(&world, EMAIL).await);
        }
        assert_eq!(status(&world, &tickets[29]).await, waiting(EMAIL, 5));
        assert_eq!(status(&world, &tickets[28]).await, ResetStatus::Gone, "the newest one takes the row over");
        assert_eq!(status(&world, &tickets[1]).await, waiting(EMAIL, 5), "that of the living mail stays");
        assert_eq!(world.inbox_of(EMAIL).await.len(), 4, "code, welcome and two resets are delivered");
        world.clock.advance_seconds(LIFE + DAY + 1);
        assert_eq!(world.auth.delete_what_is_over().await.unwrap(), 3, "three resets for thirty");
    }

    async fn after_twenty_wrong_codes_a_day_the_mail_carries_the_link_alone(world: World) {
        world.create_account(EMAIL).await;
        ask_and_guess_ten_times(&world).await;
        ask_and_guess_ten_times(&world).await;
        world.clock.advance_seconds(LIFE);
        let ticket = ask(&world, EMAIL).await;
        let mails = mails_of_kind(&world, EMAIL, "password_reset").await;
        assert_eq!(mails.len(), 3);
        assert!(mails[0].code.is_none() && mails[0].text.contains("This email has no code"), "{}", mails[0].text);

        // The page and programs see no difference: whatever is typed is wrong.
        assert_eq!(status(&world, &ticket).await, waiting(EMAIL, 5));
        for guess in ["000000", "123456", "999999"] {
            let by_program = ResetProof::EmailCode(email(EMAIL), code(guess));
            assert_eq!(refusal(reset(&world, by_program).await), ErrorCode::WrongCode);
            let typed = ResetProof::TicketCode(ticket.clone(), code(guess));
            assert_eq!(refusal(reset(&world, typed).await), ErrorCode::WrongCode);
        }
        assert_eq!(status(&world, &ticket).await, waiting(EMAIL, 2));
        let (token, _) = mailed(&world, EMAIL).await;
        assert!(is_live(&world, &token).await);

        world.clock.advance_seconds(DAY - LIFE);
        ask(&world, EMAIL).await;
        let mails = mails_of_kind(&world, EMAIL, "password_reset").await;
        assert!(mails[0].code.is_some(), "a day after, the code is back");
        let (token, _) = mailed(&world, EMAIL).await;
        reset(&world, ResetProof::Link(token)).await.unwrap();
    }

    async fn nineteen_wrong_codes_and_those_of_somebody_else_cost_no_code(world: World) {
        world.create_account(EMAIL).await;
        world.create_account("bob@example.com").await;
        ask_and_guess_ten_times(&world).await;
        let ticket = ask(&world, EMAIL).await;
        let wrong = other_code(&world.mailed_code(EMAIL).await);
        for proof in 0..9 {
            let proof = match proof {
                0..5 => ResetProof::TicketCode(ticket.clone(), wrong.clone()),
                _ => ResetProof::EmailCode(email(EMAIL), wrong.clone()),
            };
            assert!(reset(&world, proof).await.is_err());
        }
        world.clock.advance_seconds(LIFE);
        for address in [EMAIL, "bob@example.com"] {
            ask(&world, address).await;
            assert!(mails_of_kind(&world, address, "password_reset").await[0].code.is_some(), "{address}");
        }
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
        assert_eq!(mails.len(), 2);
        let mut live = 0;
        for mail in mails {
            let link = mail.link.unwrap();
            live += usize::from(is_live(&world, &SecretString::from(link.split_once("token=").unwrap().1)).await);
        }
        assert_eq!(live, 1);
    }
}
