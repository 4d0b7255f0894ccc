//! Stories of accounts that are made with a passkey and no password.

use crate::support::authenticator::Authenticator;
use crate::support::passkeys::{
    EMAIL, add, answer, begin_sign_up, caller_with, finish_sign_up, list, picture, remove, sign_in, sign_up,
    try_sign_in,
};
use crate::support::{PASSWORD, World, context, email, refusal};
use auth::ErrorCode;
use auth::flow::{self, LinkProof, PasskeySignIn, Proof, SignIn, SignUpTicket};
use auth::store::DevMail;
use auth::view::LinkAsks;

async fn prove_address(world: &World, address: &str, ticket: SignUpTicket) -> auth::Result<()> {
    let proof = Proof::TicketCode(ticket, world.mailed_code(address).await);
    flow::verify_email(&world.auth, proof, &context()).await.map(|_| ())
}

on_both_databases! {
    async fn an_account_is_made_with_a_passkey_alone(world: World) {
        let mut phone = Authenticator::new();
        let ticket = sign_up(&world, EMAIL, &mut phone).await;
        assert!(world.auth.store().user_by_email(&email(EMAIL)).await.unwrap().is_none(), "nothing is there yet");
        prove_address(&world, EMAIL, ticket).await.unwrap();
        let user = world.auth.store().user_by_email(&email(EMAIL)).await.unwrap().unwrap();
        assert_eq!((user.factors.names().as_str(), user.password_hash), ("passkey", None));
        let caller = caller_with(&world, &mut phone).await;
        assert_eq!(caller.user_id, user.id);
        let passkeys = list(&world, &caller).await;
        assert_eq!((passkeys.len(), passkeys[0].name.as_str()), (1, "iCloud Keychain"));
        // WA-A13: it is the only way in.
        assert_eq!(refusal(remove(&world, &caller, &passkeys[0].id).await), ErrorCode::LastFactor);
        let mut key = Authenticator::device_bound();
        add(&world, &caller, &mut key).await;
        remove(&world, &caller, &passkeys[0].id).await.unwrap();
        sign_in(&world, &mut key).await;
        assert_eq!(refusal(world.try_sign_in(EMAIL, PASSWORD).await), ErrorCode::InvalidCredentials);
    }

    async fn before_the_address_is_proved_the_passkey_leads_to_the_waiting_page(world: World) {
        let mut phone = Authenticator::new();
        sign_up(&world, EMAIL, &mut phone).await;
        let PasskeySignIn::NeedsVerification(ticket) = try_sign_in(&world.auth, &mut phone).await.unwrap() else {
            panic!("nobody waits");
        };
        let mut stranger = Authenticator::new();
        (stranger.id, stranger.user_handle) = (phone.id.clone(), phone.user_handle.clone());
        assert_eq!(refusal(try_sign_in(&world.auth, &mut stranger).await), ErrorCode::PasskeyRefused);
        // The page that took over proves the address with the mailed link.
        let link = LinkProof { token: world.mailed_token(EMAIL).await, ticket: Some(ticket), password: None };
        flow::verify_email(&world.auth, Proof::Link(link), &context()).await.unwrap();
        sign_in(&world, &mut phone).await;
    }

    async fn a_mailed_link_proves_nothing_in_a_browser_without_the_passkey(world: World) {
        sign_up(&world, EMAIL, &mut Authenticator::new()).await;
        let token = world.mailed_token(EMAIL).await;
        let shown = flow::link_is_live(&world.auth, &token, None).await.unwrap();
        assert_eq!(shown, Some((email(EMAIL), LinkAsks::OwnBrowser)), "there is no password to ask for");
        for password in ["", PASSWORD] {
            let link = LinkProof { token: token.clone(), ticket: None, password: Some(password.into()) };
            let done = flow::verify_email(&world.auth, Proof::Link(link), &context()).await;
            assert_eq!(refusal(done), ErrorCode::InvalidCredentials);
        }
    }

    async fn a_known_address_is_told_by_mail_alone(world: World) {
        world.create_account(EMAIL).await;
        world.clock.advance_seconds(60);
        let mut phone = Authenticator::new();
        let ticket = sign_up(&world, EMAIL, &mut phone).await;
        let mails: Vec<DevMail> = world.inbox_of(EMAIL).await;
        assert_eq!(mails[0].kind, "already_registered");
        assert!(prove_address(&world, EMAIL, ticket).await.is_err());
        // The passkey waits like any other and leads nowhere.
        assert!(matches!(try_sign_in(&world.auth, &mut phone).await.unwrap(), PasskeySignIn::NeedsVerification(_)));
        assert!(matches!(world.try_sign_in(EMAIL, PASSWORD).await.unwrap(), SignIn::SignedIn(_)));
    }

    async fn known_and_unknown_addresses_leave_the_same_behind(world: World) {
        world.create_account(EMAIL).await;
        let mut left = Vec::new();
        for address in [EMAIL, "nobody@example.com"] {
            let before = picture(&world).await.0.len();
            sign_up(&world, address, &mut Authenticator::new()).await;
            left.push(picture(&world).await.0.len() - before);
        }
        // A sign-up and the promise of a mail.
        assert_eq!(left, [2, 2]);
    }

    async fn the_passkey_of_one_address_makes_no_account_for_another(world: World) {
        let mut phone = Authenticator::new();
        let asked = begin_sign_up(&world, EMAIL).await;
        let made = answer(&asked, phone.make(&asked.options));
        assert_eq!(refusal(finish_sign_up(&world, "bob@example.com", &made).await), ErrorCode::PasskeyRefused);
        assert_eq!(refusal(finish_sign_up(&world, EMAIL, &made).await), ErrorCode::PasskeyRefused, "it was taken");
        assert!(world.inbox().await.is_empty());
    }

    async fn of_two_sign_ups_with_one_passkey_the_first_to_prove_has_it(world: World) {
        let mut phone = Authenticator::new();
        let first = sign_up(&world, EMAIL, &mut phone).await;
        let second = sign_up(&world, "bob@example.com", &mut phone).await;
        prove_address(&world, EMAIL, first).await.unwrap();
        assert_eq!(refusal(prove_address(&world, "bob@example.com", second).await), ErrorCode::LinkExpired);
        assert!(world.auth.store().user_by_email(&email("bob@example.com")).await.unwrap().is_none());
        let asked = begin_sign_up(&world, "carol@example.com").await;
        let made = answer(&asked, phone.make(&asked.options));
        assert_eq!(refusal(finish_sign_up(&world, "carol@example.com", &made).await), ErrorCode::PasskeyKnown);
    }
}
