//! Beginning with an authenticator app: a secret that is shown, and works once a code of it was right.

use secrecy::SecretString;

use super::reauthenticate::require_fresh_proof;
use crate::factor::totp::{TotpSecret, waiting_place};
use crate::session::Caller;
use crate::store::NewTotpEnrolment;
use crate::{Auth, Email, ErrorCode, Result, Timestamp};

/// Seconds in which the first code must be typed.
const LIFETIME: i64 = 15 * 60;

/// A secret that waits for its first code, as its page shows it. No `Debug`.
pub struct TotpEnrolment {
    /// The key that is typed into an app: 32 letters and digits.
    pub secret: SecretString,
    /// The same with the names of service and account, for a picture or a link (`otpauth://totp/…`).
    pub uri: SecretString,
    /// The account as the app shows it.
    pub account: Email,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// Makes a secret; the one that waited before is forgotten. Asks for a fresh proof. Nothing is asked for at a sign-in
/// until [`super::confirm_totp`].
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`].
pub async fn start_totp(auth: &Auth, caller: &Caller) -> Result<TotpEnrolment> {
    let session = require_fresh_proof(auth, caller).await?;
    let now = auth.now();
    let secret = TotpSecret::make(&*auth.random);
    let secret_sealed = secret.seal(auth, &waiting_place(&caller.user_id));
    let expires_at = now.plus_seconds(LIFETIME);

    let mut tx = auth.store.begin().await?;
    tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    let new = NewTotpEnrolment {
        user_id: &caller.user_id,
        session_id: &caller.session_id,
        secret_sealed: &secret_sealed,
        expires_at,
    };
    tx.replace_totp_enrolment(new).await?;
    tx.commit().await?;
    TotpEnrolment::of(&secret, session.email, expires_at)
}

impl TotpEnrolment {
    pub(super) fn of(secret: &TotpSecret, account: Email, expires_at: Timestamp) -> Result<Self> {
        Ok(Self { secret: secret.base32(), uri: secret.uri(&account)?, account, expires_at })
    }
}
