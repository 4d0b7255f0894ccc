//! Stories of factors that somebody else added or replaced: whoever has the mailbox takes them back, and no more.

use crate::support::account_recovery::{execute, runs_for, start, token};
use crate::support::authenticator::Authenticator;
use crate::support::passkeys::{self, add};
use crate::support::password_reset::{NEW, ask, mailed, mails_of_kind, reset};
use crate::support::sent_codes::{
    self, add_email_codes, add_phone, ask_for_phone, code_to, go_on, send, waiting_sign_in,
};
use crate::support::totp::{code_at, confirm, enrol, enrol_totp, typed, wrong_code};
use crate::support::typed_factor::{ticket, type_code};
use crate::support::{World, context, refusal};
use auth::factor::FactorProof;
use auth::flow::{self, PasskeySignIn, ResetProof, SignIn};
use auth::{ErrorCode, EventFilter, FactorMethod};

const EMAIL: &str = "alice@example.com";
const PHONE: &str = "+447700900123";
const MONTH: i64 = 30 * 24 * 60 * 60;

/// The owner of the mailbox chooses a new password.
async fn choose_new_password(world: &World) {
    world.clock.advance_seconds(15 * 60);
    ask(world, EMAIL).await;
    let (link, _) = mailed(world, EMAIL).await;
    reset(world, ResetProof::Link(link)).await.unwrap();
}

on_both_databases! {
    async fn what_a_thief_set_up_goes_with_the_thief(world: World) {
        world.create_account(EMAIL).await;
        let thief = world.caller(&world.sign_in(EMAIL).await);
        world.clock.advance_seconds(60);
        enrol(&world, &thief).await;
        let mut device = Authenticator::new();
        add(&world, &thief, &mut device).await;
        add_phone(&world, &thief, PHONE).await;
        let link = token(&world, EMAIL, "factor_added").await;
        // The oldest of three notices.
        let first = mails_of_kind(&world, EMAIL, "factor_added").await.pop().unwrap();
        let first = first.link.unwrap().split_once("token=").unwrap().1.into();
        flow::secure_account_by_link(&world.auth, &first, &context()).await.unwrap();
        let with_passkey = passkeys::try_sign_in(&world.auth, &mut device).await.unwrap();
        assert!(matches!(with_passkey, PasskeySignIn::Unknown(_)));
        choose_new_password(&world).await;
        let SignIn::SignedIn(session) = world.try_sign_in(EMAIL, NEW).await.unwrap() else { panic!("a factor is left") };
        let overview = flow::factors_overview(&world.auth, &world.caller(&session)).await.unwrap();
        assert!(overview.active.is_empty() && overview.passkeys.is_empty() && overview.totp_since.is_none());
        assert_eq!(overview.recovery_codes_left, 0);
        // The other notices are of the same theft, and find nothing more.
        flow::secure_account_by_link(&world.auth, &link, &context()).await.unwrap();
    }

    async fn a_mailbox_takes_no_factor_back_that_was_there_before(world: World) {
        world.create_account(EMAIL).await;
        let key = enrol_totp(&world, EMAIL).await;
        world.clock.advance_seconds(MONTH);
        // Another phone: the owner sets the app up anew, and somebody who reads the mailbox says it was not them.
        let way_in = ticket(&world, EMAIL).await;
        type_code(&world.auth, &way_in, FactorMethod::Totp, &code_at(&key, world.auth.now())).await.unwrap();
        world.clock.advance_seconds(60);
        let way_in = ticket(&world, EMAIL).await;
        let proof = FactorProof::Code { method: FactorMethod::Totp, code: typed(&code_at(&key, world.auth.now())) };
        let session = flow::second_factor(&world.auth, &way_in, proof, false, &context()).await.unwrap().signed_in;
        world.clock.advance_seconds(60);
        enrol(&world, &world.caller(&session)).await;
        let link = token(&world, EMAIL, "factor_added").await;
        flow::secure_account_by_link(&world.auth, &link, &context()).await.unwrap();
        choose_new_password(&world).await;
        let asked = world.try_sign_in(EMAIL, NEW).await.unwrap();
        assert!(matches!(asked, SignIn::NeedsSecondFactor(_)), "the mailbox alone is not enough, as before");
    }

    async fn a_mailed_code_gives_the_codes_of_an_app_no_new_tries(world: World) {
        world.create_account(EMAIL).await;
        let caller = world.caller(&world.sign_in(EMAIL).await);
        let (key, _) = enrol(&world, &caller).await;
        add_email_codes(&world, &caller, EMAIL).await;
        for _ in 0..3 {
            let way_in = ticket(&world, EMAIL).await;
            let guess = wrong_code(&key, world.auth.now());
            let guessed = type_code(&world.auth, &way_in, FactorMethod::Totp, &guess).await;
            assert_eq!(refusal(guessed), ErrorCode::WrongCode);
        }
        let waiting = waiting_sign_in(&world, EMAIL).await;
        world.clock.advance_seconds(30);
        send(&world.auth, &waiting.ticket, FactorMethod::EmailCode).await.unwrap();
        let code = code_to(&world, EMAIL).await;
        go_on(&world.auth, &waiting.ticket, FactorMethod::EmailCode, &code).await.unwrap();
        let left = flow::pending_sign_in(&world.auth, &ticket(&world, EMAIL).await).await.unwrap().tries_left;
        assert!(left <= 2, "{left}");
    }

    async fn a_factor_that_is_proved_calls_a_recovery_off(world: World) {
        world.create_account(EMAIL).await;
        let key = enrol_totp(&world, EMAIL).await;
        start(&world, EMAIL).await;
        assert!(runs_for(&world, EMAIL).await);
        let way_in = ticket(&world, EMAIL).await;
        type_code(&world.auth, &way_in, FactorMethod::Totp, &code_at(&key, world.auth.now())).await.unwrap();
        assert!(!runs_for(&world, EMAIL).await);
    }

    async fn the_mail_about_a_factor_takes_that_factor_back_whatever_moment_its_link_was_made_in(world: World) {
        world.create_account(EMAIL).await;
        let thief = world.caller(&world.sign_in(EMAIL).await);
        enrol(&world, &thief).await;
        let mut device = Authenticator::new();
        add(&world, &thief, &mut device).await;
        // A clock that goes on: the link is a moment younger than the factor.
        execute(&world, "UPDATE notice_links SET noticed_at = noticed_at + 3 WHERE email = $1", EMAIL).await;
        let link = token(&world, EMAIL, "factor_added").await;
        flow::secure_account_by_link(&world.auth, &link, &context()).await.unwrap();
        let with_passkey = passkeys::try_sign_in(&world.auth, &mut device).await.unwrap();
        assert!(matches!(with_passkey, PasskeySignIn::Unknown(_)));
        choose_new_password(&world).await;
        assert!(matches!(world.try_sign_in(EMAIL, NEW).await.unwrap(), SignIn::SignedIn(_)));
    }

    async fn a_factor_that_was_removed_long_ago_keeps_nobody_out(world: World) {
        world.create_account(EMAIL).await;
        let owner = world.caller(&world.sign_in(EMAIL).await);
        enrol(&world, &owner).await;
        flow::remove_totp(&world.auth, &owner, &context()).await.unwrap();
        world.clock.advance_seconds(MONTH);
        let thief = world.caller(&world.sign_in(EMAIL).await);
        add(&world, &thief, &mut Authenticator::new()).await;
        let link = token(&world, EMAIL, "factor_added").await;
        flow::secure_account_by_link(&world.auth, &link, &context()).await.unwrap();
        choose_new_password(&world).await;
        assert!(matches!(world.try_sign_in(EMAIL, NEW).await.unwrap(), SignIn::SignedIn(_)));
    }

    async fn a_session_that_proved_no_factor_takes_none_back(world: World) {
        world.create_account(EMAIL).await;
        let old = world.caller(&world.sign_in(EMAIL).await);
        enrol(&world, &world.caller(&world.sign_in(EMAIL).await)).await;
        let line = flow::list_activity(&world.auth, &old, EventFilter::All, None).await.unwrap().items.pop().unwrap();
        flow::secure_account_by_event(&world.auth, &old, &line.id, &context()).await.unwrap();
        choose_new_password(&world).await;
        assert!(matches!(world.try_sign_in(EMAIL, NEW).await.unwrap(), SignIn::NeedsSecondFactor(_)));
    }

    async fn what_was_begun_before_the_first_factor_is_not_finished_after_it(world: World) {
        world.create_account(EMAIL).await;
        let thief = world.caller(&world.sign_in(EMAIL).await);
        let secret = flow::start_totp(&world.auth, &thief).await.unwrap().secret;
        ask_for_phone(&world, &thief, PHONE).await.unwrap();
        let sms = code_to(&world, PHONE).await;
        let owner = world.caller(&world.sign_in(EMAIL).await);
        add(&world, &owner, &mut Authenticator::new()).await;
        let code = code_at(&secret, world.auth.now());
        assert_eq!(refusal(confirm(&world.auth, &thief, &code).await), ErrorCode::ReauthenticationRequired);
        let phone = sent_codes::confirm_phone(&world, &thief, &sms).await;
        assert_eq!(refusal(phone), ErrorCode::ReauthenticationRequired);
        let overview = flow::factors_overview(&world.auth, &owner).await.unwrap();
        assert_eq!(overview.active.names(), "passkey");
    }

    async fn what_an_app_proved_that_was_replaced_counts_for_nothing(world: World) {
        world.create_account(EMAIL).await;
        let owner = world.caller(&world.sign_in(EMAIL).await);
        let (copied, _) = enrol(&world, &owner).await;
        let proof = FactorProof::Code { method: FactorMethod::Totp, code: typed(&code_at(&copied, world.auth.now())) };
        let way_in = ticket(&world, EMAIL).await;
        let thief = flow::second_factor(&world.auth, &way_in, proof, false, &context()).await.unwrap().signed_in;
        let thief = world.caller(&thief);
        world.clock.advance_seconds(60);
        let (key, _) = enrol(&world, &owner).await;
        assert_eq!(refusal(flow::remove_totp(&world.auth, &thief, &context()).await), ErrorCode::ReauthenticationRequired);
        let way_in = ticket(&world, EMAIL).await;
        world.clock.advance_seconds(60);
        type_code(&world.auth, &way_in, FactorMethod::Totp, &code_at(&key, world.auth.now())).await.unwrap();
    }
}
