//! Stories of "this was not me": from the mail, signed out, and from the activity.

use crate::support::password_reset::{NEW, mails_of_kind};
use crate::support::{PASSWORD, World, context, context_on, email, refusal};
use auth::flow::{self, ResetProof, SignIn, SignedIn};
use auth::form::{ConfirmedBy, PasswordChange};
use auth::session::Caller;
use auth::{ErrorCode, EventFilter, EventKind};
use secrecy::SecretString;

const EMAIL: &str = "alice@example.com";

/// The token of the newest mail of a kind.
async fn token(world: &World, address: &str, kind: &str) -> SecretString {
    let link = mails_of_kind(world, address, kind).await.into_iter().next().and_then(|mail| mail.link);
    link.unwrap().split_once("token=").unwrap().1.into()
}

async fn secure(world: &World, token: &SecretString) -> auth::Result<()> {
    world.clock.advance_seconds(1);
    flow::secure_account_by_link(&world.auth, token, &context()).await
}

/// An account with a session at home and one of a thief, who knows the password.
async fn robbed(world: &World) -> (SignedIn, SignedIn) {
    world.create_account(EMAIL).await;
    let home = world.sign_in(EMAIL).await;
    world.clock.advance_seconds(60);
    let thief = world.sign_in_on(EMAIL, "Chrome on Windows").await;
    (home, thief)
}

/// The thief gives the account an address of their own.
async fn move_to_mallory(world: &World, thief: &SignedIn) -> Caller {
    let caller = world.caller(thief);
    let theirs = email("mallory@example.org");
    flow::request_email_change(&world.auth, &caller, &theirs, &context()).await.unwrap();
    let proof = ConfirmedBy::Link(token(world, "mallory@example.org", "confirm_email").await);
    flow::confirm_email_change(&world.auth, &caller, &proof, &context()).await.unwrap();
    caller
}

on_both_databases! {
    async fn the_notice_of_a_new_device_ends_everything_a_thief_may_hold(world: World) {
        let (home, thief) = robbed(&world).await;
        let link = token(&world, EMAIL, "new_device").await;
        assert!(!flow::notice_status(&world.auth, &link).await.unwrap().is_used, "looking changes nothing");
        secure(&world, &link).await.unwrap();
        for session in [home, thief] {
            let refreshed = flow::refresh(&world.auth, &session.refresh_token, &context()).await;
            assert_eq!(refusal(refreshed), ErrorCode::SignedOut);
        }
        assert_eq!(refusal(world.try_sign_in(EMAIL, PASSWORD).await), ErrorCode::InvalidCredentials);

        let status = flow::notice_status(&world.auth, &link).await.unwrap();
        assert!(status.is_used && status.has_way_in);
        let shown: Vec<_> = status.events.iter().map(|event| event.kind).collect();
        assert!(shown.contains(&EventKind::SessionStarted) && shown.contains(&EventKind::UserSecured), "{shown:?}");

        let reset = ResetProof::Link(token(&world, EMAIL, "password_reset").await);
        flow::reset_password(&world.auth, reset, &NEW.into(), &context()).await.unwrap();
        assert!(matches!(world.try_sign_in(EMAIL, NEW).await.unwrap(), SignIn::SignedIn(_)));
    }

    async fn of_twenty_parallel_uses_one_wins(world: World) {
        robbed(&world).await;
        let link = token(&world, EMAIL, "new_device").await;
        let uses: Vec<_> = (0..20)
            .map(|_| {
                let (auth, link) = (world.auth.clone(), link.clone());
                tokio::spawn(async move { flow::secure_account_by_link(&auth, &link, &context()).await.is_ok() })
            })
            .collect();
        let mut winners = 0;
        for one in uses {
            winners += usize::from(one.await.unwrap());
        }
        assert_eq!(winners, 1);
    }

    async fn a_link_that_is_not_the_mailed_one_does_nothing(world: World) {
        let (home, _) = robbed(&world).await;
        let link = token(&world, EMAIL, "new_device").await;
        flow::forgot_password(&world.auth, &email(EMAIL), &context()).await.unwrap();
        let other_purpose = token(&world, EMAIL, "password_reset").await;
        use secrecy::ExposeSecret as _;
        let cut: SecretString = link.expose_secret()[..42].into();
        let longer: SecretString = format!("{}A", link.expose_secret()).into();
        for wrong in [other_purpose, cut, longer, "".into(), "a\0b".into()] {
            assert_eq!(refusal(secure(&world, &wrong).await), ErrorCode::LinkExpired);
        }
        assert!(flow::refresh(&world.auth, &home.refresh_token, &context()).await.is_ok());
        world.clock.advance_seconds(7 * 24 * 60 * 60);
        assert_eq!(refusal(secure(&world, &link).await), ErrorCode::LinkExpired);
    }

    async fn an_event_of_ones_own_says_it_too_and_nobody_elses(world: World) {
        let (home, thief) = robbed(&world).await;
        let caller = world.caller(&home);
        let page = flow::list_activity(&world.auth, &caller, EventFilter::SignIn, None).await.unwrap();
        let event = page.items.iter().find(|item| item.device == "Chrome on Windows").unwrap();
        world.create_account("mallory@example.com").await;
        let mallory = world.caller(&world.sign_in("mallory@example.com").await);
        let strange = flow::secure_account_by_event(&world.auth, &mallory, &event.id, &context()).await;
        assert_eq!(refusal(strange), ErrorCode::NotFound);
        assert!(flow::refresh(&world.auth, &thief.refresh_token, &context()).await.is_ok());

        let shown = flow::secure_account_by_event(&world.auth, &caller, &event.id, &context()).await.unwrap();
        assert!(flow::notice_status(&world.auth, &shown).await.unwrap().is_used);
        assert_eq!(refusal(secure(&world, &shown).await), ErrorCode::LinkExpired, "it only shows");
        let out = world.auth.caller_of_access_token(&home.access.access_token.as_str().into());
        assert_eq!(refusal(out), ErrorCode::InvalidToken);
        assert_eq!(mails_of_kind(&world, EMAIL, "password_reset").await.len(), 1);
    }

    async fn an_address_the_thief_changed_comes_back_to_the_mailbox_that_says_so(world: World) {
        let (_, thief) = robbed(&world).await;
        let link = token(&world, EMAIL, "new_device").await;
        let caller = move_to_mallory(&world, &thief).await;
        flow::request_deletion(&world.auth, &caller, &context()).await.unwrap();

        secure(&world, &link).await.unwrap();
        assert_eq!(mails_of_kind(&world, EMAIL, "password_reset").await.len(), 1, "the way in goes to the owner");
        assert!(mails_of_kind(&world, "mallory@example.org", "password_reset").await.is_empty());
        let reset = ResetProof::Link(token(&world, EMAIL, "password_reset").await);
        flow::reset_password(&world.auth, reset, &NEW.into(), &context()).await.unwrap();
        let SignIn::SignedIn(session) = world.try_sign_in(EMAIL, NEW).await.unwrap() else { panic!() };
        let me = world.auth.me(&world.caller(&session)).await.unwrap();
        assert_eq!((me.email, me.delete_at), (email(EMAIL), None));
    }

    async fn every_notice_brings_such_a_link(world: World) {
        let (home, _) = robbed(&world).await;
        let change = PasswordChange { current: PASSWORD.into(), new: NEW.into(), end_other_sessions: false };
        flow::change_password(&world.auth, &world.caller(&home), change, &context()).await.unwrap();
        let refreshed = flow::refresh(&world.auth, &home.refresh_token, &context()).await.unwrap();
        world.clock.advance_seconds(40);
        let again = flow::refresh(&world.auth, &refreshed.refresh_token, &context_on("Firefox on Linux")).await;
        again.unwrap();
        world.clock.advance_seconds(40);
        let reused = flow::refresh(&world.auth, &home.refresh_token, &context()).await;
        assert_eq!(refusal(reused), ErrorCode::SignedOut);
        for kind in ["new_device", "password_changed", "session_reused"] {
            let link = token(&world, EMAIL, kind).await;
            assert_eq!(flow::notice_status(&world.auth, &link).await.unwrap().email, email(EMAIL), "{kind}");
        }
    }

    async fn an_event_of_ones_own_takes_the_address_back_too(world: World) {
        let (home, thief) = robbed(&world).await;
        move_to_mallory(&world, &thief).await;
        let owner = world.caller(&home);
        let page = flow::list_activity(&world.auth, &owner, EventFilter::Address, None).await.unwrap();
        let event = page.items.iter().find(|item| item.kind == EventKind::EmailChanged).unwrap();
        flow::secure_account_by_event(&world.auth, &owner, &event.id, &context()).await.unwrap();
        assert_eq!(mails_of_kind(&world, EMAIL, "password_reset").await.len(), 1);
        assert!(mails_of_kind(&world, "mallory@example.org", "password_reset").await.is_empty());
    }

    async fn a_link_in_a_thiefs_mailbox_dies_with_the_theft(world: World) {
        let (_, thief) = robbed(&world).await;
        move_to_mallory(&world, &thief).await;
        let SignIn::SignedIn(_) = world
            .try_sign_in_on("mallory@example.org", PASSWORD, &context_on("Safari on iPhone"))
            .await
            .unwrap() else { panic!() };
        let stocked = token(&world, "mallory@example.org", "new_device").await;
        let undo = token(&world, EMAIL, "email_changed").await;
        flow::undo_email_change(&world.auth, &undo, &context()).await.unwrap();
        let reset = ResetProof::Link(token(&world, EMAIL, "password_reset").await);
        flow::reset_password(&world.auth, reset, &NEW.into(), &context()).await.unwrap();
        let SignIn::SignedIn(home) = world.try_sign_in(EMAIL, NEW).await.unwrap() else { panic!() };
        assert_eq!(refusal(secure(&world, &stocked).await), ErrorCode::LinkExpired);
        assert!(flow::refresh(&world.auth, &home.refresh_token, &context()).await.is_ok());
    }

    async fn the_page_shows_nothing_of_afterwards(world: World) {
        robbed(&world).await;
        let link = token(&world, EMAIL, "new_device").await;
        assert!(flow::notice_status(&world.auth, &link).await.unwrap().events.is_empty(), "nor of before its use");
        secure(&world, &link).await.unwrap();
        let reset = ResetProof::Link(token(&world, EMAIL, "password_reset").await);
        world.clock.advance_seconds(60);
        flow::reset_password(&world.auth, reset, &NEW.into(), &context()).await.unwrap();
        world.try_sign_in_on(EMAIL, NEW, &context_on("Safari on iPad")).await.unwrap();
        let shown = flow::notice_status(&world.auth, &link).await.unwrap().events;
        assert!(!shown.is_empty() && shown.iter().all(|event| event.device != "Safari on iPad"));
    }

    async fn an_address_that_has_another_account_still_ends_what_a_thief_holds(world: World) {
        let (_, thief) = robbed(&world).await;
        let link = token(&world, EMAIL, "new_device").await;
        move_to_mallory(&world, &thief).await;
        world.clock.advance_seconds(1);
        world.create_account(EMAIL).await;
        secure(&world, &link).await.unwrap();
        let out = flow::refresh(&world.auth, &thief.refresh_token, &context()).await;
        assert_eq!(refusal(out), ErrorCode::SignedOut);
        assert!(mails_of_kind(&world, "mallory@example.org", "password_reset").await.is_empty());
        assert!(!flow::notice_status(&world.auth, &link).await.unwrap().has_way_in);
    }

    async fn requests_that_change_one_account_at_once_wait_for_each_other_and_none_fails(world: World) {
        let (home, _) = robbed(&world).await;
        for round in 0..5 {
            world.clock.advance_seconds(4000);
            let SignIn::SignedIn(session) = world.try_sign_in(EMAIL, PASSWORD).await.unwrap() else { panic!() };
            let caller = world.caller(&session);
            let address = format!("alice{round}@example.org");
            flow::request_email_change(&world.auth, &caller, &email(&address), &context()).await.unwrap();
            let proof = world.mailed_code(&address).await;
            let mut all = Vec::new();
            for kind in 0..8 {
                let (auth, caller, code) = (world.auth.clone(), caller.clone(), proof.clone());
                let wanted = email(&format!("alice{round}-{kind}@example.org"));
                all.push(tokio::spawn(async move {
                    let by_code = ConfirmedBy::Code(code);
                    let done = match kind % 4 {
                        0 => flow::confirm_email_change(&auth, &caller, &by_code, &context()).await.map(|_| ()),
                        1 => flow::request_email_change(&auth, &caller, &wanted, &context()).await,
                        2 => flow::cancel_email_change(&auth, &caller, &context()).await,
                        _ => flow::forgot_password(&auth, &email(EMAIL), &context()).await.map(|_| ()),
                    };
                    assert!(!matches!(done, Err(auth::Error::Internal(_))), "{:?}", done.err());
                }));
            }
            for one in all {
                one.await.unwrap();
            }
            // Mails of one moment have no order.
            world.clock.advance_seconds(1);
            let undo = mails_of_kind(&world, EMAIL, "email_changed").await;
            if world.auth.me(&caller).await.unwrap().email != email(EMAIL) {
                let link = undo[0].link.clone().unwrap().split_once("token=").unwrap().1.into();
                flow::undo_email_change(&world.auth, &link, &context()).await.unwrap();
                let reset = ResetProof::Link(token(&world, EMAIL, "password_reset").await);
                flow::reset_password(&world.auth, reset, &PASSWORD.into(), &context()).await.unwrap();
            }
        }
        drop(home);
    }
}
