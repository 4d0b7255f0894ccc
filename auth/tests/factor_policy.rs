//! Stories of the rule that an account must have a second factor: its grace, what it closes, and what keeps the last
//! factor; and of administrators who take all factors from somebody.

use crate::support::step_up::{STEP, claims, prove_by_app, sign_in_with_app};
use crate::support::totp::{enrol, enrol_totp};
use crate::support::typed_factor::password_is_enough;
use crate::support::{PASSWORD, World, access_token, context, email, personal_tokens, refusal};
use auth::factor::{FactorPolicy, SecondFactorRule};
use auth::flow::{self, FreshProof, SignIn, SignedIn};
use auth::form::SignInForm;
use auth::id::UserId;
use auth::session::Caller;
use auth::view::ActivityItem;
use auth::{Auth, ErrorCode, EventFilter, EventKind, Permission, Role, Timestamp};

const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";
const DAY: i64 = 24 * 60 * 60;

/// Another node on the same database, whose operator set another rule.
async fn node(world: &World, rule: SecondFactorRule, grace_days: i64) -> Auth {
    let change = |settings: &mut auth::settings::Settings| settings.factor_policy = FactorPolicy { rule, grace_days };
    world.another_node_with(&world.clock, change).await.unwrap()
}

async fn due(auth: &Auth, caller: &Caller) -> Option<Timestamp> {
    auth.me(caller).await.unwrap().second_factor_due
}

async fn sign_in_on(auth: &Auth, email: &str) -> SignedIn {
    let form = SignInForm { email: email.into(), password: PASSWORD.into() };
    match flow::sign_in(auth, form.parse().unwrap(), None, &context()).await.unwrap() {
        SignIn::SignedIn(signed_in) => signed_in,
        _ => panic!("{email} cannot sign in with the password alone"),
    }
}

async fn lines(auth: &Auth, caller: &Caller, filter: EventFilter) -> Vec<ActivityItem> {
    flow::list_activity(auth, caller, filter, None).await.unwrap().items
}

async fn prove(world: &World, caller: &Caller) {
    flow::reauthenticate(&world.auth, caller, &FreshProof::Password(PASSWORD.into()), &context()).await.unwrap();
}

on_both_databases! {
    async fn an_administrator_has_seven_days_and_then_may_only_get_a_factor(world: World) {
        world.create_account(ADMIN).await;
        flow::set_role(&world.auth, &email(ADMIN), Role::PlatformAdmin, &context()).await.unwrap();
        let end = world.auth.now().plus_seconds(7 * DAY);
        assert_eq!(flow::factor_due(&world.auth, &email(ADMIN)).await.unwrap(), Some(end));
        world.clock.advance_seconds(DAY);
        let session = world.sign_in(ADMIN).await;
        let admin = world.caller(&session);
        assert_eq!(due(&world.auth, &admin).await, Some(end), "the days count from the role, not from the sign-in");
        assert!(!admin.is_limited && !flow::owes_factor(&world.auth, &admin).await.unwrap());
        flow::require_permission(&world.auth, &admin, Permission::ReadUsers).await.unwrap();

        world.clock.advance_seconds(6 * DAY);
        let refused = flow::require_permission(&world.auth, &admin, Permission::ReadUsers).await;
        assert_eq!(refusal(refused), ErrorCode::SecondFactorRequired);
        assert!(flow::owes_factor(&world.auth, &admin).await.unwrap());
        let refreshed = flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
        let token = refreshed.access.access_token;
        assert_eq!(claims(&token)["roles"], serde_json::json!([]), "for other services it is nobody's role");
        assert!(world.auth.caller_of_access_token(&token.into()).unwrap().is_limited);
        let resumed = flow::resume(&world.auth, &refreshed.refresh_token, &context()).await.unwrap().unwrap();
        assert!(resumed.caller.is_limited, "by the cookie as well");

        prove(&world, &admin).await;
        let (secret, codes) = enrol(&world, &admin).await;
        assert!(codes.is_some(), "the way back in comes with the first factor");
        assert!(!flow::owes_factor(&world.auth, &admin).await.unwrap());
        assert_eq!(due(&world.auth, &admin).await, None);
        prove_by_app(&world, &admin, &secret).await.unwrap();
        flow::require_permission(&world.auth, &admin, Permission::ReadUsers).await.unwrap();
        let resumed = flow::resume(&world.auth, &refreshed.refresh_token, &context()).await.unwrap().unwrap();
        assert!(!resumed.caller.is_limited);
    }

    async fn a_user_owes_nothing_and_a_role_that_is_taken_ends_the_debt(world: World) {
        world.create_account(ALICE).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        assert_eq!(due(&world.auth, &alice).await, None);
        for role in [Role::PlatformAdmin, Role::User] {
            flow::set_role(&world.auth, &email(ALICE), role, &context()).await.unwrap();
            world.clock.advance_seconds(8 * DAY);
        }
        assert!(!flow::owes_factor(&world.auth, &alice).await.unwrap());
        flow::set_role(&world.auth, &email(ALICE), Role::PlatformAdmin, &context()).await.unwrap();
        let end = world.auth.now().plus_seconds(7 * DAY);
        assert_eq!(due(&world.auth, &alice).await, Some(end), "the days begin anew");
    }

    async fn a_rule_for_everyone_meets_each_account_when_it_comes_by(world: World) {
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        let (alice, strict) = (world.caller(&session), node(&world, SecondFactorRule::Everyone, 7).await);
        world.clock.advance_seconds(20 * DAY);
        assert_eq!(due(&world.auth, &alice).await, None);
        let met_at = world.auth.now();
        let session = flow::refresh(&strict, &session.refresh_token, &context()).await.unwrap();
        for _ in 0..3 {
            assert_eq!(due(&strict, &alice).await, Some(met_at.plus_seconds(7 * DAY)));
            world.clock.advance_seconds(DAY);
        }
        world.clock.advance_seconds(4 * DAY);
        assert!(flow::owes_factor(&strict, &alice).await.unwrap());

        // The operator takes the rule back, and sets it again.
        let session = flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
        world.clock.advance_seconds(1);
        flow::refresh(&strict, &session.refresh_token, &context()).await.unwrap();
        assert_eq!(due(&strict, &alice).await, Some(world.auth.now().plus_seconds(7 * DAY)));
        let optional = node(&world, SecondFactorRule::Optional, 0).await;
        assert_eq!(due(&optional, &alice).await, None);
    }

    async fn without_grace_the_first_access_token_is_limited(world: World) {
        world.create_account(ALICE).await;
        let strict = node(&world, SecondFactorRule::Everyone, 0).await;
        let session = sign_in_on(&strict, ALICE).await;
        let caller = strict.caller_of_access_token(&access_token(&session)).unwrap();
        assert!(caller.is_limited && flow::owes_factor(&strict, &caller).await.unwrap());
        assert_eq!(claims(&session.access.access_token)["roles"], serde_json::json!([]));
    }

    async fn programs_of_who_owes_a_factor_are_limited_as_well(world: World) {
        let alice = personal_tokens::signed_in(&world, ALICE).await;
        let made = personal_tokens::make(&world.auth, &alice, "Backup").await.unwrap();
        assert!(!personal_tokens::call(&world.auth, &made.secret).await.unwrap().is_limited);
        let strict = node(&world, SecondFactorRule::Everyone, 0).await;
        assert!(personal_tokens::call(&strict, &made.secret).await.unwrap().is_limited);
    }

    async fn the_last_factor_of_who_must_have_one_stays(world: World) {
        let admin = world.administrator(ADMIN).await;
        let (secret, _) = enrol(&world, &admin).await;
        prove_by_app(&world, &admin, &secret).await.unwrap();
        world.clock.advance_seconds(7 * DAY);
        let session = sign_in_with_app(&world, ADMIN, &secret, false).await.signed_in;
        let admin = world.caller(&session);
        assert_eq!(refusal(flow::remove_totp(&world.auth, &admin, &context()).await), ErrorCode::LastFactor);
        assert!(!password_is_enough(&world, ADMIN).await, "nothing was removed");
        flow::set_role(&world.auth, &email(ADMIN), Role::User, &context()).await.unwrap();
        flow::remove_totp(&world.auth, &admin, &context()).await.unwrap();
        assert!(password_is_enough(&world, ADMIN).await);
    }

    async fn within_the_grace_the_last_factor_may_go(world: World) {
        let admin = world.administrator(ADMIN).await;
        let (secret, _) = enrol(&world, &admin).await;
        prove_by_app(&world, &admin, &secret).await.unwrap();
        flow::remove_totp(&world.auth, &admin, &context()).await.unwrap();
        assert!(due(&world.auth, &admin).await.is_some(), "and one is due again");
    }

    async fn an_administrator_takes_all_factors_and_the_person_is_told(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        enrol_totp(&world, ALICE).await;
        let found = flow::admin_list_users(&world.auth, &admin, ALICE, None).await.unwrap().items.remove(0);
        assert_eq!(found.factors.names(), "totp");
        assert!(!password_is_enough(&world, ALICE).await);

        flow::admin_reset_factors(&world.auth, &admin, &found.id, &context()).await.unwrap();
        world.clock.advance_seconds(STEP);
        flow::admin_reset_factors(&world.auth, &admin, &found.id, &context()).await.unwrap();
        let mails = world.inbox_of(ALICE).await;
        assert_eq!(mails.iter().filter(|mail| mail.kind == "factors_reset").count(), 1, "there were none left");
        let alice = world.caller(&world.sign_in(ALICE).await);
        let told = lines(&world.auth, &alice, EventFilter::All).await;
        let told: Vec<_> = told.iter().filter(|line| line.kind == EventKind::FactorsResetByAdmin).collect();
        assert_eq!(told.len(), 1);
        assert_eq!((&*told[0].address, &*told[0].device), ("", ""), "from where is nobody's business");
        let own = lines(&world.auth, &admin, EventFilter::Administration).await;
        assert_eq!(own.iter().map(|line| line.kind).collect::<Vec<_>>(), [EventKind::AdminFactorsReset]);
        let found = flow::admin_show_user(&world.auth, &admin, &found.id).await.unwrap();
        assert!(found.user.factors.is_empty());
    }

    async fn factors_are_taken_by_nobody_else(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        enrol(&world, &alice).await;
        let (auth, id) = (&world.auth, &alice.user_id);
        let asked = [
            refusal(flow::admin_reset_factors(auth, &alice, id, &context()).await),
            refusal(flow::admin_reset_factors(auth, &admin, &UserId("\0".into()), &context()).await),
            refusal(flow::admin_reset_factors(auth, &admin, &admin.user_id, &context()).await),
        ];
        assert_eq!(asked, [ErrorCode::NotFound, ErrorCode::NotFound, ErrorCode::LastFactor]);
        world.clock.advance_seconds(15 * 60);
        let late = flow::admin_reset_factors(auth, &admin, id, &context()).await;
        assert_eq!(refusal(late), ErrorCode::ReauthenticationRequired);
        assert!(!password_is_enough(&world, ALICE).await, "nothing was removed");
    }
}
