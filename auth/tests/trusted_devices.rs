//! Stories of browsers in which the second factor is not asked for.

use crate::support::password_reset::NEW;
use crate::support::second_factor::{first_half, prove, sign_in};
use crate::support::tokens::read;
use crate::support::totp::{code_at, enrol_totp};
use crate::support::{PASSWORD, World, context, refusal};
use auth::flow::{self, SignIn};
use auth::form::{PasswordChange, SignInForm};
use auth::id::TrustedDeviceId;
use auth::session::Caller;
use auth::{Auth, ErrorCode};
use secrecy::SecretString;
use serde_json::json;

const EMAIL: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const DAY: i64 = 24 * 60 * 60;

/// Somebody with a second factor who trusts this browser: their session and its cookie.
async fn trusting(world: &World, email: &str) -> (Caller, SecretString) {
    world.create_account(email).await;
    let key = enrol_totp(world, email).await;
    let ticket = first_half(world, email).await.ticket;
    let code = code_at(&key, world.auth.now());
    let proved = prove(world, &ticket, &code, true).await.unwrap();
    (world.caller(&proved.signed_in), proved.trusted.unwrap())
}

async fn is_asked(auth: &Auth, email: &str, cookie: &SecretString) -> bool {
    match sign_in(auth, email, Some(cookie)).await.unwrap() {
        SignIn::SignedIn(_) => false,
        SignIn::NeedsSecondFactor(_) => true,
        SignIn::NeedsVerification(_) => panic!("{email} is not verified"),
    }
}

on_both_databases! {
    async fn a_trusted_browser_is_not_asked_for_thirty_days(world: World) {
        let (_, cookie) = trusting(&world, EMAIL).await;
        let SignIn::SignedIn(session) = sign_in(&world.auth, EMAIL, Some(&cookie)).await.unwrap() else { panic!() };
        let claims = read(&session.access.access_token).1;
        assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pwd"]), &json!("aal1")), "nothing more was proved");
        for strange in ["", "invented"] {
            assert!(is_asked(&world.auth, EMAIL, &strange.into()).await, "{strange:?}");
        }
        world.clock.advance_seconds(30 * DAY - 1);
        let node = world.another_node().await;
        assert!(!is_asked(&node, EMAIL, &cookie).await);
        world.clock.advance_seconds(1);
        assert!(is_asked(&node, EMAIL, &cookie).await, "using it does not make it longer");
        world.clock.advance_seconds(1);
        assert_eq!(world.auth.store().delete_old_trusted_devices(world.auth.now(), 10).await.unwrap(), 1);
    }

    async fn nobody_is_trusted_who_did_not_wish_it(world: World) {
        world.create_account(EMAIL).await;
        let key = enrol_totp(&world, EMAIL).await;
        let ticket = first_half(&world, EMAIL).await.ticket;
        let proved = prove(&world, &ticket, &code_at(&key, world.auth.now()), false).await.unwrap();
        assert!(proved.trusted.is_none());
        let caller = world.caller(&proved.signed_in);
        assert!(flow::list_trusted_devices(&world.auth, &caller, None).await.unwrap().is_empty());
    }

    async fn the_cookie_of_somebody_else_is_worth_nothing(world: World) {
        let (_, cookie) = trusting(&world, EMAIL).await;
        let (_, other) = trusting(&world, BOB).await;
        assert!(is_asked(&world.auth, BOB, &cookie).await);
        assert!(is_asked(&world.auth, EMAIL, &other).await);
        assert!(!is_asked(&world.auth, BOB, &other).await);
    }

    async fn a_change_of_the_password_ends_all_trust(world: World) {
        let (caller, cookie) = trusting(&world, EMAIL).await;
        let change = PasswordChange { current: PASSWORD.into(), new: NEW.into(), end_other_sessions: false };
        flow::change_password(&world.auth, &caller, change, &context()).await.unwrap();
        assert!(flow::list_trusted_devices(&world.auth, &caller, Some(&cookie)).await.unwrap().is_empty());
        let form = SignInForm { email: EMAIL.into(), password: NEW.into() };
        let entered = flow::sign_in(&world.auth, form.parse().unwrap(), Some(&cookie), &context()).await.unwrap();
        assert!(matches!(entered, SignIn::NeedsSecondFactor(_)));
    }

    async fn one_is_listed_and_revoked_by_its_owner_alone(world: World) {
        let (caller, cookie) = trusting(&world, EMAIL).await;
        let (bob, _) = trusting(&world, BOB).await;
        let list = flow::list_trusted_devices(&world.auth, &caller, Some(&cookie)).await.unwrap();
        assert_eq!(list.len(), 1);
        assert!(list[0].is_current && list[0].device == "Firefox on Linux");
        assert!(!flow::list_trusted_devices(&world.auth, &caller, None).await.unwrap()[0].is_current);
        let revoke = |who: &Caller, id: &TrustedDeviceId| {
            let (auth, who, id) = (world.auth.clone(), who.clone(), id.clone());
            async move { flow::revoke_trusted_device(&auth, &who, &id, &context()).await }
        };
        assert_eq!(refusal(revoke(&bob, &list[0].id).await), ErrorCode::NotFound);
        for unknown in ["", "x", "\0", "01890a5d-ac96-774b-bcce-b302099a8057"] {
            let unknown = TrustedDeviceId(unknown.to_owned());
            assert_eq!(refusal(revoke(&caller, &unknown).await), ErrorCode::NotFound);
        }
        assert!(!is_asked(&world.auth, EMAIL, &cookie).await, "nothing was revoked");
        revoke(&caller, &list[0].id).await.unwrap();
        revoke(&caller, &list[0].id).await.expect("twice is no failure");
        assert!(is_asked(&world.auth, EMAIL, &cookie).await);
    }

    async fn all_are_revoked_at_once(world: World) {
        let (caller, cookie) = trusting(&world, EMAIL).await;
        assert_eq!(flow::revoke_all_trusted_devices(&world.auth, &caller, &context()).await.unwrap(), 1);
        assert_eq!(flow::revoke_all_trusted_devices(&world.auth, &caller, &context()).await.unwrap(), 0);
        assert!(is_asked(&world.auth, EMAIL, &cookie).await);
    }

    async fn what_is_known_of_them_is_handed_out_without_the_secret(world: World) {
        let (caller, cookie) = trusting(&world, EMAIL).await;
        let data = flow::export_data(&world.auth, &caller, &context()).await.unwrap().to_json();
        let devices = data["trusted_devices"].as_array().unwrap();
        assert_eq!((devices.len(), &devices[0]["device"]), (1, &json!("Firefox on Linux")));
        assert!(devices[0]["revoked_at"].is_null());
        assert!(data["sessions"].as_array().unwrap().iter().any(|session| session["factor"] == "totp"));
        let digest = auth::crypto::token_digest(auth::crypto::Purpose::TrustedDevice, &cookie);
        assert!(!data.to_string().contains(&digest));
    }
}
