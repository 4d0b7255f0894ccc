//! Stories of creating an account and proving its address.

use crate::support::{World, context, email, link, other_code, refusal};
use auth::ErrorCode;
use auth::flow::{self, LinkProof, Proof, SignIn};
use auth::view::{LinkAsks, SignUpStatus};

on_both_databases! {
    async fn a_link_proves_the_address_and_the_welcome_goes_out_once(world: World) {
        let ticket = world.sign_up("alice@example.com").await.unwrap();
        assert!(matches!(flow::sign_up_status(&world.auth, &ticket).await.unwrap(), SignUpStatus::Waiting { .. }));

        let token = world.mailed_token("alice@example.com").await;
        let shown = flow::link_is_live(&world.auth, &token, Some(&ticket)).await.unwrap();
        assert_eq!(shown, Some((email("alice@example.com"), LinkAsks::Nothing)), "no password in the browser that signed up");
        let proved = flow::verify_email(&world.auth, link(token.clone()), &context()).await.unwrap();
        assert_eq!(proved, email("alice@example.com"));
        assert!(matches!(flow::sign_up_status(&world.auth, &ticket).await.unwrap(), SignUpStatus::Verified { .. }));

        let again = flow::verify_email(&world.auth, link(token), &context()).await;
        assert_eq!(refusal(again), ErrorCode::LinkExpired);
        let kinds: Vec<_> = world.inbox().await.into_iter().map(|mail| mail.kind).collect();
        assert_eq!(kinds.iter().filter(|kind| *kind == "welcome").count(), 1);
        world.sign_in("alice@example.com").await;
    }

    async fn a_typed_code_proves_the_address_too(world: World) {
        let ticket = world.sign_up("bob@example.com").await.unwrap();
        let code = world.mailed_code("bob@example.com").await;
        let wrong = Proof::TicketCode(ticket.clone(), other_code(&code));
        assert_eq!(refusal(flow::verify_email(&world.auth, wrong, &context()).await), ErrorCode::WrongCode);
        flow::verify_email(&world.auth, Proof::TicketCode(ticket, code), &context()).await.unwrap();
        world.sign_in("bob@example.com").await;
    }

    async fn a_program_sends_address_and_code(world: World) {
        world.sign_up("carol@example.com").await.unwrap();
        let code = world.mailed_code("carol@example.com").await;
        let stranger = Proof::EmailCode(email("dave@example.com"), code.clone());
        assert_eq!(refusal(flow::verify_email(&world.auth, stranger, &context()).await), ErrorCode::WrongCode);
        let proof = Proof::EmailCode(email("carol@example.com"), code);
        flow::verify_email(&world.auth, proof, &context()).await.unwrap();
    }

    async fn five_wrong_codes_kill_the_code_and_a_new_mail_helps(world: World) {
        let ticket = world.sign_up("erin@example.com").await.unwrap();
        let code = world.mailed_code("erin@example.com").await;
        for attempt in 1..=5 {
            let wrong = Proof::TicketCode(ticket.clone(), other_code(&code));
            let expected = if attempt < 5 { ErrorCode::WrongCode } else { ErrorCode::CodeExhausted };
            assert_eq!(refusal(flow::verify_email(&world.auth, wrong, &context()).await), expected);
        }
        let right = Proof::TicketCode(ticket.clone(), code);
        assert_eq!(refusal(flow::verify_email(&world.auth, right, &context()).await), ErrorCode::CodeExhausted);

        world.clock.advance_seconds(31);
        flow::resend_verification(&world.auth, &ticket, &context()).await.unwrap();
        let code = world.mailed_code("erin@example.com").await;
        flow::verify_email(&world.auth, Proof::TicketCode(ticket, code), &context()).await.unwrap();
    }

    async fn asking_again_is_limited_and_kills_the_older_mail(world: World) {
        let ticket = world.sign_up("frank@example.com").await.unwrap();
        let old = world.mailed_token("frank@example.com").await;
        assert_eq!(refusal(flow::resend_verification(&world.auth, &ticket, &context()).await), ErrorCode::TooSoon);
        world.clock.advance_seconds(31);
        flow::resend_verification(&world.auth, &ticket, &context()).await.unwrap();
        assert_eq!(
            refusal(flow::verify_email(&world.auth, link(old), &context()).await),
            ErrorCode::LinkExpired
        );
        for _ in 0..3 {
            world.clock.advance_seconds(31);
            flow::resend_verification(&world.auth, &ticket, &context()).await.unwrap();
        }
        world.clock.advance_seconds(31);
        assert_eq!(refusal(flow::resend_verification(&world.auth, &ticket, &context()).await), ErrorCode::TooSoon);
        assert_eq!(world.inbox_of("frank@example.com").await.len(), 5);
    }

    async fn a_known_address_gets_the_same_answer_and_another_mail(world: World) {
        world.create_account("grace@example.com").await;
        world.clock.advance_seconds(1);
        let ticket = world.sign_up_with("grace@example.com", "a stranger's long password").await.unwrap();
        assert!(matches!(flow::sign_up_status(&world.auth, &ticket).await.unwrap(), SignUpStatus::Waiting { .. }));
        let newest = world.inbox_of("grace@example.com").await.remove(0);
        assert_eq!(newest.kind, "already_registered");
        assert!(newest.code.is_none() && !newest.text.contains("token="));
        world.sign_in("grace@example.com").await;
        // The stranger sees what the owner of a new address would see: a page that waits.
        let stranger = world.try_sign_in("grace@example.com", "a stranger's long password").await.unwrap();
        assert!(matches!(stranger, SignIn::NeedsVerification(_)));
    }

    async fn nobody_prepares_an_account_for_somebody_else(world: World) {
        world.sign_up_with("heidi@example.com", "the attacker's password").await.unwrap();
        world.clock.advance_seconds(1);
        world.sign_up("heidi@example.com").await.unwrap();
        let token = world.mailed_token("heidi@example.com").await;
        flow::verify_email(&world.auth, link(token), &context()).await.unwrap();
        world.sign_in("heidi@example.com").await;
        let attacker = world.try_sign_in("heidi@example.com", "the attacker's password").await.unwrap();
        assert!(matches!(attacker, SignIn::NeedsVerification(_)), "and that page leads nowhere");
    }

    async fn the_owner_cannot_be_made_to_confirm_a_strangers_sign_up(world: World) {
        let own = world.sign_up("olivia@example.com").await.unwrap();
        world.clock.advance_seconds(1);
        world.sign_up_with("olivia@example.com", "the attacker's password").await.unwrap();
        let newest = world.mailed_token("olivia@example.com").await;
        assert_eq!(
            flow::link_is_live(&world.auth, &newest, Some(&own)).await.unwrap(),
            Some((email("olivia@example.com"), LinkAsks::Password))
        );
        let opened = Proof::Link(LinkProof { token: newest.clone(), ticket: Some(own), password: None });
        assert_eq!(refusal(flow::verify_email(&world.auth, opened, &context()).await), ErrorCode::InvalidFields);
        let typed = flow::verify_email(&world.auth, link(newest), &context()).await;
        assert_eq!(refusal(typed), ErrorCode::InvalidCredentials, "her own password is not the attacker's");
    }

    async fn beyond_ten_mails_an_hour_nobody_is_flooded(world: World) {
        for _ in 0..14 {
            world.sign_up("pat@example.com").await.unwrap();
        }
        assert_eq!(world.inbox_of("pat@example.com").await.len(), 10);
        world.clock.advance_seconds(3600);
        world.sign_up("pat@example.com").await.unwrap();
        assert_eq!(world.inbox_of("pat@example.com").await.len(), 11);
    }

    async fn a_thousand_parallel_guesses_are_five(world: World) {
        let ticket = world.sign_up("quinn@example.com").await.unwrap();
        let code = world.mailed_code("quinn@example.com").await;
        let guesses: Vec<_> = (0..200)
            .map(|_| {
                let (auth, wrong) = (world.auth.clone(), Proof::TicketCode(ticket.clone(), other_code(&code)));
                tokio::spawn(async move { flow::verify_email(&auth, wrong, &context()).await.is_err() })
            })
            .collect();
        for guess in guesses {
            assert!(guess.await.unwrap());
        }
        let right = Proof::TicketCode(ticket, code);
        assert_eq!(refusal(flow::verify_email(&world.auth, right, &context()).await), ErrorCode::CodeExhausted);
    }

    async fn many_sign_ups_for_one_address_make_one_account_without_a_deadlock(world: World) {
        let mut links = Vec::new();
        for _ in 0..6 {
            world.sign_up("rita@example.com").await.unwrap();
            world.clock.advance_seconds(1);
            links.push(world.mailed_token("rita@example.com").await);
        }
        let proofs: Vec<_> = links
            .into_iter()
            .map(|token| {
                let auth = world.auth.clone();
                tokio::spawn(async move { flow::verify_email(&auth, link(token), &context()).await })
            })
            .collect();
        let mut granted = 0;
        for proof in proofs {
            match proof.await.unwrap() {
                Ok(_) => granted += 1,
                Err(error) => assert_eq!(error.refusal().code, ErrorCode::LinkExpired),
            }
        }
        assert_eq!(granted, 1);
    }

    async fn twenty_parallel_proofs_make_one_account(world: World) {
        world.sign_up("ivan@example.com").await.unwrap();
        let token = world.mailed_token("ivan@example.com").await;
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let (auth, token) = (world.auth.clone(), token.clone());
                tokio::spawn(async move { flow::verify_email(&auth, link(token), &context()).await.is_ok() })
            })
            .collect();
        let mut granted = 0;
        for one in tries {
            granted += usize::from(one.await.unwrap());
        }
        assert_eq!(granted, 1);
        let welcomes = world.inbox_of("ivan@example.com").await.into_iter().filter(|mail| mail.kind == "welcome");
        assert_eq!(welcomes.count(), 1);
    }

    async fn link_and_code_end_after_a_day(world: World) {
        let ticket = world.sign_up("judy@example.com").await.unwrap();
        let (token, code) = (world.mailed_token("judy@example.com").await, world.mailed_code("judy@example.com").await);
        world.clock.advance_seconds(24 * 60 * 60);
        let late = flow::verify_email(&world.auth, link(token), &context()).await;
        assert_eq!(refusal(late), ErrorCode::LinkExpired);
        let late = flow::verify_email(&world.auth, Proof::TicketCode(ticket.clone(), code), &context()).await;
        assert!(late.is_err());
        assert_eq!(flow::sign_up_status(&world.auth, &ticket).await.unwrap(), SignUpStatus::Gone);
    }

    async fn an_unproved_person_with_the_right_password_is_led_to_the_waiting_page(world: World) {
        world.sign_up("kim@example.com").await.unwrap();
        world.clock.advance_seconds(60);
        let SignIn::NeedsVerification(ticket) =
            world.try_sign_in("kim@example.com", crate::support::PASSWORD).await.unwrap() else { panic!("signed in") };
        let code = world.mailed_code("kim@example.com").await;
        flow::verify_email(&world.auth, Proof::TicketCode(ticket, code), &context()).await.unwrap();
        let wrong = world.try_sign_in("kim@example.com", "not the password").await;
        assert_eq!(refusal(wrong), ErrorCode::InvalidCredentials);
    }

    async fn a_common_password_is_refused_with_the_reason(world: World) {
        let refused = world.sign_up_with("leo@example.com", "password1234").await.err().unwrap().refusal();
        assert_eq!(refused.issue(auth::Field::Password), Some(auth::FieldIssue::PasswordCommon));
        assert!(world.inbox().await.is_empty());
    }
}
