//! An invitation that a browser keeps while its person signs in or signs up, in a cookie.
//!
//! It is sealed, so the cookie is no link to whoever copies it elsewhere, and opens for a day: a sign-up waits that long
//! for its mail. It opens nothing by itself: accepting asks for the account of the invited address.

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::{Auth, Timestamp};

/// Seconds in which whoever is invited must come back. Also how long the cookie is kept.
pub const KEPT_INVITATION_SECONDS: i64 = 24 * 60 * 60;
const PLACE: &str = "kept_invitation.token";

/// Seals the token of a link.
pub fn seal_invitation(auth: &Auth, token: &SecretString) -> String {
    let plain = Zeroizing::new(format!("{}.{}", auth.now().0, token.expose_secret()));
    auth.sealer.seal(&*auth.random, PLACE, plain.as_bytes())
}

/// The token again; none after a day, or when it was changed.
pub fn open_invitation(auth: &Auth, sealed: &SecretString) -> Option<SecretString> {
    let plain = auth.sealer.open(PLACE, sealed.expose_secret()).ok()?;
    let (sealed_at, token) = std::str::from_utf8(&plain).ok()?.split_once('.')?;
    let until = Timestamp(sealed_at.parse().ok()?).plus_seconds(KEPT_INVITATION_SECONDS);
    (auth.now() < until).then(|| SecretString::from(token))
}
