//! Stories of a native app's code that is used twice (ASVS 5.0, 10.4.2).

use crate::native_federation::{App, VERIFIER};
use crate::support::federation::{second_half, signed_in};
use crate::support::second_factor::proof;
use crate::support::totp::{code_at, enrol};
use crate::support::{World, context, refusal};
use auth::crypto::{Purpose, token_digest};
use auth::flow::{self, Entered, Federated};
use auth::{ErrorCode, EventFilter, EventKind};
use secrecy::SecretString;

/// Somebody of the provider, with an app that shows codes; gives its key.
async fn with_app_of_codes(world: &World, app: &App) -> SecretString {
    let session = signed_in(app.sign_in().await);
    let caller = app.auth.caller_of_access_token(&SecretString::from(session.access.access_token)).unwrap();
    enrol(world, &caller).await.0
}

async fn live_sessions(world: &World) -> i64 {
    world.number("SELECT CAST(COUNT(*) AS BIGINT) AS number FROM sessions WHERE ended_at IS NULL").await
}

on_both_databases! {
    async fn a_code_that_is_used_twice_ends_what_it_made(world: World) {
        let app = App::on(&world).await;
        let code = app.code().await;
        let Federated::Entered(Entered::SignedIn(first)) = app.redeem(&code, VERIFIER).await.unwrap() else {
            panic!("it was not let in")
        };
        let Federated::Entered(Entered::SignedIn(other)) = app.sign_in().await else { panic!("it was not let in") };
        // A code that somebody caught ends nothing without its verifier.
        assert_eq!(refusal(app.redeem(&code, &"x".repeat(43)).await), ErrorCode::FederationExpired);
        let first = flow::refresh(&app.auth, &first.refresh_token, &context()).await.unwrap();
        let access = SecretString::from(first.access.access_token.as_str());
        assert!(app.auth.caller_of_access_token(&access).is_ok());

        world.clock.advance_seconds(120);
        assert_eq!(refusal(app.redeem(&code, VERIFIER).await), ErrorCode::FederationExpired);
        assert_eq!(refusal(app.auth.caller_of_access_token(&access)), ErrorCode::InvalidToken);
        assert_eq!(refusal(flow::refresh(&app.auth, &first.refresh_token, &context()).await), ErrorCode::SignedOut);
        let caller = app.auth.caller_of_access_token(&SecretString::from(other.access.access_token.as_str())).unwrap();
        let activity = flow::list_activity(&app.auth, &caller, EventFilter::SignIn, None).await.unwrap();
        assert_eq!(activity.items[0].kind, EventKind::SessionCodeReused, "another sign-in goes on, and tells of it");
        assert_eq!(refusal(app.redeem(&code, VERIFIER).await), ErrorCode::FederationExpired, "once more changes nothing");
        let activity = flow::list_activity(&app.auth, &caller, EventFilter::SignIn, None).await.unwrap();
        assert_ne!(activity.items[1].kind, EventKind::SessionCodeReused);

        world.clock.advance_seconds(3600);
        app.auth.delete_what_is_over().await.unwrap();
        let digest = token_digest(Purpose::FederationCode, &code);
        assert!(app.auth.store().used_federation_code(&digest).await.unwrap().is_none(), "it is kept for an hour");
    }

    async fn a_code_that_is_used_twice_ends_a_sign_in_that_waits(world: World) {
        let app = App::on(&world).await;
        let key = with_app_of_codes(&world, &app).await;
        let code = app.code().await;
        let pending = second_half(app.redeem(&code, VERIFIER).await.unwrap());
        // Control: the code alone ends nothing.
        assert_eq!(refusal(app.redeem(&code, &"x".repeat(43)).await), ErrorCode::FederationExpired);
        assert!(flow::pending_sign_in(&app.auth, &pending.ticket).await.is_ok());
        assert_eq!(refusal(app.redeem(&code, VERIFIER).await), ErrorCode::FederationExpired);
        let right = proof(&code_at(&key, app.auth.now()));
        let entered = flow::second_factor(&app.auth, &pending.ticket, right, false, &context()).await;
        assert_eq!(refusal(entered), ErrorCode::SecondFactorExpired);
    }

    async fn a_code_that_is_used_twice_ends_what_its_second_half_made(world: World) {
        let app = App::on(&world).await;
        let key = with_app_of_codes(&world, &app).await;
        let code = app.code().await;
        let pending = second_half(app.redeem(&code, VERIFIER).await.unwrap());
        let right = proof(&code_at(&key, app.auth.now()));
        let entered = flow::second_factor(&app.auth, &pending.ticket, right, false, &context()).await.unwrap();
        let token = entered.signed_in.refresh_token;
        let token = flow::refresh(&app.auth, &token, &context()).await.unwrap().refresh_token;
        assert_eq!(refusal(app.redeem(&code, VERIFIER).await), ErrorCode::FederationExpired);
        assert_eq!(refusal(flow::refresh(&app.auth, &token, &context()).await), ErrorCode::SignedOut);
    }

    async fn a_code_that_is_used_twice_at_the_same_moment_makes_nothing(world: World) {
        let app = App::on(&world).await;
        // Control, and an account: its first session goes on.
        assert!(matches!(app.sign_in().await, Federated::Entered(Entered::SignedIn(_))));
        assert_eq!(live_sessions(&world).await, 1);
        // Somebody uses each code once more before anything is made of it.
        if world.database.url.starts_with("sqlite:") {
            let at_once = "CREATE TRIGGER at_once AFTER INSERT ON used_federation_codes BEGIN \
                           UPDATE used_federation_codes SET token_digest = 'reused' WHERE digest = NEW.digest; END";
            world.tamper(&[at_once]).await;
        } else {
            let at_once = "CREATE FUNCTION at_once() RETURNS trigger AS $$ BEGIN \
                           NEW.token_digest := 'reused'; RETURN NEW; END $$ LANGUAGE plpgsql";
            let trigger = "CREATE TRIGGER at_once BEFORE INSERT ON used_federation_codes \
                           FOR EACH ROW EXECUTE FUNCTION at_once()";
            world.tamper(&[at_once, trigger]).await;
        }
        assert_eq!(refusal(app.redeem(&app.code().await, VERIFIER).await), ErrorCode::FederationExpired);
        assert_eq!(live_sessions(&world).await, 1);
    }

    async fn what_a_code_made_and_nobody_noted_is_given_to_nobody(world: World) {
        let app = App::on(&world).await;
        if world.database.url.starts_with("sqlite:") {
            let full = "CREATE TRIGGER disk BEFORE UPDATE ON used_federation_codes BEGIN SELECT RAISE(ABORT, 'full'); END";
            world.tamper(&[full]).await;
        } else {
            let full = "CREATE FUNCTION disk() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'full'; END $$ LANGUAGE plpgsql";
            let trigger = "CREATE TRIGGER disk BEFORE UPDATE ON used_federation_codes \
                           FOR EACH ROW EXECUTE FUNCTION disk()";
            world.tamper(&[full, trigger]).await;
        }
        assert_eq!(refusal(app.redeem(&app.code().await, VERIFIER).await), ErrorCode::Internal);
        assert_eq!(live_sessions(&world).await, 0);
    }
}
