//! Stories of the second half of a sign-in.

use crate::support::password_reset::NEW;
use crate::support::second_factor::{first_half, proof, prove, sign_in};
use crate::support::tokens::read;
use crate::support::totp::{code_at, enrol_totp};
use crate::support::{PASSWORD, World, context, email, refusal};
use auth::flow::{self, SignIn};
use auth::form::PasswordChange;
use auth::store::{Entry, Store};
use auth::{ErrorCode, EventFilter, EventKind, FactorMethod, Timestamp};
use secrecy::SecretString;
use serde_json::json;

const EMAIL: &str = "alice@example.com";
const TEN_MINUTES: i64 = 10 * 60;

async fn kinds(world: &World, session: &flow::SignedIn) -> Vec<EventKind> {
    let caller = world.caller(session);
    let page = flow::list_activity(&world.auth, &caller, EventFilter::SignIn, None).await.unwrap();
    page.items.into_iter().map(|item| item.kind).collect()
}

on_both_databases! {
    async fn a_right_password_alone_makes_no_session(world: World) {
        world.create_account(EMAIL).await;
        let key = enrol_totp(&world, EMAIL).await;
        let pending = first_half(&world, EMAIL).await;
        assert_eq!(pending.methods, [FactorMethod::Totp, FactorMethod::RecoveryCode], "strongest first");
        let view = flow::pending_sign_in(&world.auth, &pending.ticket).await.unwrap();
        assert_eq!((view.email.as_str(), view.tries_left, view.locked_for), (EMAIL, 5, 0));
        assert_eq!(view.methods, pending.methods);

        let code = code_at(&key, world.auth.now());
        let session = prove(&world, &pending.ticket, &code, false).await.unwrap().signed_in;
        let kinds = kinds(&world, &session).await;
        assert!(kinds.contains(&EventKind::FactorAsked), "{kinds:?}");
        let sessions = flow::list_sessions(&world.auth, &world.caller(&session), None).await.unwrap().items;
        let own = sessions.iter().find(|item| item.is_current).unwrap();
        assert_eq!((own.method.as_str(), own.factor), ("pwd", Some(FactorMethod::Totp)));
        let again = prove(&world, &pending.ticket, &code, false).await;
        assert_eq!(refusal(again), ErrorCode::SecondFactorExpired, "a ticket works once");
    }

    async fn a_token_says_what_was_proved(world: World) {
        world.create_account(EMAIL).await;
        let before = read(&world.sign_in(EMAIL).await.access.access_token).1;
        assert_eq!((&before["amr"], &before["acr"]), (&json!(["pwd"]), &json!("aal1")));
        let key = enrol_totp(&world, EMAIL).await;
        world.clock.advance_seconds(60);
        let pending = first_half(&world, EMAIL).await;
        world.clock.advance_seconds(60);
        let now = world.auth.now();
        let session = prove(&world, &pending.ticket, &code_at(&key, now), false).await.unwrap().signed_in;
        world.clock.advance_seconds(600);
        let refreshed = flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
        for token in [session.access.access_token, refreshed.access.access_token] {
            let claims = read(&token).1;
            assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pwd", "otp", "mfa"]), &json!("aal2")));
            assert_eq!(claims["auth_time"], json!(now.seconds()));
        }
    }

    async fn a_wrong_code_leaves_the_ticket_and_is_told(world: World) {
        world.create_account(EMAIL).await;
        let key = enrol_totp(&world, EMAIL).await;
        let ticket = first_half(&world, EMAIL).await.ticket;
        let code = code_at(&key, world.auth.now());
        let guess = crate::support::second_factor::wrong(&code);
        assert_eq!(refusal(prove(&world, &ticket, &guess, false).await), ErrorCode::WrongCode);
        assert_eq!(flow::pending_sign_in(&world.auth, &ticket).await.unwrap().tries_left, 4);
        let session = prove(&world, &ticket, &code, false).await.unwrap().signed_in;
        assert!(kinds(&world, &session).await.contains(&EventKind::FactorRefused));
    }

    async fn a_kind_that_the_account_does_not_have_costs_no_try(world: World) {
        world.create_account(EMAIL).await;
        enrol_totp(&world, EMAIL).await;
        let ticket = first_half(&world, EMAIL).await.ticket;
        for method in [FactorMethod::SmsCode, FactorMethod::EmailCode, FactorMethod::Totp, FactorMethod::Passkey] {
            let sent = flow::send_second_factor_code(&world.auth, &ticket, method, &context()).await;
            assert_eq!(refusal(sent), ErrorCode::FactorUnavailable, "{method:?}");
        }
        let mailed = auth::factor::FactorProof::parse("email_code", "12345678", "".into(), None).ok().unwrap();
        let proved = flow::second_factor(&world.auth, &ticket, mailed, false, &context()).await;
        assert_eq!(refusal(proved), ErrorCode::FactorUnavailable);
        assert_eq!(flow::pending_sign_in(&world.auth, &ticket).await.unwrap().tries_left, 5);
    }

    async fn a_ticket_ends_after_ten_minutes_and_an_invented_one_never_began(world: World) {
        world.create_account(EMAIL).await;
        let key = enrol_totp(&world, EMAIL).await;
        let ticket = first_half(&world, EMAIL).await.ticket;
        world.clock.advance_seconds(TEN_MINUTES - 1);
        flow::pending_sign_in(&world.auth, &ticket).await.unwrap();
        world.clock.advance_seconds(1);
        let code = code_at(&key, world.auth.now());
        for dead in [ticket, SecretString::from("invented"), SecretString::from("")] {
            let seen = flow::pending_sign_in(&world.auth, &dead).await;
            assert_eq!(refusal(seen), ErrorCode::SecondFactorExpired);
            assert_eq!(refusal(prove(&world, &dead, &code, false).await), ErrorCode::SecondFactorExpired);
        }
        let live = first_half(&world, EMAIL).await.ticket;
        prove(&world, &live, &code, false).await.expect("a dead ticket uses up no code");
    }

    async fn a_change_of_the_password_ends_what_waits(world: World) {
        world.create_account(EMAIL).await;
        let key = enrol_totp(&world, EMAIL).await;
        let first = first_half(&world, EMAIL).await.ticket;
        let code = code_at(&key, world.auth.now());
        let owner = world.caller(&prove(&world, &first, &code, false).await.unwrap().signed_in);
        let ticket = first_half(&world, EMAIL).await.ticket;
        let change = PasswordChange { current: PASSWORD.into(), new: NEW.into(), end_other_sessions: false };
        flow::change_password(&world.auth, &owner, change, &context()).await.unwrap();
        world.clock.advance_seconds(30);
        let code = code_at(&key, world.auth.now());
        assert_eq!(refusal(prove(&world, &ticket, &code, false).await), ErrorCode::SecondFactorExpired);
    }

    async fn another_browser_keeps_its_ticket_and_the_twenty_first_ends_the_oldest(world: World) {
        world.create_account(EMAIL).await;
        enrol_totp(&world, EMAIL).await;
        let mut tickets = Vec::new();
        for _ in 0..21 {
            tickets.push(first_half(&world, EMAIL).await.ticket);
            world.clock.advance_seconds(1);
        }
        for (place, ticket) in tickets.iter().enumerate() {
            let lives = flow::pending_sign_in(&world.auth, ticket).await.is_ok();
            assert_eq!(lives, place > 0, "ticket {place}");
        }
    }

    async fn of_twenty_right_codes_with_one_ticket_one_makes_a_session(world: World) {
        world.create_account(EMAIL).await;
        let key = enrol_totp(&world, EMAIL).await;
        let ticket = first_half(&world, EMAIL).await.ticket;
        let code = code_at(&key, world.auth.now());
        let nodes = [world.auth.clone(), world.another_node().await];
        let tries: Vec<_> = (0..20)
            .map(|number| {
                let (node, ticket, proof) = (nodes[number % 2].clone(), ticket.clone(), proof(&code));
                tokio::spawn(async move { flow::second_factor(&node, &ticket, proof, true, &context()).await })
            })
            .collect();
        let mut winners = Vec::new();
        for one in tries {
            winners.extend(one.await.unwrap().ok());
        }
        assert_eq!(winners.len(), 1);
        let caller = world.caller(&winners[0].signed_in);
        let trusted = flow::list_trusted_devices(&world.auth, &caller, None).await.unwrap();
        assert_eq!(trusted.len(), 1, "and trusts one browser");
    }

    async fn a_factor_that_came_meanwhile_is_asked_for(world: World) {
        world.create_account(EMAIL).await;
        world.sign_in(EMAIL).await;
        let user = world.auth.store().user_by_email(&email(EMAIL)).await.unwrap().unwrap();
        let held = |passes_factors| Entry {
            user_id: &user.id,
            verified: user.password_hash.as_deref(),
            password_hash: user.password_hash.as_deref(),
            device: "Firefox on Linux",
            device_since: Timestamp(0),
            passes_factors,
            now: world.auth.now(),
        };
        let store: &Store = world.auth.store();
        let mut tx = store.begin().await.unwrap();
        assert!(tx.hold_for_entry(held(false)).await.unwrap().is_some(), "nothing is to be asked");
        tx.add_factor(&user.id, FactorMethod::Totp, world.auth.now()).await.unwrap();
        assert!(tx.hold_for_entry(held(false)).await.unwrap().is_none(), "nobody asked for it");
        assert!(tx.hold_for_entry(held(true)).await.unwrap().is_some());
        tx.commit().await.unwrap();
        assert!(matches!(sign_in(&world.auth, EMAIL, None).await.unwrap(), SignIn::NeedsSecondFactor(_)));
    }

    async fn twenty_who_sign_in_while_a_factor_is_added_pass_or_are_asked(world: World) {
        world.create_account(EMAIL).await;
        world.sign_in(EMAIL).await;
        let user = world.auth.store().user_by_email(&email(EMAIL)).await.unwrap().unwrap();
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let auth = world.auth.clone();
                tokio::spawn(async move { sign_in(&auth, EMAIL, None).await })
            })
            .collect();
        let mut tx = world.auth.store().begin().await.unwrap();
        tx.add_factor(&user.id, FactorMethod::Totp, world.auth.now()).await.unwrap();
        tx.commit().await.unwrap();
        for one in tries {
            let entered = one.await.unwrap();
            assert!(matches!(entered, Ok(SignIn::SignedIn(_) | SignIn::NeedsSecondFactor(_))), "nobody fails");
        }
        assert!(matches!(sign_in(&world.auth, EMAIL, None).await.unwrap(), SignIn::NeedsSecondFactor(_)));
    }

    async fn whoever_says_it_was_not_them_ends_what_waits(world: World) {
        world.create_account(EMAIL).await;
        let key = enrol_totp(&world, EMAIL).await;
        let ticket = first_half(&world, EMAIL).await.ticket;
        let code = code_at(&key, world.auth.now());
        let session = prove(&world, &first_half(&world, EMAIL).await.ticket, &code, true).await.unwrap().signed_in;
        let caller = world.caller(&session);
        let page = flow::list_activity(&world.auth, &caller, EventFilter::SignIn, None).await.unwrap();
        let asked = page.items.iter().find(|item| item.kind == EventKind::FactorAsked).unwrap();
        flow::secure_account_by_event(&world.auth, &caller, &asked.id, &context()).await.unwrap();
        let dead = flow::pending_sign_in(&world.auth, &ticket).await;
        assert_eq!(refusal(dead), ErrorCode::SecondFactorExpired);
    }

    async fn what_waited_is_forgotten(world: World) {
        world.create_account(EMAIL).await;
        enrol_totp(&world, EMAIL).await;
        first_half(&world, EMAIL).await;
        assert_eq!(world.auth.store().delete_old_pending_sign_ins(world.auth.now(), 10).await.unwrap(), 0);
        world.clock.advance_seconds(TEN_MINUTES + 1);
        assert_eq!(world.auth.store().delete_old_pending_sign_ins(world.auth.now(), 10).await.unwrap(), 1);
    }
}
