//! Stories of hashes that other systems made, and of our own after a change of their cost.

use crate::support::{CHEAP, PASSWORD, START, World, context, email, refusal};
use auth::flow::{self, ImportOutcome, ImportedUser, SignIn};
use auth::form::SignInForm;
use auth::password::hash::HashCost;
use auth::password::imported_hash::HashText;
use auth::{Auth, ErrorCode, EventFilter, EventKind, Locale, PersonName};
use sqlx::{AnyConnection, Connection, Row};

const EMAIL: &str = "alice@example.com";
const DEARER: HashCost = HashCost { memory: 64, ..CHEAP };

/// Of [`PASSWORD`], made with bcrypt 4.3, argon2-cffi 25.1, passlib 1.7 and Django 5.2.
const HASHES: [&str; 19] = [
    "$2a$04$LyYkWdO6TtmtD5hj2F23Xencn2Rb4DoOY5CfowpmJhArhjmqjcJLC",
    "$2b$04$RSj4iLKbeDjrv./gsEEyI.Ss5DZwE9yfieaDXjDCG4WyugZ5.qiOa",
    "$2y$04$/CtBBNWTiy6km6msNEIwxeXA4yXRMUJkzikVoWkCOWTdOYC5HSAjO",
    "bcrypt$$2b$04$PGI3bCDMIBI/ZuWXq//aCOduZSV9uLgThpcoIaGcrUZ3KJxveC8Xi",
    "bcrypt_sha256$$2b$04$l6ZFb3k.BgijnWzJnKRIi.GcImFXNhNH04GxCgEQLanb5IUxNVO4m",
    "$scrypt$ln=10,r=8,p=2$qhXCuNda670XQgiB0Brj/A$OU0zOlUEDzb2c4BwfzskccZ6H1cs4ZI0C9UmsMnVEdQ",
    "scrypt$1024$dOcWPVn4m9odliYC9lTXdZ$8$5$2enOESLpRLTwA1UzQSgOhHXVvl+KF9z3pdMnUwzsw2ba8I29vEeYD5ksAolaV2AzhKU97WnIo8kniX7chSS8Lg==",
    "$pbkdf2$1000$NMZ4b23tnTPmXMvZe49Rig$3d1Qqz9Xhmvf1y/nmRKUr4AraMA",
    "$pbkdf2-sha256$1000$qPX.P2fMeQ.BsPY.51yLsQ$u7WqG.4trDfAvKJChIGGsKOZskGmb4QEgCBcMiU1Y0g",
    "$pbkdf2-sha512$i=1000,l=64$+/+/996bk7I2JqQUQsgZ4w$dCDGQJlrj6cbsTRM4pURrbNgjUjVyjAob2hWt67nCfz1khR03LksdWo3IRv6V0Xr+KmqvRqQ/Gi0AgummCV3Og",
    "pbkdf2_sha256$1000$sv1tHuJtIPFnbgCVV2l8Cw$siYwnKD9qCOB0SzLMgXVLHqc1WpCDf9tygRZA/iB5PI=",
    "pbkdf2_sha1$1000$cnuzMDZVgbUTXQSOaBXkic$7sqT5E+dXcozCaV78y0KNeACFY4=",
    "$argon2i$v=16$m=64,t=2,p=2$c29tZXNhbHRvZnNpeHRlZQ$bNf2R1/Il8TwNhBghYb5mftjODmGx8EPIO/05gUTFBk",
    "$argon2i$v=19$m=64,t=2,p=2$c29tZXNhbHRvZnNpeHRlZQ$0hcwJ7TY5KILHYHL9VCfwg1TofxY7Jptt42PJUQegYw",
    "$argon2d$v=19$m=64,t=2,p=2$c29tZXNhbHRvZnNpeHRlZQ$VSvaESpRSZER4oiJS2dtERCC0IadrTGRV1Dy2kGhFow",
    "$argon2id$v=16$m=64,t=2,p=2$c29tZXNhbHRvZnNpeHRlZQ$+zvQnPrZCq351ZOq6bPFE+tcPZld5/iQZPj8lp7/FVs",
    "$argon2id$v=19$m=64,t=2,p=2$c29tZXNhbHRvZnNpeHRlZQ$FctCmlfQ7uQgA5mB/vHsXFEApDkFC1d3+G/JlB3IvcI",
    "$argon2id$v=19$m=32,t=1,p=1$c2hvcnRvbmU$mQ62tm+DKDzAXoUhLi1/PQ",
    "argon2$argon2id$v=19$m=64,t=2,p=2$VkJURU1PWmNtYUJLcGU4WTEwZ2p0UA$N5ySqUhpDllhGh+9VVYheMgyhoxkd0133Bvi6WQ/lzE",
];

fn user(address: &str, hash: Option<&str>) -> ImportedUser {
    ImportedUser {
        email: email(address),
        name: PersonName::parse("Sam Doe").unwrap(),
        locale: Locale::Fr,
        password_hash: hash.map(|hash| HashText::parse(hash).unwrap()),
        created_at: Some(START.minus_seconds(86_400)),
    }
}

async fn import(world: &World, users: &[ImportedUser]) -> Vec<ImportOutcome> {
    flow::import_users(&world.auth, users, false, &context()).await.unwrap()
}

async fn stored_hash(world: &World, address: &str) -> Option<String> {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let query = sqlx::query("SELECT password_hash FROM users WHERE email = $1").bind(address.to_owned());
    let row = query.fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    row.get("password_hash")
}

/// Signs in twenty times at the same moment; all must succeed.
async fn sign_in_twenty_times(auth: &Auth) {
    let sign_ins: Vec<_> = (0..20)
        .map(|_| {
            let (auth, form) = (auth.clone(), SignInForm { email: EMAIL.into(), password: PASSWORD.into() });
            tokio::spawn(async move { flow::sign_in(&auth, form.parse().unwrap(), None, &context()).await })
        })
        .collect();
    for one in sign_ins {
        let signed_in = one.await.unwrap().map_err(|error| error.refusal());
        assert!(matches!(signed_in, Ok(SignIn::SignedIn(_))), "{:?}", signed_in.err());
    }
}

on_both_databases! {
    async fn every_imported_hash_signs_in_and_is_replaced(world: World) {
        let address = |number: usize| format!("person{number}@example.com");
        let users: Vec<_> = (0..).zip(HASHES).map(|(number, hash)| user(&address(number), Some(hash))).collect();
        assert_eq!(import(&world, &users).await, [ImportOutcome::Imported; HASHES.len()]);
        for (number, hash) in (0..).zip(HASHES) {
            let address = address(number);
            let wrong = world.try_sign_in(&address, "correct horse battery").await;
            assert_eq!(refusal(wrong), ErrorCode::InvalidCredentials, "{hash}");
            assert_eq!(stored_hash(&world, &address).await.as_deref(), Some(hash), "a wrong password changes nothing");
            world.sign_in(&address).await;
            let replaced = stored_hash(&world, &address).await.unwrap();
            assert!(replaced.starts_with("$argon2id$v=19$m=32,t=1,p=1$"), "{hash} became {replaced}");
            world.sign_in(&address).await;
            assert_eq!(stored_hash(&world, &address).await, Some(replaced), "and stays");
        }
    }

    async fn a_password_that_was_never_composed_signs_in_as_it_is_typed(world: World) {
        // Letters and their marks apart. Hashes made with bcrypt 4.3 and argon2-cffi 25.1.
        let typed = "pa\u{308}sswo\u{308}rd of old";
        for (address, hash) in [
            ("bob@example.com", "$2b$04$lmdsHirXOVAuwVb/i94jj.aAi9ytjcT5wnM5Ur/EX8jH7O/AtEixe"),
            (
                "carol@example.com",
                "$argon2id$v=19$m=32,t=1,p=1$c29tZXNhbHRvZnNpeHRlZQ$eknhg4QoLeeQM2U3R0OKZkiRM0pR5Lf7J9bMDLkd3oI",
            ),
        ] {
            import(&world, &[user(address, Some(hash))]).await;
            let composed = "p\u{e4}ssw\u{f6}rd of old";
            assert_eq!(refusal(world.try_sign_in(address, composed).await), ErrorCode::InvalidCredentials);
            assert!(matches!(world.try_sign_in(address, typed).await.unwrap(), SignIn::SignedIn(_)));
            assert!(matches!(world.try_sign_in(address, composed).await.unwrap(), SignIn::SignedIn(_)), "from now on");
        }
    }

    async fn an_import_makes_accounts_and_leaves_others_alone(world: World) {
        world.create_account(EMAIL).await;
        let own = stored_hash(&world, EMAIL).await;
        let users = [
            user(EMAIL, Some(HASHES[0])),
            user("bob@example.com", Some(HASHES[0])),
            user("carol@example.com", None),
        ];
        let expected = [ImportOutcome::AlreadyThere, ImportOutcome::Imported, ImportOutcome::Imported];
        let dry = flow::import_users(&world.auth, &users, true, &context()).await.unwrap();
        assert_eq!(dry, expected);
        let unknown = world.try_sign_in("bob@example.com", PASSWORD).await;
        assert_eq!(refusal(unknown), ErrorCode::InvalidCredentials, "a dry run writes nothing");

        assert_eq!(import(&world, &users).await, expected);
        assert_eq!(stored_hash(&world, EMAIL).await, own);
        assert_eq!(stored_hash(&world, "carol@example.com").await, None);
        assert_eq!(refusal(world.try_sign_in("carol@example.com", "").await), ErrorCode::InvalidFields);
        assert!(world.inbox_of("bob@example.com").await.is_empty(), "nobody is sent a mail");
        assert_eq!(import(&world, &users).await, [ImportOutcome::AlreadyThere; 3], "twice is once");

        let session = world.sign_in("bob@example.com").await;
        let caller = world.caller(&session);
        let page = flow::list_activity(&world.auth, &caller, EventFilter::Profile, None).await.unwrap();
        let kinds: Vec<_> = page.items.into_iter().map(|item| item.kind).collect();
        assert_eq!(kinds, [EventKind::UserImported]);
        let me = world.auth.me(&caller).await.unwrap();
        assert_eq!((me.created_at, me.locale), (START.minus_seconds(86_400), Locale::Fr));
    }

    async fn an_older_cost_is_replaced_without_a_word(world: World) {
        world.create_account(EMAIL).await;
        let old = stored_hash(&world, EMAIL).await.unwrap();
        assert!(old.starts_with("$argon2id$v=19$m=32,"), "{old}");
        let node = world.another_node_of_cost(DEARER).await;
        let form = || SignInForm { email: EMAIL.into(), password: PASSWORD.into() };
        flow::sign_in(&node, form().parse().unwrap(), None, &context()).await.unwrap();
        let new = stored_hash(&world, EMAIL).await.unwrap();
        assert!(new.starts_with("$argon2id$v=19$m=64,"), "{new}");
        flow::sign_in(&node, form().parse().unwrap(), None, &context()).await.unwrap();
        assert_eq!(stored_hash(&world, EMAIL).await, Some(new));
    }

    async fn twenty_parallel_sign_ins_after_a_change_of_cost_all_succeed(world: World) {
        world.create_account(EMAIL).await;
        let node = world.another_node_of_cost(DEARER).await;
        sign_in_twenty_times(&node).await;
        let new = stored_hash(&world, EMAIL).await.unwrap();
        assert!(new.starts_with("$argon2id$v=19$m=64,"), "{new}");
    }

    async fn twenty_parallel_sign_ins_with_an_imported_hash_all_succeed(world: World) {
        import(&world, &[user(EMAIL, Some(HASHES[1]))]).await;
        sign_in_twenty_times(&world.auth).await;
    }
}
