//! Recovery codes as they are handed out, once.

use auth::factor::RecoveryCodes;
use secrecy::ExposeSecret;

/// The texts of all codes.
pub fn texts(codes: &RecoveryCodes) -> Vec<String> {
    codes.codes().iter().map(|code| code.expose_secret().to_owned()).collect()
}
