//! Stories of administrators: who is one, what they see of accounts, and what they do to sessions and keys.

use crate::support::{World, access_token, context, email, refusal};
use auth::flow::{self, FreshProof, ImportedUser};
use auth::id::{SessionId, UserId};
use auth::session::Caller;
use auth::view::{ActivityItem, KeyState};
use auth::{Auth, Cursor, ErrorCode, EventFilter, EventKind, Locale, Permission, PersonName, Role};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::SecretString;
use std::collections::HashSet;

const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";
const OLD_PROOF: i64 = 15 * 60;

async fn lines(auth: &Auth, caller: &Caller, filter: EventFilter) -> Vec<ActivityItem> {
    flow::list_activity(auth, caller, filter, None).await.unwrap().items
}

async fn find(world: &World, admin: &Caller, sought: &str) -> Vec<String> {
    let page = flow::admin_list_users(&world.auth, admin, sought, None).await.unwrap();
    page.items.into_iter().map(|item| item.email.to_string()).collect()
}

/// The roles that an access token carries.
fn roles(token: &str) -> serde_json::Value {
    let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice::<serde_json::Value>(&payload).unwrap()["roles"].clone()
}

async fn key_in(world: &World, admin: &Caller, state: KeyState) -> Option<String> {
    let keys = flow::admin_list_keys(&world.auth, admin).await.unwrap();
    keys.into_iter().find(|key| key.state == state).map(|key| key.id)
}

on_both_databases! {
    async fn to_everybody_else_there_is_nothing(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        let (auth, key) = (&world.auth, key_in(&world, &admin, KeyState::Signing).await.unwrap());
        // Also of one's own account and session; also with a proof that is old.
        world.clock.advance_seconds(OLD_PROOF);
        let asked = [
            refusal(flow::require_permission(auth, &alice, Permission::ReadUsers).await),
            refusal(flow::admin_list_users(auth, &alice, "", None).await),
            refusal(flow::admin_list_users(auth, &alice, "", Some(Cursor("broken".into()))).await),
            refusal(flow::admin_show_user(auth, &alice, &alice.user_id).await),
            refusal(flow::admin_list_sessions(auth, &alice, &alice.user_id, None).await),
            refusal(flow::admin_show_session(auth, &alice, &alice.session_id).await),
            refusal(flow::admin_end_session(auth, &alice, &admin.session_id, &context()).await),
            refusal(flow::admin_list_keys(auth, &alice).await),
            refusal(flow::admin_rotate_keys(auth, &alice, &context()).await),
            refusal(flow::admin_revoke_key(auth, &alice, &key, &context()).await),
        ];
        assert_eq!(asked, [ErrorCode::NotFound; 10]);
        assert_eq!(key_in(&world, &admin, KeyState::Signing).await, Some(key), "nothing was done");

        flow::sign_out_caller(auth, &admin, &context()).await.unwrap();
        let late = [
            refusal(flow::admin_list_users(auth, &admin, "", None).await),
            refusal(flow::admin_show_session(auth, &admin, &alice.session_id).await),
            refusal(flow::admin_end_session(auth, &admin, &alice.session_id, &context()).await),
            refusal(flow::admin_rotate_keys(auth, &admin, &context()).await),
        ];
        assert_eq!(late, [ErrorCode::SignedOut; 4]);
        assert!(auth.me(&alice).await.is_ok());
    }

    async fn a_role_is_given_and_taken_and_counts_at_once(world: World) {
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        let (caller, node) = (world.caller(&session), world.another_node().await);
        assert_eq!(roles(&session.access.access_token), serde_json::json!(["user"]));
        assert_eq!(world.auth.me(&caller).await.unwrap().role, Role::User);

        let alice = email(ALICE);
        assert!(flow::set_role(&world.auth, &alice, Role::PlatformAdmin, &context()).await.unwrap());
        assert!(!flow::set_role(&world.auth, &alice, Role::PlatformAdmin, &context()).await.unwrap(), "it was so before");
        assert!(flow::admin_list_users(&node, &caller, "", None).await.is_ok(), "in a session from before");
        assert_eq!(roles(&world.sign_in(ALICE).await.access.access_token), serde_json::json!(["platform_admin"]));

        flow::set_role(&node, &alice, Role::User, &context()).await.unwrap();
        for auth in [&world.auth, &node] {
            assert_eq!(refusal(flow::admin_list_users(auth, &caller, "", None).await), ErrorCode::NotFound);
        }
        let told = lines(&world.auth, &caller, EventFilter::Profile).await;
        assert_eq!(told.iter().filter(|line| line.kind == EventKind::UserRoleChanged).count(), 2);
        let nobody = flow::set_role(&world.auth, &email("nobody@example.com"), Role::PlatformAdmin, &context()).await;
        assert_eq!(refusal(nobody), ErrorCode::NotFound);
    }

    async fn accounts_are_found_by_parts_of_their_address(world: World) {
        let admin = world.administrator(ADMIN).await;
        for address in [ALICE, "alice.martin@example.com", "bob_1@example.com"] {
            world.clock.advance_seconds(1);
            world.create_account(address).await;
        }
        assert_eq!(find(&world, &admin, "").await.len(), 4);
        assert_eq!(find(&world, &admin, " ALI").await, ["alice.martin@example.com", ALICE], "the newest first");
        assert_eq!(find(&world, &admin, "alice@example.co").await, [ALICE]);
        assert_eq!(find(&world, &admin, ALICE).await, [ALICE]);
        assert_eq!(find(&world, &admin, "bob_").await, ["bob_1@example.com"]);
        assert_eq!(find(&world, &admin, "lice").await, ["alice.martin@example.com", ALICE], "within a word");
        for nobody in ["%", "_", "!", "bob%", "bob-", "a%", "bob alice", "\0", "' OR 1=1 --", &"a".repeat(60_000)] {
            assert!(find(&world, &admin, nobody).await.is_empty(), "{nobody:.40}");
        }
    }

    async fn the_list_counts_sessions_that_go_on(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        world.sign_in(ALICE).await;
        let gone = world.sign_in(ALICE).await;
        flow::sign_out(&world.auth, &gone.refresh_token, &context()).await.unwrap();
        world.sign_in(ALICE).await;
        let page = flow::admin_list_users(&world.auth, &admin, ALICE, None).await.unwrap();
        let alice = &page.items[0];
        assert_eq!((alice.live_sessions, alice.role, alice.name.as_str()), (2, Role::User, "Sam Doe"));
        assert_eq!(flow::admin_show_user(&world.auth, &admin, &alice.id).await.unwrap().user, *alice);
        let sessions = flow::admin_list_sessions(&world.auth, &admin, &alice.id, None).await.unwrap().items;
        assert_eq!(sessions.iter().filter(|session| session.end.is_some()).count(), 1);
        assert_eq!(sessions.len(), 3);

        world.clock.advance_seconds(31 * 24 * 60 * 60);
        world.grant_grace().await;
        let admin = world.caller(&world.sign_in(ADMIN).await);
        let found = flow::admin_show_user(&world.auth, &admin, &alice.id).await.unwrap().user;
        assert_eq!(found.live_sessions, 0, "idle");
    }

    async fn a_long_list_of_accounts_comes_in_pages_without_gaps(world: World) {
        let admin = world.administrator(ADMIN).await;
        let users: Vec<_> = (0..129)
            .map(|number| ImportedUser {
                email: email(&format!("person{number}@example.com")),
                name: PersonName::parse("Sam").unwrap(),
                locale: Locale::En,
                password_hash: None,
                created_at: None,
            })
            .collect();
        flow::import_users(&world.auth, &users, false, &context()).await.unwrap();
        for (sought, expected) in [("", vec![50, 50, 30]), ("person", vec![50, 50, 29]), ("person12", vec![10])] {
            let (mut found, mut sizes, mut after) = (HashSet::new(), Vec::new(), None);
            loop {
                let page = flow::admin_list_users(&world.auth, &admin, sought, after).await.unwrap();
                sizes.push(page.items.len());
                found.extend(page.items.into_iter().map(|item| item.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(sizes, expected, "{sought}");
            assert_eq!(found.len(), expected.iter().sum::<usize>(), "{sought}");
        }
        for broken in ["", "x", "\0", "MTIz"] {
            let page = flow::admin_list_users(&world.auth, &admin, "", Some(Cursor(broken.into()))).await;
            assert_eq!(refusal(page), ErrorCode::MalformedRequest, "{broken:?}");
        }
    }

    async fn an_administrator_ends_a_session_and_both_are_told(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let (lost, kept) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
        let (thief, alice) = (world.caller(&lost), world.caller(&kept));
        for _ in 0..2 {
            world.clock.advance_seconds(1);
            flow::admin_end_session(&world.auth, &admin, &thief.session_id, &context()).await.unwrap();
        }
        assert!(world.auth.caller_of_access_token(&access_token(&lost)).is_err());
        assert_eq!(refusal(world.auth.me(&thief).await), ErrorCode::SignedOut);
        let refreshed = flow::refresh(&world.auth, &lost.refresh_token, &context()).await;
        assert_eq!(refusal(refreshed), ErrorCode::SignedOut);
        assert!(flow::refresh(&world.auth, &kept.refresh_token, &context()).await.is_ok());

        let told = lines(&world.auth, &alice, EventFilter::SignIn).await;
        let by_admin: Vec<_> = told.iter().filter(|line| line.kind == EventKind::SessionEndedByAdmin).collect();
        assert_eq!(by_admin.len(), 1, "it had ended before");
        assert_eq!(by_admin[0].session_id.as_ref(), Some(&thief.session_id));
        assert_eq!((&*by_admin[0].address, &*by_admin[0].device), ("", ""), "from where is nobody's business");
        let own = lines(&world.auth, &admin, EventFilter::Administration).await;
        assert_eq!(own.iter().map(|line| line.kind).collect::<Vec<_>>(), [EventKind::AdminSessionEnded]);
        assert_eq!(own[0].address, "192.0.2.1");
        assert!(lines(&world.auth, &alice, EventFilter::Administration).await.is_empty());
    }

    async fn what_does_not_exist_is_not_found(world: World) {
        let admin = world.administrator(ADMIN).await;
        let auth = &world.auth;
        for id in ["", "\0", "x", "01890a5d-ac96-774b-bcce-b302099a8057", &"x".repeat(60_000)] {
            let (session, user) = (SessionId(id.into()), UserId(id.into()));
            let asked = [
                refusal(flow::admin_show_session(auth, &admin, &session).await),
                refusal(flow::admin_end_session(auth, &admin, &session, &context()).await),
                refusal(flow::admin_show_user(auth, &admin, &user).await),
                refusal(flow::admin_list_sessions(auth, &admin, &user, None).await),
                refusal(flow::admin_revoke_key(auth, &admin, id, &context()).await),
            ];
            assert_eq!(asked, [ErrorCode::NotFound; 5], "{id:.40}");
        }
        assert!(lines(auth, &admin, EventFilter::Administration).await.is_empty(), "nothing was done");
    }

    async fn keys_are_changed_after_a_fresh_proof_only_and_it_is_noted(world: World) {
        let admin = world.administrator(ADMIN).await;
        let signing = key_in(&world, &admin, KeyState::Signing).await.unwrap();
        world.clock.advance_seconds(OLD_PROOF);
        let rotated = flow::admin_rotate_keys(&world.auth, &admin, &context()).await;
        assert_eq!(refusal(rotated), ErrorCode::ReauthenticationRequired);
        let revoked = flow::admin_revoke_key(&world.auth, &admin, &signing, &context()).await;
        assert_eq!(refusal(revoked), ErrorCode::ReauthenticationRequired);
        assert_eq!(key_in(&world, &admin, KeyState::Next).await, None);

        let password = FreshProof::Password(crate::support::PASSWORD.into());
        flow::reauthenticate(&world.auth, &admin, &password, &context()).await.unwrap();
        let next = flow::admin_rotate_keys(&world.auth, &admin, &context()).await.unwrap();
        let again = flow::admin_rotate_keys(&world.auth, &admin, &context()).await.unwrap();
        assert_eq!(again.id, next.id, "one next key waits, and one line tells of it");
        assert_eq!(key_in(&world, &admin, KeyState::Next).await, Some(next.id.clone()), "published");
        assert_eq!(key_in(&world, &admin, KeyState::Signing).await, Some(signing), "and the other signs on");
        world.clock.advance_seconds(1);
        for _ in 0..2 {
            flow::admin_revoke_key(&world.auth, &admin, &next.id, &context()).await.unwrap();
        }
        assert_eq!(key_in(&world, &admin, KeyState::Revoked).await, Some(next.id));
        let noted = lines(&world.auth, &admin, EventFilter::Administration).await;
        let kinds: Vec<_> = noted.iter().map(|line| line.kind).collect();
        assert_eq!(kinds, [EventKind::AdminKeyRevoked, EventKind::AdminKeyRotated]);
    }

    async fn twenty_keys_in_a_day_are_enough_and_the_command_line_goes_on(world: World) {
        let admin = world.administrator(ADMIN).await;
        let password = FreshProof::Password(SecretString::from(crate::support::PASSWORD));
        // The first was there before.
        for _ in 1..20 {
            flow::reauthenticate(&world.auth, &admin, &password, &context()).await.unwrap();
            flow::admin_rotate_keys(&world.auth, &admin, &context()).await.unwrap();
            world.clock.advance_seconds(11 * 60);
        }
        flow::reauthenticate(&world.auth, &admin, &password, &context()).await.unwrap();
        let signing = key_in(&world, &admin, KeyState::Signing).await.unwrap();
        let rotated = flow::admin_rotate_keys(&world.auth, &admin, &context()).await;
        assert_eq!(refusal(rotated), ErrorCode::TooManyKeys);
        let revoked = flow::admin_revoke_key(&world.auth, &admin, &signing, &context()).await;
        assert_eq!(refusal(revoked), ErrorCode::TooManyKeys, "the next one would have to be made");
        flow::rotate_keys(&world.auth, false).await.unwrap();
        world.clock.advance_seconds(24 * 60 * 60);
        flow::reauthenticate(&world.auth, &admin, &password, &context()).await.unwrap();
        flow::admin_rotate_keys(&world.auth, &admin, &context()).await.unwrap();
    }

    async fn whoever_hangs_up_while_a_key_is_made_has_a_line_for_each(world: World) {
        let admin = world.administrator(ADMIN).await;
        let before = flow::admin_list_keys(&world.auth, &admin).await.unwrap().len();
        let password = FreshProof::Password(SecretString::from(crate::support::PASSWORD));
        for number in 0..24_u64 {
            flow::reauthenticate(&world.auth, &admin, &password, &context()).await.unwrap();
            let (auth, admin) = (world.auth.clone(), admin.clone());
            let act = tokio::spawn(async move { flow::admin_rotate_keys(&auth, &admin, &context()).await.map(|_| ()) });
            tokio::time::sleep(std::time::Duration::from_micros(number * number * 60)).await;
            act.abort();
            let _ = act.await;
            // The key signs, and the next one of tomorrow is another.
            world.clock.advance_seconds(2 * 60 * 60);
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let made = flow::admin_list_keys(&world.auth, &admin).await.unwrap().len() - before;
        let noted = lines(&world.auth, &admin, EventFilter::Administration).await.len();
        assert_eq!((noted, made > 0), (made, true));
    }

    async fn tokens_of_a_revoked_key_are_refused_and_renewed(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        let signing = key_in(&world, &admin, KeyState::Signing).await.unwrap();
        flow::admin_revoke_key(&world.auth, &admin, &signing, &context()).await.unwrap();
        assert!(world.auth.caller_of_access_token(&access_token(&session)).is_err());
        let renewed = flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
        let renewed = SecretString::from(renewed.access.access_token);
        assert!(world.auth.caller_of_access_token(&renewed).is_ok(), "nobody was signed out");
    }
}
