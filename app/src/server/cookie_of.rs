//! One cookie among those of a request (RFC 6265bis, 5.6 and 8.6).

use auth::weakened::{self, Defence};
use http::header::COOKIE;
use secrecy::SecretString;

/// The value of a cookie in these headers. None when it is sent twice: one of them is not ours.
pub fn cookie_of(headers: &http::HeaderMap, name: &str) -> Option<SecretString> {
    let mut found = headers
        .get_all(COOKIE)
        .iter()
        // Whatever other cookies hold, ours is read.
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| std::str::from_utf8(pair).ok()?.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value);
    let (first, second) = (found.next(), found.next());
    let is_alone = second.is_none() || weakened::is_off(Defence::OneCookie);
    first.filter(|value| is_alone && !value.is_empty()).map(SecretString::from)
}
