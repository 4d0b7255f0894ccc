//! Stories of leaving: asked for, kept, and gone without a trace.

use crate::support::personal_tokens::{ADDRESS, call, wanted, works};
use crate::support::{PASSWORD, World, context, context_on, email, refusal};
use auth::flow::{self, SignIn, SignedIn};
use auth::form::ConfirmedBy;
use auth::id::UserId;
use auth::session::Caller;
use auth::{ErrorCode, EventKind, Scope};
use secrecy::SecretString;
use sqlx::{AnyConnection, Connection, Row};

const EMAIL: &str = "alice.leaves@example.com";
const GRACE: i64 = 14 * 24 * 60 * 60;

async fn signed_in(world: &World) -> (SignedIn, Caller) {
    world.create_account(EMAIL).await;
    let session = world.sign_in(EMAIL).await;
    let caller = world.caller(&session);
    (session, caller)
}

async fn keep_link(world: &World) -> SecretString {
    let mail = world.inbox_of(EMAIL).await.into_iter().find(|mail| mail.kind == "deletion_scheduled");
    mail.and_then(|mail| mail.link).unwrap().split_once("token=").unwrap().1.into()
}

/// Every table with every value of every row as text.
pub async fn everything(world: &World) -> Vec<(String, String)> {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let is_sqlite = world.database.url.starts_with("sqlite:");
    let columns = if is_sqlite {
        "SELECT m.name AS table_name, p.name AS column_name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name <> '_sqlx_migrations'"
    } else {
        "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'"
    };
    let columns: Vec<(String, String)> = sqlx::query(columns)
        .fetch_all(&mut connection)
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get("table_name"), row.get("column_name")))
        .collect();
    let mut values = Vec::new();
    for (table, column) in columns {
        let statement = format!("SELECT CAST({column} AS TEXT) AS value FROM {table} WHERE {column} IS NOT NULL");
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).fetch_all(&mut connection).await.unwrap();
        values.extend(rows.iter().map(|row| (table.clone(), row.get::<String, _>("value"))));
    }
    connection.close().await.unwrap();
    values
}

/// Tables in which one of these still stands.
async fn traces(world: &World, of: &[&str]) -> Vec<(String, String)> {
    let found = everything(world).await.into_iter();
    found.filter(|(_, value)| of.iter().any(|trace| value.contains(trace))).collect()
}

on_both_databases! {
    async fn an_account_goes_after_fourteen_days_without_a_trace(world: World) {
        let (session, caller) = signed_in(&world).await;
        world.create_account("bob@example.com").await;
        // Something in every table that can hold something of a person.
        flow::forgot_password(&world.auth, &email(EMAIL), &context()).await.unwrap();
        world.sign_up(EMAIL).await.unwrap();
        let _ = world.try_sign_in(EMAIL, "not the password").await;
        world.sign_in_on(EMAIL, "Tablet of Alice").await;
        flow::keep_waiting_act(&world.auth, &caller, b"what was typed").await.unwrap();
        let wanted = wanted("Toaster of Alice", &[Scope::ProfileWrite], None);
        let secret = flow::create_token(&world.auth, &caller, wanted, &context()).await.unwrap().secret;
        let program = call(&world.auth, &secret).await.unwrap();
        let actor = program.with(Scope::ProfileWrite).ok().unwrap();
        let name = auth::PersonName::parse("Alice Elsewhere").unwrap();
        flow::change_name(&world.auth, actor, name, &context_on(&program.device())).await.unwrap();
        let new = email("alice.elsewhere@example.org");
        flow::request_email_change(&world.auth, &caller, &new, &context()).await.unwrap();
        let mail = world.inbox_of("alice.elsewhere@example.org").await.remove(0);
        let token = mail.link.unwrap().split_once("token=").unwrap().1.into();
        flow::confirm_email_change(&world.auth, &caller, &ConfirmedBy::Link(token), &context()).await.unwrap();
        let number = auth::PhoneNumber::parse("+44 7700 900123").unwrap();
        flow::request_phone(&world.auth, &caller, &number, &context()).await.unwrap();
        let day = flow::request_deletion(&world.auth, &caller, &context()).await.unwrap();
        assert_eq!(day, world.auth.now().plus_seconds(GRACE));
        assert_eq!(world.auth.me(&caller).await.unwrap().delete_at, Some(day));
        world.inbox().await;

        world.clock.advance_seconds(GRACE - 1);
        assert!(!flow::delete_account(&world.auth, &caller.user_id).await.unwrap(), "not a second too early");
        assert!(flow::refresh(&world.auth, &session.refresh_token, &context()).await.is_ok());
        world.clock.advance_seconds(1);
        assert!(!flow::delete_account(&world.auth, &caller.user_id).await.unwrap(), "sessions end first");
        let signed_in = world.try_sign_in("alice.elsewhere@example.org", PASSWORD).await;
        assert_eq!(refusal(signed_in), ErrorCode::InvalidCredentials);
        assert!(!works(&world.auth, &secret).await);
        let node = world.another_node().await;
        node.learn_revocations(world.auth.now().minus_seconds(60)).await.unwrap();
        let out = node.caller_of_access_token(&session.access.access_token.as_str().into());
        assert_eq!(refusal(out), ErrorCode::InvalidToken);
        world.clock.advance_seconds(10 * 60);
        world.auth.delete_what_is_over().await.unwrap();

        let gone = [
            caller.user_id.as_str(),
            caller.session_id.as_str(),
            "alice.leaves",
            "alice.elsewhere",
            "Tablet of Alice",
            "Toaster of Alice",
            "Alice Elsewhere",
            "+447700900123",
            ADDRESS,
        ];
        assert_eq!(traces(&world, &gone).await, []);
        let lines = everything(&world).await;
        assert!(lines.contains(&("audit_events".into(), EventKind::UserDeleted.as_str().into())));
        assert!(lines.contains(&("audit_events".into(), EventKind::EmailChanged.as_str().into())), "lines stay");
        let farewell = world.inbox_of("alice.elsewhere@example.org").await;
        assert_eq!(farewell.iter().map(|mail| &*mail.kind).collect::<Vec<_>>(), ["account_deleted"]);
        assert!(traces(&world, &["alice.elsewhere"]).await.iter().all(|(table, _)| table == "dev_inbox"));
        assert!(matches!(world.try_sign_in("bob@example.com", PASSWORD).await.unwrap(), SignIn::SignedIn(_)));
        world.create_account(EMAIL).await;
    }

    async fn the_mailed_link_keeps_the_account_once(world: World) {
        let (_, caller) = signed_in(&world).await;
        flow::request_deletion(&world.auth, &caller, &context()).await.unwrap();
        let link = keep_link(&world).await;
        assert_eq!(flow::account_of_keep_link(&world.auth, &link).await.unwrap().0, email(EMAIL));
        let uses: Vec<_> = (0..20)
            .map(|_| {
                let (auth, link) = (world.auth.clone(), link.clone());
                tokio::spawn(async move { flow::keep_account_by_link(&auth, &link, &context()).await.is_ok() })
            })
            .collect();
        let mut winners = 0;
        for one in uses {
            winners += usize::from(one.await.unwrap());
        }
        assert_eq!(winners, 1);
        world.clock.advance_seconds(GRACE + 60 * 60);
        world.auth.delete_what_is_over().await.unwrap();
        world.auth.delete_what_is_over().await.unwrap();
        world.sign_in(EMAIL).await;
    }

    async fn of_twenty_parallel_wishes_one_sets_the_day(world: World) {
        let (_, caller) = signed_in(&world).await;
        let wishes: Vec<_> = (0..20)
            .map(|_| {
                let (auth, caller) = (world.auth.clone(), caller.clone());
                tokio::spawn(async move { flow::request_deletion(&auth, &caller, &context()).await.is_ok() })
            })
            .collect();
        let mut winners = 0;
        for one in wishes {
            winners += usize::from(one.await.unwrap());
        }
        assert_eq!(winners, 1);
        let mails = world.inbox_of(EMAIL).await;
        assert_eq!(mails.iter().filter(|mail| mail.kind == "deletion_scheduled").count(), 1);
    }

    async fn keeping_and_going_never_both_happen(world: World) {
        let (_, caller) = signed_in(&world).await;
        flow::request_deletion(&world.auth, &caller, &context()).await.unwrap();
        let link = keep_link(&world).await;
        world.clock.advance_seconds(GRACE);
        let late = flow::keep_account_by_link(&world.auth, &link, &context()).await;
        assert_eq!(refusal(late), ErrorCode::LinkExpired);
        flow::delete_account(&world.auth, &caller.user_id).await.unwrap();
        world.clock.advance_seconds(10 * 60);
        let nodes = [world.auth.clone(), world.another_node().await];
        let mut ends = Vec::new();
        for node in nodes {
            let id: UserId = caller.user_id.clone();
            ends.push(tokio::spawn(async move { flow::delete_account(&node, &id).await.unwrap() }));
        }
        let mut winners = 0;
        for end in ends {
            winners += usize::from(end.await.unwrap());
        }
        assert_eq!(winners, 1);
    }

    async fn whoever_is_signed_in_keeps_the_account_without_a_mail(world: World) {
        let (_, caller) = signed_in(&world).await;
        flow::request_deletion(&world.auth, &caller, &context()).await.unwrap();
        flow::keep_account(&world.auth, &caller, &context()).await.unwrap();
        flow::keep_account(&world.auth, &caller, &context()).await.unwrap();
        assert_eq!(world.auth.me(&caller).await.unwrap().delete_at, None);
        let dead = keep_link(&world).await;
        assert_eq!(refusal(flow::keep_account_by_link(&world.auth, &dead, &context()).await), ErrorCode::LinkExpired);
    }

    async fn what_is_known_is_handed_out_whole_and_nothing_of_others(world: World) {
        let (_, caller) = signed_in(&world).await;
        world.create_account("bob@example.com").await;
        world.sign_in("bob@example.com").await;
        for _ in 0..60 {
            world.clock.advance_seconds(5);
            flow::change_name(&world.auth, &caller, auth::PersonName::parse("Alice").unwrap(), &context()).await.unwrap();
            flow::change_name(&world.auth, &caller, auth::PersonName::parse("Alice L").unwrap(), &context()).await.unwrap();
        }
        world.clock.advance_seconds(1);
        let data = flow::export_data(&world.auth, &caller, &context()).await.unwrap();
        let json = data.to_json();
        assert_eq!(json["account"]["email"], EMAIL);
        assert_eq!(json["activity"].as_array().unwrap().len(), data.activity.len());
        assert!(data.activity.len() > 120, "more than one page: {}", data.activity.len());
        assert_eq!(data.activity[0].kind, EventKind::UserExported);
        let text = json.to_string();
        assert!(!text.contains("bob@example.com") && !text.contains("argon2"), "nothing secret, nothing of others");
    }
}
