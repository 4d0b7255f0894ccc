//! Stories of invitations that are worth nothing: forwarded, for another address, given by nobody any more, guessed at;
//! and of who may not invite.

use crate::support::administration::suspend;
use crate::support::invitations::{accept, accept_code, invite};
use crate::support::organizations::give;
use crate::support::{World, code, context, email, other_code, refusal};
use auth::flow;
use auth::form::{ConfirmedBy, InvitationProof, RoleForm};
use auth::id::{InvitationId, OrganizationId};
use auth::organization::OrganizationRole;
use auth::session::Caller;
use auth::view::{InvitationReader, InvitationState};
use auth::{Cursor, ErrorCode, Field, FieldIssue, Result};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
const DAY: i64 = 24 * 60 * 60;
const EVE: &str = "eve@example.com";
const OLD_PROOF: i64 = 15 * 60;

async fn change_role(world: &World, owner: &Caller, organization: &OrganizationId, of: &Caller, role: &str) {
    give(&world.auth, owner, (organization, &of.user_id), &OrganizationRole::parse(role)).await.unwrap();
}

fn issue<T>(result: Result<T>, field: Field) -> Option<FieldIssue> {
    result.err().unwrap().refusal().issue(field)
}

on_both_databases! {
    async fn a_link_that_was_forwarded_is_worth_nothing(world: World) {
        let team = world.acme(ADA).await;
        world.invite(&team, BOB, "admin").await;
        let (link, code) = (world.invitation_link(BOB).await, world.invitation_code(BOB).await);
        let eve = world.somebody(EVE).await;
        let shown = flow::show_invitation(&world.auth, Some(&eve), &link).await.unwrap();
        assert_eq!(shown.reader, InvitationReader::Other);
        assert_eq!(refusal(accept(&world.auth, &eve, &link).await), ErrorCode::WrongAccount);
        assert_eq!(refusal(accept_code(&world.auth, &eve, &team.id, &code).await), ErrorCode::LinkExpired);
        assert_eq!(world.role_of(&team, &eve).await, None);
        let bob = world.somebody(BOB).await;
        accept(&world.auth, &bob, &link).await.unwrap();
    }

    async fn it_does_not_follow_an_account_to_another_address(world: World) {
        let team = world.acme(ADA).await;
        let bob = world.somebody(BOB).await;
        world.invite(&team, BOB, "member").await;
        let link = world.invitation_link(BOB).await;
        let new = email("bob@example.org");
        flow::request_email_change(&world.auth, &bob, &new, &context()).await.unwrap();
        let proof = ConfirmedBy::Link(world.mailed_token(new.as_str()).await);
        flow::confirm_email_change(&world.auth, &bob, &proof, &context()).await.unwrap();
        assert_eq!(refusal(accept(&world.auth, &bob, &link).await), ErrorCode::WrongAccount);

        world.invite(&team, new.as_str(), "member").await;
        accept(&world.auth, &bob, &world.invitation_link(new.as_str()).await).await.unwrap();
    }

    async fn one_whose_role_is_gone_is_dead(world: World) {
        let team = world.acme(ADA).await;
        let form = RoleForm { name: "Editor".into(), permissions: vec!["documents:update".into()] };
        let role = flow::create_role(&world.auth, &team.owner, &team.id, form.parse().unwrap(), &context()).await;
        let role = role.unwrap();
        let made = world.invite(&team, BOB, role.as_str()).await;
        assert_eq!(made.role_name.as_deref(), Some("Editor"));
        let (bob, link) = (world.somebody(BOB).await, world.invitation_link(BOB).await);
        let removed = flow::remove_role(&world.auth, &team.owner, (&team.id, &role), &context()).await;
        assert_eq!(refusal(removed), ErrorCode::WrongState, "somebody is invited to it");
        world.clock.advance_seconds(7 * DAY);
        flow::remove_role(&world.auth, &team.owner, (&team.id, &role), &context()).await.unwrap();
        assert_eq!(refusal(accept(&world.auth, &bob, &link).await), ErrorCode::LinkExpired);
        assert_eq!(refusal(flow::show_invitation(&world.auth, None, &link).await), ErrorCode::LinkExpired);
        assert_eq!(world.states(&team).await, [InvitationState::Dead]);
        world.clock.advance_seconds(60);
        let sent = flow::resend_invitation(&world.auth, &team.owner, (&team.id, &made.id), &context()).await;
        assert_eq!(refusal(sent), ErrorCode::WrongState);
        world.invite(&team, BOB, "viewer").await;
        accept(&world.auth, &bob, &world.invitation_link(BOB).await).await.unwrap();
    }

    async fn one_whose_inviter_may_not_any_more_is_dead_until_somebody_else_sends_it(world: World) {
        let team = world.acme(ADA).await;
        let admin = world.guest(&team, "carol@example.com", "admin").await;
        world.clock.advance_seconds(60);
        let made = invite(&world.auth, &admin, &team.id, BOB, "admin").await.unwrap();
        let (bob, link) = (world.somebody(BOB).await, world.invitation_link(BOB).await);
        change_role(&world, &team.owner, &team.id, &admin, "member").await;
        assert_eq!(refusal(accept(&world.auth, &bob, &link).await), ErrorCode::LinkExpired, "no admin any more");
        change_role(&world, &team.owner, &team.id, &admin, "admin").await;
        assert!(flow::show_invitation(&world.auth, None, &link).await.is_ok(), "and one again");
        flow::remove_member(&world.auth, &team.owner, (&team.id, &admin.user_id), &context()).await.unwrap();
        assert_eq!(refusal(accept(&world.auth, &bob, &link).await), ErrorCode::LinkExpired, "gone");
        assert_eq!(world.states(&team).await, [InvitationState::Dead]);

        world.clock.advance_seconds(60);
        flow::resend_invitation(&world.auth, &team.owner, (&team.id, &made.id), &context()).await.unwrap();
        accept(&world.auth, &bob, &world.invitation_link(BOB).await).await.unwrap();
    }

    async fn one_of_a_suspended_account_is_dead_meanwhile(world: World) {
        let admin = world.administrator("root@example.com").await;
        let team = world.acme(ADA).await;
        let carol = world.guest(&team, "carol@example.com", "admin").await;
        world.clock.advance_seconds(60);
        invite(&world.auth, &carol, &team.id, EVE, "admin").await.unwrap();
        let (eve, link) = (world.somebody(EVE).await, world.invitation_link(EVE).await);
        suspend(&world, &admin, &carol.user_id, Some(3600)).await.unwrap();
        assert_eq!(refusal(flow::show_invitation(&world.auth, None, &link).await), ErrorCode::LinkExpired);
        assert_eq!(refusal(accept(&world.auth, &eve, &link).await), ErrorCode::LinkExpired);
        assert_eq!(world.states(&team).await, [InvitationState::Dead]);
        world.clock.advance_seconds(3600);
        accept(&world.auth, &eve, &link).await.unwrap();
    }

    async fn nobody_invites_with_more_than_they_have(world: World) {
        let team = world.acme(ADA).await;
        let admin = world.guest(&team, "carol@example.com", "admin").await;
        let member = world.guest(&team, BOB, "member").await;
        let eve = world.somebody(EVE).await;
        world.clock.advance_seconds(60);
        let to = "dave@example.com";
        let try_as = |caller: &Caller, role: &'static str| {
            let (auth, caller, id) = (world.auth.clone(), caller.clone(), team.id.clone());
            async move { invite(&auth, &caller, &id, to, role).await }
        };
        assert_eq!(issue(try_as(&admin, "owner").await, Field::Role), Some(FieldIssue::BeyondOwn));
        assert_eq!(refusal(try_as(&member, "viewer").await), ErrorCode::Forbidden);
        assert_eq!(refusal(try_as(&eve, "viewer").await), ErrorCode::NotFound);
        let unknown = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(issue(try_as(&team.owner, unknown).await, Field::Role), Some(FieldIssue::Unknown));
        assert_eq!(world.count("invitations").await, 2, "those of the members");
        try_as(&admin, "admin").await.unwrap();

        let again = invite(&world.auth, &team.owner, &team.id, BOB, "admin").await;
        assert_eq!(issue(again, Field::Email), Some(FieldIssue::AlreadyMember));
        let read = flow::list_invitations(&world.auth, &member, &team.id, None, &context()).await;
        assert_eq!(refusal(read), ErrorCode::Forbidden);
    }

    async fn an_owner_is_invited_with_a_fresh_proof_alone(world: World) {
        let team = world.acme(ADA).await;
        let made = world.invite(&team, BOB, "owner").await;
        world.clock.advance_seconds(OLD_PROOF);
        let asked = invite(&world.auth, &team.owner, &team.id, EVE, "owner").await;
        let again = flow::resend_invitation(&world.auth, &team.owner, (&team.id, &made.id), &context()).await;
        assert_eq!([refusal(asked), refusal(again)], [ErrorCode::ReauthenticationRequired; 2]);
        assert_eq!((world.invitation_mails(EVE).await.len(), world.invitation_mails(BOB).await.len()), (0, 1));
        invite(&world.auth, &team.owner, &team.id, EVE, "admin").await.unwrap();
        // Nor does one become an owner's that was made for less.
        world.clock.advance_seconds(60);
        let more = invite(&world.auth, &team.owner, &team.id, EVE, "owner").await;
        assert_eq!(refusal(more), ErrorCode::ReauthenticationRequired);
    }

    async fn an_invitation_of_another_organization_is_none(world: World) {
        let team = world.acme(ADA).await;
        let made = world.invite(&team, BOB, "member").await;
        let eve = world.somebody(EVE).await;
        let other = world.organization(&eve, "Other").await;
        for (id, organization) in [(&made.id, &other), (&InvitationId("\0".into()), &other), (&made.id, &team.id)] {
            let at = (organization, id);
            let sent = flow::resend_invitation(&world.auth, &eve, at, &context()).await;
            let revoked = flow::revoke_invitation(&world.auth, &eve, at, &context()).await;
            assert_eq!((refusal(sent), refusal(revoked)), (ErrorCode::NotFound, ErrorCode::NotFound));
        }
        let list = flow::list_invitations(&world.auth, &eve, &other, None, &context()).await.unwrap();
        assert!(list.items.is_empty());
        let broken = Some(Cursor("x".into()));
        let list = flow::list_invitations(&world.auth, &eve, &other, broken, &context()).await;
        assert_eq!(refusal(list), ErrorCode::MalformedRequest);
    }

    async fn five_wrong_codes_are_the_most_and_the_link_still_works(world: World) {
        let team = world.acme(ADA).await;
        let bob = world.somebody(BOB).await;
        world.invite(&team, BOB, "member").await;
        let right = world.invitation_code(BOB).await;
        let wrong = other_code(&code(&right)).digits().to_owned();
        for _ in 0..4 {
            assert_eq!(refusal(accept_code(&world.auth, &bob, &team.id, &wrong).await), ErrorCode::WrongCode);
        }
        assert_eq!(refusal(accept_code(&world.auth, &bob, &team.id, &wrong).await), ErrorCode::CodeExhausted);
        assert_eq!(refusal(accept_code(&world.auth, &bob, &team.id, &right).await), ErrorCode::CodeExhausted);
        accept(&world.auth, &bob, &world.invitation_link(BOB).await).await.unwrap();
    }

    async fn a_thousand_guesses_at_once_are_still_five(world: World) {
        let team = world.acme(ADA).await;
        let bob = world.somebody(BOB).await;
        world.invite(&team, BOB, "member").await;
        let right = world.invitation_code(BOB).await;
        let wrong = other_code(&code(&right)).digits().to_owned();
        let guesses: Vec<_> = (0..20)
            .map(|_| {
                let (auth, bob, id, wrong) = (world.auth.clone(), bob.clone(), team.id.clone(), wrong.clone());
                tokio::spawn(async move { accept_code(&auth, &bob, &id, &wrong).await.is_err() })
            })
            .collect();
        for guess in guesses {
            assert!(guess.await.unwrap());
        }
        assert_eq!(refusal(accept_code(&world.auth, &bob, &team.id, &right).await), ErrorCode::CodeExhausted);
    }

    async fn a_code_is_of_its_organization_alone(world: World) {
        let team = world.acme(ADA).await;
        let eve = world.somebody(EVE).await;
        let other = world.organization(&eve, "Other").await;
        let bob = world.somebody(BOB).await;
        world.invite(&team, BOB, "member").await;
        let right = world.invitation_code(BOB).await;
        assert_eq!(refusal(accept_code(&world.auth, &bob, &other, &right).await), ErrorCode::LinkExpired);
        let bad = OrganizationId("\0".into());
        assert_eq!(refusal(accept_code(&world.auth, &bob, &bad, &right).await), ErrorCode::LinkExpired);
        // Without an organization it is found by the code.
        let proof = InvitationProof::Code { organization: None, code: code(&right) };
        let joined = flow::accept_invitation(&world.auth, &bob, &proof, &context()).await.unwrap();
        assert_eq!(joined.id, team.id);
    }
}
