//! Answers that are refused, step by step as a relying party must look at them (WebAuthn Level 3, 7.1 and 7.2): each
//! uses its challenge up and changes nothing else.

use crate::support::authenticator::{
    ATTESTED, Authenticator, BACKED_UP, BACKUP_ELIGIBLE, EXTENDED, Making, PRESENT, Using, VERIFIED, cbor_bytes,
    cbor_map, cbor_text,
};
use crate::support::passkeys::{EMAIL, add, alice, answer, list, picture, sign_in, signed_in, try_sign_in};
use crate::support::{World, context, refusal};
use auth::ErrorCode;
use auth::factor::PasskeyAnswer;
use auth::flow::{self, PasskeySignIn};
use auth::session::Caller;
use serde_json::{Value, json};

/// What it is called, and what makes it so.
type Wrong<T> = (&'static str, fn(&mut T));

/// What can be wrong with a new passkey, by the step that must see it.
#[rustfmt::skip]
const MAKINGS: &[Wrong<Making>] = &[
    ("WA-R01: of a sign-in", |m| m.client["type"] = json!("webauthn.get")),
    ("WA-R01: of no type", |m| m.client["type"] = Value::Null),
    ("WA-R02: for another challenge", |m| m.client["challenge"] = json!("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA")),
    ("WA-R02: for none", |m| { m.client.as_object_mut().unwrap().remove("challenge"); }),
    ("WA-R03: of a page with a similar name", |m| m.client["origin"] = json!("https://evil-example.com")),
    ("WA-R03: of a page whose name ends so", |m| m.client["origin"] = json!("https://evil-id.example.com")),
    ("WA-R03: of another port", |m| m.client["origin"] = json!("https://id.example.com:8443")),
    ("WA-R03: in plain text", |m| m.client["origin"] = json!("http://id.example.com")),
    ("WA-R03: of a sub-domain", |m| m.client["origin"] = json!("https://www.id.example.com")),
    ("WA-R03: of the domain above", |m| m.client["origin"] = json!("https://example.com")),
    ("WA-R03: of nowhere", |m| m.client["origin"] = json!("null")),
    ("WA-R03: of a page below", |m| m.client["origin"] = json!("https://id.example.com/sign-in")),
    ("WA-R04: in a frame of another page", |m| m.client["crossOrigin"] = json!(true)),
    ("WA-R04: below another page", |m| m.client["topOrigin"] = json!("https://evil-example.com")),
    ("WA-R05: for another relying party", |m| m.rp_id = "evil-example.com".into()),
    ("WA-R05: for the domain above", |m| m.rp_id = "example.com".into()),
    ("WA-R06: nobody was present", |m| m.flags &= !PRESENT),
    ("WA-R07: nobody was verified", |m| m.flags &= !VERIFIED),
    ("WA-R08: backed up and cannot be", |m| m.flags = (m.flags | BACKED_UP) & !BACKUP_ELIGIBLE),
    ("WA-R09: of an algorithm that was not offered", |m| m.cose[4] = 0x27),
    ("WA-R09: of one that nobody knows", |m| m.cose[4] = 0x37),
    ("WA-R10: of a form that nobody knows", |m| m.format = "invented"),
    ("WA-R10: of a form that was not asked for", |m| m.format = "fido-u2f"),
    ("WA-R10: says nothing, with a statement", |m| m.statement = cbor_map(&[(cbor_text("alg"), vec![0x26])])),
    ("WA-R10: signed itself with nothing", |m| {
        m.format = "packed";
        m.statement = cbor_map(&[(cbor_text("alg"), vec![0x26]), (cbor_text("sig"), cbor_bytes(&[0; 70]))]);
    }),
    ("WA-R10: with certificates", |m| {
        m.format = "packed";
        m.statement = cbor_map(&[
            (cbor_text("alg"), vec![0x26]),
            (cbor_text("sig"), cbor_bytes(&[0; 70])),
            (cbor_text("x5c"), [vec![0x81], cbor_bytes(&[0x30, 0x00])].concat()),
        ]);
    }),
    ("WA-R11: with an id that is too long", |m| { m.id = vec![7; 1024]; m.id_length = 1024; }),
    ("WA-R11: with an id that is cut off", |m| m.id_length = 1023),
    ("WA-R11: without an id", |m| { m.id = Vec::new(); m.id_length = 0; }),
    ("WA-R12: without a passkey", |m| m.flags &= !ATTESTED),
    ("WA-R12: with a key that is none", |m| m.cose = cbor_map(&[])),
    ("WA-R12: with a key that is a text", |m| m.cose = cbor_text("key")),
    ("WA-R12: with a point that is not on its curve", |m| *m.cose.last_mut().unwrap() ^= 1),
    ("WA-R12: cut off", |m| m.change = |object| object[..object.len() - 1].to_vec()),
    ("WA-R12: with a byte behind it", |m| m.change = |object| [object, vec![0]].concat()),
    ("WA-R12: empty", |m| m.change = |_| Vec::new()),
    ("WA-R12: a map without an end", |m| m.change = |mut object| {
        object[0] = 0xbf;
        [object, vec![0xff]].concat()
    }),
    ("WA-R12: of four billion entries", |m| m.change = |object| {
        [&[0xba, 0xff, 0xff, 0xff, 0xff][..], &object[1..]].concat()
    }),
    ("WA-R12: of more bytes than there are", |m| m.change = |_| {
        [vec![0xa3, 0x7b], vec![0xff; 8]].concat()
    }),
    ("WA-R12: deep", |m| m.change = |_| vec![0x81; 10_000]),
    ("WA-R12: with one entry twice", |m| m.change = |object| {
        let twice = [cbor_text("fmt"), cbor_text("none")].concat();
        [vec![0xa4], twice, object[1..].to_vec()].concat()
    }),
    ("WA-R12: with data behind the key", |m| m.extensions = vec![0xa0]),
    ("WA-R12: with extensions that are no map", |m| { m.flags |= EXTENDED; m.extensions = vec![0x80]; }),
    ("WA-R12: with extensions that are cut off", |m| { m.flags |= EXTENDED; m.extensions = vec![0xa1]; }),
    ("WA-R13: behind two marks", |m| m.mark = b"\xef\xbb\xbf\xef\xbb\xbf"),
];

/// What is unusual and right.
#[rustfmt::skip]
const UNUSUAL: &[Wrong<Making>] = &[
    ("WA-R13: behind a mark", |m| m.mark = b"\xef\xbb\xbf"),
    ("WA-R13: with more members", |m| m.client["other_keys_can_be_added_here"] = json!({"a": [1]})),
    ("WA-R12: with extensions that nobody asked for", |m| {
        m.flags |= EXTENDED;
        m.extensions = cbor_map(&[(cbor_text("example.extension"), cbor_text("x"))]);
    }),
    ("without a word about frames", |m| { m.client.as_object_mut().unwrap().remove("crossOrigin"); }),
    ("of a model that says nothing", |m| m.aaguid = [0; 16]),
];

/// What can be wrong with an answer, by the step that must see it.
#[rustfmt::skip]
const USES: &[Wrong<Using>] = &[
    ("WA-A02: of no account", |u| u.user_handle = None),
    ("WA-A02: of another account", |u| u.user_handle = Some(vec![7; 16])),
    ("WA-A02: of an account that cannot be", |u| u.user_handle = Some(vec![7; 64])),
    ("WA-A02: of an empty account", |u| u.user_handle = Some(Vec::new())),
    ("WA-A03: of a registration", |u| u.client["type"] = json!("webauthn.create")),
    ("WA-A03: of many types", |u| u.client["type"] = json!(["webauthn.get"])),
    ("WA-A04: for another challenge", |u| u.client["challenge"] = json!("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA")),
    ("WA-A05: of a page with a similar name", |u| u.client["origin"] = json!("https://evil-example.com")),
    ("WA-A05: of another port", |u| u.client["origin"] = json!("https://id.example.com:8443")),
    ("WA-A05: in plain text", |u| u.client["origin"] = json!("http://id.example.com")),
    ("WA-A05: of a sub-domain", |u| u.client["origin"] = json!("https://www.id.example.com")),
    ("WA-A05: of nowhere", |u| u.client["origin"] = json!("null")),
    ("WA-A05: of a number", |u| u.client["origin"] = json!(1)),
    ("WA-A05: in a frame of another page", |u| u.client["crossOrigin"] = json!(true)),
    ("WA-A05: below another page", |u| u.client["topOrigin"] = json!("https://id.example.com")),
    ("WA-A05: for another relying party", |u| u.rp_id = "evil-example.com".into()),
    ("WA-A06: nobody was present", |u| u.flags &= !PRESENT),
    ("WA-A06: nobody was verified", |u| u.flags &= !VERIFIED),
    ("WA-A07: backed up and cannot be", |u| u.flags = (u.flags | BACKED_UP) & !BACKUP_ELIGIBLE),
    ("WA-A07: bound to its device all of a sudden", |u| u.flags &= !(BACKED_UP | BACKUP_ELIGIBLE)),
    ("WA-A08: with a signature that is none", |u| u.forge = |_| vec![0; 70]),
    ("WA-A08: with an empty signature", |u| u.forge = |_| Vec::new()),
    ("WA-A08: with a changed signature", |u| u.forge = |mut signature| {
        *signature.last_mut().unwrap() ^= 1;
        signature
    }),
    ("WA-A08: with a long signature", |u| u.forge = |signature| [signature, vec![0; 2000]].concat()),
    ("with data that is cut off", |u| u.change = |data| data[..36].to_vec()),
    ("without data", |u| u.change = |_| Vec::new()),
    ("with a byte behind the data", |u| u.change = |data| [data, vec![0]].concat()),
    ("with a passkey in the data", |u| u.flags |= ATTESTED),
    ("with extensions that are no map", |u| { u.flags |= EXTENDED; u.extensions = vec![0x60]; }),
    ("with extensions without an end", |u| { u.flags |= EXTENDED; u.extensions = vec![0xbf, 0xff]; }),
];

/// What every answer has.
const MEMBERS: [&str; 6] = ["", "/id", "/rawId", "/type", "/response", "/response/clientDataJSON"];

/// Values that are wrong for every member.
fn bad_values() -> Vec<Value> {
    let long = "A".repeat(1_000_000);
    vec![
        Value::Null,
        json!(1),
        json!(true),
        json!([]),
        json!({}),
        json!(""),
        json!("="),
        json!("AAA="),
        json!("+/+/"),
        json!("\0"),
        json!("é"),
        json!(long),
        json!(["AAAA"]),
        json!(-7.5),
    ]
}

async fn expect_refused(world: &World, what: &str, before: &(Vec<String>, i64), refused: ErrorCode) {
    assert_eq!(refused, ErrorCode::PasskeyRefused, "{what}");
    assert_eq!(picture(world).await, *before, "{what}: the challenge is gone, and nothing else changed");
}

async fn add_what(world: &World, caller: &Caller, made: &PasskeyAnswer) -> auth::Result<flow::AddedPasskey> {
    flow::add_passkey(&world.auth, caller, made, None, &context()).await
}

async fn sign_in_with(world: &World, used: &PasskeyAnswer) -> auth::Result<PasskeySignIn> {
    flow::passkey_sign_in(&world.auth, used, &context()).await
}

on_both_databases! {
    async fn every_wrong_step_of_a_registration_is_refused(world: World) {
        let caller = alice(&world).await;
        let before = picture(&world).await;
        for (what, change) in MAKINGS {
            let mut device = Authenticator::new();
            let asked = flow::passkey_options(&world.auth, &caller).await.unwrap();
            let mut making = device.making(&asked.options);
            change(&mut making);
            let made = answer(&asked, making.said());
            expect_refused(&world, what, &before, refusal(add_what(&world, &caller, &made).await)).await;
            // WA-R02: not even the right answer works any more.
            let right = answer(&asked, device.make(&asked.options));
            expect_refused(&world, what, &before, refusal(add_what(&world, &caller, &right).await)).await;
        }
    }

    async fn what_is_unusual_and_right_is_accepted(world: World) {
        for (number, (what, change)) in UNUSUAL.iter().enumerate() {
            let caller = signed_in(&world, &format!("alice{number}@example.com")).await;
            let mut device = Authenticator::new();
            let asked = flow::passkey_options(&world.auth, &caller).await.unwrap();
            let mut making = device.making(&asked.options);
            change(&mut making);
            let made = answer(&asked, making.said());
            let added = add_what(&world, &caller, &made).await;
            assert!(added.is_ok(), "{what}");
            sign_in(&world, &mut device).await;
        }
    }

    async fn a_passkey_may_vouch_for_itself(world: World) {
        let caller = alice(&world).await;
        let mut device = Authenticator::new();
        let asked = flow::passkey_options(&world.auth, &caller).await.unwrap();
        let mut making = device.making(&asked.options);
        let signature = device.sign(&making.attested_bytes());
        making.format = "packed";
        making.statement = cbor_map(&[(cbor_text("alg"), vec![0x26]), (cbor_text("sig"), cbor_bytes(&signature))]);
        add_what(&world, &caller, &answer(&asked, making.said())).await.unwrap();
        sign_in(&world, &mut device).await;
    }

    async fn every_wrong_step_of_a_sign_in_is_refused(world: World) {
        let caller = alice(&world).await;
        let mut device = Authenticator::new();
        add(&world, &caller, &mut device).await;
        world.inbox().await;
        let before = picture(&world).await;
        for (what, change) in USES {
            let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
            let mut using = device.using(&asked.options);
            change(&mut using);
            let used = answer(&asked, device.say(&using));
            expect_refused(&world, what, &before, refusal(sign_in_with(&world, &used).await)).await;
            // WA-A04: not even the right answer works any more.
            let right = answer(&asked, device.prove(&asked.options));
            expect_refused(&world, what, &before, refusal(sign_in_with(&world, &right).await)).await;
        }
        sign_in(&world, &mut device).await;
    }

    async fn every_member_must_be_there_in_its_shape(world: World) {
        let caller = alice(&world).await;
        let mut device = Authenticator::new();
        add(&world, &caller, &mut device).await;
        world.inbox().await;
        let before = picture(&world).await;
        for path in MEMBERS.into_iter().chain(["/response/authenticatorData", "/response/signature"]) {
            for value in bad_values() {
                let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
                let mut credential = device.prove(&asked.options);
                *credential.pointer_mut(path).unwrap() = value.clone();
                let what = format!("{path}: {value:.40}");
                let refused = refusal(sign_in_with(&world, &answer(&asked, credential)).await);
                expect_refused(&world, &what, &before, refused).await;
            }
        }
        let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
        let mut renamed = device.prove(&asked.options);
        renamed["id"] = json!("AAAA");
        let refused = refusal(sign_in_with(&world, &answer(&asked, renamed)).await);
        expect_refused(&world, "two ids", &before, refused).await;
    }

    async fn every_member_of_a_new_passkey_must_be_there_in_its_shape(world: World) {
        let caller = alice(&world).await;
        let mut device = Authenticator::new();
        let before = picture(&world).await;
        for path in MEMBERS.into_iter().chain(["/response/attestationObject"]) {
            for value in bad_values() {
                let asked = flow::passkey_options(&world.auth, &caller).await.unwrap();
                let mut credential = device.make(&asked.options);
                *credential.pointer_mut(path).unwrap() = value.clone();
                let what = format!("{path}: {value:.40}");
                let refused = refusal(add_what(&world, &caller, &answer(&asked, credential)).await);
                expect_refused(&world, &what, &before, refused).await;
            }
        }
    }

    async fn a_challenge_works_once_for_five_minutes_and_for_what_it_was_made(world: World) {
        let (caller, other) = (alice(&world).await, signed_in(&world, "bob@example.com").await);
        let mut device = Authenticator::new();
        add(&world, &caller, &mut device).await;
        // Used, whether that went well or not.
        let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
        let used = answer(&asked, device.prove(&asked.options));
        assert!(sign_in_with(&world, &used).await.is_ok());
        assert_eq!(refusal(sign_in_with(&world, &used).await), ErrorCode::PasskeyRefused, "replayed");
        // Too old, to the second.
        for (seconds, is_good) in [(5 * 60 - 1, true), (5 * 60, false)] {
            let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
            let used = answer(&asked, device.prove(&asked.options));
            world.clock.advance_seconds(seconds);
            assert_eq!(sign_in_with(&world, &used).await.is_ok(), is_good, "{seconds}");
        }
        // Made up.
        let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
        let mut invented = answer(&asked, device.prove(&asked.options));
        invented.ceremony = "invented".into();
        assert_eq!(refusal(sign_in_with(&world, &invented).await), ErrorCode::PasskeyRefused);
        // Of another ceremony: a new passkey and a sign-in.
        crate::support::personal_tokens::prove(&world, &other).await;
        let asked = flow::passkey_options(&world.auth, &other).await.unwrap();
        let used = answer(&asked, device.prove(&asked.options));
        assert_eq!(refusal(sign_in_with(&world, &used).await), ErrorCode::PasskeyRefused);
        let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
        let mut fresh = Authenticator::new();
        let options = json!({"user": {"id": "AAAA"}, "challenge": asked.options["challenge"]});
        let made = answer(&asked, fresh.make(&options));
        assert_eq!(refusal(add_what(&world, &other, &made).await), ErrorCode::PasskeyRefused);
        // Of another session of the same person, and of another person.
        let again = world.caller(&world.sign_in("bob@example.com").await);
        let asked = flow::passkey_options(&world.auth, &again).await.unwrap();
        let made = answer(&asked, fresh.make(&asked.options));
        assert_eq!(refusal(add_what(&world, &other, &made).await), ErrorCode::PasskeyRefused);
        assert_eq!(refusal(add_what(&world, &again, &made).await), ErrorCode::PasskeyRefused, "it was taken");
        let carol = signed_in(&world, "carol@example.com").await;
        let asked = flow::passkey_options(&world.auth, &again).await.unwrap();
        let made = answer(&asked, fresh.make(&asked.options));
        assert_eq!(refusal(add_what(&world, &carol, &made).await), ErrorCode::PasskeyRefused);
        assert!(list(&world, &other).await.is_empty() && list(&world, &carol).await.is_empty());
    }

    async fn the_key_of_somebody_else_signs_nobody_in(world: World) {
        let (caller, other) = (alice(&world).await, signed_in(&world, "bob@example.com").await);
        let (mut own, mut foreign) = (Authenticator::new(), Authenticator::new());
        add(&world, &caller, &mut own).await;
        add(&world, &other, &mut foreign).await;
        // WA-A08: signed by another key; WA-A02: by the right key, for another account.
        let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
        let mut using = foreign.using(&asked.options);
        (using.id, using.user_handle) = (own.id.clone(), Some(own.user_handle.clone()));
        let used = answer(&asked, foreign.say(&using));
        assert_eq!(refusal(sign_in_with(&world, &used).await), ErrorCode::PasskeyRefused);
        let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
        let mut using = foreign.using(&asked.options);
        using.user_handle = Some(own.user_handle.clone());
        let used = answer(&asked, foreign.say(&using));
        assert_eq!(refusal(sign_in_with(&world, &used).await), ErrorCode::PasskeyRefused);
        // The signature over another answer.
        let asked = flow::begin_passkey_sign_in(&world.auth).await.unwrap();
        let mut spliced = own.prove(&asked.options);
        let other = own.prove(&flow::begin_passkey_sign_in(&world.auth).await.unwrap().options);
        spliced["response"]["signature"] = other["response"]["signature"].clone();
        assert_eq!(refusal(sign_in_with(&world, &answer(&asked, spliced)).await), ErrorCode::PasskeyRefused);
    }

    async fn an_account_whose_day_has_come_is_not_entered(world: World) {
        let caller = alice(&world).await;
        let mut device = Authenticator::new();
        add(&world, &caller, &mut device).await;
        let caller = world.caller(&sign_in(&world, &mut device).await);
        flow::request_deletion(&world.auth, &caller, &context()).await.unwrap();
        assert!(try_sign_in(&world.auth, &mut device).await.is_ok());
        world.clock.advance_seconds(15 * 24 * 60 * 60);
        assert_eq!(refusal(try_sign_in(&world.auth, &mut device).await), ErrorCode::PasskeyRefused);
        // Its sessions end first, and their access tokens live for some minutes.
        world.auth.delete_what_is_over().await.unwrap();
        world.clock.advance_seconds(10 * 60);
        world.auth.delete_what_is_over().await.unwrap();
        assert!(world.auth.store().user_by_email(&crate::support::email(EMAIL)).await.unwrap().is_none());
        assert!(matches!(try_sign_in(&world.auth, &mut device).await.unwrap(), PasskeySignIn::Unknown(_)));
    }
}
