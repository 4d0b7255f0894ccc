//! Stories of organizations whose members must have a second factor.

use crate::support::administration::prove;
use crate::support::invitations::accept;
use crate::support::step_up::prove_by_app;
use crate::support::totp::enrol;
use crate::support::{World, context, refusal};
use auth::factor::{FactorPolicy, SecondFactorRule};
use auth::flow;
use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::FactorRule;
use auth::{ErrorCode, Result, Timestamp};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
const DAY: i64 = 24 * 60 * 60;

async fn rule(world: &World, caller: &Caller, organization: &OrganizationId, required: bool) -> Result<FactorRule> {
    flow::set_organization_factor_rule(&world.auth, caller, organization, required, &context()).await
}

async fn due(world: &World, caller: &Caller) -> Option<Timestamp> {
    world.auth.me(caller).await.unwrap().second_factor_due
}

async fn owes(world: &World, caller: &Caller) -> bool {
    flow::owes_factor(&world.auth, caller).await.unwrap()
}

on_both_databases! {
    async fn members_have_seven_days_and_then_may_only_get_a_factor(world: World) {
        let team = world.acme(ADA).await;
        let bob = world.guest(&team, BOB, "member").await;
        let stranger = world.somebody("eve@example.com").await;
        assert_eq!(due(&world, &bob).await, None);
        enrol(&world, &team.owner).await;
        let set = rule(&world, &team.owner, &team.id, true).await.unwrap();
        assert_eq!((set.required_from, set.grace_days), (Some(world.auth.now()), 7));
        assert_eq!((set.members, set.without), (2, 1));
        let end = world.auth.now().plus_seconds(7 * DAY);
        assert_eq!((due(&world, &bob).await, due(&world, &stranger).await), (Some(end), None));
        assert_eq!(due(&world, &team.owner).await, None, "the owner has one");
        let view = flow::show_organization(&world.auth, &bob, &team.id, &context()).await.unwrap();
        assert!(view.factor_required_from.is_some(), "within the grace nothing is closed");

        world.clock.advance_seconds(7 * DAY);
        assert!(owes(&world, &bob).await && !owes(&world, &stranger).await);
        let shown = flow::show_organization(&world.auth, &bob, &team.id, &context()).await;
        assert_eq!(refusal(shown), ErrorCode::SecondFactorRequired);
        let bob = world.caller(&world.sign_in(BOB).await);
        assert!(bob.is_limited, "by the access token as well");
        let (secret, _) = enrol(&world, &bob).await;
        assert!(!owes(&world, &bob).await);
        prove_by_app(&world, &bob, &secret).await.unwrap();
        flow::show_organization(&world.auth, &bob, &team.id, &context()).await.unwrap();
        assert_eq!(refusal(flow::remove_totp(&world.auth, &bob, &context()).await), ErrorCode::LastFactor);
    }

    async fn who_joins_later_has_the_whole_grace_and_who_leaves_owes_nothing(world: World) {
        let team = world.acme(ADA).await;
        rule(&world, &team.owner, &team.id, true).await.unwrap();
        world.clock.advance_seconds(5 * DAY);
        world.invite(&team, BOB, "viewer").await;
        let link = world.invitation_link(BOB).await;
        let shown = flow::show_invitation(&world.auth, None, &link).await.unwrap();
        assert!(shown.factor_required, "whoever is invited knows before");
        let bob = world.somebody(BOB).await;
        assert_eq!(due(&world, &bob).await, None);
        accept(&world.auth, &bob, &link).await.unwrap();
        assert_eq!(due(&world, &bob).await, Some(world.auth.now().plus_seconds(7 * DAY)));
        world.clock.advance_seconds(7 * DAY);
        assert!(owes(&world, &bob).await);
        flow::leave_organization(&world.auth, &bob, &team.id, &context()).await.unwrap();
        assert!(!owes(&world, &bob).await);
        assert_eq!(due(&world, &bob).await, None);
    }

    async fn the_rule_ends_when_it_is_taken_back_unless_another_organization_has_it(world: World) {
        let team = world.acme(ADA).await;
        let bob = world.guest(&team, BOB, "viewer").await;
        let other = world.organization(&bob, "Other").await;
        rule(&world, &team.owner, &team.id, true).await.unwrap();
        let first = due(&world, &bob).await;
        world.clock.advance_seconds(DAY);
        let stale = rule(&world, &bob, &other, true).await;
        assert_eq!(refusal(stale), ErrorCode::ReauthenticationRequired, "it asks nothing of others either");
        prove(&world.auth, &bob).await;
        rule(&world, &bob, &other, true).await.unwrap();
        assert_eq!(due(&world, &bob).await, first, "whoever asked first decides");
        let stale = rule(&world, &team.owner, &team.id, false).await;
        assert_eq!(refusal(stale), ErrorCode::ReauthenticationRequired, "a stolen session takes nothing back");
        assert!(due(&world, &bob).await.is_some());
        prove(&world.auth, &team.owner).await;
        let same = rule(&world, &team.owner, &team.id, true).await.unwrap();
        assert_eq!(same.required_from, Some(world.auth.now().minus_seconds(DAY)), "once more changes nothing");
        let off = rule(&world, &team.owner, &team.id, false).await.unwrap();
        assert_eq!(off.required_from, None);
        assert_eq!(due(&world, &bob).await, Some(world.auth.now().plus_seconds(7 * DAY)));
        rule(&world, &bob, &other, false).await.unwrap();
        assert_eq!(due(&world, &bob).await, None);
    }

    async fn without_grace_it_holds_at_once(world: World) {
        let team = world.acme(ADA).await;
        world.guest(&team, BOB, "viewer").await;
        let session = world.sign_in(BOB).await;
        let bob = world.caller(&session);
        let policy = FactorPolicy { rule: SecondFactorRule::Optional, grace_days: 0 };
        let strict = world.another_node_with(&world.clock, |settings| settings.factor_policy = policy).await.unwrap();
        enrol(&world, &team.owner).await;
        flow::set_organization_factor_rule(&strict, &team.owner, &team.id, true, &context()).await.unwrap();
        assert!(flow::owes_factor(&strict, &bob).await.unwrap());
        let old = session.access.access_token.as_str().into();
        assert_eq!(refusal(strict.caller_of_access_token(&old)), ErrorCode::InvalidToken, "it said nothing of it");
    }

    async fn only_who_changes_the_organization_sets_its_rule(world: World) {
        let team = world.acme(ADA).await;
        let bob = world.guest(&team, BOB, "member").await;
        let eve = world.somebody("eve@example.com").await;
        assert_eq!(refusal(rule(&world, &bob, &team.id, true).await), ErrorCode::Forbidden);
        assert_eq!(refusal(rule(&world, &eve, &team.id, true).await), ErrorCode::NotFound);
        let read = flow::organization_factor_rule(&world.auth, &bob, &team.id, &context()).await.unwrap();
        assert_eq!((read.required_from, read.members), (None, 2));
        let read = flow::organization_factor_rule(&world.auth, &eve, &team.id, &context()).await;
        assert_eq!(refusal(read), ErrorCode::NotFound);
    }
}
