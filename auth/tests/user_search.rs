//! Stories of finding accounts: by parts of names and addresses, by filters, and by nothing else.

use crate::support::administration::{ADMIN, ALICE, BOB, LONG_AGO, suspend};
use crate::support::totp::enrol;
use crate::support::{World, context, email, refusal};
use auth::flow::{self, ImportedUser};
use auth::form::{ConfirmedBy, UserFilter, UserFilterForm};
use auth::id::OrganizationId;
use auth::session::Caller;
use auth::store::Store;
use auth::{AccountState, ErrorCode, EventFilter, EventKind, Locale, PersonName, Role, Timestamp};
use sqlx::{AnyConnection, Connection, Executor, Row};

async fn import(world: &World, name: &str, address: &str, created_at: Option<Timestamp>) {
    let user = ImportedUser {
        email: email(address),
        name: PersonName::parse(name).unwrap(),
        locale: Locale::En,
        password_hash: None,
        created_at,
    };
    flow::import_users(&world.auth, &[user], false, &context()).await.unwrap();
    world.clock.advance_seconds(1);
}

/// An administrator among people with names.
async fn people(world: &World) -> Caller {
    let admin = world.administrator(ADMIN).await;
    for (name, address) in [
        ("Zoë Martínez", "zoe@example.org"),
        ("Łukasz O'Neil", "lukasz.oneil@example.net"),
        ("Anne-Marie Straße", "am_100%@example.com"),
        ("李小龍", "bruce@example.org"),
        ("Martin Zoellner", "martin@example.org"),
    ] {
        import(world, name, address, None).await;
    }
    admin
}

/// Has a database do something that no flow does.
async fn execute(world: &World, statement: &'static str) {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    connection.execute(statement).await.unwrap();
    connection.close().await.unwrap();
}

on_both_databases! {
    async fn names_are_found_by_any_part_whatever_the_case_and_accents(world: World) {
        let admin = people(&world).await;
        for (sought, found) in [
            ("zoe", &["zoe@example.org", "martin@example.org"][..]),
            ("ZOË", &["zoe@example.org", "martin@example.org"]),
            ("martinez", &["zoe@example.org"]),
            ("artín", &["martin@example.org", "zoe@example.org"]),
            ("lukasz", &["lukasz.oneil@example.net"]),
            ("o'neil", &["lukasz.oneil@example.net"]),
            ("oneil", &["lukasz.oneil@example.net"]),
            ("marie strasse", &["am_100%@example.com"]),
            ("strasse anne", &["am_100%@example.com"]),
            ("小龍", &["bruce@example.org"]),
            ("龍", &["bruce@example.org"]),
            ("zo mart", &["martin@example.org", "zoe@example.org"]),
            ("mart zo .org", &["martin@example.org", "zoe@example.org"]),
            ("zoe anne", &[]),
        ] {
            assert_eq!(world.list(&admin, sought).await, found, "{sought}");
        }
    }

    async fn what_is_sought_is_no_pattern(world: World) {
        let admin = people(&world).await;
        for (sought, found) in [
            ("am_100%", &["am_100%@example.com"][..]),
            ("100%", &["am_100%@example.com"]),
            ("am%", &[]),
            ("zo_", &[]),
            ("z%e", &[]),
            ("zoe!", &[]),
            ("m_100", &["am_100%@example.com"]),
        ] {
            assert_eq!(world.list(&admin, sought).await, found, "{sought}");
        }
    }

    async fn an_account_is_found_once_however_often_it_has_the_word(world: World) {
        let admin = world.administrator(ADMIN).await;
        import(&world, "Anna Annabel Hannan", "anna.annan@annaland.example", None).await;
        for sought in ["a", "an", "ann", "anna", "nna", "na"] {
            let found = world.list(&admin, sought).await;
            let times = found.iter().filter(|address| address.starts_with("anna.annan")).count();
            assert_eq!(times, 1, "{sought}: {found:?}");
        }
    }

    async fn an_id_and_an_address_in_full_are_one_account(world: World) {
        let admin = people(&world).await;
        import(&world, "Malice", "malice@example.com", None).await;
        import(&world, "Alice", ALICE, None).await;
        let id = world.id_of(ALICE).await;
        assert_eq!(world.list(&admin, id.as_str()).await, [ALICE]);
        assert_eq!(world.list(&admin, &*id.as_str().to_uppercase()).await, [ALICE]);
        assert_eq!(world.list(&admin, " Alice@EXAMPLE.com ").await, [ALICE], "and not malice");
        assert_eq!(world.list(&admin, "alice@exampl").await.len(), 2);
        let of_another_role = UserFilter { role: Some(Role::Support), ..ALICE.into() };
        assert!(world.list(&admin, of_another_role).await.is_empty(), "filters hold here as well");
        for nobody in ["01890a5d-ac96-774b-bcce-b302099a8057", &id.as_str()[..8], "alice@example.co.uk"] {
            assert!(world.list(&admin, nobody).await.is_empty(), "{nobody}");
        }
    }

    async fn a_filter_leaves_whom_it_says(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.colleague("sue@example.com", Role::Support).await;
        for address in [ALICE, BOB, "carol@example.com"] {
            world.clock.advance_seconds(1);
            world.create_account(address).await;
        }
        import(&world, "Old", "old@example.com", Some(LONG_AGO)).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        enrol(&world, &alice).await;
        let carol = world.caller(&world.sign_in("carol@example.com").await);
        flow::request_deletion(&world.auth, &carol, &context()).await.unwrap();
        suspend(&world, &admin, &world.id_of(BOB).await, None).await.unwrap();
        execute(&world, "INSERT INTO organizations (id, slug, name, created_at) \
            VALUES ('01890a5d-ac96-774b-bcce-b302099a8057', 'acme', 'Acme', 0)").await;
        execute(&world, "INSERT INTO memberships (organization_id, user_id, role, joined_at) \
            SELECT '01890a5d-ac96-774b-bcce-b302099a8057', id, 'member', 0 FROM users WHERE email LIKE 'alice@%'").await;

        let organization = Some(OrganizationId("01890a5d-ac96-774b-bcce-b302099a8057".into()));
        let filter = UserFilter::default;
        for (filter, found) in [
            (UserFilter { role: Some(Role::Support), ..filter() }, &["sue@example.com"][..]),
            (UserFilter { role: Some(Role::Auditor), ..filter() }, &[]),
            (UserFilter { state: Some(AccountState::Suspended), ..filter() }, &[BOB]),
            (UserFilter { state: Some(AccountState::Deleting), ..filter() }, &["carol@example.com"]),
            (UserFilter { has_factor: Some(true), ..filter() }, &[ALICE]),
            (UserFilter { created_before: Some(LONG_AGO.plus_seconds(1)), ..filter() }, &["old@example.com"]),
            (UserFilter { organization: organization.clone(), ..filter() }, &[ALICE]),
            (UserFilter { organization: organization.clone(), has_factor: Some(false), ..filter() }, &[]),
            (UserFilter { organization: organization.clone(), ..ALICE.into() }, &[ALICE]),
            (UserFilter { organization, ..BOB.into() }, &[]),
            (UserFilter { state: Some(AccountState::Active), has_factor: Some(false), role: Some(Role::User), ..filter() },
             &["old@example.com"]),
            (UserFilter { state: Some(AccountState::Suspended), .."exam".into() }, &[BOB]),
            (UserFilter { created_from: Some(LONG_AGO.plus_seconds(1)), .."ol".into() }, &["carol@example.com"]),
        ] {
            assert_eq!(world.list(&admin, filter.clone()).await, found, "{filter:?}");
        }
        let all = world.list(&admin, filter()).await;
        assert_eq!((all.len(), all.last().map(String::as_str)), (6, Some("old@example.com")), "the newest first");
    }

    async fn whoever_is_called_otherwise_is_found_so_and_who_is_gone_is_not(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        assert_eq!(world.list(&admin, "doe ali").await, [ALICE]);
        flow::change_name(&world.auth, &alice, PersonName::parse("Quentin").unwrap(), &context()).await.unwrap();
        assert_eq!(world.list(&admin, "quen").await, [ALICE]);
        assert!(world.list(&admin, "doe ali").await.is_empty());

        flow::request_email_change(&world.auth, &alice, &email("viola@example.org"), &context()).await.unwrap();
        let proof = ConfirmedBy::Code(world.mailed_code("viola@example.org").await);
        world.clock.advance_seconds(1);
        flow::confirm_email_change(&world.auth, &alice, &proof, &context()).await.unwrap();
        assert_eq!(world.list(&admin, "viol").await, ["viola@example.org"]);
        assert!(world.list(&admin, "alice").await.is_empty());
        let undo = world.mailed_token(ALICE).await;
        flow::undo_email_change(&world.auth, &undo, &context()).await.unwrap();
        assert_eq!(world.list(&admin, "alice").await, [ALICE]);
        assert!(world.list(&admin, "viol").await.is_empty());

        world.close_account(ALICE).await;
        for _ in 0..2 {
            flow::delete_account(&world.auth, &alice.user_id).await.unwrap();
            world.clock.advance_seconds(10 * 60);
        }
        assert!(world.user(ALICE).await.is_none());
        let admin = world.caller(&world.sign_in(ADMIN).await);
        assert!(world.list(&admin, "quen").await.is_empty());
        assert_eq!(world.count("user_search").await, rows_of(&world, ADMIN).await, "nothing of anybody else is left");
    }

    async fn accounts_of_before_the_index_are_put_into_it(world: World) {
        let admin = people(&world).await;
        execute(&world, "DELETE FROM user_search").await;
        execute(&world, "UPDATE users SET search_text = ''").await;
        assert!(world.list(&admin, "zoe").await.is_empty());
        assert_eq!(world.list(&admin, "").await.len(), 6, "they are in the list all the same");
        for _ in 0..2 {
            world.auth.delete_what_is_over().await.unwrap();
            assert_eq!(world.list(&admin, "zoe").await, ["zoe@example.org", "martin@example.org"]);
        }
        let waiting = Store::connect(&world.database.url).await.unwrap().unsearched_users(10).await.unwrap();
        assert!(waiting.is_empty());
    }

    async fn an_export_is_noted_and_asks_for_a_proof(world: World) {
        let admin = people(&world).await;
        let (filter, _) = UserFilterForm { q: "zoe".into(), ..UserFilterForm::default() }.parse().ok().unwrap();
        let page = flow::export_users(&world.auth, &admin, &filter, &context()).await.unwrap();
        assert_eq!(page.items.len(), 2);
        let lines = flow::list_activity(&world.auth, &admin, EventFilter::Administration, None).await.unwrap().items;
        assert_eq!(lines[0].kind, EventKind::AdminUsersExported);
        world.create_account(ALICE).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        let refused = flow::export_users(&world.auth, &alice, &filter, &context()).await;
        assert_eq!(refusal(refused), ErrorCode::NotFound);
        world.clock.advance_seconds(15 * 60);
        let late = flow::export_users(&world.auth, &admin, &filter, &context()).await;
        assert_eq!(refusal(late), ErrorCode::ReauthenticationRequired);
    }
}

/// How many rows of the index are those of one account.
async fn rows_of(world: &World, address: &str) -> i64 {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let statement = sqlx::query(
        "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM user_search s JOIN users u ON u.id = s.user_id WHERE u.email = $1",
    );
    let row = statement.bind(address.to_owned()).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    row.get("found")
}
