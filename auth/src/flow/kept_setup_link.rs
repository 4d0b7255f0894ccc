//! The link of the setup on its way through a sign-up or sign-in: it rests in a cookie of the browser, sealed, for as
//! long as it works. The address shows it no longer than the first page.

use secrecy::{ExposeSecret, SecretString};

use crate::Auth;

/// What it is sealed for.
const PLACE: &str = "setup_links.token.cookie";

/// Seals the token of the link.
pub fn seal_setup_token(auth: &Auth, token: &SecretString) -> String {
    auth.sealer.seal(&*auth.random, PLACE, token.expose_secret().as_bytes())
}

/// The token again; none when the cookie was changed.
pub fn open_setup_token(auth: &Auth, sealed: &SecretString) -> Option<SecretString> {
    let plain = auth.sealer.open(PLACE, sealed.expose_secret()).ok()?;
    std::str::from_utf8(&plain).ok().map(SecretString::from)
}
