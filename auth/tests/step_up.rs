//! Stories of the step-up: a risky act asks for the strongest factor of the account.

use crate::support::password_reset::NEW;
use crate::support::step_up::{STEP, claims, prove_by_app, prove_by_code, sign_in_trusted, sign_in_with_app};
use crate::support::totp::{code_at, enrol, enrol_totp};
use crate::support::{PASSWORD, World, context, email, refusal};
use auth::clock::FakeClock;
use auth::flow::{self, FreshProof};
use auth::form::PasswordChange;
use auth::session::Caller;
use auth::{ErrorCode, FactorMethod, Permission};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

const EMAIL: &str = "alice@example.com";
const ADMIN: &str = "ada@example.com";
const FRESH: i64 = 15 * 60;
/// What proves an account with an app.
const APP: [&str; 2] = ["totp", "recovery_code"];

/// What would prove the caller, when their proof is old.
async fn asked_for(world: &World, caller: &Caller) -> Option<Vec<&'static str>> {
    let refused = flow::require_fresh_proof(&world.auth, caller).await.err()?.refusal();
    assert_eq!(refused.code, ErrorCode::ReauthenticationRequired);
    Some(refused.methods)
}

/// A session on a trusted device, of an account with an app: it proved the password and nothing else.
async fn on_trusted_device(world: &World) -> (flow::SignedIn, Caller, SecretString) {
    world.create_account(EMAIL).await;
    let secret = enrol_totp(world, EMAIL).await;
    let trusted = sign_in_with_app(world, EMAIL, &secret, true).await.trusted.unwrap();
    world.clock.advance_seconds(STEP);
    let session = sign_in_trusted(world, EMAIL, &trusted).await;
    let caller = world.caller(&session);
    (session, caller, secret)
}

/// What an administrator may do in this session.
async fn permitted(world: &World, caller: &Caller) -> auth::Result<()> {
    flow::require_permission(&world.auth, caller, Permission::ReadUsers).await.map(|_| ())
}

fn change(current: &str) -> PasswordChange {
    PasswordChange { current: current.into(), new: NEW.into(), end_other_sessions: true }
}

on_both_databases! {
    async fn an_account_with_a_factor_proves_it_and_its_password_proves_nothing(world: World) {
        world.create_account(EMAIL).await;
        let secret = enrol_totp(&world, EMAIL).await;
        let caller = world.caller(&sign_in_with_app(&world, EMAIL, &secret, false).await.signed_in);
        world.clock.advance_seconds(FRESH - 1);
        assert_eq!(asked_for(&world, &caller).await, None, "the sign-in proved it");
        world.clock.advance_seconds(1);
        assert_eq!(asked_for(&world, &caller).await, Some(APP.to_vec()));

        let password = FreshProof::Password(PASSWORD.into());
        let refused = flow::reauthenticate(&world.auth, &caller, &password, &context()).await.err().unwrap().refusal();
        assert_eq!((refused.code, refused.methods), (ErrorCode::ReauthenticationRequired, APP.to_vec()));
        assert!(asked_for(&world, &caller).await.is_some());

        prove_by_app(&world, &caller, &secret).await.unwrap();
        assert_eq!(asked_for(&world, &caller).await, None);
        assert_eq!(refusal(prove_by_app(&world, &caller, &secret).await), ErrorCode::WrongCode, "a code works once");
        world.clock.advance_seconds(FRESH);
        assert!(asked_for(&world, &caller).await.is_some());
    }

    async fn an_account_without_a_factor_is_asked_for_its_password(world: World) {
        world.create_account(EMAIL).await;
        let caller = world.caller(&world.sign_in(EMAIL).await);
        world.clock.advance_seconds(FRESH);
        assert_eq!(asked_for(&world, &caller).await, Some(vec!["password"]));
        let code = prove_by_code(&world.auth, &caller, FactorMethod::Totp, "123456").await;
        assert_eq!(refusal(code), ErrorCode::FactorUnavailable);
        assert_eq!(flow::step_up_methods(&world.auth, &caller).await.unwrap(), []);
    }

    async fn a_sign_in_without_the_factor_is_no_proof_of_it(world: World) {
        let (_, caller, secret) = on_trusted_device(&world).await;
        assert!(asked_for(&world, &caller).await.is_some(), "at once, on a trusted device");
        prove_by_app(&world, &caller, &secret).await.unwrap();
        assert_eq!(asked_for(&world, &caller).await, None);
    }

    async fn a_session_from_before_the_factor_has_not_proved_it(world: World) {
        world.create_account(EMAIL).await;
        let before = world.caller(&world.sign_in(EMAIL).await);
        let secret = enrol_totp(&world, EMAIL).await;
        assert!(asked_for(&world, &before).await.is_some());
        prove_by_app(&world, &before, &secret).await.unwrap();
        assert_eq!(asked_for(&world, &before).await, None);
    }

    async fn a_proof_in_one_session_is_none_in_another(world: World) {
        let (_, caller, secret) = on_trusted_device(&world).await;
        let other = world.caller(&sign_in_with_app(&world, EMAIL, &secret, false).await.signed_in);
        world.clock.advance_seconds(FRESH);
        prove_by_app(&world, &other, &secret).await.unwrap();
        assert!(asked_for(&world, &other).await.is_none() && asked_for(&world, &caller).await.is_some());
    }

    async fn a_recovery_code_counts_and_a_mailed_code_does_not(world: World) {
        world.create_account(EMAIL).await;
        let caller = world.caller(&world.sign_in(EMAIL).await);
        let (_, codes) = enrol(&world, &caller).await;
        assert_eq!(asked_for(&world, &caller).await, None, "setting it up is a proof");
        world.clock.advance_seconds(FRESH);
        assert!(asked_for(&world, &caller).await.is_some());
        let mailed = prove_by_code(&world.auth, &caller, FactorMethod::EmailCode, "12345678").await;
        assert_eq!(refusal(mailed), ErrorCode::FactorUnavailable);
        let sent = flow::send_step_up_code(&world.auth, &caller, FactorMethod::EmailCode, &context()).await;
        assert_eq!(refusal(sent), ErrorCode::FactorUnavailable, "and none is sent");
        let codes = codes.unwrap();
        let code = codes.codes()[0].expose_secret();
        prove_by_code(&world.auth, &caller, FactorMethod::RecoveryCode, code).await.unwrap();
        assert_eq!(asked_for(&world, &caller).await, None);
        let again = prove_by_code(&world.auth, &caller, FactorMethod::RecoveryCode, code).await;
        assert_eq!(refusal(again), ErrorCode::WrongCode);
    }

    async fn every_risky_act_asks_for_the_factor(world: World) {
        let (_, caller, secret) = on_trusted_device(&world).await;
        let auth = &world.auth;
        let asked = [
            refusal(flow::request_email_change(auth, &caller, &email("new@example.com"), &context()).await),
            refusal(flow::export_data(auth, &caller, &context()).await),
            refusal(flow::request_deletion(auth, &caller, &context()).await),
            refusal(flow::remove_totp(auth, &caller, &context()).await),
            refusal(flow::end_other_sessions(auth, &caller, &context()).await),
            refusal(flow::change_password(auth, &caller, change(PASSWORD), &context()).await),
        ];
        assert_eq!(asked, [ErrorCode::ReauthenticationRequired; 6]);
        let wrong = flow::change_password(auth, &caller, change("not the password"), &context()).await;
        assert_eq!(refusal(wrong), ErrorCode::InvalidFields, "told before anybody looks for their phone");
        prove_by_app(&world, &caller, &secret).await.unwrap();
        flow::change_password(auth, &caller, change(PASSWORD), &context()).await.unwrap();
    }

    async fn of_twenty_parallel_proofs_with_one_code_one_counts(world: World) {
        let (_, caller, secret) = on_trusted_device(&world).await;
        let code = code_at(&secret, world.auth.now());
        let proofs: Vec<_> = (0..20)
            .map(|_| {
                let (auth, caller, code) = (world.auth.clone(), caller.clone(), code.clone());
                tokio::spawn(async move { prove_by_code(&auth, &caller, FactorMethod::Totp, &code).await.is_ok() })
            })
            .collect();
        let mut winners = 0;
        for proof in proofs {
            winners += usize::from(proof.await.unwrap());
        }
        assert_eq!(winners, 1);
    }

    async fn a_proof_for_a_session_that_ended_is_none_and_uses_no_code(world: World) {
        let (_, caller, secret) = on_trusted_device(&world).await;
        flow::sign_out_caller(&world.auth, &caller, &context()).await.unwrap();
        assert_eq!(refusal(prove_by_app(&world, &caller, &secret).await), ErrorCode::SignedOut);
        sign_in_with_app(&world, EMAIL, &secret, false).await;
    }

    async fn the_next_access_token_says_what_was_proved(world: World) {
        let (session, caller, secret) = on_trusted_device(&world).await;
        let before = claims(&session.access.access_token);
        assert_eq!((before["acr"].as_str(), &before["amr"]), (Some("aal1"), &serde_json::json!(["pwd"])));
        world.clock.advance_seconds(60);
        prove_by_app(&world, &caller, &secret).await.unwrap();
        let refreshed = flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
        let after = claims(&refreshed.access.access_token);
        assert_eq!(after["acr"], "aal2");
        assert!(after["amr"].as_array().unwrap().contains(&"otp".into()), "{after}");
        assert_eq!(after["auth_time"].as_i64().unwrap() - before["auth_time"].as_i64().unwrap(), 60);
    }

    async fn a_fresh_proof_makes_the_refresh_token_old(world: World) {
        let (session, caller, secret) = on_trusted_device(&world).await;
        let before = &session.refresh_token;
        world.clock.advance_seconds(60);
        let resumed = flow::resume(&world.auth, before, &context()).await.unwrap().unwrap();
        assert!(resumed.refresh_token.is_none(), "a young token is left alone");
        prove_by_app(&world, &caller, &secret).await.unwrap();
        let after = flow::resume(&world.auth, before, &context()).await.unwrap().unwrap().refresh_token.unwrap();
        assert_ne!(after.expose_secret(), before.expose_secret());
        let again = flow::resume(&world.auth, &after, &context()).await.unwrap().unwrap();
        assert!(again.refresh_token.is_none(), "once for a proof");
        world.clock.advance_seconds(29);
        let slow = flow::resume(&world.auth, before, &context()).await.unwrap().unwrap();
        assert_eq!(slow.refresh_token.unwrap().expose_secret(), after.expose_secret(), "another tab stays signed in");
        world.clock.advance_seconds(1);
        assert!(flow::resume(&world.auth, before, &context()).await.unwrap().is_none(), "a copy of before is worth nothing");
        assert_eq!(refusal(flow::refresh(&world.auth, &after, &context()).await), ErrorCode::SignedOut);
    }

    async fn a_program_gets_the_next_refresh_token_with_the_refresh_after_its_proof(world: World) {
        let (session, caller, secret) = on_trusted_device(&world).await;
        let before = &session.refresh_token;
        prove_by_app(&world, &caller, &secret).await.unwrap();
        let refreshed = flow::refresh(&world.auth, before, &context()).await.unwrap();
        assert_ne!(refreshed.refresh_token.expose_secret(), before.expose_secret());
        assert_eq!(claims(&refreshed.access.access_token)["acr"], "aal2");
        world.clock.advance_seconds(30);
        let late = flow::refresh(&world.auth, before, &context()).await;
        assert_eq!(refusal(late), ErrorCode::SignedOut, "what was raised is not to be had with the token of before");
        assert_eq!(world.inbox_of(EMAIL).await[0].kind, "session_reused");
    }

    async fn a_lost_answer_of_a_proof_signs_nobody_out(world: World) {
        let (session, caller, secret) = on_trusted_device(&world).await;
        prove_by_app(&world, &caller, &secret).await.unwrap();
        // Whatever the answer said, the browser kept what it had, and comes back after lunch.
        world.clock.advance_seconds(60 * 60);
        assert!(flow::refresh(&world.auth, &session.refresh_token, &context()).await.is_ok());
        assert!(world.inbox_of(EMAIL).await.iter().all(|mail| mail.kind != "session_reused"));
    }

    async fn answers_that_cross_end_with_one_cookie(world: World) {
        let (session, caller, secret) = on_trusted_device(&world).await;
        let before = &session.refresh_token;
        world.clock.advance_seconds(60);
        prove_by_app(&world, &caller, &secret).await.unwrap();
        let context = context();
        let (refreshed, page, other_page) = tokio::join!(
            flow::refresh(&world.auth, before, &context),
            flow::resume(&world.auth, before, &context),
            flow::resume(&world.auth, before, &context),
        );
        let next = refreshed.unwrap().refresh_token;
        for page in [page, other_page] {
            let given = page.unwrap().unwrap().refresh_token.unwrap();
            assert_eq!(given.expose_secret(), next.expose_secret(), "whichever comes last");
        }
        // Only when the browser has it and another proof came does it go on.
        assert!(flow::resume(&world.auth, &next, &context).await.unwrap().unwrap().refresh_token.is_none());
        world.clock.advance_seconds(60);
        assert!(flow::refresh(&world.auth, &next, &context).await.is_ok());
    }

    async fn a_proof_by_a_clock_that_is_ahead_rotates_once(world: World) {
        let (session, caller, secret) = on_trusted_device(&world).await;
        world.clock.advance_seconds(60);
        let clock = Arc::new(FakeClock::at(world.auth.now().plus_seconds(5)));
        let ahead = world.another_node_with(&clock, |_| ()).await.unwrap();
        let code = code_at(&secret, ahead.now());
        prove_by_code(&ahead, &caller, FactorMethod::Totp, &code).await.unwrap();
        let resume = async |token: &SecretString| {
            let resumed = flow::resume(&world.auth, token, &context()).await.unwrap().unwrap();
            resumed.refresh_token
        };
        assert!(resume(&session.refresh_token).await.is_none(), "it is not yet by this clock");
        world.clock.advance_seconds(5);
        let next = resume(&session.refresh_token).await.unwrap();
        assert!(resume(&next).await.is_none());
    }

    async fn an_administrator_acts_once_the_factor_is_proved(world: World) {
        let admin = world.administrator(ADMIN).await;
        permitted(&world, &admin).await.unwrap();
        let (secret, _) = enrol(&world, &admin).await;
        permitted(&world, &admin).await.unwrap();

        let trusted = sign_in_with_app(&world, ADMIN, &secret, true).await.trusted.unwrap();
        world.clock.advance_seconds(STEP);
        let session = sign_in_trusted(&world, ADMIN, &trusted).await;
        let caller = world.caller(&session);
        assert_eq!(claims(&session.access.access_token)["roles"], serde_json::json!(["user"]));
        let refused = permitted(&world, &caller).await.err().unwrap().refusal();
        assert_eq!((refused.code, refused.methods), (ErrorCode::ReauthenticationRequired, APP.to_vec()));

        prove_by_app(&world, &caller, &secret).await.unwrap();
        permitted(&world, &caller).await.unwrap();
        let refreshed = flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
        assert_eq!(claims(&refreshed.access.access_token)["roles"], serde_json::json!(["platform_admin"]));
        world.clock.advance_seconds(FRESH);
        permitted(&world, &caller).await.unwrap();
        let rotated = flow::admin_rotate_keys(&world.auth, &caller, &context()).await;
        assert_eq!(refusal(rotated), ErrorCode::ReauthenticationRequired, "a risky act asks for it anew");
    }
}
