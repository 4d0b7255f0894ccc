//! Stories of authenticator apps: set up, confirmed, replaced, removed (RFC 6238).

use crate::account_deletion::everything;
use crate::support::password_reset::mails_of_kind;
use crate::support::personal_tokens::{prove, signed_in};
use crate::support::totp::{STEP, code_at, confirm, confirm_refused, enrol, wrong_code};
use crate::support::typed_factor::{password_is_enough, ticket, type_code};
use crate::support::{START, World, context, context_on, refusal};
use auth::flow;
use auth::view::RecoveryCodesStatus;
use auth::{ErrorCode, EventFilter, EventKind, FactorMethod};
use secrecy::ExposeSecret;

const EMAIL: &str = "alice@example.com";
const HOUR: i64 = 60 * 60;

/// How many rows a table has values of.
async fn values_in(world: &World, table: &str) -> usize {
    everything(world).await.iter().filter(|(of, _)| of == table).count()
}

on_both_databases! {
    async fn an_app_is_asked_for_after_its_first_right_code_and_not_before(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let begun = flow::start_totp(&world.auth, &caller).await.unwrap();
        assert_eq!((begun.account.as_str(), begun.expires_at), (EMAIL, START.plus_seconds(15 * 60)));
        assert!(begun.uri.expose_secret().contains(begun.secret.expose_secret()));
        assert!(password_is_enough(&world, EMAIL).await, "a key that waits is asked for by nobody");
        let status = flow::totp_status(&world.auth, &caller).await.unwrap();
        let waiting = status.waiting.unwrap();
        assert_eq!((status.active_since, waiting.wrong_codes), (None, 0));
        let account = crate::support::email(EMAIL);
        let shown = flow::open_totp_enrolment(&world.auth, &caller, account, &waiting).unwrap();
        assert_eq!(shown.secret.expose_secret(), begun.secret.expose_secret(), "its page shows it again");

        let wrong = wrong_code(&begun.secret, START);
        assert_eq!(confirm_refused(&world, &caller, &wrong).await, ErrorCode::WrongCode);
        assert!(password_is_enough(&world, EMAIL).await);
        let codes = confirm(&world.auth, &caller, &code_at(&begun.secret, START)).await.unwrap().unwrap();
        assert_eq!(codes.codes().len(), 10);
        assert!(!password_is_enough(&world, EMAIL).await);
        let status = flow::totp_status(&world.auth, &caller).await.unwrap();
        assert_eq!((status.active_since, status.waiting), (Some(START), None), "the key is never shown again");

        let mail = mails_of_kind(&world, EMAIL, "factor_added").await.remove(0);
        assert!(mail.text.contains("an authenticator app") && mail.text.contains("/not-me?token="), "{}", mail.text);
        let lines = flow::list_activity(&world.auth, &caller, EventFilter::All, None).await.unwrap().items;
        assert!(lines.iter().any(|line| line.kind == EventKind::FactorAdded));
    }

    async fn adding_and_removing_one_asks_for_a_fresh_proof(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        world.clock.advance_seconds(15 * 60);
        let start = || flow::start_totp(&world.auth, &caller);
        assert_eq!(refusal(start().await), ErrorCode::ReauthenticationRequired);
        prove(&world, &caller).await;
        enrol(&world, &caller).await;
        world.clock.advance_seconds(15 * 60);
        assert_eq!(refusal(start().await), ErrorCode::ReauthenticationRequired);
        let removed = flow::remove_totp(&world.auth, &caller, &context()).await;
        assert_eq!(refusal(removed), ErrorCode::ReauthenticationRequired);
        let made = flow::make_recovery_codes(&world.auth, &caller, &context()).await;
        assert_eq!(refusal(made), ErrorCode::ReauthenticationRequired);
        assert!(!password_is_enough(&world, EMAIL).await);
    }

    async fn five_wrong_codes_end_a_key(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let secret = flow::start_totp(&world.auth, &caller).await.unwrap().secret;
        let wrong = wrong_code(&secret, START);
        for malformed in ["1234567", "12345", "abcdef"] {
            assert_eq!(confirm_refused(&world, &caller, malformed).await, ErrorCode::InvalidFields, "costs no try");
        }
        for _ in 0..4 {
            assert_eq!(confirm_refused(&world, &caller, &wrong).await, ErrorCode::WrongCode);
        }
        assert_eq!(confirm_refused(&world, &caller, &wrong).await, ErrorCode::CodeExhausted);
        assert_eq!(confirm_refused(&world, &caller, &code_at(&secret, START)).await, ErrorCode::CodeExhausted);
        assert_eq!(flow::totp_status(&world.auth, &caller).await.unwrap().waiting, None);
        enrol(&world, &caller).await;
    }

    async fn a_key_waits_15_minutes_in_its_own_session_and_the_newest_counts(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let other = world.caller(&world.sign_in_on(EMAIL, "Edge on Windows").await);
        let first = flow::start_totp(&world.auth, &caller).await.unwrap().secret;
        let code = code_at(&first, START);
        assert_eq!(confirm_refused(&world, &other, &code).await, ErrorCode::FactorUnavailable);
        assert_eq!(flow::totp_status(&world.auth, &other).await.unwrap().waiting, None, "nobody else sees it");

        let second = flow::start_totp(&world.auth, &caller).await.unwrap().secret;
        assert_eq!(confirm_refused(&world, &caller, &code).await, ErrorCode::WrongCode, "the older one is dead");
        world.clock.advance_seconds(15 * 60);
        let late = code_at(&second, world.auth.now());
        assert_eq!(confirm_refused(&world, &caller, &late).await, ErrorCode::FactorUnavailable);
        world.clock.advance_seconds(1);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(values_in(&world, "totp_enrolments").await, 0, "and is forgotten");
    }

    async fn of_twenty_that_confirm_at_the_same_moment_one_does(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let secret = flow::start_totp(&world.auth, &caller).await.unwrap().secret;
        let code = code_at(&secret, START);
        let nodes = [world.auth.clone(), world.another_node().await];
        let tries = (0..20).map(|place| {
            let (auth, caller, code) = (nodes[place % 2].clone(), caller.clone(), code.clone());
            tokio::spawn(async move { confirm(&auth, &caller, &code).await.is_ok() })
        });
        let mut confirmed = 0;
        for one in tries.collect::<Vec<_>>() {
            confirmed += usize::from(one.await.unwrap());
        }
        assert_eq!(confirmed, 1);
        assert_eq!(mails_of_kind(&world, EMAIL, "factor_added").await.len(), 1);
        assert_eq!(flow::recovery_codes_status(&world.auth, &caller).await.unwrap().left, 10);
    }

    async fn another_app_takes_the_place_of_the_old_one_at_once(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let (old, _) = enrol(&world, &caller).await;
        let begun = flow::start_totp(&world.auth, &caller).await.unwrap().secret;
        let pending = ticket(&world, EMAIL).await;
        let now = world.auth.now();
        type_code(&world.auth, &pending, FactorMethod::Totp, &code_at(&old, now)).await.unwrap();

        world.clock.advance_seconds(STEP);
        let now = world.auth.now();
        let codes = confirm(&world.auth, &caller, &code_at(&begun, now)).await.unwrap();
        assert!(codes.is_none(), "the recovery codes stay");
        let pending = ticket(&world, EMAIL).await;
        let dead = type_code(&world.auth, &pending, FactorMethod::Totp, &code_at(&old, now)).await;
        assert_eq!(refusal(dead), ErrorCode::WrongCode);
        let next = code_at(&begun, now.plus_seconds(STEP));
        type_code(&world.auth, &pending, FactorMethod::Totp, &next).await.unwrap();
        assert_eq!(mails_of_kind(&world, EMAIL, "factor_added").await.len(), 2);
    }

    async fn a_removed_app_opens_nothing_and_is_asked_for_no_more(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        assert_eq!(
            refusal(flow::remove_totp(&world.auth, &caller, &context()).await),
            ErrorCode::FactorUnavailable
        );
        let (_, codes) = enrol(&world, &caller).await;
        assert!(codes.is_some());
        flow::remove_totp(&world.auth, &caller, &context_on("Edge on Windows")).await.unwrap();
        assert!(password_is_enough(&world, EMAIL).await);
        let status = flow::recovery_codes_status(&world.auth, &caller).await.unwrap();
        assert_eq!(status, RecoveryCodesStatus { left: 0, made_at: None, saved_at: None, may_be_made: false }, "the codes go with it");
        assert_eq!(values_in(&world, "totp_secrets").await, 0);
        let mail = mails_of_kind(&world, EMAIL, "factor_removed").await.remove(0);
        assert!(mail.text.contains("an authenticator app"), "{}", mail.text);
        let lines = flow::list_activity(&world.auth, &caller, EventFilter::All, None).await.unwrap().items;
        let removed = lines.iter().find(|line| line.kind == EventKind::FactorRemoved).unwrap();
        assert_eq!(removed.device, "Edge on Windows");
    }

    async fn nothing_that_rests_tells_a_key_or_a_recovery_code(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let waiting = flow::start_totp(&world.auth, &caller).await.unwrap().secret;
        let before = everything(&world).await;
        let (secret, codes) = enrol(&world, &caller).await;
        let codes = codes.unwrap();
        world.inbox().await;
        let rests: Vec<_> = before.into_iter().chain(everything(&world).await).collect();
        assert!(rests.iter().any(|(table, value)| table == "totp_secrets" && value.starts_with("v1.")));
        let mut secrets = vec![waiting.expose_secret().to_owned(), secret.expose_secret().to_owned()];
        for code in codes.codes() {
            secrets.push(code.expose_secret().to_owned());
            secrets.push(code.expose_secret().replace('-', ""));
        }
        for (table, value) in rests {
            let value = value.to_uppercase();
            assert!(secrets.iter().all(|secret| !value.contains(secret.as_str())), "{table}: {value}");
        }
    }

    async fn with_the_account_its_keys_and_codes_go(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        enrol(&world, &caller).await;
        flow::start_totp(&world.auth, &caller).await.unwrap();
        flow::request_deletion(&world.auth, &caller, &context()).await.unwrap();
        for _ in 0..3 {
            world.clock.advance_seconds(7 * 24 * HOUR + HOUR);
            world.auth.delete_what_is_over().await.unwrap();
        }
        for table in ["users", "totp_secrets", "totp_enrolments", "recovery_codes"] {
            assert_eq!(values_in(&world, table).await, 0, "{table}");
        }
    }
}
