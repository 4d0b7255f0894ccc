//! Stories of every way into a suspended account: each proves who comes, and each is refused with the same words; whoever
//! proves nothing learns nothing.

use crate::support::administration::{ADMIN, suspend};
use crate::support::authenticator::Authenticator;
use crate::support::federation::{EMAIL, SUBJECT, Told, agree, claims, connect, finish, refused, start};
use crate::support::password_reset::mails_of_kind;
use crate::support::provider::FakeProvider;
use crate::support::second_factor::{first_half, prove};
use crate::support::totp::{code_at, enrol};
use crate::support::{PASSWORD, World, context, email, passkeys, refusal};
use auth::ErrorCode;
use auth::flow::{self, ResetProof, SignIn};
use auth::session::Caller;

const NEW: &str = "trombone lamp yes please";

/// An administrator, and somebody who is signed in.
async fn begin(world: &World) -> (Caller, Caller) {
    let admin = world.administrator(ADMIN).await;
    world.create_account(EMAIL).await;
    let caller = world.caller(&world.sign_in(EMAIL).await);
    (admin, caller)
}

on_both_databases! {
    async fn the_password(world: World) {
        let (admin, alice) = begin(&world).await;
        suspend(&world, &admin, &alice.user_id, None).await.unwrap();
        assert_eq!(refusal(world.try_sign_in(EMAIL, PASSWORD).await), ErrorCode::AccountSuspended);
        let wrong = refusal(world.try_sign_in(EMAIL, "not the password").await);
        assert_eq!(wrong, ErrorCode::InvalidCredentials, "whoever guesses hears what everybody hears");
        assert_eq!(refusal(world.try_sign_in("nobody@example.com", "not the password").await), wrong);
    }

    async fn the_password_before_a_second_factor(world: World) {
        let (admin, alice) = begin(&world).await;
        let (secret, _) = enrol(&world, &alice).await;
        let pending = first_half(&world, EMAIL).await;
        suspend(&world, &admin, &alice.user_id, None).await.unwrap();
        assert_eq!(refusal(world.try_sign_in(EMAIL, PASSWORD).await), ErrorCode::AccountSuspended);
        // A sign-in that waited is over, whatever is proved now.
        let code = code_at(&secret, world.auth.now());
        let late = refusal(prove(&world, &pending.ticket, &code, false).await);
        assert_eq!(late, ErrorCode::SecondFactorExpired);
    }

    async fn a_passkey(world: World) {
        let (admin, alice) = begin(&world).await;
        let mut phone = Authenticator::new();
        passkeys::add(&world, &alice, &mut phone).await;
        suspend(&world, &admin, &alice.user_id, None).await.unwrap();
        let refused = passkeys::try_sign_in(&world.auth, &mut phone).await;
        assert_eq!(refusal(refused), ErrorCode::AccountSuspended);
        flow::unsuspend_user(&world.auth, &admin, &alice.user_id, &context()).await.unwrap();
        passkeys::sign_in(&world, &mut phone).await;
    }

    async fn a_provider(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let (admin, alice) = begin(&world).await;
        connect(&world, &provider, SUBJECT, EMAIL).await;
        provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Verified));
        let answer = agree(&provider, &start(&world.auth, None).await);
        suspend(&world, &admin, &alice.user_id, None).await.unwrap();
        assert_eq!(refused(finish(&world.auth, answer).await), ErrorCode::AccountSuspended);
    }

    async fn a_new_password_by_mail(world: World) {
        let (admin, alice) = begin(&world).await;
        world.clock.advance_seconds(1);
        suspend(&world, &admin, &alice.user_id, Some(300)).await.unwrap();
        flow::forgot_password(&world.auth, &email(EMAIL), &context()).await.unwrap();
        let mail = mails_of_kind(&world, EMAIL, "password_reset").await.remove(0);
        let token = || ResetProof::Link(mail.link.as_deref().unwrap().split_once("token=").unwrap().1.into());
        let refused = flow::reset_password(&world.auth, token(), &NEW.into(), &context()).await;
        assert_eq!(refusal(refused), ErrorCode::AccountSuspended, "whoever reads the mailbox is told");
        let strangers = ResetProof::Link("invented".into());
        let refused = flow::reset_password(&world.auth, strangers, &NEW.into(), &context()).await;
        assert_eq!(refusal(refused), ErrorCode::ResetExpired);
        world.clock.advance_seconds(300);
        flow::reset_password(&world.auth, token(), &NEW.into(), &context()).await.unwrap();
        assert!(matches!(world.try_sign_in(EMAIL, NEW).await.unwrap(), SignIn::SignedIn(_)), "the link was not used up");
    }

    async fn a_mail_for_a_new_password_from_an_administrator(world: World) {
        let (admin, alice) = begin(&world).await;
        suspend(&world, &admin, &alice.user_id, None).await.unwrap();
        let refused = flow::admin_send_reset(&world.auth, &admin, &alice.user_id, &context()).await;
        assert_eq!(refusal(refused), ErrorCode::WrongState);
        assert!(mails_of_kind(&world, EMAIL, "password_reset").await.is_empty());
    }

    async fn twenty_who_sign_in_at_the_moment_of_the_suspension_are_out_in_the_end(world: World) {
        let (admin, alice) = begin(&world).await;
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let auth = world.auth.clone();
                tokio::spawn(async move {
                    let form = auth::form::SignInForm { email: EMAIL.into(), password: PASSWORD.into() };
                    flow::sign_in(&auth, form.parse().unwrap(), None, &context()).await
                })
            })
            .collect();
        suspend(&world, &admin, &alice.user_id, None).await.unwrap();
        for task in tasks {
            match task.await.unwrap() {
                Ok(SignIn::SignedIn(signed_in)) => {
                    let refreshed = flow::refresh(&world.auth, &signed_in.refresh_token, &context()).await;
                    assert_eq!(refusal(refreshed), ErrorCode::SignedOut, "it came before, and ended with all others");
                }
                Ok(_) => panic!("neither factor nor address is asked for"),
                Err(error) => {
                    let code = error.refusal().code;
                    let is_told = matches!(code, ErrorCode::AccountSuspended | ErrorCode::ChangedMeanwhile);
                    assert!(is_told, "{code:?}");
                }
            }
        }
        let seen = flow::admin_show_user(&world.auth, &admin, &alice.user_id).await.unwrap();
        assert_eq!(seen.user.live_sessions, 0);
    }
}
