//! The parser of `Authorization`: one or more values, with a line break between them.

use auth::token::MAX_LENGTH;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use secrecy::ExposeSecret;

use crate::program::bearer::bearer;

pub fn fuzz(data: &[u8]) {
    let mut headers = HeaderMap::new();
    for value in data.split(|byte| *byte == b'\n').take(4) {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(AUTHORIZATION, value);
        }
    }
    if let Some(Ok(token)) = bearer(&headers) {
        let token = token.expose_secret();
        assert!((1..=MAX_LENGTH).contains(&token.len()));
        assert_eq!(headers.get_all(AUTHORIZATION).iter().count(), 1, "which of them counts is anybody's guess");
        let value = headers[AUTHORIZATION].to_str().expect("a token is ASCII");
        assert!(value[..6].eq_ignore_ascii_case("bearer") && value.ends_with(token));
        assert!(value[6..value.len() - token.len()].chars().all(|blank| blank == ' '));
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)));
    }
}
