//! The bearer token of a request (RFC 6750, 2.1; RFC 9110, 5.3 and 11.6.2).

use auth::ErrorCode;
use auth::token::MAX_LENGTH;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use secrecy::SecretString;

/// The token that a request brings in its header. None when it brings no credential that concerns us:
/// another scheme is a proxy's business and says nothing about who is calling.
///
/// # Errors
/// [`ErrorCode::InvalidToken`] for a bearer credential that holds no token, and for more than one
/// `Authorization`: which of them counts would be anybody's guess, a proxy's too.
pub fn bearer(headers: &HeaderMap) -> Option<Result<SecretString, ErrorCode>> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next()?.as_bytes();
    if values.next().is_some() {
        return Some(Err(ErrorCode::InvalidToken));
    }
    let end_of_scheme = value.iter().position(|byte| !is_token_char(*byte)).unwrap_or(value.len());
    let (scheme, rest) = value.split_at(end_of_scheme);
    scheme.eq_ignore_ascii_case(b"bearer").then(|| token(rest).ok_or(ErrorCode::InvalidToken))
}

/// At least one blank and then a token (`b64token`), to the end.
fn token(rest: &[u8]) -> Option<SecretString> {
    let token = rest.trim_ascii_start();
    let blanks = &rest[..rest.len() - token.len()];
    let is_apart = !blanks.is_empty() && blanks.iter().all(|byte| *byte == b' ');
    if !is_apart || token.is_empty() || token.len() > MAX_LENGTH || !token.iter().all(|byte| is_b64token(*byte)) {
        return None;
    }
    std::str::from_utf8(token).ok().map(SecretString::from)
}

/// What the name of a scheme is made of (RFC 9110, 5.6.2).
const fn is_token_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// What a token is made of; `=` belongs to its end, and whoever verifies it says no to it elsewhere.
const fn is_b64token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use secrecy::ExposeSecret;

    /// What is found, as the text of the token; an empty one when it is refused.
    fn found(values: &[&[u8]]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        bearer(&headers).map(|token| token.map(|token| token.expose_secret().to_owned()).unwrap_or_default())
    }

    #[test]
    fn one_bearer_token_is_read_whatever_the_case_of_its_scheme() {
        for value in ["Bearer a.b-c_d~e+f/g==", "bearer a.b-c_d~e+f/g==", "BEARER   a.b-c_d~e+f/g=="] {
            assert_eq!(found(&[value.as_bytes()]).as_deref(), Some("a.b-c_d~e+f/g=="), "{value}");
        }
        let long = format!("Bearer {}", "a".repeat(MAX_LENGTH));
        assert_eq!(found(&[long.as_bytes()]).map(|token| token.len()), Some(MAX_LENGTH));
    }

    #[test]
    fn what_is_no_bearer_credential_does_not_concern_us() {
        assert_eq!(found(&[]), None);
        for value in [&b""[..], b"Basic YTpi", b"Bearertoken", b"Bear", b"Negotiate", b"DPoP a.b.c", b"\xe9Bearer a"] {
            assert_eq!(found(&[value]), None, "{}", String::from_utf8_lossy(value));
        }
    }

    #[test]
    fn a_bearer_credential_without_one_token_is_refused() {
        let long = format!("Bearer {}", "a".repeat(MAX_LENGTH + 1));
        for values in [
            &[&b"Bearer"[..]][..],
            &[b"Bearer "],
            &[b"bearer    "],
            &[b"Bearer\ta.b.c"],
            &[b"Bearer \ta.b.c"],
            &[b"Bearer a.b.c d"],
            &[b"Bearer a.b.c "],
            &[b"Bearer a.b.c,Bearer d"],
            &[b"Bearer, a.b.c"],
            &[b"Bearer=a.b.c"],
            &[b"Bearer \"a.b.c\""],
            &[b"Bearer a.b.\xe9"],
            &[long.as_bytes()],
            &[b"Bearer a.b.c", b"Bearer a.b.c"],
            &[b"Bearer a.b.c", b"Basic YTpi"],
            &[b"Basic YTpi", b"Bearer a.b.c"],
            &[b"", b"Bearer a.b.c"],
        ] {
            assert_eq!(found(values).as_deref(), Some(""), "{}", String::from_utf8_lossy(values[0]));
        }
    }
}
