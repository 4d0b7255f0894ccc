//! Stories of what is refused to known people, and the lines that it leaves (ASVS 5.0, 16.3.1 and 16.3.2).

use crate::support::audit::filter;
use crate::support::documents::{UNKNOWN, make, page, show, wanted};
use crate::support::organizations::{give, make_role};
use crate::support::password_reset::{ask, mailed, reset};
use crate::support::personal_tokens::{call, wanted as wanted_token};
use crate::support::second_factor::{proof, wrong};
use crate::support::sent_codes::{PHONE, ask_for_phone, code_to, confirm_phone, other};
use crate::support::totp::{code_at, enrol};
use crate::support::{World, code, context, email, other_code, refusal};
use auth::audit::Outcome;
use auth::flow::{self, DocumentCaller, FreshProof, Impersonating, ResetProof};
use auth::form::{ConfirmedBy, DocumentListForm};
use auth::id::{DocumentId, OrganizationId};
use auth::organization::{OrganizationPermission, OrganizationRole};
use auth::session::{Around, Caller};
use auth::view::{AuditItem, AuditPerson};
use auth::{Context, ErrorCode, EventFilter, EventKind, Permission, Remark, Scope};
use secrecy::SecretString;

const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";

/// Lines of a kind, newest first.
async fn lines(world: &World, admin: &Caller, kind: EventKind) -> Vec<AuditItem> {
    let filter = filter(|form| form.kind = kind.as_str().into());
    flow::search_audit(&world.auth, admin, &filter, None).await.unwrap().items
}

fn is_of(person: Option<&AuditPerson>, caller: &Caller) -> bool {
    person.is_some_and(|person| person.id == caller.user_id)
}

on_both_databases! {
    async fn a_wrong_code_leaves_a_line_a_minute_with_whom_it_concerns(world: World) {
        let admin = world.administrator(ADMIN).await;
        let alice = world.somebody(ALICE).await;
        let new = email("alice@example.org");
        flow::request_email_change(&world.auth, &alice, &new, &context()).await.unwrap();
        let right = world.mailed_code(new.as_str()).await;
        let wrong = ConfirmedBy::Code(other_code(&right));
        for _ in 0..3 {
            let refused = flow::confirm_email_change(&world.auth, &alice, &wrong, &context()).await;
            assert_eq!(refusal(refused), ErrorCode::WrongCode);
        }
        let found = lines(&world, &admin, EventKind::SessionCodeRefused).await;
        assert_eq!(found.iter().map(|line| line.repeats).collect::<Vec<_>>(), [2]);
        assert!(is_of(found[0].subject.as_ref(), &alice) && found[0].outcome == Outcome::Refused);
        assert_eq!((&*found[0].address, &*found[0].device), ("192.0.2.1", "Firefox on Linux"));

        world.clock.advance_seconds(60);
        ask_for_phone(&world, &alice, PHONE).await.unwrap();
        let sent = code_to(&world, PHONE).await;
        assert_eq!(refusal(confirm_phone(&world, &alice, &other(&sent)).await), ErrorCode::WrongCode);
        world.clock.advance_seconds(60);
        let ticket = ask(&world, ALICE).await;
        let (_, mailed) = mailed(&world, ALICE).await;
        let wrong = ResetProof::TicketCode(ticket, other_code(&mailed));
        assert_eq!(refusal(reset(&world, wrong).await), ErrorCode::WrongCode);
        let found = lines(&world, &admin, EventKind::SessionCodeRefused).await;
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(|line| is_of(line.subject.as_ref(), &alice)));

        // What takes as long for an address without an account tells of nobody.
        let unknown = ResetProof::EmailCode(email("nobody@example.com"), code("123456"));
        assert_eq!(refusal(reset(&world, unknown).await), ErrorCode::WrongCode);
        let found = lines(&world, &admin, EventKind::SessionCodeRefused).await;
        assert_eq!((found.len(), found.iter().filter(|line| line.subject.is_none()).count()), (4, 1));

        confirm_phone(&world, &alice, &sent).await.unwrap();
        assert_eq!(lines(&world, &admin, EventKind::SessionCodeRefused).await.len(), 4, "a right code leaves none");
    }

    async fn who_was_refused_what_is_in_the_log_once_a_minute(world: World) {
        let admin = world.administrator(ADMIN).await;
        let team = world.team().await;
        let auth = &world.auth;
        let around = || Around { context: Some(context()), ..Around::default() };
        for _ in 0..3 {
            let asked = around().run(flow::require_permission(auth, &team.member, Permission::ReadUsers)).await;
            assert_eq!(refusal(asked), ErrorCode::NotFound);
        }
        let found = lines(&world, &admin, EventKind::SessionActRefused).await;
        assert_eq!(found.len(), 1);
        let line = &found[0];
        assert!(is_of(line.actor.as_ref(), &team.member) && line.subject.is_none() && line.organization.is_none());
        assert_eq!((line.target.as_deref(), line.repeats), (Some(Permission::ReadUsers.as_str()), 2));
        assert_eq!((&*line.address, line.session_id.as_ref()), ("192.0.2.1", Some(&team.member.session_id)));
        assert_eq!(line.outcome, Outcome::Refused);
        let own = flow::list_activity(auth, &team.member, EventFilter::All, None).await.unwrap().items;
        assert!(own.iter().all(|line| line.kind != EventKind::SessionActRefused), "it is no news for its person");

        world.clock.advance_seconds(60);
        let update = OrganizationPermission::UpdateMembers;
        let asked = flow::require_in_organization(auth, &team.viewer, &team.id, update, &context()).await;
        assert_eq!(refusal(asked), ErrorCode::Forbidden);
        let stranger = world.somebody("sven@example.com").await;
        let asked = flow::require_in_organization(auth, &stranger, &team.id, update, &context()).await;
        assert_eq!(refusal(asked), ErrorCode::NotFound);
        let found = lines(&world, &admin, EventKind::SessionActRefused).await;
        assert_eq!(found.len(), 3);
        let of = |caller: &Caller| found.iter().find(|line| is_of(line.actor.as_ref(), caller)).unwrap();
        let organization = |line: &AuditItem| line.organization.as_ref().map(|at| at.id.clone());
        assert_eq!(organization(of(&team.viewer)), Some(team.id.clone()));
        assert_eq!(organization(of(&stranger)), None, "a stranger writes nothing into its log");
        assert!(found.iter().take(2).all(|line| line.target.as_deref() == Some(update.as_str())));

        // Controls: what is allowed, and what nobody asked for.
        assert!(flow::require_in_organization(auth, &team.owner, &team.id, update, &context()).await.is_ok());
        assert!(flow::require_permission(auth, &admin, Permission::ReadUsers).await.is_ok());
        assert_eq!(lines(&world, &admin, EventKind::SessionActRefused).await.len(), 3);
    }

    async fn a_flood_of_refused_acts_costs_a_handful_of_commits(world: World) {
        let admin = world.administrator(ADMIN).await;
        let team = world.team().await;
        let auth = &world.auth;
        world.count_writes_of_lines().await;
        for _ in 0..1000 {
            let asked = flow::require_permission(auth, &team.member, Permission::ReadUsers).await;
            assert_eq!(refusal(asked), ErrorCode::NotFound);
        }
        let writes = world.writes_of_lines().await;
        assert!((1..30).contains(&writes), "{writes}");
        let found = lines(&world, &admin, EventKind::SessionActRefused).await;
        assert_eq!(found.len(), 1);
        assert!((511..1000).contains(&found[0].repeats), "{}", found[0].repeats);

        // A minute later it begins anew: what is rare is told each time.
        world.clock.advance_seconds(60);
        for _ in 0..3 {
            let asked = flow::require_permission(auth, &team.member, Permission::ReadUsers).await;
            assert_eq!(refusal(asked), ErrorCode::NotFound);
        }
        assert_eq!(lines(&world, &admin, EventKind::SessionActRefused).await[0].repeats, 2);
    }

    async fn who_asks_for_many_things_has_a_few_lines_and_one_for_the_rest(world: World) {
        let admin = world.administrator(ADMIN).await;
        let team = world.team().await;
        let stranger = world.somebody("sven@example.com").await;
        let auth = &world.auth;
        for permission in OrganizationPermission::ALL {
            let asked = flow::require_in_organization(auth, &stranger, &team.id, *permission, &context()).await;
            assert_eq!(refusal(asked), ErrorCode::NotFound);
        }
        let found = lines(&world, &admin, EventKind::SessionActRefused).await;
        assert!(OrganizationPermission::ALL.len() > 9 && found.len() == 9, "{}", found.len());
        let rest: Vec<&AuditItem> = found.iter().filter(|line| line.target.is_none()).collect();
        assert_eq!(rest.len(), 1);
        assert_eq!(usize::try_from(rest[0].repeats).unwrap() + 9, OrganizationPermission::ALL.len());
        assert!(found.iter().all(|line| is_of(line.actor.as_ref(), &stranger)));
    }

    async fn what_is_refused_elsewhere_buries_nothing_of_an_organization(world: World) {
        let admin = world.administrator(ADMIN).await;
        let team = world.team().await;
        let elsewhere = OrganizationId(UNKNOWN.into());
        for permission in OrganizationPermission::ALL {
            let asked =
                flow::require_in_organization(&world.auth, &team.viewer, &elsewhere, *permission, &context()).await;
            assert_eq!(refusal(asked), ErrorCode::NotFound);
        }
        let mut refused = 0;
        for permission in OrganizationPermission::ALL {
            let asked =
                flow::require_in_organization(&world.auth, &team.viewer, &team.id, *permission, &context()).await;
            refused += i64::from(asked.is_err());
        }
        let found = lines(&world, &admin, EventKind::SessionActRefused).await;
        let here: Vec<&AuditItem> = found.iter().filter(|line| line.organization.is_some()).collect();
        assert_eq!(found.len() - here.len(), 9, "eight of elsewhere, and one for the rest");
        assert!(refused > 9 && here.len() == 9, "{refused} {}", here.len());
        assert!(here.iter().all(|line| line.organization.as_ref().is_some_and(|at| at.id == team.id)));
        assert_eq!(here.iter().map(|line| line.repeats + 1).sum::<i64>(), refused, "each is counted");
        assert_eq!(here.iter().filter(|line| line.target.is_none()).count(), 1);
    }

    async fn no_document_and_a_hidden_one_leave_the_same(world: World) {
        let admin = world.administrator(ADMIN).await;
        let team = world.team().await;
        let hidden = make(&world, &team.owner, &team.id, "Draft of the owner").await.item.id;
        world.count_writes_of_lines().await;
        let mut writes = Vec::new();
        for id in [hidden, DocumentId(UNKNOWN.into())] {
            world.clock.advance_seconds(60);
            let before = world.writes_of_lines().await;
            assert_eq!(refusal(show(&world.auth, &team.member, &team.id, &id).await), ErrorCode::NotFound);
            writes.push(world.writes_of_lines().await - before);
        }
        assert_eq!(writes, [1, 1]);
        let found = lines(&world, &admin, EventKind::SessionActRefused).await;
        let left: Vec<_> = found.iter().map(|line| (line.target.clone(), line.organization.is_some())).collect();
        assert_eq!(left.len(), 2);
        assert_eq!(left[0], left[1]);
    }

    async fn what_is_refused_in_somebodys_place_names_who_acts(world: World) {
        let admin = world.administrator(ADMIN).await;
        let team = world.team().await;
        let hidden = make(&world, &team.owner, &team.id, "Draft of the owner").await.item.id;
        let seeing = Impersonating { reason: Remark::parse("Ticket 4711").unwrap(), writes: false };
        let member = &team.member.user_id;
        let started = flow::start_impersonation(&world.auth, &admin, member, &seeing, &context()).await.unwrap();
        let token = SecretString::from(started.access.access_token.as_str());
        let acting = world.auth.caller_of_access_token(&token).unwrap();
        // Pages, which are made beside their request: nothing around the act says who acts.
        for caller in [&team.member, &acting] {
            assert_eq!(refusal(show(&world.auth, caller, &team.id, &hidden).await), ErrorCode::NotFound);
        }
        let found = lines(&world, &admin, EventKind::SessionActRefused).await;
        assert!(found.len() == 2 && found.iter().all(|line| is_of(line.actor.as_ref(), &team.member)), "{found:?}");
        let in_place: Vec<&AuditItem> = found.iter().filter(|line| is_of(line.impersonator.as_ref(), &admin)).collect();
        assert_eq!(in_place.len(), 1, "the other one did it by themselves");
        assert_eq!(in_place[0].session_id.as_ref(), Some(&acting.session_id));
    }

    async fn an_honest_page_leaves_no_refusal(world: World) {
        let admin = world.administrator(ADMIN).await;
        let team = world.team().await;
        let role = make_role(&world.auth, &team.owner, &team.id, "Guest", &["organization:read"]).await.unwrap();
        let guest = (&team.id, &team.member.user_id);
        give(&world.auth, &team.owner, guest, &OrganizationRole::Custom(role)).await.unwrap();
        let seen = flow::dashboard(&world.auth, &team.member, &context()).await.unwrap().work.unwrap();
        assert!(seen.recent.is_none() && seen.members.is_none() && seen.asks.is_none(), "what the page leaves out");
        let heirs = flow::document_heirs(&world.auth, &team.member, &team.id, &context()).await;
        assert_eq!(refusal(heirs), ErrorCode::Forbidden);
        assert!(lines(&world, &admin, EventKind::SessionActRefused).await.is_empty());
        // Control: what they ask for themselves leaves one.
        let asked = DocumentListForm::default().parse().unwrap();
        let listed = flow::list_documents(&world.auth, &page(&team.member), &team.id, asked, &context()).await;
        assert_eq!(refusal(listed), ErrorCode::Forbidden);
        assert_eq!(lines(&world, &admin, EventKind::SessionActRefused).await.len(), 1);
    }

    async fn what_a_program_was_refused_says_from_where(world: World) {
        let admin = world.administrator(ADMIN).await;
        let team = world.team().await;
        let token = wanted_token("Sync", &[Scope::DocumentsWrite], None);
        let token = flow::create_token(&world.auth, &team.viewer, token, &context()).await.unwrap();
        let program = call(&world.auth, &token.secret).await.unwrap();
        let writer = DocumentCaller::over_api(program.with(Scope::DocumentsWrite).ok().unwrap());
        let new = wanted("Plan", "", "").parse().unwrap();
        let from = Context { address: "198.51.100.7".into(), request_id: "of the program".into(), ..context() };
        let made = flow::create_document(&world.auth, &writer, &team.id, new, &from).await;
        assert_eq!(refusal(made), ErrorCode::Forbidden);
        let found = lines(&world, &admin, EventKind::SessionActRefused).await;
        assert_eq!(found.len(), 1);
        assert!(is_of(found[0].actor.as_ref(), &team.viewer) && found[0].session_id.is_none());
        assert_eq!((&*found[0].address, &*found[0].request_id), ("198.51.100.7", "of the program"));
    }

    async fn codes_that_nobody_looks_at_cost_a_handful_of_commits(world: World) {
        let admin = world.administrator(ADMIN).await;
        let alice = world.somebody(ALICE).await;
        let (key, _) = enrol(&world, &alice).await;
        let guess = FreshProof::Factor(proof(&wrong(&code_at(&key, world.auth.now()))));
        world.count_writes_of_lines().await;
        for _ in 0..300 {
            let refused = flow::reauthenticate(&world.auth, &alice, &guess, &context()).await;
            assert!(matches!(refusal(refused), ErrorCode::WrongCode | ErrorCode::FactorsLocked));
        }
        let writes = world.writes_of_lines().await;
        assert!((1..30).contains(&writes), "{writes}");
        assert_eq!(lines(&world, &admin, EventKind::FactorRefused).await[0].repeats, 255);
    }
}
