//! The way in that was used last on this device, for the mark on the pages that lead in. It is no credential and no
//! secret; whoever changes it sees another mark.

use auth::ProviderId;
use secrecy::ExposeSecret;

use super::{LAST_WAY_COOKIE, cookie, set_cookie};

/// The way in by password, as it is remembered.
pub const PASSWORD_WAY: &str = "password";
/// The way in by passkey.
pub const PASSKEY_WAY: &str = "passkey";

const YEAR: i64 = 365 * 24 * 60 * 60;

/// Remembers for a year that `way` led in: [`PASSWORD_WAY`], [`PASSKEY_WAY`] or the name of a provider.
pub fn remember_way(way: &str) {
    set_cookie(LAST_WAY_COOKIE, way, YEAR);
}

/// The way that led in last; none when none did, or when it can be none.
pub fn last_way() -> Option<String> {
    let way = cookie(LAST_WAY_COOKIE)?.expose_secret().to_owned();
    // The two others look like names of providers.
    ProviderId::parse(&way).map(|_| way)
}
