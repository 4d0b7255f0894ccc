//! Recovery codes on their way to the page that shows them once.

use auth::factor::RecoveryCodes;
use auth::flow;

use super::{MADE_CODES_COOKIE, auth, caller, set_cookie};

/// Lets `/account/recovery-codes` show the codes that were made just now, once and within five minutes. They travel
/// sealed, and open in this session alone.
pub fn show_recovery_codes(codes: &RecoveryCodes) {
    // Whoever made them is signed in.
    if let Ok(caller) = caller() {
        let sealed = flow::seal_shown_once(&auth(), &caller, &codes.text());
        set_cookie(MADE_CODES_COOKIE, &sealed, flow::SHOWN_ONCE_SECONDS);
    }
}
