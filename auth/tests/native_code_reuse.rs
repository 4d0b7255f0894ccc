//! Stories of a native app's code that is used twice (ASVS 5.0, 10.4.2).

use crate::native_federation::{App, VERIFIER};
use crate::support::{World, context, refusal};
use auth::crypto::{Purpose, token_digest};
use auth::flow::{self, Entered, Federated};
use auth::{ErrorCode, EventFilter, EventKind};
use secrecy::SecretString;

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
}
