//! What holds for every token and every text, tried with many that nobody thought of.

use crate::forged_tokens::Forge;
use crate::support::tokens::Judge;
use auth::token::strict_json::{Json, parse};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

static JUDGE: LazyLock<Judge> = LazyLock::new(|| Judge::new(Forge::alone()));
static VALID: LazyLock<String> = LazyLock::new(|| JUDGE.forge.valid());

fn config() -> ProptestConfig {
    // A failure is printed whole; no file is written beside the tests.
    ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() }
}

/// Judges bytes as a token. Bytes that are no text never get this far.
fn is_accepted(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|token| JUDGE.verify(token).is_ok())
}

#[test]
fn the_token_that_is_changed_below_is_accepted() {
    assert!(is_accepted(VALID.as_bytes()));
}

#[test]
fn no_bit_of_a_token_may_change() {
    for place in 0..VALID.len() {
        for bit in 0..8 {
            let mut bytes = VALID.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            assert!(!is_accepted(&bytes), "bit {bit} of byte {place}");
        }
    }
}

#[test]
fn no_part_of_a_token_is_a_token() {
    for cut in 0..VALID.len() {
        assert!(!is_accepted(&VALID.as_bytes()[..cut]), "the first {cut}");
        assert!(cut == 0 || !is_accepted(&VALID.as_bytes()[cut..]), "without the first {cut}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_other_byte_anywhere_is_refused(place in any::<Index>(), change in 1..=255_u8) {
        let mut bytes = VALID.clone().into_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        prop_assert!(!is_accepted(&bytes));
    }

    #[test]
    fn anything_put_in_anywhere_is_refused(place in any::<Index>(), inserted in prop::collection::vec(any::<u8>(), 1..20)) {
        let mut bytes = VALID.clone().into_bytes();
        let place = place.index(bytes.len() + 1);
        drop(bytes.splice(place..place, inserted));
        prop_assert!(!is_accepted(&bytes));
    }

    #[test]
    fn anything_left_out_anywhere_is_refused(from in any::<Index>(), to in any::<Index>()) {
        let mut bytes = VALID.clone().into_bytes();
        let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
        drop(bytes.drain(from.min(to)..=from.max(to)));
        prop_assert!(!is_accepted(&bytes));
    }

    #[test]
    fn no_text_is_a_token(text in any::<String>()) {
        prop_assert!(JUDGE.verify(&text).is_err());
    }

    #[test]
    fn no_three_parts_are_a_token(text in "[A-Za-z0-9_-]{0,200}\\.[A-Za-z0-9_-]{0,400}\\.[A-Za-z0-9_-]{80,90}") {
        prop_assert!(JUDGE.verify(&text).is_err());
    }

    #[test]
    fn no_other_claims_are_accepted_although_they_are_signed(claims in object()) {
        let token = JUDGE.forge.sign(&JUDGE.forge.header_with("typ", "at+jwt"), &claims);
        prop_assert!(JUDGE.verify(&token).is_err());
    }

    #[test]
    fn every_object_is_read_as_others_read_it(object in object()) {
        let read = parse(object.to_string().as_bytes());
        prop_assert!(read.is_some_and(|read| is_same(&Json::Object(read), &object)));
    }

    #[test]
    fn whatever_is_read_others_read_alike(inside in "[{}\\[\\]\",:0-9a-c\\\\uetrnlfs.+\\- \n\u{e9}]{0,40}") {
        let text = format!("{{{inside}}}");
        if let Some(read) = parse(text.as_bytes()) {
            let other: Value = serde_json::from_str(&text).unwrap();
            prop_assert!(is_same(&Json::Object(read), &other));
        }
    }

    #[test]
    fn no_bytes_are_too_strange_to_be_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let bytes = [&b"{"[..], &bytes, b"}"].concat();
        prop_assert_eq!(parse(&bytes).is_some(), serde_json::from_slice::<Map<String, Value>>(&bytes).is_ok());
    }

    #[test]
    fn a_name_that_stands_twice_is_refused(object in object(), which in any::<Index>(), is_escaped in any::<bool>()) {
        let text = object.to_string();
        let members = object.as_object().unwrap();
        let name = members.keys().nth(which.index(members.len())).unwrap();
        let escaped = |name: &str| name.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
        let name = if is_escaped { format!("\"{}\"", escaped(name)) } else { json!(name).to_string() };
        prop_assert!(parse(text.as_bytes()).is_some());
        let twice = format!("{{{name}:null,{}", &text[1..]);
        prop_assert!(parse(twice.as_bytes()).is_none(), "{}", twice);
    }
}

/// Objects of at least one member, some levels deep.
fn object() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(from_members),
        ]
    });
    prop::collection::btree_map(any::<String>(), value, 1..6).prop_map(from_members)
}

fn from_members(members: std::collections::BTreeMap<String, Value>) -> Value {
    Value::Object(members.into_iter().collect())
}

fn is_same(read: &Json, other: &Value) -> bool {
    match (read, other) {
        (Json::Null, Value::Null) => true,
        (Json::Bool(read), Value::Bool(other)) => read == other,
        (Json::Integer(read), Value::Number(other)) => other.as_i64() == Some(*read),
        (Json::OtherNumber, Value::Number(other)) => other.as_i64().is_none(),
        (Json::Text(read), Value::String(other)) => read == other,
        (Json::List(read), Value::Array(other)) => {
            read.len() == other.len() && read.iter().zip(other).all(|(read, other)| is_same(read, other))
        }
        (Json::Object(read), Value::Object(other)) => {
            let is_there = |(name, value): &(String, Json)| other.get(name).is_some_and(|other| is_same(value, other));
            read.members().len() == other.len() && read.members().iter().all(is_there)
        }
        _ => false,
    }
}
