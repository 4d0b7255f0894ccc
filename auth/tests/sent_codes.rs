//! Stories of codes by mail and SMS: switched on by who proves to get them, good for one sign-in, and never endless.

use crate::support::personal_tokens::prove;
use crate::support::sent_codes::{
    EMAIL, PHONE, add_email_codes, add_phone, ask_for_phone, code_to, codes_to, confirm_phone, go_on, number, other,
    prove_by_sms, send, signed_in, waiting_sign_in,
};
use crate::support::{PASSWORD, World, context, email, refusal};
use auth::FactorMethod::{EmailCode, RecoveryCode, SmsCode};
use auth::flow::{self, SignIn};
use auth::form::ConfirmedBy;
use auth::session::Caller;
use auth::{ErrorCode, Result};

const OTHER_PHONE: &str = "+33612345678";
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

async fn resend(world: &World, caller: &Caller) -> Result<()> {
    flow::resend_phone_code(&world.auth, caller, &context()).await
}

/// Seconds to wait, of a refusal that says so.
fn wait(refused: Result<()>) -> u32 {
    let refusal = refused.unwrap_err().refusal();
    assert_eq!(refusal.code, ErrorCode::TooSoon);
    refusal.retry_after.unwrap()
}

on_both_databases! {
    async fn a_number_proves_itself_before_codes_to_it_count(world: World) {
        let caller = signed_in(&world).await;
        ask_for_phone(&world, &caller, PHONE).await.unwrap();
        let status = flow::codes_status(&world.auth, &caller).await.unwrap();
        assert_eq!(status.phone_waits.unwrap().0, "+44 •••• ••23");
        assert_eq!(status.phone, None);
        assert!(matches!(world.try_sign_in(EMAIL, PASSWORD).await.unwrap(), SignIn::SignedIn(_)), "not a factor yet");
        let sms = world.inbox_of(PHONE).await.remove(0);
        let code = code_to(&world, PHONE).await;
        assert_eq!(sms.text, format!("Your Keywright code is {0}.\n\n@id.example.com #{0}", code.text()));

        assert_eq!(refusal(confirm_phone(&world, &caller, &other(&code)).await), ErrorCode::WrongCode);
        assert!(confirm_phone(&world, &caller, &code).await.unwrap(), "recovery codes come with the first factor");
        let status = flow::codes_status(&world.auth, &caller).await.unwrap();
        assert_eq!((status.phone.as_deref(), status.phone_waits), (Some("+44 •••• ••23"), None));
        assert!(world.inbox_of(EMAIL).await.iter().any(|mail| mail.kind == "factor_added"), "and it is mailed");
        assert_eq!(refusal(confirm_phone(&world, &caller, &code).await), ErrorCode::WrongCode, "it works once");

        let pending = waiting_sign_in(&world, EMAIL).await;
        assert_eq!(pending.methods, [SmsCode, RecoveryCode]);
        send(&world.auth, &pending.ticket, SmsCode).await.unwrap();
        let code = code_to(&world, PHONE).await;
        assert_eq!(refusal(go_on(&world.auth, &pending.ticket, SmsCode, &other(&code)).await), ErrorCode::WrongCode);
        go_on(&world.auth, &pending.ticket, SmsCode, &code).await.unwrap();
    }

    async fn codes_by_mail_are_switched_on_with_one(world: World) {
        let caller = signed_in(&world).await;
        flow::switch_on_email_codes(&world.auth, &caller, &context()).await.unwrap();
        let code = code_to(&world, EMAIL).await;
        let wrong = flow::confirm_email_codes(&world.auth, &caller, &other(&code), &context()).await;
        assert_eq!(refusal(wrong), ErrorCode::WrongCode);
        assert!(matches!(world.try_sign_in(EMAIL, PASSWORD).await.unwrap(), SignIn::SignedIn(_)), "not a factor yet");
        assert!(flow::confirm_email_codes(&world.auth, &caller, &code, &context()).await.unwrap().is_some());

        let pending = waiting_sign_in(&world, EMAIL).await;
        assert_eq!(pending.methods, [EmailCode, RecoveryCode]);
        send(&world.auth, &pending.ticket, EmailCode).await.unwrap();
        let mail = world.inbox_of(EMAIL).await.remove(0);
        assert_eq!(mail.subject, format!("{} is your Keywright code", mail.code.as_deref().unwrap()));
        go_on(&world.auth, &pending.ticket, EmailCode, &code_to(&world, EMAIL).await).await.unwrap();

        flow::switch_off_email_codes(&world.auth, &caller, &context()).await.unwrap();
        assert!(matches!(world.try_sign_in(EMAIL, PASSWORD).await.unwrap(), SignIn::SignedIn(_)));
        let again = flow::switch_off_email_codes(&world.auth, &caller, &context()).await;
        assert_eq!(refusal(again), ErrorCode::FactorUnavailable);
    }

    async fn of_twenty_parallel_uses_of_a_code_one_wins(world: World) {
        let caller = signed_in(&world).await;
        add_email_codes(&world, &caller, EMAIL).await;
        let pending = waiting_sign_in(&world, EMAIL).await;
        send(&world.auth, &pending.ticket, EmailCode).await.unwrap();
        let code = code_to(&world, EMAIL).await;
        let nodes = [world.auth.clone(), world.another_node().await];
        let uses: Vec<_> = (0..20)
            .map(|number| {
                let (node, ticket, code) = (nodes[number % 2].clone(), pending.ticket.clone(), code.clone());
                tokio::spawn(async move { go_on(&node, &ticket, EmailCode, &code).await.is_ok() })
            })
            .collect();
        let mut winners = 0;
        for one in uses {
            winners += usize::from(one.await.unwrap());
        }
        assert_eq!(winners, 1);
    }

    async fn of_twenty_parallel_proofs_of_a_number_one_wins(world: World) {
        let caller = signed_in(&world).await;
        ask_for_phone(&world, &caller, PHONE).await.unwrap();
        let code = code_to(&world, PHONE).await;
        let uses: Vec<_> = (0..20)
            .map(|_| {
                let (auth, caller, code) = (world.auth.clone(), caller.clone(), code.clone());
                tokio::spawn(async move { flow::confirm_phone(&auth, &caller, &code, &context()).await.is_ok() })
            })
            .collect();
        let mut winners = 0;
        for one in uses {
            winners += usize::from(one.await.unwrap());
        }
        assert_eq!(winners, 1);
        let told = world.inbox_of(EMAIL).await.iter().filter(|mail| mail.kind == "factor_added").count();
        assert_eq!(told, 1);
    }

    async fn a_resend_kills_the_older_code_and_comes_after_half_a_minute(world: World) {
        let caller = signed_in(&world).await;
        add_phone(&world, &caller, PHONE).await;
        let pending = waiting_sign_in(&world, EMAIL).await;
        send(&world.auth, &pending.ticket, SmsCode).await.unwrap();
        let older = code_to(&world, PHONE).await;
        world.clock.advance_seconds(29);
        assert_eq!(wait(send(&world.auth, &pending.ticket, SmsCode).await), 1);
        world.clock.advance_seconds(1);
        send(&world.auth, &pending.ticket, SmsCode).await.unwrap();
        let newer = code_to(&world, PHONE).await;
        if older.text() != newer.text() {
            let dead = go_on(&world.auth, &pending.ticket, SmsCode, &older).await;
            assert_eq!(refusal(dead), ErrorCode::WrongCode);
        }
        go_on(&world.auth, &pending.ticket, SmsCode, &newer).await.unwrap();
    }

    async fn of_twenty_parallel_wishes_one_code_is_sent(world: World) {
        let caller = signed_in(&world).await;
        add_phone(&world, &caller, PHONE).await;
        let pending = waiting_sign_in(&world, EMAIL).await;
        let wishes: Vec<_> = (0..20)
            .map(|_| {
                let (auth, ticket) = (world.auth.clone(), pending.ticket.clone());
                tokio::spawn(async move { send(&auth, &ticket, SmsCode).await.is_ok() })
            })
            .collect();
        let mut granted = 0;
        for wish in wishes {
            granted += usize::from(wish.await.unwrap());
        }
        assert_eq!(granted, 1);
        assert_eq!(codes_to(&world, PHONE).await.len(), 2, "this one and that of the enrolment");
    }

    async fn a_code_is_good_for_its_own_sign_in_only(world: World) {
        let caller = signed_in(&world).await;
        add_phone(&world, &caller, PHONE).await;
        let first = waiting_sign_in(&world, EMAIL).await;
        let second = waiting_sign_in(&world, EMAIL).await;
        send(&world.auth, &first.ticket, SmsCode).await.unwrap();
        let of_first = code_to(&world, PHONE).await;
        assert_eq!(refusal(go_on(&world.auth, &second.ticket, SmsCode, &of_first).await), ErrorCode::WrongCode);
        // Nor does one of an enrolment open a sign-in, also when it went to the same number.
        world.clock.advance_seconds(30);
        prove_by_sms(&world, &caller, PHONE).await;
        world.clock.advance_seconds(30);
        ask_for_phone(&world, &caller, PHONE).await.unwrap();
        let of_enrolment = code_to(&world, PHONE).await;
        assert_eq!(refusal(go_on(&world.auth, &second.ticket, SmsCode, &of_enrolment).await), ErrorCode::WrongCode);
        // Nor one of a factor another: the method is part of it.
        let by_mail = go_on(&world.auth, &first.ticket, EmailCode, &of_first).await;
        assert_eq!(refusal(by_mail), ErrorCode::FactorUnavailable);
        go_on(&world.auth, &first.ticket, SmsCode, &of_first).await.unwrap();
    }

    async fn an_enrolment_is_confirmed_in_its_own_session_only(world: World) {
        let caller = signed_in(&world).await;
        let elsewhere = world.caller(&world.sign_in(EMAIL).await);
        ask_for_phone(&world, &caller, PHONE).await.unwrap();
        let code = code_to(&world, PHONE).await;
        assert_eq!(refusal(confirm_phone(&world, &elsewhere, &code).await), ErrorCode::WrongCode);
        assert_eq!(refusal(resend(&world, &elsewhere).await), ErrorCode::FactorUnavailable);
        confirm_phone(&world, &caller, &code).await.unwrap();
    }

    async fn a_code_lives_for_ten_minutes(world: World) {
        let caller = signed_in(&world).await;
        ask_for_phone(&world, &caller, PHONE).await.unwrap();
        let code = code_to(&world, PHONE).await;
        world.clock.advance_seconds(10 * MINUTE);
        assert_eq!(refusal(confirm_phone(&world, &caller, &code).await), ErrorCode::WrongCode);
        resend(&world, &caller).await.unwrap();
        let code = code_to(&world, PHONE).await;
        world.clock.advance_seconds(10 * MINUTE - 1);
        confirm_phone(&world, &caller, &code).await.unwrap();
    }

    async fn five_wrong_codes_end_the_code_of_an_enrolment(world: World) {
        let caller = signed_in(&world).await;
        ask_for_phone(&world, &caller, PHONE).await.unwrap();
        let code = code_to(&world, PHONE).await;
        for left in (0..5).rev() {
            let refused = refusal(confirm_phone(&world, &caller, &other(&code)).await);
            assert_eq!(refused, if left > 0 { ErrorCode::WrongCode } else { ErrorCode::CodeExhausted }, "{left}");
        }
        assert_eq!(refusal(confirm_phone(&world, &caller, &code).await), ErrorCode::CodeExhausted);
        world.clock.advance_seconds(30);
        resend(&world, &caller).await.unwrap();
        confirm_phone(&world, &caller, &code_to(&world, PHONE).await).await.unwrap();
    }

    async fn an_account_gets_five_sms_an_hour_and_ten_a_day(world: World) {
        let caller = signed_in(&world).await;
        ask_for_phone(&world, &caller, PHONE).await.unwrap();
        for _ in 1..5 {
            world.clock.advance_seconds(MINUTE);
            resend(&world, &caller).await.unwrap();
            // Delivered while they work.
            world.inbox().await;
        }
        world.clock.advance_seconds(MINUTE);
        assert_eq!(wait(resend(&world, &caller).await), 55 * 60, "until the first of them is an hour old");
        // Another number, another session, another node: the same share.
        assert_eq!(wait(ask_for_phone(&world, &caller, OTHER_PHONE).await), 55 * 60 - 1);
        world.clock.advance_seconds(HOUR);
        prove(&world, &caller).await;
        ask_for_phone(&world, &caller, PHONE).await.unwrap();
        for _ in 1..5 {
            world.clock.advance_seconds(MINUTE);
            resend(&world, &caller).await.unwrap();
            world.inbox().await;
        }
        world.clock.advance_seconds(HOUR);
        prove(&world, &caller).await;
        let left = wait(ask_for_phone(&world, &caller, PHONE).await);
        assert!(left > 20 * 3600, "the day is used up: {left}");
        assert_eq!(codes_to(&world, PHONE).await.len(), 10);
        world.clock.advance_seconds(i64::from(left));
        let caller = world.caller(&world.sign_in(EMAIL).await);
        ask_for_phone(&world, &caller, PHONE).await.unwrap();
    }

    async fn a_number_gets_five_sms_an_hour_whoever_asks(world: World) {
        let mut callers = Vec::new();
        for name in ["one", "two", "three"] {
            let address = format!("{name}@example.com");
            world.create_account(&address).await;
            callers.push(world.caller(&world.sign_in(&address).await));
        }
        for place in [0, 0, 1, 1, 1] {
            world.clock.advance_seconds(30);
            ask_for_phone(&world, &callers[place], PHONE).await.unwrap();
        }
        world.clock.advance_seconds(30);
        assert!(wait(ask_for_phone(&world, &callers[2], PHONE).await) > 50 * 60);
        ask_for_phone(&world, &callers[2], OTHER_PHONE).await.unwrap();
    }

    async fn all_nodes_together_send_so_many_sms_a_minute(world: World) {
        let clock = std::sync::Arc::clone(&world.clock);
        let mut callers = Vec::new();
        for place in 0..12 {
            let address = format!("person{place}@example.com");
            world.create_account(&address).await;
            callers.push(world.caller(&world.sign_in(&address).await));
        }
        let mut nodes = Vec::new();
        for _ in 0..2 {
            nodes.push(world.another_node_with(&clock, |all| all.codes.sms_per_minute = 4).await.unwrap());
        }
        // The beginning of a minute.
        world.clock.advance_seconds(MINUTE - world.auth.now().seconds() % MINUTE);
        let wishes: Vec<_> = callers
            .iter()
            .enumerate()
            .map(|(place, caller)| {
                let (node, caller) = (nodes[place % 2].clone(), caller.clone());
                let number = number(&format!("+4477009001{place:02}"));
                tokio::spawn(async move { flow::request_phone(&node, &caller, &number, &context()).await })
            })
            .collect();
        let mut granted = 0;
        for wish in wishes {
            match wish.await.unwrap() {
                Ok(()) => granted += 1,
                Err(error) => assert_eq!(error.refusal().retry_after, Some(60)),
            }
        }
        assert_eq!(granted, 4);
        world.clock.advance_seconds(MINUTE);
        let free = number("+447700900999");
        flow::request_phone(&nodes[0], &callers[11], &free, &context()).await.unwrap();
    }

    async fn the_number_of_before_stays_until_the_new_one_is_proved(world: World) {
        let caller = signed_in(&world).await;
        add_phone(&world, &caller, PHONE).await;
        world.clock.advance_seconds(15 * MINUTE);
        assert_eq!(refusal(ask_for_phone(&world, &caller, OTHER_PHONE).await), ErrorCode::ReauthenticationRequired);
        prove_by_sms(&world, &caller, PHONE).await;
        ask_for_phone(&world, &caller, OTHER_PHONE).await.unwrap();
        let to_new = code_to(&world, OTHER_PHONE).await;
        let pending = waiting_sign_in(&world, EMAIL).await;
        send(&world.auth, &pending.ticket, SmsCode).await.unwrap();
        let to_old = code_to(&world, PHONE).await;
        assert!(!confirm_phone(&world, &caller, &to_new).await.unwrap(), "no new recovery codes");
        let late = go_on(&world.auth, &pending.ticket, SmsCode, &to_old).await;
        assert_eq!(refusal(late), ErrorCode::WrongCode, "a code to the old number proves nothing any more");
        world.clock.advance_seconds(30);
        send(&world.auth, &pending.ticket, SmsCode).await.unwrap();
        go_on(&world.auth, &pending.ticket, SmsCode, &code_to(&world, OTHER_PHONE).await).await.unwrap();
    }

    async fn a_number_that_waits_is_called_off(world: World) {
        let caller = signed_in(&world).await;
        ask_for_phone(&world, &caller, PHONE).await.unwrap();
        let code = code_to(&world, PHONE).await;
        flow::cancel_phone(&world.auth, &caller).await.unwrap();
        flow::cancel_phone(&world.auth, &caller).await.unwrap();
        assert_eq!(refusal(confirm_phone(&world, &caller, &code).await), ErrorCode::WrongCode);
        assert_eq!(flow::codes_status(&world.auth, &caller).await.unwrap().phone_waits, None);
    }

    async fn a_removed_number_is_forgotten_with_its_codes(world: World) {
        let caller = signed_in(&world).await;
        assert_eq!(refusal(flow::remove_phone(&world.auth, &caller, &context()).await), ErrorCode::FactorUnavailable);
        add_phone(&world, &caller, PHONE).await;
        let pending = waiting_sign_in(&world, EMAIL).await;
        send(&world.auth, &pending.ticket, SmsCode).await.unwrap();
        let code = code_to(&world, PHONE).await;
        prove_by_sms(&world, &caller, PHONE).await;
        flow::remove_phone(&world.auth, &caller, &context()).await.unwrap();
        assert!(go_on(&world.auth, &pending.ticket, SmsCode, &code).await.is_err());
        assert!(matches!(world.try_sign_in(EMAIL, PASSWORD).await.unwrap(), SignIn::SignedIn(_)));
        assert!(world.inbox_of(EMAIL).await.iter().any(|mail| mail.kind == "factor_removed"));
        let data = flow::export_data(&world.auth, &caller, &context()).await.unwrap();
        assert!(data.phone_numbers.is_empty());
    }

    async fn codes_by_mail_follow_the_address(world: World) {
        let caller = signed_in(&world).await;
        add_email_codes(&world, &caller, EMAIL).await;
        let pending = waiting_sign_in(&world, EMAIL).await;
        send(&world.auth, &pending.ticket, EmailCode).await.unwrap();
        let to_old = code_to(&world, EMAIL).await;
        let new = email("alice@example.org");
        flow::request_email_change(&world.auth, &caller, &new, &context()).await.unwrap();
        let proof = ConfirmedBy::Code(world.mailed_code("alice@example.org").await);
        flow::confirm_email_change(&world.auth, &caller, &proof, &context()).await.unwrap();
        let late = go_on(&world.auth, &pending.ticket, EmailCode, &to_old).await;
        assert_eq!(refusal(late), ErrorCode::WrongCode, "the old mailbox proves nothing any more");
        world.clock.advance_seconds(30);
        send(&world.auth, &pending.ticket, EmailCode).await.unwrap();
        go_on(&world.auth, &pending.ticket, EmailCode, &code_to(&world, "alice@example.org").await).await.unwrap();
    }

    async fn what_the_operator_switches_off_locks_nobody_out_and_lets_nobody_in(world: World) {
        let caller = signed_in(&world).await;
        add_email_codes(&world, &caller, EMAIL).await;
        add_phone(&world, &caller, PHONE).await;
        let clock = std::sync::Arc::clone(&world.clock);
        let off = world.another_node_with(&clock, |all| {
            all.codes.email = false;
            all.codes.sms = None;
        });
        let off = off.await.unwrap();
        world.create_account("bob@example.com").await;
        let bob = world.caller(&world.sign_in("bob@example.com").await);
        let wished = flow::switch_on_email_codes(&off, &bob, &context()).await;
        assert_eq!(refusal(wished), ErrorCode::FactorUnavailable);
        let wished = flow::request_phone(&off, &bob, &number(OTHER_PHONE), &context()).await;
        assert_eq!(refusal(wished), ErrorCode::FactorUnavailable);

        let pending = waiting_sign_in(&world, EMAIL).await;
        let refused = send(&off, &pending.ticket, SmsCode).await;
        assert_eq!(refusal(refused), ErrorCode::FactorUnavailable, "and the account still asks for a factor");
        send(&off, &pending.ticket, EmailCode).await.unwrap();
        go_on(&off, &pending.ticket, EmailCode, &code_to(&world, EMAIL).await).await.unwrap();
    }

    async fn what_is_over_is_forgotten(world: World) {
        let caller = signed_in(&world).await;
        ask_for_phone(&world, &caller, PHONE).await.unwrap();
        world.inbox().await;
        world.clock.advance_seconds(25 * HOUR);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(flow::codes_status(&world.auth, &caller).await.unwrap().phone_waits, None);
        let data = world.auth.store().phone_numbers(&caller.user_id).await.unwrap();
        assert!(data.proved.is_none() && data.wanted.is_none());
    }
}
