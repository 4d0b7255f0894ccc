//! Stories of personal access tokens: made, used within their scopes, and how many there may be.

use crate::support::password_reset::mails_of_kind;
use crate::support::personal_tokens::{ADDRESS, DAY, EMAIL, call, every_token, make, prove, signed_in, wanted, works};
use crate::support::{START, World, context, context_on, refusal};
use auth::flow;
use auth::session::Caller;
use auth::{Auth, Cursor, ErrorCode, EventFilter, EventKind, PersonName, Scope, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{AnyConnection, Connection, Row};
use std::collections::HashSet;
use std::time::Duration;

/// Waits until a use at this moment is noted: nobody waits for the note itself.
async fn expect_noted(world: &World, caller: &Caller, at: Timestamp) {
    for _ in 0..500 {
        let item = every_token(&world.auth, caller).await.0.remove(0);
        if item.last_used_at == Some(at) {
            assert_eq!(item.last_used_address.as_deref(), Some(ADDRESS));
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the use was not noted");
}

/// What a sealed secret says where it is opened.
fn opened(auth: &Auth, caller: &Caller, sealed: &SecretString) -> Option<String> {
    flow::open_shown_once(auth, caller, sealed).map(|secret| secret.expose_secret().to_owned())
}

/// Everything that rests of tokens, as text.
async fn rows(world: &World) -> String {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let rows = sqlx::query("SELECT id, user_id, name, scopes, digest FROM personal_tokens");
    let rows = rows.fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let columns = ["id", "user_id", "name", "scopes", "digest"];
    rows.iter().flat_map(|row| columns.map(|column| row.get::<String, _>(column))).collect::<Vec<_>>().join("\n")
}

on_both_databases! {
    async fn a_token_is_made_told_by_mail_and_kept_as_a_digest(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let wanted = wanted("Nightly report", &[Scope::ActivityRead, Scope::ProfileRead], Some(30));
        let made = flow::create_token(&world.auth, &caller, wanted, &context_on("Edge on Windows")).await.unwrap();
        let secret = made.secret.expose_secret();
        assert!(secret.starts_with("kw_pat_") && secret.len() == 56, "{secret}");
        assert_eq!(made.item.scopes.to_text(), "profile:read activity:read");
        assert_eq!(made.item.expires_at, Some(START.plus_seconds(30 * DAY)));
        assert_eq!(every_token(&world.auth, &caller).await.0, std::slice::from_ref(&made.item));

        let stored = rows(&world).await;
        assert!(stored.contains("Nightly report") && !stored.contains(&secret[7..50]), "{stored}");
        let mail = mails_of_kind(&world, EMAIL, "token_created").await.remove(0);
        for said in ["“Nightly report”", "Edge on Windows", "January 15, 2027 at 08:00 UTC"] {
            assert!(mail.text.contains(said), "{said} in {}", mail.text);
        }
        assert!(!mail.text.contains(secret));
        let page = flow::list_activity(&world.auth, &caller, EventFilter::SignIn, None).await.unwrap();
        assert!(page.items.iter().any(|item| item.kind == EventKind::TokenCreated && item.device == "Edge on Windows"));
    }

    async fn making_one_asks_for_a_fresh_proof(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        world.clock.advance_seconds(15 * 60);
        assert_eq!(refusal(make(&world.auth, &caller, "Backup").await), ErrorCode::ReauthenticationRequired);
        assert!(mails_of_kind(&world, EMAIL, "token_created").await.is_empty());
        prove(&world, &caller).await;
        make(&world.auth, &caller, "Backup").await.unwrap();
        flow::sign_out_caller(&world.auth, &caller, &context()).await.unwrap();
        let node = world.another_node().await;
        assert_eq!(refusal(make(&node, &caller, "Backup").await), ErrorCode::SignedOut);
    }

    async fn a_program_does_what_its_scopes_name_and_nothing_else(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        for scope in Scope::ALL {
            let wanted = wanted("One scope", &[scope], None);
            let made = flow::create_token(&world.auth, &caller, wanted, &context()).await.unwrap();
            let program = call(&world.auth, &made.secret).await.unwrap();
            for other in Scope::ALL {
                let granted = program.with(other);
                assert_eq!(granted.is_ok(), scope == other);
                assert!(granted.err().is_none_or(|code| code == ErrorCode::InsufficientScope));
            }
        }
    }

    async fn a_program_acts_for_its_person_without_a_session(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let bob = signed_in(&world, "bob@example.com").await;
        world.sign_in(EMAIL).await;
        let made = flow::create_token(&world.auth, &caller, wanted("All", &Scope::ALL, None), &context()).await.unwrap();
        let program = call(&world.auth, &made.secret).await.unwrap();
        let actor = |scope| program.with(scope).ok().unwrap();

        let me = world.auth.me(actor(Scope::ProfileRead)).await.unwrap();
        assert_eq!((me.email.as_str(), me.session), (EMAIL, None));
        let name = PersonName::parse("Alice at Night").unwrap();
        let by = context_on(&program.device());
        flow::change_name(&world.auth, actor(Scope::ProfileWrite), name, &by).await.unwrap();
        let me = world.auth.me(&caller).await.unwrap();
        assert_eq!((me.name.as_str(), me.session.is_some()), ("Alice at Night", true));
        let page = flow::list_activity(&world.auth, actor(Scope::ActivityRead), EventFilter::Profile, None).await;
        let lines = page.unwrap().items;
        let line = lines.iter().find(|line| line.kind == EventKind::UserNameChanged).unwrap();
        assert_eq!((line.device.as_str(), &line.session_id), ("Token “All”", &None));

        let sessions = flow::list_sessions(&world.auth, actor(Scope::SessionsRead), None).await.unwrap().items;
        assert_eq!(sessions.len(), 2);
        assert!(sessions.iter().all(|session| !session.is_current));
        // The proof of its person is old by now: a program has nobody to ask.
        world.clock.advance_seconds(15 * 60);
        let foreign = flow::end_session(&world.auth, actor(Scope::SessionsWrite), &bob.session_id, &by).await;
        assert_eq!(refusal(foreign), ErrorCode::NotFound);
        let ended = flow::end_other_sessions(&world.auth, actor(Scope::SessionsWrite), &by).await.unwrap();
        assert_eq!(ended, 2, "a program has no session of its own");
        assert!(works(&world.auth, &made.secret).await, "a token is no session either");
        assert!(world.auth.me(&bob).await.is_ok());
    }

    async fn what_is_not_exactly_the_token_is_refused_with_one_code(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let made = make(&world.auth, &caller, "Backup").await.unwrap();
        let other = signed_in(&world, "bob@example.com").await;
        let unknown = make(&world.another_node().await, &other, "Lost").await.unwrap();
        flow::revoke_token(&world.auth, &other, &unknown.item.id, &context()).await.unwrap();
        let right = made.secret.expose_secret();
        let session = world.sign_in(EMAIL).await;
        let wrong = [
            // Its checksum is right; nobody ever had it.
            "kw_pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0".to_owned(),
            unknown.secret.expose_secret().to_owned(),
            right[..55].to_owned(),
            format!("{right}0"),
            right.to_lowercase(),
            format!("kw_pat_{}", session.refresh_token.expose_secret()),
            format!("kw_pat_{}", session.access.access_token),
            "kw_pat_\0".to_owned(),
            "kw_pat_' OR 1=1 --".to_owned(),
            String::new(),
        ];
        for text in wrong {
            assert!(!works(&world.auth, &SecretString::from(text.clone())).await, "{text}");
        }
        assert!(works(&world.auth, &made.secret).await);
        let as_session = world.auth.caller_of_access_token(&made.secret);
        assert!(as_session.is_err(), "nor is it an access token");
        let as_cookie = flow::refresh(&world.auth, &made.secret, &context()).await;
        assert_eq!(refusal(as_cookie), ErrorCode::SignedOut);
    }

    async fn a_token_ends_by_itself_and_its_owner_sees_why(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let short = make(&world.auth, &caller, "A week").await.unwrap();
        let wanted = wanted("No end", &[Scope::ProfileRead], None);
        let endless = flow::create_token(&world.auth, &caller, wanted, &context()).await.unwrap();
        world.clock.advance_seconds(7 * DAY - 1);
        assert!(works(&world.auth, &short.secret).await);
        world.clock.advance_seconds(1);
        assert!(!works(&world.auth, &short.secret).await);
        let names: Vec<_> = every_token(&world.auth, &caller).await.0.into_iter().map(|item| item.name).collect();
        assert_eq!(names.iter().filter(|name| name.as_str() == "A week").count(), 1);
        world.clock.advance_seconds(20 * 365 * DAY);
        assert!(works(&world.auth, &endless.secret).await);
    }

    async fn a_use_is_noted_once_a_minute_with_its_address(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let made = make(&world.auth, &caller, "Backup").await.unwrap();
        assert_eq!(every_token(&world.auth, &caller).await.0[0].last_used_at, None);
        call(&world.auth, &made.secret).await.unwrap();
        expect_noted(&world, &caller, START).await;
        let node = world.another_node().await;
        world.clock.advance_seconds(59);
        node.caller_of_personal_token(&made.secret, "203.0.113.9").await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        expect_noted(&world, &caller, START).await;
        world.clock.advance_seconds(1);
        call(&node, &made.secret).await.unwrap();
        expect_noted(&world, &caller, START.plus_seconds(60)).await;
    }

    async fn of_twenty_parallel_notes_one_writes(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let id = make(&world.auth, &caller, "Backup").await.unwrap().item.id;
        let (now, since) = (world.auth.now(), world.auth.now().minus_seconds(60));
        let notes: Vec<_> = (0..20)
            .map(|_| {
                let (store, id) = (world.auth.store().clone(), id.clone());
                tokio::spawn(async move { store.note_token_use(&id, now, since, ADDRESS).await.unwrap() })
            })
            .collect();
        let mut written = 0;
        for note in notes {
            written += usize::from(note.await.unwrap());
        }
        assert_eq!(written, 1);
    }

    async fn fifty_tokens_work_however_many_are_asked_for_at_once(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        for number in 0..40 {
            make(&world.auth, &caller, &format!("Number {number}")).await.unwrap();
        }
        let requests: Vec<_> = (0..20)
            .map(|_| {
                let (auth, caller) = (world.auth.clone(), caller.clone());
                tokio::spawn(async move { make(&auth, &caller, "One of many").await })
            })
            .collect();
        let mut made = Vec::new();
        for request in requests {
            match request.await.unwrap() {
                Ok(token) => made.push(token),
                Err(error) => assert_eq!(error.refusal().code, ErrorCode::TooManyTokens),
            }
        }
        assert_eq!(made.len(), 10);
        assert_eq!(every_token(&world.auth, &caller).await.1, [50]);

        let bob = signed_in(&world, "bob@example.com").await;
        make(&world.auth, &bob, "Of somebody else").await.unwrap();
        flow::revoke_token(&world.auth, &caller, &made[0].item.id, &context()).await.unwrap();
        make(&world.auth, &caller, "In its place").await.unwrap();
        assert_eq!(refusal(make(&world.auth, &caller, "One more").await), ErrorCode::TooManyTokens);

        world.clock.advance_seconds(8 * DAY);
        prove(&world, &caller).await;
        for number in 0..10 {
            make(&world.auth, &caller, &format!("After the others ended {number}")).await.unwrap();
        }
        let (items, sizes) = every_token(&world.auth, &caller).await;
        assert_eq!(sizes, [50, 10], "those that ended are listed, too");
        assert_eq!(items.iter().map(|item| &item.id.0).collect::<HashSet<_>>().len(), 60);
        assert!(items[9].name.as_str().starts_with("After the others"), "the newest first");
    }

    async fn two_hundred_are_made_in_a_day_at_most(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        for _ in 0..4 {
            for _ in 0..50 {
                make(&world.auth, &caller, "Made in vain").await.unwrap();
            }
            assert_eq!(flow::revoke_all_tokens(&world.auth, &caller, &context()).await.unwrap(), 50);
        }
        assert_eq!(refusal(make(&world.auth, &caller, "One more").await), ErrorCode::TooManyTokens);
        world.clock.advance_seconds(DAY);
        prove(&world, &caller).await;
        make(&world.auth, &caller, "Of the next day").await.unwrap();
    }

    async fn a_broken_cursor_is_refused(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        for text in ["", "x", "\0", "MTIz"] {
            let page = flow::list_tokens(&world.auth, &caller, Some(Cursor(text.into()))).await;
            assert_eq!(refusal(page), ErrorCode::MalformedRequest, "{text:?}");
        }
    }

    async fn a_secret_on_its_way_to_its_page_opens_once_there(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let elsewhere = world.caller(&world.sign_in(EMAIL).await);
        let made = make(&world.auth, &caller, "Backup").await.unwrap();
        let sealed = SecretString::from(flow::seal_shown_once(&world.auth, &caller, &made.secret));
        assert!(!sealed.expose_secret().contains(&made.secret.expose_secret()[7..]));
        let node = world.another_node().await;
        assert_eq!(opened(&node, &caller, &sealed).as_deref(), Some(made.secret.expose_secret()));
        assert_eq!(opened(&node, &elsewhere, &sealed), None, "another session of the same person");
        for wrong in ["", "v1", &sealed.expose_secret()[1..], made.secret.expose_secret()] {
            assert_eq!(opened(&node, &caller, &SecretString::from(wrong)), None);
        }
        world.clock.advance_seconds(5 * 60 - 1);
        assert!(opened(&node, &caller, &sealed).is_some());
        world.clock.advance_seconds(1);
        assert_eq!(opened(&node, &caller, &sealed), None);
    }
}
