//! `GET /.well-known/jwks.json`: the public keys, for every service that verifies our tokens (RFC 7517, 5).
//!
//! The type is `application/json`: RFC 7517, 8.5.2 has registered one of its own, which some libraries
//! refuse and none demands.

use auth::Auth;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

/// Hands out the public keys, or says that the copy of who asks is still right.
pub async fn jwks(State(auth): State<Auth>, headers: HeaderMap) -> Response {
    let keys = auth.published_keys();
    let is_kept = is_kept(&headers, &keys.etag);
    let keep = [(ETAG, keys.etag), (CACHE_CONTROL, format!("public, max-age={}", keys.max_age))];
    if is_kept {
        return (StatusCode::NOT_MODIFIED, keep).into_response();
    }
    (keep, [(CONTENT_TYPE, "application/json")], keys.json).into_response()
}

/// Whether `If-None-Match` names this tag (RFC 9110, 13.1.2).
fn is_kept(headers: &HeaderMap, etag: &str) -> bool {
    headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|list| names(list, etag))
}

/// Whether a list of entity tags has this one. A weak tag will do: the comparison is the weak one.
fn names(list: &str, etag: &str) -> bool {
    let mut rest = list.trim();
    if rest == "*" {
        return true;
    }
    // A comma may stand within a tag, so the list is read tag by tag.
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let strong = rest.strip_prefix("W/").unwrap_or(rest);
        let Some((tag, after)) = strong.strip_prefix('"').and_then(|opened| opened.split_once('"')) else {
            return false;
        };
        if etag.strip_prefix('"').and_then(|opened| opened.strip_suffix('"')) == Some(tag) {
            return true;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_a_list() {
        for list in [
            "\"abc\"",
            "W/\"abc\"",
            "\"x\", \"abc\"",
            "\"x\",W/\"abc\" , \"y\"",
            " * ",
            "\"a,b\",\t\"abc\"",
            ", \"abc\"",
        ] {
            assert!(names(list, "\"abc\""), "{list}");
        }
        for list in
            ["", "\"abd\"", "abc", "\"abc", "\"x\" \"ab\"", "w/\"abc\"", "W/abc", "\"*\"", "\"x,abc\"", "*, \"x\""]
        {
            assert!(!names(list, "\"abc\""), "{list}");
        }
    }
}
