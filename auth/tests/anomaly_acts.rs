//! Stories of what follows from a sign-in that looks unusual: it is asked for more, its owner is told once, and nobody is
//! kept out.

use crate::support::anomalies::{EMAIL, LINUX, PARIS, TOKYO, at, enter, is_let_in, listed, sign_in, worldwide};
use crate::support::second_factor::{first_half, proof, prove};
use crate::support::totp::{code_at, enrol_totp};
use crate::support::{World, refusal};
use auth::anomaly::{AnomalyOutcome, AnomalyReason};
use auth::factor::FactorProof;
use auth::flow::{self, PendingSignIn, SignIn};
use auth::{Context, ErrorCode, FactorMethod, TypedCode};
use secrecy::SecretString;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const PHONE: &str = "Safari on iPhone";

/// Somebody in Paris with an authenticator app who trusts their browser: the key of the app, and the cookie.
async fn trusting(world: &World) -> (SecretString, SecretString) {
    world.create_account(EMAIL).await;
    let key = enrol_totp(world, EMAIL).await;
    let ticket = first_half(world, EMAIL).await.ticket;
    let proved = prove(world, &ticket, &code_at(&key, world.auth.now()), true).await.unwrap();
    (key, proved.trusted.unwrap())
}

async fn asked(world: &World, cookie: Option<&SecretString>, context: &Context) -> PendingSignIn {
    match sign_in(world, EMAIL, cookie, context).await {
        SignIn::NeedsSecondFactor(pending) => pending,
        _ => panic!("it was not asked for more"),
    }
}

async fn mails(world: &World, kind: &str) -> usize {
    world.inbox_of(EMAIL).await.iter().filter(|mail| mail.kind == kind).count()
}

fn mailed(code: &str) -> FactorProof {
    FactorProof::Code { method: FactorMethod::EmailCode, code: TypedCode::parse(code).ok().unwrap() }
}

/// The newest code that was mailed.
async fn mailed_code(world: &World) -> String {
    let mails = world.inbox_of(EMAIL).await;
    mails.into_iter().find(|mail| mail.kind == "second_factor_code").unwrap().code.unwrap()
}

on_both_databases! {
    async fn from_paris_to_tokyo_in_twenty_minutes_a_trusted_device_is_asked(world: World) {
        let world = worldwide(world).await;
        let (key, cookie) = trusting(&world).await;
        world.clock.advance_seconds(20 * MINUTE);
        let pending = asked(&world, Some(&cookie), &at(TOKYO, LINUX)).await;
        assert_eq!(pending.methods[0], FactorMethod::Totp);
        assert_eq!(listed(&world).await[0].record.outcome, AnomalyOutcome::Asked);
        // The control: the same cookie, at home and in another network of the same city.
        for address in [PARIS, "198.51.100.7"] {
            let entered = sign_in(&world, EMAIL, Some(&cookie), &at(address, LINUX)).await;
            assert!(matches!(entered, SignIn::SignedIn(_)), "{address}");
        }
        let code = code_at(&key, world.auth.now());
        flow::second_factor(&world.auth, &pending.ticket, proof(&code), false, &at(TOKYO, LINUX)).await.unwrap();
        let listed = listed(&world).await;
        assert_eq!((listed.len(), listed[0].record.outcome), (1, AnomalyOutcome::Proved));
        assert_eq!(listed[0].record.reasons, [AnomalyReason::ImpossibleTravel]);
        assert_eq!((mails(&world, "unusual_sign_in").await, mails(&world, "new_device").await), (1, 0));
    }

    async fn who_takes_an_airliner_is_not_asked(world: World) {
        let world = worldwide(world).await;
        let (_, cookie) = trusting(&world).await;
        world.clock.advance_seconds(13 * HOUR);
        let entered = sign_in(&world, EMAIL, Some(&cookie), &at(TOKYO, LINUX)).await;
        assert!(matches!(entered, SignIn::SignedIn(_)));
        assert!(listed(&world).await.is_empty());
    }

    async fn without_the_file_of_places_nobody_travels(world: World) {
        let (_, cookie) = trusting(&world).await;
        let entered = sign_in(&world, EMAIL, Some(&cookie), &at(TOKYO, LINUX)).await;
        assert!(matches!(entered, SignIn::SignedIn(_)));
        assert!(listed(&world).await.is_empty());
    }

    async fn who_has_no_factor_gets_a_code_by_mail_and_is_in(world: World) {
        let world = worldwide(world).await;
        world.create_account(EMAIL).await;
        assert!(is_let_in(&world, EMAIL, &at(PARIS, LINUX)).await);
        world.clock.advance_seconds(20 * MINUTE);
        let there = at(TOKYO, PHONE);
        let pending = asked(&world, None, &there).await;
        assert_eq!(pending.methods, [FactorMethod::EmailCode]);
        let view = flow::pending_sign_in(&world.auth, &pending.ticket).await.unwrap();
        assert!(view.is_by_mail && view.methods == [FactorMethod::EmailCode]);
        let code = mailed_code(&world).await;
        let give = |proof: FactorProof| {
            let (auth, ticket, there) = (world.auth.clone(), pending.ticket.clone(), there.clone());
            async move { flow::second_factor(&auth, &ticket, proof, true, &there).await }
        };
        let wrong = if code == "00000000" { "00000001" } else { "00000000" };
        assert_eq!(refusal(give(mailed(wrong)).await), ErrorCode::WrongCode);
        let recovery = FactorProof::Code {
            method: FactorMethod::RecoveryCode,
            code: TypedCode::parse("ABCD-EFGH-JKLM-NPQR").ok().unwrap(),
        };
        assert_eq!(refusal(give(recovery).await), ErrorCode::FactorUnavailable);
        let recovery = flow::start_account_recovery(&world.auth, &pending.ticket, &there).await;
        assert_eq!(refusal(recovery), ErrorCode::FactorUnavailable, "there is no factor that could be lost");
        let entered = give(mailed(&code)).await.unwrap();
        assert!(entered.trusted.is_none(), "there is no factor that a trusted device would stand in for");
        assert_eq!(refusal(give(mailed(&code)).await), ErrorCode::SecondFactorExpired);
        // The code told of it, and so nothing else does.
        let others = [mails(&world, "new_device").await, mails(&world, "unusual_sign_in").await];
        assert_eq!((mails(&world, "second_factor_code").await, others), (1, [0, 0]));
        assert!(is_let_in(&world, EMAIL, &there).await, "it is where they were last");
    }

    async fn who_signed_out_everywhere_is_asked_in_tokyo_too(world: World) {
        let world = worldwide(world).await;
        world.create_account(EMAIL).await;
        for (minutes, is_asked) in [(20, true), (13 * 60, false)] {
            let session = enter(&world, EMAIL, &at(PARIS, LINUX)).await;
            flow::sign_out(&world.auth, &session.refresh_token, &at(PARIS, LINUX)).await.unwrap();
            world.clock.advance_seconds(minutes * MINUTE);
            assert_eq!(is_let_in(&world, EMAIL, &at(TOKYO, PHONE)).await, !is_asked, "after {minutes} minutes");
        }
    }

    async fn another_code_is_sent_on_request_and_the_older_is_dead(world: World) {
        let world = worldwide(world).await;
        world.create_account(EMAIL).await;
        assert!(is_let_in(&world, EMAIL, &at(PARIS, LINUX)).await);
        let there = at(TOKYO, LINUX);
        let pending = asked(&world, None, &there).await;
        let first = mailed_code(&world).await;
        let send = |method| flow::send_second_factor_code(&world.auth, &pending.ticket, method, &there);
        assert_eq!(refusal(send(FactorMethod::EmailCode).await), ErrorCode::TooSoon);
        assert_eq!(refusal(send(FactorMethod::SmsCode).await), ErrorCode::FactorUnavailable);
        world.clock.advance_seconds(MINUTE);
        send(FactorMethod::EmailCode).await.unwrap();
        let second = mailed_code(&world).await;
        let give = |code: &str| flow::second_factor(&world.auth, &pending.ticket, mailed(code), false, &there);
        if first != second {
            assert_eq!(refusal(give(&first).await), ErrorCode::WrongCode);
        }
        assert!(give(&second).await.is_ok());
    }

    async fn who_gets_a_factor_meanwhile_is_asked_for_that(world: World) {
        let world = worldwide(world).await;
        world.create_account(EMAIL).await;
        let caller = world.caller(&world.sign_in(EMAIL).await);
        let there = at(TOKYO, LINUX);
        let pending = asked(&world, None, &there).await;
        let code = mailed_code(&world).await;
        let (key, _) = crate::support::totp::enrol(&world, &caller).await;
        let answer = flow::second_factor(&world.auth, &pending.ticket, mailed(&code), false, &there).await;
        assert_eq!(refusal(answer), ErrorCode::FactorUnavailable);
        let code = code_at(&key, world.auth.now());
        let answer = flow::second_factor(&world.auth, &pending.ticket, proof(&code), false, &there).await;
        assert!(answer.is_ok());
    }

    async fn switched_off_the_owner_is_told_and_nobody_is_asked(world: World) {
        let world = worldwide(world).await;
        let (_, cookie) = trusting(&world).await;
        let node = world.another_node_with(&world.clock, |settings| {
            settings.anomalies = crate::support::anomalies::settings();
            settings.anomalies.step_up = false;
        });
        let world = World { auth: node.await.unwrap(), ..world };
        let entered = sign_in(&world, EMAIL, Some(&cookie), &at(TOKYO, PHONE)).await;
        assert!(matches!(entered, SignIn::SignedIn(_)));
        assert_eq!(listed(&world).await[0].record.outcome, AnomalyOutcome::LetIn);
        assert_eq!((mails(&world, "unusual_sign_in").await, mails(&world, "new_device").await), (1, 0));
    }

    async fn who_knows_a_password_fills_no_mailbox(world: World) {
        let world = worldwide(world).await;
        trusting(&world).await;
        for _ in 0..5 {
            asked(&world, None, &at(TOKYO, LINUX)).await;
            world.clock.advance_seconds(MINUTE);
        }
        assert_eq!((mails(&world, "unusual_sign_in").await, listed(&world).await.len()), (1, 5));
        world.clock.advance_seconds(HOUR);
        asked(&world, None, &at(TOKYO, LINUX)).await;
        assert_eq!(mails(&world, "unusual_sign_in").await, 2);
    }

    async fn the_tenth_account_from_one_client_is_asked_and_neighbours_of_every_day_are_not(world: World) {
        let people: Vec<String> = (0..10).map(|number| format!("user{number}@example.com")).collect();
        for email in &people {
            world.create_account(email).await;
            assert!(is_let_in(&world, email, &at(PARIS, LINUX)).await);
        }
        // Behind a proxy that nobody trusts all clients are one, and none.
        for email in &people {
            assert!(is_let_in(&world, email, &at("127.0.0.1", LINUX)).await, "{email}");
        }
        assert!(listed(&world).await.is_empty());
        for (email, number) in people.iter().zip(1..) {
            world.clock.advance_seconds(1);
            let is_in = is_let_in(&world, email, &at(TOKYO, LINUX)).await;
            assert_eq!(is_in, number < 10, "{email}");
        }
        let noted = listed(&world).await;
        assert_eq!((noted.len(), noted[0].record.accounts), (6, 10), "from the fifth on");
        assert!(noted.iter().all(|item| item.record.reasons == [AnomalyReason::ManyAccounts]));
        // They come from there again: nobody is new but who was asked, and that is one.
        world.clock.advance_seconds(2 * HOUR);
        for email in &people {
            assert!(is_let_in(&world, email, &at(PARIS, LINUX)).await);
            assert!(is_let_in(&world, email, &at(TOKYO, LINUX)).await);
        }
        assert_eq!(listed(&world).await.len(), 6);
    }

    async fn who_was_only_asked_is_new_at_the_client_the_next_time(world: World) {
        let people: Vec<String> = (0..20).map(|number| format!("user{number}@example.com")).collect();
        for email in &people {
            world.create_account(email).await;
            assert!(is_let_in(&world, email, &at(PARIS, LINUX)).await);
        }
        for (email, number) in people.iter().zip(1..) {
            assert_eq!(is_let_in(&world, email, &at(TOKYO, LINUX)).await, number < 10, "{email}");
        }
        // An hour later whoever has the passwords goes on with the eleven accounts that are left.
        world.clock.advance_seconds(HOUR + 1);
        for (email, number) in people[9..].iter().zip(1..) {
            assert_eq!(is_let_in(&world, email, &at(TOKYO, LINUX)).await, number < 10, "{email}");
        }
    }
}
