//! Stories of recovery codes: ten, shown once, each used once, replaced and forgotten.

use crate::support::password_reset::mails_of_kind;
use crate::support::personal_tokens::signed_in;
use crate::support::totp::enrol;
use crate::support::typed_factor::{ticket, type_code};
use crate::support::{START, World, context, context_on, refusal};
use auth::flow;
use auth::view::RecoveryCodesStatus;
use auth::{ErrorCode, EventFilter, EventKind, FactorMethod, Result};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{AnyConnection, Connection, Row};

const EMAIL: &str = "alice@example.com";

async fn sign_in_with(world: &World, code: &SecretString) -> Result<()> {
    let ticket = ticket(world, EMAIL).await;
    type_code(&world.auth, &ticket, FactorMethod::RecoveryCode, code.expose_secret()).await
}

/// What rests of one unused code.
async fn mac(world: &World) -> String {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let row = sqlx::query("SELECT mac FROM recovery_codes WHERE used_at IS NULL LIMIT 1");
    let row = row.fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    row.get("mac")
}

on_both_databases! {
    async fn each_code_works_once_and_its_use_is_told_with_how_many_are_left(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let (_, codes) = enrol(&world, &caller).await;
        let codes = codes.unwrap();
        for (place, code) in codes.codes().iter().enumerate() {
            sign_in_with(&world, code).await.unwrap();
            let again = refusal(sign_in_with(&world, code).await);
            // With the last one this way is closed.
            let is_closed = place == 9 && again == ErrorCode::FactorUnavailable;
            assert!(is_closed || again == ErrorCode::WrongCode, "{place}: {again:?}");
            let status = flow::recovery_codes_status(&world.auth, &caller).await.unwrap();
            assert_eq!(status.left, 9 - i64::try_from(place).unwrap());
        }
        let mails = mails_of_kind(&world, EMAIL, "recovery_code_used").await;
        assert_eq!(mails.len(), 10);
        assert!(mails.iter().any(|mail| mail.text.contains("Codes left: 9.")), "{}", mails[9].text);
        assert!(mails.iter().all(|mail| mail.text.contains("/not-me?token=")));
        let lines = flow::list_activity(&world.auth, &caller, EventFilter::All, None).await.unwrap().items;
        assert!(lines.iter().any(|line| line.kind == EventKind::RecoveryCodeUsed));
    }

    async fn a_code_may_be_typed_as_people_type(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let (_, codes) = enrol(&world, &caller).await;
        let code = codes.unwrap().codes()[0].expose_secret().to_lowercase().replace('-', " ");
        sign_in_with(&world, &SecretString::from(code)).await.unwrap();
    }

    async fn a_code_of_twenty_letters_from_before_works_once(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        enrol(&world, &caller).await;
        let bound = format!("recovery code:{}:BCDFGHJKLMNPQRSTVWXZ", caller.user_id.as_str());
        let before = world.code_mac().await.of_text(&bound);
        let mut tx = world.auth.store().begin().await.unwrap();
        tx.replace_recovery_codes(&caller.user_id, &[before], START).await.unwrap();
        tx.commit().await.unwrap();
        let code = SecretString::from("bcdf-ghjk-lmnp-qrst-vwxz");
        let short = SecretString::from("bcdf-ghjk-lmnp-qrst");
        assert_eq!(refusal(sign_in_with(&world, &short).await), ErrorCode::WrongCode);
        sign_in_with(&world, &code).await.unwrap();
        assert_eq!(flow::recovery_codes_status(&world.auth, &caller).await.unwrap().left, 0);
    }

    async fn a_code_of_somebody_else_opens_nothing(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        enrol(&world, &caller).await;
        let bob = signed_in(&world, "bob@example.com").await;
        let (_, foreign) = enrol(&world, &bob).await;
        let refused = sign_in_with(&world, &foreign.unwrap().codes()[0]).await;
        assert_eq!(refusal(refused), ErrorCode::WrongCode);
        assert_eq!(flow::recovery_codes_status(&world.auth, &bob).await.unwrap().left, 10, "and is not used up");
    }

    async fn of_twenty_that_use_one_code_at_the_same_moment_one_does(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        enrol(&world, &caller).await;
        let mac = mac(&world).await;
        let stores = [world.auth.store().clone(), world.another_node().await.store().clone()];
        let tries = (0..20).map(|place| {
            let (store, user, mac) = (stores[place % 2].clone(), caller.user_id.clone(), mac.clone());
            tokio::spawn(async move {
                let mut tx = store.begin().await.unwrap();
                let used = tx.use_recovery_code(&user, &mac, START).await.unwrap();
                tx.commit().await.unwrap();
                used
            })
        });
        let mut used = 0;
        for one in tries.collect::<Vec<_>>() {
            used += usize::from(one.await.unwrap());
        }
        assert_eq!(used, 1);
        assert_eq!(flow::recovery_codes_status(&world.auth, &caller).await.unwrap().left, 9);
    }

    async fn new_codes_take_the_place_of_the_old_ones(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let none = flow::make_recovery_codes(&world.auth, &caller, &context()).await;
        assert_eq!(refusal(none), ErrorCode::FactorUnavailable, "without a factor nobody needs any");
        let (_, old) = enrol(&world, &caller).await;
        flow::recovery_codes_saved(&world.auth, &caller).await.unwrap();
        let status = flow::recovery_codes_status(&world.auth, &caller).await.unwrap();
        assert_eq!(status, RecoveryCodesStatus { left: 10, made_at: Some(START), saved_at: Some(START), may_be_made: true });

        world.clock.advance_seconds(60);
        let new = flow::make_recovery_codes(&world.auth, &caller, &context_on("Edge on Windows")).await.unwrap();
        let status = flow::recovery_codes_status(&world.auth, &caller).await.unwrap();
        let made_at = Some(START.plus_seconds(60));
        assert_eq!(status, RecoveryCodesStatus { left: 10, made_at, saved_at: None, may_be_made: true }, "they must be saved anew");
        assert_eq!(refusal(sign_in_with(&world, &old.unwrap().codes()[3]).await), ErrorCode::WrongCode);
        sign_in_with(&world, &new.codes()[3]).await.unwrap();
        let mail = mails_of_kind(&world, EMAIL, "recovery_codes_made").await.remove(0);
        assert!(mail.text.contains("Edge on Windows"), "{}", mail.text);
        let lines = flow::list_activity(&world.auth, &caller, EventFilter::All, None).await.unwrap().items;
        assert!(lines.iter().any(|line| line.kind == EventKind::RecoveryCodesMade));
    }

    async fn without_codes_nothing_is_saved(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        flow::recovery_codes_saved(&world.auth, &caller).await.unwrap();
        assert_eq!(flow::recovery_codes_status(&world.auth, &caller).await.unwrap().saved_at, None);
    }
}
