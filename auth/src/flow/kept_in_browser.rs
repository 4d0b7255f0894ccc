//! What rests in a cookie of a browser until a page needs it, sealed (ASVS 5.0, 14.3.3): the link of the setup on its way
//! through a sign-up or sign-in, for as long as it works, so that the address shows it no longer than the first page; and for
//! two minutes what was typed into a form that was refused.

use secrecy::{ExposeSecret, SecretString};

use crate::Auth;

/// What the link of the setup is sealed for.
const SETUP: &str = "setup_links.token.cookie";
/// What typed text is sealed for.
const TYPED: &str = "forms.typed.cookie";

/// Seals the token of the link.
pub fn seal_setup_token(auth: &Auth, token: &SecretString) -> String {
    seal(auth, SETUP, token.expose_secret())
}

/// The token again; none when the cookie was changed.
pub fn open_setup_token(auth: &Auth, sealed: &SecretString) -> Option<SecretString> {
    open(auth, SETUP, sealed)
}

/// Seals what was typed.
pub fn seal_typed(auth: &Auth, typed: &str) -> String {
    seal(auth, TYPED, typed)
}

/// What was typed; none when the cookie was changed.
pub fn open_typed(auth: &Auth, sealed: &SecretString) -> Option<SecretString> {
    open(auth, TYPED, sealed)
}

fn seal(auth: &Auth, place: &str, plain: &str) -> String {
    auth.sealer.seal(&*auth.random, place, plain.as_bytes())
}

fn open(auth: &Auth, place: &str, sealed: &SecretString) -> Option<SecretString> {
    let plain = auth.sealer.open(place, sealed.expose_secret()).ok()?;
    std::str::from_utf8(&plain).ok().map(SecretString::from)
}
