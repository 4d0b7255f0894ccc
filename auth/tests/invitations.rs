//! Stories of invitations into organizations: made, mailed, accepted, sent again, taken back.

use crate::support::invitations::{ACME, accept, accept_code, invite};
use crate::support::{World, context, email, refusal};
use auth::flow;
use auth::form::InvitationForm;
use auth::organization::{BuiltInRole, OrganizationRole};
use auth::view::{InvitationReader, InvitationState};
use auth::{ErrorCode, EventFilter, EventKind};
use secrecy::{ExposeSecret, SecretString};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
const DAY: i64 = 24 * 60 * 60;

on_both_databases! {
    async fn an_invitation_is_mailed_and_accepted_once(world: World) {
        let team = world.acme(ADA).await;
        let form = InvitationForm { email: BOB.into(), role: "admin".into(), department: " Sales ".into() };
        let made = flow::invite(&world.auth, &team.owner, &team.id, form.parse().unwrap(), &context()).await.unwrap();
        assert_eq!((made.email, &*made.role, made.state), (email(BOB), "admin", InvitationState::Open));
        assert_eq!(made.expires_at, world.auth.now().plus_seconds(7 * DAY));
        let mails = world.invitation_mails(BOB).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].subject.contains("Sam Doe") && mails[0].subject.contains(ACME), "{}", mails[0].subject);
        assert!(!mails[0].subject.contains(mails[0].code.as_deref().unwrap()), "a locked screen shows it");

        let link = world.invitation_link(BOB).await;
        let shown = flow::show_invitation(&world.auth, None, &link).await.unwrap();
        assert_eq!((shown.organization.as_str(), shown.reader), (ACME, InvitationReader::SignedOut));
        assert_eq!((&*shown.role_name, shown.is_built_in, shown.email), ("admin", true, email(BOB)));
        let bob = world.somebody(BOB).await;
        let shown = flow::show_invitation(&world.auth, Some(&bob), &link).await.unwrap();
        assert_eq!(shown.reader, InvitationReader::Invited);
        assert_eq!(world.role_of(&team, &bob).await, None, "looking is not accepting");

        let joined = accept(&world.auth, &bob, &link).await.unwrap();
        assert_eq!((&joined.id, joined.slug.as_str()), (&team.id, "acme"));
        let member = world.auth.store().membership(&team.id, &bob.user_id).await.unwrap().unwrap();
        assert_eq!(member.role, OrganizationRole::BuiltIn(BuiltInRole::Admin));
        assert_eq!(member.department.as_deref(), Some("Sales"));
        assert_eq!(world.states(&team).await, []);
        assert_eq!(refusal(accept(&world.auth, &bob, &link).await), ErrorCode::LinkExpired, "reused");
        assert_eq!(refusal(flow::show_invitation(&world.auth, None, &link).await), ErrorCode::LinkExpired);
        assert_eq!(world.kinds_of_mails(ADA).await.iter().filter(|kind| *kind == "invitation_accepted").count(), 1);
        let lines = flow::list_activity(&world.auth, &bob, EventFilter::All, None).await.unwrap().items;
        assert!(lines.iter().any(|line| line.kind == EventKind::InvitationAccepted));
    }

    async fn whoever_has_an_account_types_the_code(world: World) {
        let team = world.acme(ADA).await;
        let bob = world.somebody(BOB).await;
        world.invite(&team, BOB, "member").await;
        let code = world.invitation_code(BOB).await;
        let link = world.invitation_link(BOB).await;
        accept_code(&world.auth, &bob, &team.id, &code).await.unwrap();
        assert_eq!(world.role_of(&team, &bob).await, Some(OrganizationRole::BuiltIn(BuiltInRole::Member)));
        assert_eq!(refusal(accept(&world.auth, &bob, &link).await), ErrorCode::LinkExpired, "one for both");
        assert_eq!(refusal(accept_code(&world.auth, &bob, &team.id, &code).await), ErrorCode::LinkExpired);
    }

    async fn a_second_invitation_of_an_address_takes_the_place_of_the_first(world: World) {
        let team = world.acme(ADA).await;
        let first = world.invite(&team, BOB, "viewer").await;
        let (link, code) = (world.invitation_link(BOB).await, world.invitation_code(BOB).await);
        let second = world.invite(&team, BOB, "member").await;
        assert_eq!((first.id, &*second.role), (second.id, "member"));
        assert_eq!(world.states(&team).await, [InvitationState::Open], "one");
        let bob = world.somebody(BOB).await;
        assert_eq!(refusal(accept(&world.auth, &bob, &link).await), ErrorCode::LinkExpired);
        if code != world.invitation_code(BOB).await {
            assert_eq!(refusal(accept_code(&world.auth, &bob, &team.id, &code).await), ErrorCode::WrongCode);
        }
        accept(&world.auth, &bob, &world.invitation_link(BOB).await).await.unwrap();
        assert_eq!(world.role_of(&team, &bob).await, Some(OrganizationRole::BuiltIn(BuiltInRole::Member)));
    }

    async fn after_seven_days_it_is_over_until_it_is_sent_again(world: World) {
        let team = world.acme(ADA).await;
        let made = world.invite(&team, BOB, "member").await;
        let bob = world.somebody(BOB).await;
        let link = world.invitation_link(BOB).await;
        world.clock.advance_seconds(7 * DAY - 1);
        assert!(flow::show_invitation(&world.auth, None, &link).await.is_ok());
        world.clock.advance_seconds(1);
        assert_eq!(refusal(accept(&world.auth, &bob, &link).await), ErrorCode::LinkExpired);
        assert_eq!(world.states(&team).await, [InvitationState::Expired]);

        let owner = world.caller(&world.sign_in(ADA).await);
        let sent = flow::resend_invitation(&world.auth, &owner, (&team.id, &made.id), &context()).await.unwrap();
        assert_eq!((sent.state, sent.expires_at), (InvitationState::Open, world.auth.now().plus_seconds(7 * DAY)));
        assert_eq!(refusal(accept(&world.auth, &bob, &link).await), ErrorCode::LinkExpired, "the old link is dead");
        accept(&world.auth, &bob, &world.invitation_link(BOB).await).await.unwrap();
    }

    async fn it_is_sent_again_after_a_minute_and_the_old_link_is_dead(world: World) {
        let team = world.acme(ADA).await;
        let made = world.invite(&team, BOB, "member").await;
        let old = world.invitation_link(BOB).await;
        let from = context();
        let resend = || flow::resend_invitation(&world.auth, &team.owner, (&team.id, &made.id), &from);
        world.clock.advance_seconds(59);
        let refused = resend().await.err().unwrap().refusal();
        assert_eq!((refused.code, refused.retry_after), (ErrorCode::TooSoon, Some(1)));
        assert!(flow::show_invitation(&world.auth, None, &old).await.is_ok(), "the old one still works");
        world.clock.advance_seconds(1);
        resend().await.unwrap();
        assert_eq!(refusal(flow::show_invitation(&world.auth, None, &old).await), ErrorCode::LinkExpired);
        assert_eq!(world.invitation_mails(BOB).await.len(), 2);
        let new = world.invitation_link(BOB).await;
        assert!(flow::show_invitation(&world.auth, None, &new).await.is_ok());
        let again = invite(&world.auth, &team.owner, &team.id, BOB, "member").await;
        assert_eq!(refusal(again), ErrorCode::TooSoon, "inviting again is no way around");
    }

    async fn what_is_taken_back_is_dead_and_inviting_anew_does_not_wait_less(world: World) {
        let team = world.acme(ADA).await;
        let made = world.invite(&team, BOB, "member").await;
        let (bob, link) = (world.somebody(BOB).await, world.invitation_link(BOB).await);
        let from = context();
        let revoke = || flow::revoke_invitation(&world.auth, &team.owner, (&team.id, &made.id), &from);
        revoke().await.unwrap();
        assert_eq!(refusal(revoke().await), ErrorCode::NotFound);
        assert_eq!(refusal(accept(&world.auth, &bob, &link).await), ErrorCode::LinkExpired);
        assert_eq!(world.states(&team).await, []);
        let sent = flow::resend_invitation(&world.auth, &team.owner, (&team.id, &made.id), &context()).await;
        assert_eq!(refusal(sent), ErrorCode::WrongState);
        let again = invite(&world.auth, &team.owner, &team.id, BOB, "member").await;
        assert_eq!(refusal(again), ErrorCode::TooSoon);
        world.invite(&team, BOB, "member").await;
        accept(&world.auth, &bob, &world.invitation_link(BOB).await).await.unwrap();
    }

    async fn who_says_no_is_seen_in_the_list_and_may_be_invited_again(world: World) {
        let team = world.acme(ADA).await;
        world.invite(&team, BOB, "member").await;
        let (bob, link) = (world.somebody(BOB).await, world.invitation_link(BOB).await);
        flow::decline_invitation(&world.auth, None, &link, &context()).await.unwrap();
        let again = flow::decline_invitation(&world.auth, Some(&bob), &link, &context()).await;
        assert_eq!(refusal(again), ErrorCode::LinkExpired);
        assert_eq!(refusal(accept(&world.auth, &bob, &link).await), ErrorCode::LinkExpired);
        assert_eq!(world.states(&team).await, [InvitationState::Declined]);
        world.invite(&team, BOB, "member").await;
        assert_eq!(world.states(&team).await, [InvitationState::Open, InvitationState::Declined]);
        accept(&world.auth, &bob, &world.invitation_link(BOB).await).await.unwrap();
    }

    async fn an_invitation_that_a_browser_keeps_is_sealed_and_opens_for_a_day(world: World) {
        let link = SecretString::from("a token of a link");
        let sealed = flow::seal_invitation(&world.auth, &link);
        assert!(!sealed.contains("a token"));
        let open = |sealed: &str| flow::open_invitation(&world.auth, &SecretString::from(sealed));
        assert_eq!(open(&sealed).unwrap().expose_secret(), link.expose_secret());
        for changed in ["", "v1", &sealed[..sealed.len() - 2], "a token of a link"] {
            assert!(open(changed).is_none(), "{changed}");
        }
        world.clock.advance_seconds(flow::KEPT_INVITATION_SECONDS);
        assert!(open(&sealed).is_none());
    }

    async fn old_invitations_are_forgotten_ninety_days_after_their_end(world: World) {
        let team = world.acme(ADA).await;
        world.invite(&team, BOB, "member").await;
        world.clock.advance_seconds(97 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!((world.count("invitations").await, world.count("invitation_mails").await), (1, 0));
        world.clock.advance_seconds(1);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(world.count("invitations").await, 0);
    }
}
