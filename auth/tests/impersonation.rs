//! Stories of administrators who see the product as somebody else: who may, for how long, and what is never done so.

use crate::support::administration::{ADMIN, ALICE, BOB, kinds, prove, suspend};
use crate::support::organizations::{built_in, give};
use crate::support::password_reset::mails_of_kind;
use crate::support::step_up::claims;
use crate::support::{PASSWORD, World, context, refusal};
use auth::flow::{self, FreshProof, Impersonating, ImpersonationStarted, SignedIn};
use auth::form::OrganizationForm;
use auth::id::UserId;
use auth::organization::BuiltInRole;
use auth::session::{Around, Caller, Impersonation};
use auth::{Auth, ErrorCode, EventFilter, EventKind, Permission, Remark, Result, Role};
use secrecy::SecretString;

const HALF_AN_HOUR: i64 = 30 * 60;

fn wanted(writes: bool) -> Impersonating {
    Impersonating { reason: Remark::parse("Ticket 4711").unwrap(), writes }
}

async fn start(auth: &Auth, admin: &Caller, id: &UserId, writes: bool) -> Result<ImpersonationStarted> {
    flow::start_impersonation(auth, admin, id, &wanted(writes), &context()).await
}

/// Who calls with the access token of a session in another's place.
fn caller_of(world: &World, started: &ImpersonationStarted) -> Caller {
    let token = SecretString::from(started.access.access_token.as_str());
    world.auth.caller_of_access_token(&token).unwrap()
}

/// Support, and somebody who is signed in.
async fn begin(world: &World) -> (Caller, Caller) {
    let support = world.colleague(BOB, Role::Support).await;
    world.create_account(ALICE).await;
    let alice = world.caller(&world.sign_in(ALICE).await);
    (support, alice)
}

on_both_databases! {
    async fn it_is_a_session_of_the_other_account_that_names_who_acts(world: World) {
        let (support, alice) = begin(&world).await;
        world.clock.advance_seconds(1);
        let started = start(&world.auth, &support, &alice.user_id, false).await.unwrap();
        assert_eq!(started.until, world.auth.now().plus_seconds(HALF_AN_HOUR));
        let caller = caller_of(&world, &started);
        assert_eq!(caller.user_id, alice.user_id);
        let by = Impersonation { impersonator: support.user_id.clone(), writes: false };
        assert_eq!(caller.impersonation, Some(by));
        let claims = claims(&started.access.access_token);
        assert_eq!((&claims["sub"], &claims["act"]["sub"]), (&alice.user_id.as_str().into(), &support.user_id.as_str().into()));
        assert_eq!((&claims["read_only"], &claims["roles"]), (&true.into(), &serde_json::json!(["user"])));
        let me = world.auth.me(&caller).await.unwrap();
        assert!(me.email.as_str() == ALICE && me.session.unwrap().is_impersonation);
        assert!(world.auth.me(&support).await.is_ok(), "one's own session goes on");

        let devices = flow::list_sessions(&world.auth, &alice, None).await.unwrap().items;
        let theirs: Vec<_> = devices.iter().filter(|device| device.is_impersonation).collect();
        assert_eq!((theirs.len(), &*theirs[0].device, &*theirs[0].address), (1, "", ""), "from where is nobody's business");
        let mail = mails_of_kind(&world, ALICE, "impersonation_started").await.remove(0);
        assert!(!mail.text.contains("4711"), "{}", mail.text);
        assert!(mails_of_kind(&world, ALICE, "new_device").await.is_empty());
        let own = kinds(&world.auth, &support, EventFilter::Administration).await;
        assert_eq!(own, [EventKind::AdminImpersonationStarted]);
        let told = kinds(&world.auth, &alice, EventFilter::Profile).await;
        assert_eq!(told[0], EventKind::UserImpersonated);
    }

    async fn it_ends_when_it_is_stopped_and_both_lines_say_so(world: World) {
        let (support, alice) = begin(&world).await;
        let started = start(&world.auth, &support, &alice.user_id, false).await.unwrap();
        let caller = caller_of(&world, &started);
        world.clock.advance_seconds(60);
        let ended = flow::end_impersonation(&world.auth, &caller, &context()).await.unwrap().unwrap();
        assert_eq!(ended.user_id, alice.user_id);
        assert_eq!(refusal(world.auth.me(&caller).await), ErrorCode::SignedOut);
        let refreshed = flow::refresh(&world.auth, &started.refresh_token, &context()).await;
        assert_eq!(refusal(refreshed), ErrorCode::SignedOut);
        assert!(world.auth.me(&support).await.is_ok() && world.auth.me(&alice).await.is_ok());
        assert_eq!(kinds(&world.auth, &alice, EventFilter::Profile).await[0], EventKind::UserImpersonationEnded);
        let own = kinds(&world.auth, &support, EventFilter::Administration).await;
        assert_eq!(own, [EventKind::AdminImpersonationEnded, EventKind::AdminImpersonationStarted]);
        assert!(flow::end_impersonation(&world.auth, &support, &context()).await.unwrap().is_none(), "nothing runs");
        assert_eq!(refusal(flow::end_impersonation(&world.auth, &alice, &context()).await), ErrorCode::NotFound);
    }

    async fn it_ends_by_itself_after_half_an_hour(world: World) {
        let (support, alice) = begin(&world).await;
        let started = start(&world.auth, &support, &alice.user_id, false).await.unwrap();
        world.clock.advance_seconds(HALF_AN_HOUR - 1);
        let renewed = flow::refresh(&world.auth, &started.refresh_token, &context()).await.unwrap();
        assert_eq!(renewed.access.expires_in, 1, "no token outlives it");
        world.clock.advance_seconds(1);
        let late = flow::refresh(&world.auth, &renewed.refresh_token, &context()).await;
        assert_eq!(refusal(late), ErrorCode::SignedOut);
    }

    async fn it_ends_with_the_session_of_whoever_began_it(world: World) {
        let (support, alice) = begin(&world).await;
        let admin = world.administrator(ADMIN).await;
        for end in 0..4 {
            let own = world.sign_in(BOB).await;
            let caller = world.caller(&own);
            let started = start(&world.auth, &caller, &alice.user_id, false).await.unwrap();
            let acting = caller_of(&world, &started);
            let node = world.another_node().await;
            let token = SecretString::from(started.access.access_token.as_str());
            assert!(node.caller_of_access_token(&token).is_ok());
            match end {
                0 => flow::sign_out(&world.auth, &own.refresh_token, &context()).await.unwrap(),
                1 => flow::end_session(&world.auth, &support, &caller.session_id, &context()).await.unwrap(),
                2 => flow::admin_end_session(&world.auth, &admin, &caller.session_id, &context()).await.unwrap(),
                _ => suspend(&world, &admin, &caller.user_id, None).await.unwrap(),
            }
            assert_eq!(refusal(world.auth.me(&acting).await), ErrorCode::SignedOut, "{end}");
            assert!(world.auth.caller_of_access_token(&token).is_err(), "{end}: at once");
            node.learn_revocations(world.auth.now().minus_seconds(30)).await.unwrap();
            assert!(node.caller_of_access_token(&token).is_err(), "{end}: on every node");
            let refreshed = flow::refresh(&world.auth, &started.refresh_token, &context()).await;
            assert_eq!(refusal(refreshed), ErrorCode::SignedOut, "{end}");
        }
    }

    async fn it_ends_with_the_role(world: World) {
        let (support, alice) = begin(&world).await;
        let admin = world.administrator(ADMIN).await;
        let started = start(&world.auth, &support, &alice.user_id, false).await.unwrap();
        let acting = caller_of(&world, &started);
        flow::admin_set_role(&world.auth, &admin, &support.user_id, Role::User, &context()).await.unwrap();
        assert_eq!(refusal(world.auth.me(&acting).await), ErrorCode::SignedOut);
    }

    async fn the_person_ends_it_from_the_list_of_devices(world: World) {
        let (support, alice) = begin(&world).await;
        let started = start(&world.auth, &support, &alice.user_id, false).await.unwrap();
        let acting = caller_of(&world, &started);
        flow::end_session(&world.auth, &alice, &acting.session_id, &context()).await.unwrap();
        assert_eq!(refusal(world.auth.me(&acting).await), ErrorCode::SignedOut);
        assert!(world.auth.me(&support).await.is_ok());
    }

    async fn who_may_as_whom(world: World) {
        let (support, alice) = begin(&world).await;
        let admin = world.administrator(ADMIN).await;
        let other = world.colleague("eve@example.com", Role::PlatformAdmin).await;
        let auditor = world.colleague("otto@example.com", Role::Auditor).await;
        for (who, whom, writes, expected) in [
            (&support, &alice, false, None),
            (&support, &alice, true, Some(ErrorCode::Forbidden)),
            (&support, &support, false, Some(ErrorCode::Forbidden)),
            (&support, &auditor, false, Some(ErrorCode::Forbidden)),
            (&support, &admin, false, Some(ErrorCode::Forbidden)),
            (&admin, &alice, true, None),
            (&admin, &support, false, None),
            (&admin, &support, true, Some(ErrorCode::Forbidden)),
            (&admin, &other, false, Some(ErrorCode::Forbidden)),
            (&admin, &admin, false, Some(ErrorCode::Forbidden)),
            (&auditor, &alice, false, Some(ErrorCode::NotFound)),
            (&alice, &support, false, Some(ErrorCode::NotFound)),
        ] {
            let asked = start(&world.auth, who, &whom.user_id, writes).await;
            assert_eq!(asked.err().map(|error| error.refusal().code), expected, "{} {writes}", whom.user_id.as_str());
        }
        suspend(&world, &admin, &alice.user_id, None).await.unwrap();
        assert_eq!(refusal(start(&world.auth, &support, &alice.user_id, false).await), ErrorCode::WrongState);
        world.clock.advance_seconds(15 * 60);
        let late = start(&world.auth, &admin, &support.user_id, false).await;
        assert_eq!(refusal(late), ErrorCode::ReauthenticationRequired);
        prove(&world.auth, &admin).await;
        assert!(start(&world.auth, &admin, &support.user_id, false).await.is_ok());
    }

    async fn nobody_administers_or_proves_anything_in_anothers_place(world: World) {
        let (support, _) = begin(&world).await;
        let admin = world.administrator(ADMIN).await;
        let started = start(&world.auth, &admin, &support.user_id, false).await.unwrap();
        let acting = caller_of(&world, &started);
        let auth = &world.auth;
        for permission in Permission::ALL {
            assert_eq!(refusal(flow::require_permission(auth, &acting, *permission).await), ErrorCode::NotFound);
        }
        assert_eq!(refusal(start(auth, &acting, &support.user_id, false).await), ErrorCode::NotFound);
        let proof = FreshProof::Password(PASSWORD.into());
        let risky = [
            refusal(flow::reauthenticate(auth, &acting, &proof, &context()).await),
            refusal(flow::require_fresh_proof(auth, &acting).await),
            refusal(flow::request_deletion(auth, &acting, &context()).await),
            refusal(flow::export_data(auth, &acting, &context()).await),
            refusal(flow::start_totp(auth, &acting).await),
        ];
        assert_eq!(risky, [ErrorCode::ReadOnly; 5]);
    }

    async fn who_may_write_changes_the_organization_and_not_what_the_person_is_in_it(world: World) {
        let admin = world.administrator(ADMIN).await;
        let team = world.team().await;
        let (auth, id) = (&world.auth, &team.id);
        for whose in [&team.admin, &team.owner] {
            let acting = caller_of(&world, &start(auth, &admin, &whose.user_id, true).await.unwrap());
            let form = OrganizationForm { name: "Other".into(), slug: String::new() };
            let own = (id, &whose.user_id);
            let asked = [
                refusal(flow::leave_organization(auth, &acting, id, &context()).await),
                refusal(flow::remove_member(auth, &acting, own, &context()).await),
                refusal(give(auth, &acting, own, &built_in(BuiltInRole::Viewer)).await),
                refusal(flow::create_organization(auth, &acting, form.parse().unwrap(), &context()).await),
            ];
            assert_eq!(asked, [ErrorCode::ReadOnly; 4]);
        }
        let acting = caller_of(&world, &start(auth, &admin, &team.owner.user_id, true).await.unwrap());
        let another = (id, &team.viewer.user_id);
        assert_eq!(refusal(give(auth, &acting, another, &built_in(BuiltInRole::Owner)).await), ErrorCode::ReadOnly);
        give(auth, &acting, another, &built_in(BuiltInRole::Member)).await.unwrap();
        assert_eq!(world.role_in(&team.viewer, id).await, "member");
        flow::leave_organization(auth, &team.admin, id, &context()).await.unwrap();
    }

    async fn from_where_it_is_done_is_in_the_log_and_nobody_concerned_reads_it(world: World) {
        let admin = world.administrator(ADMIN).await;
        let team = world.team().await;
        let started = start(&world.auth, &admin, &team.owner.user_id, true).await.unwrap();
        let acting = caller_of(&world, &started);
        let around = Around { impersonator: Some(admin.user_id.clone()), ..Around::default() };
        let member = built_in(BuiltInRole::Member);
        around.run(give(&world.auth, &acting, (&team.id, &team.viewer.user_id), &member)).await.unwrap();
        let lines = flow::list_activity(&world.auth, &team.viewer, EventFilter::All, None).await.unwrap().items;
        let line = lines.iter().find(|line| line.kind == EventKind::MemberChanged).unwrap();
        assert_eq!((&*line.address, &*line.device), ("", ""));
        assert_eq!(world.count("audit_events WHERE impersonator_id IS NOT NULL AND address = '192.0.2.1'").await, 1);
        world.clock.advance_seconds(60);
        flow::refresh(&world.auth, &started.refresh_token, &context()).await.unwrap();
        assert_eq!(world.count("refresh_tokens WHERE address IS NOT NULL OR device IS NOT NULL").await, 0);
    }

    async fn another_one_ends_the_first(world: World) {
        let (support, alice) = begin(&world).await;
        world.create_account("carol@example.com").await;
        let first = start(&world.auth, &support, &alice.user_id, false).await.unwrap();
        let acting = caller_of(&world, &first);
        start(&world.auth, &support, &world.id_of("carol@example.com").await, false).await.unwrap();
        assert_eq!(refusal(world.auth.me(&acting).await), ErrorCode::SignedOut);
    }

    async fn of_many_that_begin_at_once_one_goes_on_and_none_without_the_role(world: World) {
        let (support, _) = begin(&world).await;
        let admin = world.administrator(ADMIN).await;
        let mut ids = Vec::new();
        for number in 0..8 {
            let address = format!("user{number}@example.com");
            world.create_account(&address).await;
            ids.push(world.id_of(&address).await);
        }
        let start_all = || {
            let start_one = |id: &UserId| {
                let (auth, support, id) = (world.auth.clone(), support.clone(), id.clone());
                tokio::spawn(async move { start(&auth, &support, &id, false).await.is_ok() })
            };
            ids.iter().map(start_one).collect::<Vec<_>>()
        };
        let live = "sessions WHERE impersonator_id IS NOT NULL AND ended_at IS NULL";
        for task in start_all() {
            assert!(task.await.unwrap());
        }
        assert_eq!(world.count(live).await, 1);
        let tasks = start_all();
        flow::admin_set_role(&world.auth, &admin, &support.user_id, Role::User, &context()).await.unwrap();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(world.count(live).await, 0);
    }

    async fn a_browser_of_an_administrator_does_not_become_known(world: World) {
        let (support, alice) = begin(&world).await;
        let _: SignedIn = world.sign_in(ALICE).await;
        start(&world.auth, &support, &alice.user_id, false).await.unwrap();
        world.clock.advance_seconds(1);
        // The device in words of a session in another's place is empty, and so is that of a program without a name.
        world.sign_in_on(ALICE, "").await;
        assert_eq!(mails_of_kind(&world, ALICE, "new_device").await.len(), 1);
    }
}
