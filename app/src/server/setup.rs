//! The link that makes the first administrator, on its way through a sign-up or sign-in: a sealed cookie.

use auth::flow;
use secrecy::SecretString;

use super::{SETUP_COOKIE, auth, clear_cookie, cookie, set_cookie};
use crate::session::after_sign_in;

/// The page that the link leads to.
pub const SETUP: &str = "/setup";

/// The token of the link that was opened in this browser.
pub fn setup_token() -> Option<SecretString> {
    cookie(SETUP_COOKIE).and_then(|sealed| flow::open_setup_token(&auth(), &sealed))
}

/// Keeps the token as long as the link may live.
pub fn keep_setup_token(token: &SecretString) {
    let auth = auth();
    set_cookie(SETUP_COOKIE, &flow::seal_setup_token(&auth, token), flow::SETUP_SECONDS);
}

/// Forgets it: the link was used, or is dead.
pub fn forget_setup_token() {
    clear_cookie(SETUP_COOKIE);
}

/// Where a sign-in leads: to `next`, or on with the setup where that was begun in this browser.
pub fn way_on(next: &str) -> String {
    if next.is_empty() && setup_token().is_some() { SETUP.to_owned() } else { after_sign_in(next) }
}
