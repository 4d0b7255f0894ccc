//! Stories of passkeys: added, used alone and after the password, named, removed.

use crate::support::authenticator::{Authenticator, bytes_of};
use crate::support::passkeys::{
    EMAIL, add, alice, answer, caller_with, list, picture, remove, rename, sign_in, signed_in, try_add, try_sign_in,
};
use crate::support::password_reset::mails_of_kind;
use crate::support::personal_tokens::prove;
use crate::support::{PASSWORD, START, World, context, context_on, refusal};
use auth::factor::FactorProof;
use auth::flow::{self, PasskeySignIn, SignIn};
use auth::id::PasskeyId;
use auth::{ErrorCode, EventFilter, EventKind, FactorMethod};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::Mutex;
use uuid::Uuid;

on_both_databases! {
    async fn a_passkey_is_asked_for_so_that_browsers_find_it_and_verify_the_person(world: World) {
        let caller = alice(&world).await;
        let asked = flow::passkey_options(&world.auth, &caller).await.unwrap();
        let options = &asked.options;
        assert_eq!(options["rp"]["id"], "id.example.com");
        assert_eq!(options["user"]["name"], EMAIL);
        assert_eq!(bytes_of(&options["user"]["id"]), Uuid::parse_str(caller.user_id.as_str()).unwrap().as_bytes());
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["attestation"], "none");
        let algorithms = json!([{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}]);
        assert_eq!(options["pubKeyCredParams"], algorithms);
        assert_eq!((bytes_of(&options["challenge"]).len(), &options["excludeCredentials"]), (32, &json!([])));
        let other = flow::passkey_options(&world.auth, &caller).await.unwrap();
        assert_ne!(options["challenge"], other.options["challenge"]);

        let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
        assert_eq!(asked.options["rpId"], "id.example.com");
        assert_eq!(asked.options["allowCredentials"], json!([]));
        assert_eq!(asked.options["userVerification"], "required");
    }

    async fn a_passkey_is_added_named_told_and_signs_in_alone(world: World) {
        let caller = alice(&world).await;
        let mut phone = Authenticator::new();
        let added = add(&world, &caller, &mut phone).await;
        assert_eq!(added.passkey.name.as_str(), "iCloud Keychain");
        assert_eq!(added.passkey.authenticator.as_deref(), Some("iCloud Keychain"));
        assert!(added.passkey.is_synced && added.passkey.last_used_at.is_none());
        assert_eq!(added.recovery_codes.unwrap().codes().len(), 10, "the first factor brings recovery codes");
        assert_eq!(list(&world, &caller).await, std::slice::from_ref(&added.passkey));
        assert_eq!(mails_of_kind(&world, EMAIL, "factor_added").await.len(), 1);
        let user = world.auth.store().user(&caller.user_id).await.unwrap().unwrap();
        assert_eq!(user.factors.names(), "passkey");

        world.clock.advance_seconds(60);
        let session = world.caller(&sign_in(&world, &mut phone).await);
        assert_eq!(session.user_id, caller.user_id);
        let me = world.auth.me(&session).await.unwrap();
        assert_eq!(me.email.as_str(), EMAIL);
        assert_eq!(list(&world, &caller).await[0].last_used_at, Some(START.plus_seconds(60)));
    }

    async fn after_the_password_one_of_the_accounts_passkeys_is_asked_for(world: World) {
        let caller = alice(&world).await;
        let (mut phone, mut key) = (Authenticator::new(), Authenticator::device_bound());
        add(&world, &caller, &mut phone).await;
        let caller = caller_with(&world, &mut phone).await;
        let added = add(&world, &caller, &mut key).await;
        assert!(!added.passkey.is_synced && added.recovery_codes.is_none());
        for device in [&mut phone, &mut key] {
            let SignIn::NeedsSecondFactor(pending) = world.try_sign_in(EMAIL, PASSWORD).await.unwrap() else {
                panic!("the password was enough");
            };
            assert_eq!(pending.methods[0], FactorMethod::Passkey);
            let asked = flow::second_factor_passkey(&world.auth, &pending.ticket).await.unwrap();
            assert_eq!(asked.options["allowCredentials"].as_array().unwrap().len(), 2);
            assert_eq!(asked.options["allowCredentials"][0]["transports"], json!(["hybrid", "internal"]));
            // What was allowed by name need not name its account (WA-A02).
            let mut using = device.using(&asked.options);
            using.user_handle = None;
            let proof = FactorProof::Passkey(answer(&asked, device.say(&using)));
            let done = flow::second_factor(&world.auth, &pending.ticket, proof, false, &context()).await.unwrap();
            assert_eq!(world.caller(&done.signed_in).user_id, caller.user_id);
        }
    }

    async fn a_passkey_of_somebody_else_is_no_second_factor(world: World) {
        let (caller, other) = (alice(&world).await, signed_in(&world, "bob@example.com").await);
        let (mut own, mut foreign) = (Authenticator::new(), Authenticator::new());
        add(&world, &caller, &mut own).await;
        add(&world, &other, &mut foreign).await;
        let SignIn::NeedsSecondFactor(pending) = world.try_sign_in(EMAIL, PASSWORD).await.unwrap() else {
            panic!("the password was enough");
        };
        // WA-A01, WA-A12: whatever account it says it is of.
        for handle in [None, Some(foreign.user_handle.clone()), Some(own.user_handle.clone())] {
            let asked = flow::second_factor_passkey(&world.auth, &pending.ticket).await.unwrap();
            let mut using = foreign.using(&asked.options);
            using.user_handle = handle;
            let proof = FactorProof::Passkey(answer(&asked, foreign.say(&using)));
            let done = flow::second_factor(&world.auth, &pending.ticket, proof, false, &context()).await;
            assert_eq!(refusal(done), ErrorCode::PasskeyRefused);
        }
    }

    async fn adding_and_removing_ask_for_a_fresh_proof_and_leave_the_question_good(world: World) {
        let caller = alice(&world).await;
        let mut phone = Authenticator::new();
        world.clock.advance_seconds(14 * 60);
        let asked = flow::passkey_options(&world.auth, &caller).await.unwrap();
        let made = answer(&asked, phone.make(&asked.options));
        world.clock.advance_seconds(2 * 60);
        let late = flow::add_passkey(&world.auth, &caller, &made, None, &context()).await;
        assert_eq!(refusal(late), ErrorCode::ReauthenticationRequired);
        assert_eq!(refusal(flow::passkey_options(&world.auth, &caller).await), ErrorCode::ReauthenticationRequired);
        prove(&world, &caller).await;
        let added = flow::add_passkey(&world.auth, &caller, &made, None, &context()).await.unwrap();
        world.clock.advance_seconds(16 * 60);
        assert_eq!(refusal(remove(&world, &caller, &added.passkey.id).await), ErrorCode::ReauthenticationRequired);
        assert_eq!(list(&world, &caller).await.len(), 1);
    }

    async fn a_passkey_is_excluded_once_it_is_there_and_belongs_to_one_account(world: World) {
        let (caller, other) = (alice(&world).await, signed_in(&world, "bob@example.com").await);
        let mut phone = Authenticator::new();
        let added = add(&world, &caller, &mut phone).await;
        let caller = caller_with(&world, &mut phone).await;
        let asked = flow::passkey_options(&world.auth, &caller).await.unwrap();
        assert_eq!(asked.options["excludeCredentials"][0]["id"], added.passkey.credential_id.as_str());
        // WA-R11, whatever a browser makes of that.
        let made = answer(&asked, phone.make(&asked.options));
        let again = flow::add_passkey(&world.auth, &caller, &made, None, &context()).await;
        assert_eq!(refusal(again), ErrorCode::PasskeyKnown);
        assert_eq!(refusal(try_add(&world.auth, &other, &mut phone).await), ErrorCode::PasskeyKnown);
        assert!(list(&world, &other).await.is_empty());
    }

    async fn twenty_are_the_most(world: World) {
        let caller = alice(&world).await;
        let mut phone = Authenticator::new();
        add(&world, &caller, &mut phone).await;
        let caller = caller_with(&world, &mut phone).await;
        for _ in 1..20 {
            add(&world, &caller, &mut Authenticator::new()).await;
        }
        let one_more = try_add(&world.auth, &caller, &mut Authenticator::new()).await;
        assert_eq!(refusal(one_more), ErrorCode::FactorUnavailable);
    }

    async fn a_passkey_is_called_something_else_by_its_owner_alone(world: World) {
        let (caller, other) = (alice(&world).await, signed_in(&world, "bob@example.com").await);
        let mut phone = Authenticator::new();
        let added = add(&world, &caller, &mut phone).await;
        let caller = caller_with(&world, &mut phone).await;
        rename(&world, &caller, &added.passkey.id, "My phone").await.unwrap();
        assert_eq!(list(&world, &caller).await[0].name.as_str(), "My phone");
        assert_eq!(refusal(rename(&world, &other, &added.passkey.id, "Mine").await), ErrorCode::NotFound);
        assert_eq!(refusal(remove(&world, &other, &added.passkey.id).await), ErrorCode::NotFound);
        for unknown in ["", "\0", "01890a5d-ac96-774b-bcce-b302099a8057"] {
            let id = PasskeyId(unknown.into());
            assert_eq!(refusal(rename(&world, &caller, &id, "Mine").await), ErrorCode::NotFound, "{unknown:?}");
            assert_eq!(refusal(remove(&world, &caller, &id).await), ErrorCode::NotFound, "{unknown:?}");
        }
    }

    async fn a_removed_passkey_lets_nobody_in_and_is_told_to_the_browser(world: World) {
        let caller = alice(&world).await;
        let (mut phone, mut key) = (Authenticator::new(), Authenticator::device_bound());
        let first = add(&world, &caller, &mut phone).await.passkey;
        let caller = caller_with(&world, &mut phone).await;
        let second = add(&world, &caller, &mut key).await.passkey;
        remove(&world, &caller, &first.id).await.unwrap();
        // WA-A11
        let PasskeySignIn::Unknown(unknown) = try_sign_in(&world.auth, &mut phone).await.unwrap() else {
            panic!("somebody has it");
        };
        assert_eq!((unknown.rp_id.as_str(), unknown.credential_id), ("id.example.com", first.credential_id));
        sign_in(&world, &mut key).await;
        remove(&world, &caller, &second.id).await.unwrap();
        let with_password = world.try_sign_in(EMAIL, PASSWORD).await.unwrap();
        assert!(matches!(with_password, SignIn::SignedIn(_)), "the password is enough");
        assert_eq!(mails_of_kind(&world, EMAIL, "factor_removed").await.len(), 2);
        assert!(list(&world, &caller).await.is_empty());
    }

    async fn a_counter_that_does_not_go_on_is_refused_logged_and_told_once_a_day(world: World) {
        let caller = alice(&world).await;
        let mut key = Authenticator::device_bound();
        add(&world, &caller, &mut key).await;
        key.counter = 10;
        sign_in(&world, &mut key).await;
        // WA-A09, WA-A10: the copy of somebody who did not use it as often; and one that stands still.
        for counter in [4, 10] {
            let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
            let mut using = key.using(&asked.options);
            using.counter = counter + 1;
            let used = answer(&asked, key.say(&using));
            let refused = flow::passkey_sign_in(&world.auth, &used, &context_on("Edge on Windows")).await;
            assert_eq!(refusal(refused), ErrorCode::PasskeyRefused);
        }
        assert_eq!(mails_of_kind(&world, EMAIL, "passkey_counter_regressed").await.len(), 1);
        let page = flow::list_activity(&world.auth, &caller, EventFilter::All, None).await.unwrap();
        let logged = page.items.iter().filter(|item| item.kind == EventKind::PasskeyCounterRegressed);
        assert_eq!(logged.filter(|item| item.device == "Edge on Windows").count(), 2);
        assert_eq!(list(&world, &caller).await[0].counter_regressed_at, Some(START));
        key.counter = 20;
        sign_in(&world, &mut key).await;
    }

    async fn a_forged_answer_with_an_old_counter_tells_nobody(world: World) {
        let caller = alice(&world).await;
        let mut key = Authenticator::device_bound();
        add(&world, &caller, &mut key).await;
        let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
        let mut using = key.using(&asked.options);
        using.counter = 0;
        using.forge = |mut signature| {
            *signature.last_mut().unwrap() ^= 1;
            signature
        };
        let refused = flow::passkey_sign_in(&world.auth, &answer(&asked, key.say(&using)), &context()).await;
        assert_eq!(refusal(refused), ErrorCode::PasskeyRefused);
        assert!(mails_of_kind(&world, EMAIL, "passkey_counter_regressed").await.is_empty());
        assert!(list(&world, &caller).await[0].counter_regressed_at.is_none());
    }

    async fn of_twenty_answers_to_one_question_one_wins(world: World) {
        let caller = alice(&world).await;
        let mut phone = Authenticator::new();
        let asked = flow::passkey_options(&world.auth, &caller).await.unwrap();
        let made = Arc::new(answer(&asked, phone.make(&asked.options)));
        let tasks = (0..20).map(|_| {
            let (auth, caller, made) = (world.auth.clone(), caller.clone(), Arc::clone(&made));
            tokio::spawn(async move { flow::add_passkey(&auth, &caller, &made, None, &context()).await.is_ok() })
        });
        let mut added = 0;
        for task in tasks.collect::<Vec<_>>() {
            added += usize::from(task.await.unwrap());
        }
        assert_eq!((added, list(&world, &caller).await.len()), (1, 1));

        let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
        let used = Arc::new(answer(&asked, phone.prove(&asked.options)));
        let node = world.another_node().await;
        let tasks = (0..20).map(|number| {
            let (auth, used) = (if number % 2 == 0 { world.auth.clone() } else { node.clone() }, Arc::clone(&used));
            tokio::spawn(async move { flow::passkey_sign_in(&auth, &used, &context()).await.is_ok() })
        });
        let mut entered = 0;
        for task in tasks.collect::<Vec<_>>() {
            entered += usize::from(task.await.unwrap());
        }
        assert_eq!(entered, 1);
    }

    async fn of_twenty_uses_with_one_count_one_wins(world: World) {
        let caller = alice(&world).await;
        let mut key = Authenticator::device_bound();
        add(&world, &caller, &mut key).await;
        let mut answers = Vec::new();
        for _ in 0..20 {
            let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
            let mut using = key.using(&asked.options);
            using.counter = 7;
            answers.push(answer(&asked, key.say(&using)));
        }
        let entered = Arc::new(Mutex::new(0));
        let tasks = answers.into_iter().map(|used| {
            let (auth, entered) = (world.auth.clone(), Arc::clone(&entered));
            tokio::spawn(async move {
                if flow::passkey_sign_in(&auth, &used, &context()).await.is_ok() {
                    *entered.lock().await += 1;
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert_eq!(*entered.lock().await, 1);
    }

    async fn challenges_are_few_and_short_lived(world: World) {
        let caller = alice(&world).await;
        for _ in 0..30 {
            flow::passkey_options(&world.auth, &caller).await.unwrap();
        }
        assert_eq!(picture(&world).await.1, 8, "an account has eight at most");
        for _ in 0..30 {
            flow::begin_passkey_sign_in(&world.auth).await.unwrap();
        }
        world.auth.store().sweep_passkey_ceremonies(world.auth.now(), 5).await.unwrap();
        assert_eq!(picture(&world).await.1, 8 + 5, "strangers make room for strangers alone");
        world.clock.advance_seconds(5 * 60 + 1);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(picture(&world).await.1, 0);
    }

    async fn whoever_says_this_was_not_me_loses_the_passkeys_that_were_added_since(world: World) {
        let caller = alice(&world).await;
        let mut own = Authenticator::new();
        let kept = add(&world, &caller, &mut own).await.passkey;
        world.inbox().await;
        // Longer than a notice of its own could take it back.
        world.clock.advance_seconds(8 * 24 * 60 * 60);
        let caller = world.caller(&sign_in(&world, &mut own).await);
        let mut thief = Authenticator::new();
        add(&world, &caller, &mut thief).await;
        let token = world.mailed_token(EMAIL).await;
        flow::secure_account_by_link(&world.auth, &token, &context()).await.unwrap();
        assert!(matches!(try_sign_in(&world.auth, &mut thief).await.unwrap(), PasskeySignIn::Unknown(_)));
        let caller = world.caller(&sign_in(&world, &mut own).await);
        assert_eq!(list(&world, &caller).await.iter().map(|item| &item.id).collect::<Vec<_>>(), [&kept.id]);
    }

    async fn nothing_is_asked_where_the_public_url_is_an_address(world: World) {
        let caller = alice(&world).await;
        let clock = Arc::clone(&world.clock);
        let address = "https://192.0.2.1";
        let node = world.another_node_with(&clock, |settings| settings.public_url = address.into()).await.unwrap();
        assert_eq!(refusal(flow::begin_passkey_sign_in(&node).await), ErrorCode::FactorUnavailable);
        assert_eq!(refusal(flow::passkey_options(&node, &caller).await), ErrorCode::FactorUnavailable);
        assert!(flow::list_passkeys(&node, &caller).await.unwrap().rp_id.is_none());
    }
}
