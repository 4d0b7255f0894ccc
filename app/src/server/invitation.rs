//! An invitation that this browser keeps while its person signs in or signs up.

use auth::flow;
use secrecy::SecretString;

use super::{INVITATION_COOKIE, auth, clear_cookie, cookie, set_cookie};

/// Keeps the token of a link for a day, sealed.
pub fn keep_invitation(token: &SecretString) {
    set_cookie(INVITATION_COOKIE, &flow::seal_invitation(&auth(), token), flow::KEPT_INVITATION_SECONDS);
}

/// The token that is kept; none when none is.
pub fn kept_invitation() -> Option<SecretString> {
    flow::open_invitation(&auth(), &cookie(INVITATION_COOKIE)?)
}

/// Forgets it: it was answered, or is worth nothing any more.
pub fn forget_invitation() {
    if cookie(INVITATION_COOKIE).is_some() {
        clear_cookie(INVITATION_COOKIE);
    }
}
