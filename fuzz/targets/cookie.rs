//! The parser of `Cookie`: one or more lines of it.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use secrecy::ExposeSecret;

use crate::program::cookie_of::cookie_of;

pub fn fuzz(data: &[u8]) {
    let mut headers = HeaderMap::new();
    for value in data.split(|byte| *byte == b'\n').take(4) {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(COOKIE, value);
        }
    }
    if let Some(found) = cookie_of(&headers, "__Host-refresh") {
        let found = found.expose_secret();
        assert!(!found.is_empty() && !found.contains(';'));
        let lines = headers.get_all(COOKIE).iter();
        let pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
        let texts = pairs.filter_map(|pair| std::str::from_utf8(pair).ok()).map(str::trim);
        let own: Vec<&str> = texts.filter_map(|pair| pair.strip_prefix("__Host-refresh=")).collect();
        assert_eq!(own, [found], "a cookie that is sent twice is none");
    }
}
