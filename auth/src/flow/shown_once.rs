//! A secret on its way to the page that shows it once: from the form that made it, over the redirect that
//! follows, in a cookie of the browser.
//!
//! It is sealed, so the cookie tells nothing to whoever copies it, and opens for its own session only and
//! for five minutes. The store knows nothing of it.

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::session::Caller;
use crate::{Auth, Timestamp};

/// Seconds in which the page must be reached. Also how long the cookie is kept.
pub const SHOWN_ONCE_SECONDS: i64 = 5 * 60;

/// Seals a secret for the caller's session.
pub fn seal_shown_once(auth: &Auth, caller: &Caller, secret: &SecretString) -> String {
    let plain = Zeroizing::new(format!("{}.{}", auth.now().0, secret.expose_secret()));
    auth.sealer.seal(&*auth.random, &place(caller), plain.as_bytes())
}

/// The secret again; none for another session, after five minutes, or when it was changed.
pub fn open_shown_once(auth: &Auth, caller: &Caller, sealed: &SecretString) -> Option<SecretString> {
    let plain = auth.sealer.open(&place(caller), sealed.expose_secret()).ok()?;
    let (sealed_at, secret) = std::str::from_utf8(&plain).ok()?.split_once('.')?;
    let until = Timestamp(sealed_at.parse().ok()?).plus_seconds(SHOWN_ONCE_SECONDS);
    (auth.now() < until).then(|| SecretString::from(secret))
}

fn place(caller: &Caller) -> String {
    format!("shown_once.secret.{}", caller.session_id.as_str())
}
