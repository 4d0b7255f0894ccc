//! Stories of mail domains: claimed, proved by a record, joined by, lost; and of organizations that want the same one.

use crate::support::dns::FakeDns;
use crate::support::invitations::{Acme, accept};
use crate::support::{World, context, email, refusal};
use auth::flow;
use auth::form::{ConfirmedBy, DomainForm, JoinRuleForm, RoleChangeForm, RoleForm};
use auth::id::{DomainId, OrganizationId};
use auth::organization::{BuiltInRole, OrganizationRole};
use auth::session::Caller;
use auth::view::{DomainItem, DomainState};
use auth::{Auth, ErrorCode, EventFilter, EventKind, Field, FieldIssue, Result};
use std::sync::Arc;

const ADA: &str = "ada@acme.example";
const BOB: &str = "bob@acme.example";
const EVE: &str = "eve@other.example";
const DOMAIN: &str = "acme.example";
const DAY: i64 = 24 * 60 * 60;
const VIEWER: OrganizationRole = OrganizationRole::BuiltIn(BuiltInRole::Viewer);

async fn claim(auth: &Auth, caller: &Caller, organization: &OrganizationId, domain: &str) -> Result<DomainItem> {
    let domain = DomainForm { domain: domain.into() }.parse()?;
    flow::claim_domain(auth, caller, organization, domain, &context()).await
}

async fn check(world: &World, team: &Acme, id: &DomainId) -> Result<DomainItem> {
    world.clock.advance_seconds(10);
    flow::check_domain(&world.auth, &team.owner, (&team.id, id), &context()).await
}

async fn let_join(world: &World, team: &Acme, id: &DomainId, role: Option<&str>) -> Result<DomainItem> {
    let role = JoinRuleForm { join_role: role.map(str::to_owned) }.parse()?;
    flow::change_domain(&world.auth, &team.owner, (&team.id, id), role, &context()).await
}

/// An organization that proved a domain, and lets its people join.
async fn verified(world: &World, dns: &FakeDns) -> (Acme, DomainId) {
    let team = world.acme(ADA).await;
    let claimed = claim(&world.auth, &team.owner, &team.id, DOMAIN).await.unwrap();
    dns.publish(DOMAIN, &[&claimed.record]);
    assert_eq!(check(world, &team, &claimed.id).await.unwrap().state, DomainState::Verified);
    let_join(world, &team, &claimed.id, Some("viewer")).await.unwrap();
    (team, claimed.id)
}

async fn only(world: &World, team: &Acme) -> DomainItem {
    let caller = world.caller(&world.sign_in(ADA).await);
    flow::list_domains(&world.auth, &caller, &team.id, &context()).await.unwrap().remove(0)
}

/// A round of the daily job.
async fn next_day(world: &World) {
    world.clock.advance_seconds(DAY);
    world.auth.delete_what_is_over().await.unwrap();
}

fn issue<T>(result: Result<T>, field: Field) -> Option<FieldIssue> {
    result.err().unwrap().refusal().issue(field)
}

on_both_databases! {
    async fn a_record_proves_a_domain_and_who_proves_an_address_of_it_joins(world: World) {
        let (world, dns) = world.with_dns().await;
        let team = world.acme(ADA).await;
        let early = world.somebody("early@acme.example").await;
        let claimed = claim(&world.auth, &team.owner, &team.id, " @Acme.Example ").await.unwrap();
        assert_eq!((claimed.domain.as_str(), claimed.state), (DOMAIN, DomainState::Claimed));
        assert!(claimed.record.strip_prefix("keywright-verification=").is_some_and(|token| token.len() == 43));
        let again = claim(&world.auth, &team.owner, &team.id, DOMAIN).await.unwrap();
        assert_eq!((&again.id, &again.record), (&claimed.id, &claimed.record), "the same");

        assert_eq!(check(&world, &team, &claimed.id).await.unwrap().state, DomainState::Claimed);
        dns.publish(DOMAIN, &["keywright-verification=invented"]);
        assert_eq!(check(&world, &team, &claimed.id).await.unwrap().state, DomainState::Claimed);
        let_join(&world, &team, &claimed.id, Some("viewer")).await.unwrap();
        let nobody = world.somebody("soon@acme.example").await;
        assert_eq!(world.role_of(&team, &nobody).await, None, "it is not proved yet");

        dns.publish(DOMAIN, &[&claimed.record]);
        let item = check(&world, &team, &claimed.id).await.unwrap();
        assert_eq!((item.state, item.join_role.as_deref()), (DomainState::Verified, Some("viewer")));
        let bob = world.somebody(BOB).await;
        assert_eq!(world.role_of(&team, &bob).await, Some(VIEWER));
        let told = flow::list_domain_joins(&world.auth, &bob).await.unwrap();
        assert_eq!((&told[0].id, told[0].domain.as_str(), told.len()), (&team.id, DOMAIN, 1));
        flow::forget_domain_joins(&world.auth, &bob).await.unwrap();
        assert_eq!(flow::list_domain_joins(&world.auth, &bob).await.unwrap(), []);
        let lines = flow::list_activity(&world.auth, &bob, EventFilter::All, None).await.unwrap().items;
        assert!(lines.iter().any(|line| line.kind == EventKind::OrganizationJoinedByDomain));

        // Neither accounts of before nor those of a domain below it.
        let below = world.somebody("x@mail.acme.example").await;
        assert_eq!((world.role_of(&team, &early).await, world.role_of(&team, &below).await), (None, None));
        let_join(&world, &team, &claimed.id, None).await.unwrap();
        let late = world.somebody("late@acme.example").await;
        assert_eq!(world.role_of(&team, &late).await, None);
    }

    async fn who_changes_to_an_address_of_the_domain_joins(world: World) {
        let (world, dns) = world.with_dns().await;
        let (team, _) = verified(&world, &dns).await;
        let eve = world.somebody(EVE).await;
        let new = email("eve@acme.example");
        flow::request_email_change(&world.auth, &eve, &new, &context()).await.unwrap();
        assert_eq!(world.role_of(&team, &eve).await, None, "asking proves nothing");
        let proof = ConfirmedBy::Link(world.mailed_token(new.as_str()).await);
        flow::confirm_email_change(&world.auth, &eve, &proof, &context()).await.unwrap();
        assert_eq!(world.role_of(&team, &eve).await, Some(VIEWER));
    }

    async fn who_is_invited_is_asked_and_does_not_join(world: World) {
        let (world, dns) = world.with_dns().await;
        let (team, _) = verified(&world, &dns).await;
        world.invite(&team, BOB, "admin").await;
        let bob = world.somebody(BOB).await;
        assert_eq!(world.role_of(&team, &bob).await, None);
        accept(&world.auth, &bob, &world.invitation_link(BOB).await).await.unwrap();
        assert_eq!(world.role_of(&team, &bob).await, Some(OrganizationRole::BuiltIn(BuiltInRole::Admin)));
    }

    async fn nobody_becomes_an_administrator_by_themselves(world: World) {
        let (world, dns) = world.with_dns().await;
        let (team, id) = verified(&world, &dns).await;
        for role in ["owner", "admin"] {
            let refused = let_join(&world, &team, &id, Some(role)).await;
            assert_eq!(issue(refused, Field::Role), Some(FieldIssue::BeyondOwn), "{role}");
        }
        // Whatever it is called.
        let form = RoleForm { name: "Steward".into(), permissions: vec!["members:update".into()] };
        let steward = flow::create_role(&world.auth, &team.owner, &team.id, form.parse().unwrap(), &context()).await;
        let refused = let_join(&world, &team, &id, Some(steward.unwrap().as_str())).await;
        assert_eq!(issue(refused, Field::Role), Some(FieldIssue::BeyondOwn));
        let form = RoleForm { name: "Editor".into(), permissions: vec!["documents:update".into()] };
        let role = flow::create_role(&world.auth, &team.owner, &team.id, form.parse().unwrap(), &context()).await;
        let role = role.unwrap();
        let_join(&world, &team, &id, Some(role.as_str())).await.unwrap();
        let bob = world.somebody(BOB).await;
        assert_eq!(world.role_of(&team, &bob).await, Some(OrganizationRole::Custom(role.clone())));
        // One that allows more by now is not given to who comes by themselves.
        let form = RoleChangeForm { name: None, permissions: Some(vec!["invitations:manage".into()]) };
        let at = (&team.id, &role);
        flow::change_role(&world.auth, &team.owner, at, &form.parse().unwrap(), &context()).await.unwrap();
        let dave = world.somebody("dave@acme.example").await;
        assert_eq!(world.role_of(&team, &dave).await, Some(VIEWER));
        flow::remove_member(&world.auth, &team.owner, (&team.id, &bob.user_id), &context()).await.unwrap();
        flow::remove_role(&world.auth, &team.owner, (&team.id, &role), &context()).await.unwrap();
        let carol = world.somebody("carol@acme.example").await;
        assert_eq!(world.role_of(&team, &carol).await, Some(VIEWER), "of a role that is gone seeing is left");
    }

    async fn administrators_see_how_many_are_proved(world: World) {
        let (world, dns) = world.with_dns().await;
        let (team, _) = verified(&world, &dns).await;
        claim(&world.auth, &team.owner, &team.id, "claimed.example").await.unwrap();
        let admin = world.administrator("root@example.com").await;
        let shown = flow::admin_show_organization(&world.auth, &admin, team.id.as_str()).await.unwrap();
        assert_eq!(shown.domains, 1, "what is claimed alone is nobody's");
    }

    async fn a_proved_domain_is_nobody_elses(world: World) {
        let (world, dns) = world.with_dns().await;
        let eve = world.somebody(EVE).await;
        let other = world.organization(&eve, "Other").await;
        // Claiming is for everybody, and so takes nothing from anybody.
        let second = claim(&world.auth, &eve, &other, DOMAIN).await.unwrap();
        let (team, id) = verified(&world, &dns).await;
        let record = only(&world, &team).await.record;
        dns.publish(DOMAIN, &[&record, &second.record]);
        world.clock.advance_seconds(10);
        let late = flow::check_domain(&world.auth, &eve, (&other, &second.id), &context()).await;
        assert_eq!(issue(late, Field::Domain), Some(FieldIssue::DomainTaken));
        flow::release_domain(&world.auth, &eve, (&other, &second.id), &context()).await.unwrap();
        let again = claim(&world.auth, &eve, &other, DOMAIN).await;
        assert_eq!(issue(again, Field::Domain), Some(FieldIssue::DomainTaken));

        for at in [(&other, &id), (&team.id, &id), (&other, &DomainId("\0".into()))] {
            let checked = flow::check_domain(&world.auth, &eve, at, &context()).await;
            let released = flow::release_domain(&world.auth, &eve, at, &context()).await;
            let changed = flow::change_domain(&world.auth, &eve, at, None, &context()).await;
            let codes = [refusal(checked), refusal(released), refusal(changed)];
            assert_eq!(codes, [ErrorCode::NotFound; 3]);
        }
        flow::release_domain(&world.auth, &team.owner, (&team.id, &id), &context()).await.unwrap();
        claim(&world.auth, &eve, &other, DOMAIN).await.unwrap();
    }

    async fn of_two_that_prove_it_at_once_one_has_it(world: World) {
        let (world, dns) = world.with_dns().await;
        let (ada, eve) = (world.somebody(ADA).await, world.somebody(EVE).await);
        let mut claims = Vec::new();
        for owner in [&ada, &eve] {
            for name in ["One", "Two", "Three"] {
                let id = world.organization(owner, &format!("{name} {}", owner.user_id.as_str())).await;
                let claimed = claim(&world.auth, owner, &id, DOMAIN).await.unwrap();
                claims.push((owner.clone(), id, claimed));
            }
        }
        let records: Vec<&str> = claims.iter().map(|(.., claimed)| &*claimed.record).collect();
        dns.publish(DOMAIN, &records);
        let tasks: Vec<_> = claims
            .into_iter()
            .map(|(owner, id, claimed)| {
                let auth = world.auth.clone();
                tokio::spawn(async move { flow::check_domain(&auth, &owner, (&id, &claimed.id), &context()).await })
            })
            .collect();
        let mut proved = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(item) => {
                    assert_eq!(item.state, DomainState::Verified);
                    proved += 1;
                }
                Err(error) => {
                    let refused = error.refusal();
                    let is_taken = refused.issue(Field::Domain) == Some(FieldIssue::DomainTaken);
                    assert!(is_taken || refused.code == ErrorCode::ChangedMeanwhile, "{:?}", refused.code);
                }
            }
        }
        assert_eq!(proved, 1);
    }

    async fn a_domain_without_its_record_is_lost_after_seven_days_and_the_owners_are_told(world: World) {
        let (world, dns) = world.with_dns().await;
        let (team, _) = verified(&world, &dns).await;
        let record = only(&world, &team).await.record;
        next_day(&world).await;
        assert_eq!(only(&world, &team).await.state, DomainState::Verified);
        dns.publish(DOMAIN, &[]);
        next_day(&world).await;
        let missing = only(&world, &team).await;
        let lost_at = world.auth.now().plus_seconds(7 * DAY);
        assert_eq!((missing.state, missing.lost_at), (DomainState::Missing, Some(lost_at)));
        let nobody = world.somebody("meanwhile@acme.example").await;
        assert_eq!(world.role_of(&team, &nobody).await, None, "it may be somebody else's by now");

        // It comes back in time, and is gone once more. A server that is down takes nobody's domain.
        dns.publish(DOMAIN, &[&record]);
        next_day(&world).await;
        assert_eq!(only(&world, &team).await.state, DomainState::Verified);
        dns.silence(DOMAIN);
        for _ in 0..8 {
            next_day(&world).await;
        }
        assert_eq!(only(&world, &team).await.state, DomainState::Verified);
        dns.publish(DOMAIN, &[]);
        for _ in 0..7 {
            next_day(&world).await;
            assert_eq!(only(&world, &team).await.state, DomainState::Missing);
        }
        next_day(&world).await;
        assert_eq!(only(&world, &team).await.state, DomainState::Lost);
        next_day(&world).await;
        assert_eq!(world.kinds_of_mails(ADA).await.iter().filter(|kind| *kind == "domain_lost").count(), 1);

        dns.publish(DOMAIN, &[&record]);
        let caller = world.caller(&world.sign_in(ADA).await);
        let id = only(&world, &team).await.id;
        let team = Acme { owner: caller, id: team.id };
        assert_eq!(check(&world, &team, &id).await.unwrap().state, DomainState::Verified, "it is proved again");
    }

    async fn by_a_domain_whose_server_is_silent_nobody_joins_after_three_days(world: World) {
        let (world, dns) = world.with_dns().await;
        let (team, _) = verified(&world, &dns).await;
        let record = only(&world, &team).await.record;
        dns.silence(DOMAIN);
        next_day(&world).await;
        let early = world.somebody("early@acme.example").await;
        assert_eq!(world.role_of(&team, &early).await, Some(VIEWER), "a server may be down");
        next_day(&world).await;
        next_day(&world).await;
        assert_eq!(only(&world, &team).await.state, DomainState::Verified, "silence takes nothing");
        let late = world.somebody("late@acme.example").await;
        assert_eq!(world.role_of(&team, &late).await, None, "it may be somebody else's by now");
        dns.publish(DOMAIN, &[&record]);
        next_day(&world).await;
        let again = world.somebody("again@acme.example").await;
        assert_eq!(world.role_of(&team, &again).await, Some(VIEWER));
    }

    async fn a_record_is_looked_for_every_ten_seconds_and_silence_is_told(world: World) {
        let (world, dns) = world.with_dns().await;
        let team = world.acme(ADA).await;
        let claimed = claim(&world.auth, &team.owner, &team.id, DOMAIN).await.unwrap();
        check(&world, &team, &claimed.id).await.unwrap();
        world.clock.advance_seconds(9);
        let at = (&team.id, &claimed.id);
        let soon = flow::check_domain(&world.auth, &team.owner, at, &context()).await;
        assert_eq!(refusal(soon), ErrorCode::TooSoon);
        dns.silence(DOMAIN);
        assert_eq!(refusal(check(&world, &team, &claimed.id).await), ErrorCode::DnsUnavailable);
        for number in 1..20 {
            claim(&world.auth, &team.owner, &team.id, &format!("acme-{number}.example")).await.unwrap();
        }
        let full = claim(&world.auth, &team.owner, &team.id, "acme-20.example").await;
        assert_eq!(refusal(full), ErrorCode::TooMany);
        assert!(claim(&world.auth, &team.owner, &team.id, DOMAIN).await.is_ok(), "it has that one");
    }

    async fn where_it_is_off_nobody_claims_and_nobody_joins(world: World) {
        let plain = world.another_node().await;
        let (world, dns) = world.with_dns().await;
        let (team, id) = verified(&world, &dns).await;
        let (owner, at) = (&team.owner, (&team.id, &id));
        let listed = flow::list_domains(&plain, owner, &team.id, &context()).await;
        let claimed = claim(&plain, owner, &team.id, "acme.org.example").await;
        let checked = flow::check_domain(&plain, owner, at, &context()).await;
        let codes = [refusal(listed), refusal(claimed), refusal(checked)];
        assert_eq!(codes, [ErrorCode::NotFound; 3]);
        let off = World { auth: plain, clock: Arc::clone(&world.clock), database: world.database };
        let bob = off.somebody(BOB).await;
        assert_eq!(off.role_of(&team, &bob).await, None);
    }

    async fn members_without_the_permission_see_no_domains(world: World) {
        let (world, dns) = world.with_dns().await;
        let (team, id) = verified(&world, &dns).await;
        let member = world.guest(&team, "bob@elsewhere.example", "member").await;
        let listed = flow::list_domains(&world.auth, &member, &team.id, &context()).await;
        let claimed = claim(&world.auth, &member, &team.id, "acme.org.example").await;
        let released = flow::release_domain(&world.auth, &member, (&team.id, &id), &context()).await;
        assert_eq!([refusal(listed), refusal(claimed), refusal(released)], [ErrorCode::Forbidden; 3]);
    }
}
