//! The parsers of the cookie and authorization headers, with headers changed at random, every time alike.
//! `bin/fuzz` does the same for as long as it is told.

use app::server::{REFRESH_COOKIE, cookie_of};
use auth::random::{Random, SeededRandom};
use auth::token::MAX_LENGTH;
use axum::http::header::{AUTHORIZATION, COOKIE, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use server::layer::bearer::bearer;

const PIECES: [&[u8]; 24] = [
    b"Bearer ",
    b"bearer",
    b"Basic ",
    b"a.b.c",
    b"x",
    b" ",
    b"  ",
    b"\t",
    b"=",
    b"==",
    b";",
    b"; ",
    b",",
    b".",
    b"\"",
    b"__Host-refresh",
    b"__Host-refresh=",
    b"__Host-refresh=x; ",
    b"__host-refresh=y",
    b"refresh=z",
    b"\xff",
    b"\xc3\xa9",
    b"+",
    b"%3D",
];

/// Headers of one name, with values of pieces and of bytes that a header may hold.
fn headers(random: &SeededRandom, name: &HeaderName) -> HeaderMap {
    let below = |limit: usize| {
        let mut bytes = [0; 4];
        random.fill(&mut bytes);
        usize::try_from(u32::from_le_bytes(bytes)).unwrap() % limit
    };
    let mut headers = HeaderMap::new();
    for _ in 0..=below(10) / 8 {
        let mut value = Vec::new();
        for _ in 0..below(7) {
            match below(8) {
                0 => value.push(u8::try_from(below(256)).unwrap()),
                1 if below(50) == 0 => value.extend(std::iter::repeat_n(b'a', MAX_LENGTH - 5 + below(10))),
                _ => value.extend(PIECES[below(PIECES.len())]),
            }
        }
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            headers.append(name, value);
        }
    }
    headers
}

#[test]
fn a_bearer_token_is_one_whole_credential_or_none() {
    let random = SeededRandom::new(1);
    let (mut found, mut refused, mut ignored) = (0, 0, 0);
    for _ in 0..100_000 {
        let headers = headers(&random, &AUTHORIZATION);
        let values: Vec<&HeaderValue> = headers.get_all(AUTHORIZATION).iter().collect();
        match bearer(&headers) {
            Some(Ok(token)) => {
                found += 1;
                let token = token.expose_secret();
                assert!((1..=MAX_LENGTH).contains(&token.len()));
                let [value] = values[..] else { panic!("{values:?}") };
                let value = value.to_str().unwrap();
                assert!(value[..6].eq_ignore_ascii_case("bearer") && value.ends_with(token), "{value}");
                assert_eq!(value[6..value.len() - token.len()].trim_matches(' '), "", "{value}");
                assert!(!token.contains([' ', '\t', ',', ';', '"']), "{token}");
            }
            Some(Err(_)) => {
                refused += 1;
                let is_bearer = |value: &HeaderValue| {
                    value.as_bytes().get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
                };
                assert!(values.len() > 1 || is_bearer(values[0]), "{values:?}");
            }
            None => ignored += 1,
        }
    }
    assert!(found > 100 && refused > 100 && ignored > 100, "{found}, {refused}, {ignored}");
}

#[test]
fn a_cookie_counts_when_it_is_there_once() {
    let random = SeededRandom::new(2);
    let (mut found, mut none) = (0, 0);
    for _ in 0..100_000 {
        let headers = headers(&random, &COOKIE);
        let Some(value) = cookie_of(&headers, REFRESH_COOKIE) else {
            none += 1;
            continue;
        };
        found += 1;
        let value = value.expose_secret();
        assert!(!value.is_empty() && !value.contains(';'));
        let pairs = headers.get_all(COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
        let texts = pairs.filter_map(|pair| std::str::from_utf8(pair).ok()).map(str::trim);
        let own: Vec<&str> = texts.filter_map(|pair| pair.strip_prefix("__Host-refresh=")).collect();
        assert_eq!(own, [value]);
    }
    assert!(found > 100 && none > 100, "{found}, {none}");
}
